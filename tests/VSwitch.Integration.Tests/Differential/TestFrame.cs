using System.Buffers.Binary;

namespace VSwitch.Integration.Tests.Differential;

/// <summary>A frame that enters by a port, and what 802.1Q makes of it there.</summary>
/// <param name="Number">Its place in the sequence.</param>
/// <param name="Port">Where it enters.</param>
/// <param name="Bytes">The frame as it is sent.</param>
public sealed record TestFrame(int Number, TestPort Port, byte[] Bytes)
{
    private const int PriorityMask = 0xF000;
    private const int VidMask = 0xFFF;

    public ReadOnlySpan<byte> Destination => Bytes.AsSpan(0, 6);

    public ReadOnlySpan<byte> Source => Bytes.AsSpan(6, 6);

    /// <summary>PCP and DEI.</summary>
    public int PriorityBits => Tci & PriorityMask;

    /// <summary>The VLAN that the frame claims, 4095 and VLANs that the port does not have included.</summary>
    public int Vlan => (Tci & VidMask) == 0 ? Port.Native : Tci & VidMask;

    public bool IsTagged => (Tci & VidMask) != 0;

    /// <summary>The frame without its outer C-tag.</summary>
    public byte[] Untagged { get; } = HasTag(Bytes) ? [.. Bytes[..12], .. Bytes[16..]] : Bytes;

    /// <summary>Whether a tag says or hides another VLAN than the access port's own.</summary>
    public bool IsTaggedOnAccess => !Port.IsTrunk && (IsTagged || Ether.StartsWithTag(Untagged));

    /// <summary>What tells the frame from all others inside its VLAN.</summary>
    public string Key => KeyOf(Vlan, Untagged);

    public bool IsBroadcastOrMulticast => (Bytes[0] & 1) != 0;

    public bool IsReserved => Destination[..5].SequenceEqual(Ether.Mac("01:80:c2:00:00")) && Bytes[5] < 16;

    public bool IsSourceInvalid => (Bytes[6] & 1) != 0 || !Source.ContainsAnyExcept((byte)0);

    public int PayloadBytes => Untagged.Length - 14;

    private int Tci => HasTag(Bytes) ? BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(14)) : 0;

    public static string KeyOf(int vlan, byte[] untagged) => $"{vlan} {Convert.ToHexStringLower(untagged)}";

    public override string ToString() => $"frame {Number} into port {Port.Index}: {Convert.ToHexStringLower(Bytes)}";

    /// <summary>A tag that is cut short is none.</summary>
    private static bool HasTag(byte[] bytes) => bytes.Length >= 18 && bytes[12] == 0x81 && bytes[13] == 0x00;
}
