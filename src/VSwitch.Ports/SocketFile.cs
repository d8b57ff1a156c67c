using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// The socket file on which a port waits for its virtual machine. Whoever may write the file may connect: its owner and its
/// group, which is the folder's when that has the setgid bit.
/// </summary>
internal sealed class SocketFile
{
    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly string _path;
    private readonly ulong _inode;

    private SocketFile(string path, UnixSocket listener)
    {
        _path = path;
        Listener = listener;
        _inode = FileStatus.TryRead(path, out FileStatus status) ? status.Inode : 0;
    }

    public UnixSocket Listener { get; }

    /// <summary>Makes the file and listens there.</summary>
    /// <exception cref="LinuxException">There is no such folder, no right, or somebody listens there already.</exception>
    public static SocketFile Listen(string path) => new(path, UnixSocket.Listen(path, Mode));

    /// <summary>Stops listening and removes the file, unless somebody has put another in its place.</summary>
    /// <param name="closer">Closes the listener, and with it the connections that nobody has let in.</param>
    public void Close(Closer closer)
    {
        if (FileStatus.TryRead(_path, out FileStatus status) && status.Inode == _inode)
            File.Delete(_path);
        Listener.Shutdown();
        closer.Close(Listener);
    }
}
