using VSwitch.Cli.Arguments;
using VSwitch.Cli.Servers;
using VSwitch.Cli.Vemcmd;
using VSwitch.Cli.Vsw;
using VSwitch.Cli;
using VSwitch.Hosting;

var standard = Standard.OfProcess();
string name = CalledName.OfProcess();
try
{
    return name == CalledName.Vemcmd
        ? await VemcmdProgram.RunAsync(args, Environment.GetEnvironmentVariable, standard)
        : await VswProgram.RunAsync(args, Environment.GetEnvironmentVariable, standard);
}
catch (UsageException exception)
{
    await standard.Error.WriteLineAsync($"{name}: {exception.Message}\nTry '{name} --help'.");
    return ExitCode.Usage;
}
catch (ServerUnreachableException exception)
{
    await standard.Error.WriteLineAsync($"{name}: {exception.Message}");
    return ExitCode.Unreachable;
}
finally
{
    await standard.Out.FlushAsync();
}
