using System.Buffers.Binary;
using System.Security.Cryptography;
using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>
/// Frames that the kernel brings: when one has been sent on, its bytes lie where the kernel put them and nowhere else in our
/// memory. A TAP and a stream are read into memory of ours; the packet ring is shared with the kernel.
/// </summary>
public sealed class KernelCopyTests : IDisposable
{
    private const int FrameBytes = 1200;
    private const int SecretBytes = 64;

    private readonly Stack<IDisposable> _opened = new();
    private readonly FrameBatch _batch = new();

    public static TheoryData<string, string, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, int>();
            foreach (string to in (string[])["tap", "packet", "stream", "vhost-user"])
            {
                pairs.Add("tap", to, 1);
                pairs.Add("packet", to, 0);
                pairs.Add("stream", to, 1);
            }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void LeavesTheBytesWhereTheKernelPutThem(string from, string to, int places)
    {
        (IPort ingress, Action<byte[]> send) = Open(from);
        (IPort egress, _) = Open(to);
        IReceiveQueue queue = ingress.ReceiveQueues[0];

        byte[] inverted = RandomNumberGenerator.GetBytes(SecretBytes);
        SendSecret(send, inverted);
        while (queue.ReceiveSoon(_batch) == 0 || _batch[_batch.Count - 1].FrameBytes != FrameBytes)
            queue.Release(_batch);
        var copies = new SendList();
        var counters = new PortCounters();
        copies.Add(_batch.Count - 1, SendEntry.Untagged);
        egress.OpenSendQueue(1).Send(_batch, copies, counters);

        Assert.Equal(1UL, counters.Sent);
        Assert.Equal(places, OwnMemory.Count(inverted));
        queue.Release(_batch);
    }

    public void Dispose()
    {
        while (_opened.TryPop(out IDisposable? opened))
            opened.Dispose();
        _batch.Dispose();
    }

    /// <summary>Wipes the frame out once it is sent; pinned, so that the collector leaves no copy of it behind either.</summary>
    private static void SendSecret(Action<byte[]> send, byte[] inverted)
    {
        byte[] frame = GC.AllocateArray<byte>(FrameBytes, pinned: true);
        TestFrames.Plain().CopyTo(frame, 0);
        for (int i = 0; i < SecretBytes; i++)
            frame[FrameBytes - SecretBytes + i] = (byte)~inverted[i];
        send(frame);
        Array.Clear(frame);
    }

    private (IPort Port, Action<byte[]> Send) Open(string kind) => kind switch
    {
        "tap" => OpenTap(),
        "packet" => OpenPacket(),
        "stream" => OpenStream(),
        _ => OpenGuest(),
    };

    private (IPort Port, Action<byte[]> Send) OpenTap()
    {
        TestNamespace inside = Keep(new TestNamespace());
        return Started(TapPort.Open(new TapOptions { Name = "eth0", Namespace = inside.Name }), inside, "eth0");
    }

    private (IPort Port, Action<byte[]> Send) OpenPacket()
    {
        TestNamespace inside = Keep(new TestNamespace());
        inside.Ip("link add port0 type veth peer name peer0");
        inside.Ip("link set peer0 up");
        return Started(PacketPort.Open(new PacketOptions { Name = "port0", Namespace = inside.Name }), inside, "peer0");
    }

    /// <summary>For a moment after its carrier is on, a netdev throws away what is sent.</summary>
    private (IPort Port, Action<byte[]> Send) Started(IPort port, TestNamespace inside, string netdev)
    {
        RawPeer peer = Keep(new RawPeer(inside, netdev));
        Keep(new Closing(port));
        port.Start();
        do
            peer.Send(TestFrames.Plain());
        while (port.ReceiveQueues[0].ReceiveSoon(_batch, milliseconds: 50) == 0);
        port.ReceiveQueues[0].Release(_batch);
        return (port, peer.Send);
    }

    private (IPort Port, Action<byte[]> Send) OpenStream()
    {
        StreamBench bench = Keep(new StreamBench());
        bench.Connect();
        return (bench.Port, frame =>
        {
            byte[] length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
            bench.Peer.SendBytes(length);
            bench.Peer.SendBytes(frame);
        });
    }

    private (IPort Port, Action<byte[]> Send) OpenGuest()
    {
        VhostUserRig rig = Keep(new VhostUserRig().Connected());
        rig.Peer.Inbound.OfferBuffers(4);
        return (rig.Port, frame => rig.Peer.Outbound.Send(frame));
    }

    private T Keep<T>(T opened) where T : IDisposable
    {
        _opened.Push(opened);
        return opened;
    }

    private sealed class Closing(IPort port) : IDisposable
    {
        public void Dispose() => port.Close();
    }
}
