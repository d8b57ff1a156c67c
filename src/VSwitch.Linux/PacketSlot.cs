using System.Runtime.CompilerServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// One slot of a <see cref="PacketRing"/>. While <see cref="IsFilled"/> it is ours to read until <see cref="GiveBack"/>;
/// otherwise it is the kernel's.
/// </summary>
public readonly unsafe struct PacketSlot
{
    private readonly tpacket2_hdr* _header;

    internal PacketSlot(byte* slot) => _header = (tpacket2_hdr*)slot;

    /// <summary>Reads that follow see what the kernel wrote.</summary>
    public bool IsFilled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Volatile.Read(ref _header->tp_status) & if_packet_h.TP_STATUS_USER) != 0;
    }

    /// <summary>The slot was too short and the whole frame waits in the socket.</summary>
    public bool IsCopied => (_header->tp_status & if_packet_h.TP_STATUS_COPY) != 0;

    /// <summary>The whole frame is in this slot, and the slot's numbers say so.</summary>
    public bool IsWhole =>
        _header->tp_snaplen == _header->tp_len
        && _header->tp_mac >= sizeof(tpacket2_hdr) + sizeof(virtio_net_hdr)
        && _header->tp_mac + _header->tp_len <= PacketRing.SlotBytes;

    public int FrameBytes => (int)_header->tp_len;

    /// <summary>The frame from its destination address; the 10 bytes before it are its virtio_net_hdr.</summary>
    public byte* Data => (byte*)_header + _header->tp_mac;

    /// <summary>The kernel took a tag out of the frame, whatever its TPID.</summary>
    public bool HasTag => (_header->tp_status & if_packet_h.TP_STATUS_VLAN_VALID) != 0;

    public ushort Tci => _header->tp_vlan_tci;

    public ushort Tpid => (_header->tp_status & if_packet_h.TP_STATUS_VLAN_TPID_VALID) != 0
        ? _header->tp_vlan_tpid
        : if_ether_h.ETH_P_8021Q;

    /// <summary>The kernel may fill the slot again; what was read before stays read before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void GiveBack() => Volatile.Write(ref _header->tp_status, if_packet_h.TP_STATUS_KERNEL);
}
