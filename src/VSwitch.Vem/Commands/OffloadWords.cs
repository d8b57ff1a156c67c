using VSwitch.Frames;

namespace VSwitch.Vem;

/// <summary>Offloads as the tables write them: <c>csum,tso4,tso6</c>.</summary>
internal static class OffloadWords
{
    private static readonly (OffloadSet Offload, string Word)[] Words =
    [
        (OffloadSet.Checksum, "csum"), (OffloadSet.TsoV4, "tso4"), (OffloadSet.TsoV6, "tso6"), (OffloadSet.TsoEcn, "ecn"), (OffloadSet.Uso, "uso"),
    ];

    public static string Of(OffloadSet offloads)
    {
        string words = string.Join(',', Words.Where(word => offloads.HasFlag(word.Offload)).Select(word => word.Word));
        return words.Length > 0 ? words : "none";
    }
}
