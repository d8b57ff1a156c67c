namespace VSwitch.Linux.Headers;

[Header("linux/virtio_net.h")]
internal static class virtio_net_h
{
    public const byte VIRTIO_NET_HDR_F_NEEDS_CSUM = 1;
    public const byte VIRTIO_NET_HDR_F_DATA_VALID = 2;
    public const byte VIRTIO_NET_HDR_GSO_NONE = 0;
    public const byte VIRTIO_NET_HDR_GSO_TCPV4 = 1;
    public const byte VIRTIO_NET_HDR_GSO_UDP = 3;
    public const byte VIRTIO_NET_HDR_GSO_TCPV6 = 4;

    [Since(6, 2)]
    public const byte VIRTIO_NET_HDR_GSO_UDP_L4 = 5;

    public const byte VIRTIO_NET_HDR_GSO_ECN = 0x80;
}

/// <summary>The 10-byte form that TUN and AF_PACKET speak. <c>VSwitch.Frames.Offload</c> has the same layout.</summary>
[Header("linux/virtio_net.h")]
internal struct virtio_net_hdr
{
    public byte flags;
    public byte gso_type;
    public ushort hdr_len;
    public ushort gso_size;
    public ushort csum_start;
    public ushort csum_offset;
}
