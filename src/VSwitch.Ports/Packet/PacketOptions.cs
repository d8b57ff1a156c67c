namespace VSwitch.Ports;

/// <summary>Which existing netdev a port attaches to.</summary>
public sealed record PacketOptions
{
    /// <summary>The netdev's name. When it is deleted and made again under the same name, the port attaches again.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The network namespace that it is in: a name as <c>ip netns</c> gives it, or a path such as
    /// <c>/proc/1234/ns/net</c>; null is the process's own.
    /// </summary>
    public string? Namespace { get; init; }
}
