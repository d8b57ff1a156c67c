using VSwitch.Frames;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Offloads.Tests;

/// <summary>What a sender with offloads leaves to others.</summary>
internal enum Undone
{
    Nothing,
    Checksum,
    Segmentation,
}

/// <summary>
/// One way for a packet to cross the switch: what its sender leaves undone, and the tags that it arrives and leaves with. It
/// knows what has to come out for every kind of sender and receiver, from <see cref="EgressPacket"/>, which writes each byte
/// down; scapy confirms that in a test of its own.
/// </summary>
internal sealed record Passage(
    string Name, EgressPacket Packet, Undone Undone, int TciIn = SendEntry.Untagged, int TciOut = SendEntry.Untagged)
{
    public const int Vlan = 100;

    private const int VidMask = 0xFFF;
    private const int MtuBytes = 1500;

    /// <summary>USO came into virtio_net_hdr with Linux 6.2.</summary>
    public static bool IsUsoKnown { get; } = Environment.OSVersion.Version >= new Version(6, 2);

    /// <summary>What a TCP over a link of 1,500 bytes puts into each segment.</summary>
    public int SegmentBytes => MtuBytes - (Packet.PayloadOffset - Packet.L3Offset);

    /// <summary>The policy of the port that it comes in by: a trunk for tags with a VLAN.</summary>
    public PortPolicy PolicyIn => PolicyFor(TciIn);

    public PortPolicy PolicyOut => PolicyFor(TciOut);

    /// <summary>Whether this kernel can carry it.</summary>
    public bool IsKnown => IsUsoKnown || !(Packet.IsUdp && Undone == Undone.Segmentation);

    /// <summary>What its sender hands over: one without offloads does everything itself.</summary>
    public IEnumerable<Delivery> Sent(bool byOffloads) => byOffloads ? [Whole(TciIn)] : Complete(TciIn);

    /// <summary>What its receiver must get: as it was sent if both ends have offloads, else complete frames.</summary>
    public IEnumerable<Delivery> Received(bool byOffloads, bool withOffloads) =>
        byOffloads && withOffloads ? [Whole(TciOut)] : Complete(TciOut);

    public IEnumerable<Delivery> Complete(int tci) =>
        Packet.Cut(SegmentBytes, tci).Select(piece => new Delivery(piece.ToBytes(isPartial: false), default));

    private Delivery Whole(int tci)
    {
        EgressPacket packet = Packet with { Tci = tci };
        Offload offload = Undone switch
        {
            Undone.Checksum => packet.PartialChecksum,
            Undone.Segmentation => packet.Gso(SegmentBytes),
            _ => default,
        };
        return new Delivery(packet.ToBytes(isPartial: Undone != Undone.Nothing), offload);
    }

    private static PortPolicy PolicyFor(int tci)
    {
        bool isTrunk = tci != SendEntry.Untagged && (tci & VidMask) != 0;
        return isTrunk
            ? new PortPolicy { AdminUp = true, Mode = SwitchportMode.Trunk, AllowedVlans = VlanSet.Of(Vlan) }
            : new PortPolicy { AdminUp = true, AccessVlan = Vlan };
    }
}
