using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>What happens to calls when the connection under them goes.</summary>
public sealed class ConnectionTests
{
    // The shortest that either side allows.
    private static readonly TimeSpan Ping = TimeSpan.FromSeconds(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SilentServerIsNoticed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var relay = new FrozenRelay(server.Tcp);
        using GrpcChannel channel = GrpcChannels.Create(relay.Address, tls: null, Ping, Ping);
        using var call = new Echo.EchoClient(channel).Chat(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "x" }, Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        relay.Freeze();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Stop));
    }

    [Fact]
    public async Task SilentClientIsNoticed()
    {
        await using TestServer server = await TestServer.StartAsync(services: services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.Http2.KeepAlivePingDelay = Ping;
            kestrel.Limits.Http2.KeepAlivePingTimeout = Ping;
        }));
        using var relay = new FrozenRelay(server.Tcp);
        using GrpcChannel channel = GrpcChannels.Create(relay.Address);
        string name = Guid.NewGuid().ToString();
        using var call = new Echo.EchoClient(channel).HangAfterFirst(new EchoRequest { Text = name }, cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        relay.Freeze();
        using GrpcChannel direct = server.CreateChannel();
        EchoReply ending = await new Echo.EchoClient(direct).HowEndedAsync(new EchoRequest { Text = name }, cancellationToken: Stop);
        Assert.Equal("cancelled", ending.Text);
    }

    [Fact]
    public async Task QuietStreamsOutliveThePings()
    {
        TimeSpan patience = 10 * Ping;
        await using TestServer server = await TestServer.StartAsync(services: services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.Http2.KeepAlivePingDelay = Ping;
            kestrel.Limits.Http2.KeepAlivePingTimeout = patience;
        }));
        using GrpcChannel channel = GrpcChannels.Create(server.Tcp, tls: null, Ping, patience);
        using var call = new Echo.EchoClient(channel).Chat(cancellationToken: Stop);
        for (int index = 0; index < 2; index++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "x" }, Stop);
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            await Task.Delay(4 * Ping, Stop);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task StoppedServerIsUnavailableAndTheChannelFindsItsSuccessor(string kind)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("vswitch-grpc-");
        TestServer first = await TestServer.StartAsync(
            address: GrpcAddress.Parse(kind == "tcp" ? "127.0.0.1:0" : $"unix:{folder.FullName}/server.sock"));
        GrpcAddress address = kind == "tcp" ? first.Tcp : GrpcAddress.Parse($"unix:{folder.FullName}/server.sock");
        using GrpcChannel channel = GrpcChannels.Create(address);
        var client = new Echo.EchoClient(channel);
        using var call = client.Chat(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "x" }, Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        await first.DisposeAsync();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        e = await Assert.ThrowsAsync<RpcException>(() => client.UnaryAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);

        await using (await TestServer.StartAsync(address: address))
        {
            await client.UnaryAsync(new EchoRequest(), cancellationToken: Stop);
        }

        folder.Delete();
    }
}
