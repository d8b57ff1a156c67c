using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// What every kind of port does. A kind's class makes the port and what is at its other end.
/// </summary>
public abstract class PortBehaviour : IDisposable
{
    private const int StartMilliseconds = 10_000;

    private readonly FrameBatch _batch = new();
    private readonly SendList _copies = new();
    private readonly PortCounters _counters = new();
    private ISendQueue? _sendQueue;

    /// <summary>The port under test; opened once, started by the test.</summary>
    protected abstract IPort Port { get; }

    private IReceiveQueue Queue => Port.ReceiveQueues[0];

    private ISendQueue SendQueue => _sendQueue ??= Port.OpenSendQueue(0);

    [Fact]
    public void ReceivesWhatTheOtherEndSends()
    {
        Start();
        byte[] sent = TestFrames.Plain(bytes: 1514);

        Assert.Equal(sent, ReceiveOne(sent));
    }

    [Fact]
    public void ReceivesManyInOrder()
    {
        Start();
        for (byte i = 0; i < 100; i++)
            SendFromPeer(TestFrames.Plain(seed: i));

        for (byte i = 0; i < 100;)
        {
            Assert.NotEqual(0, Queue.ReceiveSoon(_batch));
            for (int frame = 0; frame < _batch.Count; frame++)
                Assert.Equal(TestFrames.Plain(seed: i++), _batch[frame].Bytes());
            Queue.Release(_batch);
        }
    }

    [Fact]
    public void ReceivesNothingThatCameBeforeStart()
    {
        SendFromPeer(TestFrames.Plain(seed: 1));
        Start();

        byte[] later = TestFrames.Plain(seed: 2);
        Assert.Equal(later, ReceiveOne(later));
    }

    [Fact]
    public void FillsTheRestOfABatch()
    {
        Start();
        SendFromPeer(TestFrames.Plain(seed: 1));
        Assert.Equal(1, Queue.ReceiveSoon(_batch));
        SendFromPeer(TestFrames.Plain(seed: 2));
        Assert.True(Poll.WaitReadable(Queue.WaitHandle, 5000));

        Assert.Equal(1, Queue.Receive(_batch));

        Assert.Equal(TestFrames.Plain(seed: 1), _batch[0].Bytes());
        Assert.Equal(TestFrames.Plain(seed: 2), _batch[1].Bytes());
        Queue.Release(_batch);
    }

    [Fact]
    public void IsSilentWhenNothingCame()
    {
        Start();
        ReceiveOne(TestFrames.Plain());

        Assert.Equal(0, Queue.Receive(_batch));
        Assert.False(Queue.Arm());
        Assert.False(Poll.WaitReadable(Queue.WaitHandle, 0));
    }

    [Fact]
    public void SendsTheBytesThatItReceived()
    {
        Start();
        byte[] frame = TestFrames.Plain(bytes: 1514);
        SendFromPeer(frame);
        Queue.ReceiveSoon(_batch);

        SendBack(SendEntry.Untagged);

        Assert.Equal(frame, ReceiveAtPeer(like: frame));
        Assert.Equal(1UL, _counters.Sent);
        Assert.Equal(1514UL, _counters.SentBytes);
        Queue.Release(_batch);
    }

    [Fact]
    public void DropsWhatIsLongerThanTheMtu()
    {
        Start();
        SendFromPeer(TestFrames.Plain(bytes: 1514));
        Queue.ReceiveSoon(_batch);
        _batch[0].FrameBytes++;
        _batch[0].HeadBytes++;

        SendBack(SendEntry.Untagged);

        Assert.Equal(1UL, _counters.Drops(DropReason.MtuExceeded));
        Assert.Equal(0UL, _counters.Sent);
        Queue.Release(_batch);
    }

