namespace VSwitch.Commands.Tests;

public class InterpreterTests
{
    private static readonly Interpreter<ToySwitch> Toy = new(ToyTable.Create());

    private readonly ToySwitch _toy = new();
    private Session _session = Toy.Start("switch");

    [Fact]
    public void A_command_of_an_outer_mode_leaves_the_inner_ones()
    {
        Type("configure", "interface veth1", "vlan 20");
        Assert.Equal("switch(config-vlan)# ", _session.Prompt);
        Assert.Equal(3, _session.Levels.Count);

        Type("hostname other");
        Assert.Equal("switch(config)# ", _session.Prompt);
    }

    [Fact]
    public void An_EXEC_command_leaves_nothing()
    {
        Type("configure", "interface veth1", "show version", "do show version", "terminal monitor");
        Assert.Equal("switch(config-if)# ", _session.Prompt);

        Type("configure");
        Assert.Equal("switch(config)# ", _session.Prompt);
    }

    [Fact]
    public void A_word_that_is_ambiguous_here_is_not_tried_further_out()
    {
        Type("configure", "port-profile web");

        var result = Toy.Execute(_toy, _session, "s version");

        Assert.Equal(0, result.ErrorColumn);
        Assert.StartsWith("% Ambiguous command", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_of_a_range_is_made_on_every_interface()
    {
        Type("configure", "interface Veth1-3", "shutdown", "interface veth2", "no shutdown");

        Assert.Equal([true, false, true], _toy.Config.Interfaces.Values.Select(port => port.Port.Shutdown));
    }

    [Fact]
    public void No_and_default_differ_where_a_setting_makes_them_differ()
    {
        Type("configure", "interface veth1", "no shutdown");
        Assert.False(_toy.Config.Interfaces[InterfaceName.Vethernet(1)].Port.Shutdown);

        Type("default shutdown");
        Assert.Null(_toy.Config.Interfaces[InterfaceName.Vethernet(1)].Port.Shutdown);
    }

    [Fact]
    public void A_refused_command_changes_neither_configuration_nor_session()
    {
        Type("configure", "port-profile web", "port-profile child", "inherit port-profile web");
        var before = _toy.Config;

        var result = Toy.Execute(_toy, _session, "no port-profile web");

        Assert.Equal("ERROR: port profile in use", result.Error);
        Assert.Null(result.ErrorColumn);
        Assert.Same(before, _toy.Config);
        Assert.Equal(_session, result.Session);
    }

    [Fact]
    public void A_session_whose_object_is_gone_is_told_so()
    {
        Type("configure", "port-profile web");
        var other = new ToySwitch();

        Assert.Equal("ERROR: web does not exist any more", Toy.Execute(other, _session, "shutdown").Error);
    }

    [Theory]
    [InlineData("interface veth 1, veth 2,eth3/2 , po1", false)]
    [InlineData("interface veth 1, veth 2, eth 3/2,po1", true)]
    [InlineData("interface veth 1,", false)]
    [InlineData("interface veth1, shutdown", false)]
    public void Interfaces_of_a_list_may_stand_apart(string line, bool understood)
    {
        Type("configure");
        Assert.Equal(understood, Toy.Execute(_toy, _session, line).Ok);
        Assert.Equal(understood ? 4 : 0, _toy.Config.Interfaces.Count);
    }

    [Fact]
    public void A_filter_that_is_not_understood_keeps_its_command_from_running()
    {
        Assert.False(Toy.Execute(_toy, _session, "terminal monitor | include (").Ok);
        Assert.Equal(0, _toy.Handled);
    }

    [Theory]
    [InlineData("configure | count", "1\n")]
    [InlineData("show version | include 'o|z' | count", "3\n")]
    [InlineData("show version | include o|z", "Toy switch\n  Version: 1.0\n  Ports: 4\n")]
    [InlineData("show version | include \"y | z\"", "Toy switch\n")]
    [InlineData("show version | include  .:.[0-9]", "  Version: 1.0\n  Ports: 4\n")]
    public void A_pipe_inside_a_regular_expression_is_no_pipe(string line, string text) =>
        Assert.Equal(text, Toy.Execute(_toy, _session, line).Report.ToText());

    [Theory]
    [InlineData("SHOW Version")]
    [InlineData("  show\tversion  ")]
    [InlineData("sh ve")]
    public void Case_and_spaces_do_not_matter(string line) => Assert.True(Toy.Execute(_toy, _session, line).Ok);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("! show nothing")]
    [InlineData("  !")]
    public void A_comment_does_nothing(string line)
    {
        var result = Toy.Execute(_toy, _session, line);
        Assert.True(result.Ok);
        Assert.Equal("", result.ToText(0));
        Assert.Equal(_session, result.Session);
    }

    [Fact]
    public void A_quoted_word_is_never_a_keyword()
    {
        Type("configure", "port-profile \"type\"");
        Assert.Equal("type", Assert.Single(_toy.Config.Profiles.Keys));
        Assert.False(Toy.Execute(_toy, _session, "\"end\"").Ok);
    }

    [Fact]
    public void A_line_has_a_greatest_length()
    {
        var line = "show version" + new string(' ', Interpreter<ToySwitch>.LineLengthMax);
        Assert.Equal("ERROR: a line has at most 8192 characters", Toy.Execute(_toy, _session, line).Error);
        Assert.Null(Toy.Find(_session, line));
    }

    [Fact]
    public void The_common_prefix_of_completions_can_be_typed_at_once()
    {
        Type("configure", "port-profile web-vm", "port-profile web-test");
        var completion = Toy.Complete(_toy, _session, "inherit port-profile w");

        Assert.Equal(21, completion.Column);
        Assert.Equal("web-", completion.CommonPrefix);
        Assert.Equal("", Toy.Complete(_toy, _session, "inherit port-profile x").CommonPrefix);
    }

    [Fact]
    public void Repeated_values_are_all_given()
    {
        var table = new CommandTable<List<int>>();
        table.Exec.Act("backup <id:1-9>...", "Sets backups.", i => i.Context.AddRange(i.GetAll<int>("id")));
        var interpreter = new Interpreter<List<int>>(table);
        var context = new List<int>();

        Assert.True(interpreter.Execute(context, interpreter.Start("s"), "backup 3 1 2").Ok);

        Assert.Equal([3, 1, 2], context);
    }

    [Fact]
    public void A_repeated_group_with_equal_branches_does_not_multiply_the_work()
    {
        var table = new CommandTable<ToySwitch>();
        table.Exec.Act("go {a|a|a|<x:1-9>|<y:1-9>}...", "Goes.", _ => { });
        var interpreter = new Interpreter<ToySwitch>(table);

        Assert.True(interpreter.Execute(_toy, interpreter.Start("s"), "go" + string.Concat(Enumerable.Repeat(" a 1", 1000))).Ok);
    }

    [Fact]
    public void Asking_for_a_value_that_was_not_declared_is_a_mistake_of_the_handler()
    {
        var table = new CommandTable<ToySwitch>();
        table.Exec.Act("go", "Goes.", invocation => invocation.Get<int>("nosuch"));
        var interpreter = new Interpreter<ToySwitch>(table);

        Assert.Throws<KeyNotFoundException>(() => interpreter.Execute(_toy, interpreter.Start("s"), "go"));
    }

    [Fact]
    public void A_caller_can_refuse_what_a_command_did()
    {
        var refused = Result.Refused(_session, "the store is full");
        Assert.False(refused.Ok);
        Assert.Equal("ERROR: the store is full\n", refused.ToText(8));
    }

    private void Type(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var result = Toy.Execute(_toy, _session, line);
            Assert.True(result.Ok, result.Error);
            _session = result.Session;
        }
    }
}
