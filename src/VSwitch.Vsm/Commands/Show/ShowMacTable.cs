using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary><c>show mac address-table</c>: what every module has learned or knows.</summary>
internal static class ShowMacTable
{
    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show(
            "show mac address-table [{address <address:mac>|vlan <vlan:vlan-id>|interface <interface>|module <module>|static|dynamic}...]",
            "Shows MAC addresses, where they are and on which module.", Whole);
        exec.Show("show mac address-table count", "Shows how many MAC addresses there are.", invocation =>
        {
            ModuleAnswers answers = Ask(invocation.Context.Supervisor.Modules.Connected);
            int count = answers.Given.Sum(pair => pair.Answer.MacTable?.Entries.Count ?? 0);
            return new Report(Total(count), answers.Missing);
        });
        exec.Show("show mac address-table aging-time", "Shows how long a learned address stays without traffic.", invocation =>
            new Lines("Aging Time", "----------", $"    {invocation.Context.Config.MacAgeingSeconds}")
            {
                Data = [("aging_time", invocation.Context.Config.MacAgeingSeconds)],
            });
    }

    private sealed record Entry(int Vlan, MacAddress Mac, InterfaceId Port, bool IsStatic, uint AgeSeconds, int Module);

    private static ModuleAnswers Ask(IEnumerable<Module> modules) =>
        ModuleAnswers.Ask(modules, () => new Question { MacTable = new MacTableQuestion() });

    private static Report Whole(Invocation<CommandContext> invocation)
    {
        var modules = invocation.Context.Supervisor.Modules.Connected;
        ModuleAnswers answers = Ask(invocation.TryGet("module", out int number) ? modules.Where(module => module.Number == number) : modules);
        Entry[] entries =
        [
            .. answers.Given.SelectMany(pair => Entries(pair.Module, pair.Answer)).Where(Filter(invocation))
                .OrderBy(entry => entry.Vlan).ThenBy(entry => entry.Mac).ThenBy(entry => entry.Module),
        ];

        var table = new Table(TableStyle.JoinedGroups,
            new Column("VLAN", 9), new Column("MAC Address", 17), new Column("Type", 7), new Column("Age", 9), new Column("Port", 30),
            new Column("Mod", 3));
        foreach (Entry entry in entries)
        {
            table.Add(
                entry.Vlan, entry.Mac.ToCisco(), entry.IsStatic ? "static" : "dynamic", entry.AgeSeconds, InterfaceNames.Name(entry.Port),
                entry.Module);
        }

        return new Report(table, Total(entries.Length), answers.Missing);
    }

    private static Lines Total(int count) => new($"Total MAC Addresses: {count}") { Data = [("total", count)] };

    /// <summary>What a module says is checked here; an entry that makes no sense is left out.</summary>
    private static IEnumerable<Entry> Entries(Module module, Answer answer)
    {
        foreach (MacEntry entry in answer.MacTable?.Entries ?? [])
        {
            if (MacAddress.TryParse(entry.Mac, out MacAddress mac) && InterfaceId.TryParse(entry.Interface, out InterfaceId port))
                yield return new Entry((int)Math.Min(entry.Vlan, VlanSet.VlanMax), mac, port, entry.IsStatic, entry.AgeSeconds, module.Number);
        }
    }

    private static Func<Entry, bool> Filter(Invocation<CommandContext> invocation)
    {
        MacAddress? mac = invocation.TryGet("address", out System.Net.NetworkInformation.PhysicalAddress address)
            ? MacAddress.Read(address.GetAddressBytes())
            : null;
        int? vlan = invocation.TryGet("vlan", out int id) ? id : null;
        InterfaceId? port = invocation.TryGet("interface", out InterfaceName name) ? InterfaceNames.Id(name) : null;
        bool? isStatic = invocation.Has("static") ? true : invocation.Has("dynamic") ? false : null;
        return entry => (mac ?? entry.Mac) == entry.Mac && (vlan ?? entry.Vlan) == entry.Vlan && (port ?? entry.Port) == entry.Port
            && (isStatic ?? entry.IsStatic) == entry.IsStatic;
    }
}
