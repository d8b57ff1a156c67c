using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>A started stream port that listens, with what a worker has in its hands, and the VM's side.</summary>
internal sealed class StreamBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-stream-").FullName;
    private readonly ISendQueue _sendQueue;

    public StreamBench(int mtuBytes = 1500)
    {
        Port = StreamPort.Open(new StreamOptions { Path = SocketPath, MtuBytes = mtuBytes });
        _sendQueue = Port.OpenSendQueue(0);
        Port.Start();
        Peer = new StreamPeer(SocketPath);
    }

    public string SocketPath => Path.Combine(_folder, "vm.sock");

    public StreamPort Port { get; }

    public StreamPeer Peer { get; }

    public FrameBatch Batch { get; } = new();

    public PortCounters Counters { get; } = new();

    public IReceiveQueue Queue => Port.ReceiveQueues[0];

    /// <summary>Has the peer connect and the port take it.</summary>
    public void Connect()
    {
        Peer.Connect();
        LookUntil(() => Port.IsLinkUp);
    }

    /// <summary>One turn of the worker, in which no frame comes.</summary>
    public void Look()
    {
        Batch.Clear();
        Assert.Equal(0, Queue.Receive(Batch));
    }

    /// <summary>Turns of the worker in which no frame comes, one at least.</summary>
    public void LookUntil(Func<bool> condition)
    {
        long deadline = Environment.TickCount64 + 20_000;
        do
        {
            Assert.True(Environment.TickCount64 < deadline, $"the fault is {Port.LastFault}");
            Look();
        }
        while (!condition());
    }

    public void LookUntil(StreamFault fault) => LookUntil(() => Port.LastFault == fault);

    /// <summary>Receives so many frames, releasing each batch, and returns their bytes.</summary>
    public List<byte[]> Receive(int count)
    {
        var frames = new List<byte[]>();
        long deadline = Environment.TickCount64 + 20_000;
        while (frames.Count < count)
        {
            Assert.True(Environment.TickCount64 < deadline, $"{frames.Count} of {count} frames came");
            Queue.ReceiveSoon(Batch);
            for (int i = 0; i < Batch.Count; i++)
                frames.Add(Batch[i].Bytes());
            Queue.Release(Batch);
        }
        return frames;
    }

    /// <summary>Sends one batch of contiguous frames to the peer.</summary>
    public void Send(params byte[][] frames) => Send(_sendQueue, Counters, frames);

    public static unsafe void Send(ISendQueue queue, PortCounters counters, params byte[][] frames)
    {
        using var batch = new FrameBatch();
        var copies = new SendList();
        byte[] memory = GC.AllocateArray<byte>(frames.Sum(frame => frame.Length), pinned: true);
        int offset = 0;
        foreach (byte[] frame in frames)
        {
            frame.CopyTo(memory, offset);
            fixed (byte* data = &memory[offset])
                batch.Add().Lend(data, frame.Length, slot: 0);
            offset += frame.Length;
        }
        TestFrames.Parse(batch);
        for (int i = 0; i < batch.Count; i++)
            copies.Add(i, SendEntry.Untagged);
        queue.Send(batch, copies, counters);
        GC.KeepAlive(memory);
    }

    public void Dispose()
    {
        Port.Close();
        Peer.Dispose();
        Batch.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
