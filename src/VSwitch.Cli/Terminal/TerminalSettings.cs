using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace VSwitch.Cli.Terminal;

/// <summary>
/// How the kernel treats a terminal: <c>struct termios</c> of the C library (bits/termios.h, bits/termios-struct.h), read from a
/// descriptor, changed as a copy, and written back. The layout is that of glibc and musl on x86-64 and arm64.
/// </summary>
internal sealed class TerminalSettings
{
    public const int Size = 60;
    public const int InputFlagsOffset = 0;
    public const int LocalFlagsOffset = 12;
    public const int ControlCharactersOffset = 17;

    public const uint ICRNL = 0x100;
    public const uint IXON = 0x400;
    public const uint ISIG = 0x1;
    public const uint ICANON = 0x2;
    public const uint ECHO = 0x8;
    public const uint IEXTEN = 0x8000;
    public const int VQUIT = 1;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int VSUSP = 10;
    public const nuint TIOCGWINSZ = 0x5413;

    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int TCSADRAIN = 1;

    private readonly byte[] _termios;

    private TerminalSettings(byte[] termios) => _termios = termios;

    /// <summary>The settings of the terminal at standard input.</summary>
    /// <exception cref="Win32Exception">It is no terminal.</exception>
    public static TerminalSettings Read()
    {
        var termios = new byte[Size];
        return tcgetattr(StandardInput, termios) == 0 ? new TerminalSettings(termios) : throw new Win32Exception();
    }

    /// <summary>
    /// The same, but every key is read as soon as it is hit, whatever it is, and none is echoed. Output stays as it is: a line feed
    /// still goes to the start of the next row.
    /// </summary>
    public TerminalSettings Raw()
    {
        var termios = (byte[])_termios.Clone();
        Clear(termios, InputFlagsOffset, ICRNL | IXON);
        Clear(termios, LocalFlagsOffset, ISIG | ICANON | ECHO | IEXTEN);
        termios[ControlCharactersOffset + VMIN] = 1;
        termios[ControlCharactersOffset + VTIME] = 0;
        return new TerminalSettings(termios);
    }

    /// <summary>The same, but Ctrl-C sends SIGINT. Ctrl-Z and Ctrl-\ mean nothing.</summary>
    public TerminalSettings WithInterrupt()
    {
        var termios = (byte[])_termios.Clone();
        Set(termios, LocalFlagsOffset, ISIG);
        termios[ControlCharactersOffset + VQUIT] = 0;
        termios[ControlCharactersOffset + VSUSP] = 0;
        return new TerminalSettings(termios);
    }

    /// <summary>Makes these the terminal's, once what was written is on its way. A terminal that is gone does not mind.</summary>
    public void Apply() => _ = tcsetattr(StandardInput, TCSADRAIN, _termios);

    /// <summary>Columns and rows of the window at standard output (<c>struct winsize</c>, asm-generic/termios.h).</summary>
    public static (int Width, int Height) ReadWindowSize()
    {
        const int fallbackWidth = 80;
        const int fallbackHeight = 24;
        var winsize = new ushort[4];
        bool known = ioctl(StandardOutput, TIOCGWINSZ, winsize) == 0 && winsize[0] > 0 && winsize[1] > 0;
        return known ? (winsize[1], winsize[0]) : (fallbackWidth, fallbackHeight);
    }

    private static void Clear(byte[] termios, int offset, uint flags) => Write(termios, offset, Read(termios, offset) & ~flags);

    private static void Set(byte[] termios, int offset, uint flags) => Write(termios, offset, Read(termios, offset) | flags);

    private static uint Read(byte[] termios, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(termios.AsSpan(offset));

    private static void Write(byte[] termios, int offset, uint flags) =>
        BinaryPrimitives.WriteUInt32LittleEndian(termios.AsSpan(offset), flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcgetattr(int fd, [Out] byte[] termios);

    [DllImport("libc")]
    private static extern int tcsetattr(int fd, int actions, byte[] termios);

    [DllImport("libc")]
    private static extern int ioctl(int fd, nuint request, [Out] ushort[] winsize);
}
