using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// One virtqueue as a driver keeps it, written down from virtio 1.2 section 2.7 and not from the code under test: descriptor
/// table, available ring, used ring and a buffer of one page for each descriptor, one behind the other in guest memory.
/// </summary>
internal sealed unsafe class PeerRing
{
    public const ushort NextFlag = 1;
    public const ushort WriteFlag = 2;
    public const ushort IndirectFlag = 4;
    public const int BufferBytes = 4096;

    private const int AvailableOffset = 0x4000;
    private const int UsedOffset = 0x8000;
    private const int BuffersOffset = 0x10000;

    private readonly byte* _memory;
    private readonly ulong _start;
    private ushort _usedSeen;
    private ushort _nextHead;

    /// <param name="index">Even rings are for the guest to receive, odd ones to send.</param>
    /// <param name="size">Entries, 512 at most.</param>
    /// <param name="memory">Of the ring, 4 MB.</param>
    /// <param name="start">Where that is in the guest.</param>
    public PeerRing(int index, int size, byte* memory, ulong start)
    {
        Index = index;
        Size = size;
        _memory = memory;
        _start = start;
    }

    public const int Bytes = 4 << 20;

    public int Index { get; }

    public int Size { get; set; }

    public int HeaderBytes { get; set; } = 12;

    public PeerEvent Kick { get; } = new();

    public PeerEvent Call { get; } = new();

    /// <summary>Guest-physical.</summary>
    public ulong Descriptors => _start;

    public ulong Available => _start + AvailableOffset;

    public ulong Used => _start + UsedOffset;

    public ushort AvailableIndex
    {
        get => *(ushort*)(_memory + AvailableOffset + 2);
        set => Volatile.Write(ref *(ushort*)(_memory + AvailableOffset + 2), value);
    }

    public ushort AvailableFlags
    {
        set => *(ushort*)(_memory + AvailableOffset) = value;
    }

    /// <summary>Where the driver wants an interrupt, with the event index.</summary>
    public ushort UsedEvent
    {
        set => *(ushort*)(_memory + AvailableOffset + 4 + Size * 2) = value;
    }

    /// <summary>Where the device wants a kick, with the event index.</summary>
    public ushort AvailableEvent => *(ushort*)(_memory + UsedOffset + 4 + Size * 8);

    public ushort UsedFlags => *(ushort*)(_memory + UsedOffset);

    public ushort UsedIndex
    {
        get => Volatile.Read(ref *(ushort*)(_memory + UsedOffset + 2));
        set => *(ushort*)(_memory + UsedOffset + 2) = value;
    }

    public byte* Buffer(int descriptor) => _memory + BuffersOffset + descriptor * BufferBytes;

    public ulong BufferAddress(int descriptor) => _start + BuffersOffset + (ulong)descriptor * BufferBytes;

    public void Describe(int descriptor, ulong address, uint bytes, ushort flags, int next = 0) =>
        DescribeAt(_memory + descriptor * 16, address, bytes, flags, next);

