using System.Runtime.CompilerServices;
using VSwitch.Frames;
using VSwitch.Ports;

namespace VSwitch.Forwarding;

/// <summary>
/// One batch's way through the switch: receive, the ingress port's stages, then for each port that got copies its
/// egress stages and the send, then release. This is the path of a frame, top to bottom. A worker has one pass and
/// uses it again and again.
/// </summary>
public sealed class Pass : IDisposable
{
    private readonly int _worker;
    private readonly StepClock _clock = new();
    private readonly PortSnapshot[] _touched = new PortSnapshot[SwitchSnapshot.PortCountMax];
    private int _touchedCount;

    public Pass(int worker, MacTable macTable)
    {
        _worker = worker;
        MacTable = macTable;
    }

    public MacTable MacTable { get; }

    /// <summary>Matches of access-list entries, as this worker counts them.</summary>
    public AccessListCounters AccessListCounters { get; } = new();

    /// <summary>Where this worker's time went.</summary>
    public StepTimes StepTimes => _clock.Times;

    internal FrameBatch Batch { get; } = new();

    internal SwitchSnapshot Snapshot { get; private set; } = SwitchSnapshot.Empty;

    internal PortSnapshot Ingress { get; private set; }

    /// <summary>The worker's clock, read once per batch.</summary>
    internal uint NowSeconds { get; private set; }

    /// <summary>Takes one batch from a port's queue through the switch.</summary>
    /// <returns>Frames received.</returns>
    public int Run(SwitchSnapshot snapshot, PortSnapshot ingress, IReceiveQueue queue, uint nowSeconds)
    {
        Batch.Clear();
        _clock.Start();
        if (queue.Receive(Batch) == 0)
            return 0;
        _clock.Received(Batch.Count);

        Snapshot = snapshot;
        Ingress = ingress;
        NowSeconds = nowSeconds;
        foreach (IStage stage in ingress.Policy.IngressStages(ingress.Port.IsUplink))
        {
            stage.Process(this);
            _clock.Ends(stage.Step);
        }

        SendCopies();
        Count(ingress.Port.Lane(_worker).Counters);
        queue.Release(Batch);
        _clock.EndsLast(Step.Release);
        return Batch.Count;
    }

    public void Dispose() => Batch.Dispose();

    /// <summary>Puts a copy of a frame on a port's send list, with the tag that the port gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AddCopy(int index, ref readonly Frame frame, PortSnapshot egress)
    {
        SendList copies = egress.Port.Lane(_worker).Copies;
        if (copies.Count == 0)
            _touched[_touchedCount++] = egress;
        copies.Add(index, egress.Policy.EgressTci(in frame));
    }

    internal void AddFloodCopy(int index, ref readonly Frame frame, PortSnapshot egress)
    {
        AddCopy(index, in frame, egress);
        egress.Port.Lane(_worker).Counters.SentFlood++;
    }

    /// <summary>Sends what the stages have put on send lists.</summary>
    internal void SendCopies()
    {
        for (int i = 0; i < _touchedCount; i++)
            Send(_touched[i]);
        _touchedCount = 0;
    }

    /// <summary>Ends one copy on its way out.</summary>
    internal void DropCopy(PortSnapshot egress, DropReason reason) => egress.Port.Lane(_worker).Counters.Drops(reason)++;

    private void Send(PortSnapshot egress)
    {
        PortLane lane = egress.Port.Lane(_worker);
        foreach (IEgressStage stage in egress.Policy.EgressStages)
        {
            stage.Process(this, egress, lane.Copies);
            _clock.Ends(stage.Step);
        }
        if (lane.Copies.Count > 0)
            lane.SendQueue.Send(Batch, lane.Copies, lane.Counters);
        lane.Copies.Clear();
        _clock.Ends(Step.Send);
    }

    /// <summary>Accounts for every frame of the batch: each was received, and is dropped or has copies.</summary>
    private void Count(PortCounters counters)
    {
        for (ulong rest = Batch.All; rest != 0; rest &= rest - 1)
            counters.CountReceived(in Batch[FrameBatch.First(rest)]);
        for (ulong dropped = Batch.All & ~Batch.Alive; dropped != 0; dropped &= dropped - 1)
            counters.Drops(Batch[FrameBatch.First(dropped)].Drop)++;
    }
}
