using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests;

/// <summary>Generated client to generated server, over both kinds of address.</summary>
public sealed class FirstCallTests
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("unix")]
    public async Task GeneratedClientCallsGeneratedServer(string kind)
    {
        await using EchoServer server = await EchoServer.StartAsync();
        using GrpcChannel channel = GrpcChannels.Create(kind == "tcp" ? server.Tcp : server.Socket);
        var client = new Echo.EchoClient(channel);

        EchoReply reply = await client.UnaryAsync(
            new EchoRequest { Text = "héllo" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("héllo", reply.Text);
        Assert.Equal(5, reply.Count);

        EchoReply blocking = client.Unary(new EchoRequest { Text = "" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(new EchoReply(), blocking);
    }

    [Fact]
    public async Task UnixSocketIsTheOwnersAlone()
    {
        await using EchoServer server = await EchoServer.StartAsync();
#pragma warning disable CA1416 // The product and its tests run on Linux.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.Socket.SocketPath!));
#pragma warning restore CA1416
    }
}
