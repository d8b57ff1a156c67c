using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>Which unix socket a stream port uses, and which side listens there.</summary>
public sealed record StreamOptions
{
    /// <summary>The unix socket's path, 107 bytes of UTF-8 at most.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the VM's side listens (QEMU's <c>server=on</c>) and the port connects.</summary>
    public bool IsClient { get; init; }

    /// <summary>Largest Ethernet payload in bytes that is sent to the VM.</summary>
    public int MtuBytes { get; init; } = Mtu.BytesUsual;
}
