"""Prints random frames of every protocol, one JSON object per line: the bytes and what must be read from them.

Usage: make_frames.py SEED COUNT

Scapy builds the bytes out of fields chosen here, and computes lengths and checksums. Checksums are read back
from its bytes, so that its arithmetic judges ours.
"""
import json
import random
import sys

from scapy.contrib.igmp import IGMP
from scapy.layers.inet import ICMP, IP, TCP, UDP, IPOption_NOP, IPOption_Router_Alert
from scapy.layers.inet6 import (
    ICMPv6EchoRequest, ICMPv6ND_NS, IPv6, IPv6ExtHdrDestOpt, IPv6ExtHdrFragment, IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, PadN)
from scapy.layers.l2 import ARP, LLC, SNAP, STP, Dot1AD, Dot1Q, Dot3, Ether
from scapy.layers.sctp import SCTP
from scapy.packet import Raw

pick = random.Random(int(sys.argv[1]))


def number(bits):
    """Uniform, but often at an edge."""
    return pick.choice([0, 1, (1 << bits) - 1]) if pick.random() < 0.1 else pick.getrandbits(bits)


def mac():
    return ":".join(f"{number(8):02x}" for _ in range(6))


def ipv4():
    return ".".join(str(number(8)) for _ in range(4))


def ipv6():
    return ":".join(f"{pick.getrandbits(16):x}" for _ in range(8))


def data(least=0):
    return Raw(pick.randbytes(least + pick.choice([0, 1, 2, 3, 17, 18, 64, 555, 1400])))


def tcp():
    fields = {"sourcePort": number(16), "destinationPort": number(16), "tcpFlags": number(8),
              "sequence": number(32), "acknowledgment": number(32), "window": number(16)}
    options = pick.choice([[], [("MSS", 1460)], [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1, 2)), ("WScale", 7)]])
    layer = TCP(sport=fields["sourcePort"], dport=fields["destinationPort"], flags=fields["tcpFlags"], seq=fields["sequence"],
                ack=fields["acknowledgment"], window=fields["window"], options=options)
    return 6, layer / data(), fields


def udp():
    fields = {"sourcePort": number(16), "destinationPort": number(16)}
    return 17, UDP(sport=fields["sourcePort"], dport=fields["destinationPort"]) / data(), fields


def sctp():
    fields = {"sourcePort": number(16), "destinationPort": number(16)}
    return 132, SCTP(sport=fields["sourcePort"], dport=fields["destinationPort"]), fields


def icmp():
    fields = {"icmpType": pick.choice([0, 8]), "icmpCode": number(8), "identifier": number(16), "echoSequence": number(16)}
    layer = ICMP(type=fields["icmpType"], code=fields["icmpCode"], id=fields["identifier"], seq=fields["echoSequence"])
    return 1, layer / data(), fields


def igmp():
    fields = {"igmpType": pick.choice([0x11, 0x16, 0x17]), "maxResponse": number(8), "group": ipv4()}
    return 2, IGMP(type=fields["igmpType"], mrcode=fields["maxResponse"], gaddr=fields["group"]), fields


def icmpv6_echo():
    fields = {"icmpType": 128, "icmpCode": number(8)}
    return 58, ICMPv6EchoRequest(code=fields["icmpCode"], id=number(16), seq=number(16)) / data(), fields


def neighbor_solicitation():
    return 58, ICMPv6ND_NS(tgt=ipv6()), {"icmpType": 135, "icmpCode": 0}


def over_ipv4(make):
    protocol, payload, fields = make()
    fields |= {"ipVersion": 4, "protocol": protocol, "ipv4Source": ipv4(), "ipv4Destination": ipv4(), "trafficClass": number(8),
               "identification": number(16), "timeToLive": number(8), "dontFragment": pick.random() < 0.5}
    options = pick.choice([[], [], [IPOption_Router_Alert()], [IPOption_NOP()] * 40])
    ip = IP(src=fields["ipv4Source"], dst=fields["ipv4Destination"], tos=fields["trafficClass"], id=fields["identification"],
            ttl=fields["timeToLive"], proto=protocol, flags="DF" if fields["dontFragment"] else 0, options=options)
    return 0x0800, ip / payload, fields


def fragment_ipv4():
    """A first, middle or last fragment of a UDP datagram that is longer than what is here."""
    offset = pick.choice([0, 0, 1, 185, 8191])
    more = offset == 0 or pick.random() < 0.5
    _, datagram, fields = udp()
    fields |= {"ipVersion": 4, "protocol": 17, "ipv4Source": ipv4(), "ipv4Destination": ipv4(), "trafficClass": 0,
               "fragmentOffset": offset, "moreFragments": more}
    ip = IP(src=fields["ipv4Source"], dst=fields["ipv4Destination"], proto=17, flags="MF" if more else 0, frag=offset)
    if offset != 0:
        del fields["sourcePort"], fields["destinationPort"]
        return 0x0800, ip / data(least=1), fields
    datagram[UDP].len = 9000
    datagram[UDP].chksum = 0x1234
    return 0x0800, ip / datagram, fields


