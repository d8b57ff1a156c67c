using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace VSwitch.Ports.Tests;

/// <summary>A Python program beside this file that answers each line with a line, on Debian's own Python for its scapy.</summary>
internal static class EgressJudge
{
    private const string Python = "/usr/bin/python3";

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>Asks about every case and takes the answers.</summary>
    public static List<string> Ask<T>(string program, string arguments, IEnumerable<T> cases, [CallerFilePath] string here = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(here)!, program);
        Assert.SkipUnless(File.Exists(Python), Python + " is not installed.");
        using Process process = Process.Start(new ProcessStartInfo(Python, $"{path} {arguments}")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();

        List<string> answers = [];
        foreach (T @case in cases)
        {
            process.StandardInput.WriteLine(JsonSerializer.Serialize(@case, CamelCase));
            string answer = process.StandardOutput.ReadLine() ?? Explain(errors);
            answers.Add(answer);
        }
        process.StandardInput.Close();
        process.WaitForExit();
        return answers;
    }

    private static string Explain(Task<string> errors)
    {
        string text = errors.GetAwaiter().GetResult();
        Assert.SkipWhen(text.Contains("No module named 'scapy'", StringComparison.Ordinal), "python3-scapy is not installed.");
        throw new InvalidOperationException(text);
    }
}
