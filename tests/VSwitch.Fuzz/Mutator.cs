namespace VSwitch.Fuzz;

/// <summary>
/// Makes inputs out of seeds: a few random changes each, of the kinds that break parsers. All randomness comes from one
/// seeded source, so a run can be repeated.
/// </summary>
public sealed class Mutator(IReadOnlyList<byte[]> seeds, int seed)
{
    public const int InputBytesMax = 4096;

    private const int ChangeCountMax = 6;

    /// <summary>Bytes at the edges of lengths, versions and types.</summary>
    private static readonly byte[] EdgeBytes = [0x00, 0x01, 0x04, 0x05, 0x06, 0x3A, 0x45, 0x7F, 0x80, 0x81, 0xFE, 0xFF];

    private readonly Random _random = new(seed);

    /// <summary>The next input. One in sixteen is a seed as it is, so that the path of valid input is always taken too.</summary>
    public byte[] Next()
    {
        byte[] input = PickSeed();
        if (_random.Next(16) == 0)
            return input;

        int changeCount = _random.Next(1, ChangeCountMax + 1);
        for (int i = 0; i < changeCount; i++)
            input = Change(input);
        return input;
    }

    private byte[] Change(byte[] input) => _random.Next(8) switch
    {
        0 => Truncate(input),
        1 => Splice(input, PickSeed()),
        2 => Repeat(input),
        3 => Append(input),
        4 or 5 => Poke(input, EdgeBytes[_random.Next(EdgeBytes.Length)]),
        6 => Poke(input, (byte)_random.Next(256)),
        _ => FlipBit(input),
    };

    private byte[] Truncate(byte[] input) => input[..PickOffset(input)];

    /// <summary>The beginning of one input and the end of another.</summary>
    private byte[] Splice(byte[] first, byte[] second) => Bound([.. first[..PickOffset(first)], .. second[PickOffset(second)..]]);

    /// <summary>Some bytes twice in a row: a second tag, a second extension header.</summary>
    private byte[] Repeat(byte[] input)
    {
        int start = PickOffset(input);
        int end = start + _random.Next(Math.Min(input.Length - start, 64) + 1);
        return Bound([.. input[..end], .. input[start..]]);
    }

    private byte[] Append(byte[] input)
    {
        var tail = new byte[_random.Next(1, 65)];
        _random.NextBytes(tail);
        return Bound([.. input, .. tail]);
    }

    private byte[] Poke(byte[] input, byte value)
    {
        byte[] changed = [.. input];
        if (changed.Length > 0)
            changed[_random.Next(changed.Length)] = value;
        return changed;
    }

    private byte[] FlipBit(byte[] input)
    {
        byte[] changed = [.. input];
        if (changed.Length > 0)
            changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
        return changed;
    }

    private byte[] PickSeed() => seeds[_random.Next(seeds.Count)];

    private int PickOffset(byte[] input) => _random.Next(input.Length + 1);

    private static byte[] Bound(byte[] input) => input.Length <= InputBytesMax ? input : input[..InputBytesMax];
}
