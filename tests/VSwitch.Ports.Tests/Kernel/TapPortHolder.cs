using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>Holds the user side of a TAP as a virtual machine monitor does, and moves one frame at a time.</summary>
internal sealed class TapPortHolder : IDisposable
{
    private readonly TapPort _port;
    private readonly ISendQueue _send;
    private readonly FrameBatch _batch = new();

    private TapPortHolder(TapPort port)
    {
        _port = port;
        _send = port.OpenSendQueue(0);
        port.Start();
    }

    public static TapPortHolder Open(string netdev, TestNamespace inside) =>
        new(TapPort.Open(new TapOptions { Name = netdev, Namespace = inside.Name }));

    public void Send(byte[] bytes, Offload offload)
    {
        using var batch = new FrameBatch();
        var copies = new SendList();
        var counters = new PortCounters();
        LendTo(batch, bytes, offload, () =>
        {
            copies.Add(0, SendEntry.Untagged);
            _send.Send(batch, copies, counters);
        });
        Assert.Equal(1UL, counters.Sent);
    }

    public (byte[] Bytes, Offload Offload) Receive()
    {
        Assert.Equal(1, _port.ReceiveQueues[0].ReceiveSoon(_batch));
        (byte[], Offload) received = (_batch[0].Bytes(), _batch[0].Offload);
        _port.ReceiveQueues[0].Release(_batch);
        return received;
    }

    public void Dispose()
    {
        _port.Close();
        _batch.Dispose();
    }

    private static unsafe void LendTo(FrameBatch batch, byte[] bytes, Offload offload, Action use)
    {
        fixed (byte* data = bytes)
        {
            ref Frame frame = ref batch.Add();
            frame.Lend(data, bytes.Length, slot: 0);
            frame.Offload = offload;
            TestFrames.Parse(batch);
            Assert.Equal(1UL, batch.Alive);
            use();
        }
    }
}
