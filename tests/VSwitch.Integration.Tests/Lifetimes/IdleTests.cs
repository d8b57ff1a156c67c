namespace VSwitch.Integration.Tests.Lifetimes;

/// <summary>A switch that has nothing to do costs nothing.</summary>
public sealed class IdleTests : LabTest
{
    private const int TapCount = 20;
    private const string Configuration = """
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    public IdleTests() : base(Laboratory.WithHosts(1, Configuration))
    {
    }

    [Fact]
    public void TwentyIdleTapsCostLessThanOnePercent()
    {
        LabHost host = Lab.Hosts[0];
        for (int i = 0; i < TapCount; i++)
            Lab.AddForwardingEndpoint(host, $"idle{i}", "ten");
        Assert.Equal(TapCount, host.Vemcmd("show", "port").Split(" FWD ").Length - 1);

        host.Vem.AssertCalm(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(0.05));
    }
}
