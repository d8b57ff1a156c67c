using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// An event descriptor (eventfd(2)) that a stranger gave us, to be signalled or waited for. Whoever signals it holds it;
/// it is closed when its owner and all holders are done.
/// </summary>
public sealed class SharedEvent : IDisposable
{
    private const string EventFdLink = "anon_inode:[eventfd]";

    private readonly Descriptor _descriptor;

    private SharedEvent(Descriptor descriptor) => _descriptor = descriptor;

    public int Number => _descriptor.Number;

    /// <summary>Takes a descriptor over and makes it non-blocking.</summary>
    /// <returns>Null when it is no event descriptor: then it stays the caller's. Any other file might keep a waiter or signaller.</returns>
    public static SharedEvent? Take(Descriptor descriptor)
    {
        string? link = new FileInfo($"/proc/self/fd/{descriptor.Number}").LinkTarget;
        int flags = fcntl_h.fcntl(descriptor.Number, fcntl_h.F_GETFL, 0);
        bool isEvent = string.Equals(link, EventFdLink, StringComparison.Ordinal)
            && fcntl_h.fcntl(descriptor.Number, fcntl_h.F_SETFL, flags | fcntl_h.O_NONBLOCK) == 0;
        return isEvent ? new SharedEvent(descriptor) : null;
    }

    public void AddHolder()
    {
        bool added = false;
        _descriptor.DangerousAddRef(ref added);
    }

    public void RemoveHolder() => _descriptor.DangerousRelease();

    /// <summary>Wakes whoever waits for it; never waits itself, whatever the stranger does with its counter.</summary>
    public void Signal() => EventSignaller.Signal(Number);

    public void Dispose() => _descriptor.Dispose();
}
