namespace VSwitch.Linux;

/// <summary>A MAC address as the low 48 bits of an integer, first byte highest, and as the kernel's six bytes.</summary>
internal static class MacBits
{
    public static ulong Read(ReadOnlySpan<byte> bytes)
    {
        ulong bits = 0;
        foreach (byte one in bytes)
            bits = bits << 8 | one;
        return bits;
    }

    public static void Write(ulong bits, Span<byte> bytes)
    {
        for (int i = bytes.Length - 1; i >= 0; i--, bits >>= 8)
            bytes[i] = (byte)bits;
    }
}
