using System.Globalization;
using VSwitch.Commands;
using VSwitch.Forwarding;
using VSwitch.Frames;
using VSwitch.Policy;

namespace VSwitch.Vem;

/// <summary>The commands about ports: which there are, what they carry, what they counted and what they dropped.</summary>
internal static class PortCommands
{
    private const int DeviceWidthMin = 10;

    public static void Declare(CommandTable<VemControl> table)
    {
        table.Explain(
            ("port", "Ports of this VEM"),
            ("vlans", "The VLANs that each port carries"),
            ("stats", "Frames and bytes received and sent"),
            ("stages", "Time per stage of the data path"),
            ("packets", "Frames by kind of destination"),
            ("port-drops", "Frames dropped, by reason"),
            ("ingress", "Frames dropped on their way in"),
            ("egress", "Copies dropped on their way out"),
            ("all", "Reasons that never happened too"));
        table.Exec.Show("show port", "Ports, their state and what is behind them", invocation => Ports(invocation.Context));
        table.Exec.Show("show port vlans", "Ports and the VLANs they carry", invocation => PortVlans(invocation.Context));
        table.Exec.Show("show port offloads", "What each port's receiver takes as it is, and what was done in software", invocation => Offloads(invocation.Context),
            new Words { ["offloads"] = "Checksum and segmentation offloads" });
        table.Exec.Show("show stats", "Frames and bytes of every port", invocation => Stats(invocation.Context));
        table.Exec.Show("show stats stages", "Where the workers' time goes, of one batch in 64", invocation => Stages(invocation.Context));
        table.Exec.Show("show packets", "Frames of every port by kind of destination", invocation => Packets(invocation.Context));
        table.Exec.Show("show port-drops [ingress | egress] [all]", "Dropped frames of every port by reason", Drops);
        table.Exec.Act("clear stats", "Let the counters of every port and the times of the stages start from zero", invocation => invocation.Context.ClearCounters(null));
    }

    private static IEnumerable<VemPort> InOrder(VemControl control) => control.Ports.OrderBy(port => port.Ltl);

    private static Report Ports(VemControl control)
    {
        control.RefreshLinks();
        int deviceWidth = control.Ports.Select(port => port.Device.Length + 2).Append(DeviceWidthMin).Max();
        var table = new Table(TableStyle.Plain,
            Right("LTL", 5), Right("VSM Port", 11), Right("Admin", 7), Right("Link", 5), Right("State", 7),
            Right("PC-LTL", 8), Right("SGID", 6), Right("Vem Port", deviceWidth), new Column("  Type", 12) { Name = "type" }, new Column("Reason", 40));
        foreach (VemPort port in InOrder(control))
        {
            bool adminUp = port.Policy.AdminUp;
            bool linkUp = port.SwitchPort?.Port.IsLinkUp ?? false;
            table.Add(port.Ltl, port.ShortName, adminUp ? "UP" : "DOWN", linkUp ? "UP" : "DOWN", adminUp && linkUp ? "FWD" : "BLK",
                0, "", port.Device, Value.Of("  " + port.Attachment.Kind, port.Attachment.Kind), BlockedReason(port));
        }
        return table;
    }

    private static string BlockedReason(VemPort port)
    {
        if (port.State is null)
            return port.DownReason.Length > 0 ? port.DownReason : "not numbered by a VSM";
        return port.Policy.AdminUp ? port.LinkReason : port.BlockedReason;
    }

    private static Report PortVlans(VemControl control)
    {
        var table = new Table(TableStyle.Plain,
            new Column("\n  LTL", 5) { Align = Alignment.Right, Gap = 0, Name = "ltl" },
            new Column("\nVSM Port", 11) { Align = Alignment.Right, Gap = 2, Name = "vsm_port" },
            new Column("\nMode", 4) { Name = "mode" },
            new Column("Native\nVLAN", 7) { Align = Alignment.Right, Name = "native_vlan" },
            new Column("VLAN\nState*", 7) { Align = Alignment.Right, Name = "vlan_state" },
            new Column("Allowed\nVlans", 40) { Name = "allowed_vlans" });
        foreach (VemPort port in InOrder(control))
        {
            if (port.SwitchPort is not { } open || control.Switch.Snapshot.Port(open.Index) is not { Policy: { } policy })
                continue;
            table.Add(port.Ltl, port.ShortName, policy.IsTrunk ? "T" : "A", policy.UntaggedVlan,
                policy.IsForwarding ? "FWD" : "BLK", policy.Vlans.ToString());
        }
        return table;
    }

