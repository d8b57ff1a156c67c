namespace VSwitch.Commands.Tests;

public class ReportTests
{
    [Fact]
    public void Fields_under_a_title_with_values_in_a_column()
    {
        var fields = new Fields(new FieldStyle { Indent = 2, ValueColumn = 16 })
        {
            Title = "SVS domain config:",
        };
        fields.Add("Domain id", 34);
        fields.Add("Control vlan", 1);
        fields.Add("L2/L3 Control mode", "L2");
        fields.Add("Status", Value.None);

        Assert.Equal(
            """
            SVS domain config:
              Domain id:    34
              Control vlan: 1
              L2/L3 Control mode: L2
              Status:

            """, new Report(fields).ToText());
        Assert.Equal(
            """{"domain_id":34,"control_vlan":1,"l2_l3_control_mode":"L2","status":null}""", new Report(fields).ToJsonText());
    }

    [Theory]
    [InlineData(18, ": ", "type              : local\n")]
    [InlineData(-20, ":   ", "                type:   local\n")]
    [InlineData(0, " = ", "type = local\n")]
    public void Keys_are_filled_up_on_either_side(int keyWidth, string separator, string text)
    {
        var fields = new Fields(new FieldStyle { KeyWidth = keyWidth, Separator = separator }) { { "type", "local" } };

        Assert.Equal(text, new Report(fields).ToText());
    }

    [Fact]
    public void Things_of_one_kind_are_an_array()
    {
        var report = new Report(new Items("port_profiles", new[] { "web", "db" }.Select(Profile)));

        Assert.Equal(
            """
            port-profile web
             type: Vethernet
             assigned interfaces:
              Veth1
              Veth2

            port-profile db
             type: Vethernet
             assigned interfaces:
              Veth1
              Veth2

            """, report.ToText());
        Assert.Equal(
            """{"port_profiles":[{"name":"web","type":"Vethernet","assigned_interfaces":["Vethernet1","Vethernet2"]},"""
            + """{"name":"db","type":"Vethernet","assigned_interfaces":["Vethernet1","Vethernet2"]}]}""",
            report.ToJsonText());
    }

    [Fact]
    public void Parts_make_one_object_and_decoration_adds_nothing()
    {
        var report = new Report(
            new Lines("Flags:  P - up"),
            Lines.Blank,
            new Fields { Name = "summary" },
            new Lines("5 Input Packets") { Data = [("input_packets", 5), ("rate", 1.5), ("up", true)] });

        Assert.Equal("Flags:  P - up\n\n5 Input Packets\n", report.ToText());
        Assert.Equal("""{"summary":{},"input_packets":5,"rate":1.5,"up":true}""", report.ToJsonText());
    }

    [Fact]
    public void A_report_of_lines_alone_has_them_in_JSON()
    {
        Assert.Equal("""{"lines":["a \"b\" <c>","é"]}""", Report.OfLines("a \"b\" <c>\né").ToJsonText());
        Assert.Equal("{}", Report.Empty.ToJsonText());
        Assert.Equal("", Report.Empty.ToText());
    }

    [Fact]
    public void Values_keep_their_machine_form()
    {
        Assert.Equal("18446744073709551615", ((Value)ulong.MaxValue).ToJson()!.ToJsonString());
        Assert.Equal("4294967295", ((Value)uint.MaxValue).ToJson()!.ToJsonString());
        Assert.Equal("172800", Value.Of("2 day(s)", 172800).ToJson()!.ToJsonString());
        Assert.Equal("yes", ((Value)true).Text);
        Assert.Equal("1-3,5", ((Value)NumberSet.Of(1, 2, 3, 5)).Text);
        Assert.Null(((Value)double.NaN).ToJson());
        Assert.Null(((Value)(string?)null).ToJson());
        Assert.Equal("Veth1 Veth2", Value.List([InterfaceName.Vethernet(1), InterfaceName.Vethernet(2)], " ").Text);
    }

    private static Report Profile(string name)
    {
        var fields = new Fields(FieldStyle.Indented(1)) { { "type", "Vethernet" } };
        fields.AddList("assigned interfaces", [InterfaceName.Vethernet(1), InterfaceName.Vethernet(2)]);
        return new Report(new Lines($"port-profile {name}") { Data = [("name", name)] }, fields);
    }
}
