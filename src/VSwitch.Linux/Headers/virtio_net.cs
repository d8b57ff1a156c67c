namespace VSwitch.Linux.Headers;

[Header("linux/virtio_net.h")]
internal static class virtio_net_h
{
    public const int VIRTIO_NET_F_CSUM = 0;
    public const int VIRTIO_NET_F_GUEST_CSUM = 1;
    public const int VIRTIO_NET_F_MTU = 3;
    public const int VIRTIO_NET_F_GUEST_TSO4 = 7;
    public const int VIRTIO_NET_F_GUEST_TSO6 = 8;
    public const int VIRTIO_NET_F_GUEST_ECN = 9;
    public const int VIRTIO_NET_F_HOST_TSO4 = 11;
    public const int VIRTIO_NET_F_HOST_TSO6 = 12;
    public const int VIRTIO_NET_F_HOST_ECN = 13;
    public const int VIRTIO_NET_F_MRG_RXBUF = 15;
    public const int VIRTIO_NET_F_STATUS = 16;
    public const int VIRTIO_NET_F_CTRL_VQ = 17;
    public const int VIRTIO_NET_F_GUEST_ANNOUNCE = 21;
    public const int VIRTIO_NET_F_MQ = 22;

    [Since(6, 2)]
    public const int VIRTIO_NET_F_GUEST_USO4 = 54;

    [Since(6, 2)]
    public const int VIRTIO_NET_F_GUEST_USO6 = 55;

    [Since(6, 2)]
    public const int VIRTIO_NET_F_HOST_USO = 56;
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
