"""VDE's switch. It opens the TAPs itself, which spares a process and two sockets for each."""

from ..lab import SWITCH_CPU, run


class Vde:
    """Takes two endpoints; it runs when it has both."""

    name = "VDE"
    packages = ["vde2"]

    def start(self, host):
        self.host = host
        self.endpoints = []

    def attach(self, endpoint):
        self.endpoints.append(endpoint)
        if len(self.endpoints) < 2:
            return
        taps = [word for each in self.endpoints for word in ("--tap", each.netdev)]
        directory = self.host.lab.directory / f"{self.host.name}-vde"
        switch = self.host.spawn("vde_switch", "--sock", directory, *taps, cpu=SWITCH_CPU)
        for each in self.endpoints:
            switch.wait_until(lambda: self.host.has(each.netdev), 5, f"no TAP {each.netdev}")
            self.host.ip("link", "set", each.netdev, "netns", each.namespace.name)

    @staticmethod
    def version():
        return "VDE " + run("dpkg-query", "-W", "-f", "${Version}", "vde2")
