using System.Diagnostics;
using System.Text;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>Front ends that others wrote judge the port: QEMU with a boot ROM as its guest, and DPDK's virtio-user.</summary>
public sealed class VhostUserFrontEndTests
{
    private const string Qemu = "qemu-system-x86_64";
    private const string Testpmd = "dpdk-testpmd";

    /// <summary>
    /// A machine boots from the network: iPXE in QEMU asks a DHCP server behind a TAP of the same switch for an address, and
    /// loads a script and a file over HTTP, which is TCP in both directions. The device has no MSI-X vectors (vectors=0): QEMU
    /// 7.2 without KVM crashes when a vhost-user device has, whatever the back end.
    /// </summary>
    [Fact]
    public void QemuBootsThroughIt()
    {
        SkipWithout(Qemu, "dnsmasq", "python3");
        SkipWithoutFile("/usr/lib/ipxe/qemu/pxe-virtio.rom");
        using var inside = new TestNamespace();
        string directory = Directory.CreateTempSubdirectory("vswitch-boot-").FullName;
        File.WriteAllBytes(Path.Combine(directory, "payload"), new byte[4 << 20]);
        File.WriteAllText(Path.Combine(directory, "script"), "#!ipxe\nimgfetch http://10.77.0.1:8000/payload\nimgstat\necho HAS-BOOTED\n");
        TapPort tap = TapPort.Open(new TapOptions { Name = "vsw0", Namespace = inside.Name });
        VhostUserPort guest = VhostUserPort.Open(new VhostUserOptions { Path = VhostUserPeer.NewPath() });
        inside.Ip("addr add 10.77.0.1/24 dev vsw0");
        using (new TestBridge(tap, guest))
        using (Server dhcp = new(inside.Inside("dnsmasq --no-daemon --conf-file=/dev/null --interface=vsw0 --bind-interfaces --port=0 "
            + $"--dhcp-leasefile={directory}/leases --dhcp-range=10.77.0.10,10.77.0.20 --dhcp-boot=http://10.77.0.1:8000/script")))
        using (Server http = new(inside.Inside($"python3 -m http.server 8000 --bind 10.77.0.1 --directory {directory}")))
        using (Server machine = new($"{Qemu} -M q35,accel=tcg -m 128 -nographic -boot n "
            + "-object memory-backend-memfd,id=ram,size=128M,share=on -numa node,memdev=ram "
            + $"-chardev socket,id=socket,path={guest.Name} -netdev vhost-user,id=net,chardev=socket "
            + "-device virtio-net-pci,netdev=net,mac=52:54:00:aa:bb:cc,vectors=0"))
        {
            machine.WaitFor("HAS-BOOTED");
            Assert.Contains("payload : 4194304 bytes", machine.Output, StringComparison.Ordinal);
        }
        Until.True(() => guest.LastFault == VhostUserFault.Disconnected, "QEMU to leave");
        tap.Close();
        guest.Close();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Two virtio-user devices of one DPDK application exchange frames in a closed loop: none may get lost.</summary>
    [Theory]
    [InlineData(64, "")]
    [InlineData(64, ",in_order=0,mrg_rxbuf=0")]
    [InlineData(1500, "")]
    [InlineData(1500, ",in_order=0,packed_vq=0,mrg_rxbuf=1")]
    public void DpdkExchangesFramesThroughIt(int bytes, string variant)
    {
        SkipWithout(Testpmd);
        VhostUserPort left = Open();
        VhostUserPort right = Open();
        using (var bridge = new TestBridge(left, right))
        {
            using (Server application = new($"{Testpmd} --lcores 0@0,1@0 --no-pci --no-huge -m 128 --no-telemetry --file-prefix={Path.GetFileName(left.Name)} "
                + Device(0, left.Name, variant) + Device(1, right.Name, variant)
                + $"-- --forward-mode=io --tx-first --txpkts={bytes} --stats-period 1 --total-num-mbufs=4096"))
            {
                application.WaitUntil(() => bridge.Left.Sent > 10_000 && bridge.Right.Sent > 10_000, "frames both ways");
                application.Stop();
            }
            Until.True(() => left.LastFault != VhostUserFault.None && right.LastFault != VhostUserFault.None, "DPDK to leave");
            Assert.Equal(0UL, bridge.Left.Drops(Frames.DropReason.MtuExceeded));
            Assert.Equal((ulong)bytes, bridge.Left.SentBytes / bridge.Left.Sent);
        }
        Directory.Delete("/var/run/dpdk/" + Path.GetFileName(left.Name), recursive: true);
        Assert.Equal(VhostUserFault.Disconnected, left.LastFault);
        Assert.Equal(VhostUserFault.Disconnected, right.LastFault);
        left.Close();
        right.Close();
    }

    private static VhostUserPort Open() => VhostUserPort.Open(new VhostUserOptions { Path = VhostUserPeer.NewPath() });

    private static string Device(int number, string path, string variant) =>
        $"--vdev=virtio_user{number},path={path},queues=1,mac={new MacAddress(0x0200_0000_0000 + (ulong)number)}{variant} ";

    private static void SkipWithout(params string[] programs)
    {
        foreach (string program in programs)
        {
            if (Shell.TryRun("which " + program).Status != 0)
                Assert.Skip(program + " is not installed");
        }
    }

    private static void SkipWithoutFile(string path)
    {
        if (!File.Exists(path))
            Assert.Skip(path + " is not there");
    }

    /// <summary>A program that runs until the test is done with it.</summary>
    private sealed class Server : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _output = new();

        public Server(string commandLine)
        {
            _process = Shell.Start(commandLine);
            _process.OutputDataReceived += (_, line) => Append(line.Data);
            _process.ErrorDataReceived += (_, line) => Append(line.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Output
        {
            get
            {
                lock (_output)
                    return _output.ToString();
            }
        }

        public void WaitFor(string text) => WaitUntil(() => Output.Contains(text, StringComparison.Ordinal), text);

        public void WaitUntil(Func<bool> condition, string what)
        {
            var waited = Stopwatch.StartNew();
            while (!condition())
            {
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(3) && !_process.HasExited, $"no {what}:\n{Output}");
                Thread.Sleep(50);
            }
        }

        /// <summary>Ends it as a user would, so that it takes leave.</summary>
        public void Stop()
        {
            Shell.TryRun($"kill -INT {_process.Id}");
            _process.WaitForExit(TimeSpan.FromSeconds(20));
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private void Append(string? line)
        {
            lock (_output)
                _output.AppendLine(line);
        }
    }
}
