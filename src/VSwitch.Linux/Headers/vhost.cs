namespace VSwitch.Linux.Headers;

[Header("linux/vhost_types.h")]
internal static class vhost_types_h
{
    public const int VHOST_VRING_F_LOG = 0;
    public const int VHOST_F_LOG_ALL = 26;
}

[Header("linux/virtio_config.h")]
internal static class virtio_config_h
{
    public const int VIRTIO_F_ANY_LAYOUT = 27;
    public const int VIRTIO_F_VERSION_1 = 32;
    public const int VIRTIO_F_IN_ORDER = 35;
}
