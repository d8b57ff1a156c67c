using System.Globalization;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// The memory of this process as the kernel lists it (/proc/self/maps), and a search through what is private: heap, arenas,
/// rings, stacks. Guest memory is shared, and so not part of it.
/// </summary>
internal static unsafe class OwnMemory
{
    private const int ChunkBytes = 1 << 20;
    private const int ProbeBytes = 8;

    /// <summary>The name of the file that lies at an address.</summary>
    public static string FileAt(void* address) =>
        Regions().Single(region => region.Start <= (ulong)address && (ulong)address < region.End).File;

    /// <summary>
    /// How often bytes occur. The caller gives them inverted, so that they are not in private memory for that alone; for the
    /// same reason the search reads into shared memory.
    /// </summary>
    public static int Count(ReadOnlySpan<byte> inverted)
    {
        using FileStream memory = File.OpenRead("/proc/self/mem");
        using Descriptor file = MemoryMap.CreateFile("search", ChunkBytes);
        using MemoryMap chunk = MemoryMap.Shared(file, 0, ChunkBytes);
        int count = 0;
        foreach (Region region in Regions().Where(region => region.IsPrivate))
        {
            for (ulong at = region.Start; at < region.End;)
            {
                int bytes = Read(memory, at, new Span<byte>(chunk.Data, (int)Math.Min(region.End - at, ChunkBytes)));
                count += CountIn(new ReadOnlySpan<byte>(chunk.Data, bytes), inverted);
                at += (ulong)(bytes < inverted.Length ? Environment.SystemPageSize : bytes - (inverted.Length - 1));
            }
        }
        return count;
    }

    public static byte[] Inverted(ReadOnlySpan<byte> bytes)
    {
        byte[] inverted = new byte[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            inverted[i] = (byte)~bytes[i];
        return inverted;
    }

    /// <summary>Looks for the first few bytes, then at the others.</summary>
    private static int CountIn(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> inverted)
    {
        ReadOnlySpan<byte> probe = Inverted(inverted[..ProbeBytes]);
        int count = 0;
        for (int next; (next = bytes.IndexOf(probe)) >= 0; bytes = bytes[(next + 1)..])
        {
            if (IsAt(bytes[next..], inverted))
                count++;
        }
        return count;
    }

    private static bool IsAt(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> inverted)
    {
        if (bytes.Length < inverted.Length)
            return false;
        for (int i = 0; i < inverted.Length; i++)
        {
            if (bytes[i] != (byte)~inverted[i])
                return false;
        }
        return true;
    }

    /// <summary>The runtime goes on meanwhile: a part of a region may have gone, and nothing is read there.</summary>
    private static int Read(FileStream memory, ulong address, Span<byte> bytes)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, bytes, (long)address);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>A line of it: <c>start-end rwxp offset device inode file</c> (proc(5)).</summary>
    private static IEnumerable<Region> Regions()
    {
        foreach (string line in File.ReadAllLines("/proc/self/maps"))
        {
            string[] words = line.Split(' ', 6, StringSplitOptions.TrimEntries);
            string[] ends = words[0].Split('-');
            yield return new Region(
                ulong.Parse(ends[0], NumberStyles.HexNumber),
                ulong.Parse(ends[1], NumberStyles.HexNumber),
                words[1].StartsWith("rw", StringComparison.Ordinal) && words[1].EndsWith('p'),
                words[5]);
        }
    }

    private readonly record struct Region(ulong Start, ulong End, bool IsPrivate, string File);
}
