namespace VSwitch.Integration.Tests.Differential;

/// <summary>
/// The reference: one Linux bridge for each VLAN, which is what a VLAN is, with a veth for each port that carries it. The
/// harness takes the outer tag off on the way in and puts it on on the way out, by the words of IEEE Std 802.1Q; who
/// gets a frame is the kernel's decision. (A bridge with VLAN filtering would do the tags as well; not every kernel has it.)
/// </summary>
public static class BridgeReference
{
    /// <param name="lab">Takes the namespace of the bridges.</param>
    /// <param name="netns">Where the other ends of the veths are to be.</param>
    /// <param name="ports">Of the switch.</param>
    public static void Build(Laboratory lab, string netns, TestPort[] ports)
    {
        string bridges = lab.AddNamespace("bridges");
        Shell.Run("ip", "netns", "exec", bridges, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        // A kernel with bridge-netfilter would look into IP packets and drop what is none.
        Shell.Run("ip", "netns", "exec", bridges, "sh", "-c", "for call in /proc/sys/net/bridge/bridge-nf-call-*; do [ ! -e $call ] || echo 0 > $call; done");
        foreach (int vlan in ports.SelectMany(port => port.Allowed).Distinct())
        {
            string bridge = $"br{vlan}";
            Shell.Run("ip", "-n", bridges, "link", "add", bridge, "up", "type", "bridge", "mcast_snooping", "0", "stp_state", "0");
            foreach (TestPort port in ports.Where(port => port.Allowed.Contains(vlan)))
            {
                string device = port.BridgeDevice(vlan);
                Shell.Run("ip", "link", "add", device, "netns", netns, "mtu", $"{port.MtuBytes}", "type", "veth", "peer", "name", device, "netns", bridges, "mtu", $"{port.MtuBytes}");
                Shell.Run("ip", "-n", netns, "link", "set", device, "up");
                Shell.Run("ip", "-n", bridges, "link", "set", device, "up", "master", bridge);
                // As our switch does, the bridge knows the addresses of the network cards, and that they do not move.
                if (port.Native == vlan)
                    Shell.Run("bridge", "-n", bridges, "fdb", "add", BitConverter.ToString(port.Mac).Replace('-', ':'), "dev", device, "master", "static", "sticky");
            }
        }
    }
}
