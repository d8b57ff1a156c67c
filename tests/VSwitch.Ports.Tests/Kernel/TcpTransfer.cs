namespace VSwitch.Ports.Tests;

/// <summary>A real TCP connection through two ports, and what it says about offloads.</summary>
internal static class TcpTransfer
{
    private const ulong Bytes = 64_000_000;

    /// <summary>iperf3 hangs up when it has written its last byte, whatever still waits in its socket.</summary>
    private const ulong BytesMin = Bytes / 2;

    private const ulong BytesOnTheWire = 1514;

    /// <summary>
    /// Transfers between the netdevs called eth0 of two namespaces. It has to arrive, and in far fewer frames than it would
    /// have when cut to the MTU: then GSO frames with partial checksums crossed both ports as they are.
    /// </summary>
    public static void Judge(TestNamespace left, TestNamespace right, IPort leftPort, IPort rightPort)
    {
        left.Ip("addr add 10.9.0.1/24 dev eth0");
        right.Ip("addr add 10.9.0.2/24 dev eth0");
        using var bridge = new TestBridge(leftPort, rightPort);
        using var server = Shell.Start(right.Inside("iperf3 -s -1 --forceflush"));
        while (server.StandardOutput.ReadLine() is { } line && !line.Contains("listening", StringComparison.Ordinal))
        {
        }

        left.Run($"iperf3 -c 10.9.0.2 -n {Bytes}");
        server.WaitForExit();

        Assert.True(bridge.Right.SentBytes > BytesMin, $"{bridge.Right.SentBytes} bytes sent");
        ulong framesIfCut = bridge.Right.SentBytes / BytesOnTheWire;
        Assert.True(bridge.Right.Sent < framesIfCut / 4, $"{bridge.Right.Sent} frames for {bridge.Right.SentBytes} bytes");
        Assert.Equal(0UL, bridge.Right.SoftwareSegmentations + bridge.Right.SoftwareChecksums);
    }
}
