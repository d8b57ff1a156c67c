using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>What is said about the switch as a whole.</summary>
internal static class SwitchCommands
{
    private static readonly SwitchConfig Default = SwitchConfig.Empty;

    public static void AddNames(Settings<CommandContext, SwitchConfig> settings) =>
        settings.Add(
            "{hostname|switchname} <name:host-name>", "Names the switch; the name is in every prompt.",
            set: (config, invocation) => config with { HostName = invocation.Get<string>("name") },
            unset: (config, _) => config with { HostName = Default.HostName },
            render: config => config.HostName == Default.HostName ? null : $"hostname {config.HostName}",
            no: "{hostname|switchname} [<name:host-name>]");

    public static void AddMacTable(Settings<CommandContext, SwitchConfig> settings) =>
        settings.Add(
            "mac address-table aging-time <seconds:ageing>", "Says how long a learned address stays without traffic.",
            set: (config, invocation) => config with { MacAgeingSeconds = invocation.Get<int>("seconds") },
            unset: (config, _) => config with { MacAgeingSeconds = Default.MacAgeingSeconds },
            render: config => config.MacAgeingSeconds == Default.MacAgeingSeconds
                ? Array.Empty<string>()
                : ["", $"mac address-table aging-time {config.MacAgeingSeconds}"],
            no: "mac address-table aging-time [<seconds:ageing>]");
}
