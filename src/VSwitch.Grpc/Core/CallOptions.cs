using System.Runtime.InteropServices;

namespace Grpc.Core;

/// <summary>What a client says of one call.</summary>
[StructLayout(LayoutKind.Auto)]
#pragma warning disable CA1068 // The order of the parameters is that of the API that generated code calls.
public readonly struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null)
#pragma warning restore CA1068
{
    /// <summary>Metadata to send.</summary>
    public Metadata? Headers { get; } = headers;

    /// <summary>When the call is given up, in UTC; null if never.</summary>
    public DateTime? Deadline { get; } = deadline;

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>How requests are written, until the stream says otherwise.</summary>
    public WriteOptions? WriteOptions { get; } = writeOptions;

    /// <summary>The same options with other metadata.</summary>
    public CallOptions WithHeaders(Metadata headers) => new(headers, Deadline, CancellationToken, WriteOptions);

    /// <summary>The same options with another deadline.</summary>
    public CallOptions WithDeadline(DateTime deadline) => new(Headers, deadline, CancellationToken, WriteOptions);

    /// <summary>The same options with another token.</summary>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        new(Headers, Deadline, cancellationToken, WriteOptions);

    /// <summary>The same options with other write options.</summary>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => new(Headers, Deadline, CancellationToken, writeOptions);
}
