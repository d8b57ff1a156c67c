using System.Diagnostics;

namespace VSwitch.Forwarding;

/// <summary>How long the steps of a pass took, of the batches that were timed.</summary>
public sealed class StepTimes
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly long[] _ticks = new long[(int)Step.Count];
    private readonly long[] _batches = new long[(int)Step.Count];
    private readonly long[] _frames = new long[(int)Step.Count];

    /// <summary>Batches that took a step and were timed.</summary>
    public long Batches(Step step) => Volatile.Read(ref _batches[(int)step]);

    /// <summary>Frames of those batches, when they were received.</summary>
    public long Frames(Step step) => Volatile.Read(ref _frames[(int)step]);

    public double Nanoseconds(Step step) => Volatile.Read(ref _ticks[(int)step]) * NanosecondsPerTick;

    public void Add(StepTimes other) => Combine(other, sign: 1);

    public void Subtract(StepTimes other) => Combine(other, sign: -1);

    internal void Note(Step step, long ticks, int frames)
    {
        _ticks[(int)step] += ticks;
        _batches[(int)step]++;
        _frames[(int)step] += frames;
    }

    private void Combine(StepTimes other, int sign)
    {
        for (int step = 0; step < (int)Step.Count; step++)
        {
            _ticks[step] += sign * Volatile.Read(ref other._ticks[step]);
            _batches[step] += sign * Volatile.Read(ref other._batches[step]);
            _frames[step] += sign * Volatile.Read(ref other._frames[step]);
        }
    }
}
