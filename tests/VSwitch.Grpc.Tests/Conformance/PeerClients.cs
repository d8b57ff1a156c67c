namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>Our server called by clients that share no code with it. The cases are in Peers/client.py and Peers/client.js.</summary>
public sealed class PeerClients(PeerClients.Fixture servers, NodeModules modules) : IClassFixture<PeerClients.Fixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unary")]
    [InlineData("empty")]
    [InlineData("client_stream")]
    [InlineData("server_stream")]
    [InlineData("duplex_stream")]
    [InlineData("failure")]
    [InlineData("metadata")]
    [InlineData("deadline")]
    [InlineData("cancel")]
    [InlineData("lost_client")]
    [InlineData("unimplemented")]
    [InlineData("exception")]
    [InlineData("early_end")]
    [InlineData("garbage")]
    [InlineData("large_request")]
    [InlineData("large_response")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("many")]
    public async Task PythonIsServed(string name)
    {
        await using Peer client = await Peer.StartPythonAsync("client.py", servers.Plain.Tcp.ToString(), name);
        Assert.Equal("ok\n", await client.WaitForSuccessAsync(Stop));
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("duplex_stream")]
    [InlineData("cancel")]
    public async Task PythonIsServedOverUnixSocket(string name)
    {
        await using Peer client = await Peer.StartPythonAsync("client.py", servers.Plain.Socket.ToString(), name);
        Assert.Equal("ok\n", await client.WaitForSuccessAsync(Stop));
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("empty")]
    [InlineData("server_stream")]
    [InlineData("duplex_stream")]
    [InlineData("failure")]
    [InlineData("large_response")]
    public async Task PythonReadsCompressedResponses(string name)
    {
        await using Peer client = await Peer.StartPythonAsync("client.py", servers.Compressing.Tcp.ToString(), name);
        Assert.Equal("ok\n", await client.WaitForSuccessAsync(Stop));
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("empty")]
    [InlineData("client_stream")]
    [InlineData("server_stream")]
    [InlineData("duplex_stream")]
    [InlineData("failure")]
    [InlineData("metadata")]
    [InlineData("deadline")]
    [InlineData("cancel")]
    [InlineData("unimplemented")]
    [InlineData("exception")]
    [InlineData("early_end")]
    [InlineData("large_request")]
    [InlineData("large_response")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("many")]
    public async Task NodeIsServed(string name)
    {
        await using Peer client = Peer.StartNode(await modules.PathAsync, "client.js", servers.Plain.Tcp.ToString(), name);
        Assert.Equal("ok\n", await client.WaitForSuccessAsync(Stop));
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("server_stream")]
    public async Task NodeReadsCompressedResponses(string name)
    {
        await using Peer client = Peer.StartNode(await modules.PathAsync, "client.js", servers.Compressing.Tcp.ToString(), name);
        Assert.Equal("ok\n", await client.WaitForSuccessAsync(Stop));
    }

    /// <summary>Two servers of ours, one of which compresses what it sends.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TestServer Plain { get; private set; } = null!;

        public TestServer Compressing { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Plain = await TestServer.StartAsync();
            Compressing = await TestServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        }

        public async ValueTask DisposeAsync()
        {
            await Plain.DisposeAsync();
            await Compressing.DisposeAsync();
        }
    }
}
