using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>Waits for one descriptor (poll.h).</summary>
public static unsafe class Poll
{
    /// <returns>Whether it is readable, in error or hung up; false when the time is over.</returns>
    /// <param name="descriptor">What to wait for.</param>
    /// <param name="milliseconds">-1 waits for ever.</param>
    public static bool WaitReadable(int descriptor, int milliseconds)
    {
        var one = new pollfd { fd = descriptor, events = poll_h.POLLIN };
        return poll_h.poll(&one, 1, milliseconds) > 0;
    }
}
