using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Many frames read or written with one system call, where that is faster than one call for each: it is on processors that pay much
/// for entering the kernel. The ring for it is the calling thread's, whichever port's frames they are.
/// </summary>
/// <param name="descriptor">The TAP queue's.</param>
internal sealed class TapBurst(int descriptor)
{
    private FasterWay _way;
    private bool _hasAsked;
    private bool _isServed;

    /// <summary>Says how the next burst is to be done.</summary>
    /// <returns>The ring for it; null when each frame is to have a call of its own.</returns>
    public IoRing? Begin()
    {
        if (!_hasAsked)
        {
            _hasAsked = true;
            _isServed = IoRing.OfThread()?.Serves(descriptor) ?? false;
        }
        if (!_isServed)
            return null;

        _way.Begin();
        return _way.IsSecond ? IoRing.OfThread() : null;
    }

    /// <summary>Notes that it has been done so.</summary>
    public void End(int frames)
    {
        if (_isServed)
            _way.End(frames);
    }
}