    private static Report Offloads(VemControl control)
    {
        var table = new Table(TableStyle.Plain, Right("LTL", 5), Right("VSM Port", 11), new Column("  Offload", 34) { Name = "offload" },
            Right("sw-csum", 12), Right("sw-gso", 12));
        foreach (VemPort port in InOrder(control).Where(port => port.SwitchPort is not null))
        {
            PortCounters counters = port.SwitchPort!.ReadCounters();
            string offloads = OffloadWords.Of(port.SwitchPort.Port.Offloads);
            table.Add(port.Ltl, port.ShortName, Value.Of("  " + offloads, offloads), counters.SoftwareChecksums, counters.SoftwareSegmentations);
        }
        return table;
    }

    private static Report Stats(VemControl control)
    {
        var table = new Table(TableStyle.Plain,
            Right("LTL", 4), Right("Received", 12), Named("Bytes", 15, "received_bytes"), Right("Sent", 12), Named("Bytes", 15, "sent_bytes"),
            Right("Txflood", 10), Right("Rxdrop", 10), Right("Txdrop", 10), new Column("  Name", 18) { Name = "name" });
        foreach (VemPort port in InOrder(control).Where(port => port.SwitchPort is not null))
        {
            PortCounters counters = port.SwitchPort!.ReadCounters();
            table.Add(port.Ltl, counters.Received, counters.ReceivedBytes, counters.Sent, counters.SentBytes, counters.SentFlood,
                Dropped(counters, egress: false), Dropped(counters, egress: true), Value.Of("  " + port.Title, port.Title));
        }
        return table;
    }

    private static Report Stages(VemControl control)
    {
        var table = new Table(TableStyle.Plain,
            new Column("Stage", 10), Right("Batches", 10), Right("Frames", 12), Right("ns/batch", 11), Right("ns/frame", 11), Right("Share %", 10));
        StepTimes times = control.Switch.ReadStepTimes();
        Step[] steps = [.. Enum.GetValues<Step>().Where(step => step < Step.Count && times.Batches(step) > 0)];
        double total = steps.Sum(times.Nanoseconds);
        foreach (Step step in steps)
        {
            double nanoseconds = times.Nanoseconds(step);
            table.Add(Steps.Name(step), times.Batches(step), times.Frames(step), Tenths(nanoseconds / times.Batches(step)),
                Tenths(nanoseconds / times.Frames(step)), Tenths(100 * nanoseconds / total));
        }
        return table;
    }

    private static Value Tenths(double value) => Value.Of(value.ToString("F1", CultureInfo.InvariantCulture), value);

    private static Report Packets(VemControl control)
    {
        string[] titles = ["RxUcast", "TxUcast", "RxMcast", "TxMcast", "RxBcast", "TxBcast", "Txflood", "Rxdrop", "Txdrop"];
        var table = new Table(TableStyle.Plain, [Right("LTL", 5), .. titles.Select(title => Right(title, 10)), new Column("  Name", 18) { Name = "name" }]);
        foreach (VemPort port in InOrder(control).Where(port => port.SwitchPort is not null))
        {
            PortCounters counters = port.SwitchPort!.ReadCounters();
            table.Add(port.Ltl, counters.ReceivedUnicast, counters.SentUnicast, counters.ReceivedMulticast, counters.SentMulticast,
                counters.ReceivedBroadcast, counters.SentBroadcast, counters.SentFlood,
                Dropped(counters, egress: false), Dropped(counters, egress: true), Value.Of("  " + port.Title, port.Title));
        }
        return table;
    }

    private static Report Drops(Invocation<VemControl> invocation)
    {
        bool both = invocation.Which("ingress", "egress") is null;
        var table = new Table(TableStyle.Plain,
            new Column("LTL", 5) { Align = Alignment.Right }, new Column("VSM Port", 11) { Align = Alignment.Right },
            new Column("Direction", 9), new Column("Reason", 24), new Column("Frames", 14) { Align = Alignment.Right, Gap = 2 }, new Column("Meaning", 60));
        foreach (VemPort port in InOrder(invocation.Context).Where(port => port.SwitchPort is not null))
        {
            PortCounters counters = port.SwitchPort!.ReadCounters();
            for (DropReason reason = DropReason.None + 1; reason < DropReason.Count; reason++)
            {
                string direction = DropReasons.IsEgress(reason) ? "egress" : "ingress";
                if ((both || invocation.Has(direction)) && (invocation.Has("all") || counters.Drops(reason) > 0))
                    table.Add(port.Ltl, port.ShortName, direction, DropReasons.Name(reason), counters.Drops(reason), DropReasons.Meaning(reason));
            }
        }
        return table;
    }

    private static ulong Dropped(PortCounters counters, bool egress)
    {
        ulong sum = 0;
        for (DropReason reason = DropReason.PortBlocked; reason < DropReason.Count; reason++)
            sum += DropReasons.IsEgress(reason) == egress ? counters.Drops(reason) : 0;
        return sum;
    }

    private static Column Right(string title, int width) => new(title, width) { Align = Alignment.Right, Gap = 0 };

    private static Column Named(string title, int width, string name) => Right(title, width) with { Name = name };
}
