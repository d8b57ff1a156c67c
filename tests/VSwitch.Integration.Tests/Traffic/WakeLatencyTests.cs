namespace VSwitch.Integration.Tests.Traffic;

/// <summary>A VEM that keeps the processors of its host from halting, for as long as it is there.</summary>
public sealed class WakeLatencyTests : LabTest
{
    public WakeLatencyTests() : base(Laboratory.WithHosts(0, ""))
    {
    }

    [Fact]
    public void ProcessorsMayHaltAgainWhenTheVemIsKilled()
    {
        int before = Bound();

        LabHost host = Lab.AddHost("host1", vemOptions: ["--latency", "0"]);

        Assert.Equal(0, Bound());
        Assert.Equal("0 us", host.Vemcmd("show", "card", "|", "include", "wake within").Split(':')[1].Trim());
        host.Kill();
        Wait.Until(() => Bound() == before, "the kernel to choose again");
    }

    /// <summary>Microseconds that a processor may take to wake up, by the kernel.</summary>
    private static int Bound() => BitConverter.ToInt32(File.ReadAllBytes("/dev/cpu_dma_latency"));
}
