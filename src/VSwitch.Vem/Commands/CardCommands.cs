using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary><c>show card</c>: who this VEM is and how it stands with its VSM.</summary>
internal static class CardCommands
{
    public static void Declare(CommandTable<VemControl> table)
    {
        table.Explain(("card", "This VEM and its supervisor"));
        table.Exec.Show("show card", "Identity, supervisor and size of this VEM", invocation => Card(invocation.Context));
    }

    private static Report Card(VemControl control)
    {
        CardInfo card = control.Card;
        return new Fields
        {
            { "Card UUID", card.HostId },
            { "Card name", card.Name },
            { "Switch name", card.SwitchName },
            { "Card slot", control.Module == 0 ? "none (not yet given by a VSM)" : control.Module.ToString() },
            { "VEM Control Agent", $"vem {VemVersion.Text}" },
            { "Primary VSM address", card.VsmAddress },
            { "Primary VSM state", card.IsHeadless ? card.LineError : "connected" },
            { "Card Headless Mode", card.IsHeadless ? "Yes" : "No" },
            { "State on disk", control.SaveProblem.Length == 0 ? "saved" : $"not saved: {control.SaveProblem}" },
            { "Configuration epoch", (long)control.Configuration.Epoch },
            { "Configuration hash", Convert.ToHexStringLower(StateHash.Of(control.Configuration).Span[..16]) },
            { "Management IPv4 address", VemVersion.HostAddress },
            { "Max physical ports", CardInfo.UplinkCountMax },
            { "Max virtual ports", CardInfo.VethCountMax },
            { "Ports", control.Ports.Count },
            { "Workers", control.WorkerCount },
            { "Busiest worker, %", (long)Math.Round(100 * control.Switch.Load) },
            { "Processors", Environment.ProcessorCount },
            { "Processors wake within", card.LatencyMicroseconds is int microseconds ? $"{microseconds} us" : "what the kernel chooses" },
            { "Garbage collections", GC.CollectionCount(0) },
            { "Workers paused, ms", (long)GC.GetTotalPauseDuration().TotalMilliseconds },
            { "MAC addresses", control.Switch.MacTable.Count },
            { "Max MAC addresses", control.Switch.MacTable.Capacity },
            { "Global UUFB", "DISABLED" },
        };
    }
}
