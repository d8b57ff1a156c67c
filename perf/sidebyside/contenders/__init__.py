"""The switches that are compared, one module each.

A contender is a class with a ``name`` and

``packages``          the Debian packages that it needs
``start(host)``       starts it in a namespace, on SWITCH_CPU; with an uplink, a netdev there that leads to another one
``attach(endpoint)``  puts a netdev of its own kind, named ``endpoint.netdev``, into ``endpoint.namespace``
``plug(netdev)``      takes a netdev that exists in the host's namespace already
``serve(name)``       opens a vhost-user socket, a port of that name, for a front end to connect to; returns its path
``version()``         what was measured, in one line

What it starts and makes belongs to the host's Lab, which ends it. A contender that cannot do one of them leaves it out,
and takes part only in workloads that do not need it.
"""

from .c_loop import CPacketLoop, CTapLoop
from .crowded import Crowded
from .edited import EditedVSwitch
from .linux_bridge import LinuxBridge
from .ovs import OpenVSwitch
from .ovs_dpdk import OvsDpdk
from .testpmd import Testpmd
from .vde import Vde
from .vswitch import VSwitch

__all__ = ["CPacketLoop", "CTapLoop", "Crowded", "EditedVSwitch", "LinuxBridge", "OpenVSwitch", "OvsDpdk", "Testpmd", "Vde", "VSwitch"]
