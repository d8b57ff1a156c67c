namespace VSwitch.Commands.Tests;

/// <summary>
/// What a table can be held to without knowing its commands: every command is reached by its own samples, and what a
/// setting renders brings the same configuration about again.
/// </summary>
public class RoundTripTests
{
    private static readonly CommandTable<ToySwitch> Table = ToyTable.Create();
    private static readonly Interpreter<ToySwitch> Toy = new(Table);

    private static readonly string[] Objects =
        ["vlan 1", "ip access-list web", "port-profile web", "port-profile child", "interface Vethernet1-3"];

    public static TheoryData<string, string, string> Samples() =>
        [.. from mode in Table.Modes
            from command in mode.Commands
            from sample in Manual.Samples(Table, command)
            select new TheoryDataRow<string, string, string>(mode.Name, command.Notation, sample)];

    public static TheoryData<string, string, string> ConfigurationSamples() =>
        [.. Samples().Where(sample => sample.Data.Item1 != Table.Exec.Name)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_reaches_its_command(string mode, string notation, string sample) =>
        Assert.Equal(notation, Toy.Find(SessionIn(mode), sample)?.Notation);

    [Theory]
    [MemberData(nameof(ConfigurationSamples))]
    public void What_a_command_configures_is_configured_again_by_what_is_rendered(string mode, string notation, string sample)
    {
        var toy = WithObjects();
        var before = Render(toy);
        var result = Toy.Execute(toy, SessionIn(mode), sample);
        Assert.True(result.Ok, result.Error);
        var rendered = Render(toy);

        var again = new ToySwitch();
        Assert.Null(Toy.Replay(again, SessionIn("config"), rendered));
        Assert.Equal(rendered, Render(again));

        foreach (var negation in Negations(mode, notation))
            Assert.True(Toy.Execute(toy, SessionIn(mode), "default " + negation).Ok);
        Assert.True(Render(toy).Except(before).All(line => line.Length == 0), "what default leaves behind");
    }

    [Fact]
    public void Indentation_says_to_which_mode_a_line_belongs()
    {
        var toy = new ToySwitch();
        string[] lines =
            ["! saved", "", "vlan 10", "  name ten", "", "interface Vethernet1", "hostname after", "vlan 11", "  name eleven"];

        Assert.Null(Toy.Replay(toy, SessionIn("config"), lines));

        Assert.Equal(["", "vlan 10", "  name ten", "", "vlan 11", "  name eleven", "", "interface Vethernet1"],
            Render(toy).Where(line => !line.StartsWith("hostname", StringComparison.Ordinal)));
        Assert.Equal("after", toy.Config.HostName);
    }

    [Fact]
    public void A_line_without_indentation_never_goes_to_the_section_before_it()
    {
        var failure = Toy.Replay(new ToySwitch(), SessionIn("config"), ["port-profile web", "shutdown"]);

        Assert.Equal(2, failure?.LineNumber);
        Assert.Equal("% Invalid command at '^' marker.", failure?.Result.Error);
    }

    [Fact]
    public void Replay_takes_no_abbreviations_so_that_names_stay_names()
    {
        var toy = new ToySwitch();
        Assert.Equal(1, Toy.Replay(toy, SessionIn("config"), ["port-prof web"])?.LineNumber);

        Assert.Null(Toy.Replay(toy, SessionIn("config"), ["port-profile ty"]));
        Assert.Equal("ty", Assert.Single(toy.Config.Profiles.Keys));
    }

    [Fact]
    public void Every_keyword_is_explained() => Assert.Empty(Manual.Unexplained(Table));

    private static IEnumerable<string> Negations(string mode, string notation)
    {
        var command = Table.Modes.Single(m => m.Name == mode).Commands.First(c => c.Notation == notation);
        return command.Negation is null
            ? []
            : Manual.Samples(Table, new Command<ToySwitch> { Notation = command.Negation, Help = "", Run = _ => Report.Empty });
    }

    private static ToySwitch WithObjects()
    {
        var toy = new ToySwitch();
        Assert.Null(Toy.Replay(toy, SessionIn("config"), Objects));
        return toy;
    }

    private static Session SessionIn(string mode)
    {
        var session = Toy.Start("switch");
        if (mode != "exec")
            session = session.Enter(new Level("config", "config", ""));
        var key = mode switch
        {
            "config-vlan" => "1",
            "config-if" => "Vethernet1,Vethernet2",
            "config-port-prof" => "child",
            _ => "web",
        };
        return mode is "exec" or "config" ? session : session.Enter(new Level(mode, mode, key));
    }

    private static string[] Render(ToySwitch toy) =>
        [.. ((ConfigurationMode<ToySwitch, ToyConfig>)Table.Modes.Single(mode => mode.Name == "config")).Render(toy.Config)];
}
