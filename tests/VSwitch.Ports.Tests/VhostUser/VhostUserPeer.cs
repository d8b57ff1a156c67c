using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A front end and its guest: 16 MB of memory, a connection, and as many rings as wanted. Written down from the vhost-user
/// specification and not from the code under test, numbers included.
/// </summary>
internal sealed unsafe class VhostUserPeer : IDisposable
{
    public const ulong Version1 = 1UL << 32;
    public const ulong Mergeable = 1UL << 15;
    public const ulong Indirect = 1UL << 28;
    public const ulong EventIndex = 1UL << 29;
    public const ulong Protocol = 1UL << 30;
    public const ulong LogAll = 1UL << 26;
    public const ulong GuestOffloads = 1UL << 1 | 1UL << 7 | 1UL << 8 | 1UL << 9;
    public const ulong Usual = Version1 | Mergeable | Indirect | Protocol;

    public const ulong GuestStart = 0x4000_0000;
    public const ulong UserStart = 0x7F12_3400_0000;
    public const int MemoryBytes = 16 << 20;

    private readonly MemoryMap _memory;
    private UnixSocket? _socket;

    public VhostUserPeer(int rings = 2, int ringSize = 256)
    {
        File = MemoryMap.CreateFile("guest", MemoryBytes);
        _memory = MemoryMap.Shared(File, 0, MemoryBytes);
        Rings = [.. Enumerable.Range(0, rings).Select(index =>
            new PeerRing(index, ringSize, Memory + index * PeerRing.Bytes, GuestStart + (ulong)(index * PeerRing.Bytes)))];
    }

    public Descriptor File { get; }

    public byte* Memory => _memory.Data;

    public PeerRing[] Rings { get; }

    /// <summary>What the guest receives from.</summary>
    public PeerRing Inbound => Rings[0];

    /// <summary>What the guest sends with.</summary>
    public PeerRing Outbound => Rings[1];

    /// <summary>What the device offered.</summary>
    public ulong Offered { get; private set; }

    public bool IsConnected => _socket is not null;

    /// <summary>Of its end of the connection.</summary>
    public int Number => _socket!.Number;

    public static string NewPath() => Path.Combine(Path.GetTempPath(), $"vswitch-{Guid.NewGuid():N}.sock");

    /// <summary>Connects, agrees on features, shares the memory and starts the rings.</summary>
    public void Start(string path, ulong features = Usual)
    {
        Connect(path);
        Negotiate(features);
        ShareMemory();
        foreach (PeerRing ring in Rings)
            StartRing(ring);
    }

    public void Connect(string path) => Until.True(() => (_socket ??= UnixSocket.TryConnect(path)) is not null, "a connection");

    public void Accept(UnixSocket listener) => Until.True(() => (_socket ??= listener.TryAccept()) is not null, "a connection");

    public void Negotiate(ulong features, ulong protocolFeatures = 1 << 3)
    {
        Offered = AskNumber(1);
        if ((features & Protocol) != 0)
        {
            AskNumber(15);
            Tell(16, Numbers(protocolFeatures));
        }
        Tell(3, []);
        Tell(2, Numbers(features));
        foreach (PeerRing ring in Rings)
            ring.HeaderBytes = (features & (Version1 | Mergeable)) != 0 ? 12 : 10;
    }

    public void ShareMemory() => Tell(5, [.. Numbers(1), .. Region()], File);

    /// <summary>The region that all the memory is.</summary>
    public static byte[] Region(ulong start = GuestStart, ulong bytes = MemoryBytes, ulong user = UserStart, ulong offset = 0) =>
        Numbers(start, bytes, user, offset);

    public void StartRing(PeerRing ring, ushort from = 0)
    {
        Tell(8, State(ring.Index, ring.Size));
        Tell(10, State(ring.Index, from));
        Tell(9, Address(ring));
        Tell(12, Numbers((ulong)ring.Index), ring.Kick.Descriptor);
        Tell(13, Numbers((ulong)ring.Index), ring.Call.Descriptor);
        Enable(ring, true);
    }

    public void Enable(PeerRing ring, bool isEnabled) => Enable(ring.Index, isEnabled);

