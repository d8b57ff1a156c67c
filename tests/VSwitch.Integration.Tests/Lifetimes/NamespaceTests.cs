namespace VSwitch.Integration.Tests.Lifetimes;

/// <summary>A VM's namespace is its owner's. The VEM does not keep it when it is deleted.</summary>
public sealed class NamespaceTests : LabTest
{
    private const string Configuration = """
        port-profile type vethernet one
          no shutdown
          state enabled
        """;

    public NamespaceTests() : base(Laboratory.WithHosts(0, Configuration)) => Host = Lab.AddHost("host1", uplinkCount: 0);

    private LabHost Host { get; }

    /// <summary>There is one port, so that whatever the VEM does for the first time in its life it does for that one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EndsWhenItIsDeleted(bool isVemRestarted)
    {
        Endpoint doomed = Lab.AddEndpoint(Host, "doomed", "one", "10.7.0.1/24");
        if (isVemRestarted)
        {
            Host.Stop();
            Host.Start();
            Host.WaitForVsm();
        }
        // One end of a cable ends with the namespace that the other end is in.
        Shell.Run("ip", "-n", doomed.Netns, "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", Host.Netns);
        Shell.Run("ip", "netns", "del", doomed.Netns);
        Wait.Until(() => !Shell.Run("ip", "-n", Host.Netns, "link").Contains("far", StringComparison.Ordinal), () => Threads());
        Shell.Run("ip", "netns", "add", doomed.Netns);

        string Threads() => "the namespace to end; threads are in\n" + Shell.Run("sh", "-c", $"for t in /proc/{Host.Vem.Id}/task/*; do echo $(readlink $t/ns/net) $(cat $t/comm); done");
    }
}
