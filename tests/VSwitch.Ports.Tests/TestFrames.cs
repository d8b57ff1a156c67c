using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>Frames for ports to carry, and the little that is needed to carry them without a switch.</summary>
internal static class TestFrames
{
    /// <summary>An experimental ethertype (0x88B5), so that no stack answers.</summary>
    public static byte[] Plain(int bytes = 60, byte seed = 1)
    {
        byte[] frame = new byte[bytes];
        for (int i = 0; i < bytes; i++)
            frame[i] = (byte)(i * 7 + seed);
        Convert.FromHexString("02aabbccdd0102aabbccdd0288b5").CopyTo(frame, 0);
        return frame;
    }

    public static byte[] WithTag(byte[] frame, ushort tpid, ushort tci) =>
        [.. frame[..12], (byte)(tpid >> 8), (byte)tpid, (byte)(tci >> 8), (byte)tci, .. frame[12..]];

    public static byte[] Bytes(this ref readonly Frame frame)
    {
        byte[] bytes = new byte[frame.FrameBytes];
        frame.CopyTo(bytes);
        return bytes;
    }

    /// <summary>What the parse stage does: <see cref="SendPlan"/> wants frames that have been through it.</summary>
    public static void Parse(FrameBatch batch)
    {
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            if (!FrameParser.TryParse(frame.Head, frame.FrameBytes, out frame.Headers))
                batch.Drop(index, DropReason.Runt);
            else if (!OffloadRules.IsValid(in frame))
                batch.Drop(index, DropReason.Malformed);
        }
    }

    /// <summary>Waits for frames, receives and parses them.</summary>
    public static int ReceiveSoon(this IReceiveQueue queue, FrameBatch batch, int milliseconds = 5000)
    {
        batch.Clear();
        int received = queue.Receive(batch);
        if (received == 0 && (queue.Arm() || Poll.WaitReadable(queue.WaitHandle, milliseconds)))
            received = queue.Receive(batch);
        queue.Disarm();
        Parse(batch);
        return received;
    }

    /// <summary>
    /// Looks as often as a worker is woken, and fails unless there is nothing and it is soon left asleep. A stream port whose peer has
    /// gone wakes its worker once or twice more: when all is closed, and when it dials.
    /// </summary>
    public static void AssertSleepsSoon(this IReceiveQueue queue)
    {
        using var batch = new FrameBatch();
        bool isAwake = true;
        for (int looks = 0; isAwake && looks < 4; looks++)
        {
            Assert.Equal(0, queue.Receive(batch));
            Assert.False(queue.Arm());
            isAwake = Poll.WaitReadable(queue.WaitHandle, 20);
        }
        Assert.False(isAwake, "the worker is woken again and again for nothing");
    }
}
