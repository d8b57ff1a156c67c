using System.Collections.Concurrent;

namespace VSwitch.Ports;

/// <summary>
/// Closes what strangers have sent to the socket of one port, and the sockets that may hold more of it.
///
/// Theory of operation. Any descriptor can come with a message, and close(2) waits for some: for the peer of a TCP socket that
/// lingers, for a program that pretends to be a file system, for ever if they like. So it is done on a thread, which is there only
/// while there is something to close. The runtime's pool starts it, because a worker has no time for that either. One that waits
/// keeps nobody but its own port waiting: there is one thread for a port at most, and the port lets the next one in when this is
/// idle.
/// </summary>
/// <param name="onIdle">Called on the thread when everything is closed.</param>
internal sealed class Closer(Action onIdle) : IThreadPoolWorkItem
{
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
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => new Thread(CloseAll) { Name = "port close", IsBackground = true }.Start();

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
