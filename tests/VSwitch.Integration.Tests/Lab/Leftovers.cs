namespace VSwitch.Integration.Tests;

/// <summary>
/// What laboratories of a test run that was killed have left: processes, namespaces, folders. The name of everything in a
/// laboratory says which process made it, so that runs side by side do not touch one another.
/// </summary>
internal static class Leftovers
{
    private const string Prefix = "vt";
    private const string NamespaceFolder = "/run/netns";

    private static readonly Lazy<int> Swept = new(Sweep);

    private static int _lastNumber;

    /// <summary>The id of a new laboratory, after the laboratories of dead runs have been removed.</summary>
    public static string NewId()
    {
        _ = Swept.Value;
        return $"{Prefix}{Environment.ProcessId}x{Interlocked.Increment(ref _lastNumber):x4}";
    }

    /// <summary>The folder of a laboratory.</summary>
    public static string Folder(string id) => Path.Combine(Path.GetTempPath(), $"vswitch-{id}");

    private static int Sweep()
    {
        string[] namespaces = Directory.Exists(NamespaceFolder) ? [.. Directory.GetFiles(NamespaceFolder, $"{Prefix}*x*").Select(path => Path.GetFileName(path))] : [];
        string[] folders = Directory.GetDirectories(Path.GetTempPath(), $"vswitch-{Prefix}*x*");
        string[] ids = [.. namespaces.Select(name => name.Split('-')[0]).Concat(folders.Select(folder => Path.GetFileName(folder).Split('-')[1])).Distinct().Where(IsDead)];
        foreach (string id in ids)
        {
            foreach (int process in ProcessesOf(id))
                Shell.Try("kill", "-KILL", $"{process}");
            foreach (string netns in namespaces.Where(name => name.StartsWith(id + "-", StringComparison.Ordinal)))
            {
                foreach (string process in Shell.Try("ip", "netns", "pids", netns).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    Shell.Try("kill", "-KILL", process);
                Shell.Try("ip", "netns", "del", netns);
            }
            if (Directory.Exists(Folder(id)))
                Directory.Delete(Folder(id), recursive: true);
        }
        return ids.Length;
    }

    /// <summary>This process has made nothing yet: what carries its number is of one that had the number before.</summary>
    private static bool IsDead(string id) =>
        int.TryParse(id[Prefix.Length..].Split('x')[0], out int process)
        && (process == Environment.ProcessId || !CommandLine(process).Contains("VSwitch.Integration.Tests", StringComparison.Ordinal));

    private static IEnumerable<int> ProcessesOf(string id) =>
        from folder in Directory.GetDirectories("/proc")
        let process = int.TryParse(Path.GetFileName(folder), out int number) ? number : 0
        where process > 0 && CommandLine(process).Contains(id, StringComparison.Ordinal)
        select process;

    private static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
