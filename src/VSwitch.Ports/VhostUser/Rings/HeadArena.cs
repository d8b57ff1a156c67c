using System.Runtime.InteropServices;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Memory of our own for the heads of frames whose headers lie in several pieces: a head has to be contiguous. Slots are
/// handed out one behind the other and come free all together, when nothing is lent any more.
/// </summary>
internal sealed unsafe class HeadArena : IDisposable
{
    /// <summary>All usual headers are shorter; the same as what software segmentation copies at most.</summary>
    public const int SlotBytes = 256;

    private const int SlotCount = 256;

    /// <summary>A cache line more than the slot, so that slots do not share cache sets.</summary>
    private const int Stride = SlotBytes + 64;

    private byte* _memory = (byte*)NativeMemory.AlignedAlloc(SlotCount * Stride, 64);
    private int _used;

    public bool HasRoom => _used < SlotCount;

    public byte* Take() => _memory + _used++ * Stride;

    public void Clear() => _used = 0;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
