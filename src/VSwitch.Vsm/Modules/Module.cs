using System.Collections.Immutable;
using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>What a module has attached as one of the switch's interfaces.</summary>
public sealed record ModulePort(InterfaceId Id, Attachment Attachment);

/// <summary>
/// A VEM as the supervisor knows it: who it is, what it has attached, and the session while there is one. A module outlives
/// its sessions. Everything here changes only at the configuration's gate, by whole values that anybody may read.
/// </summary>
public sealed class Module(int number)
{
    private volatile VemSession? _session;
    private volatile Hello? _hello;
    private volatile ImmutableSortedDictionary<InterfaceId, ModulePort> _ports = ImmutableSortedDictionary<InterfaceId, ModulePort>.Empty;

    public int Number => number;

    /// <summary>The session with the VEM; null while it is out of touch.</summary>
    public VemSession? Session
    {
        get => _session;
        set => _session = value;
    }

    /// <summary>What the VEM said of itself when it connected last; null if it has not since the supervisor started.</summary>
    public Hello? Hello
    {
        get => _hello;
        set => _hello = value;
    }

    /// <summary>What is attached; of a module out of touch, what was.</summary>
    public ImmutableSortedDictionary<InterfaceId, ModulePort> Ports
    {
        get => _ports;
        set => _ports = value;
    }

    /// <summary>
    /// What the VEM has attached and could not become an interface when it connected. The next change of the configuration
    /// may be what was missing.
    /// </summary>
    public IReadOnlyList<Attachment> Waiting { get; set; } = [];

    /// <summary>The state that the VEM acknowledged last, in a session that is over; null if none.</summary>
    public VemState? LastState { get; set; }

    public bool IsConnected => _session is not null;

    /// <summary><c>module 3 (host1)</c>.</summary>
    public override string ToString() =>
        _hello is { HostName.Length: > 0 } hello ? $"module {number} ({AttachmentCheck.Printable(hello.HostName)})" : $"module {number}";
}
