"""Open vSwitch on DPDK: the same datapath, its ports worked by a thread that polls them, on SWITCH_CPU.

It uses no card, and huge pages without files, so that they are free again however it ends.
"""

from ..lab import SWITCH_CPU, run
from .ovs import VLAN, OpenVSwitch

MEMORY_MB = 1024


class OvsDpdk(OpenVSwitch):
    packages = [*OpenVSwitch.packages, "openvswitch-switch-dpdk"]
    directories = [*OpenVSwitch.directories, "RUNTIME_DIRECTORY"]
    program = "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"

    def __init__(self):
        super().__init__()
        self.name = "OVS-DPDK"
        self.settings += ["dpdk-init=true", "dpdk-extra=--no-pci --no-telemetry", f"dpdk-socket-mem={MEMORY_MB}",
                          f"dpdk-lcore-mask={1 << SWITCH_CPU:#x}", f"pmd-cpu-mask={1 << SWITCH_CPU:#x}"]

    def start(self, host):
        host.lab.add_huge_pages(MEMORY_MB // 2)
        super().start(host)

    def serve(self, name):
        self._configure("add-port", "br0", name, f"tag={VLAN}",
                        "--", "set", "interface", name, "type=dpdkvhostuser")
        return self.directory / name

    @classmethod
    def version(cls):
        return f"{super().version()}, {run(cls.program, '--version').splitlines()[-1]}"
