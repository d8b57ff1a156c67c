namespace VSwitch.Commands.Tests;

/// <summary>Every file in Transcripts is the text of a terminal, which the toy switch prints again to the character.</summary>
public class TranscriptTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Prints_what_it_printed(string name)
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".txt"), TestContext.Current.CancellationToken);
        var interpreter = new Interpreter<ToySwitch>(ToyTable.Create());

        var actual = Transcript.Run(interpreter, new ToySwitch(), interpreter.Start("switch"), expected);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void A_wrong_expectation_shows()
    {
        var interpreter = new Interpreter<ToySwitch>(ToyTable.Create());
        const string Wrong = "switch# show version\nToy switch\n\n  Version: 2.0\n";

        var actual = Transcript.Run(interpreter, new ToySwitch(), interpreter.Start("switch"), Wrong);

        Assert.Equal("switch# show version\nToy switch\n\n  Version: 1.0\n  Ports: 4\n", actual);
    }
}
