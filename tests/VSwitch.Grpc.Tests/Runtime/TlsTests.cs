using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>Mutual TLS, as the product uses it between machines: each side trusts one authority and shows a certificate of it.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private static readonly Method<string, string> Who =
        new(MethodType.Unary, "test.Raw", "Who", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

    private readonly X509Certificate2 _authority = CreateAuthority("the authority");
    private readonly X509Certificate2 _stranger = CreateAuthority("a stranger");
    private TestServer _server = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        X509Certificate2 certificate = Issue(_authority, "localhost");
        _server = await TestServer.StartAsync(
            Who,
            (_, context) => Task.FromResult(context.GetHttpContext().Connection.ClientCertificate!.Subject),
            listen: listen => listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (client, _, _) => Trusts(_authority, client),
            }));
    }

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        _stranger.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task BothSidesKnowEachOther()
    {
        using X509Certificate2 client = Issue(_authority, "vem-3");
        Assert.Equal("CN=vem-3", await CallAsync(Tls(client, _authority)));
    }

    [Fact]
    public async Task ClientOfAnotherAuthorityIsTurnedAway()
    {
        using X509Certificate2 client = Issue(_stranger, "vem-3");
        await RefusedAsync(Tls(client, _authority));
    }

    [Fact]
    public Task ClientWithoutCertificateIsTurnedAway() => RefusedAsync(Tls(client: null, _authority));

    [Fact]
    public async Task ServerOfAnotherAuthorityIsNotTrusted()
    {
        using X509Certificate2 client = Issue(_authority, "vem-3");
        await RefusedAsync(Tls(client, _stranger));
    }

    [Fact]
    public Task PlainTextIsTurnedAway() => RefusedAsync(tls: null);

    private async Task RefusedAsync(SslClientAuthenticationOptions? tls)
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => CallAsync(tls));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    private async Task<string> CallAsync(SslClientAuthenticationOptions? tls)
    {
        using GrpcChannel channel = GrpcChannels.Create(_server.Tcp, tls);
        return await channel.CreateCallInvoker().AsyncUnaryCall(Who, null, new CallOptions(cancellationToken: Stop), "");
    }

    private static SslClientAuthenticationOptions Tls(X509Certificate2? client, X509Certificate2 authority) => new()
    {
        TargetHost = "localhost",
        ClientCertificates = client is null ? null : [client],
        RemoteCertificateValidationCallback = (_, certificate, _, _) => Trusts(authority, (X509Certificate2)certificate!),
    };

    private static bool Trusts(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 CreateAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), serial);
        return certificate.CopyWithPrivateKey(key);
    }
}
