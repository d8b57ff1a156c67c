using System.Text;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>A netdev's name as the kernel writes it: 15 bytes at most and a zero.</summary>
internal static class InterfaceName
{
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    public static void Write(string name, ref ifname to)
    {
        if (Encoding.UTF8.GetByteCount(name) >= if_h.IFNAMSIZ)
            throw new LinuxException($"the name {name} of a netdev", Errno.EINVAL);
        Encoding.UTF8.GetBytes(name, to);
    }
}
