using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Many frames read or written with one system call, where that is faster than one call for each: it is on processors that pay much
/// for entering the kernel. The ring is opened when the first burst comes, so a port that never has one needs none.
/// </summary>
/// <param name="descriptor">The TAP queue's.</param>
internal sealed class TapBurst(int descriptor) : IDisposable
{
    private IoRing? _ring;
    private FasterWay _way;
    private bool _hasTriedRing;

    /// <summary>Says how the next burst is to be done.</summary>
    /// <returns>The ring for it; null when each frame is to have a call of its own.</returns>
    public IoRing? Begin()
    {
        if (!_hasTriedRing)
        {
            _hasTriedRing = true;
            _ring = IoRing.TryOpen(descriptor);
        }
        if (_ring is null)
            return null;

        _way.Begin();
        return _way.IsSecond ? _ring : null;
    }

    /// <summary>Notes that it has been done so.</summary>
    public void End(int frames)
    {
        if (_ring is not null)
            _way.End(frames);
    }

    public void Dispose() => _ring?.Dispose();
}
