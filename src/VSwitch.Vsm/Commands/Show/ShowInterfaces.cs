using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The tables of the <c>show interface</c> family.</summary>
internal static class ShowInterfaces
{
    /// <summary>NX-OS draws the lines of these tables as wide as the screen.</summary>
    private static readonly TableStyle Wide = new(TableRule.Frame, Width: 80);

    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("show interface", "Shows interfaces whole.", invocation =>
            ShowInterface.Whole(invocation.Context, invocation.Context.Interfaces.All));
        exec.Show("show interface <interfaces:interface-list>", "Shows interfaces whole.", invocation =>
            ShowInterface.Whole(invocation.Context, Named(invocation)));
        exec.Show("show interface [<interfaces:interface-list>] counters", "Shows what interfaces have counted.", invocation =>
            Counters(invocation.Context, Named(invocation)));
        exec.Show("show interface virtual", "Shows whose interfaces are where.", invocation => Virtual(invocation.Context));
        exec.Show("show interface virtual description", "Shows what interfaces are described as.", invocation => Descriptions(invocation.Context));
        exec.Show("show interface [<interfaces:interface-list>] brief", "Shows a line for each interface.", invocation => Brief(Named(invocation)));
        exec.Show("show interface [<interfaces:interface-list>] status", "Shows a line with the status of each interface.", invocation =>
            Status(Named(invocation)));
        exec.Show("show interface [<interfaces:interface-list>] switchport", "Shows which VLANs interfaces carry.", invocation =>
            new Items("interfaces", Named(invocation).Select(port => ShowInterface.Switchport(invocation.Context.Config, port))));
    }

    private static IReadOnlyCollection<InterfaceStatus> Named(Invocation<CommandContext> invocation) =>
        invocation.TryGet("interfaces", out IReadOnlyList<InterfaceName> names)
            ? [.. names.Select(name => InterfaceWords.Find(invocation.Context, name))]
            : invocation.Context.Interfaces.All;

    private static Table Virtual(CommandContext context)
    {
        var table = new Table(TableStyle.Framed,
            new Column("Port", 11), new Column("Adapter", 14), new Column("Owner", 24) { Overflow = Overflow.Cut }, new Column("Mod", 3),
            new Column("Host", 20));
        foreach (InterfaceStatus port in context.Interfaces.Vethernets.Where(port => port.Config.Owner is not null))
        {
            table.Add(
                InterfaceNames.Name(port.Id), InterfaceWords.Adapter(port), InterfaceWords.Owner(port),
                port.Module is { } module ? module.Number : Value.None, port.Module is { } there ? InterfaceWords.Host(there) : Value.None);
        }

        return table;
    }

    private static Table Descriptions(CommandContext context)
    {
        var table = new Table(TableStyle.Framed, new Column("Interface", 24), new Column("Description", 50));
        foreach (InterfaceStatus port in context.Interfaces.Vethernets)
            table.Add(InterfaceNames.Name(port.Id), port.Config.Description ?? "--");
        return table;
    }

    /// <summary>A table for each class of interfaces that there are.</summary>
    private static Report Brief(IReadOnlyCollection<InterfaceStatus> ports)
    {
        var parts = new List<Part>();
        if (ports.Any(port => !port.Id.IsVethernet))
            parts.Add(BriefEthernets(ports.Where(port => !port.Id.IsVethernet)));
        if (ports.Any(port => port.Id.IsVethernet))
            parts.AddRange(parts.Count > 0 ? [Lines.Blank, BriefVethernets(ports)] : [BriefVethernets(ports)]);
        return new Report(parts);
    }

    private static Table BriefEthernets(IEnumerable<InterfaceStatus> ports)
    {
        var table = new Table("ethernet", Wide, [
            new Column("Ethernet\nInterface", 13) { Name = "interface" }, .. BriefColumns(),
            new Column("Speed", 9), new Column("Port\nCh #", 4) { Name = "port_channel" }]);
        foreach (InterfaceStatus port in ports)
            table.Add([.. BriefCells(port, "eth"), Value.Of("auto".PadLeft(9), "auto"), Value.Of("--", Value.None)]);
        return table;
    }

    private static Table BriefVethernets(IEnumerable<InterfaceStatus> ports)
    {
        var table = new Table("vethernet", Wide, [new Column("Vethernet", 13) { Name = "interface" }, .. BriefColumns(), new Column("Speed", 9)]);
        foreach (InterfaceStatus port in ports.Where(port => port.Id.IsVethernet))
            table.Add([.. BriefCells(port, "virt"), "auto"]);
        return table;
    }

    private static Column[] BriefColumns() =>
    [
        new Column("VLAN", 6), new Column("Type", 4), new Column("Mode", 6), new Column("Status", 7),
        new Column("Reason", 24) { Overflow = Overflow.Cut },
    ];

    private static Value[] BriefCells(InterfaceStatus port, string type) =>
    [
        InterfaceNames.Name(port.Id), port.Vlan, type, port.IsTrunk ? "trunk" : "access", port.IsUp ? "up" : "down",
        port.Down?.Reason ?? "none",
    ];

    private static Table Status(IReadOnlyCollection<InterfaceStatus> ports)
    {
        var table = new Table(Wide,
            new Column("Port", 13), new Column("Name", 18) { Overflow = Overflow.Cut }, new Column("Status", 9) { Overflow = Overflow.Cut },
            new Column("Vlan", 9), new Column("Duplex", 7), new Column("Speed", 7), new Column("Type", 8));
        foreach (InterfaceStatus port in ports)
        {
            table.Add(
                InterfaceNames.Name(port.Id), port.Config.Description ?? "--", StatusWord(port),
                port.IsTrunk ? "trunk" : port.Vlan, "auto", "auto", port.Id.IsVethernet ? "virtual" : "--");
        }

        return table;
    }

    private static string StatusWord(InterfaceStatus port) => port.Down switch
    {
        null => "connected",
        { } down when down == PortBlock.AdministrativelyDown => "disabled",
        { } down when down == PortBlock.NonParticipating => "nonPartcpt",
        { Reason: PortBlock.Inactive or PortBlock.Quarantine } down => down.Reason,
        _ => "notconnect",
    };

    private static Report Counters(CommandContext context, IReadOnlyCollection<InterfaceStatus> ports)
    {
        ModuleAnswers answers = ModuleAnswers.Ask(context.Supervisor.Modules.Connected, CounterTable.Question);
        var counters = new CounterTable(answers);
        (string Name, string Left, string Right, Func<Protocol.InterfaceCounters, (ulong, ulong)> Of)[] tables =
        [
            ("input", "InOctets", "InUcastPkts", port => (port.ReceivedBytes, port.ReceivedUnicast)),
            ("input_multicast", "InMcastPkts", "InBcastPkts", port => (port.ReceivedMulticast, port.ReceivedBroadcast)),
            ("output", "OutOctets", "OutUcastPkts", port => (port.SentBytes, port.SentUnicast)),
            ("output_multicast", "OutMcastPkts", "OutBcastPkts", port => (port.SentMulticast, port.SentBroadcast)),
        ];
        var parts = new List<Part>();
        foreach ((string name, string left, string right, var of) in tables)
        {
            var table = new Table(
                name, Wide,
                new Column("Port", 23), new Column(left, 25) { Align = Alignment.Right }, new Column(right, 29) { Align = Alignment.Right });
            foreach (InterfaceStatus port in ports)
            {
                (ulong first, ulong second) = of(counters.Of(port.Id));
                table.Add(InterfaceNames.Name(port.Id), first, second);
            }

            parts.AddRange(parts.Count > 0 ? [Lines.Blank, table] : [table]);
        }

        return new Report([.. parts, answers.Missing]);
    }
}
