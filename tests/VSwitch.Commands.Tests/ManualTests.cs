namespace VSwitch.Commands.Tests;

public class ManualTests
{
    private static readonly string Text = Manual.Write(ToyTable.Create());

    [Fact]
    public void Has_every_mode_and_command()
    {
        var table = ToyTable.Create();
        _ = new Interpreter<ToySwitch>(table);
        foreach (var mode in table.Modes)
        {
            Assert.Contains($"\n## {mode.Name}\n", Text, StringComparison.Ordinal);
            foreach (var command in mode.Commands)
            {
                var notation = NotationParser.Parse(command.Notation);
                Assert.Contains($"\n### `{notation}`\n\n{command.Help}\n", Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Says_how_a_mode_is_reached_and_what_each_word_means()
    {
        Assert.Contains(
            """
            ## config-vlan

            Change VLANs. Prompt `switch(config-vlan)# `. Entered from config with `vlan <id>`.

            ### `name <name>`

            Names the VLAN.
            Negated form: `no name [<name>]`.

            | Word | Meaning |
            | --- | --- |
            | `name` | Name the VLAN |
            | `<name>` | Word (Max Size 80): `WORD` |

            """, Text, StringComparison.Ordinal);
        Assert.Contains("| `count` | Counts the lines. |\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_keywords_that_nobody_explained()
    {
        var table = new CommandTable<ToySwitch>();
        table.Explain(("show", "Show"));
        table.Exec.Show("show clock", "Shows the time.", _ => Report.Empty);

        Assert.Equal([("clock", "show clock")], Manual.Unexplained(table));
    }
}
