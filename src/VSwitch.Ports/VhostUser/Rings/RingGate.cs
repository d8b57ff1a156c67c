using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Who is inside a ring. A worker enters and leaves with one atomic operation each, once per batch, and never waits for the
/// control thread; the control thread closes the gate for good and waits until the worker has left.
/// <code>
///   Open       nobody is inside                  a worker may enter, the control thread may close
///   Taken      a worker is inside                it leaves: Open
///   Closing    a worker is inside, to leave soon it finishes what it has, then leaves: Closed
///   Abandoned  a worker is inside, nobody waits  it writes nothing more to the guest, then leaves: Closed
///   Closed     nobody is inside, ever again
/// </code>
/// Whoever brings about Closed gives back what the ring holds. The word has a pair of cache lines to itself: the
/// workers that share a sending ring write it all the time.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * 128)]
internal struct RingGate
{
    private const int Open = 0;
    private const int Taken = 1;
    private const int Closing = 2;
    private const int Abandoned = 3;
    private const int Closed = 4;

    [FieldOffset(128)]
    private int _state;

    public readonly bool IsClosed => Volatile.Read(in _state) == Closed;

    /// <summary>Whether the worker inside should take nothing more.</summary>
    public readonly bool IsClosing => Volatile.Read(in _state) != Taken;

    public readonly bool IsAbandoned => Volatile.Read(in _state) == Abandoned;

    /// <summary>Enters; false when somebody is inside or the gate is being closed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Taken, Open) == Open;

    /// <summary>Enters as soon as the other workers let it; false when the gate is being closed.</summary>
    public bool TryEnterShared()
    {
        while (true)
        {
            int state = Interlocked.CompareExchange(ref _state, Taken, Open);
            if (state == Open)
                return true;
            if (state != Taken)
                return false;
            Thread.SpinWait(1);
        }
    }

    /// <summary>Leaves. True when the gate is closed by that, and the caller gives back what the ring holds.</summary>
    /// <param name="forGood">Whether nobody is to enter any more.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Leave(bool forGood)
    {
        if (!forGood && Interlocked.CompareExchange(ref _state, Open, Taken) == Taken)
            return false;
        Volatile.Write(ref _state, Closed);
        return true;
    }

    /// <summary>The control thread's: closes the gate. True when it is closed at once and by that.</summary>
    /// <param name="waits">Whether the caller will wait; otherwise the worker inside is to write nothing more.</param>
    public bool Close(bool waits)
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            int next = state switch
            {
                Open => Closed,
                Taken or Closing => waits ? Closing : Abandoned,
                _ => state,
            };
            if (Interlocked.CompareExchange(ref _state, next, state) == state)
                return state == Open;
        }
    }
}
