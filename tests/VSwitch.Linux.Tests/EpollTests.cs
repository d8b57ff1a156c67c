using VSwitch.Linux.Headers;

namespace VSwitch.Linux.Tests;

public sealed class EpollTests
{
    private readonly ulong[] _tokens = new ulong[Epoll.EventCountMax];

    [Fact]
    public void ReportsWhatIsReadableUntilItIsDrained()
    {
        using var epoll = new Epoll();
        using var quiet = new EventFd();
        using var signalled = new EventFd();
        epoll.Add(quiet.Number, token: 1);
        epoll.Add(signalled.Number, token: ulong.MaxValue);

        signalled.Signal();

        Assert.Equal(1, epoll.Wait(_tokens, -1));
        Assert.Equal(ulong.MaxValue, _tokens[0]);
        Assert.Equal(1, epoll.Wait(_tokens, 0));
        signalled.Drain();
        Assert.Equal(0, epoll.Wait(_tokens, 0));
    }

    [Fact]
    public void ReportsASilentDescriptorOnceForEachArm()
    {
        using var epoll = new Epoll();
        using var signalled = new EventFd();
        epoll.AddSilent(signalled.Number, token: 7);
        signalled.Signal();
        Assert.Equal(0, epoll.Wait(_tokens, 0));

        epoll.Arm(signalled.Number, token: 7);

        Assert.Equal(1, epoll.Wait(_tokens, 0));
        Assert.Equal(7UL, _tokens[0]);
        Assert.Equal(0, epoll.Wait(_tokens, 0));
    }

    [Fact]
    public void ForgetsADescriptorThatWasSilenced()
    {
        using var epoll = new Epoll();
        using Descriptor readable = Descriptor.From(eventfd_h.eventfd(1, eventfd_h.EFD_CLOEXEC), "eventfd");
        epoll.Add(readable.Number, token: 1);
        Assert.Equal(1, epoll.Wait(_tokens, 0));

        readable.Silence();

        Assert.Equal(0, epoll.Wait(_tokens, 0));
        Assert.False(Poll.WaitReadable(readable.Number, 0));
        epoll.Arm(readable.Number, token: 1);
        epoll.Remove(readable.Number);
    }
}
