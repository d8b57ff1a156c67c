using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The commands of EXEC mode that do something.</summary>
internal static class ExecCommands
{
    private const string Progress = "[########################################] 100%";

    public static void AddTo(Mode<CommandContext> exec, ConfigurationMode<CommandContext, SwitchConfig> global)
    {
        exec.Enter(
            "configure [terminal]", "Goes to configuration mode.", global,
            show: _ => Report.OfLines("Enter configuration commands, one per line.  End with CNTL/Z."));
        global.Act("version <version:word>", "Is understood because a shown configuration begins with it; says nothing.", _ => { });
        exec.Show("copy running-config startup-config", "Saves the running configuration as startup configuration.", invocation =>
        {
            invocation.Context.Supervisor.Configuration.SaveAsStartup();
            return Report.OfLines(Progress, "Copy complete.");
        });
        exec.Act("write erase", "Forgets the startup configuration.", invocation => invocation.Context.Supervisor.Configuration.EraseStartup());
    }
}
