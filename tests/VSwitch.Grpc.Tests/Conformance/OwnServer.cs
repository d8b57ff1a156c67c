using Grpc.Net.Client;

namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>Our client against our server over TCP.</summary>
public sealed class OwnServerOverTcp(OwnServerFixture fixture) : ClientConformance, IClassFixture<OwnServerFixture>
{
    protected override GrpcChannel Channel => fixture.TcpChannel;
}

/// <summary>Our client against our server over a unix socket.</summary>
public sealed class OwnServerOverUnixSocket(OwnServerFixture fixture) : ClientConformance, IClassFixture<OwnServerFixture>
{
    protected override GrpcChannel Channel => fixture.SocketChannel;
}

/// <summary>One server of ours for the tests of a class.</summary>
public sealed class OwnServerFixture : IAsyncLifetime
{
    private TestServer _server = null!;

    public GrpcChannel TcpChannel { get; private set; } = null!;

    public GrpcChannel SocketChannel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        TcpChannel = GrpcChannels.Create(_server.Tcp);
        SocketChannel = GrpcChannels.Create(_server.Socket);
    }

    public async ValueTask DisposeAsync()
    {
        TcpChannel.Dispose();
        SocketChannel.Dispose();
        await _server.DisposeAsync();
    }
}
