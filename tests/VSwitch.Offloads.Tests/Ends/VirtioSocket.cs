using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Offloads.Tests;

/// <summary>
/// A packet socket on a netdev that sends and receives what the netdev's own stack would: frames with a virtio_net_hdr before
/// them (PACKET_VNET_HDR of linux/if_packet.h). The kernel shows a tag beside the bytes (PACKET_AUXDATA), from where it is put
/// back into them here.
/// </summary>
internal sealed unsafe partial class VirtioSocket : IDisposable
{
    private const int EveryProtocol = 0x0003;
    private const int SolPacket = 263, PacketAuxData = 8, PacketVnetHeader = 15;
    private const uint VlanValid = 0x10;
    private const int TagOffset = 12, TagBytes = 4;

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[Offload.HeaderSize + (1 << 16)];

    public VirtioSocket(TestNamespace inside, string netdev)
    {
        int index = NetworkNamespace.Run(inside.Name, () =>
        {
            using var links = new RouteSocket();
            return links.Find(netdev)!.Index;
        });
        _socket = NetworkNamespace.Run(inside.Name, () => new Socket(
            AddressFamily.Packet, SocketType.Raw, (ProtocolType)BinaryPrimitives.ReverseEndianness((ushort)EveryProtocol)));
        _socket.SetRawSocketOption(SolPacket, PacketVnetHeader, BitConverter.GetBytes(1));
        _socket.SetRawSocketOption(SolPacket, PacketAuxData, BitConverter.GetBytes(1));
        _socket.Bind(new NetdevEndPoint(index));
    }

    public void Send(Delivery delivery)
    {
        byte[] message = new byte[Offload.HeaderSize + delivery.Frame.Length];
        MemoryMarshal.Write(message, delivery.Offload);
        delivery.Frame.CopyTo(message, Offload.HeaderSize);
        Assert.Equal(message.Length, _socket.Send(message));
    }

    /// <summary>The next frame that has come, or null.</summary>
    public Delivery? TryReceive()
    {
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return null;

        var auxiliary = new Auxiliary();
        int bytes = Receive(ref auxiliary);
        var offload = MemoryMarshal.Read<Offload>(_buffer);
        byte[] frame = _buffer[Offload.HeaderSize..bytes];
        return (auxiliary.Status & VlanValid) == 0 ? new Delivery(frame, offload) : PutBack(auxiliary, frame, offload);
    }

    public void Dispose() => _socket.Dispose();

    private static Delivery PutBack(in Auxiliary auxiliary, byte[] frame, Offload offload)
    {
        byte[] tag = new byte[TagBytes];
        BinaryPrimitives.WriteUInt16BigEndian(tag, auxiliary.VlanTpid);
        BinaryPrimitives.WriteUInt16BigEndian(tag.AsSpan(2), auxiliary.VlanTci);
        if (offload.NeedsChecksum)
            offload.ChecksumStart += TagBytes;
        return new Delivery([.. frame[..TagOffset], .. tag, .. frame[TagOffset..]], offload);
    }

    private int Receive(ref Auxiliary auxiliary)
    {
        fixed (byte* buffer = _buffer)
        fixed (Auxiliary* control = &auxiliary)
        {
            var vector = new IoVector { Data = buffer, Bytes = (nuint)_buffer.Length };
            var message = new Message
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlBytes = (nuint)sizeof(Auxiliary),
            };
            int bytes = (int)recvmsg((int)_socket.Handle, &message, 0);
            Assert.True(bytes >= Offload.HeaderSize, $"recvmsg returned {bytes}");
            return bytes;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int socket, Message* message, int flags);

    /// <summary><c>struct iovec</c>.</summary>
    private struct IoVector
    {
        public byte* Data;
        public nuint Bytes;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    private struct Message
    {
        public void* Name;
        public uint NameBytes;
        public IoVector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlBytes;
        public int Flags;
    }

    /// <summary><c>struct cmsghdr</c> and the <c>struct tpacket_auxdata</c> behind it, padded to whole words.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    private struct Auxiliary
    {
        public nuint ControlBytes;
        public int Level, Type;
        public uint Status, PacketBytes, SnapBytes;
        public ushort MacOffset, NetOffset, VlanTci, VlanTpid;
    }

    /// <summary><c>struct sockaddr_ll</c> after its family: protocol (big-endian) and index are all that bind reads.</summary>
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
