namespace VSwitch.Integration.Tests;

/// <summary>Waits for something to come true, with a limit that only a broken program reaches.</summary>
public static class Wait
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static void Until(Func<bool> condition, Func<string> what)
    {
        long deadline = Environment.TickCount64 + (long)TimeMax.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"Not within {TimeMax.TotalSeconds} s: {what()}");
            Thread.Sleep(Pause);
        }
    }

    public static void Until(Func<bool> condition, string what) => Until(condition, () => what);
}
