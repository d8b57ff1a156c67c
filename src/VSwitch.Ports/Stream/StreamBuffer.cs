using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Makes frames of a stream's bytes. On the stream each frame has its length before it, four bytes, big-endian (QEMU's
/// net/stream.c).
/// <para>
/// Theory of operation. The worker writes into the pipe and reads from it; no other thread has part in it and nothing ever
/// waits. The socket's bytes are read straight into the pipe's memory, and frames are lent from there. The pipe keeps
/// everything from the first byte that is still lent:
/// <code>
///   [ lent to batches ][ frames that had no room ][ start of a frame ][ free ...
/// </code>
/// Lending looks at all of it and consumes nothing; releasing consumes, in order, and the pipe gives blocks back that hold
/// nothing else. Only a frame that begins in one block and ends in another is copied, into the arena, because stages
/// want its headers in one piece.
/// </para>
/// </summary>
internal sealed unsafe class StreamBuffer : IDisposable
{
    /// <summary>The same as other ports take.</summary>
    public const int FrameBytesMax = ReceiveArena.SlotBytes;

    public const int LengthBytes = sizeof(int);

    /// <summary>With less room than this in a block, reading goes on in the next one.</summary>
    private const int ReadBytesMin = 32 << 10;

    private readonly StreamBlocks _blocks = new();
    private readonly ReceiveArena _arena;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;
    private int _lentBytes;
    private bool _isClosed;

    public StreamBuffer()
    {
        var pipe = new Pipe(new PipeOptions(
            _blocks,
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 0,
            minimumSegmentSize: StreamBlocks.BlockBytes,
            useSynchronizationContext: false));
        _arena = new ReceiveArena(_blocks);
        _reader = pipe.Reader;
        _writer = pipe.Writer;
    }

    public bool IsLent => _lentBytes > 0;

    /// <summary>Whether the last lending ended for want of room, so that there may be more frames without reading.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Receives once from a connection.</summary>
    /// <returns>As <see cref="StreamConnection.Receive"/>; <c>-Errno.EAGAIN</c> also while there is no memory until frames are
    /// released.</returns>
    public int Fill(StreamConnection connection)
    {
        if (!_blocks.HasFree)
            return -Errno.EAGAIN;

        Span<byte> room = _writer.GetSpan(ReadBytesMin);
        int bytes = connection.Receive(room);
        _writer.Advance(Math.Max(bytes, 0));
        ValueTask<FlushResult> flush = _writer.FlushAsync();
        Debug.Assert(flush.IsCompletedSuccessfully, "a pipe without threshold takes everything at once");
        return bytes;
    }

    /// <summary>Lends the whole frames that are there, as many as the batch has room for.</summary>
    /// <returns>False when what follows them is no frame: its length cannot be.</returns>
    public bool TryLend(FrameBatch batch)
    {
        IsCutShort = false;
        if (!_reader.TryRead(out ReadResult read))
            return true;

        var bytes = new SequenceReader<byte>(read.Buffer);
        bytes.Advance(_lentBytes);
        bool isSound = true;
        int before = batch.Count;
        while (!IsCutShort && isSound && bytes.TryReadBigEndian(out int frameBytes))
        {
            isSound = frameBytes is > 0 and <= FrameBytesMax;
            if (!isSound || bytes.Remaining < frameBytes)
                break;
            IsCutShort = batch.Room == 0 || !TryAdd(batch, ref bytes, frameBytes);
        }

        if (batch.Count > before)
            _arena.Lend(batch.Count - before);
        _reader.AdvanceTo(read.Buffer.Start);
        return isSound;
    }

    /// <summary>Takes back a batch's frames.</summary>
    public void Release(FrameBatch batch)
    {
        int bytes = 0;
        for (int i = 0; i < batch.Count; i++)
            bytes += batch[i].Slot;
        if (!_isClosed && _reader.TryRead(out ReadResult read))
            _reader.AdvanceTo(read.Buffer.GetPosition(bytes));
        _lentBytes -= bytes;
        _arena.Release(batch.Count);
    }

    /// <summary>Throws away the rest of a stream that has ended. Nothing may be lent.</summary>
    public void Clear()
    {
        Debug.Assert(!IsLent);
        if (_reader.TryRead(out ReadResult read))
            _reader.AdvanceTo(read.Buffer.End);
        IsCutShort = false;
    }

    /// <summary>Gives the memory back, or lets the last release do it.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _arena.Dispose();
    }

    /// <summary>Adds the frame that the reader stands at, and moves the reader behind it.</summary>
    /// <returns>False when there is no room to make it contiguous.</returns>
    private bool TryAdd(FrameBatch batch, ref SequenceReader<byte> bytes, int frameBytes)
    {
        byte* data = AddressOf(bytes.UnreadSpan);
        if (bytes.UnreadSpan.Length < frameBytes)
        {
            if (!_arena.HasRoom)
                return false;
            data = _arena.Next;
            _ = bytes.TryCopyTo(new Span<byte>(data, frameBytes));
            _arena.Keep(frameBytes);
        }

        int streamBytes = LengthBytes + frameBytes;
        batch.Add().Lend(data, frameBytes, slot: streamBytes);
        _lentBytes += streamBytes;
        bytes.Advance(frameBytes);
        return true;
    }

    /// <summary>Blocks do not move.</summary>
    private static byte* AddressOf(ReadOnlySpan<byte> block) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(block));
}
