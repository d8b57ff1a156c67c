using System.Runtime.InteropServices;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux.Tests;

public sealed partial class UnixSocketTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vswitch-{Guid.NewGuid():N}.sock");
    private readonly UnixSocket _listener;
    private readonly UnixSocket _left;
    private readonly UnixSocket _right;

    public UnixSocketTests()
    {
        _listener = UnixSocket.Listen(_path);
        _left = UnixSocket.TryConnect(_path)!;
        _right = _listener.TryAccept()!;
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _listener.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void CarriesDescriptorsWithTheFirstByte()
    {
        using Descriptor file = MemoryMap.CreateFile("carried", 4096);
        Assert.Equal(5, _left.Send([1, 2, 3, 4, 5], file, file));
        byte[] bytes = new byte[3];
        List<Descriptor> received = [];

        Assert.Equal(3, _right.Receive(bytes, received));

        Assert.Equal([1, 2, 3], bytes);
        Assert.Equal(2, received.Count);
        Assert.All(received, one => Assert.Equal(FileStatus.Read(file).Inode, FileStatus.Read(one).Inode));
        Assert.Equal(2, _right.Receive(bytes, received));
        Assert.Equal(2, received.Count);
        received.ForEach(one => one.Dispose());
    }

    /// <summary>The kernel takes no more into a message, so that none is left that it closes while we wait.</summary>
    [Fact]
    public void TakesAllDescriptorsThatAMessageCanHave()
    {
        using Descriptor file = MemoryMap.CreateFile("carried", 4096);
        Descriptor[] most = [.. Enumerable.Repeat(file, 253)];
        Assert.Equal(1, _left.Send([1], most));
        List<Descriptor> received = [];
        Assert.Equal(1, _right.Receive(new byte[1], received));
        Assert.Equal(most.Length, received.Count);
        received.ForEach(one => one.Dispose());
    }

    /// <summary>Otherwise receiving throws the byte away, and closes the descriptor.</summary>
    [Fact]
    public unsafe void TakesDescriptorsOfUrgentBytes()
    {
        using Descriptor file = MemoryMap.CreateFile("carried", 4096);
        byte data = 1;
        iovec vector = new() { iov_base = &data, iov_len = 1 };
        byte* control = stackalloc byte[sizeof(cmsghdr) + 8];
        *(cmsghdr*)control = new cmsghdr
        {
            cmsg_len = (nuint)(sizeof(cmsghdr) + sizeof(int)),
            cmsg_level = socket_h.SOL_SOCKET,
            cmsg_type = socket_h.SCM_RIGHTS,
        };
        *(int*)(control + sizeof(cmsghdr)) = file.Number;
        msghdr message = new() { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = (nuint)(sizeof(cmsghdr) + 8) };
        const int urgent = 1; // MSG_OOB
        if (socket_h.sendmsg(_left.Number, &message, urgent) < 0)
            Assert.Skip("no urgent bytes on unix sockets");
        List<Descriptor> received = [];

        Assert.Equal(1, _right.Receive(new byte[1], received));

        Assert.Single(received).Dispose();
    }

    [Fact]
    public void ShutdownIsSeenAtOnce()
    {
        _left.Shutdown();
        Assert.Equal(0, _right.Receive(new byte[1], []));
        Assert.Equal(-Errno.EPIPE, _right.Send([1]));
        _listener.Shutdown();
        Assert.Null(UnixSocket.TryConnect(_path));
        using UnixSocket next = UnixSocket.Listen(_path);
    }

    [Fact]
    public void NeverWaits()
    {
        Assert.Null(_listener.TryAccept());
        Assert.Equal(-Errno.EAGAIN, _right.Receive(new byte[1], []));
        _left.Dispose();
        Assert.Equal(0, _right.Receive(new byte[1], []));
        byte[] much = new byte[1 << 20];
        Assert.InRange(_right.Send(much), -200, -1);
    }

    [Fact]
    public void FindsNobodyThere()
    {
        Assert.Null(UnixSocket.TryConnect(_path + ".none"));
        _listener.Dispose();
        Assert.Null(UnixSocket.TryConnect(_path));
    }

    [Fact]
    public void KnowsAnEventFromAFile()
    {
        using Descriptor file = MemoryMap.CreateFile("no event", 8);

        Assert.Null(SharedEvent.Take(file));
    }

    /// <summary>The stranger fills the counter of a descriptor that it has made blocking: write(2) would wait for ever.</summary>
    [Fact]
    public void SignalsAnEventThatIsFullWithoutWaiting()
    {
        const int closeOnExec = 0x80000;
        var descriptor = new Descriptor(eventfd(0, closeOnExec));
        using SharedEvent shared = SharedEvent.Take(descriptor)!;
        const int setFlags = 4;
        ulong nearlyAll = ulong.MaxValue - 1;
        Assert.Equal(0, fcntl(descriptor.Number, setFlags, 0));
        Assert.Equal(sizeof(ulong), (int)write(descriptor.Number, ref nearlyAll, sizeof(ulong)));

        for (int i = 0; i < 5000; i++)
            shared.Signal();

        Assert.True(Poll.WaitReadable(descriptor.Number, 0));
    }

    [Fact]
    public void CountsSignals()
    {
        using var source = new EventFd();
        using SharedEvent shared = SharedEvent.Take(new Descriptor(dup(source.Number)))!;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 10_000; i++)
                shared.Signal();
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(sizeof(ulong), (int)read(source.Number, out ulong count, sizeof(ulong)));
        Assert.Equal(40_000UL, count);
    }

    [Fact]
    public void WakesOncePerSignal()
    {
        using var set = new WakeSet();
        using var source = new EventFd();
        set.Add(source.Number);
        Assert.False(Poll.WaitReadable(set.Number, 0));
        source.Signal();
        Assert.True(Poll.WaitReadable(set.Number, 0));
        set.Drain();
        Assert.False(Poll.WaitReadable(set.Number, 0));
        source.Signal();
        set.Signal();
        Assert.True(Poll.WaitReadable(set.Number, 0));
        set.Drain();
        Assert.False(Poll.WaitReadable(set.Number, 0));
        set.Remove(source.Number);
        source.Signal();
        Assert.False(Poll.WaitReadable(set.Number, 0));
    }

    /// <summary>The worker's epoll waits for the set, as it does for any descriptor.</summary>
    [Fact]
    public void WakesThroughAnotherEpoll()
    {
        const ulong token = 7;
        using var set = new WakeSet();
        using var source = new EventFd();
        using var outer = new Epoll();
        ulong[] tokens = new ulong[Epoll.EventCountMax];
        set.Add(source.Number);
        outer.AddSilent(set.Number, token);
        for (int i = 0; i < 3; i++)
        {
            outer.Arm(set.Number, token);
            Assert.Equal(0, outer.Wait(tokens, 0));
            source.Signal();
            Assert.Equal(1, outer.Wait(tokens, 5000));
            set.Drain();
        }
    }

    [LibraryImport("libc")]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc")]
    private static partial int dup(int fd);

    [LibraryImport("libc")]
    private static partial int fcntl(int fd, int command, int argument);

    [LibraryImport("libc")]
    private static partial nint write(int fd, ref ulong value, nuint bytes);

    [LibraryImport("libc")]
    private static partial nint read(int fd, out ulong value, nuint bytes);
}
