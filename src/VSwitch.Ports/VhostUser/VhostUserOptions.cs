using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>Which socket a vhost-user port serves, and what it offers there.</summary>
public sealed record VhostUserOptions
{
    /// <summary>The unix socket, 107 bytes at most.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the front end listens on the socket and the port connects; otherwise the port listens.</summary>
    public bool IsClient { get; init; }

    /// <summary>Queue pairs that the front end may use, 1 to 64; one receive queue each.</summary>
    public int QueueCount { get; init; } = 1;

    /// <summary>
    /// Largest Ethernet payload in bytes that is sent to the guest; its front end may name less. Null: whatever the front end
    /// names, or <see cref="Mtu.BytesUsual"/>.
    /// </summary>
    public int? MtuBytes { get; init; }
}
