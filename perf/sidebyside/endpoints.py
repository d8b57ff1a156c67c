"""The two ends of every measurement: a namespace each, with one netdev that the contender under test provides.

The far end owns a second MAC address, SINK_MAC, which its netdev does not answer to. A flood goes there: the switch
forwards it as any known unicast address, the netdev counts it, and the receiving stack drops it at once, so that
receiving costs all contenders the same and next to nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from .lab import LabError, Namespace, wait_until
from .native import native

FLOOD_MAC = "02:00:0f:00:00:01"
SINK_MAC = "02:00:5a:00:00:01"
ANNOUNCEMENTS_PER_SECOND = 20_000
BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"


@dataclass
class Endpoint:
    namespace: Namespace
    netdev: str
    address: str

    def configure(self):
        """Gives the netdev, which must be in the namespace by now, its address."""
        # Nothing but what is measured: a switch and its endpoints should not meet IPv6's own traffic.
        self.namespace.run("sysctl", "-qw", f"net.ipv6.conf.{self.netdev}.disable_ipv6=1")
        self.namespace.ip("address", "add", f"{self.address}/24", "dev", self.netdev)
        self.namespace.ip("link", "set", self.netdev, "up")

    def announce_sink(self, addresses=1):
        """Lets the switch learn SINK_MAC here, and so many addresses that follow it."""
        self.namespace.run(native("flood"), self.netdev, SINK_MAC, BROADCAST_MAC, "--rate", ANNOUNCEMENTS_PER_SECOND,
                           "--frames", 3 * addresses, "--addresses", addresses)


@dataclass
class VhostSocket:
    """Where a guest's network card is to be plugged in, and the namespace that guests belong in."""

    namespace: Namespace
    path: Path


def verify(near, far):
    """A contender that does not forward has no place in a table."""

    def answers():
        try:
            near.namespace.run("ping", "-q", "-c", 1, "-W", 1, far.address)
            return True
        except LabError:
            return False

    wait_until(answers, 15, f"no ping from {near.address} to {far.address}")
    near.namespace.run("ping", "-q", "-c", 20, "-i", 0.01, "-W", 1, far.address)
