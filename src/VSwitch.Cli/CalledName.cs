namespace VSwitch.Cli;

/// <summary>The name that a process was called by, which a symbolic link chooses.</summary>
internal static class CalledName
{
    public const string Vsw = "vsw";
    public const string Vemcmd = "vemcmd";

    /// <summary>The program that this process is: <see cref="Vemcmd"/> if it was called so, else <see cref="Vsw"/>.</summary>
    public static string OfProcess() => Of(File.ReadAllText("/proc/self/cmdline"));

    /// <param name="commandLine">The arguments, each ended by a zero, as proc(5) has them. The first is what the caller typed.</param>
    public static string Of(string commandLine) => Path.GetFileName(commandLine.Split('\0')[0]) == Vemcmd ? Vemcmd : Vsw;
}
