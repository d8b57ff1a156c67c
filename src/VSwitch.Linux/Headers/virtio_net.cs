namespace VSwitch.Linux.Headers;

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
