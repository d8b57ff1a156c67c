using System.Text;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>
/// A unix stream socket that speaks the framing of QEMU's <c>-netdev stream</c>: a 4-byte big-endian length, then the
/// frame, no offloads. QEMU needs no privilege for it.
/// <para>
/// The port has one VM at a time. It listens and the VM's side connects, or the other way round, and in either case a VM
/// that was restarted is taken back at once. The link is up while there is a connection; between Stop and Start the port
/// hangs up.
/// </para>
/// </summary>
public sealed class StreamPort : IPort
{
    private readonly bool _isClient;
    private readonly StreamOutput _output;
    private readonly StreamReceiveQueue _receiveQueue;
    private readonly List<StreamSendQueue> _sendQueues = [];
    private bool _isClosed;

    private StreamPort(StreamOptions options, StreamOutput output, StreamReceiveQueue receiveQueue)
    {
        Name = options.Path;
        _isClient = options.IsClient;
        SetMtu(options.MtuBytes);
        _output = output;
        _receiveQueue = receiveQueue;
        ReceiveQueues = [receiveQueue];
    }

    public PortKind Kind => PortKind.Stream;

    public string Name { get; }

    /// <summary>There is no place on the stream for a virtio_net_hdr.</summary>
    public OffloadSet Offloads => OffloadSet.None;

    public int MtuBytes { get; private set; }

    public bool IsLinkUp => _output.IsConnected;

    /// <summary>Whom the port waits for, and what was wrong with whom it sent away.</summary>
    public string LinkDownReason
    {
        get
        {
            if (_receiveQueue.IsClosing)
                return $"what came from {Name} is still being closed";
            if (LastFault is not (StreamFault.None or StreamFault.Disconnected or StreamFault.Stopped))
                return $"nobody is connected to {Name}; the last was sent away, {StreamFaults.Name(LastFault)}";
            return _isClient ? $"nobody listens at {Name}" : $"nobody is connected to {Name}";
        }
    }

    public IReadOnlyList<IReceiveQueue> ReceiveQueues { get; }

    /// <summary>Why the last connection ended; None while none has.</summary>
    public StreamFault LastFault => _receiveQueue.LastFault;

    /// <summary>Makes the socket file, unless the VM's side does.</summary>
    /// <exception cref="PortException">The path is too long, there is no such folder, or somebody listens already.</exception>
    public static StreamPort Open(StreamOptions options)
    {
        if (Encoding.UTF8.GetByteCount(options.Path) > UnixSocket.PathBytesMax)
            throw new PortException($"the path of a stream socket has at most {UnixSocket.PathBytesMax} bytes: {options.Path}");
        var epoll = new Epoll();
        try
        {
            IStreamConnector connector = options.IsClient
                ? new StreamDialer(options.Path, epoll)
                : new StreamListener(options.Path, epoll);
            var output = new StreamOutput(epoll);
            return new StreamPort(options, output, new StreamReceiveQueue(epoll, connector, output));
        }
        catch (LinuxException exception)
        {
            epoll.Dispose();
            throw new PortException($"cannot open the stream socket {options.Path}: {exception.Message}", exception);
        }
    }

    public ISendQueue OpenSendQueue(int worker)
    {
        var queue = new StreamSendQueue(this, _output);
        _sendQueues.Add(queue);
        return queue;
    }

    public void Start() => _receiveQueue.Start();

    public void Stop() => _receiveQueue.Stop();

    public void Close()
    {
        if (_isClosed)
            return;
        Stop();
        _isClosed = true;
        foreach (StreamSendQueue queue in _sendQueues)
            queue.Dispose();
        _receiveQueue.Dispose();
        _output.Dispose();
    }

    /// <summary>Does nothing: the stream has no carrier that a VM could see without losing its connection.</summary>
    public void SetCarrier(bool up)
    {
    }

    /// <summary>Sets the largest Ethernet payload that is sent; what the VM sends is not held to it.</summary>
    public void SetMtu(int bytes) => MtuBytes = Math.Min(bytes, Mtu.BytesMax);
}
