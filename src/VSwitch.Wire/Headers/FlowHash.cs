using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// The hash in <see cref="FrameHeaders.FlowHash"/>: multiply, fold, repeat, and take the upper half, into which every input bit
/// has spread. Good for spreading flows; a sender who wants collisions can make them, so no table may rely on it for
/// its bound.
/// </summary>
internal static class FlowHash
{
    // Odd, with ones and zeroes well mixed: the fractional parts of the golden ratio, the square root of 3 and of 5.
    private const ulong K1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong K2 = 0xBB67_AE85_84CA_A73B;
    private const ulong K3 = 0x3C6E_F372_FE94_F82B;

    public static uint OfIpv4(uint source, uint destination, byte protocol, uint ports) =>
        Mix(((ulong)source << 32) | destination, ((ulong)protocol << 32) | ports);

    /// <param name="addresses">Source and destination, 32 bytes.</param>
    /// <param name="protocol">The protocol after the extension headers.</param>
    /// <param name="ports">Source port above destination port.</param>
    public static uint OfIpv6(ReadOnlySpan<byte> addresses, byte protocol, uint ports)
    {
        ulong hash = BinaryPrimitives.ReadUInt64BigEndian(addresses);
        hash = Fold(hash) ^ BinaryPrimitives.ReadUInt64BigEndian(addresses[8..]);
        hash = Fold(hash) ^ BinaryPrimitives.ReadUInt64BigEndian(addresses[16..]);
        hash = Fold(hash) ^ BinaryPrimitives.ReadUInt64BigEndian(addresses[24..]);
        return Mix(hash, ((ulong)protocol << 32) | ports);
    }

    public static uint OfEthernet(ulong destination, ulong source, ushort etherType) =>
        Mix(destination, source ^ ((ulong)etherType << 48));

    private static uint Mix(ulong first, ulong second)
    {
        ulong hash = (Fold(first) ^ second) * K2;
        return (uint)((hash ^ (hash >> 32)) * K3 >> 32);
    }

    private static ulong Fold(ulong value)
    {
        value *= K1;
        return value ^ (value >> 32);
    }
}
