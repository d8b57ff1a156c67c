"""A switch that takes any number of endpoints, with idle ones besides the two that are measured."""

from ..endpoints import Endpoint


class Crowded:
    def __init__(self, make_contender, ports):
        self.contender = make_contender()
        self.name = f"{self.contender.name}, {ports} ports"
        self.packages = self.contender.packages
        self.attach = self.contender.attach
        self.version = self.contender.version
        self.idle_ports = ports - 2

    def start(self, host):
        self.contender.start(host)
        crowd = host.lab.namespace("crowd")
        for number in range(self.idle_ports):
            idle = Endpoint(crowd, f"idle{number}", f"198.19.{number}.1")
            self.contender.attach(idle)
            idle.configure()
