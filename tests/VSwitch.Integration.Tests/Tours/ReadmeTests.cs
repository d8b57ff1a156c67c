using System.Text.RegularExpressions;

namespace VSwitch.Integration.Tests.Tours;

/// <summary>The five-minute tour of README.md, command by command.</summary>
public sealed partial class ReadmeTests
{
    /// <summary>A command that fails ends the tour; one behind an exclamation mark has to fail.</summary>
    [Fact]
    public void EveryCommandOfTheTourWorks()
    {
        string readme = File.ReadAllText(Path.Combine(Programs.Root, "README.md"));
        string tour = Section(readme, "Five-minute tour");
        string[] blocks = [.. ShellBlock().Matches(tour).Select(match => match.Groups["commands"].Value)];
        Assert.True(blocks.Length >= 5, $"{blocks.Length} blocks of commands");

        string commands = Negated().Replace(string.Concat(blocks), "if ${command}; then echo 'This was to fail.' >&2; exit 1; fi");
        // The daemons have been told to end; that takes a moment.
        const string wait = "for _ in $(seq 100); do pgrep -f 'out/v(em|sm) ' >/dev/null || break; sleep 0.1; done";
        ShellResult result = Sandbox.Run($"set -ex -o pipefail\n{commands}\nset +ex +o pipefail\n{wait}\n{Sandbox.ListLeft}\n");

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.EndsWith(Sandbox.NothingLeft, result.Output, StringComparison.Ordinal);
        Assert.Equal(3, result.Output.Split(" 0% packet loss").Length - 1);
    }

    private static string Section(string text, string title)
    {
        int start = text.IndexOf($"## {title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section '{title}'.");
        int end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return text[start..(end < 0 ? text.Length : end)];
    }

    [GeneratedRegex("^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("^! (?<command>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Negated();
}
