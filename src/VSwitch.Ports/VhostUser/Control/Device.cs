using System.Diagnostics;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// The virtio device of one front end: its memory, its features and its rings. Belongs to the control thread. A running
/// ring never changes: what concerns it is done between <see cref="Stop"/> and <see cref="TryStart"/>, in which workers finish
/// their batches, and after which nobody uses what the ring used before.
/// </summary>
internal sealed class Device(VhostUserPort port, int queueCount) : IDisposable
{
    /// <summary>What every port offers; VHOST_USER_F_PROTOCOL_FEATURES is added to it on the wire.</summary>
    public const VirtioFeatures Offered = VirtioFeatures.Checksum | VirtioFeatures.HostTsoV4 | VirtioFeatures.HostTsoV6
        | VirtioFeatures.HostTsoEcn | VirtioFeatures.HostUso
        | VirtioFeatures.GuestChecksum | VirtioFeatures.GuestTsoV4 | VirtioFeatures.GuestTsoV6
        | VirtioFeatures.GuestTsoEcn | VirtioFeatures.GuestUsoV4 | VirtioFeatures.GuestUsoV6
        | VirtioFeatures.Mtu | VirtioFeatures.MergeableBuffers | VirtioFeatures.Status | VirtioFeatures.ControlQueue
        | VirtioFeatures.GuestAnnounce | VirtioFeatures.MultiQueue | VirtioFeatures.LogAll | VirtioFeatures.AnyLayout
        | VirtioFeatures.IndirectDescriptors | VirtioFeatures.EventIndex | VirtioFeatures.Version1 | VirtioFeatures.InOrder;

    /// <summary>
    /// How long a worker may take to end a batch. One that is longer away has lost its ring: it writes nothing to it any more,
    /// and the frames that it has stay readable until it returns.
    /// </summary>
    private static readonly long BatchTicksMax = Stopwatch.Frequency;

    private readonly RingSetup[] _rings = [.. Enumerable.Range(0, 2 * queueCount).Select(index => new RingSetup(index))];

    public VirtioFeatures Features { get; private set; }

    public GuestMemory Memory { get; private set; } = GuestMemory.Empty();

    public DirtyLog? Log { get; private set; }

    public InflightArea? Inflight { get; private set; }

    public IReadOnlyList<RingSetup> Rings => _rings;

    /// <exception cref="VhostUserException">There is no such ring.</exception>
    public RingSetup Ring(uint index) => index < _rings.Length
        ? _rings[index]
        : throw new VhostUserException(VhostUserFault.BadRequest, $"ring {index} of {_rings.Length}");

    /// <summary>Changes what all rings share, while none runs. They are to be started again.</summary>
    public void Change(Action change)
    {
        Stop(_rings);
        change();
    }

    /// <summary>Changes one ring, while it does not run. It is to be started again.</summary>
    public void Change(RingSetup ring, Action<RingSetup> change)
    {
        Stop(ring);
        change(ring);
    }

    /// <summary>Only inside <see cref="Change(Action)"/>.</summary>
    public void SetFeatures(VirtioFeatures features)
    {
        Features = features;
        port.SetOffloads(features);
    }

    /// <summary>Only inside <see cref="Change(Action)"/>.</summary>
    public void SetMemory(GuestMemory memory)
    {
        Memory.RemoveHolder();
        Memory = memory;
    }

    /// <summary>Only inside <see cref="Change(Action)"/>.</summary>
    public void SetLog(DirtyLog log)
    {
        Log?.RemoveHolder();
        Log = log;
    }

    /// <summary>Only inside <see cref="Change(Action)"/>.</summary>
    public void SetInflight(InflightArea inflight)
    {
        Inflight?.RemoveHolder();
        Inflight = inflight;
    }

    /// <summary>Takes rings away from the workers; when this returns no worker is inside one.</summary>
    /// <param name="rings">Running or not.</param>
    /// <param name="isOrderly">
    /// Whether workers finish what they have. They must not once the front end is gone: it goes on from what it saw last.
    /// </param>
    public void Stop(ReadOnlySpan<RingSetup> rings, bool isOrderly = true)
    {
        foreach (RingSetup ring in rings)
        {
            if (ring.Running is null)
                continue;
            port.Bind(ring.Index, null, null);
            ring.Running.Close(waits: isOrderly);
        }
        foreach (RingSetup ring in rings)
        {
            if (ring.Running is not { } running)
                continue;
            if (isOrderly)
                WaitUntilClosed(running);
            ring.Base = running.NextUsed;
            ring.Running = null;
        }
    }

    public void Stop(RingSetup ring) => Stop(new ReadOnlySpan<RingSetup>(in ring));

    /// <summary>Gives the next ring to the workers that is complete and does not run. That can take milliseconds, so it is one only.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="VhostUserException">The ring does not lie where it says.</exception>
    public bool TryStart()
    {
        if (Array.Find(_rings, one => one.Running is null && one.IsComplete) is not { } ring)
            return false;
        ring.Running = new GuestRing(port, ring, new DeviceState(Memory, Features, Log, Inflight));
        port.Bind(ring.Index, ring.Running, ring.Kick);
        ring.Running.NotifyAnyway();
        return true;
    }

    /// <summary>Stops all rings until their next kick.</summary>
    public void Halt()
    {
        Stop(_rings);
        foreach (RingSetup ring in _rings)
            ring.Stop();
    }

    /// <summary>Forgets what was said of the rings.</summary>
    public void Reset()
    {
        Stop(_rings);
        foreach (RingSetup ring in _rings)
            ring.Reset();
    }

    public void Dispose()
    {
        Stop(_rings, isOrderly: false);
        foreach (RingSetup ring in _rings)
            ring.Dispose();
        Memory.RemoveHolder();
        Log?.RemoveHolder();
        Inflight?.RemoveHolder();
    }

    /// <summary>A batch takes some microseconds: longer only when the scheduler or the collector steps in.</summary>
    private static void WaitUntilClosed(GuestRing ring)
    {
        long start = Stopwatch.GetTimestamp();
        var spin = default(SpinWait);
        while (!ring.Gate.IsClosed)
        {
            if (Stopwatch.GetTimestamp() - start > BatchTicksMax)
            {
                ring.Close(waits: false);
                return;
            }
            spin.SpinOnce();
        }
    }
}
