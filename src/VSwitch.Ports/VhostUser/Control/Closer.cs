using System.Collections.Concurrent;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// Closes what front ends of one port have sent, and the sockets that may hold more of it.
///
/// Theory of operation. Any descriptor can come with a message, and close(2) waits for some: for the peer of a TCP socket that
/// lingers, for a program that pretends to be a file system, for ever if they like. So it is done on a thread, which is there only
/// while there is something to close. One that waits keeps nobody but its own port waiting: there is one thread for a port at
/// most; a front end that has left <see cref="CountMax"/> descriptors to be closed is sent away; and the port lets the next one in
/// when this is idle. A port has so no more to be closed than that, what the last message brought, and two sockets.
/// </summary>
/// <param name="onIdle">Called on the thread when everything is closed.</param>
internal sealed class Closer(Action onIdle)
{
    /// <summary>More than a front end sends that starts all the rings there can be, before the thread first runs.</summary>
    public const int CountMax = 512;

    private readonly ConcurrentQueue<IDisposable> _waiting = new();
    private int _count;

    /// <summary>How many are not closed yet.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsIdle => Count == 0;

    /// <summary>Takes a descriptor or a socket over.</summary>
    public void Close(IDisposable one)
    {
        _waiting.Enqueue(one);
        if (Interlocked.Increment(ref _count) == 1)
            new Thread(CloseAll) { Name = "vhost-user close", IsBackground = true }.Start();
    }

    private void CloseAll()
    {
        do
        {
            if (_waiting.TryDequeue(out IDisposable? one))
                one.Dispose();
        }
        while (Interlocked.Decrement(ref _count) > 0);
        onIdle();
    }
}
