namespace Grpc.Core;

/// <summary>The outcome of a call as it travels in <c>grpc-status</c>. Source: the gRPC specification, statuscodes.md.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The caller gave the call up.</summary>
    Cancelled = 1,

    /// <summary>The failure carries no code of its own, such as an exception that a handler lets out.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever the state of the server.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended; the work may have been done.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing that was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a size limit or a table is full.</summary>
    ResourceExhausted = 8,

    /// <summary>The server's state refuses the request until something else changes.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation lost a race and may be tried again from its start.</summary>
    Aborted = 10,

    /// <summary>The request reaches past the end of a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such method, or cannot decode the message's compression.</summary>
    Unimplemented = 12,

    /// <summary>An invariant is broken: a malformed frame, a body that does not parse.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; trying again later may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost for good.</summary>
    DataLoss = 15,

    /// <summary>The caller did not prove who it is.</summary>
    Unauthenticated = 16,
}
