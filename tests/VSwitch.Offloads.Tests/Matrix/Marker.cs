using System.Buffers.Binary;
using VSwitch.Frames;

namespace VSwitch.Offloads.Tests;

/// <summary>A short frame that no other equals, of an experimental ethertype (0x88B5), so that no stack answers.</summary>
internal sealed class Marker
{
    private const int AddressBytes = 12;

    private static int s_count;

    private readonly byte[] _bytes = new byte[60];

    public Marker()
    {
        Convert.FromHexString("02000000000a02000000000b88b5").CopyTo(_bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(_bytes.Length - sizeof(int)), Interlocked.Increment(ref s_count));
    }

    public Delivery Tagged(int tci)
    {
        byte[] tag = tci == SendEntry.Untagged ? [] : [0x81, 0x00, (byte)(tci >> 8), (byte)tci];
        return new Delivery([.. _bytes[..AddressBytes], .. tag, .. _bytes[AddressBytes..]], default);
    }

    /// <summary>Whether a frame is this one, whatever its tag.</summary>
    public bool Is(Delivery delivery) =>
        delivery.Frame.Length - _bytes.Length is 0 or 4 && delivery.Frame.AsSpan().EndsWith(_bytes.AsSpan(AddressBytes));
}
