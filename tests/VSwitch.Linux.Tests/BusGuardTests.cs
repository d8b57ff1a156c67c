using System.Globalization;
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

    /// <summary>The range is lost as a whole: what is left of the file does not show through.</summary>
    [Fact]
    public void PutsZerosWhereMemoryIsMissing()
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
        Assert.Equal(0, mapping.Data[0]);
        mapping.RemoveHolder();
    }

    /// <summary>However many pages are missing, they cost one mapping, and it is gone afterwards.</summary>
    [Fact]
    public void ReplacesARangeAtOnce()
    {
        const int pages = 64 << 10;
        using Descriptor file = MemoryMap.CreateFile("cut", pages * 4096L);
        SharedMapping mapping = SharedMapping.Open(file, pages * 4096L);
        nint start = (nint)mapping.Data;
        nint end = start + (nint)mapping.Bytes;
        Assert.Equal(1, CountMappings(start, end));
        Assert.Equal(0, ftruncate(file.Number, 0));

        for (int page = 1; page < 4096; page += 2)
            mapping.Data[page * 4096L] = 1;

        Assert.Equal(1, CountMappings(start, end));
        Assert.Equal(1, mapping.Data[4095 * 4096L]);
        mapping.RemoveHolder();
        Assert.Equal(0, CountMappings(start, start + 4096 * 4096));
    }

    /// <summary>Where there is no room for the range, the page that is missing will do.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1L << 62)]
    public void ReplacesAPageIfNotTheRange(long bytesAtOnce)
    {
        using MemoryMap range = MemoryMap.Anonymous(4 * 4096);
        range.Data[0] = 1;
        range.Data[2 * 4096] = 2;
        long[] table = [(nint)range.Data, range.Bytes, 0, 4096, bytesAtOnce];

        Assert.False(HandsOn(table, code: 1, (nint)range.Data + 2 * 4096 + 5));

        Assert.Equal(1, table[2]);
        Assert.Equal(1, range.Data[0]);
        Assert.Equal(0, range.Data[2 * 4096]);
    }

    /// <summary>What a process sent, what is in no range, and what cannot be replaced at all.</summary>
    [Theory]
    [InlineData(0, 5, 4096)]
    [InlineData(1, -1, 4096)]
    [InlineData(1, 4 * 4096, 4096)]
    [InlineData(1, 5, 1L << 62)]
    public void HandsOnWhatItCannotMend(int code, long offset, long pageBytes)
    {
        using MemoryMap range = MemoryMap.Anonymous(4 * 4096);
        range.Data[0] = 1;
        long[] table = [(nint)range.Data, range.Bytes, 0, pageBytes, 0];

        Assert.True(HandsOn(table, code, (nint)range.Data + (nint)offset));

        Assert.Equal(1, range.Data[0]);
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

    /// <summary>Calls the handler's code with a table of one entry.</summary>
    /// <returns>Whether it went on to the handler before it.</returns>
    private static bool HandsOn(long[] table, int code, nint address)
    {
        bool isHandedOn = false;
        using MemoryMap page = MemoryMap.Anonymous(4096);
        fixed (long* entry = table)
        {
            long previous = (nint)(delegate* unmanaged<int, long*, bool*, void>)&Previous;
            BusHandlerCode.Write(new Span<byte>(page.Data, 4096), (nint)entry, count: 1, previous);
            Assert.Equal(0, mprotect(page.Data, 4096, protection: 1 | 4));
            long* signal = stackalloc long[] { 0, code, address };
            ((delegate* unmanaged<int, long*, bool*, void>)page.Data)(7, signal, &isHandedOn);
        }
        return isHandedOn;
    }

    /// <summary>The handler before: it must get all that the signal came with.</summary>
    [UnmanagedCallersOnly]
    private static void Previous(int signal, long* information, bool* isHandedOn) => *isHandedOn = signal == 7 && information[0] == 0;

    /// <summary>Counts the mappings that a range of addresses has part in.</summary>
    private static int CountMappings(nint start, nint end)
    {
        int count = 0;
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            nint[] ends = [.. line.Split(' ')[0].Split('-').Select(number => nint.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (ends[0] < end && ends[1] > start)
                count++;
        }
        return count;
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
    private static partial int mprotect(void* address, nuint bytes, int protection);

    [LibraryImport("libc")]
    private static partial int dup(int fd);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
