using VSwitch.Wire;

namespace VSwitch.Policy;

/// <summary>
/// Values of one field, an address or a port, from Low to High, both included: the smallest run that holds every value an
/// entry matches, and perhaps some that it does not.
/// </summary>
internal readonly record struct FieldRange(uint Low, uint High)
{
    private static readonly FieldRange Everything = new(0, uint.MaxValue);
    private static readonly FieldRange Nothing = new(1, 0);

    /// <summary>True for <c>lt 0</c> and its like. They are refused where they are entered; here they stay harmless.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>The addresses that agree with the ones which lead the mask; a hole and what follows it are left open.</summary>
    public static FieldRange Of(Ipv4Prefix prefix)
    {
        uint open = (uint)(0xFFFF_FFFFUL >> prefix.Length);
        return new FieldRange(prefix.Address.Value & ~open, prefix.Address.Value | open);
    }

    /// <summary>The ports of a match; all of them for <c>neq</c>.</summary>
    public static FieldRange Of(PortMatch match) => match.Operator switch
    {
        PortOperator.Equal => new FieldRange(match.Low, match.Low),
        PortOperator.GreaterThan => new FieldRange(match.Low + 1U, ushort.MaxValue),
        PortOperator.LessThan => match.Low > 0 ? new FieldRange(0, match.Low - 1U) : Nothing,
        PortOperator.Range => new FieldRange(match.Low, match.High),
        _ => Everything,
    };
}