    public void Enable(int ring, bool isEnabled) => Tell(18, State(ring, isEnabled ? 1 : 0));

    public int StopRing(PeerRing ring) => BinaryPrimitives.ReadInt32LittleEndian(Ask(11, State(ring.Index, 0)).AsSpan(4));

    public static byte[] Address(PeerRing ring, uint flags = 0, ulong log = 0)
    {
        byte[] address = new byte[40];
        BinaryPrimitives.WriteUInt32LittleEndian(address, (uint)ring.Index);
        BinaryPrimitives.WriteUInt32LittleEndian(address.AsSpan(4), flags);
        Numbers(User(ring.Descriptors), User(ring.Used), User(ring.Available), log).CopyTo(address, 8);
        return address;
    }

    /// <summary>Where the front end itself has a guest-physical address.</summary>
    public static ulong User(ulong address) => address - GuestStart + UserStart;

    public static byte[] Numbers(params ulong[] numbers) => MemoryMarshal.AsBytes<ulong>(numbers).ToArray();

    public static byte[] State(int ring, int value) => MemoryMarshal.AsBytes<int>(new[] { ring, value }).ToArray();

    /// <summary>Tells, and waits until it has been done: by asking for something after it.</summary>
    public void TellAndWait(uint request, byte[] payload, params Descriptor[] descriptors)
    {
        Tell(request, payload, descriptors);
        AskNumber(1);
    }

    public void Tell(uint request, byte[] payload, params Descriptor[] descriptors) => SendMessage(request, 1, payload, descriptors);

    /// <summary>Tells, and waits for the acknowledgement that REPLY_ACK promises.</summary>
    public ulong TellAcknowledged(uint request, byte[] payload, params Descriptor[] descriptors)
    {
        SendMessage(request, 1 | 8, payload, descriptors);
        return BinaryPrimitives.ReadUInt64LittleEndian(ReceiveReply(request, null));
    }

    public ulong AskNumber(uint request) => BinaryPrimitives.ReadUInt64LittleEndian(Ask(request, []));

    public byte[] Ask(uint request, byte[] payload, List<Descriptor>? received = null, params Descriptor[] descriptors)
    {
        SendMessage(request, 1, payload, descriptors);
        return ReceiveReply(request, received);
    }

    /// <summary>Sends bytes, whatever they are.</summary>
    public void SendRaw(byte[] bytes, params Descriptor[] descriptors) => _socket!.Send(bytes, descriptors);

    /// <summary>Whether the other end has closed the connection.</summary>
    public void WaitClosed()
    {
        byte[] one = new byte[1];
        Until.True(() => _socket!.Receive(one, new List<Descriptor>()) is 0 or < -11, "the end of the connection");
    }

    public void Disconnect()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose()
    {
        Disconnect();
        foreach (PeerRing ring in Rings)
        {
            ring.Kick.Descriptor.Dispose();
            ring.Call.Descriptor.Dispose();
        }
        _memory.Dispose();
        File.Dispose();
    }

    private void SendMessage(uint request, uint flags, byte[] payload, Descriptor[] descriptors)
    {
        byte[] message = new byte[12 + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(message, request);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), (uint)payload.Length);
        payload.CopyTo(message, 12);
        Assert.Equal(message.Length, _socket!.Send(message, descriptors));
    }

    private byte[] ReceiveReply(uint request, List<Descriptor>? descriptors)
    {
        byte[] header = ReceiveExactly(12, descriptors ?? []);
        Assert.Equal(request, BinaryPrimitives.ReadUInt32LittleEndian(header));
        Assert.Equal(5u, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)));
        return ReceiveExactly(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8)), []);
    }

    private byte[] ReceiveExactly(int bytes, List<Descriptor> descriptors)
    {
        byte[] received = new byte[bytes];
        var waited = Stopwatch.StartNew();
        for (int count = 0; count < bytes;)
        {
            int more = _socket!.Receive(received.AsSpan(count), descriptors);
            Assert.True(more > 0 || more == -11, $"the connection ended ({more})");
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(10), "no reply");
            if (more > 0)
                count += more;
            else
                Poll.WaitReadable(_socket.Number, 100);
        }
        return received;
    }
}
