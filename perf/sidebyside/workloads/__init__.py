"""The workloads, one module each, in the order in which the report shows them."""

from . import (access_list, addresses, first_seconds, idle_ports, packet_flood, packet_tcp, packet_tcp8, ports, profile_push, rtt,
               rtt_loaded, tap_flood, tap_tcp, tap_tcp8, trunk_flood, trunk_tcp, vhost_loop)

MODULES = [vhost_loop, tap_flood, tap_tcp, tap_tcp8, rtt, rtt_loaded, packet_flood, packet_tcp, packet_tcp8, trunk_flood, trunk_tcp,
           access_list, addresses, ports, idle_ports, first_seconds, profile_push]
WORKLOADS = {module.workload.name: module.workload for module in MODULES}