def extension():
    return pick.choice([
        lambda: IPv6ExtHdrHopByHop(options=[PadN(optdata=bytes(pick.choice([0, 4, 12])))]),
        lambda: IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(pick.choice([0, 4, 252])))]),
        # No segments left: otherwise the checksum is over the final address in this header, not over the destination.
        lambda: IPv6ExtHdrRouting(addresses=[ipv6() for _ in range(pick.randrange(3))], segleft=0),
    ])()


def over_ipv6(make, extension_count=0, fragment=None):
    protocol, payload, fields = make()
    fields |= {"ipVersion": 6, "protocol": protocol, "ipv6Source": ipv6(), "ipv6Destination": ipv6(), "trafficClass": number(8),
               "flowLabel": number(20), "hopLimit": number(8)}
    packet = IPv6(src=fields["ipv6Source"], dst=fields["ipv6Destination"], tc=fields["trafficClass"], fl=fields["flowLabel"],
                  hlim=fields["hopLimit"])
    for _ in range(extension_count):
        packet /= extension()
    if fragment is None:
        return 0x86DD, packet / payload, fields
    offset, more = fragment
    fields |= {"fragmentOffset": offset, "moreFragments": more}
    packet /= IPv6ExtHdrFragment(nh=protocol, offset=offset, m=more, id=number(32))
    if offset != 0:
        for name in "sourcePort", "destinationPort":
            fields.pop(name)
        return 0x86DD, packet / data(least=1), fields
    return 0x86DD, packet / payload, fields


def arp(ether_type, operations):
    fields = {"operation": pick.choice(operations), "senderMac": mac(), "senderIp": ipv4(), "targetMac": mac(),
              "targetIp": ipv4()}
    layer = ARP(op=fields["operation"], hwsrc=fields["senderMac"], psrc=fields["senderIp"], hwdst=fields["targetMac"],
                pdst=fields["targetIp"])
    return ether_type, layer, fields


def bpdu():
    layer = LLC(dsap=0x42, ssap=0x42, ctrl=3) / STP()
    return None, layer, {"spanningTree": True}


def snap():
    fields = {"organization": number(24), "snapProtocol": number(16)}
    layer = LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(OUI=fields["organization"], code=fields["snapProtocol"]) / data()
    return None, layer, fields


KINDS = {
    "tcp4": lambda: over_ipv4(tcp),
    "udp4": lambda: over_ipv4(udp),
    "sctp4": lambda: over_ipv4(sctp),
    "icmp4": lambda: over_ipv4(icmp),
    "igmp4": lambda: over_ipv4(igmp),
    "fragment4": fragment_ipv4,
    "tcp6": lambda: over_ipv6(tcp, pick.randrange(3)),
    "udp6": lambda: over_ipv6(udp, pick.randrange(3)),
    "icmp6": lambda: over_ipv6(icmpv6_echo),
    "nd6": lambda: over_ipv6(neighbor_solicitation),
    "fragment6": lambda: over_ipv6(udp, pick.randrange(3), pick.choice([(0, 1), (1, 1), (185, 0), (8191, 0)])),
    "arp": lambda: arp(0x0806, [1, 2]),
    "rarp": lambda: arp(0x8035, [3, 4]),
    "bpdu": bpdu,
    "snap": snap,
}

CHECKSUM_FIELDS = [("ipv4Checksum", IP, "chksum"), ("tcpChecksum", TCP, "chksum"), ("udpChecksum", UDP, "chksum"),
                   ("icmpChecksum", ICMP, "chksum"), ("igmpChecksum", IGMP, "chksum"),
                   ("icmpChecksum", ICMPv6EchoRequest, "cksum"), ("icmpChecksum", ICMPv6ND_NS, "cksum")]
L4_LAYERS = [TCP, UDP, SCTP, ICMP, IGMP, ICMPv6EchoRequest, ICMPv6ND_NS]


def frame(kind):
    ether_type, payload, fields = KINDS[kind]()
    fields |= {"kind": kind, "destination": mac(), "source": mac()}
    if ether_type is None:
        packet = Dot3(dst=fields["destination"], src=fields["source"]) / payload
        fields["length"] = len(bytes(payload))
        padding = bytes(max(0, 60 - len(packet)))
    else:
        packet = Ether(dst=fields["destination"], src=fields["source"], type=ether_type)
        tag = pick.choice([None, None, Dot1Q, Dot1AD])
        if tag is not None:
            tci = number(16)
            packet = Ether(dst=fields["destination"], src=fields["source"])
            packet /= tag(prio=tci >> 13, id=tci >> 12 & 1, vlan=tci & 0xFFF, type=ether_type)
            fields["cTag" if tag is Dot1Q else "sTag"] = tci
        packet /= payload
        fields["etherType"] = ether_type
        padding = pick.randbytes(pick.choice([0, 0, 1, 2, 26]))

    wire = bytes(packet)
    fields |= {"l4Offset": len(wire) - len(bytes(packet[layer])) for layer in L4_LAYERS if layer in packet}
    if "fragmentOffset" not in fields:
        built = packet.__class__(wire)
        fields |= {name: getattr(built[layer], field) for name, layer, field in CHECKSUM_FIELDS if layer in built}
    return {"frame": (wire + padding).hex(), "expected": fields}


for index in range(int(sys.argv[2])):
    print(json.dumps(frame(list(KINDS)[index % len(KINDS)])))
