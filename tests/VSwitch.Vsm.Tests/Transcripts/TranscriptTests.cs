using System.Text;
using System.Text.Json;
using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>
/// What users see, character for character. A transcript is the text of a terminal on the switch of <see cref="Lab"/>: what
/// follows a prompt is typed, all else was printed; what stands before the first prompt is a comment. A typed line that
/// ends in ? asks for help. The lines go through the management service, as those of vsw do.
/// </summary>
public sealed class TranscriptTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Transcripts");

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task TheSwitchAnswersAsWritten(string name)
    {
        await using Lab lab = await Lab.StartAsync();
        string expected = await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.txt"), TestContext.Current.CancellationToken);

        Assert.Equal(expected, await PlayAsync(lab.Vsm.User(), expected));
    }

    [Fact]
    public async Task EveryShowHasJson()
    {
        await using Lab lab = await Lab.StartAsync();
        TestUser user = lab.Vsm.User();
        string[] shows =
        [
            "running-config", "running-config diff", "running-config interface veth1", "running-config port-profile", "startup-config",
            "port-profile", "port-profile name server", "port-profile brief", "port-profile usage", "port-profile virtual usage",
            "port-profile expand-interface", "port-profile sync-status", "port-profile sync-status interface veth1", "interface",
            "interface virtual", "interface virtual description", "interface brief", "interface status", "interface switchport",
            "interface counters", "interface veth1", "interface eth3/1", "mac address-table", "mac address-table count",
            "mac address-table aging-time", "module", "module vem mapping", "module uptime", "vlan", "vlan brief", "vlan id 10",
            "vlan name default", "access-lists", "access-lists summary", "version", "clock", "switchname",
        ];
        foreach (string show in shows)
            Assert.NotEmpty(JsonDocument.Parse(user.Must($"show {show} | json")).RootElement.EnumerateObject());
    }

    private static async Task<string> PlayAsync(TestUser user, string transcript)
    {
        var actual = new StringBuilder();
        bool typed = false;
        foreach (string line in transcript.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(user.Prompt, StringComparison.Ordinal))
            {
                typed = true;
                actual.Append(line).Append('\n').Append(await AnswerAsync(user, line[user.Prompt.Length..]));
            }
            else if (!typed)
            {
                actual.Append(line).Append('\n');
            }
        }

        return actual.ToString();
    }

    private static async Task<string> AnswerAsync(TestUser user, string line)
    {
        if (line.EndsWith('?'))
            return await user.HelpAsync(line[..^1]);
        int promptWidth = user.Prompt.Length;
        ExecuteResponse response = user.Say(line);
        if (response.Ok)
            return response.Output;
        string caret = response.ErrorColumn >= 0 ? new string(' ', promptWidth + response.ErrorColumn) + "^\n" : "";
        return $"{caret}{response.Error}\n";
    }
}
