using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>Range-checks what a VEM reports, once, where it enters.</summary>
public static class AttachmentCheck
{
    public const int UplinkMax = 128;
    private const int TextLengthMax = 256;

    /// <summary>Null, or what is wrong with an attachment.</summary>
    public static string? Problem(Attachment attachment) => attachment switch
    {
        { Id.Length: 0 or > TextLengthMax } => "an attachment needs an id",
        { Profile.Length: > ConfigValidator.NameLengthMax } => $"a port-profile name has at most {ConfigValidator.NameLengthMax} characters",
        { Uplink: true, UplinkNumber: 0 or > UplinkMax } => $"uplinks are numbered 1 to {UplinkMax}",
        { Uplink: true } => null,
        { Adapter: 0 or > ushort.MaxValue } => "network adapters are numbered 1 to 65535",
        _ when !IsVmName(attachment.Vm) => "a VM name has 1 to 80 printable characters, no quotes, and no space at either end",
        _ => null,
    };

    /// <summary>A text of a VEM as it can be shown: bounded, and without characters that would move a terminal's cursor.</summary>
    public static string Printable(string text) =>
        new([.. text.Take(TextLengthMax).Select(c => char.IsControl(c) ? '?' : c)]);

    private static bool IsVmName(string name) =>
        name.Length is >= 1 and <= ConfigValidator.NameLengthMax && name.Trim() == name 
        && !name.Any(c => char.IsControl(c) || c == '"' || (char.IsWhiteSpace(c) && c != ' '));
}
