using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// The memory that an AF_PACKET socket shares with the kernel: a ring of slots (TPACKET_V2, linux/if_packet.h and
/// Documentation/networking/packet_mmap.rst). The kernel fills slots in order and we give them back in order. A slot
/// holds any frame up to 1,500 bytes of payload. A longer one is marked as copied: it waits in the socket, in order, to be
/// read with recv(2).
/// </summary>
public sealed unsafe class PacketRing : IDisposable
{
    /// <summary>Not a power of two: then the slots' first lines fall on different cache sets.</summary>
    internal const int SlotBytes = 2112;

    /// <summary>Blocks are contiguous memory of the kernel's; slots do not cross them.</summary>
    internal const int BlockBytes = 64 << 10;

    private const int BlockCount = 32;
    private const long RingBytes = (long)BlockBytes * BlockCount;
    private const int SlotsPerBlock = BlockBytes / SlotBytes;

    private readonly PacketSocket _socket;
    private MemoryMap _memory;

    internal PacketRing(PacketSocket socket)
    {
        _socket = socket;
        _memory = Make();
    }

    public const int SlotCount = SlotsPerBlock * BlockCount;

    public PacketSlot this[int index] =>
        new(_memory.Data + (long)(index / SlotsPerBlock) * BlockBytes + index % SlotsPerBlock * SlotBytes);

    /// <summary>The index of the slot that is filled, and given back, after this one.</summary>
    public static int Next(int index) => index + 1 == SlotCount ? 0 : index + 1;

    /// <summary>
    /// Has the kernel make another ring, which starts with slot 0. What the old one held is lost. Nobody else may use the ring
    /// meanwhile.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused; the ring is empty and stays so.</exception>
    public void Renew()
    {
        _memory.Dispose();
        MemoryMap empty = MemoryMap.Anonymous(RingBytes);
        _memory = empty;
        Request(default);
        _memory = Make();
        empty.Dispose();
    }

    public void Dispose() => _memory.Dispose();

    private MemoryMap Make()
    {
        Request(new tpacket_req
        {
            tp_block_size = BlockBytes,
            tp_block_nr = BlockCount,
            tp_frame_size = SlotBytes,
            tp_frame_nr = SlotCount,
        });
        return MemoryMap.Shared(_socket.Descriptor, 0, RingBytes);
    }

    private void Request(tpacket_req request) =>
        _socket.SetOption(packet_socket_h.SOL_PACKET, if_packet_h.PACKET_RX_RING, &request, sizeof(tpacket_req), "PACKET_RX_RING");
}
