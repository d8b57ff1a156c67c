using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VSwitch.Ports.VhostUser;

/// <summary>Copying and prefetching, for the two loops where it is most of the work.</summary>
internal static unsafe class Bytes
{
    /// <summary>Copies bytes. Most frames are small: those are a few overlapping vectors, with no call and no loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(byte* to, byte* from, nuint bytes)
    {
        if (bytes - 64 <= 64)
        {
            Vector512<byte> first = Vector512.Load(from);
            Vector512<byte> last = Vector512.Load(from + bytes - 64);
            first.Store(to);
            last.Store(to + bytes - 64);
        }
        else
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)bytes);
        }
    }

    /// <summary>Asks for a cache line before it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }
}
