namespace Grpc.AspNetCore.Server;

/// <summary>What holds for every service of a server.</summary>
public class GrpcServiceOptions
{
    /// <summary>The largest request in bytes, before and after expansion; null if any.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest response in bytes, before compression; null if any.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Whether a client learns the text of an exception that a handler lets out. Off, because it may say too much.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>How responses are compressed for clients that accept it: <c>gzip</c>, or null for not at all.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }
}
