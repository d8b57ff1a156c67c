using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>An open file descriptor, closed once. Data paths keep <see cref="Number"/> and the port keeps this.</summary>
public sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor(int number) : base(ownsHandle: true) => SetHandle(number);

    public int Number => (int)handle;

    /// <summary>
    /// Puts an empty epoll set in this one's place: it is never readable, and reads and writes give EINVAL. The number stays
    /// valid, what it stood for is closed, and pollers forget it: so a netdev that vanished cannot keep one awake.
    /// </summary>
    public void Silence()
    {
        int silent = epoll_h.epoll_create1(epoll_h.EPOLL_CLOEXEC);
        if (silent < 0)
            return;
        _ = fcntl_h.dup3(silent, Number, fcntl_h.O_CLOEXEC);
        _ = unistd_h.close(silent);
    }

    /// <summary>Opens a file. Close-on-exec is always set.</summary>
    internal static Descriptor Open(string path, int flags) =>
        From(fcntl_h.open(path, flags | fcntl_h.O_CLOEXEC), "open " + path);

    /// <summary>Owns the descriptor that a C call has just returned.</summary>
    internal static Descriptor From(int result, string what) => new((int)LinuxException.Check(result, what));

    protected override bool ReleaseHandle() => unistd_h.close(Number) == 0;
}
