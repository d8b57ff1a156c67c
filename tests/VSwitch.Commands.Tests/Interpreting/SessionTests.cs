namespace VSwitch.Commands.Tests;

public class SessionTests
{
    private static readonly Interpreter<ToySwitch> Toy = new(ToyTable.Create());

    [Fact]
    public void Comes_back_from_its_text()
    {
        var toy = new ToySwitch();
        var session = Toy.Execute(toy, Toy.Start("lab 1"), "configure").Session;
        session = Toy.Execute(toy, session, "interface veth1-2").Session;

        Assert.Equal("lab 1\nexec -\nconfig config\nconfig-if config-if Vethernet1,Vethernet2", session.ToText());
        Assert.True(Session.TryParse(session.ToText(), out var again));
        Assert.Equal(session, again);
        Assert.Equal(session.GetHashCode(), again.GetHashCode());
        Assert.Equal("lab 1(config-if)# ", again.Prompt);
        Assert.Equal("Vethernet1,Vethernet2", again.Key);
        Assert.Equal("", again.KeyOf("config"));
        Assert.Null(again.KeyOf("config-vlan"));
    }

    [Theory]
    [InlineData("switch\nexec")]
    [InlineData("switch\n\n")]
    [InlineData("switch\n -\n")]
    [InlineData("switch\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b\na b")]
    public void A_text_that_is_no_session_is_refused(string text) => Assert.False(Session.TryParse(text, out _));

    [Theory]
    [InlineData("switch\nconfig config")]
    [InlineData("switch\nexec -\nconfig-if config-if Vethernet1")]
    [InlineData("switch\nexec -\nexec -")]
    [InlineData("switch\nexec -\nnosuch x")]
    public void A_session_whose_modes_do_not_lie_in_one_another_does_nothing(string text)
    {
        Assert.True(Session.TryParse(text, out var session));
        var toy = new ToySwitch();

        Assert.Equal("ERROR: this session is of another switch", Toy.Execute(toy, session, "terminal monitor").Error);
        Assert.Equal(0, toy.Handled);
        Assert.Empty(Toy.Help(session, "").Entries);
        Assert.Empty(Toy.Complete(toy, session, "").Candidates);
        Assert.Null(Toy.Find(session, "terminal monitor"));
    }

    [Fact]
    public void Ends_when_EXEC_mode_is_left()
    {
        var left = Toy.Execute(new ToySwitch(), Toy.Start("switch"), "exit");

        Assert.True(left.Ok);
        Assert.False(left.Session.IsOpen);
        Assert.Equal("ERROR: this session is over", Toy.Execute(new ToySwitch(), left.Session, "show version").Error);
    }
}
