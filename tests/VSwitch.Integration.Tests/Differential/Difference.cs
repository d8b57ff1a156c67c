namespace VSwitch.Integration.Tests.Differential;

/// <summary>
/// Where our switch is not to do what a Linux bridge does, each under the name of the drop reason that counts it:
/// <list type="bullet">
/// <item><c>tagged-on-access</c>, <c>vlan-not-allowed</c>: the reference has no bridge port for such a frame. A tag behind a
/// priority tag and an S-tag are tags to us, and payload to a bridge.</item>
/// <item><c>source-static-elsewhere</c>: the source is the known address of another port's network card. A bridge takes it for a
/// station that has moved, or forwards the frame all the same.</item>
/// <item><c>reserved-address</c>: a bridge without spanning tree forwards 01-80-C2-00-00-00; we forward none of the sixteen.</item>
/// <item><c>mtu-exceeded</c>: a bridge lets four bytes more out of a port than its MTU, for a tag that may or may not be there.</item>
/// </list>
/// <c>source-invalid</c> and <c>hairpin</c> are no differences; a bridge drops such frames too and merely does not count them.
/// </summary>
public static class Difference
{
    public const string TaggedOnAccess = "tagged-on-access";
    public const string VlanNotAllowed = "vlan-not-allowed";
    public const string SourceInvalid = "source-invalid";
    public const string SourceStaticElsewhere = "source-static-elsewhere";
    public const string ReservedAddress = "reserved-address";
    public const string Hairpin = "hairpin";
    public const string MtuExceeded = "mtu-exceeded";

    /// <summary>Why our switch lets a frame go nowhere, as far as it depends on the frame alone; null if it has no reason.</summary>
    public static string? DropReasonOf(TestFrame frame, IEnumerable<TestPort> ports)
    {
        if (frame.IsSourceInvalid)
            return SourceInvalid;
        if (frame.IsTaggedOnAccess)
            return TaggedOnAccess;
        if (!frame.Port.Allowed.Contains(frame.Vlan))
            return VlanNotAllowed;
        // The address of a network card is static in the VLAN of its untagged frames.
        if (ports.Any(port => port != frame.Port && port.Native == frame.Vlan && frame.Source.SequenceEqual(port.Mac)))
            return SourceStaticElsewhere;
        return frame.IsReserved ? ReservedAddress : null;
    }
}
