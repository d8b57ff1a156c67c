using VSwitch.Wire;

namespace VSwitch.Ports;

/// <summary>Which TAP netdev a port opens, and how it makes it when it is not there.</summary>
public sealed record TapOptions
{
    /// <summary>15 bytes at most; a pattern such as <c>vsw%d</c> lets the kernel choose the number.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The network namespace to make it in: a name as <c>ip netns</c> gives it, or a path such as
    /// <c>/proc/1234/ns/net</c>; null is the process's own.
    /// </summary>
    public string? Namespace { get; init; }

    /// <summary>The netdev's own address, which its user sends from; null leaves what it has.</summary>
    public MacAddress? Address { get; init; }

    /// <summary>The address that a netdev gets when it is made and <see cref="Address"/> is null; null lets the kernel choose.</summary>
    public MacAddress? AddressWhenMade { get; init; }

    /// <summary>Largest Ethernet payload in bytes; null leaves what it has, 1,500 for a new one.</summary>
    public int? MtuBytes { get; init; }

    /// <summary>Receive queues, one for each worker that is to receive from this port.</summary>
    public int QueueCount { get; init; } = 1;

    /// <summary>Whether a netdev that is there was made by VSwitch, before it was started anew.</summary>
    public bool IsOurs { get; init; }

    /// <summary>
    /// Whether the netdev stays after <see cref="TapPort.Close"/>, for the next process to find. One that somebody else made
    /// to stay does so anyway.
    /// </summary>
    public bool IsPersistent { get; init; }
}
