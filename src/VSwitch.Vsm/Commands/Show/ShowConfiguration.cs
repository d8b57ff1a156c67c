using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary><c>show running-config</c> and <c>show startup-config</c>.</summary>
internal static class ShowConfiguration
{
    public static void AddTo(Mode<CommandContext> exec, Grammar grammar)
    {
        exec.Show("show running-config", "Shows the configuration that the switch runs.", invocation =>
            Headed(invocation, invocation.Context.Supervisor.Configuration.CurrentText.Split('\n')[..^1]));
        exec.Show("show startup-config", "Shows the configuration that was saved.", invocation =>
            invocation.Context.Supervisor.Configuration.StartupText is { } text
                ? Headed(invocation, text.Split('\n')[..^1])
                : Report.OfLines("No startup configuration"));
        exec.Show("show running-config diff", "Shows how the running configuration differs from the saved one.", invocation =>
        {
            RunningConfiguration configuration = invocation.Context.Supervisor.Configuration;
            return Report.OfLines(ContextDiff.Lines(
                "Startup-config", Lines(configuration.StartupText ?? ""), "Running-config", Lines(configuration.CurrentText)));
        });
        exec.Show("show running-config interface <interfaces:interface-list>", "Shows the configuration of interfaces.", invocation =>
            Headed(invocation, invocation.Get<IReadOnlyList<InterfaceName>>("interfaces").SelectMany(name => Section(invocation, grammar, name))));
        exec.Show("show running-config port-profile [<profile>]", "Shows the configuration of port profiles.", invocation =>
            Headed(invocation, Profiles(invocation).SelectMany(profile =>
                grammar.Profile.RenderSection($"port-profile type {profile.Type.Word()} {profile.Name}", profile)).Skip(1)));
    }

    private static Report Headed(Invocation<CommandContext> invocation, IEnumerable<string> lines) => Report.OfLines(
    [
        $"!Command: {Command(invocation.Line)}",
        $"!Time: {Clock.Stamp(invocation.Context.Supervisor.Now)}",
        "",
        $"version {VsmVersion.Text}",
        "",
        .. lines,
    ]);

    /// <summary>The line as typed, without what stands behind a pipe.</summary>
    private static string Command(string line) => line.Split('|')[0].Trim();

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n')[..^1];

    private static IEnumerable<string> Section(Invocation<CommandContext> invocation, Grammar grammar, InterfaceName name) =>
        invocation.Context.Config.Interfaces.TryGetValue(InterfaceNames.Id(name), out InterfaceConfig? port)
            ? grammar.Interface.RenderSection($"interface {port.Id}", port).Skip(1)
            : throw new CommandException($"{name} does not exist");

    private static IEnumerable<PortProfileConfig> Profiles(Invocation<CommandContext> invocation)
    {
        SwitchConfig config = invocation.Context.Config;
        return invocation.TryGet("profile", out string name) ? [ShowProfiles.Find(config, name)] : config.Profiles.Values;
    }
}
