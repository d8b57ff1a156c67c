namespace VSwitch.Linux.Tests;

/// <summary>Both ways of dropping, judged by whether a ping across a veth pair is answered.</summary>
public sealed class IngressDropTests : IDisposable
{
    private readonly TestNamespace _near = new();
    private readonly TestNamespace _far = new();
    private readonly int _index;

    public IngressDropTests()
    {
        _near.Ip("link add port0 type veth peer name peer0 netns " + _far.Name);
        _near.Ip("link set port0 up");
        _near.Ip("addr add 10.1.2.1/24 dev port0");
        _far.Ip("link set peer0 up");
        _far.Ip("addr add 10.1.2.2/24 dev peer0");
        _index = Inside(() =>
        {
            using var links = new RouteSocket();
            return links.Find("port0")!.Index;
        });
        Assert.True(IsAnswered());
    }

    [Fact]
    public void DropsByTcxLink()
    {
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 6), "tcx came with Linux 6.6");
        Drops(program => IngressDrop.AttachLink(_index, program));
    }

    [Fact]
    public void DropsByClsactFilter()
    {
        Drops(program => IngressDrop.AttachFilter(_index, program));

        Assert.DoesNotContain("clsact", _near.Run("tc qdisc show dev port0"), StringComparison.Ordinal);
    }

    [Fact]
    public void LeavesAQdiscThatItFound()
    {
        _near.Run("tc qdisc add dev port0 clsact");

        Drops(program => IngressDrop.AttachFilter(_index, program));

        Assert.Contains("clsact", _near.Run("tc qdisc show dev port0"), StringComparison.Ordinal);
        Assert.DoesNotContain("vswitch", _near.Run("tc filter show dev port0 ingress"), StringComparison.Ordinal);
    }

    [Fact]
    public void EndsQuietlyWhenTheNetdevIsGone()
    {
        using Descriptor program = IngressDrop.LoadProgram();
        using IngressDrop filter = Inside(() => IngressDrop.AttachFilter(_index, program));
        using IngressDrop any = Inside(() => IngressDrop.Attach(_index));

        _near.Ip("link del port0");
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private void Drops(Func<Descriptor, IngressDrop> attach)
    {
        using Descriptor program = IngressDrop.LoadProgram();

        IngressDrop drop = Inside(() => attach(program));
        Assert.False(IsAnswered());

        drop.Dispose();
        Assert.True(IsAnswered());
    }

    private T Inside<T>(Func<T> work) => NetworkNamespace.Run(_near.Name, work);

    private bool IsAnswered() => Shell.TryRun(_far.Inside("ping -c 1 -W 1 10.1.2.1")).Status == 0;
}
