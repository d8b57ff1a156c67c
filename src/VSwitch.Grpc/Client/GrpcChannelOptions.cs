using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a channel reaches its server.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>What makes the connections; null for a handler of the channel's own, disposed with it.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether <see cref="HttpHandler"/> is disposed with the channel.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>The largest response in bytes, before and after expansion; null if any.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest request in bytes, before compression; null if any.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>If given, must fit the address: <see cref="ChannelCredentials.Insecure"/> with http, SecureSsl with https.</summary>
    public ChannelCredentials? Credentials { get; set; }
}
