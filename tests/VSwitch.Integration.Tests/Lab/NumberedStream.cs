namespace VSwitch.Integration.Tests;

/// <summary>A steady stream of numbered datagrams from one endpoint to another (<c>Scripts/stream.py</c>).</summary>
public sealed class NumberedStream : IDisposable
{
    private const int DatagramsPerSecond = 500;
    private const int Port = 7000;

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Scripts", "stream.py");

    private readonly Daemon _receiver;
    private readonly Daemon _sender;

    public NumberedStream(Endpoint from, Endpoint to)
    {
        // ARP may lose the datagrams that wait for it; the stream is to show what the switch loses.
        from.Know(to);
        _receiver = to.Start("python3", Script, "receive", to.Address, $"{Port}");
        Wait.Until(() => _receiver.Log.Contains("ready", StringComparison.Ordinal), () => $"the receiver of the stream:\n{_receiver.Log}");
        _sender = from.Start("python3", Script, "send", to.Address, $"{Port}", $"{DatagramsPerSecond}");
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>How many datagrams were sent, arrived, and arrived twice.</returns>
    public (long Sent, long Arrived, long Twice) Finish()
    {
        long sent = long.Parse(_sender.Finish());
        string[] tally = _receiver.Finish().Replace("ready", "", StringComparison.Ordinal).Trim().Split(' ');
        return (sent, long.Parse(tally[0]), long.Parse(tally[2]));
    }

    /// <summary>Ends the stream; every number must have arrived, once.</summary>
    public void AssertWhole()
    {
        (long sent, long arrived, long twice) = Finish();
        Assert.True(sent > 0);
        Assert.Equal((sent, 0), (arrived, twice));
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }
}
