using System.Text.RegularExpressions;
using VSwitch.Frames;

namespace VSwitch.Tidy.Tests;

/// <summary>What the pages say is there.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Paths_that_pages_name_exist()
    {
        foreach (string page in new[] { "src", "tests", "perf" }.SelectMany(folder => Tree.Files(folder, ".md")).Append("README.md"))
        {
            string folder = Path.GetDirectoryName(page) ?? "";
            foreach (Match match in SourcePath().Matches(Tree.Read(page)))
            {
                string path = match.Groups["path"].Value.TrimEnd('/');
                string[] places = [path, Path.Combine(folder, path), Path.Combine("src", path)];
                Assert.True(places.Any(Tree.Exists), $"{page} names {path}, which does not exist");
            }
        }
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        foreach (string page in new[] { "src", "tests", "perf" }.SelectMany(folder => Tree.Files(folder, ".md")).Append("README.md"))
        {
            foreach (Match match in Link().Matches(Tree.Read(page)))
                Assert.True(Tree.Exists(Path.Combine(Path.GetDirectoryName(page) ?? "", match.Groups["target"].Value)), $"{page} links to {match.Groups["target"].Value}");
        }
    }

    [Fact]
    public void Every_drop_reason_has_a_name_and_a_sentence_of_its_own()
    {
        DropReason[] reasons = [.. Enum.GetValues<DropReason>().Where(reason => reason != DropReason.Count)];
        Assert.Equal(reasons.Length, reasons.Select(DropReasons.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(reasons, reason => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", DropReasons.Name(reason)));
        Assert.All(reasons, reason => Assert.EndsWith(".", DropReasons.Meaning(reason)));
    }

    [GeneratedRegex(@"`(?<path>(VSwitch\.\w+|tools|perf|tests|src)/[\w./-]*[\w/])`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"\]\((?!http)(?<target>[^)#]+)\)")]
    private static partial Regex Link();
}
