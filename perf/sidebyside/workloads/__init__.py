"""The workloads, one module each, in the order in which the report shows them."""

from . import (access_list, packet_flood, packet_tcp, ports, rtt, rtt_loaded, tap_flood, tap_tcp, tap_tcp8, trunk_flood,
               trunk_tcp, vhost_loop)

MODULES = [tap_flood, tap_tcp, tap_tcp8, rtt, rtt_loaded, packet_flood, packet_tcp, trunk_flood, trunk_tcp, access_list,
           ports, vhost_loop]
WORKLOADS = {module.workload.name: module.workload for module in MODULES}
