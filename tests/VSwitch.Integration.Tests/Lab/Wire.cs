using System.Collections.Concurrent;
using System.Diagnostics;

namespace VSwitch.Integration.Tests;

/// <summary>
/// The bare wires of some netdevs of a namespace: sends whole Ethernet frames by them and takes what arrives there, tags
/// included (<c>Scripts/wire.py</c>).
/// </summary>
public sealed class Wire : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<(int Device, byte[] Frame)> _received = new();
    private readonly AutoResetEvent _arrived = new(initialState: false);
    private readonly ManualResetEventSlim _ready = new();
    private readonly ManualResetEventSlim _synced = new();
    private readonly ConcurrentQueue<string> _complaints = new();

    public Wire(string netns, params string[] devices)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Scripts", "wire.py");
        var start = new ProcessStartInfo("ip", ["netns", "exec", netns, "python3", script, .. devices])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Complain(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!_ready.Wait(Wait.TimeMax))
            throw new InvalidOperationException($"No wire on {string.Join(' ', devices)}: {string.Join('\n', _complaints)}");
    }

    public Wire(Endpoint endpoint) : this(endpoint.Netns, endpoint.Device)
    {
    }

    /// <summary>Frames that the kernel refused to send, with its reason, and errors of the script.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <param name="frame">From the destination address on, without FCS.</param>
    /// <param name="device">Index into the devices.</param>
    public void Send(ReadOnlySpan<byte> frame, int device = 0)
    {
        _process.StandardInput.Write($"{device} {Convert.ToHexStringLower(frame)}\n");
        _process.StandardInput.Flush();
    }

    /// <summary>What has arrived by now and was not taken yet.</summary>
    public IReadOnlyList<byte[]> ReceiveAll()
    {
        _synced.Reset();
        _process.StandardInput.Write("sync\n");
        _process.StandardInput.Flush();
        if (!_synced.Wait(Wait.TimeMax))
            throw new InvalidOperationException($"The wire does not answer: {string.Join('\n', _complaints)}");
        var frames = new List<byte[]>();
        while (_received.TryDequeue(out (int Device, byte[] Frame) received))
            frames.Add(received.Frame);
        return frames;
    }

    /// <summary>The next frame that arrived on any device; false when none waits.</summary>
    public bool TryReceive(out (int Device, byte[] Frame) received) => _received.TryDequeue(out received);

    /// <summary>Waits until something has arrived, or for a time.</summary>
    public void Await(TimeSpan time) => _arrived.WaitOne(time);

    /// <summary>The frames up to one that answers a description, which has to come.</summary>
    /// <returns>All that came on the way, that one last.</returns>
    public IReadOnlyList<byte[]> ReceiveUntil(Predicate<byte[]> wanted)
    {
        var frames = new List<byte[]>();
        Wait.Until(() =>
        {
            while (_received.TryDequeue(out (int Device, byte[] Frame) received))
            {
                frames.Add(received.Frame);
                if (wanted(received.Frame))
                    return true;
            }
            return false;
        }, () => $"a frame; these came:\n{string.Join('\n', frames.Select(Convert.ToHexStringLower))}\n{string.Join('\n', _complaints)}");
        return frames;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
        _ready.Dispose();
        _synced.Dispose();
        _arrived.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        if (line == "ready")
            _ready.Set();
        else if (line == "synced")
            _synced.Set();
        else if (line[0] == '!')
            Complain(line);
        else
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            _received.Enqueue((int.Parse(line.AsSpan(0, space)), Convert.FromHexString(line.AsSpan(space + 1))));
            _arrived.Set();
        }
    }

    private void Complain(string? line)
    {
        if (line is not null)
            _complaints.Enqueue(line);
    }
}
