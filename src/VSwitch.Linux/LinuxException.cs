using System.Runtime.InteropServices;

namespace VSwitch.Linux;

/// <summary>The kernel refused something at set-up: what was asked, on what, and its error number.</summary>
public sealed class LinuxException : Exception
{
    /// <param name="what">The call and its object, such as <c>TUNSETIFF on tap0</c>.</param>
    /// <param name="errno">One of <see cref="VSwitch.Linux.Errno"/>, positive.</param>
    public LinuxException(string what, int errno)
        : base($"{what}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})")
    {
        Errno = errno;
    }

    public int Errno { get; }

    /// <summary>Whether nothing is wrong with what was asked: there was no descriptor, memory or thread left for it.</summary>
    public bool IsShortage => Errno is Linux.Errno.EMFILE or Linux.Errno.ENFILE or Linux.Errno.ENOMEM or Linux.Errno.ENOBUFS or Linux.Errno.EAGAIN;

    /// <summary>Throws when a C call that has just returned said -1.</summary>
    internal static long Check(long result, string what) =>
        result != -1 ? result : throw new LinuxException(what, Marshal.GetLastPInvokeError());
}
