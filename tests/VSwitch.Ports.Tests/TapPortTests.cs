using VSwitch.Frames;

namespace VSwitch.Ports.Tests;

public sealed class TapPortTests
{
    [Fact]
    public void TcpCrossesTwoPortsInGsoFrames()
    {
        using var left = new TestNamespace();
        using var right = new TestNamespace();
        TapPort leftPort = TapPort.Open(new TapOptions { Name = "eth0", Namespace = left.Name });
        TapPort rightPort = TapPort.Open(new TapOptions { Name = "eth0", Namespace = right.Name });
        left.Ip("addr add 10.9.0.1/24 dev eth0");
        right.Ip("addr add 10.9.0.2/24 dev eth0");
        using (var bridge = new TestBridge(leftPort, rightPort))
        {
            using var server = Shell.Start(right.Inside("iperf3 -s -1 --forceflush"));
            while (server.StandardOutput.ReadLine() is { } line && !line.Contains("listening", StringComparison.Ordinal))
            {
            }
            string report = left.Run("iperf3 -c 10.9.0.2 -n 64M -J");
            server.WaitForExit();
            Assert.True(bridge.Right.SentBytes > 60_000_000);
            ulong framesUncut = bridge.Right.SentBytes / 1514;
            Assert.True(bridge.Right.Sent < framesUncut / 4, $"{bridge.Right.Sent} frames for {bridge.Right.SentBytes} bytes");
        }
        leftPort.Close();
        rightPort.Close();
    }
}
