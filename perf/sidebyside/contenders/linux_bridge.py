"""The kernel's own bridge, its endpoints on veth pairs.

A bridge forwards on the processor that the frame was sent on, the load's. With RPS (receive packet steering) it gets
the processor that the other switches have.
"""

from ..lab import SWITCH_CPU, run


class LinuxBridge:
    packages = ["iproute2"]

    def __init__(self, rps=False):
        self.name = "Linux bridge" + (", RPS" if rps else "")
        self.rps = rps

    def start(self, host, uplink=None):
        self.host = host
        host.ip("link", "add", "br0", "type", "bridge", "stp_state", "0", "mcast_snooping", "0")
        host.ip("link", "set", "br0", "up")
        if uplink:
            self.plug(uplink)

    def attach(self, endpoint):
        port = f"to-{endpoint.netdev}"
        there = endpoint.namespace.name
        self.host.ip("link", "add", port, "type", "veth", "peer", "name", endpoint.netdev, "netns", there)
        self.plug(port)

    def plug(self, netdev):
        self.host.ip("link", "set", netdev, "master", "br0")
        self.host.ip("link", "set", netdev, "up")
        if self.rps:
            processors = f"{1 << SWITCH_CPU:x}"
            self.host.run("sh", "-c", f"echo {processors} > /sys/class/net/{netdev}/queues/rx-0/rps_cpus")

    @staticmethod
    def version():
        return "Linux " + run("uname", "-r").strip()
