using System.Runtime.InteropServices;

namespace Grpc.Core;

/// <summary>How a call ended: a code, a sentence for people, and on the side that saw it the exception behind it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Status : IEquatable<Status>
{
    /// <summary>The call succeeded.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>The caller gave the call up.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>Makes a status that came from the other side.</summary>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, debugException: null)
    {
    }

    /// <summary>Makes a status that this side concluded from an exception. The exception never travels.</summary>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code, <c>grpc-status</c> on the wire.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The sentence, <c>grpc-message</c> on the wire.</summary>
    public string Detail { get; }

    /// <summary>What happened on this side, for logs; null when the status came from the other side.</summary>
    public Exception? DebugException { get; }

    /// <summary>Two statuses are equal when code and sentence are; the exception is not part of the outcome.</summary>
    public bool Equals(Status other) => StatusCode == other.StatusCode && string.Equals(Detail, other.Detail, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Status other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StatusCode, Detail);

    /// <summary>Compares code and sentence.</summary>
    public static bool operator ==(Status left, Status right) => left.Equals(right);

    /// <summary>Compares code and sentence.</summary>
    public static bool operator !=(Status left, Status right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}
