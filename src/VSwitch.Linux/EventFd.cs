using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A wake-up that a descriptor carries (eventfd(2)).</summary>
public sealed unsafe class EventFd : IDisposable
{
    private readonly Descriptor _descriptor =
        Descriptor.From(eventfd_h.eventfd(0, eventfd_h.EFD_CLOEXEC | eventfd_h.EFD_NONBLOCK), "eventfd");

    public int Number => _descriptor.Number;

    /// <summary>Makes the descriptor readable.</summary>
    public void Signal()
    {
        ulong one = 1;
        _ = unistd_h.write(Number, &one, sizeof(ulong));
    }

    /// <summary>Makes the descriptor unreadable again.</summary>
    /// <returns>Whether it was readable.</returns>
    public bool Drain()
    {
        ulong count;
        return unistd_h.read(Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    public void Dispose() => _descriptor.Dispose();
}
