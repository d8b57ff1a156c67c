using VSwitch.Frames;
using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>What the kernel's refusal of one frame means to the user.</summary>
internal static class SendErrors
{
    /// <param name="errno">As the write returned it, positive.</param>
    public static DropReason Reason(int errno) => errno switch
    {
        Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM => DropReason.RingFull,
        Errno.EIO or Errno.EBADFD or Errno.ENETDOWN or Errno.ENODEV or Errno.ENXIO => DropReason.LinkDown,
        Errno.EMSGSIZE => DropReason.MtuExceeded,
        _ => DropReason.SendFailed,
    };
}
