using System.Net;
using System.Net.Sockets;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>
/// A relay between a client and a server that can stop passing bytes while every connection stays open, as when a machine loses power
/// or a cable is pulled.
/// </summary>
public sealed class FrozenRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _frozen = new();
    private readonly List<Socket> _sockets = [];
    private readonly GrpcAddress _server;

    public FrozenRelay(GrpcAddress server)
    {
        _server = server;
        _listener.Start();
        _ = RelayAsync();
    }

    public GrpcAddress Address => GrpcAddress.Parse(_listener.LocalEndpoint.ToString()!);

    public void Freeze() => _frozen.Cancel();

    public void Dispose()
    {
        _frozen.Cancel();
        _frozen.Dispose();
        _listener.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
    }

    private async Task RelayAsync()
    {
        Socket client = await _listener.AcceptSocketAsync(_frozen.Token);
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _sockets.AddRange([client, server]);
        await server.ConnectAsync(_server.Host, _server.Port, _frozen.Token);
        await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[4096];
        int count;
        while ((count = await from.ReceiveAsync(buffer, _frozen.Token)) > 0)
        {
            await to.SendAsync(buffer.AsMemory(0, count), _frozen.Token);
        }
    }
}
