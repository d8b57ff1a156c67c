using VSwitch.Cli.Arguments;
using VSwitch.Cli.Vemcmd;
using VSwitch.Hosting;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Arguments;

public sealed class VemcmdOptionsTests
{
    [Theory]
    [InlineData("show port", "unix:/run/vswitch/vem.sock", "show port")]
    [InlineData("--socket /s show port", "unix:/s", "show port")]
    [InlineData("show port --socket=/s", "unix:/s", "show port")]
    [InlineData("show port | grep -i up", "unix:/run/vswitch/vem.sock", "show port | grep -i up")]
    public void Reads(string line, string address, string words)
    {
        VemcmdOptions options = VemcmdOptions.Parse(line.Split(' '), _ => null)!;

        Assert.Equal(address, options.Address.ToString());
        Assert.Equal(words, string.Join(' ', options.Words));
    }

    [Fact]
    public void TheEnvironmentNamesTheSocketUnlessTheOptionDoes()
    {
        Assert.Equal("unix:/env", VemcmdOptions.Parse(["show"], _ => "/env")!.Address.ToString());
        Assert.Equal("unix:/option", VemcmdOptions.Parse(["show", "--socket", "/option"], _ => "/env")!.Address.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("attach --help")]
    [InlineData("show port -h")]
    [InlineData("?")]
    public void HelpIsWanted(string line) => Assert.Null(VemcmdOptions.Parse(line.Split(' '), _ => null));

    [Theory]
    [InlineData("", "There is nothing to do: say attach, detach, show or clear.")]
    [InlineData("show --socket", "The option '--socket' needs a value.")]
    [InlineData("--profile p attach", "There is no option '--profile' before the command.")]
    public void Refuses(string line, string message)
    {
        string[] arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(message, Assert.Throws<UsageException>(() => VemcmdOptions.Parse(arguments, _ => null)).Message);
    }

    [Fact]
    public void AttachReadsATap() => Assert.Equal(
        new AttachRequest { Kind = "tap", Device = "t0", Netns = "red", Profile = "web", Vm = "vm1", Adapter = 2, Mac = "00:50:56:00:00:01" },
        Attach("tap t0 --netns red --profile web --vm vm1 --adapter 2 --mac 00:50:56:00:00:01"));

    [Fact]
    public void AttachReadsAVhostUserPortWithTheOptionsInFront() => Assert.Equal(
        new AttachRequest { Kind = "vhost-user", Device = "/run/v.sock", Profile = "web", Vm = "vm1", Client = true, Queues = 4 },
        Attach("--client --queues=4 --profile=web --vm=vm1 vhost-user /run/v.sock"));

    [Theory]
    [InlineData("vhost-user", 68)]
    [InlineData("stream", 65535)]
    public void AttachReadsTheMtuOfASocketsPort(string kind, uint bytes) => Assert.Equal(
        new AttachRequest { Kind = kind, Device = "/run/v.sock", Profile = "web", Vm = "vm1", MtuBytes = bytes },
        Attach($"{kind} /run/v.sock --profile web --vm vm1 --mtu {bytes}"));

    [Fact]
    public void PathsAreThoseOfTheUser()
    {
        Assert.Equal(Path.GetFullPath("v.sock"), Attach("stream v.sock --profile p --vm v").Device);
        Assert.Equal(Path.GetFullPath("ns/red"), Attach("tap t0 --netns ns/red --profile p --vm v").Netns);
        Assert.Equal("red", Attach("tap t0 --netns red --profile p --vm v").Netns);
    }

    [Theory]
    [InlineData("", "attach needs tap NAME, packet IFNAME, vhost-user PATH or stream PATH.")]
    [InlineData("tun t0", "'tun' cannot be attached; it is tap NAME, packet IFNAME, vhost-user PATH or stream PATH.")]
    [InlineData("tap", "attach tap needs the name of a netdev.")]
    [InlineData("stream", "attach stream needs the PATH of a socket.")]
    [InlineData("tap a b", "'b' is one word too many behind 'attach tap a'.")]
    [InlineData("tap a --vm v", "attach needs --profile P, a port profile of type vethernet.")]
    [InlineData("tap a --profile p", "attach needs --vm VM, the name of the VM whose network card this is.")]
    [InlineData("tap a --profile", "The option '--profile' needs a value.")]
    [InlineData("tap a --client", "--client goes with vhost-user and stream, not with tap.")]
    [InlineData("tap a --queues 2", "--queues goes with vhost-user, not with tap.")]
    [InlineData("packet a --netns n", "--netns goes with tap, not with packet.")]
    [InlineData("tap a --mtu 9000", "--mtu goes with vhost-user and stream, not with tap; a netdev has its own: ip link set NETDEV mtu N.")]
    [InlineData("packet a --mtu 9000", "--mtu goes with vhost-user and stream, not with packet; a netdev has its own: ip link set NETDEV mtu N.")]
    [InlineData("stream a --mtu 67", "'67' is not a value for '--mtu'; it is a number from 68 to 65535.")]
    [InlineData("stream a --mtu 65536", "'65536' is not a value for '--mtu'; it is a number from 68 to 65535.")]
    [InlineData("vhost-user a --mtu jumbo", "'jumbo' is not a value for '--mtu'; it is a number from 68 to 65535.")]
    [InlineData("tap a --adapter 0", "'0' is not a value for '--adapter'; it is a number from 1.")]
    [InlineData("tap a --adapter one", "'one' is not a value for '--adapter'; it is a number from 1.")]
    [InlineData("stream a --client=yes --vm v", "The option '--client' takes no value.")]
    [InlineData("tap a --frob", "attach has no option '--frob'.")]
    public void AttachRefuses(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Attach(line)).Message);

    private static AttachRequest Attach(string line) => AttachArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
