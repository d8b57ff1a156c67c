using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>The <c>show module</c> family. The supervisor is module 1; the VEMs are 3 and up.</summary>
internal static class ShowModules
{
    private const string NotApplicable = "NA";
    private const int SupervisorNumber = 1;

    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("show module", "Shows the modules of the switch.", invocation => Whole(invocation.Context));
        exec.Show("show module vem mapping", "Shows which host has which module number.", invocation => Mapping(invocation.Context));
        exec.Show("show module uptime", "Shows how long each module has been running.", invocation => Uptime(invocation.Context));
    }

    private static Report Whole(CommandContext context)
    {
        var types = new Table("modules", TableStyle.Groups,
            new Column("Mod", 3) { Gap = 2 }, new Column("Ports", 5) { Gap = 2 }, new Column("Module-Type", 32), new Column("Model", 18),
            new Column("Status", 12));
        var software = new Table("software", TableStyle.Groups,
            new Column("Mod", 3) { Gap = 2 }, new Column("Sw", 18) { Gap = 2 }, new Column("Hw", 48));
        var addresses = new Table("addresses", TableStyle.Groups,
            new Column("Mod", 3) { Gap = 2 }, new Column("MAC-Address(es)", 38) { Gap = 2, Name = "mac_addresses" }, new Column("Serial-Num", 10));
        var servers = new Table("servers", TableStyle.Groups,
            new Column("Mod", 3) { Gap = 2 }, new Column("Server-IP", 15) { Gap = 2 }, new Column("Server-UUID", 36) { Gap = 2 },
            new Column("Server-Name", 20));

        types.Add(SupervisorNumber, 0, "Virtual Supervisor Module", "VSwitch", "active *");
        software.Add(SupervisorNumber, VsmVersion.Text, "0.0");
        addresses.Add(SupervisorNumber, MacBlock(SupervisorNumber), NotApplicable);
        servers.Add(SupervisorNumber, NotApplicable, NotApplicable, NotApplicable);
        foreach ((ModuleConfig said, Module? module) in Vems(context))
        {
            Hello? hello = module?.Hello;
            types.Add(
                said.Number, module is { IsConnected: true } ? module.Ports.Count : 0, "Virtual Ethernet Module", NotApplicable,
                module is { IsConnected: true } ? "ok" : "absent");
            software.Add(said.Number, Known(hello?.Version), Known(hello?.System));
            addresses.Add(said.Number, MacBlock(said.Number), NotApplicable);
            servers.Add(said.Number, Known(hello?.HostAddress), said.HostId.Length > 0 ? said.HostId : NotApplicable, Known(hello?.HostName));
        }

        return new Report(
            types, Lines.Blank, software, Lines.Blank, addresses, Lines.Blank, servers, Lines.Blank, new Lines("* this terminal session"));
    }

    private static IEnumerable<(ModuleConfig Said, Module? Module)> Vems(CommandContext context) =>
        context.Config.Modules.Values.Select(said => (said, context.Supervisor.Modules.Find(said.Number)));

    private static string Known(string? text) => string.IsNullOrEmpty(text) ? NotApplicable : AttachmentCheck.Printable(text);

    private static string MacBlock(int module) => $"02-00-0c-00-{module:x2}-00 to 02-00-0c-00-{module:x2}-80";

    private static Table Mapping(CommandContext context)
    {
        var table = new Table(TableStyle.Groups,
            new Column("Mod", 3) { Gap = 5 }, new Column("Status", 11) { Gap = 5 }, new Column("UUID", 36) { Gap = 4 },
            new Column("License Status", 14));
        foreach ((ModuleConfig said, Module? module) in Vems(context))
            table.Add(said.Number, module is { IsConnected: true } ? "powered-up" : "absent", said.HostId, "licensed");
        return table;
    }

    private static Report Uptime(CommandContext context)
    {
        var modules = new List<Report> { Uptime(SupervisorNumber, context.Supervisor.Started, context.Supervisor.Now) };
        modules.AddRange(context.Supervisor.Modules.Connected.Where(module => module.Hello is not null).Select(module =>
            Uptime(module.Number, Started(module.Hello!), context.Supervisor.Now)));
        return new Items("modules", modules);
    }

    private static DateTimeOffset Started(Hello hello) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(hello.StartTime, (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()));

    private static Report Uptime(int module, DateTimeOffset started, DateTimeOffset now)
    {
        TimeSpan up = now > started ? now - started : TimeSpan.Zero;
        return new Lines($"------ Module {module} ------", $"Module Start Time:  {Clock.Stamp(started)}", $"Up Time:            {Clock.Span(up)}")
        {
            Data = [("module", module), ("start_time", started.ToUnixTimeSeconds()), ("uptime_seconds", (long)up.TotalSeconds)],
        };
    }
}
