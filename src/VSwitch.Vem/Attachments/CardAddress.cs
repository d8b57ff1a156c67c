using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>
/// The MAC address of a network card for which nobody named one: the same whenever this adapter of this VM is attached to this host,
/// so that neighbours, DHCP leases and address tables still know it, and another one on every other host.
/// </summary>
internal static class CardAddress
{
    private const ulong LocalBit = 0x0200_0000_0000;
    private const ulong GroupBit = 0x0100_0000_0000;

    /// <returns>A unicast, locally administered address (IEEE 802-2014, 8.2).</returns>
    public static MacAddress Of(string vm, uint adapter, string hostId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{hostId}\n{adapter}\n{vm}"));
        return new MacAddress((BinaryPrimitives.ReadUInt64BigEndian(hash) >> 16 | LocalBit) & ~GroupBit);
    }
}
