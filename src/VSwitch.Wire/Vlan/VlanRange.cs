namespace VSwitch.Wire;

/// <summary>A run of VLAN ids, both ends included; a single VLAN has both ends equal.</summary>
public readonly record struct VlanRange(int First, int Last)
{
    /// <summary>As NX-OS writes it: 10 or 10-20.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";

    /// <summary>Accepts 10 and 10-20; the ids must be 1 to 4094 and in order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out VlanRange range)
    {
        range = default;
        int dash = text.IndexOf('-');
        ReadOnlySpan<char> firstText = dash < 0 ? text : text[..dash];
        ReadOnlySpan<char> lastText = dash < 0 ? text : text[(dash + 1)..];
        if (!TryParseVlan(firstText, out int first) || !TryParseVlan(lastText, out int last) || first > last)
            return false;
        range = new VlanRange(first, last);
        return true;
    }

    /// <summary>Decimal digits and nothing else: no sign, no blanks, at most four.</summary>
    private static bool TryParseVlan(ReadOnlySpan<char> text, out int vlan)
    {
        vlan = 0;
        if (text.Length is 0 or > 4)
            return false;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            vlan = vlan * 10 + (digit - '0');
        }

        return vlan is >= VlanSet.VlanMin and <= VlanSet.VlanMax;
    }
}
