"""Judges segmented frames with scapy.

Reads one JSON object per line: the frame as it was received with its checksums finished, the tag it leaves with (-1: none),
the payload bytes of a piece, and the pieces that were made of it. Builds the pieces itself, with scapy computing every
length and checksum, and prints a line for each case: "ok", or what differs.
"""
import json
import sys

from scapy.contrib.geneve import GENEVE  # noqa: F401 - scapy finds it behind UDP once it is imported
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Dot1Q, Ether, GRE
from scapy.layers.vxlan import VXLAN  # noqa: F401 - the same
from scapy.packet import Raw

FIN, PSH, CWR = 0x01, 0x08, 0x80


def layers_of(packet):
    while packet:
        yield packet
        packet = packet.payload


def transport_of(packet):
    """The transport header of the innermost packet: what lies around it is a tunnel."""
    network = [layer for layer in layers_of(packet) if isinstance(layer, (IP, IPv6))][-1]
    return network[TCP] if network.haslayer(TCP) else network[UDP]


def expected_pieces(frame, tci, segment_bytes):
    received = Ether(frame)
    tag = received.payload if isinstance(received.payload, Dot1Q) else None
    network = bytes(tag.payload if tag else received.payload)
    is_v6 = network[0] >> 4 == 6

    def fresh():
        return IPv6(network) if is_v6 else IP(network)

    payload = bytes(transport_of(fresh()).payload)
    starts = range(0, len(payload), segment_bytes) or [0]
    for number, start in enumerate(starts):
        packet = fresh()
        transport = transport_of(packet)
        transport.remove_payload()
        transport.add_payload(Raw(payload[start : start + segment_bytes]))
        if isinstance(transport, TCP):
            transport.seq = (transport.seq + start) % 2**32
            flags = int(transport.flags)
            if start + segment_bytes < len(payload):
                flags &= ~(FIN | PSH)
            if number != 0:
                flags &= ~CWR
            transport.flags = flags
        for layer in layers_of(packet):
            if isinstance(layer, IPv6):
                layer.plen = None
            elif isinstance(layer, IP):
                layer.len = None
                layer.chksum = None
                layer.id = (layer.id + number) % 2**16
            elif isinstance(layer, (TCP, UDP)):
                if isinstance(layer, UDP):
                    layer.len = None
                if layer is transport or layer.chksum != 0:
                    layer.chksum = None
            elif isinstance(layer, GRE):
                layer.chksum = None

        ethernet = Ether(dst=received.dst, src=received.src, type=0x86DD if is_v6 else 0x0800)
        if tci >= 0:
            inner_type = ethernet.type
            ethernet.type = 0x8100
            ethernet /= Dot1Q(prio=tci >> 13, id=tci >> 12 & 1, vlan=tci & 0xFFF, type=inner_type)
        yield bytes(ethernet / packet)


def judge(case):
    expected = [piece.hex() for piece in expected_pieces(bytes.fromhex(case["frame"]), case["tci"], case["segmentBytes"])]
    pieces = case["pieces"]
    if len(expected) != len(pieces):
        return f"{len(pieces)} pieces instead of {len(expected)}"
    for number, (piece, wanted) in enumerate(zip(pieces, expected)):
        if piece != wanted:
            return f"piece {number} is {piece[:200]} instead of {wanted[:200]}"
    return "ok"


for line in sys.stdin:
    print(judge(json.loads(line)), flush=True)
