using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// What a netdev receives, read from the ring that its AF_PACKET socket shares with the kernel.
/// <para>
/// Theory of operation. A frame that fits in a slot is lent from there: no copy and no system call. For one that does
/// not (a GSO frame, a jumbo frame) the kernel marks its slot and keeps the frame in the socket, in the same order; it
/// is read into the arena. Either way a frame has one slot, so slots are given back in order when frames are released.
/// The kernel fills slots without being asked and epoll reports the socket for as long as some wait, so arming only has
/// to take the error that a netdev set down leaves on the socket, or epoll would report that for ever.
/// </para>
/// <para>
/// A kernel that cannot express a frame in a virtio header (UFO, SCTP GSO) drops it and keeps its slot for good: the ring
/// receives nothing more. <see cref="PacketPort"/> notices that, and <see cref="Renew"/> helps.
/// </para>
/// </summary>
internal sealed unsafe class PacketReceiveQueue : IReceiveQueue, IDisposable
{
    private readonly PacketSocket _socket;
    private readonly PacketRing _ring;
    private readonly ReceiveArena _arena;
    private int _nextSlot;
    private int _nextRelease;
    private int _lentSlots;
    private bool _isClosed;

    public PacketReceiveQueue(PacketSocket socket)
    {
        _socket = socket;
        _ring = socket.Ring;
        _arena = new ReceiveArena(socket);
    }

    public int WaitHandle => _socket.Descriptor.Number;

    /// <summary>How far the worker has come, and whether nothing waits there. Anyone may ask.</summary>
    public (int Slot, bool IsEmpty) Position
    {
        get
        {
            int slot = Volatile.Read(ref _nextSlot);
            return (slot, !_ring[slot].IsFilled);
        }
    }

    public int Receive(FrameBatch batch)
    {
        if (_isClosed)
            return 0;

        int before = batch.Count;
        while (batch.Room > 0 && _lentSlots < PacketRing.SlotCount)
        {
            PacketSlot slot = _ring[_nextSlot];
            if (!slot.IsFilled || (slot.IsCopied && !_arena.HasRoom))
                break;

            ref Frame frame = ref batch.Add();
            if (!TryLend(ref frame, slot))
                batch.Drop(batch.Count - 1, DropReason.Oversize);
            _nextSlot = PacketRing.Next(_nextSlot);
            _lentSlots++;
        }

        int received = batch.Count - before;
        if (received > 0)
            _arena.Lend(received);
        return received;
    }

    public void Release(FrameBatch batch)
    {
        if (!_isClosed)
            GiveBack(batch.Count);
        _arena.Release(batch.Count);
    }

    public bool Arm()
    {
        if (!_isClosed)
            _ = _socket.TakeError();
        return false;
    }

    public void Disarm()
    {
    }

    /// <summary>Throws away what the ring holds. No frame may be lent.</summary>
    public void Drain()
    {
        for (PacketSlot slot = _ring[_nextSlot]; slot.IsFilled; slot = _ring[_nextSlot])
        {
            if (slot.IsCopied)
                _ = ReceiveCopied();
            _nextSlot = PacketRing.Next(_nextSlot);
            _lentSlots++;
            GiveBack(1);
        }
    }

    /// <summary>Starts again with another ring. No frame may be lent.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Renew()
    {
        _ring.Renew();
        _nextSlot = 0;
        _nextRelease = 0;
    }

    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _arena.Dispose();
    }

    /// <summary>Makes the descriptor of a slot's frame.</summary>
    /// <returns>False when the frame is not there as a whole; then the descriptor has no bytes.</returns>
    private bool TryLend(ref Frame frame, PacketSlot slot)
    {
        byte* data = slot.Data;
        int bytes = slot.FrameBytes;
        if (slot.IsCopied ? !TryRead(out data, out bytes) : !slot.IsWhole)
        {
            frame.Lend(_arena.Next, 0, slot: 0);
            frame.Headers = default;
            return false;
        }

        frame.Lend(data, bytes, slot: 0);
        frame.Offload = *(Offload*)(data - Offload.HeaderSize);
        if (slot.HasTag)
            RestoreTag(ref frame, slot);
        return true;
    }

    /// <summary>
    /// Reads the message of a slot. An error that waits on the socket, such as that its netdev was set down, is told instead of
    /// a message, and the message stays: it must be taken all the same, or every later slot would get the message before its own.
    /// </summary>
    /// <returns>Its bytes, or an errno, negative.</returns>
    private int ReceiveCopied()
    {
        int bytes = FrameIo.Receive(WaitHandle, _arena.Next, ReceiveArena.SlotBytes);
        return bytes < 0 ? FrameIo.Receive(WaitHandle, _arena.Next, ReceiveArena.SlotBytes) : bytes;
    }

    /// <summary>Reads a frame that no slot could hold.</summary>
    private bool TryRead(out byte* data, out int bytes)
    {
        byte* message = _arena.Next;
        int messageBytes = ReceiveCopied();
        data = message + Offload.HeaderSize;
        bytes = messageBytes - Offload.HeaderSize;
        if (bytes < 0 || messageBytes > ReceiveArena.SlotBytes)
            return false;
        _arena.Keep(messageBytes);
        return true;
    }

    /// <summary>
    /// The kernel takes the outermost tag out of every frame. A C-tag stays beside the frame, where the switch looks for
    /// it; any other (an S-tag) is no tag of the switch's and goes back into the bytes: the addresses move forward, over
    /// the virtio header that has been read.
    /// </summary>
    private static void RestoreTag(ref Frame frame, PacketSlot slot)
    {
        if (slot.Tpid == EtherType.CTag)
        {
            frame.HasOutOfBandTag = true;
            frame.OutOfBandTci = slot.Tci;
            return;
        }
        if (frame.FrameBytes >= EthernetView.HeaderBytes)
            PutTagBack(ref frame, slot.Tpid, slot.Tci);
    }

    private static void PutTagBack(ref Frame frame, ushort tpid, ushort tci)
    {
        const int addressBytes = 2 * MacAddress.Bytes;
        byte* data = frame.Data - VlanTag.Bytes;
        Buffer.MemoryCopy(frame.Data, data, addressBytes, addressBytes);
        var tag = new Span<byte>(data + addressBytes, VlanTag.Bytes);
        BinaryPrimitives.WriteUInt16BigEndian(tag, tpid);
        BinaryPrimitives.WriteUInt16BigEndian(tag[sizeof(ushort)..], tci);

        frame.Data = data;
        frame.HeadBytes += VlanTag.Bytes;
        frame.FrameBytes += VlanTag.Bytes;
        frame.Offload.HeaderBytes += VlanTag.Bytes;
        if (frame.Offload.NeedsChecksum)
            frame.Offload.ChecksumStart += VlanTag.Bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GiveBack(int slots)
    {
        for (int i = 0; i < slots; i++)
        {
            _ring[_nextRelease].GiveBack();
            _nextRelease = PacketRing.Next(_nextRelease);
        }
        _lentSlots -= slots;
    }
}
