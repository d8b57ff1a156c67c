"""Our yardsticks in C: no switch at all, only the system calls that one on TAPs or AF_PACKET sockets has to make."""

from ..lab import SWITCH_CPU, run
from ..native import native


def compiler():
    return run("gcc", "--version").splitlines()[0]


class CTapLoop:
    """Takes two endpoints; it runs when it has both."""

    packages = ["gcc"]

    def __init__(self, vnet_header=False, queue_frames=None):
        self.name = "C read/write loop" + (", vnet_hdr" if vnet_header else "") + (f", queue of {queue_frames:,}" if queue_frames else "")
        self.options = ["--vnet-hdr"] if vnet_header else []
        self.queue_frames = queue_frames

    def start(self, host):
        self.host = host
        self.endpoints = []

    def attach(self, endpoint):
        self.endpoints.append(endpoint)
        if len(self.endpoints) < 2:
            return
        loop = self.host.spawn(native("tap_loop"), *(e.netdev for e in self.endpoints), *self.options, cpu=SWITCH_CPU)
        loop.wait_for_output("ready")
        for each in self.endpoints:
            if self.queue_frames:
                self.host.ip("link", "set", each.netdev, "txqueuelen", self.queue_frames)
            self.host.ip("link", "set", each.netdev, "netns", each.namespace.name)

    version = staticmethod(compiler)


class CPacketLoop:
    """Takes two netdevs; it runs when it has both."""

    name = "C recvmmsg/sendmmsg loop"
    packages = ["gcc"]

    def start(self, host):
        self.host = host
        self.netdevs = []

    def plug(self, netdev):
        self.host.ip("link", "set", netdev, "up")
        self.netdevs.append(netdev)
        if len(self.netdevs) == 2:
            loop = self.host.spawn(native("packet_loop"), *self.netdevs, cpu=SWITCH_CPU)
            loop.wait_for_output("ready")

    version = staticmethod(compiler)
