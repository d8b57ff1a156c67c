using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

/// <summary>A stream port that listens; its other end connects.</summary>
public sealed class StreamPortBehaviour() : AnyStreamPortBehaviour(isClient: false);

/// <summary>A stream port that connects; its other end listens.</summary>
public sealed class StreamClientPortBehaviour() : AnyStreamPortBehaviour(isClient: true);

public abstract class AnyStreamPortBehaviour : PortBehaviour
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-stream-").FullName;
    private readonly StreamPeer _peer;
    private readonly StreamPort _port;

    protected AnyStreamPortBehaviour(bool isClient)
    {
        string path = Path.Combine(_folder, "vm.sock");
        _port = StreamPort.Open(new StreamOptions { Path = path, IsClient = isClient });
        _peer = new StreamPeer(path, listens: isClient);
    }

    protected override IPort Port => _port;

    /// <summary>It is the worker that notices, by receiving.</summary>
    protected override void RefreshLink()
    {
        using var batch = new FrameBatch();
        Assert.Equal(0, _port.ReceiveQueues[0].Receive(batch));
    }

    protected override void SendFromPeer(byte[] frame) => _peer.Send(frame);

    protected override byte[] ReceiveAtPeer(byte[] like) => _peer.ReceiveFrame(like);

    protected override void SetLink(bool up)
    {
        if (!up)
            _peer.HangUp();
    }

    /// <summary>Nothing on the stream says it, so it is the operator's word.</summary>
    protected override void SetMtu(int bytes) => _port.SetMtu(bytes);

    protected override void RemovePeer() => _peer.Dispose();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _peer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
