"""The workloads, one module each, in the order in which the report shows them."""

from . import access_list, packet_flood, packet_tcp, rtt, rtt_loaded, tap_flood, tap_tcp, tap_tcp8, trunk_flood, trunk_tcp

WORKLOADS = {workload.name: workload for workload in (
    tap_flood.workload, tap_tcp.workload, tap_tcp8.workload, rtt.workload, rtt_loaded.workload,
    packet_flood.workload, packet_tcp.workload, trunk_flood.workload, trunk_tcp.workload, access_list.workload)}
