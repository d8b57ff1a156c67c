using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VSwitch.Cli.Terminal;

/// <summary>
/// The terminal at standard input and output. While this exists no key is echoed or interpreted by the kernel, so that what is typed
/// or pasted ahead waits unseen until it is read. However the process ends, short of SIGKILL, the terminal gets its settings back.
/// </summary>
internal sealed class LinuxTerminal : ITerminal, IDisposable
{
    private const string StartPasteMarks = "\e[?2004h";
    private const string StopPasteMarks = "\e[?2004l";

    private readonly TerminalSettings _before;
    private readonly TerminalSettings _raw;
    private readonly FileStream _input = new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly byte[] _read = new byte[1024];
    private readonly KeyDecoder _decoder;
    private int _readIndex;
    private int _readCount;
    private bool _isRestored;

    public LinuxTerminal()
    {
        _decoder = new KeyDecoder(NextByte);
        _before = TerminalSettings.Read();
        _raw = _before.Raw();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        _raw.Apply();
        Write(StartPasteMarks);
    }

    public int Width => TerminalSettings.ReadWindowSize().Width;

    public int Height => TerminalSettings.ReadWindowSize().Height;

    public Key ReadKey() => _decoder.Read();

    public void Write(string text) => _output.Write(Encoding.UTF8.GetBytes(text));

    public IDisposable OnInterrupt(Action interrupt)
    {
        var registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            interrupt();
        });
        _raw.WithInterrupt().Apply();
        return new Interruptible(this, registration);
    }

    public void Dispose()
    {
        if (_isRestored)
            return;
        _isRestored = true;
        Write(StopPasteMarks);
        _before.Apply();
    }

    private int NextByte()
    {
        if (_readIndex == _readCount)
            (_readIndex, _readCount) = (0, _input.Read(_read));
        return _readCount == 0 ? -1 : _read[_readIndex++];
    }

    private sealed class Interruptible(LinuxTerminal terminal, PosixSignalRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            terminal._raw.Apply();
            registration.Dispose();
        }
    }
}
