using VSwitch.Linux.Headers;

namespace VSwitch.Linux.Tests;

public sealed unsafe class IoRingTests
{
    /// <summary>Runs of every length, so that calls lie at every place of the ring, also round its end.</summary>
    [Fact]
    public void MakesCallsInTheirOrder()
    {
        using IoRing ring = Open();
        using var sum = new EventFd();
        ulong* written = stackalloc ulong[IoRing.CallCountMax];
        ulong* read = stackalloc ulong[IoRing.CallCountMax];
        ulong next = 1;
        for (int run = 0; run < 200; run++)
        {
            int count = 1 + run % (IoRing.CallCountMax / 2);
            for (int i = 0; i < count; i++)
            {
                written[i] = next++;
                ring.AddWrite(sum.Number, written + i, sizeof(ulong));
                ring.AddRead(sum.Number, read + i, sizeof(ulong));
            }

            Assert.Equal(Enumerable.Repeat(sizeof(ulong), 2 * count), ring.Run().ToArray());
            Assert.Equal(new Span<ulong>(written, count), new Span<ulong>(read, count));
        }
    }

    /// <summary>A call that fails does not keep those behind it from being made.</summary>
    [Fact]
    public void SaysWhichCallsFailed()
    {
        using IoRing ring = Open();
        using var ready = new EventFd();
        using var empty = new EventFd();
        ready.Signal();
        ulong* counts = stackalloc ulong[4];
        counts[3] = 5;
        (nint Data, nint Bytes) segment = ((nint)(counts + 3), sizeof(ulong));

        ring.AddRead(empty.Number, counts, sizeof(ulong));
        ring.AddRead(-1, counts + 1, sizeof(ulong));
        ring.AddRead(ready.Number, counts + 2, sizeof(ulong));
        ring.AddWrite(ready.Number, null, sizeof(ulong));
        ring.AddWriteV(empty.Number, &segment, 1);
        ring.AddRead(empty.Number, counts, sizeof(ulong));

        const int badAddress = -14;
        Assert.Equal([-Errno.EAGAIN, -Errno.EBADF, sizeof(ulong), badAddress, sizeof(ulong), sizeof(ulong)], ring.Run().ToArray());
        Assert.Equal(1UL, counts[2]);
        Assert.Equal(5UL, counts[0]);
        Assert.Equal(0, ring.Run().Length);
    }

    [Fact]
    public void GivesEverythingBack()
    {
        int before = Rings();
        int mappings = Mappings();
        IoRing[] rings = [.. Enumerable.Range(0, 20).Select(_ => Open())];
        Assert.Equal(rings.Length, Rings() - before);
        Assert.Equal(rings.Length, Mappings() - mappings);

        foreach (IoRing ring in rings)
            ring.Dispose();

        Assert.Equal(0, Mappings());
        Assert.Equal(before, Rings());
    }

    [Fact]
    public void IsEachThreadsOwn()
    {
        IoRing? mine = IoRing.OfThread();
        IoRing? other = null;
        IoRing? otherAgain = null;
        int together = 0;
        var thread = new Thread(() =>
        {
            other = IoRing.OfThread();
            otherAgain = IoRing.OfThread();
            together = Mappings();
            IoRing.CloseOfThread();
        });
        thread.Start();
        thread.Join();

        Assert.NotNull(mine);
        Assert.NotNull(other);
        Assert.Same(other, otherAgain);
        Assert.Equal(2, together);
        Assert.NotSame(mine, other);
        Assert.Same(mine, IoRing.OfThread());
        Assert.Equal(1, Mappings());
        IoRing.CloseOfThread();
        Assert.Equal(0, Mappings());
    }

    [Fact]
    public void DoesNotServeADescriptorThatMayWait()
    {
        using IoRing ring = Open();
        using Descriptor terminals = Descriptor.Open("/dev/ptmx", fcntl_h.O_RDWR);
        using var ready = new EventFd();
        Assert.False(ring.Serves(terminals.Number));
        Assert.True(ring.Serves(ready.Number));
    }

    /// <summary>Rings: each has two mappings, and neighbours are shown as one.</summary>
    private static int Rings() => Directory.GetFiles("/proc/self/fd")
        .Count(file => new FileInfo(file).LinkTarget?.Contains("io_uring", StringComparison.Ordinal) == true);

    private static int Mappings() => File.ReadLines("/proc/self/maps").Count(line => line.Contains("io_uring", StringComparison.Ordinal)) / 2;

    private static IoRing Open()
    {
        IoRing? ring = IoRing.TryOpen();
        Assert.NotNull(ring);
        return ring;
    }
}
