namespace VSwitch.Commands.Tests;

public class NotationTests
{
    [Theory]
    [InlineData("show mac [vlan <vlan:vlan-id>] [interface <interface>]", "show mac [vlan <vlan>] [interface <interface>]")]
    [InlineData("ip [port] access-group <acl:name> {in|out}", "ip [port] access-group <acl> {in|out}")]
    [InlineData("allowed vlan {<v:vlan-list> | add <v:vlan-list> | all}", "allowed vlan {<v>|add <v>|all}")]
    [InlineData("match src:{any|host <a:ipv4>} {ack|syn}...", "match {any|host <a>} {ack|syn}...")]
    [InlineData("a [b|c [d]] <id:1-9>...", "a [b|c [d]] <id>...")]
    public void Is_shown_as_in_a_manual(string notation, string shown) =>
        Assert.Equal(shown, NotationParser.Parse(notation).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a {b")]
    [InlineData("a {b]")]
    [InlineData("a b}")]
    [InlineData("a [b|]")]
    [InlineData("a {}")]
    [InlineData("a <b")]
    [InlineData("a <>")]
    [InlineData("a <:word>")]
    [InlineData("a src: b")]
    [InlineData("... a")]
    [InlineData("a. ...>")]
    [InlineData("a :{b}")]
    [InlineData("a b?")]
    public void Refuses_what_is_malformed(string notation)
    {
        var problem = Assert.Throws<NotationException>(() => NotationParser.Parse(notation));
        Assert.Equal(notation, problem.Command);
    }

    [Theory]
    [InlineData("a <b:nosuch>", "there is no parameter type \"nosuch\"")]
    [InlineData("[a]", "it can be empty")]
    [InlineData("a <b:line> c", "nothing can follow <b>, which takes the rest of the line")]
    [InlineData("a <b:5-1>", "there is no parameter type \"5-1\"")]
    public void A_table_with_a_senseless_command_makes_no_interpreter(string notation, string problem)
    {
        var table = new CommandTable<ToySwitch>();
        table.Exec.Act(notation, "Does nothing.", _ => { });

        var thrown = Assert.Throws<NotationException>(() => new Interpreter<ToySwitch>(table));

        Assert.Equal($"Command \"{notation}\": {problem}", thrown.Message);
    }

    [Fact]
    public void A_mode_is_entered_from_the_mode_around_it_only()
    {
        var table = new CommandTable<ToySwitch>();
        var outer = table.AddMode("outer", "outer", "Outer.", table.Exec);
        var inner = table.AddMode("inner", "inner", "Inner.", outer);

        Assert.Throws<NotationException>(() => table.Exec.Enter("go", "Goes.", inner));
    }
}
