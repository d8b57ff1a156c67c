using Grpc.Net.Client;

namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>Our client against python3-grpcio.</summary>
public sealed class PythonServer(PythonServer.Fixture fixture) : ClientConformance, IClassFixture<PythonServer.Fixture>
{
    protected override GrpcChannel Channel => fixture.Channel;

    /// <summary>A server that compresses nothing.</summary>
    public sealed class Fixture() : PeerServerFixture(() => Peer.StartPythonAsync("server.py", "identity"));
}

/// <summary>Our client against python3-grpcio, which compresses every response.</summary>
public sealed class PythonServerWithGzip(PythonServerWithGzip.Fixture fixture)
    : ClientConformance, IClassFixture<PythonServerWithGzip.Fixture>
{
    protected override GrpcChannel Channel => fixture.Channel;

    /// <summary>A server that compresses everything.</summary>
    public sealed class Fixture() : PeerServerFixture(() => Peer.StartPythonAsync("server.py", "gzip"));
}

/// <summary>Our client against @grpc/grpc-js.</summary>
public sealed class NodeServer(NodeServer.Fixture fixture) : ClientConformance, IClassFixture<NodeServer.Fixture>
{
    protected override GrpcChannel Channel => fixture.Channel;

    /// <summary>A server on node.</summary>
    public sealed class Fixture(NodeModules modules)
        : PeerServerFixture(async () => Peer.StartNode(await modules.PathAsync, "server.js"));
}

/// <summary>A peer that serves Echo and prints its port, for the tests of a class.</summary>
public abstract class PeerServerFixture(Func<Task<Peer>> start) : IAsyncLifetime
{
    private Peer _peer = null!;

    public GrpcChannel Channel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _peer = await start();
        string port = await _peer.ReadLineAsync(CancellationToken.None);
        Channel = GrpcChannels.Create(GrpcAddress.Parse($"127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Channel?.Dispose();
        if (_peer is not null)
        {
            await _peer.DisposeAsync();
        }
    }
}
