namespace VSwitch.Policy.Tests;

public sealed class NearNamesTests
{
    private static readonly string[] Names = ["web", "webservers", "dbservers", "uplink"];

    [Theory]
    [InlineData("wbe", "; did you mean web?")]
    [InlineData("WEB", "; did you mean web, webservers?")]
    [InlineData("webserver", "; did you mean webservers, dbservers?")]
    [InlineData("up", "; did you mean uplink?")]
    [InlineData("something-else", "")]
    public void NamesThatAreNearAreSuggested(string wanted, string suggestion) => Assert.Equal(suggestion, NearNames.Suggest(wanted, Names));
}
