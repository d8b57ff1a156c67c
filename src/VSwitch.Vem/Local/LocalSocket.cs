using System.Net.Sockets;

namespace VSwitch.Vem;

/// <summary>The file of a unix socket that this process serves.</summary>
internal static class LocalSocket
{
    /// <summary>Makes room for the socket: its folder is made, and the file of a process that has died removed.</summary>
    /// <exception cref="IOException">Somebody listens there, or the file is no socket.</exception>
    public static void Prepare(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        if (!File.Exists(path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new IOException($"{path} is in the way of the socket ({exception.Message}). Remove it, or name another --socket.", exception);
        }
        throw new IOException($"Another process serves {path} already. Stop it, or name another --socket.");
    }

    /// <summary>Who may configure the host's network may use the socket: root and its group.</summary>
    public static void Restrict(string path) => File.SetUnixFileMode(path,
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
}
