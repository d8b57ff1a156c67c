using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A set of descriptors to wait for (epoll(7)). Each is known by a token of the caller's.</summary>
public sealed unsafe class Epoll : IDisposable
{
    private const int EventBytes = 12;

    private readonly Descriptor _set = Descriptor.From(epoll_h.epoll_create1(epoll_h.EPOLL_CLOEXEC), "epoll_create1");
    private readonly byte[] _events = GC.AllocateArray<byte>(EventBytes * EventCountMax, pinned: true);

    /// <summary>Events that one wait returns at most.</summary>
    public const int EventCountMax = 64;

    /// <summary>Adds a descriptor that stays armed: every wait returns it while it is readable.</summary>
    public void Add(int descriptor, ulong token) => Control(epoll_h.EPOLL_CTL_ADD, descriptor, epoll_h.EPOLLIN, token);

    /// <summary>Adds a descriptor that is silent until it is armed.</summary>
    public void AddSilent(int descriptor, ulong token) =>
        Control(epoll_h.EPOLL_CTL_ADD, descriptor, epoll_h.EPOLLONESHOT, token);

    /// <summary>Lets the next wait return a descriptor once, as soon as it is readable; then it is silent again.</summary>
    public void Arm(int descriptor, ulong token) =>
        Control(epoll_h.EPOLL_CTL_MOD, descriptor, epoll_h.EPOLLIN | epoll_h.EPOLLONESHOT, token);

    /// <summary>Takes a descriptor out. One that is closed already has left by itself.</summary>
    public void Remove(int descriptor) => _ = epoll_h.epoll_ctl(_set.Number, epoll_h.EPOLL_CTL_DEL, descriptor, null);

    /// <summary>Waits for descriptors to become readable.</summary>
    /// <param name="tokens">Receives the tokens; <see cref="EventCountMax"/> long at least.</param>
    /// <param name="milliseconds">0 returns at once, -1 waits for ever.</param>
    /// <returns>Tokens written.</returns>
    public int Wait(Span<ulong> tokens, int milliseconds)
    {
        fixed (byte* events = _events)
        {
            int count = epoll_h.epoll_wait(_set.Number, events, EventCountMax, milliseconds);
            for (int i = 0; i < count; i++)
                tokens[i] = MemoryMarshal.Read<ulong>(_events.AsSpan((i * EventBytes) + sizeof(uint)));
            return Math.Max(count, 0);
        }
    }

    public void Dispose() => _set.Dispose();

    private void Control(int operation, int descriptor, uint events, ulong token)
    {
        // struct epoll_event is packed on x86-64: events, then 64 bits of data.
        byte* registration = stackalloc byte[EventBytes];
        *(uint*)registration = events;
        *(ulong*)(registration + sizeof(uint)) = token;
        LinuxException.Check(epoll_h.epoll_ctl(_set.Number, operation, descriptor, registration), "epoll_ctl");
    }
}
