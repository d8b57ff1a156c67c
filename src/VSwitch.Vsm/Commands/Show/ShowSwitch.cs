using System.Runtime.InteropServices;
using VSwitch.Commands;

namespace VSwitch.Vsm;

/// <summary>What there is to say about the switch as a whole.</summary>
internal static class ShowSwitch
{
    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("show version", "Shows the versions of software and hardware.", invocation => Version(invocation.Context));
        exec.Show("show clock", "Shows the time.", invocation =>
            new Lines(Clock.Full(invocation.Context.Supervisor.Now)) { Data = [("time", invocation.Context.Supervisor.Now.ToString("O"))] });
        exec.Show("show {switchname|hostname}", "Shows the name of the switch.", invocation =>
            new Lines(invocation.Context.Config.HostName) { Data = [("switchname", invocation.Context.Config.HostName)] });
    }

    private static Lines Version(CommandContext context)
    {
        TimeSpan up = context.Supervisor.Now - context.Supervisor.Started;
        return new Lines(
            "VSwitch virtual distributed switch",
            "",
            "Software",
            $"  vsm:      version {VsmVersion.Text}",
            $"  runtime:  {RuntimeInformation.FrameworkDescription}",
            $"  system:   {RuntimeInformation.OSDescription}",
            "",
            "Hardware",
            $"  {RuntimeInformation.OSArchitecture} with {Environment.ProcessorCount} CPUs",
            "",
            $"  Device name: {context.Config.HostName}",
            "",
            $"Supervisor uptime is {Clock.Span(up)}")
        {
            Data =
            [
                ("version", VsmVersion.Text), ("runtime", RuntimeInformation.FrameworkDescription), ("system", RuntimeInformation.OSDescription),
                ("device_name", context.Config.HostName), ("uptime_seconds", (long)up.TotalSeconds),
            ],
        };
    }
}
