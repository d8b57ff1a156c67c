namespace Grpc.Core;

/// <summary>
/// A call that ended with a status other than OK. A client catches it; a server's handler throws it to choose the status
/// and trailers of the call.
/// </summary>
#pragma warning disable CA1032, RCS1194 // An exception without a status would mean nothing, so the usual constructors are left out.
public class RpcException : Exception
#pragma warning restore CA1032, RCS1194
{
    /// <summary>Makes the exception of a call without trailers.</summary>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>Makes the exception of a call without trailers, with a message of its own.</summary>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Makes the exception of a call with trailers.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Makes the exception of a call with trailers and a message of its own.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailing metadata, such as <c>grpc-status-details-bin</c>; empty when there was none.</summary>
    public Metadata Trailers { get; }
}
