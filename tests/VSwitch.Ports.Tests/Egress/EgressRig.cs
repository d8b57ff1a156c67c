using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Wire;

namespace VSwitch.Ports.Tests;

/// <summary>
/// A batch, a plan and counters. Every run of bytes of every frame ends where a page ends that is followed by one that
/// nobody may touch, so that a read beyond it ends the test program.
/// </summary>
internal sealed unsafe class EgressRig : IDisposable
{
    public const int Mtu = 65_535;

    private readonly List<GuardedBytes> _bytes = [];

    public FrameBatch Batch { get; } = new();

    public SendPlan Plan { get; init; } = new();

    public PortCounters Counters { get; } = new();

    /// <summary>Receives a frame as the parse stage leaves it, its bytes cut at the offsets <paramref name="cuts"/>.</summary>
    /// <returns>Whether its metadata is valid.</returns>
    public bool Receive(byte[] bytes, Offload offload = default, int outOfBandTci = SendEntry.Untagged, params int[] cuts)
    {
        int head = cuts.Length == 0 ? bytes.Length : cuts[0];
        ref Frame frame = ref Batch.Add();
        frame.Lend(Guard(bytes.AsSpan(0, head)), head, slot: 0);
        frame.Tail = Batch.TakeSegments(cuts.Length);
        frame.TailCount = cuts.Length;
        frame.FrameBytes = bytes.Length;
        for (int i = 0; i < cuts.Length; i++)
        {
            int end = i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length;
            frame.Tail[i] = new Segment { Data = Guard(bytes.AsSpan(cuts[i]..end)), Bytes = (nuint)(end - cuts[i]) };
        }

        frame.Offload = offload;
        frame.HasOutOfBandTag = outOfBandTci != SendEntry.Untagged;
        frame.OutOfBandTci = (ushort)outOfBandTci;
        return FrameParser.TryParse(frame.Head, frame.FrameBytes, out frame.Headers) && OffloadRules.IsValid(in frame);
    }

    /// <summary>Changes the head of the frame that was received last, behind the switch's back.</summary>
    public void OverwriteHead(ReadOnlySpan<byte> bytes) =>
        bytes.CopyTo(new Span<byte>(Batch[Batch.Count - 1].Data, bytes.Length));

    /// <summary>Sends the one frame that was received, and takes what the receiver gets.</summary>
    public List<SentFrame> Send(int tci, OffloadSet offloads = OffloadSet.None, int mtu = Mtu)
    {
        Plan.Clear();
        Assert.True(Plan.TryAdd(Batch, new SendEntry(Batch.Count - 1, tci), offloads, mtu, Counters));
        return Planned();
    }

    /// <summary>The wire frames of the plan.</summary>
    public List<SentFrame> Planned()
    {
        List<SentFrame> sent = [];
        for (int i = 0; i < Plan.Count; i++)
        {
            byte[] bytes = new byte[Plan[i].Bytes];
            Plan[i].CopyTo(bytes);
            sent.Add(new SentFrame(bytes, Plan[i].Offload));
        }
        return sent;
    }

    public void Dispose()
    {
        Batch.Dispose();
        Plan.Dispose();
        _bytes.ForEach(bytes => bytes.Dispose());
    }

    private byte* Guard(ReadOnlySpan<byte> bytes)
    {
        _bytes.Add(new GuardedBytes(bytes));
        return _bytes[^1].Data;
    }

    private sealed class GuardedBytes : IDisposable
    {
        private const int PageBytes = 4096;
        private const int ReadWrite = 3, PrivateAnonymous = 0x22;

        private readonly byte* _map;
        private readonly nuint _mapBytes;

        public GuardedBytes(ReadOnlySpan<byte> bytes)
        {
            int dataBytes = (bytes.Length + PageBytes) / PageBytes * PageBytes;
            _mapBytes = (nuint)(dataBytes + PageBytes);
            _map = (byte*)mmap(null, _mapBytes, ReadWrite, PrivateAnonymous, -1, 0);
            Assert.Equal(0, mprotect(_map + dataBytes, PageBytes, 0));
            Data = _map + dataBytes - bytes.Length;
            bytes.CopyTo(new Span<byte>(Data, bytes.Length));
        }

        public byte* Data { get; }

        public void Dispose() => Assert.Equal(0, munmap(_map, _mapBytes));

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern void* mmap(void* address, nuint bytes, int protection, int flags, int descriptor, nint offset);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int mprotect(void* address, nuint bytes, int protection);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int munmap(void* address, nuint bytes);
    }
}
