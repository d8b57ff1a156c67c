namespace VSwitch.Linux.Headers;

[Header("linux/pkt_sched.h")]
internal static class pkt_sched_h
{
    public const uint TC_H_CLSACT = 0xFFFF_FFF1;
    public const uint TC_H_MIN_INGRESS = 0xFFF2;
}

[Header("linux/pkt_cls.h")]
internal static class pkt_cls_h
{
    public const int TC_ACT_SHOT = 2;
    public const ushort TCA_BPF_FD = 6;
    public const ushort TCA_BPF_NAME = 7;
    public const ushort TCA_BPF_FLAGS = 8;
    public const uint TCA_BPF_FLAG_ACT_DIRECT = 1;
}
