using System.Net.Sockets;
using Grpc.Net.Client;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Endpoints;

/// <summary>How a server takes a unix socket's path.</summary>
public sealed class ListenerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vswitch-grpc-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(_folder.FullName, "server.sock");

    private GrpcAddress Address => GrpcAddress.Parse($"unix:{SocketPath}");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SocketIsTheOwnersAlone()
    {
        await using TestServer server = await TestServer.StartAsync(address: Address);
#pragma warning disable CA1416 // The product and its tests run on Linux.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task SocketGoesWithItsServer()
    {
        await using (await TestServer.StartAsync(address: Address))
        {
            Assert.True(File.Exists(SocketPath));
        }

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public async Task DeadServersSocketIsReplaced()
    {
        // Killed processes leave their socket file behind, bound to nothing.
        string elsewhere = Path.Combine(_folder.FullName, "elsewhere");
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(elsewhere));
            File.Move(elsewhere, SocketPath);
        }

        Assert.True(File.Exists(SocketPath));
        await using TestServer server = await TestServer.StartAsync(address: Address);
        await CallAsync();
    }

    [Fact]
    public async Task LiveServersSocketIsLeftAlone()
    {
        await using TestServer first = await TestServer.StartAsync(address: Address);
        await Assert.ThrowsAnyAsync<IOException>(() => TestServer.StartAsync(address: Address));
        await CallAsync();
    }

    [Fact]
    public async Task OrdinaryFileIsLeftAlone()
    {
        await File.WriteAllTextAsync(SocketPath, "precious", Stop);
        await Assert.ThrowsAnyAsync<IOException>(() => TestServer.StartAsync(address: Address));
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath, Stop));
    }

    [Theory]
    [InlineData("localhost:0")]
    [InlineData("switch.example:1")]
    public async Task HostThatIsNoAddressIsRefused(string address) => await Assert.ThrowsAnyAsync<Exception>(
        () => TestServer.StartAsync(address: GrpcAddress.Parse(address)));

    private async Task CallAsync()
    {
        using GrpcChannel channel = GrpcChannels.Create(Address);
        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop);
    }
}
