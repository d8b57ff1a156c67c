using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>The other side of a port under test: the runtime's own raw socket on a netdev.</summary>
internal sealed class RawPeer : IDisposable
{
    private const int EveryProtocol = 0x0003;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[1 << 16];

    public RawPeer(TestNamespace inside, string netdev)
    {
        int index = NetworkNamespace.Run(inside.Name, () =>
        {
            using var links = new RouteSocket();
            return links.Find(netdev)!.Index;
        });
        _socket = NetworkNamespace.Run(inside.Name, () => new Socket(
            AddressFamily.Packet, SocketType.Raw, (ProtocolType)BinaryPrimitives.ReverseEndianness((ushort)EveryProtocol)));
        _socket.Bind(new NetdevEndPoint(index));
        _socket.ReceiveTimeout = 5000;
    }

    public void Send(byte[] frame)
    {
        // A netdev that was down meanwhile has left an error on the socket, which the next call would report.
        _ = _socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);
        _socket.Send(frame);
    }

    public bool WaitReadable(int milliseconds) => _socket.Poll(TimeSpan.FromMilliseconds(milliseconds), SelectMode.SelectRead);

    /// <summary>The next frame whose destination is the given one's; other frames are skipped.</summary>
    public byte[] Receive(byte[] like)
    {
        while (true)
        {
            int bytes = _socket.Receive(_buffer);
            if (bytes >= 12 && _buffer.AsSpan(0, 12).SequenceEqual(like.AsSpan(0, 12)))
                return _buffer[..bytes];
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary><c>struct sockaddr_ll</c> after its family: protocol (big-endian), index, and nothing else that bind reads.</summary>
    private sealed class NetdevEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], EveryProtocol);
            BinaryPrimitives.WriteInt32LittleEndian(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
