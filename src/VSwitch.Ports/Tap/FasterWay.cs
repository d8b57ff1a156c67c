using System.Diagnostics;

namespace VSwitch.Ports;

/// <summary>
/// Chooses between two ways of doing the same to a full batch. Which of them is faster depends on the processor, so both are tried
/// by turns now and then, and the one that won most of the pairs is used until the next trial.
/// </summary>
public struct FasterWay
{
    /// <summary>Odd, so that one of them wins.</summary>
    public const int PairCount = 15;

    /// <summary>From the begin of one trial to that of the next: trials take less than a hundredth of the batches.</summary>
    public const int PeriodBatches = 4096;

    private const int TrialBatches = 2 * PairCount;

    private int _batch;
    private int _wins;
    private long _begin;
    private double _first;
    private bool _isSecond;

    /// <summary>Whether the next batch is for the second way.</summary>
    public readonly bool IsSecond => _batch < TrialBatches ? _batch % 2 != 0 : _isSecond;

    /// <summary>Says that a batch begins to go the way that <see cref="IsSecond"/> says.</summary>
    public void Begin()
    {
        if (_batch < TrialBatches)
            _begin = Stopwatch.GetTimestamp();
    }

    /// <summary>Says that it has gone that way.</summary>
    /// <param name="frames">How many there were in it.</param>
    public void End(int frames)
    {
        if (_batch < TrialBatches)
            Compare((double)(Stopwatch.GetTimestamp() - _begin) / frames);
        _batch = (_batch + 1) % PeriodBatches;
    }

    private void Compare(double ticksPerFrame)
    {
        if (_batch == 0)
            _wins = 0;
        if (_batch % 2 == 0)
            _first = ticksPerFrame;
        else if (ticksPerFrame < _first)
            _wins++;
        if (_batch == TrialBatches - 1)
            _isSecond = _wins > PairCount / 2;
    }
}
