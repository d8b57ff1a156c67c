using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

public enum PortKind
{
    Tap,
    Packet,
    VhostUser,
    Stream,
    Memory,
    Pcap,
    Fault,
}

/// <summary>
/// Where frames enter and leave the switch. A port owns no thread, never blocks and never logs per frame.
/// Its life is Open, Start, Stop, Close: the factory of each kind opens it (which may throw a
/// <see cref="PortException"/> that says what failed, on what, and errno); <see cref="Start"/> lets frames in;
/// <see cref="Stop"/> and <see cref="Close"/> cannot fail and may be called twice. Start, Stop and Close come from the
/// control loop, never while a worker is inside one of the port's queues.
/// </summary>
public interface IPort
{
    PortKind Kind { get; }

    /// <summary>What the user calls it: the netdev's name or the socket's path.</summary>
    string Name { get; }

    /// <summary>What the receiver at the other end takes as it is. May change when a guest renegotiates.</summary>
    OffloadSet Offloads { get; }

    /// <summary>Largest frame the port sends, in bytes of Ethernet payload (without header and tag).</summary>
    int MtuBytes { get; }

    /// <summary>Whether the netdev or the peer is there and up. A port whose link has gone for good stays down.</summary>
    bool IsLinkUp { get; }

    /// <summary>What to say to the user while the link is down.</summary>
    string LinkDownReason => $"the link of {Name} is down";

    /// <summary>
    /// Frames that came while the port's receive ring was full, as the kernel last said. No batch ever had them, and no counter of received frames. For the
    /// control loop: it may ask the kernel.
    /// </summary>
    ulong LostFrames => 0;

    /// <summary>Receive queues; each belongs to one worker at a time.</summary>
    IReadOnlyList<IReceiveQueue> ReceiveQueues { get; }

    /// <summary>Makes the send queue of one worker. Called before <see cref="Start"/>, once for each worker.</summary>
    ISendQueue OpenSendQueue(int worker);

    void Start();

    void Stop();

    void Close();

    /// <summary>Tells the peer that its link is up or down (carrier), where the kind can.</summary>
    void SetCarrier(bool up);

    /// <summary>Sets the netdev's MTU, where the kind has one.</summary>
    void SetMtu(int bytes)
    {
    }

    /// <summary>Looks at the netdev or peer again. The control loop calls it now and then, and when it hears of a change.</summary>
    void RefreshLink()
    {
    }

    /// <summary>Changes what the port adapts to how busy its workers are. The control loop calls it every second.</summary>
    /// <param name="load">The share of the last second that the busiest worker had frames in its hands, from 0 to 1.</param>
    void AdjustToLoad(double load)
    {
    }

    /// <summary>
    /// Which network namespace the port's netdev was in when it was last looked at (<see cref="NetworkNamespace.Identity(Descriptor)"/>);
    /// null when it can be in no other than ours.
    /// </summary>
    string? Namespace => null;

    /// <summary>Opens a monitor in <see cref="Namespace"/>.</summary>
    /// <exception cref="LinuxException">The netdev is gone.</exception>
    LinkMonitor OpenLinkMonitor() => new();

    /// <summary>Whether the port receives nothing more until it has been stopped and started.</summary>
    bool NeedsRestart => false;

    /// <summary>What a user should know about what the port is on, a sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Whether what the port is on is there now, its link up or not; another may come in its place.</summary>
    bool HasDevice => true;

    /// <summary>Whether what the port was opened on has been deleted, so that only a new port can take its place.</summary>
    bool IsGone => false;
}

/// <summary>One queue of frames that come in. Only its worker calls it.</summary>
public interface IReceiveQueue
{
    /// <summary>
    /// Fills the rest of a batch with frames that are there now. Their bytes are lent until <see cref="Release"/>.
    /// </summary>
    /// <returns>Frames added; 0 when there are none.</returns>
    int Receive(FrameBatch batch);

    /// <summary>Takes back the bytes of the batch's frames, all of them, in order.</summary>
    void Release(FrameBatch batch);

    /// <summary>A file descriptor that polls readable when frames have come and the queue is armed.</summary>
    int WaitHandle { get; }

    /// <summary>Asks the peer for a wake-up. Returns true when frames are there already, and then nothing is armed.</summary>
    bool Arm();

    /// <summary>Says that the worker polls again and needs no wake-ups.</summary>
    void Disarm();
}

/// <summary>One worker's way out of a port. Only that worker calls it.</summary>
public interface ISendQueue
{
    /// <summary>
    /// Sends the copies in <paramref name="list"/>. Takes all of them whatever happens: what does not fit is dropped and
    /// counted. Nothing refers to the frames' bytes after the return.
    /// </summary>
    void Send(FrameBatch batch, SendList list, PortCounters counters);
}

/// <summary>A port could not be opened, or went away: what failed, on what, and why.</summary>
public sealed class PortException : Exception
{
    public PortException(string message) : base(message)
    {
    }

    public PortException(string message, Exception inner) : base(message, inner)
    {
    }
}
