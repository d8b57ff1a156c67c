using System.Diagnostics;
using System.Text.Json;

namespace VSwitch.Wire.Tests.Scapy;

/// <summary>Runs make_frames.py, which see, and skips the test where scapy is not installed (Debian: python3-scapy).</summary>
internal static class ScapyFrames
{
    private const string Python = "/usr/bin/python3";

    public static IReadOnlyList<(byte[] Frame, JsonElement Expected)> Make(int seed, int count)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import scapy.packet").ExitCode == 0, "scapy is not installed");

        string script = Path.Combine(AppContext.BaseDirectory, "Scapy", "make_frames.py");
        (int exitCode, string output, string errors) = Run(script, $"{seed}", $"{count}");
        Assert.True(exitCode == 0, errors);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
    }

    private static (byte[] Frame, JsonElement Expected) Read(string line)
    {
        JsonElement json = JsonElement.Parse(line);
        return (Convert.FromHexString(json.GetProperty("frame").GetString()!), json.GetProperty("expected"));
    }

    private static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}