    /// <summary>Writes a descriptor anywhere, as into an indirect table.</summary>
    public static void DescribeAt(byte* place, ulong address, uint bytes, ushort flags, int next)
    {
        var descriptor = new Span<byte>(place, 16);
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, address);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)next);
    }

    /// <summary>Makes a chain available and kicks, whether the device wants that or not.</summary>
    public void Offer(int head)
    {
        *(ushort*)(_memory + AvailableOffset + 4 + AvailableIndex % Size * 2) = (ushort)head;
        AvailableIndex++;
        Kick.Signal();
    }

    /// <summary>A used entry: the chain's head and how much was written.</summary>
    public (uint Head, uint Bytes) UsedEntry(int position)
    {
        uint* entry = (uint*)(_memory + UsedOffset + 4 + (ushort)position % Size * 8);
        return (entry[0], entry[1]);
    }

    /// <summary>Sends a frame in one buffer.</summary>
    public void Send(byte[] frame, Offload offload = default) => Send(frame, offload, [HeaderBytes + frame.Length]);

    /// <summary>Sends a frame, header before it, in a chain of buffers of the given lengths.</summary>
    public void Send(byte[] frame, Offload offload, params int[] lengths)
    {
        byte[] bytes = new byte[HeaderBytes + frame.Length];
        MemoryMarshal.Write(bytes, in offload);
        frame.CopyTo(bytes, HeaderBytes);
        int head = _nextHead;
        int offset = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            int descriptor = (head + i) % Size;
            Marshal.Copy(bytes, offset, (nint)Buffer(descriptor), lengths[i]);
            bool isLast = i == lengths.Length - 1;
            Describe(descriptor, BufferAddress(descriptor), (uint)lengths[i], isLast ? (ushort)0 : NextFlag, (descriptor + 1) % Size);
            offset += lengths[i];
        }
        Assert.Equal(bytes.Length, offset);
        _nextHead = (ushort)((head + lengths.Length) % Size);
        Offer(head);
    }

    /// <summary>Offers buffers to receive into.</summary>
    public void OfferBuffers(int count, int bytes = BufferBytes)
    {
        for (int i = 0; i < count; i++)
        {
            int descriptor = _nextHead;
            _nextHead = (ushort)((_nextHead + 1) % Size);
            Describe(descriptor, BufferAddress(descriptor), (uint)bytes, WriteFlag);
            Offer(descriptor);
        }
    }

    /// <summary>Waits until the device has used so many chains in all.</summary>
    public void WaitUsed(int index) => Until.True(() => (ushort)(UsedIndex - index) < 0x8000, $"used index {index}");

    /// <summary>Forgets what it was at: the driver is loaded again.</summary>
    public void Reset()
    {
        _usedSeen = 0;
        _nextHead = 0;
    }

    /// <summary>Takes what was received into single-buffer chains, and offers the buffers again.</summary>
    public List<(byte[] Frame, Offload Offload)> TakeReceived(int bytes = BufferBytes)
    {
        var received = new List<(byte[] Frame, Offload Offload)>();
        while (_usedSeen != UsedIndex)
        {
            (uint head, uint written) = UsedEntry(_usedSeen++);
            byte* buffer = Buffer((int)head);
            Offload offload = *(Offload*)buffer;
            int chains = HeaderBytes == 12 ? *(ushort*)(buffer + 10) : 1;
            var frame = new List<byte>(new Span<byte>(buffer + HeaderBytes, (int)written - HeaderBytes).ToArray());
            OfferAgain(head, bytes);
            for (; chains > 1; chains--)
            {
                WaitUsed(_usedSeen + 1);
                (head, written) = UsedEntry(_usedSeen++);
                frame.AddRange(new Span<byte>(Buffer((int)head), (int)written));
                OfferAgain(head, bytes);
            }
            received.Add(([.. frame], offload));
        }
        return received;
    }

    private void OfferAgain(uint head, int bytes)
    {
        Describe((int)head, BufferAddress((int)head), (uint)bytes, WriteFlag);
        Offer((int)head);
    }
}

/// <summary>An eventfd of the peer's.</summary>
internal sealed partial class PeerEvent
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    public PeerEvent() => Descriptor = new Descriptor(eventfd(0, CloseOnExec | NonBlocking));

    public Descriptor Descriptor { get; }

    public unsafe void Signal()
    {
        ulong one = 1;
        _ = write(Descriptor.Number, &one, sizeof(ulong));
    }

    /// <summary>Signals since the last time.</summary>
    public unsafe ulong Take()
    {
        ulong count = 0;
        _ = FrameIo.Read(Descriptor.Number, &count, sizeof(ulong));
        return count;
    }

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int fd, void* buffer, nuint bytes);
}

/// <summary>Waits for what another thread brings about.</summary>
internal static class Until
{
    public static void True(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(10), "waited in vain for " + what);
            Thread.Sleep(1);
        }
    }
}
