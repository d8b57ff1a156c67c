using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VSwitch.Frames.Tests;

/// <summary>Structs that the kernel and guests read as they are lie as the C compiler lays them out.</summary>
public sealed class LayoutTests
{
    private const string Program = """
        #include <stddef.h>
        #include <stdio.h>
        #include <sys/uio.h>
        #include <linux/virtio_net.h>
        #ifndef VIRTIO_NET_HDR_GSO_UDP_L4
        #define VIRTIO_NET_HDR_GSO_UDP_L4 5 /* since Linux 6.2 */
        #endif
        int main(void)
        {
            printf("%zu %zu %zu\n", sizeof(struct iovec), offsetof(struct iovec, iov_base), offsetof(struct iovec, iov_len));
            printf("%zu %zu %zu %zu %zu %zu %zu\n", sizeof(struct virtio_net_hdr),
                offsetof(struct virtio_net_hdr, flags), offsetof(struct virtio_net_hdr, gso_type),
                offsetof(struct virtio_net_hdr, hdr_len), offsetof(struct virtio_net_hdr, gso_size),
                offsetof(struct virtio_net_hdr, csum_start), offsetof(struct virtio_net_hdr, csum_offset));
            printf("%d %d\n", VIRTIO_NET_HDR_F_NEEDS_CSUM, VIRTIO_NET_HDR_F_DATA_VALID);
            printf("%d %d %d %d %d %d\n", VIRTIO_NET_HDR_GSO_NONE, VIRTIO_NET_HDR_GSO_TCPV4, VIRTIO_NET_HDR_GSO_UDP,
                VIRTIO_NET_HDR_GSO_TCPV6, VIRTIO_NET_HDR_GSO_UDP_L4, VIRTIO_NET_HDR_GSO_ECN);
            return 0;
        }
        """;

    [Fact]
    public void LayoutsAndValuesAreThoseOfTheCHeaders()
    {
        string[] ours =
        [
            Line(Marshal.SizeOf<Segment>(), Offset<Segment>(nameof(Segment.Data)), Offset<Segment>(nameof(Segment.Bytes))),
            Line(Marshal.SizeOf<Offload>(), Offset<Offload>(nameof(Offload.Flags)), Offset<Offload>(nameof(Offload.Gso)),
                Offset<Offload>(nameof(Offload.HeaderBytes)), Offset<Offload>(nameof(Offload.SegmentBytes)),
                Offset<Offload>(nameof(Offload.ChecksumStart)), Offset<Offload>(nameof(Offload.ChecksumOffset))),
            Line((int)OffloadFlags.NeedsChecksum, (int)OffloadFlags.DataValid),
            Line((int)GsoType.None, (int)GsoType.TcpV4, (int)GsoType.Udp,
                (int)GsoType.TcpV6, (int)GsoType.UdpL4, (int)GsoType.EcnBit),
        ];
        Assert.Equal(ours, CompileAndRun(Program));
    }

    [Fact]
    public void TheKindIsTheTypeWithoutTheEcnBit()
    {
        Offload offload = new() { Gso = GsoType.TcpV6 | GsoType.EcnBit };
        Assert.True(offload.IsGso);
        Assert.Equal(GsoType.TcpV6, offload.GsoKind);
        Assert.False(default(Offload).IsGso);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void OneFlagSaysThatTheChecksumIsUnfinished(int flags, bool needsChecksum) =>
        Assert.Equal(needsChecksum, new Offload { Flags = (OffloadFlags)flags }.NeedsChecksum);

    private static string Line(params int[] values) => string.Join(' ', values);

    private static int Offset<T>(string field) => (int)Marshal.OffsetOf<T>(field);

    private static string[] CompileAndRun(string program)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("vswitch-layout-");
        try
        {
            string source = Path.Combine(directory.FullName, "layout.c"), binary = Path.Combine(directory.FullName, "layout");
            File.WriteAllText(source, program);
            Run("cc", "-o", binary, source);
            return Run(binary).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
