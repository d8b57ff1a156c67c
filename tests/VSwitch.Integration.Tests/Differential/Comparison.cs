using System.Text;

namespace VSwitch.Integration.Tests.Differential;

/// <summary>
/// Sends the same frames in the same order through our switch and through the reference, and compares what arrives
/// where, byte for byte.
/// <para>
/// Frames go in windows: a few into one port, then a frame that everybody gets, through both. When that has arrived
/// everywhere so has all before it, and the next window may enter by another port without overtaking. A window ends before
/// a frame whose source is the destination of an earlier one in it, because our switch learns from a whole batch first.
/// </para>
/// </summary>
public sealed class Comparison : IDisposable
{
    private const int WindowMax = 12;
    private const string BarrierMark = "88b5ba44ba44";

    private readonly TestPort[] _ports;
    private readonly int _barrierVlan;
    private readonly List<(TestPort Port, int? Vlan)> _devices = [];
    private readonly Wire _wire;
    private readonly int _seed;
    private readonly Dictionary<string, long> _drops = [];
    private uint _barrier;

    /// <param name="netns">Holds all netdevs of <paramref name="ports"/>.</param>
    /// <param name="ports">Their first common VLAN takes the frames that end a window.</param>
    /// <param name="seed">Of the frames.</param>
    public Comparison(string netns, TestPort[] ports, int seed)
    {
        _ports = ports;
        _seed = seed;
        _barrierVlan = ports[0].Allowed.First(vlan => ports.All(port => port.Allowed.Contains(vlan)));
        foreach (TestPort port in ports)
        {
            _devices.Add((port, null));
            _devices.AddRange(port.Allowed.Select(vlan => (port, (int?)vlan)));
        }
        _wire = new Wire(netns, [.. _devices.Select(device => device.Vlan is { } vlan ? device.Port.BridgeDevice(vlan) : device.Port.Device)]);
    }

    /// <summary>How many frames, or copies, our switch has to have dropped by now, for every reason.</summary>
    public IReadOnlyDictionary<string, long> ExpectedDrops => _drops;

    /// <summary>Frames that the reference has delivered to somebody.</summary>
    public int DeliveredCount { get; private set; }

    public void Run(int frameCount)
    {
        var source = new FrameSource(_seed, _ports);
        var window = new List<TestFrame>();
        for (int sent = 0; sent < frameCount;)
        {
            TestPort port = source.NextPort();
            int count = 1 + source.Next(WindowMax);
            for (int i = 0; i < count && sent < frameCount; i++, sent++)
            {
                TestFrame frame = source.Next(port);
                if (window.Exists(earlier => earlier.Destination.SequenceEqual(frame.Source)))
                    Compare(window);
                window.Add(frame);
            }
            Compare(window);
        }
    }

    public void Dispose() => _wire.Dispose();

    private void Compare(List<TestFrame> window)
    {
        if (window.Count == 0)
            return;
        foreach (TestFrame frame in window)
        {
            _wire.Send(frame.Bytes, Device(frame.Port, null));
            if (frame.Port.Allowed.Contains(frame.Vlan) && !frame.IsTaggedOnAccess)
                _wire.Send(frame.Untagged, Device(frame.Port, frame.Vlan));
        }

        List<(int Device, byte[] Frame)> arrived = Barrier(window);
        string[] actual = [.. arrived.Where(frame => _devices[frame.Device].Vlan is null).Select(frame => Arrival(_devices[frame.Device].Port, frame.Frame)).Order(StringComparer.Ordinal)];
        string[] expected = [.. Expected(window, arrived).Order(StringComparer.Ordinal)];
        if (!actual.SequenceEqual(expected))
            throw new InvalidOperationException(Describe(window, [.. expected.Except(actual)], [.. actual.Except(expected)], _wire.Complaints));
        window.Clear();
    }

