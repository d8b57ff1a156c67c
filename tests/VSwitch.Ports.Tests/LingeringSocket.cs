using System.Net;
using System.Net.Sockets;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A TCP socket that nobody reads from and that lingers: close(2) of its last descriptor waits for half a minute (SO_LINGER), or
/// until this is disposed.
/// </summary>
internal sealed class LingeringSocket : IDisposable
{
    private readonly Socket _reader;

    public LingeringSocket()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndPoint!);
        _reader = listener.Accept();
        socket.LingerState = new LingerOption(enable: true, seconds: 30);
        socket.Blocking = false;
        byte[] bytes = new byte[1 << 16];
        while (socket.Send(bytes, SocketFlags.None, out SocketError error) > 0 && error == SocketError.Success)
        {
        }
        Descriptor = new Descriptor((int)socket.Handle);
        socket.SafeHandle.SetHandleAsInvalid();
    }

    public Descriptor Descriptor { get; }

    public void Dispose()
    {
        _reader.Dispose();
        Descriptor.Dispose();
    }
}
