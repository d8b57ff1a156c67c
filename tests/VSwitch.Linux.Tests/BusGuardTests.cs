using System.Runtime.InteropServices;

namespace VSwitch.Linux.Tests;

/// <summary>Shared memory that goes away, and the machine code that makes up for it.</summary>
public sealed unsafe partial class BusGuardTests
{
    [Fact]
    public void TheAssemblerAgreesWithTheCode()
    {
        string directory = Directory.CreateTempSubdirectory("vswitch-handler-").FullName;
        try
        {
            string source = Path.Combine(directory, "handler.s");
            string linked = Path.Combine(directory, "handler.o");
            string binary = Path.Combine(directory, "handler.bin");
            File.WriteAllText(source, BusHandlerCode.Source);
            Shell.Run($"as -o {linked} {source}");
            Shell.Run($"objcopy -O binary -j .text {linked} {binary}");
            Assert.Equal(File.ReadAllBytes(binary), BusHandlerCode.Template.ToArray());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void FillsInTheNumbers()
    {
        byte[] code = new byte[BusHandlerCode.Template.Length];
        BusHandlerCode.Write(code, table: 0x0102030405060708, count: 0x11223344, previous: 0x2122232425262728);
        string hex = Convert.ToHexString(code);
        Assert.Contains("48B80807060504030201", hex, StringComparison.Ordinal);
        Assert.Contains("B944332211", hex, StringComparison.Ordinal);
        Assert.Contains("48B82827262524232221FFE0", hex, StringComparison.Ordinal);
    }

    [Fact]
    public void PutsZerosWhereAPageIsMissing()
    {
        using Descriptor file = MemoryMap.CreateFile("cut", 4 * 4096);
        SharedMapping mapping = SharedMapping.Open(file, 4 * 4096);
        mapping.Data[0] = 1;
        mapping.Data[3 * 4096] = 2;
        Assert.False(mapping.IsBroken);

        Assert.Equal(0, ftruncate(file.Number, 4096));

        Assert.Equal(0, mapping.Data[3 * 4096]);
        Assert.True(mapping.IsBroken);
        mapping.Data[2 * 4096 + 5] = 3;
        Assert.Equal(3, mapping.Data[2 * 4096 + 5]);
        Assert.Equal(1, mapping.Data[0]);
        mapping.RemoveHolder();
    }

    [Fact]
    public void MarksOnlyWhatIsBroken()
    {
        using Descriptor file = MemoryMap.CreateFile("cut", 4096);
        using Descriptor whole = MemoryMap.CreateFile("whole", 4096);
        SharedMapping mapping = SharedMapping.Open(file, 4096);
        SharedMapping other = SharedMapping.Open(whole, 4096);
        Assert.Equal(0, ftruncate(file.Number, 0));
        mapping.Data[7] = 1;
        Assert.True(mapping.IsBroken);
        Assert.False(other.IsBroken);
        mapping.RemoveHolder();
        other.RemoveHolder();

        using Descriptor next = MemoryMap.CreateFile("next", 4096);
        SharedMapping reused = SharedMapping.Open(next, 4096);
        Assert.False(reused.IsBroken);
        reused.RemoveHolder();
    }

    /// <summary>Memory in huge pages can be replaced in huge pages only.</summary>
    [Fact]
    public void ReplacesAHugePage()
    {
        const int hugePage = 2 << 20;
        using var pages = new HugePages(4);
        using Descriptor file = CreateHuge(2 * hugePage);
        if (file.IsInvalid)
            Assert.Skip("no huge pages");
        SharedMapping mapping = SharedMapping.Open(file, hugePage + 10);
        Assert.Equal(2 * hugePage, mapping.Bytes);
        Assert.Equal(0, ftruncate(file.Number, 0));
        Assert.Equal(0, mapping.Data[hugePage + 12345]);
        Assert.True(mapping.IsBroken);
        mapping.RemoveHolder();
    }

    /// <summary>What is not ours stays the runtime's business: a process without our handler would end in the same way.</summary>
    [Fact]
    public void LeavesOtherAccessesToTheRuntime()
    {
        using Descriptor file = MemoryMap.CreateFile("guarded", 4096);
        SharedMapping mapping = SharedMapping.Open(file, 4096);
        Assert.Throws<NullReferenceException>(() => ReadNull(null));
        mapping.RemoveHolder();

        static int ReadNull(string? nothing) => nothing!.Length;
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(4097UL)]
    [InlineData(ulong.MaxValue)]
    public void RefusesMoreThanTheFileHas(ulong bytes)
    {
        using Descriptor file = MemoryMap.CreateFile("short", 4096);
        LinuxException refusal = Assert.Throws<LinuxException>(() => SharedMapping.Open(file, bytes));
        Assert.Equal(Errno.EINVAL, refusal.Errno);
    }

    [Theory]
    [InlineData("/proc/self/maps")]
    [InlineData("/dev/zero")]
    [InlineData("/etc/passwd")]
    public void RefusesWhatIsNotMemory(string path)
    {
        using FileStream file = File.OpenRead(path);
        using var descriptor = new Descriptor(dup((int)file.SafeFileHandle.DangerousGetHandle()));
        Assert.Throws<LinuxException>(() => SharedMapping.Open(descriptor, 1));
    }

    private static Descriptor CreateHuge(long bytes)
    {
        const uint hugeTlb = 4;
        var file = new Descriptor(memfd_create("huge", hugeTlb));
        bool isThere = !file.IsInvalid && ftruncate(file.Number, bytes) == 0 && fallocate(file.Number, 0, 0, bytes) == 0;
        return isThere ? file : new Descriptor(-1);
    }

    [LibraryImport("libc")]
    private static partial int ftruncate(int fd, long length);

    [LibraryImport("libc")]
    private static partial int fallocate(int fd, int mode, long offset, long length);

    [LibraryImport("libc")]
    private static partial int dup(int fd);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
