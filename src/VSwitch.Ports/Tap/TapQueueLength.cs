using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// How many frames may wait for the worker in a TAP netdev that VSwitch made (its <c>txqueuelen</c>).
/// <para>
/// Long as a rule: the machine, a collection of garbage or another program has the worker's processor for 20 ms now and then, and
/// the 1,000 that the kernel gives are gone after 2. Short while more comes than the worker can take: a long queue, always full,
/// saves no frame then, keeps each waiting for 20 ms and takes a tenth of the rate, because what has waited so long is in no cache
/// near the processor.
/// </para>
/// Whoever owns the netdev may set another length, which stays. The kernel throws away what waits beyond a length when it is
/// set, and does not count it.
/// </summary>
internal sealed class TapQueueLength
{
    /// <summary>As many as come in 20 ms at half a million a second.</summary>
    public const int Long = 10_000;

    /// <summary>One more than the kernel gives: by that, a VEM that was killed and comes back knows that it is ours.</summary>
    public const int Short = 1_001;

    private const double OverloadMin = 0.95;
    private const double CalmMax = 0.9;
    private const int OverloadedSecondsMin = 2;
    private const int ShortSecondsMin = 2;
    private const int ShortSecondsMax = 64;

    private int _frames = Long;
    private int _overloadedSeconds;
    private int _calmSeconds;
    private int _shortSeconds = ShortSecondsMin;

    /// <summary>Notes how the last second was.</summary>
    /// <returns>Whether to <see cref="Choose"/> anew; the kernel need not be asked every second.</returns>
    /// <param name="load">The share of it that the worker had frames in its hands.</param>
    public bool Note(double load)
    {
        _overloadedSeconds = load >= OverloadMin ? _overloadedSeconds + 1 : 0;
        _calmSeconds = load <= CalmMax ? _calmSeconds + 1 : 0;
        if (_frames == Long && _calmSeconds >= ShortSecondsMax)
            _shortSeconds = ShortSecondsMin;
        return _frames switch
        {
            Long => _overloadedSeconds > 0,
            Short => _calmSeconds >= _shortSeconds,
            _ => false,
        };
    }

    /// <summary>What to set, or null to leave it.</summary>
    /// <param name="link">The netdev as it is.</param>
    /// <param name="hasLost">Whether frames have found the queue full since this was called last; a worker that is only just fast enough loses none.</param>
    public int? Choose(LinkInfo link, bool hasLost)
    {
        if (link.QueueFrames != _frames)
        {
            _frames = link.QueueFrames;
            return null;
        }
        if (_frames == Short)
        {
            // Each time that it was too early, the next time is later, until there has been no overload for a while.
            _shortSeconds = Math.Min(2 * _shortSeconds, ShortSecondsMax);
            return _frames = Long;
        }
        return hasLost && _overloadedSeconds >= OverloadedSecondsMin ? _frames = Short : null;
    }
}
