using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Wake-ups from several sources behind one descriptor that never changes: an epoll set inside the waiter's own
/// (epoll(7), edge-triggered). Each signal of an event descriptor makes <see cref="Number"/> readable once;
/// <see cref="Drain"/> makes it unreadable without reading the sources, which could wait.
/// </summary>
public sealed unsafe class WakeSet : IDisposable
{
    private const int EventCountMax = 8;

    /// <summary>No smaller than <c>struct epoll_event</c> on any machine.</summary>
    private const int EventBytesMax = 16;

    private readonly Descriptor _set = Descriptor.From(epoll_h.epoll_create1(epoll_h.EPOLL_CLOEXEC), "epoll_create1");
    private readonly EventFd _own = new();

    public WakeSet() => Add(_own.Number);

    public int Number => _set.Number;

    /// <summary>Makes the descriptor readable.</summary>
    public void Signal() => _own.Signal();

    public void Add(int descriptor)
    {
        byte* registration = stackalloc byte[EventBytesMax];
        *(uint*)registration = epoll_h.EPOLLIN | epoll_h.EPOLLET;
        LinuxException.Check(epoll_h.epoll_ctl(_set.Number, epoll_h.EPOLL_CTL_ADD, descriptor, registration), "add to epoll");
    }

    /// <summary>
    /// Takes a source out. It has to be: closing it does not, while the process that it came from has it open too.
    /// </summary>
    public void Remove(int descriptor) => _ = epoll_h.epoll_ctl(_set.Number, epoll_h.EPOLL_CTL_DEL, descriptor, null);

    /// <summary>Makes the descriptor unreadable until the next signal.</summary>
    public void Drain()
    {
        byte* events = stackalloc byte[EventBytesMax * EventCountMax];
        while (epoll_h.epoll_wait(_set.Number, events, EventCountMax, 0) == EventCountMax)
        {
        }
    }

    public void Dispose()
    {
        _own.Dispose();
        _set.Dispose();
    }
}
