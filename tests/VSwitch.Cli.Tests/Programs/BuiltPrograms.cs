using System.Diagnostics;

namespace VSwitch.Cli.Tests.Programs;

/// <summary>The programs as they were built, under the names that tools/build gives them, in a folder of their own.</summary>
internal static class BuiltPrograms
{
    private static readonly string Folder = Link();

    public static string Vsw => Path.Combine(Folder, "vsw");

    public static string Vemcmd => Path.Combine(Folder, "vemcmd");

    public static string Vem => Path.Combine(AppContext.BaseDirectory, "VSwitch.Vem");

    public static string Vsm => Path.Combine(AppContext.BaseDirectory, "VSwitch.Vsm");

    /// <summary>Runs a program to its end, or the test's: clearing away after a test takes another token than the test's.</summary>
    public static async Task<Outcome> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string input = "",
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken? cancellation = null)
    {
        CancellationToken end = cancellation ?? TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string name in (string[])["VSW_VSM", "VEM_SOCKET"])
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(end);
        Task<string> error = process.StandardError.ReadToEndAsync(end);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything.
        }

        await process.WaitForExitAsync(end);
        return new Outcome(process.ExitCode, await output, await error);
    }

    // A program finds its assemblies through the links that lead to it.
    private static string Link()
    {
        string folder = Directory.CreateTempSubdirectory("vswitch-cli-programs-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        File.CreateSymbolicLink(Path.Combine(folder, "vsw"), Path.Combine(AppContext.BaseDirectory, "VSwitch.Cli"));
        File.CreateSymbolicLink(Path.Combine(folder, "vemcmd"), "vsw");
        return folder;
    }
}
