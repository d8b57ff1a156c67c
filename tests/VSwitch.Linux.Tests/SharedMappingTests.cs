using System.Runtime.InteropServices;

namespace VSwitch.Linux.Tests;

/// <summary>Which files of strangers are mapped, which part of them, and in which pages.</summary>
public sealed unsafe partial class SharedMappingTests
{
    private const int HugePage = 2 << 20;

    [Fact]
    public void MapsOnlyThePagesThatWereAskedFor()
    {
        using Descriptor file = MemoryMap.CreateFile("part", 1L << 46);
        using MemoryMap same = MemoryMap.Shared(file, 0, 3 * 4096);
        SharedMapping mapping = SharedMapping.Open(file, bytes: 5000, offset: 5000);
        Assert.Equal(2 * 4096, mapping.Bytes);
        mapping.Data[0] = 1;
        mapping.Data[4999] = 2;
        Assert.Equal(1, same.Data[5000]);
        Assert.Equal(2, same.Data[9999]);
        mapping.RemoveHolder();

        SharedMapping last = SharedMapping.Open(file, bytes: 1, offset: (1UL << 46) - 1);
        Assert.Equal(4096, last.Bytes);
        last.RemoveHolder();
    }

    [Theory]
    [InlineData(1UL, 4096UL)]
    [InlineData(4096UL, 1UL)]
    [InlineData(ulong.MaxValue, 2UL)]
    [InlineData(2UL, ulong.MaxValue)]
    public void RefusesWhatIsNotInTheFile(ulong bytes, ulong offset)
    {
        using Descriptor file = MemoryMap.CreateFile("short", 4096);
        LinuxException refusal = Assert.Throws<LinuxException>(() => SharedMapping.Open(file, bytes, offset));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
    }

    [Fact]
    public void MapsHugePagesWhole()
    {
        using var pages = new HugePages(4);
        using Descriptor file = CreateHuge(2 * HugePage);
        if (file.IsInvalid)
            Assert.Skip("no huge pages");
        Assert.True(FileStatus.IsMemory(file));
        SharedMapping mapping = SharedMapping.Open(file, bytes: 10, offset: HugePage + 5);
        Assert.Equal(HugePage, mapping.Bytes);
        Assert.Equal(5, (nint)mapping.Data % HugePage);
        mapping.RemoveHolder();
    }

    /// <summary>Its block size is that of a huge page, and nothing aligns its mapping to that.</summary>
    [Fact]
    public void MapsATmpfsInSmallPagesWhateverItsBlockSizeIs()
    {
        string folder = Directory.CreateTempSubdirectory("vswitch-tmpfs-").FullName;
        if (Shell.TryRun($"mount -t tmpfs -o huge=always,size=64m none {folder}").Status != 0)
            Assert.Skip("no tmpfs with huge pages");
        using Descriptor file = OpenInMemory(Path.Combine(folder, "file"), HugePage);
        Shell.Run("umount -l " + folder);
        Directory.Delete(folder);

        SharedMapping mapping = SharedMapping.Open(file, 2 * 4096);
        Assert.Equal(2 * 4096, mapping.Bytes);
        mapping.Data[0] = 1;
        Assert.Equal(0, ftruncate(file.Number, 0));
        Assert.Equal(0, mapping.Data[4096]);
        Assert.True(mapping.IsBroken);
        mapping.RemoveHolder();
    }

    /// <summary>A file system that never answers is not asked.</summary>
    [Fact]
    public void RefusesASilentFileAtOnce()
    {
        if (!SilentFile.IsSupported)
            Assert.Skip("no fuse");
        using var file = new SilentFile();
        Exception? refusal = null;
        var opening = new Thread(() => refusal = Record.Exception(() => SharedMapping.Open(file.Descriptor, 4096))) { IsBackground = true };
        opening.Start();
        Assert.True(opening.Join(5000), "waits for the file system");
        Assert.Equal(Errno.ENODEV, Assert.IsType<LinuxException>(refusal).Errno);
    }

    [Fact]
    public void CountsAddressSpace()
    {
        const long bytes = 1L << 43;
        using Descriptor file = MemoryMap.CreateFile("large", bytes);
        SharedMapping mapping = SharedMapping.Open(file, bytes);
        Assert.InRange(SharedMapping.TotalBytes, bytes, 2 * bytes);
        mapping.AddHolder();
        mapping.RemoveHolder();
        Assert.InRange(SharedMapping.TotalBytes, bytes, 2 * bytes);
        mapping.RemoveHolder();
        Assert.InRange(SharedMapping.TotalBytes, 0, bytes - 1);
    }

    private static Descriptor CreateHuge(long bytes)
    {
        const uint hugeTlb = 4;
        var file = new Descriptor(memfd_create("huge", hugeTlb));
        bool isThere = !file.IsInvalid && ftruncate(file.Number, bytes) == 0;
        return isThere ? file : new Descriptor(-1);
    }

    private static Descriptor OpenInMemory(string path, long bytes)
    {
        const int create = 0x40;
        const int readWrite = 2;
        var file = new Descriptor(open(path, readWrite | create, 0x180));
        Assert.Equal(0, ftruncate(file.Number, bytes));
        Assert.True(FileStatus.IsMemory(file));
        return file;
    }

    [LibraryImport("libc")]
    private static partial int ftruncate(int fd, long length);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
