using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>A peer's socket, and the descriptors that came out of it. Closing them may wait: see <see cref="Closer"/>.</summary>
internal sealed class StreamConnection(UnixSocket socket) : IDisposable
{
    private readonly List<Descriptor> _strays = [];

    public int Number => socket.Number;

    /// <summary>Receives bytes. Allocates nothing, unless descriptors came.</summary>
    /// <returns>Bytes; 0 at the stream's end; a negative error number, <c>-Errno.EAGAIN</c> when there is nothing now and
    /// <c>-Errno.EMSGSIZE</c> when descriptors came, which nothing on a stream needs.</returns>
    public int Receive(Span<byte> bytes)
    {
        int received = socket.Receive(bytes, _strays);
        return _strays.Count == 0 ? received : -Errno.EMSGSIZE;
    }

    /// <summary>Hangs up; the peer sees it at once.</summary>
    public void Shutdown() => socket.Shutdown();

    public void Dispose()
    {
        foreach (Descriptor stray in _strays)
            stray.Dispose();
        socket.Dispose();
    }
}