    /// <summary>Until the port has heard of it, the kernel may have to refuse the frame; that has the same name.</summary>
    [Fact]
    public void FollowsAChangeOfTheMtu()
    {
        Start();
        SendFromPeer(TestFrames.Plain(bytes: 1514));
        Queue.ReceiveSoon(_batch);

        SetMtu(1400);
        SendBack(SendEntry.Untagged);
        Assert.Equal(1UL, _counters.Sent + _counters.Drops(DropReason.MtuExceeded));
        RefreshLink();
        Assert.Equal(1400, Port.MtuBytes);
        ulong sent = _counters.Sent;
        SendBack(SendEntry.Untagged);
        Assert.Equal(sent, _counters.Sent);
        Assert.Equal(2UL, _counters.Sent + _counters.Drops(DropReason.MtuExceeded));

        SetMtu(1500);
        RefreshLink();
        SendBack(SendEntry.Untagged);
        Assert.Equal(sent + 1, _counters.Sent);
        Queue.Release(_batch);
    }

    [Fact]
    public void ShowsTheCTag()
    {
        Start();
        byte[] untagged = TestFrames.Plain();
        SendFromPeer(TestFrames.WithTag(untagged, 0x8100, 0x6005));
        Queue.ReceiveSoon(_batch);

        ref readonly Frame frame = ref _batch[0];
        int tci = frame.HasOutOfBandTag ? frame.OutOfBandTci : frame.Headers.Tci;
        Assert.Equal(0x6005, tci);
        byte[] bytes = frame.Bytes();
        Assert.Equal(untagged, frame.HasOutOfBandTag ? bytes : [.. bytes[..12], .. bytes[16..]]);
        Queue.Release(_batch);
    }

    [Fact]
    public void LeavesAnSTagInTheBytes()
    {
        Start();
        byte[] tagged = TestFrames.WithTag(TestFrames.WithTag(TestFrames.Plain(), 0x8100, 7), 0x88A8, 0x2064);
        SendFromPeer(tagged);
        Queue.ReceiveSoon(_batch);

        Assert.False(_batch[0].HasOutOfBandTag);
        Assert.Equal(tagged, _batch[0].Bytes());
        Queue.Release(_batch);
    }

    /// <summary>Four batches in turn, each released when it is the oldest: the others keep their bytes.</summary>
    [Fact]
    public void LendsFramesUntilTheyAreReleased()
    {
        Start();
        FrameBatch[] batches = [new(), new(), new(), new()];
        for (int i = 0; i < 40; i++)
        {
            FrameBatch oldest = batches[i % batches.Length];
            if (oldest.Count > 0)
                Queue.Release(oldest);
            SendFromPeer(TestFrames.Plain(seed: (byte)i));
            Assert.Equal(1, Queue.ReceiveSoon(oldest));
            for (int lent = Math.Max(0, i - batches.Length + 1); lent <= i; lent++)
                Assert.Equal(TestFrames.Plain(seed: (byte)lent), batches[lent % batches.Length][0].Bytes());
        }
        for (int i = 40; i < 40 + batches.Length; i++)
            Queue.Release(batches[i % batches.Length]);
        foreach (FrameBatch batch in batches)
            batch.Dispose();
    }

    [Fact]
    public void ClosesWhileFramesAreLent()
    {
        Start();
        SendFromPeer(TestFrames.Plain());
        Queue.ReceiveSoon(_batch);

        Port.Close();

        Assert.Equal(TestFrames.Plain(), _batch[0].Bytes());
        SendBack(SendEntry.Untagged);
        Assert.Equal(1UL, _counters.Drops(DropReason.LinkDown));
        Queue.Release(_batch);
        Assert.Equal(0, Queue.Receive(_batch));
    }

    [Fact]
    public void StopsAndClosesTwice()
    {
        Start();
        Port.Stop();
        Port.Stop();
        Start();
        byte[] frame = TestFrames.Plain();
        Assert.Equal(frame, ReceiveOne(frame));
        Port.Close();
        Port.Close();
        Port.Stop();
        Assert.False(Port.IsLinkUp);
    }

