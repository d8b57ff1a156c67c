using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>
/// One step of a frame's way in: a sealed class without state of its own that walks the living frames of a batch and
/// drops some or writes what it found into their descriptors. One virtual call per batch.
/// </summary>
internal interface IStage
{
    Step Step { get; }

    void Process(Pass pass);
}

/// <summary>One step of the way out of one port: takes copies off its send list.</summary>
internal interface IEgressStage
{
    Step Step { get; }

    void Process(Pass pass, PortSnapshot egress, SendList copies);
}
