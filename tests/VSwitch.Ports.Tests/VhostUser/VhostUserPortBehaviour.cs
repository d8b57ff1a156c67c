namespace VSwitch.Ports.Tests;

/// <summary>A vhost-user port; its other end is a guest in this process.</summary>
public sealed class VhostUserPortBehaviour : PortBehaviour
{
    private readonly VhostUserPort _port;
    private readonly VhostUserPeer _peer = new();
    private readonly Queue<byte[]> _received = new();

    public VhostUserPortBehaviour()
    {
        string path = VhostUserPeer.NewPath();
        _port = VhostUserPort.Open(new VhostUserOptions { Path = path });
        _peer.Start(path);
        // The answer to a question comes when all rings before it have been started.
        _peer.AskNumber(1);
        _peer.Inbound.OfferBuffers(128);
        Until.True(() => _port.IsLinkUp, "the link");
    }

    protected override IPort Port => _port;

    protected override void SendFromPeer(byte[] frame)
    {
        Collect();
        _peer.Outbound.Send(frame);
    }

    protected override byte[] ReceiveAtPeer(byte[] like)
    {
        byte[]? found = null;
        Until.True(() => Collect() && _received.TryDequeue(out found) && found.AsSpan(0, 12).SequenceEqual(like.AsSpan(0, 12)), "a frame");
        return found!;
    }

    /// <summary>The port hears of changes by itself.</summary>
    protected override void RefreshLink()
    {
    }

    /// <summary>The guest's driver stops its receive ring, as it does when the guest sets its netdev down.</summary>
    protected override void SetLink(bool up)
    {
        _peer.Enable(_peer.Inbound, up);
        Until.True(() => _port.IsLinkUp == up, "the link");
    }

    protected override void SetMtu(int bytes) => _peer.TellAndWait(20, VhostUserPeer.Numbers((ulong)bytes));

    protected override void RemovePeer()
    {
        _peer.Disconnect();
        Until.True(() => _port.CountFaults(VhostUserFault.Disconnected) == 1, "the port to notice");
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _peer.Dispose();
    }

    private bool Collect()
    {
        foreach ((byte[] frame, _) in _peer.Inbound.TakeReceived())
            _received.Enqueue(frame);
        return true;
    }
}
