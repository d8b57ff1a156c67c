"""Open vSwitch with its userspace datapath: no kernel module, and no DPDK unless ``ovs_dpdk`` adds it.

The instance is private: database, sockets and pid files lie in the lab's directory, and the distribution's service is
neither used nor touched. Endpoints are its internal ports, which are TAP netdevs in this datapath.
"""

from ..lab import SWITCH_CPU, run

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
VLAN = 10


class OpenVSwitch:
    packages = ["openvswitch-switch"]
    # Variables that say where it keeps its files.
    directories = ["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"]
    # By its full name: where OVS-DPDK is installed too, ovs-vswitchd is a link to that one.
    program = "/usr/lib/openvswitch-switch/ovs-vswitchd"

    def __init__(self, tso=False, acl_entries=0):
        self.name = "OVS userspace" + (", TSO" if tso else "") + (f", {acl_entries} ACL entries" if acl_entries else "")
        self.settings = [f"userspace-tso-enable={str(tso).lower()}"]
        self.acl_entries = acl_entries
        self.access_vlan = []

    def start(self, host, uplink=None):
        self.host = host
        self.directory = directory = host.lab.directory / host.name
        directory.mkdir()
        self.env = {name: str(directory) for name in self.directories}
        self.database = f"unix:{directory}/db.sock"
        run("ovsdb-tool", "create", directory / "conf.db", SCHEMA)
        host.spawn("ovsdb-server", directory / "conf.db", f"--remote=p{self.database}", "--pidfile", "-vfile:off",
                   env=self.env)
        self._configure("--no-wait", "--retry", "init")
        settings = (f"other_config:{setting}" for setting in self.settings)
        self._configure("--no-wait", "set", "Open_vSwitch", ".", *settings)
        host.spawn(self.program, self.database, "--pidfile", "-vfile:off", cpu=SWITCH_CPU, env=self.env)
        self._configure("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev")
        self._add_access_list(directory)
        if uplink:
            # A port without a tag is a trunk of all VLANs.
            self.plug(uplink)
            self.access_vlan = [f"tag={VLAN}"]

    def attach(self, endpoint):
        self._configure("add-port", "br0", endpoint.netdev, *self.access_vlan,
                        "--", "set", "interface", endpoint.netdev, "type=internal")
        self.host.ip("link", "set", endpoint.netdev, "netns", endpoint.namespace.name)

    def plug(self, netdev):
        self.host.ip("link", "set", netdev, "up")
        self._configure("add-port", "br0", netdev)

    def _add_access_list(self, directory):
        denied = (f"table=0,priority=10,udp,nw_src=10.{i >> 8}.{i & 255}.0/24,tp_dst={1024 + i},actions=drop\n"
                  for i in range(self.acl_entries - 1))
        flows = directory / "flows.txt"
        flows.write_text("".join([*denied, "table=0,priority=1,actions=normal\n"]))
        self.host.run("ovs-ofctl", "add-flows", "br0", flows, env=self.env)

    def _configure(self, *command):
        self.host.run("ovs-vsctl", f"--db={self.database}", "--timeout=15", *command, env=self.env)

    @classmethod
    def version(cls):
        return run(cls.program, "--version").splitlines()[0]
