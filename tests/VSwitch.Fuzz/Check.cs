namespace VSwitch.Fuzz;

/// <summary>What targets claim about a parse that succeeded; a broken claim throws like a crash would.</summary>
public static class Check
{
    public static void That(bool holds, string claim)
    {
        if (!holds)
            throw new InvalidOperationException($"Not so: {claim}.");
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string what)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException(
                $"{what}: expected {Convert.ToHexString(expected)}, got {Convert.ToHexString(actual)}.");
        }
    }

    public static void Same<T>(T expected, T actual, string what)
        where T : IEquatable<T>
    {
        if (!expected.Equals(actual))
            throw new InvalidOperationException($"{what}: expected {expected}, got {actual}.");
    }
}
