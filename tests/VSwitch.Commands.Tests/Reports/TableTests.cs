namespace VSwitch.Commands.Tests;

/// <summary>Layouts are those of reference/cli.md, dash for dash.</summary>
public class TableTests
{
    [Fact]
    public void Groups_of_dashes_stand_under_each_column()
    {
        var table = new Table("modules", TableStyle.Groups,
            new("Mod", 3) { Gap = 2 }, new("Ports", 5) { Gap = 2 }, new("Module-Type", 32), new("Model", 18), new("Status", 12))
        {
            { 1, 0, "Virtual Supervisor Module", "Nexus1000V", "active *" },
            { 3, 248, "Virtual Ethernet Module", "NA", "ok" },
        };

        Assert.Equal(
            """
            Mod  Ports  Module-Type                      Model              Status
            ---  -----  -------------------------------- ------------------ ------------
            1    0      Virtual Supervisor Module        Nexus1000V         active *
            3    248    Virtual Ethernet Module          NA                 ok

            """, new Report(table).ToText());
        Assert.Equal(
            """{"modules":[{"mod":1,"ports":0,"module_type":"Virtual Supervisor Module","model":"Nexus1000V","""
            + "\"status\":\"active *\"},"
            + """{"mod":3,"ports":248,"module_type":"Virtual Ethernet Module","model":"NA","status":"ok"}]}""",
            new Report(table).ToJsonText());
    }

    [Fact]
    public void Joined_groups_have_a_plus_between_them()
    {
        var table = new Table(TableStyle.JoinedGroups,
            new("VLAN", 9), new("MAC Address", 17), new("Type", 7), new("Age", 9), new("Port", 30), new("Mod", 3))
        {
            { 1, "0050.56b3.06d1", "static", 0, InterfaceName.Vethernet(1), 3 },
        };

        Assert.Equal(
            """
            VLAN      MAC Address       Type    Age       Port                           Mod
            ---------+-----------------+-------+---------+------------------------------+---
            1         0050.56b3.06d1    static  0         Veth1                          3

            """, new Report(table).ToText());
        Assert.Equal(
            """{"rows":[{"vlan":1,"mac_address":"0050.56b3.06d1","type":"static","age":0,"port":"Vethernet1","mod":3}]}""",
            new Report(table).ToJsonText());
    }

    [Fact]
    public void A_frame_stands_above_and_below_titles_of_several_lines()
    {
        var table = new Table(TableStyle.Framed,
            new("Port\nProfile", 26), new("Profile\nType", 9), new("Profile\nState", 8), new("Conf\nItems", 6),
            new("Eval\nItems", 6), new("Assigned\nIntfs", 8), new("Child\nProfs", 5))
        {
            { "web-vm", "Vethernet", 1, 1, 4, 2, 0 },
        };

        Assert.Equal(
            """
            -------------------------------------------------------------------------------
            Port                       Profile   Profile  Conf   Eval   Assigned Child
            Profile                    Type      State    Items  Items  Intfs    Profs
            -------------------------------------------------------------------------------
            web-vm                     Vethernet 1        1      4      2        0

            """, new Report(table).ToText());
        Assert.Contains(
            """ "port_profile":"web-vm","profile_type":"Vethernet" """.Trim(),
            new Report(table).ToJsonText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_wrapped_or_pushes_the_next_column()
    {
        var table = new Table(TableStyle.Groups,
            new("Owner", 8) { Overflow = Overflow.Cut }, new("Name", 4),
            new("Ports", 13) { Overflow = Overflow.Wrap }, new("Mod", 3))
        {
            { "vm-with-a-long-name", "longer", "Veth1, Veth2, Veth3", 3 },
        };

        Assert.Equal(
            """
            Owner    Name Ports         Mod
            -------- ---- ------------- ---
            vm-with- longer Veth1, Veth2, 3
                          Veth3

            """, new Report(table).ToText());
        Assert.Contains("\"owner\":\"vm-with-a-long-name\"", new Report(table).ToJsonText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_wider_than_its_column_stays_whole()
    {
        var table = new Table(TableStyle.Plain, new Column("A", 3) { Overflow = Overflow.Wrap }) { { "abcdef gh" } };

        Assert.Equal("A\nabcdef\ngh\n", new Report(table).ToText());
    }

    [Fact]
    public void Repeats_are_hidden_from_people_and_kept_for_machines()
    {
        var table = new Table(TableStyle.Underlined with { Width = 20 }, new("Profile", 8) { HideRepeats = true }, new("Port", 6))
        {
            { "web", "Veth1" },
            { "web", "Veth2" },
            { "db", "Veth3" },
        };

        Assert.Equal(
            """
            Profile  Port
            --------------------
            web      Veth1
                     Veth2
            db       Veth3

            """, new Report(table).ToText());
        Assert.Equal(2, new Report(table).ToJsonText().Split("\"web\"").Length - 1);
    }

    [Fact]
    public void A_row_may_take_several_lines()
    {
        var table = new Table(TableStyle.Framed with { Width = 30 },
            new("Mod", 3), new("VM-Name", 10), new("VethPort", 8),
            new("HypvPort", 14) { Line = 1 }, new("Adapter", 9) { Line = 1 })
        {
            { 3, "gentoo-2", "Veth3", 1025, "Adapter 3" },
        };

        Assert.Equal(
            """
            ------------------------------
            Mod VM-Name    VethPort
            HypvPort       Adapter
            ------------------------------
            3   gentoo-2   Veth3
            1025           Adapter 3

            """, new Report(table).ToText());
    }

    [Fact]
    public void Numbers_may_stand_on_the_right_of_an_indented_table()
    {
        var table = new Table(TableStyle.Plain, new("LTL", 4) { Align = Alignment.Right, Gap = 3 }, new("VSM Port", 8))
        {
            Indent = 1,
        };
        table.Add(20, "Eth3/4");

        Assert.Equal("  LTL   VSM Port\n   20   Eth3/4\n", new Report(table).ToText());
        Assert.Equal(1, table.RowCount);
    }

    [Fact]
    public void Mistakes_in_a_table_throw()
    {
        Assert.Throws<ArgumentException>(() => new Table(TableStyle.Plain, new Column("A b", 1), new Column("a-B", 1)));
        Assert.Throws<ArgumentException>(() => new Table(TableStyle.Plain, new Column("A", 1)) { { 1, 2 } });
        Assert.Throws<ArgumentException>(() => new Report(new Table(TableStyle.Plain), new Table(TableStyle.Plain)).ToJson());
    }
}
