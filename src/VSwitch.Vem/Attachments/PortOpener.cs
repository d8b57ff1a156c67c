using VSwitch.Ports;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>Opens the port that an attachment asks for: one place that knows every kind.</summary>
internal static class PortOpener
{
    /// <summary>Kinds that <c>vemcmd attach</c> takes.</summary>
    public const string Tap = "tap";
    public const string Packet = "packet";
    public const string VhostUser = "vhost-user";
    public const string Stream = "stream";

    /// <param name="attachment">The kind of port, and what it is opened on.</param>
    /// <param name="queueCount">Receive queues, where the kind can have several.</param>
    /// <param name="hostId">What this host is called nowhere else.</param>
    /// <exception cref="PortException">What could not be opened, and why.</exception>
    public static IPort Open(Attachment attachment, int queueCount, string hostId) => attachment.Kind switch
    {
        Tap => TapPort.Open(new TapOptions
        {
            Name = attachment.Device,
            Namespace = attachment.Netns.Length > 0 ? attachment.Netns : null,
            Address = MacAddress.TryParse(attachment.Mac, out MacAddress mac) ? mac : null,
            AddressWhenMade = CardAddress.Of(attachment.Vm, attachment.Adapter, hostId),
            QueueCount = queueCount,
            IsOurs = attachment.OwnsDevice,
            IsPersistent = true,
        }),
        Packet => PacketPort.Open(new PacketOptions { Name = attachment.Device }),
        VhostUser => VhostUserPort.Open(new VhostUserOptions
        {
            Path = attachment.Device,
            IsClient = attachment.Client,
            QueueCount = Math.Max((int)attachment.Queues, 1),
            MtuBytes = MtuBytes(attachment),
        }),
        Stream => StreamPort.Open(new StreamOptions
        {
            Path = attachment.Device,
            IsClient = attachment.Client,
            MtuBytes = MtuBytes(attachment) ?? Mtu.BytesUsual,
        }),
        _ => throw new PortException($"'{attachment.Kind}' is not a kind of port; it is one of: tap, packet, vhost-user, stream."),
    };

    /// <summary>
    /// The address of the network card: what a TAP's user sends from, or the host's own card. Behind other netdevs and sockets is
    /// somebody whose address is not known.
    /// </summary>
    public static MacAddress? AddressOf(IPort port, bool isUplink) => port switch
    {
        TapPort tap => tap.Address,
        PacketPort packet when isUplink => packet.Address,
        _ => null,
    };

    /// <summary>Whether opening the port made its netdev.</summary>
    public static bool MadeDevice(IPort port) => port is TapPort { IsNew: true };

    /// <summary>Lets a netdev that the VEM made go with its port.</summary>
    public static void DeleteOnClose(IPort port) => (port as TapPort)?.DeleteOnClose();

    private static int? MtuBytes(Attachment attachment) => attachment.MtuBytes > 0 ? (int)attachment.MtuBytes : null;
}
