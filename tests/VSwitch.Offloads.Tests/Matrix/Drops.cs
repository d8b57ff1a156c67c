using VSwitch.Forwarding;
using VSwitch.Frames;

namespace VSwitch.Offloads.Tests;

/// <summary>Why a port dropped frames, for the reader of a failed test.</summary>
internal static class Drops
{
    public static string Of(SwitchPort port)
    {
        PortCounters counters = port.ReadCounters();
        return string.Join(' ', Enum.GetValues<DropReason>()
            .Where(reason => reason is not (DropReason.None or DropReason.Count) && counters.Drops(reason) > 0)
            .Select(reason => $"{DropReasons.Name(reason)}={counters.Drops(reason)}"));
    }
}
