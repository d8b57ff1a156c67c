using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// What the front end has said about one ring, and the ring that runs by it. Belongs to the control thread. A ring runs when it
/// has a size, an address and a kick and is enabled.
/// </summary>
internal sealed class RingSetup(int index) : IDisposable
{
    public int Index => index;

    public uint EntryCount { get; set; }

    public bool HasAddress { get; private set; }

    public RingAddressMessage Address { get; private set; }

    /// <summary>
    /// Where the ring stood when it stopped, by its available index. The used index in guest memory says the same, and is what counts
    /// when it starts again.
    /// </summary>
    public ushort Base { get; set; }

    public SharedEvent? Kick { get; private set; }

    public SharedEvent? Call { get; private set; }

    public bool IsEnabled { get; set; }

    public GuestRing? Running { get; set; }

    public bool IsComplete => IsEnabled && EntryCount > 0 && HasAddress && Kick is not null;

    public void SetAddress(in RingAddressMessage address)
    {
        Address = address;
        HasAddress = true;
    }

    public void SetKick(SharedEvent kick)
    {
        Kick?.Dispose();
        Kick = kick;
    }

    public void SetCall(SharedEvent? call)
    {
        Call?.Dispose();
        Call = call;
    }

    /// <summary>The ring has been stopped: it starts again with a new kick.</summary>
    public void Stop()
    {
        Kick?.Dispose();
        Kick = null;
    }

    public void Reset()
    {
        Stop();
        SetCall(null);
        EntryCount = 0;
        HasAddress = false;
        IsEnabled = false;
        Base = 0;
    }

    public void Dispose() => Reset();
}

/// <summary>What the rings of a device share.</summary>
internal readonly record struct DeviceState(GuestMemory Memory, VirtioFeatures Features, DirtyLog? Log, InflightArea? Inflight)
{
    public bool IsLogging => Log is not null && Features.HasFlag(VirtioFeatures.LogAll);
}
