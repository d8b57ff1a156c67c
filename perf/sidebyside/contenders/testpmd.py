"""Our yardstick for vhost-user: no switch at all, DPDK's testpmd passing on what comes in one port through the other.

It looks at no byte of a frame. What it does with the rings, and its two copies of each frame, are DPDK's vhost library.
"""

from .. import testpmd
from ..lab import SWITCH_CPU


class Testpmd:
    """Takes two ports; it runs when it has both."""

    name = "testpmd io, net_vhost"
    packages = testpmd.PACKAGES
    version = staticmethod(testpmd.version)

    def start(self, host):
        self.host = host
        self.sockets = []

    def serve(self, name):
        socket = self.host.lab.directory / f"{name}.sock"
        self.sockets.append(socket)
        if len(self.sockets) == 2:
            devices = [f"net_vhost{number},iface={socket}" for number, socket in enumerate(self.sockets)]
            testpmd.add_memory(self.host.lab)
            forwarder = testpmd.spawn(self.host, SWITCH_CPU, devices)
            forwarder.wait_for_output("Press enter to exit")
        return socket
