"""What happens to a switch in its life: ports come, go and vanish, links and MTUs change, profiles are edited."""

from sidebyside import testpmd
from sidebyside.contenders.vswitch import OUT
from sidebyside.endpoints import Endpoint, VhostSocket
from sidebyside.lab import run, wait_until

from .guest import Guest

GUEST_MAC = "02:00:00:00:01:01"


class Changes:
    """One after the other, round and round; each leaves the switch as it found it, so that nothing should add up."""

    def __init__(self, lab, switch, pinger):
        """The pinger is an endpoint that tries whether guests answer."""
        self.switch = switch
        self.pinger = pinger
        self.place = lab.namespace("changing")
        testpmd.add_memory(lab)
        self.done = 0
        self._changes = [self._tap_comes_and_goes, self._netdev_vanishes, self._link_goes_down_and_up, self._mtu_changes,
                         self._profile_is_edited, self._access_list_is_edited, self._everything_is_shown, self._guests_come_and_go]

    def run_next(self):
        self._changes[self.done % len(self._changes)]()
        self.done += 1

    def run_all(self):
        for _ in self._changes:
            self.run_next()

    def _tap_comes_and_goes(self):
        self.switch.attach(Endpoint(self.place, "comes0", "198.18.1.1"))
        self.switch.vemcmd("detach", "comes0")

    def _netdev_vanishes(self):
        host = self.switch.host
        host.ip("link", "add", "gone0", "type", "veth", "peer", "name", "gone1")
        self.switch.plug("gone0")
        host.ip("link", "delete", "gone0")
        wait_until(lambda: "gone0" not in host.ip("-o", "link"), 5, "gone0 is still there")
        self.switch.vemcmd("detach", "gone0")

    def _link_goes_down_and_up(self):
        endpoint = Endpoint(self.place, "comes0", "198.18.1.1")
        self.switch.attach(endpoint)
        for state in ("up", "down", "up"):
            self.place.ip("link", "set", endpoint.netdev, state)
        self.switch.vemcmd("detach", endpoint.netdev)

    def _mtu_changes(self):
        endpoint = Endpoint(self.place, "comes0", "198.18.1.1")
        self.switch.attach(endpoint)
        for mtu in (9000, 68, 1500):
            self.place.ip("link", "set", endpoint.netdev, "mtu", mtu)
        self.switch.vemcmd("detach", endpoint.netdev)

    def _profile_is_edited(self):
        self._configure("port-profile type vethernet server", "switchport trunk allowed vlan 1-100")
        self._configure("port-profile type vethernet server", "no switchport trunk allowed vlan")

    def _access_list_is_edited(self):
        self._configure("ip access-list 500", "15 deny udp any any eq 99")
        self._configure("ip access-list 500", "no 15")

    def _everything_is_shown(self):
        for what in ("running-config", "interface virtual", "mac address-table", "access-lists"):
            run(OUT / "vsw", "--vsm", f"unix:{self.switch.vsm_socket}", "-c", f"show {what}")

    def _guests_come_and_go(self):
        socket = VhostSocket(self.place, self.switch.serve("guest"))
        for end in (Guest.shut_down, Guest.pull_the_plug):
            guest = Guest(socket, GUEST_MAC, "198.18.0.101")
            guest.verify(self.pinger)
            end(guest)
        self.switch.vemcmd("detach", str(socket.path))

    def _configure(self, *commands):
        run(OUT / "vsw", "--vsm", f"unix:{self.switch.vsm_socket}", input="\n".join(["configure terminal", *commands]) + "\n")
