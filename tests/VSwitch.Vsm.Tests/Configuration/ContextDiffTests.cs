using System.Diagnostics;

namespace VSwitch.Vsm.Tests;

public sealed class ContextDiffTests
{
    [Fact]
    public void EqualTextsHaveNoDifferences() => Assert.Empty(ContextDiff.Lines("a", ["x", "y"], "b", ["x", "y"]));

    /// <summary>What we print is a patch that makes the one text of the other, in the judgement of patch(1).</summary>
    [Fact]
    public async Task TheDifferencesAreAPatch()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            string[] before = [.. Enumerable.Range(0, random.Next(40)).Select(_ => $"line {random.Next(12)}")];
            string[] after = [.. before.SelectMany(line => Edited(random, line))];

            Assert.Equal(after, await PatchAsync(before, ContextDiff.Lines("a", before, "b", after)));
        }
    }

    [Fact]
    public void TextsWithNothingInCommonAreComparedSoon()
    {
        string[] before = [.. Enumerable.Range(0, 20_000).Select(number => $"old {number}")];
        string[] after = [.. Enumerable.Range(0, 20_000).Select(number => $"new {number}")];

        Assert.Equal(40_000 + 5, ContextDiff.Lines("a", before, "b", after).Count());
    }

    private static IEnumerable<string> Edited(Random random, string line) => random.Next(8) switch
    {
        0 => [],
        1 => [line, $"new {random.Next(5)}"],
        2 => [$"other {random.Next(5)}"],
        _ => [line],
    };

    private static async Task<string[]> PatchAsync(string[] before, IEnumerable<string> patch)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("vsm-diff-");
        try
        {
            string file = Path.Combine(directory.FullName, "text");
            await File.WriteAllLinesAsync(file, before, TestContext.Current.CancellationToken);
            string[] lines = [.. patch];
            if (lines.Length == 0)
                return before;
            using Process program = Process.Start(new ProcessStartInfo("patch", ["--context", "--silent", file]) 
            {
                RedirectStandardInput = true,
                UseShellExecute = false,
            })!;
            foreach (string line in lines)
                await program.StandardInput.WriteAsync(line + "\n");
            program.StandardInput.Close();
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, program.ExitCode);
            return await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
