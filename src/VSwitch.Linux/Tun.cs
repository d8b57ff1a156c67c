using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What the reader of a TUN descriptor takes as it is. Values of <c>TUN_F_*</c> (linux/if_tun.h).</summary>
[Flags]
public enum TunOffloads : uint
{
    None = 0,
    Checksum = if_tun_h.TUN_F_CSUM,
    TsoV4 = if_tun_h.TUN_F_TSO4,
    TsoV6 = if_tun_h.TUN_F_TSO6,
    TsoEcn = if_tun_h.TUN_F_TSO_ECN,
    Uso = if_tun_h.TUN_F_USO4 | if_tun_h.TUN_F_USO6,
}

/// <summary>
/// One queue of a TAP netdev (linux/if_tun.h). Every frame that is read or written has the 10-byte, little-endian
/// <c>virtio_net_hdr</c> before it. Errors are <see cref="LinuxException"/>s: EBADFD when the netdev is gone.
/// </summary>
public sealed unsafe class Tun : IDisposable
{
    private const int VnetHeaderBytes = 10;

    private Tun(Descriptor descriptor) => Descriptor = descriptor;

    public Descriptor Descriptor { get; }

    /// <summary>The netdev's name now; a user may rename it.</summary>
    public string Name
    {
        get
        {
            ifreq request = default;
            Control(if_tun_h.TUNGETIFF, &request, "TUNGETIFF");
            return InterfaceName.Read(request.ifr_name);
        }
    }

    /// <summary>The netdev's MAC address in the low 48 bits, first byte highest. Works from any network namespace.</summary>
    public ulong Address
    {
        get
        {
            ifreq request = default;
            Control(ioctl_h.SIOCGIFHWADDR, &request, "SIOCGIFHWADDR");
            return MacBits.Read(((ReadOnlySpan<byte>)request.ifr_hwaddr.sa_data)[..if_ether_h.ETH_ALEN]);
        }
        set
        {
            const ushort arphrdEther = 1;
            ifreq request = default;
            request.ifr_hwaddr.sa_family = arphrdEther;
            MacBits.Write(value, ((Span<byte>)request.ifr_hwaddr.sa_data)[..if_ether_h.ETH_ALEN]);
            Control(ioctl_h.SIOCSIFHWADDR, &request, "SIOCSIFHWADDR");
        }
    }

    /// <summary>
    /// Attaches to a TAP netdev of the calling thread's network namespace, non-blocking, and creates it when it is not there.
    /// </summary>
    /// <param name="name">15 bytes at most; a pattern such as <c>vsw%d</c> lets the kernel choose the number.</param>
    /// <param name="multiQueue">Must be as it was when the netdev was created, or EINVAL.</param>
    public static Tun Open(string name, bool multiQueue)
    {
        var tun = new Tun(Descriptor.Open("/dev/net/tun", fcntl_h.O_RDWR | fcntl_h.O_NONBLOCK));
        try
        {
            int flags = if_tun_h.IFF_TAP | if_tun_h.IFF_NO_PI | if_tun_h.IFF_VNET_HDR;
            ifreq request = default;
            request.ifr_flags = (short)(multiQueue ? flags | if_tun_h.IFF_MULTI_QUEUE : flags);
            InterfaceName.Write(name, ref request.ifr_name);
            tun.Control(if_tun_h.TUNSETIFF, &request, "TUNSETIFF on " + name);

            int headerBytes = VnetHeaderBytes;
            tun.Control(if_tun_h.TUNSETVNETHDRSZ, &headerBytes, "TUNSETVNETHDRSZ");
            int littleEndian = 1;
            tun.Control(if_tun_h.TUNSETVNETLE, &littleEndian, "TUNSETVNETLE");
            return tun;
        }
        catch
        {
            tun.Dispose();
            throw;
        }
    }

    /// <summary>Says what the reader takes as it is. EINVAL when the kernel does not know a bit (USO before 6.2).</summary>
    public void SetOffloads(TunOffloads offloads) => Control(if_tun_h.TUNSETOFFLOAD, (nint)offloads, "TUNSETOFFLOAD");

    /// <summary>Whether the netdev stays when its last queue is closed.</summary>
    public void SetPersistent(bool persistent) => Control(if_tun_h.TUNSETPERSIST, persistent ? 1 : 0, "TUNSETPERSIST");

    public void SetCarrier(bool up)
    {
        int carrier = up ? 1 : 0;
        Control(if_tun_h.TUNSETCARRIER, &carrier, "TUNSETCARRIER");
    }

    /// <summary>The network namespace that the netdev is in now, wherever a user moved it.</summary>
    public Descriptor OpenNamespace() =>
        Descriptor.From(ioctl_h.ioctl(Descriptor.Number, if_tun_h.TUNGETDEVNETNS, 0), "TUNGETDEVNETNS");

    public void Dispose() => Descriptor.Dispose();

    private void Control(uint request, void* argument, string what) =>
        LinuxException.Check(ioctl_h.ioctl(Descriptor.Number, request, argument), what);

    private void Control(uint request, nint argument, string what) =>
        LinuxException.Check(ioctl_h.ioctl(Descriptor.Number, request, argument), what);
}
