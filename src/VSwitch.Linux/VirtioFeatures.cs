using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>What a virtio network device and its driver agree on (virtio 1.2 sections 5.1.3 and 6; linux/virtio_net.h).</summary>
[Flags]
public enum VirtioFeatures : ulong
{
    None = 0,

    /// <summary>The device takes frames with a partial checksum; the others below say what else it takes.</summary>
    Checksum = 1UL << virtio_net_h.VIRTIO_NET_F_CSUM,
    HostTsoV4 = 1UL << virtio_net_h.VIRTIO_NET_F_HOST_TSO4,
    HostTsoV6 = 1UL << virtio_net_h.VIRTIO_NET_F_HOST_TSO6,
    HostTsoEcn = 1UL << virtio_net_h.VIRTIO_NET_F_HOST_ECN,
    HostUso = 1UL << virtio_net_h.VIRTIO_NET_F_HOST_USO,

    /// <summary>The driver takes frames with a partial checksum; the others below say what else it takes.</summary>
    GuestChecksum = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_CSUM,
    GuestTsoV4 = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_TSO4,
    GuestTsoV6 = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_TSO6,
    GuestTsoEcn = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_ECN,
    GuestUsoV4 = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_USO4,
    GuestUsoV6 = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_USO6,

    Mtu = 1UL << virtio_net_h.VIRTIO_NET_F_MTU,
    MergeableBuffers = 1UL << virtio_net_h.VIRTIO_NET_F_MRG_RXBUF,
    Status = 1UL << virtio_net_h.VIRTIO_NET_F_STATUS,
    ControlQueue = 1UL << virtio_net_h.VIRTIO_NET_F_CTRL_VQ,
    GuestAnnounce = 1UL << virtio_net_h.VIRTIO_NET_F_GUEST_ANNOUNCE,
    MultiQueue = 1UL << virtio_net_h.VIRTIO_NET_F_MQ,

    /// <summary>Every write to guest memory is logged, for live migration.</summary>
    LogAll = 1UL << vhost_types_h.VHOST_F_LOG_ALL,

    /// <summary>Header and data share descriptors in any way; implied by <see cref="Version1"/>.</summary>
    AnyLayout = 1UL << virtio_config_h.VIRTIO_F_ANY_LAYOUT,
    IndirectDescriptors = 1UL << virtio_ring_h.VIRTIO_RING_F_INDIRECT_DESC,
    EventIndex = 1UL << virtio_ring_h.VIRTIO_RING_F_EVENT_IDX,
    Version1 = 1UL << virtio_config_h.VIRTIO_F_VERSION_1,

    /// <summary>The device uses buffers in the order in which they were made available.</summary>
    InOrder = 1UL << virtio_config_h.VIRTIO_F_IN_ORDER,
}
