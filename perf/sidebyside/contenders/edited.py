"""Ours with a thousand vEths, whose port profile somebody may be editing all the time."""

from ..lab import LOAD_CPU
from .vswitch import OUT, VSwitch

IDLE_VETHS = 998
EDITS_PER_SECOND = 10

# Two access lists that permit the same; each edit binds the other one to every vEth.
EDITS = f"""
while :; do
  for list in 501 500; do echo "ip port access-group $list in"; sleep {1 / EDITS_PER_SECOND}; done
done
"""


class EditedVSwitch(VSwitch):
    def __init__(self, is_edited):
        super().__init__()
        self.name = f"VSwitch, {IDLE_VETHS + 2:,} vEths, " + (f"{EDITS_PER_SECOND} edits per second" if is_edited else "no edits")
        self.is_edited = is_edited

    def start(self, host, uplink=None):
        super().start(host, uplink)
        crowd = host.lab.namespace("crowd")
        crowd.run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
        self.vemcmd("-", input="".join(
            f"attach tap idle{i} --netns {crowd.name} --profile webservers --vm idle{i}\n" for i in range(IDLE_VETHS)))
        if self.is_edited:
            editor = f"(echo configure terminal; echo port-profile type vethernet webservers; {EDITS}) | {OUT}/vsw --vsm unix:{self.vsm_socket}"
            host.spawn("sh", "-c", editor, cpu=LOAD_CPU)

    def _configuration(self):
        return f"{super()._configuration()}{self._access_list().replace('500', '501', 1)}\n"
