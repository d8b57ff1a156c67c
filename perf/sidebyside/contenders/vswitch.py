"""Ours: a supervisor, and a VEM with one worker, configured as in the tour of the project's README.

The endpoints' profile has an access VLAN and an access list with counters; the flood and TCP match its last entry.
The VEM's worker has SWITCH_CPU; the supervisor, which is on another host as a rule, has LOAD_CPU.
"""

import json
from pathlib import Path

from ..lab import LOAD_CPU, SWITCH_CPU, run

ROOT = Path(__file__).resolve().parents[3]
OUT = ROOT / "out"
VLAN = 10
ACL_ENTRIES = 100

# What a TAP that it makes can hold unless the switch is overloaded; the kernel's own have 1,000.
TAP_QUEUE_FRAMES = 10_000


class VSwitch:
    packages = []

    def __init__(self, acl_entries=ACL_ENTRIES, both_ways=False, poll="adaptive", latency=None):
        self.name = "VSwitch" if acl_entries == ACL_ENTRIES else f"VSwitch, {acl_entries or 'no'} ACL entries"
        self.name += " in and out" if both_ways else ""
        self.name += ", --poll busy" if poll == "busy" else ""
        self.name += f", --latency {latency}" if latency is not None else ""
        self.acl_entries = acl_entries
        self.directions = ["in", "out"] if both_ways else ["in"]
        self.options = ["--poll", poll] + (["--latency", str(latency)] if latency is not None else [])

    def start(self, host, uplink=None):
        self.host = host
        directory = host.lab.directory / host.name
        directory.mkdir()
        self.vsm_socket, self.vem_socket = directory / "vsm.sock", directory / "vem.sock"
        uplinks = ["--uplink", f"{uplink}=uplink"] if uplink else []
        if uplink:
            host.ip("link", "set", uplink, "up")

        vsm = host.spawn(OUT / "vsm", "--listen", f"unix:{directory}/vsm-cluster.sock", "--socket", self.vsm_socket,
                         "--state", directory / "vsm", cpu=LOAD_CPU)
        vsm.wait_until(self.vsm_socket.exists, 20, "has no socket")
        configuration = directory / "configuration.txt"
        configuration.write_text(self._configuration())
        run(OUT / "vsw", "--vsm", f"unix:{self.vsm_socket}", configuration)
        self.vem = host.spawn(OUT / "vem", "--vsm", f"unix:{self.vsm_socket}", "--state", directory / "vem",
                         "--name", host.name, "--cpus", SWITCH_CPU, "--socket", self.vem_socket, *self.options, *uplinks)
        self.vem.wait_until(self.vem_socket.exists, 20, "has no socket")

    def attach(self, endpoint):
        self._attach(endpoint.netdev, "tap", endpoint.netdev, "--netns", endpoint.namespace.name)

    def plug(self, netdev):
        self.host.ip("link", "set", netdev, "up")
        self._attach(netdev, "packet", netdev)

    def serve(self, name):
        socket = self.vem_socket.with_name(f"{name}.sock")
        self._attach(name, "vhost-user", socket)
        return socket

    def vemcmd(self, *words, input=""):
        return run(OUT / "vemcmd", "--socket", self.vem_socket, *words, input=input)

    def show(self, what):
        """The rows of one of the VEM's tables."""
        return json.loads(self.vemcmd("show", what, "|", "json"))["rows"]

    def _attach(self, name, *port):
        self.vemcmd("attach", *port, "--profile", "webservers", "--vm", f"vm-{name}")

    def _configuration(self):
        access_groups = [f"  ip port access-group 500 {direction}" for direction in self.directions if self.acl_entries]
        return f"""\
configure terminal
{self._access_list()}
port-profile type vethernet server
  switchport mode access
  no shutdown
  state enabled
port-profile type vethernet webservers
  inherit port-profile server
  switchport access vlan {VLAN}
{chr(10).join(access_groups)}
  state enabled
port-profile type ethernet uplink
  switchport mode trunk
  switchport trunk allowed vlan {VLAN},20
  no shutdown
  state enabled
"""

    def _access_list(self):
        if self.acl_entries == 0:
            return ""
        denied = ["deny tcp any any eq 23"]
        denied += [f"deny udp 10.{i >> 8}.{i & 255}.0/24 any eq {1024 + i}" for i in range(self.acl_entries - 2)]
        entries = "\n".join(f"  {10 * (i + 1)} {entry}" for i, entry in enumerate([*denied, "permit ip any any"]))
        return f"ip access-list 500\n  statistics per-entry\n{entries}"

    @staticmethod
    def version():
        """The commit, which is dirty when the sources are not its; tables that were written since are no part of it."""
        changed = run("git", "-C", ROOT, "status", "--porcelain", "src")
        return "VSwitch " + run("git", "-C", ROOT, "rev-parse", "--short", "HEAD").strip() + ("-dirty" if changed else "")
