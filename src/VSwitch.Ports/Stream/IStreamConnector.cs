using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Where a stream port gets its one connection at a time from. While it waits for one, a descriptor of its own in the
/// port's epoll set says when to try.
/// </summary>
internal interface IStreamConnector
{
    /// <summary>Forgets what was before it. A peer that has come already is sent away.</summary>
    void Start(Closer closer);

    /// <summary>Waits for a connection; there is none.</summary>
    void Wait();

    /// <summary>Takes a connection if there is one, and then waits no longer.</summary>
    UnixSocket? TryConnect();

    /// <summary>Says that the peer has sent something, so that it is worth coming back to.</summary>
    void Approve();

    /// <summary>Waits no longer.</summary>
    void Stop();

    /// <summary>Is done for good.</summary>
    void Close(Closer closer);
}
