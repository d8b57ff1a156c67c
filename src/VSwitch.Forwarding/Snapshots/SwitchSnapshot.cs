using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Wire;

namespace VSwitch.Forwarding;

/// <summary>
/// Everything that the workers forward by, immutable: published by one reference write and read once per batch.
/// </summary>
public sealed class SwitchSnapshot
{
    /// <summary>Ports at most: 1,024 vEths and 32 uplinks, and some room.</summary>
    public const int PortCountMax = 2048;

    public static readonly SwitchSnapshot Empty = new([], VlanSet.All);

    /// <summary>Each at the place of its index; empty where there is none.</summary>
    private readonly PortSnapshot[] _ports;
    private readonly FloodLists[] _floods = new FloodLists[VlanSet.VlanMax + 1];

    /// <param name="activeVlans">VLANs that exist and are neither suspended nor shut down.</param>
    public SwitchSnapshot(IReadOnlyCollection<PortSnapshot> ports, VlanSet activeVlans)
    {
        _ports = new PortSnapshot[ports.Select(port => port.Port.Index + 1).DefaultIfEmpty().Max()];
        foreach (PortSnapshot port in ports)
            _ports[port.Port.Index] = port;
        ActiveVlans = activeVlans;
        BuildFloodLists();
    }

    public VlanSet ActiveVlans { get; }

    /// <summary>The port at an index; null when there is none (any more).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PortSnapshot? Port(int index) => (uint)index < (uint)_ports.Length && _ports[index].Port is not null ? _ports[index] : null;

    /// <summary>
    /// The ports that a flooded frame leaves by, the one it came from included. The uplink side never returns a frame to
    /// the uplink side.
    /// </summary>
    public ReadOnlySpan<PortSnapshot> FloodPorts(int vlan, bool fromUplink) =>
        fromUplink ? _floods[vlan].Veths : _floods[vlan].All;

    private void BuildFloodLists()
    {
        var accessPorts = new List<PortSnapshot>?[VlanSet.VlanMax + 1];
        var trunks = new List<PortSnapshot>();
        foreach (PortSnapshot port in _ports)
        {
            if (port.Policy is { IsForwarding: true, IsTrunk: true })
                trunks.Add(port);
            else if (port.Policy is { IsForwarding: true, UntaggedVlan: int vlan })
                (accessPorts[vlan] ??= []).Add(port);
        }

        Array.Fill(_floods, FloodLists.None);
        var members = new List<PortSnapshot>();
        for (int vlan = VlanSet.VlanMin; vlan <= VlanSet.VlanMax; vlan++)
        {
            if (!ActiveVlans.Contains(vlan))
                continue;
            members.Clear();
            if (accessPorts[vlan] is { } here)
                members.AddRange(here);
            foreach (PortSnapshot trunk in trunks)
            {
                if (trunk.Policy.Vlans.Contains(vlan))
                    members.Add(trunk);
            }
            // VLANs that the same trunks carry share one list: a host with wide trunks would need thousands otherwise.
            bool isShared = _floods[vlan - 1].All.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(members));
            _floods[vlan] = isShared ? _floods[vlan - 1] : new FloodLists([.. members]);
        }
    }

    private sealed class FloodLists(PortSnapshot[] members)
    {
        public static readonly FloodLists None = new([]);

        public readonly PortSnapshot[] All = members;
        public readonly PortSnapshot[] Veths = [.. members.Where(port => !port.Port.IsUplink)];
    }
}
