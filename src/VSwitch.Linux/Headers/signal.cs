using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VSwitch.Linux.Headers;

[Header("signal.h")]
internal static unsafe partial class signal_h
{
    public const int SIGBUS = 7;
    public const int SA_SIGINFO = 4;

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    public static partial int sigaction(int signal, sigaction_struct* action, sigaction_struct* old);
}

/// <summary>As glibc declares it; the kernel's own has another order.</summary>
[Header("signal.h")]
[CName("struct sigaction")]
internal struct sigaction_struct
{
    /// <summary>A union with <c>sa_handler</c>.</summary>
    public nint sa_sigaction;
    public sa_mask_bytes sa_mask;
    public int sa_flags;
    public nint sa_restorer;

    [InlineArray(128)]
    internal struct sa_mask_bytes
    {
        private byte _first;
    }
}
