using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task HangsUpOnWhoeverComesWhenThereAreEnough()
    {
        // The silent ones answer no ping, and must stay until the last has come.
        await using TestServer server = await TestServer.StartAsync(address: Address, services: services =>
            services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.MaxValue));
        var silent = new List<Socket>();
        for (int i = 0; i < GrpcListener.ConnectionCountMax; i++)
        {
            silent.Add(Connect());
            Assert.True(await IsServed(silent[i]), $"connection {i}");
        }

        using (Socket refused = Connect())
            Assert.False(await IsServed(refused));

        silent.ForEach(socket => socket.Dispose());
        while (true)
        {
            using Socket next = Connect();
            if (await IsServed(next))
                break;
        }
    }

    [Theory]
    [InlineData("localhost:0")]
    [InlineData("switch.example:1")]
    public async Task HostThatIsNoAddressIsRefused(string address) => await Assert.ThrowsAnyAsync<Exception>(
        () => TestServer.StartAsync(address: GrpcAddress.Parse(address)));

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    /// <summary>Says what a client says first, and whether the server has an answer (RFC 9113, 3.4).</summary>
    private static async Task<bool> IsServed(Socket socket)
    {
        try
        {
            await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"u8.ToArray(), Stop);
            return await socket.ReceiveAsync(new byte[64], Stop) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task CallAsync()
    {
        using GrpcChannel channel = GrpcChannels.Create(Address);
        await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop);
    }
}
