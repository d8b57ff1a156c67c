using System.Text.RegularExpressions;

namespace VSwitch.Tidy.Tests;

/// <summary>What every source file keeps to.</summary>
public sealed partial class SourceTests
{
    private const int LineLengthMax = 180;

    // A test may say a long table row or a long command in one line.
    private const int TestLineLengthMax = 210;

    private const int FileLinesMax = 500;

    /// <summary>What workers run, between one batch and the next.</summary>
    private static readonly Regex DataPath = DataPathFile();

    [Fact]
    public void Files_and_lines_are_short()
    {
        foreach (string file in Sources())
        {
            string[] lines = Tree.ReadLines(file);
            Assert.True(lines.Length <= FileLinesMax, $"{file} has {lines.Length} lines; split it");
            int columns = file.StartsWith("tests/", StringComparison.Ordinal) ? TestLineLengthMax : LineLengthMax;
            int tooLong = Array.FindIndex(lines, line => line.Length > columns);
            Assert.True(tooLong < 0, $"{file}:{tooLong + 1} has more than {columns} columns");
        }
    }

    [Fact]
    public void The_data_path_takes_no_locks_and_allocates_nothing()
    {
        string[] files = [.. Tree.Files("src", ".cs").Where(file => DataPath.IsMatch(file))];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string[] lines = Tree.ReadLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                Match match = NotOnTheDataPath().Match(lines[i]);
                Assert.False(match.Success, $"{file}:{i + 1} has '{match.Value}' on the data path");
            }
        }
    }

    [Fact]
    public void Nothing_is_left_for_later_in_comments()
    {
        foreach (string file in Sources().Where(file => !file.Contains("Tidy", StringComparison.Ordinal)))
            Assert.False(Leftover().IsMatch(Tree.Read(file)), $"{file} holds a TODO, FIXME or HACK");
    }

    [Fact]
    public void No_file_names_a_path_of_some_machine()
    {
        foreach (string file in Sources().Concat(Tree.Files("tools", "")).Concat(Tree.Files("perf", ".md")).Where(file => !file.Contains("Tidy", StringComparison.Ordinal)))
            Assert.False(MachinePath().IsMatch(Tree.Read(file)), $"{file} names a path that only one machine has");
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "perf" }.SelectMany(folder => Tree.Files(folder, ".cs"));

    [GeneratedRegex(@"Forwarding/(Stages/|Pass\.cs)|Frames/(Frame|FrameBatch|SendList|PortCounters)\.cs|Ports/(Tap|Packet|Stream|VhostUser|Egress)/.*(Queue|Plan|Arena|Segmentation|SoftwareChecksum)\.cs")]
    private static partial Regex DataPathFile();

    [GeneratedRegex(@"\block\s*\(|\basync\b|\bawait\b|(?<!FrameBatch)\.(Select|Where|ToArray|ToList|Any|First|OrderBy)\(|\bList<|\bstring\.Format|\$""|\bthrow new (?!ArgumentOutOfRange)")]
    private static partial Regex NotOnTheDataPath();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"/work/|/home/\w+/|/root/")]
    private static partial Regex MachinePath();
}
