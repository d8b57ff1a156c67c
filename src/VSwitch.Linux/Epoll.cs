using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A set of descriptors to wait for (epoll(7)). Each is known by a token of the caller's.</summary>
public sealed unsafe class Epoll : IDisposable
{
    /// <summary>Events that one wait returns at most.</summary>
    public const int EventCountMax = 64;

    /// <summary><c>struct epoll_event</c> is packed on x86-64 only: a 32-bit mask, then 64 bits for the token.</summary>
    internal static readonly int TokenOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    internal static readonly int EventBytes = TokenOffset + sizeof(ulong);

    private readonly Descriptor _set = Descriptor.From(epoll_h.epoll_create1(epoll_h.EPOLL_CLOEXEC), "epoll_create1");
    private readonly byte[] _events = GC.AllocateArray<byte>(EventBytes * EventCountMax, pinned: true);

    /// <summary>The set's own descriptor, itself readable while one of those in it is ready.</summary>
    public int Number => _set.Number;

    /// <summary>Adds a descriptor that stays armed: every wait returns it while it is readable.</summary>
    public void Add(int descriptor, ulong token) =>
        LinuxException.Check(Control(epoll_h.EPOLL_CTL_ADD, descriptor, epoll_h.EPOLLIN, token), "add to epoll");

    /// <summary>Adds a descriptor that is silent until it is armed, but for an error or a hang-up, once.</summary>
    public void AddSilent(int descriptor, ulong token) =>
        LinuxException.Check(Control(epoll_h.EPOLL_CTL_ADD, descriptor, epoll_h.EPOLLONESHOT, token), "add to epoll");

    /// <summary>
    /// Lets the next wait return a descriptor once, as soon as it is readable; then it is silent again. One that has
    /// been closed or silenced meanwhile stays so. Allocates nothing.
    /// </summary>
    public void Arm(int descriptor, ulong token) =>
        _ = Control(epoll_h.EPOLL_CTL_MOD, descriptor, epoll_h.EPOLLIN | epoll_h.EPOLLONESHOT, token);

    /// <summary>
    /// Lets a descriptor that stays armed count as ready also while it is writable, or no longer. One that has left stays
    /// out. Allocates nothing.
    /// </summary>
    public void ArmWritable(int descriptor, ulong token, bool armed) =>
        _ = Control(epoll_h.EPOLL_CTL_MOD, descriptor, armed ? epoll_h.EPOLLIN | epoll_h.EPOLLOUT : epoll_h.EPOLLIN, token);

    /// <summary>Takes a descriptor out. One that is closed already has left by itself.</summary>
    public void Remove(int descriptor) => _ = epoll_h.epoll_ctl(_set.Number, epoll_h.EPOLL_CTL_DEL, descriptor, null);

    /// <summary>Waits for descriptors to become readable. Allocates nothing.</summary>
    /// <param name="tokens">Receives the tokens; <see cref="EventCountMax"/> long at least.</param>
    /// <param name="milliseconds">0 returns at once, -1 waits for ever.</param>
    /// <returns>Tokens written; 0 when the time is over or a signal came.</returns>
    public int Wait(Span<ulong> tokens, int milliseconds)
    {
        int count;
        fixed (byte* events = _events)
            count = epoll_h.epoll_wait(_set.Number, events, EventCountMax, milliseconds);
        for (int i = 0; i < count; i++)
            tokens[i] = MemoryMarshal.Read<ulong>(_events.AsSpan(i * EventBytes + TokenOffset));
        return Math.Max(count, 0);
    }

    public void Dispose() => _set.Dispose();

    private int Control(int operation, int descriptor, uint mask, ulong token)
    {
        byte* registration = stackalloc byte[EventBytes];
        *(uint*)registration = mask;
        *(ulong*)(registration + TokenOffset) = token;
        return epoll_h.epoll_ctl(_set.Number, operation, descriptor, registration);
    }
}