    [Fact]
    public void DropsWhileTheLinkIsDownAndRecovers()
    {
        Start();
        SendFromPeer(TestFrames.Plain());
        Queue.ReceiveSoon(_batch);

        SetLink(up: false);
        RefreshLink();
        Assert.False(Port.IsLinkUp);
        SendBack(SendEntry.Untagged);
        Assert.Equal(1UL, _counters.Drops(DropReason.LinkDown));
        Queue.Release(_batch);
        _batch.Clear();
        Queue.AssertSleepsSoon();

        SetLink(up: true);
        Start();
        RefreshLink();
        Assert.True(Port.IsLinkUp);
    }

    [Fact]
    public void OutlivesItsOtherEnd()
    {
        Start();
        SendFromPeer(TestFrames.Plain());
        Queue.ReceiveSoon(_batch);

        RemovePeer();
        SendBack(SendEntry.Untagged);

        Assert.Equal(1UL, _counters.Drops(DropReason.LinkDown));
        Queue.Release(_batch);
        _batch.Clear();
        Queue.AssertSleepsSoon();
        RefreshLink();
        Assert.False(Port.IsLinkUp);
        Port.SetCarrier(true);
    }

    [Fact]
    public void AllocatesNothingOnTheDataPath()
    {
        Start();
        byte[] frame = TestFrames.Plain();
        int allocating = 0;
        for (int i = 0; i < 1100; i++)
        {
            SendFromPeer(frame);
            Poll.WaitReadable(Queue.WaitHandle, 5000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _batch.Clear();
            Queue.Receive(_batch);
            TestFrames.Parse(_batch);
            SendBack(tci: 0x2001);
            Queue.Release(_batch);
            Queue.Arm();
            Queue.Disarm();
            if (i >= 100 && GC.GetAllocatedBytesForCurrentThread() != before)
                allocating++;
        }
        // A collection that another test causes meanwhile moves the runtime's count by a few kilobytes.
        Assert.InRange(allocating, 0, 20);
        Assert.True(_counters.Sent >= 1000);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What this kind calls when the control loop hears of a change.</summary>
    protected abstract void RefreshLink();

    protected abstract void SendFromPeer(byte[] frame);

    /// <summary>The next frame that reached the other end with these addresses.</summary>
    protected abstract byte[] ReceiveAtPeer(byte[] like);

    /// <summary>Sets the netdev up or down, as its owner may.</summary>
    protected abstract void SetLink(bool up);

    /// <summary>Changes the MTU of the netdev or the guest, as its owner may.</summary>
    protected abstract void SetMtu(int bytes);

    /// <summary>Makes the netdev or the peer go away under the port.</summary>
    protected abstract void RemovePeer();

    protected virtual void Dispose(bool disposing)
    {
        Port.Close();
        _batch.Dispose();
    }

    /// <summary>
    /// Starts the port and waits until frames pass: the kernel opens a netdev's transmit queue some time after its carrier
    /// is on. Nothing but the frames sent here may come.
    /// </summary>
    private void Start()
    {
        byte[] probe = TestFrames.Plain(seed: 255);
        _ = SendQueue;
        Port.Start();
        long deadline = Environment.TickCount64 + StartMilliseconds;
        do
        {
            Assert.True(Environment.TickCount64 < deadline, "no frame passes the port");
            SendFromPeer(probe);
        }
        while (Queue.ReceiveSoon(_batch, milliseconds: 50) == 0);
        do
        {
            for (int i = 0; i < _batch.Count; i++)
                Assert.Equal(probe, _batch[i].Bytes());
            Queue.Release(_batch);
        }
        while (Queue.ReceiveSoon(_batch, milliseconds: 1) != 0);
    }

    /// <summary>Lets the other end send a frame and receives it.</summary>
    private byte[] ReceiveOne(byte[] sent)
    {
        SendFromPeer(sent);
        Assert.Equal(1, Queue.ReceiveSoon(_batch));
        byte[] bytes = _batch[0].Bytes();
        Queue.Release(_batch);
        _batch.Clear();
        return bytes;
    }

    private void SendBack(int tci)
    {
        for (ulong rest = _batch.Alive; rest != 0; rest &= rest - 1)
            _copies.Add(FrameBatch.First(rest), tci);
        SendQueue.Send(_batch, _copies, _counters);
        _copies.Clear();
    }
}
