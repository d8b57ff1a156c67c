namespace VSwitch.Wire;

/// <summary>
/// The frame that tells switches where a station now is: a broadcast RARP request by the station for itself, padded to the
/// shortest Ethernet frame. QEMU and ESX send the same when a virtual machine has moved.
/// </summary>
public static class RarpAnnouncement
{
    public const int FrameBytes = EthernetView.FrameBytesMin;

    /// <summary>Writes the frame and returns its length. Throws when there is less room.</summary>
    public static int Write(Span<byte> frame, MacAddress station)
    {
        frame[..FrameBytes].Clear();
        int offset = EthernetView.Write(frame, MacAddress.Broadcast, station, EtherType.Rarp);
        ArpView.Write(frame[offset..], ArpOperation.ReverseRequest, station, default, station, default);
        return FrameBytes;
    }
}
