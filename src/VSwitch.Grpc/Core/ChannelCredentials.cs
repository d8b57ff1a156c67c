namespace Grpc.Core;

/// <summary>
/// Whether a channel is encrypted. Certificates are the business of the channel's handler, so this says no more than which of
/// <c>http</c> and <c>https</c> the address must have.
/// </summary>
public abstract class ChannelCredentials
{
    /// <summary>Plain text, for loopback and unix sockets.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS as the channel's handler is set up for it.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal abstract string Scheme { get; }

    private sealed class InsecureCredentials : ChannelCredentials
    {
        internal override string Scheme => Uri.UriSchemeHttp;
    }

    private sealed class SslCredentials : ChannelCredentials
    {
        internal override string Scheme => Uri.UriSchemeHttps;
    }
}
