using VSwitch.Cli.Terminal;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class CandidatesTests
{
    [Theory]
    [InlineData("sh", "show", "show")]
    [InlineData("SH", "show", "show")]
    [InlineData("show ", "interface", "show interface")]
    [InlineData("show p", "port port-profile", "show port")]
    [InlineData("show port", "port port-profile", "show port")]
    [InlineData("show ", "module vlan", "show ")]
    [InlineData("show module |inc", "include", "show module |include")]
    [InlineData("show show", "show", "show show")]
    public void TheLastWordGrows(string line, string candidates, string extended) =>
        Assert.Equal(extended, Candidates.Extend(line, candidates.Split(' ')));

    [Fact]
    public void ColumnsFitTheWidth() => Assert.Equal(
        """
        access-list  brief
        interface    module
        vlan

        """,
        Candidates.InColumns(["access-list", "brief", "interface", "module", "vlan"], width: 30));

    [Fact]
    public void AWordWiderThanTheWindowHasARowOfItsOwn() => Assert.Equal("abcdef\nb\n", Candidates.InColumns(["abcdef", "b"], width: 4));
}
