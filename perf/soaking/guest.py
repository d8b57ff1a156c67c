"""A virtual machine on a vhost-user port: DPDK's testpmd, which answers pings for every address that it is asked for."""

from sidebyside import testpmd
from sidebyside.endpoints import VhostSocket, verify
from sidebyside.lab import LOAD_CPU


class Guest:
    """Boots when it is made. It has an address, so that an endpoint can ping it."""

    def __init__(self, socket: VhostSocket, mac, address):
        self.namespace = socket.namespace
        self.address = address
        self._process = testpmd.spawn(self.namespace, LOAD_CPU, [f"net_virtio_user0,path={socket.path},mac={mac}"],
                                      "--cmdline-file=/dev/stdin", mode="icmpecho")
        self._process.wait_for_output("Checking link statuses", 30)
        self._process.say("start")

    def frames(self):
        """Frames that it has sent and received since it booted."""
        return testpmd.frames(self._process, 1)[0]

    def verify(self, endpoint):
        verify(endpoint, self)

    def shut_down(self):
        self._process.stop()

    def pull_the_plug(self):
        self._process.kill()
