using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>A started vhost-user port, a guest at its other end, and a worker's tools.</summary>
internal sealed class VhostUserRig : IDisposable
{
    private const int PatienceMilliseconds = 5000;

    private readonly SendList _copies = new();

    public VhostUserRig(int rings = 2, int ringSize = 256, int queues = 1, int? mtuBytes = null)
    {
        Path = VhostUserPeer.NewPath();
        Port = VhostUserPort.Open(new VhostUserOptions { Path = Path, QueueCount = queues, MtuBytes = mtuBytes });
        SendQueue = Port.OpenSendQueue(0);
        Peer = new VhostUserPeer(rings, ringSize);
        Port.Start();
    }

    public string Path { get; }

    public VhostUserPort Port { get; }

    public VhostUserPeer Peer { get; private set; }

    public ISendQueue SendQueue { get; }

    public IReceiveQueue Queue => Port.ReceiveQueues[0];

    public FrameBatch Batch { get; } = new();

    public PortCounters Counters { get; } = new();

    /// <summary>Lets a worker do something that a guest may try to hold it up at. It may wait in vain for a frame; one that hangs is left behind.</summary>
    public static void Soon(Action work)
    {
        var worker = new Thread(() => work()) { IsBackground = true };
        worker.Start();
        Assert.True(worker.Join(2 * PatienceMilliseconds), "the worker hangs");
    }

    /// <summary>Connects the guest and waits until all its rings run.</summary>
    public VhostUserRig Connected(ulong features = VhostUserPeer.Usual)
    {
        Peer.Start(Path, features);
        Peer.AskNumber(1);
        return this;
    }

    /// <summary>Puts another guest in the place of the one that is gone.</summary>
    public void Replace(VhostUserPeer peer)
    {
        Peer.Dispose();
        Peer = peer;
    }

    /// <summary>Receives what is there, or what comes first. A wake-up promises nothing: a kick may be for a ring that was stopped since.</summary>
    /// <returns>Frames in the batch; 0 if none came for long.</returns>
    public int ReceiveSome()
    {
        long deadline = Environment.TickCount64 + PatienceMilliseconds;
        while (Queue.ReceiveSoon(Batch) == 0 && Environment.TickCount64 < deadline)
        {
        }
        return Batch.Count;
    }

    public byte[] ReceiveOne()
    {
        Assert.Equal(1, ReceiveSome());
        byte[] frame = Batch[0].Bytes();
        Queue.Release(Batch);
        return frame;
    }

    /// <summary>Sends frames that lie in one piece.</summary>
    public unsafe void Send(Offload offload, params byte[][] frames)
    {
        int[] one = [int.MaxValue];
        SendIn(one, offload, frames);
    }

    /// <summary>Sends frames that are cut into pieces of the given lengths, and a last one.</summary>
    public unsafe void SendIn(int[] lengths, Offload offload, params byte[][] frames)
    {
        using var batch = new FrameBatch();
        using MemoryMap memory = MemoryMap.Anonymous(8 << 20);
        byte* next = memory.Data;
        foreach (byte[] bytes in frames)
        {
            var place = new Span<byte>(next, bytes.Length);
            bytes.CopyTo(place);
            ref Frame frame = ref batch.Add();
            frame.Lend(next, bytes.Length, 0);
            frame.Offload = offload;
            Cut(batch, ref frame, lengths);
            next += bytes.Length;
        }
        TestFrames.Parse(batch);
        for (int i = 0; i < frames.Length; i++)
            _copies.Add(i, SendEntry.Untagged);
        SendQueue.Send(batch, _copies, Counters);
        _copies.Clear();
    }

    /// <summary>Waits until the port has closed the device for a reason.</summary>
    public void WaitFault(VhostUserFault fault)
    {
        Until.True(() => Port.LastFault != VhostUserFault.None, fault.ToString());
        Assert.Equal(fault, Port.LastFault);
        Assert.StartsWith(VhostUserFaults.Name(fault), Port.CloseReason);
        Assert.Equal(1UL, Port.CountFaults(fault));
    }

    /// <summary>Shows that the port is as good as new: another guest connects, and frames pass both ways.</summary>
    public void WorksAgain()
    {
        Replace(new VhostUserPeer());
        Connected();
        Peer.Inbound.OfferBuffers(16);
        byte[] frame = TestFrames.Plain(seed: 77);
        Peer.Outbound.Send(frame);
        Assert.Equal(frame, ReceiveOne());
        ulong sent = Counters.Sent;
        Send(default, frame);
        Assert.Equal(sent + 1, Counters.Sent);
        Assert.Equal(frame, Assert.Single(Peer.Inbound.TakeReceived()).Frame);
    }

    public void Dispose()
    {
        Port.Close();
        Peer.Dispose();
        Batch.Dispose();
    }

    private static unsafe void Cut(FrameBatch batch, ref Frame frame, int[] lengths)
    {
        if (lengths[0] >= frame.FrameBytes)
            return;
        frame.HeadBytes = lengths[0];
        frame.TailCount = lengths.Length;
        frame.Tail = batch.TakeSegments(lengths.Length);
        byte* next = frame.Data + lengths[0];
        byte* end = frame.Data + frame.FrameBytes;
        for (int i = 0; i < lengths.Length; i++)
        {
            int bytes = i + 1 < lengths.Length ? lengths[i + 1] : (int)(end - next);
            frame.Tail[i] = new Segment { Data = next, Bytes = (nuint)bytes };
            next += bytes;
        }
    }
}
