using System.Runtime.InteropServices;

namespace VSwitch.Linux.Tests;

/// <summary>
/// A file of a file system in user space (fuse(4)) that answers nothing once the file is open: whoever asks for its status or
/// closes it waits until this is disposed.
/// </summary>
internal sealed partial class SilentFile : IDisposable
{
    private const string Device = "/dev/fuse";
    private const int Lookup = 1;
    private const int GetStatus = 3;
    private const int OpenFile = 14;
    private const int Initialize = 26;

    /// <summary>O_RDWR and O_CLOEXEC: a program that is started meanwhile must not keep the file system alive.</summary>
    private const int ReadWrite = 2 | 0x80000;

    /// <summary>struct fuse_attr.</summary>
    private const int StatusBytes = 88;

    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-silent-").FullName;
    private readonly Descriptor _device = new(open(Device, ReadWrite));
    private readonly Thread _thread;
    private volatile bool _isSilent;
    private volatile bool _isDisposed;

    public SilentFile()
    {
        _thread = new Thread(Serve) { IsBackground = true };
        Assert.Equal(0, mount("silent", _folder, "fuse", 0, $"fd={_device.Number},rootmode=40000,user_id=0,group_id=0"));
        _thread.Start();
        Descriptor = new Descriptor(open(Path.Combine(_folder, "file"), ReadWrite));
        _isSilent = true;
    }

    public static bool IsSupported => File.Exists(Device);

    public Descriptor Descriptor { get; }

    /// <summary>Ends the file system, and whoever waits for it.</summary>
    public void Dispose()
    {
        const int detach = 2;
        _isDisposed = true;
        _thread.Join();
        _device.Dispose();
        Descriptor.Dispose();
        Assert.Equal(0, umount2(_folder, detach));
        Directory.Delete(_folder);
    }

    private void Serve()
    {
        byte[] request = new byte[1 << 17];
        while (!_isDisposed)
        {
            if (Poll.WaitReadable(_device.Number, 20) && read(_device.Number, request, (nuint)request.Length) > 0 && !_isSilent)
                Answer(MemoryMarshal.Read<FuseRequest>(request));
        }
    }

    private void Answer(FuseRequest request)
    {
        const int folder = 0x41ED;
        const int file = 0x81B6;
        const int notImplemented = -38;
        byte[]? answer = request.Code switch
        {
            Initialize => [.. Words(7, 31, 65536, 0, 12 | 10 << 16, 65536, 1), .. new byte[36]],
            Lookup => [.. Words(2, 0, 0, 0, 0, 0, 0, 0, 0, 0), .. Status(2, file)],
            GetStatus => [.. Words(0, 0, 0, 0), .. Status(request.Node, request.Node == 2 ? file : folder)],
            OpenFile => Words(1, 0, 0, 0),
            _ => null,
        };
        byte[] message = new byte[16 + (answer?.Length ?? 0)];
        MemoryMarshal.Write(message, message.Length);
        MemoryMarshal.Write(message.AsSpan(4), answer is null ? notImplemented : 0);
        MemoryMarshal.Write(message.AsSpan(8), request.Unique);
        answer?.CopyTo(message, 16);
        _ = write(_device.Number, message, (nuint)message.Length);
    }

    private static byte[] Status(ulong node, int mode)
    {
        byte[] status = new byte[StatusBytes];
        MemoryMarshal.Write(status, node);
        MemoryMarshal.Write(status.AsSpan(8), 1L << 20);
        MemoryMarshal.Write(status.AsSpan(60), mode);
        MemoryMarshal.Write(status.AsSpan(64), 1);
        return status;
    }

    private static byte[] Words(params int[] words) => MemoryMarshal.AsBytes<int>(words).ToArray();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int fd, byte[] buffer, nuint bytes);

    [LibraryImport("libc")]
    private static partial nint write(int fd, byte[] buffer, nuint bytes);

    /// <summary>The start of struct fuse_in_header.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FuseRequest
    {
        public int Bytes;
        public int Code;
        public ulong Unique;
        public ulong Node;
    }
}
