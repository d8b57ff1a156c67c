using System.Buffers;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// The memory behind a stream port's pipe: a few large blocks outside the managed heap, so that pointers into them stay
/// good. The block given back last is lent first, which keeps a port that is keeping up in one warm block. Blocks that were
/// never used take no room.
/// </summary>
internal sealed unsafe class StreamBlocks : MemoryPool<byte>
{
    /// <summary>Room for a whole batch of usual frames, and for the longest frame with space to spare.</summary>
    public const int BlockBytes = 128 << 10;

    /// <summary>One would do if every frame were released before the next is read.</summary>
    private const int BlockCount = 8;

    private readonly MemoryMap _memory = MemoryMap.Anonymous(BlockCount * BlockBytes);
    private readonly Block[] _free = new Block[BlockCount];
    private int _freeCount = BlockCount;

    public StreamBlocks()
    {
        for (int i = 0; i < BlockCount; i++)
            _free[i] = new Block(this, _memory.Data + (BlockCount - 1 - i) * BlockBytes);
    }

    /// <summary>Whether another block can be rented. The pipe is not asked to read while there is none.</summary>
    public bool HasFree => _freeCount > 0;

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => _free[--_freeCount];

    protected override void Dispose(bool disposing) => _memory.Dispose();

    private sealed class Block(StreamBlocks owner, byte* data) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new(data, BlockBytes);

        public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

        public override void Unpin()
        {
        }

        /// <summary>The pipe calls this when everything in the block has been consumed.</summary>
        protected override void Dispose(bool disposing) => owner._free[owner._freeCount++] = this;
    }
}
