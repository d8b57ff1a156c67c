using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace VSwitch.Forwarding;

/// <summary>
/// Times the steps of one batch in <see cref="Period"/>, because reading the clock costs about what a short stage does.
/// One worker writes; who reads <see cref="Times"/> may see a batch half counted.
/// </summary>
internal sealed class StepClock
{
    private const int Period = 64;

    private int _untilTimed = Period;
    private int _frames;
    private long _last;

    public StepTimes Times { get; } = new();

    /// <summary>Before a batch is received: decides whether it is timed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Start()
    {
        if (_untilTimed == 0)
            _last = Stopwatch.GetTimestamp();
    }

    /// <summary>So many frames were received. Polls that find none are not batches, and time none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Received(int frames)
    {
        _frames = frames;
        Ends(Step.Receive);
    }

    /// <summary>A step is over, and the next one begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Ends(Step step)
    {
        if (_untilTimed == 0)
            Note(step);
    }

    /// <summary>The last step, and with it the batch, is over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndsLast(Step step)
    {
        Ends(step);
        _untilTimed = _untilTimed == 0 ? Period - 1 : _untilTimed - 1;
    }

    private void Note(Step step)
    {
        long now = Stopwatch.GetTimestamp();
        Times.Note(step, now - _last, _frames);
        _last = now;
    }
}