    /// <summary>What our switch is to deliver: what the reference delivered, less the differences, which are counted.</summary>
    private IEnumerable<string> Expected(List<TestFrame> window, List<(int Device, byte[] Frame)> arrived)
    {
        ILookup<string, TestPort> delivered = arrived.Where(frame => _devices[frame.Device].Vlan is not null)
            .ToLookup(frame => TestFrame.KeyOf(_devices[frame.Device].Vlan!.Value, frame.Frame), frame => _devices[frame.Device].Port);
        foreach (TestFrame frame in window)
        {
            TestPort[] receivers = [.. delivered[frame.Key]];
            DeliveredCount += receivers.Length > 0 ? 1 : 0;
            if (Difference.DropReasonOf(frame, _ports) is { } reason)
                CountDrop(reason);
            else if (receivers.Length == 0)
                CountDrop(Difference.Hairpin);
            else
            {
                // The reference may have dropped a frame of this length too; our switch always does.
                foreach (TestPort tight in _ports.Where(port => port != frame.Port && port.Allowed.Contains(frame.Vlan) && port.MtuBytes < frame.PayloadBytes))
                    CountDrop(Difference.MtuExceeded);
                foreach (TestPort receiver in receivers.Where(port => port.MtuBytes >= frame.PayloadBytes))
                    yield return Arrival(receiver, receiver.Leaving(frame.Vlan, frame.PriorityBits, frame.Untagged));
            }
        }
    }

    /// <summary>Sends the frame that everybody gets after a window, and waits until everybody has it.</summary>
    /// <returns>What arrived before it.</returns>
    private List<(int Device, byte[] Frame)> Barrier(List<TestFrame> window)
    {
        TestPort from = window[0].Port;
        _barrier++;
        byte[] number = BitConverter.GetBytes(_barrier);
        byte[] untagged = Ether.Frame(Ether.Mac(Ether.Broadcast), [0x02, 0xBA, 0, 0, 0, (byte)from.Index], Ether.Experimental, [0xBA, 0x44, 0xBA, 0x44, .. number]);
        byte[] mark = [.. Convert.FromHexString(BarrierMark), .. number];
        _wire.Send(from.Leaving(_barrierVlan, 0, untagged), Device(from, null));
        foreach (int vlan in from.Allowed)
            _wire.Send(untagged, Device(from, vlan));

        var missing = _devices.Where(device => device.Port != from && (device.Vlan is null || from.Allowed.Contains(device.Vlan.Value)))
            .Select(device => Device(device.Port, device.Vlan)).ToHashSet();
        var arrived = new List<(int Device, byte[] Frame)>();
        long deadline = Environment.TickCount64 + (long)Wait.TimeMax.TotalMilliseconds;
        while (missing.Count > 0)
        {
            if (!_wire.TryReceive(out (int Device, byte[] Frame) received))
            {
                if (Environment.TickCount64 > deadline)
                    throw new TimeoutException(Describe(window, [.. missing.Select(device => $"the end of the window at {_devices[device]}")], [], _wire.Complaints));
                _wire.Await(TimeSpan.FromSeconds(1));
            }
            else if (received.Frame.AsSpan().IndexOf(mark) >= 0)
                missing.Remove(received.Device);
            else
                arrived.Add(received);
        }
        return arrived;
    }

    private int Device(TestPort port, int? vlan) => _devices.IndexOf((port, vlan));

    private void CountDrop(string reason) => _drops[reason] = _drops.GetValueOrDefault(reason) + 1;

    private static string Arrival(TestPort port, byte[] frame) => $"port {port.Index}: {Convert.ToHexStringLower(frame)}";

    private string Describe(List<TestFrame> window, string[] missing, string[] unexpected, IEnumerable<string> complaints)
    {
        var text = new StringBuilder($"Seed {_seed}: the switches differ after these frames.\n");
        text.AppendJoin('\n', window);
        text.Append("\nMissing:\n").AppendJoin('\n', missing);
        text.Append("\nUnexpected:\n").AppendJoin('\n', unexpected);
        text.Append("\nRefused by the kernel:\n").AppendJoin('\n', complaints);
        return text.ToString();
    }
}
