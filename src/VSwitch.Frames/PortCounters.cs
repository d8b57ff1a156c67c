using System.Runtime.CompilerServices;

namespace VSwitch.Frames;

/// <summary>
/// What one worker counted on one port. Only that worker writes it; readers add up the workers' counters and may see
/// a batch half counted. Frames are counted by the kind of their destination address; bytes are those of the frame
/// from the destination address, without FCS.
/// </summary>
public sealed class PortCounters
{
    private const ulong MulticastBit = 1UL << 40;
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    /// <summary>Frames received, dropped or not: unicast, multicast, broadcast.</summary>
    public ulong ReceivedUnicast, ReceivedMulticast, ReceivedBroadcast, ReceivedBytes;

    /// <summary>Copies sent: unicast, multicast, broadcast; <see cref="SentFlood"/> counts the copies that went to every port.</summary>
    public ulong SentUnicast, SentMulticast, SentBroadcast, SentBytes, SentFlood;

    /// <summary>Checksums completed and frames segmented in software because the receiver does not take them as they are.</summary>
    public ulong SoftwareChecksums, SoftwareSegmentations;

    /// <summary>Frames and copies dropped, by <see cref="DropReason"/>.</summary>
    private DropTable _drops;

    public ref ulong Drops(DropReason reason) => ref _drops[(int)reason];

    public ulong Received => ReceivedUnicast + ReceivedMulticast + ReceivedBroadcast;

    public ulong Sent => SentUnicast + SentMulticast + SentBroadcast;

    /// <summary>Counts a frame that was received, whatever becomes of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountReceived(ref readonly Frame frame)
    {
        ReceivedBytes += (uint)frame.FrameBytes;
        ulong destination = frame.Headers.DestinationMac;
        if ((destination & MulticastBit) == 0)
            ReceivedUnicast++;
        else if (destination != Broadcast)
            ReceivedMulticast++;
        else
            ReceivedBroadcast++;
    }

    /// <summary>Counts a copy that was sent, of <paramref name="bytes"/> bytes with its tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountSent(ref readonly Frame frame, int bytes)
    {
        SentBytes += (uint)bytes;
        ulong destination = frame.Headers.DestinationMac;
        if ((destination & MulticastBit) == 0)
            SentUnicast++;
        else if (destination != Broadcast)
            SentMulticast++;
        else
            SentBroadcast++;
    }

    /// <summary>Adds another worker's counters to these.</summary>
    public void Add(PortCounters other) => Combine(other, 1);

    /// <summary>Takes away what these counters held at an earlier time.</summary>
    public void Subtract(PortCounters earlier) => Combine(earlier, ulong.MaxValue);

    /// <summary>Adds a multiple of other counters; 2^64-1 times is subtracting, modulo 2^64.</summary>
    private void Combine(PortCounters other, ulong times)
    {
        ReceivedUnicast += other.ReceivedUnicast * times;
        ReceivedMulticast += other.ReceivedMulticast * times;
        ReceivedBroadcast += other.ReceivedBroadcast * times;
        ReceivedBytes += other.ReceivedBytes * times;
        SentUnicast += other.SentUnicast * times;
        SentMulticast += other.SentMulticast * times;
        SentBroadcast += other.SentBroadcast * times;
        SentBytes += other.SentBytes * times;
        SentFlood += other.SentFlood * times;
        SoftwareChecksums += other.SoftwareChecksums * times;
        SoftwareSegmentations += other.SoftwareSegmentations * times;
        for (int reason = 0; reason < DropReasons.Count; reason++)
            _drops[reason] += other._drops[reason] * times;
    }

    [InlineArray(DropReasons.Count)]
    private struct DropTable
    {
        private ulong _first;
    }
}
