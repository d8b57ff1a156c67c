using VSwitch.Linux;

namespace VSwitch.Ports;

/// <summary>
/// Where a stream port gets its one connection at a time from. While it waits for one, a descriptor of its own in the
/// port's epoll set says when to try.
/// </summary>
internal interface IStreamConnector : IDisposable
{
    /// <summary>Begins to wait. A peer that came before is sent away.</summary>
    void Start();

    /// <summary>Takes a connection if there is one, and then waits no longer.</summary>
    UnixSocket? TryConnect();

    /// <summary>Says that the peer has sent something, so that it is worth coming back to.</summary>
    void Approve();

    /// <summary>Waits for the next connection; the last one has ended.</summary>
    void Retry();

    /// <summary>Waits no longer.</summary>
    void Stop();
}
