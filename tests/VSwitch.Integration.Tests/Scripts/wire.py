#!/usr/bin/env python3
"""Sends and receives whole Ethernet frames, tags included, on netdevs of this network namespace.

usage: wire.py IFNAME...

Standard input:   "INDEX HEX" sends a frame by the INDEXth netdev; "sync" asks for "synced" behind all that has arrived by now.
Standard output:  "ready", then "INDEX HEX" for each frame that arrives, and "! IFNAME: REASON HEX" for one that the kernel refused.

It ends with its input. The kernel keeps the outermost tag of a frame beside it (packet(7), PACKET_AUXDATA); here it is put back.
"""
import os
import selectors
import socket
import struct
import sys

SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_IGNORE_OUTGOING = 23
SO_RCVBUFFORCE = 33
ETH_P_ALL = 3
TP_STATUS_VLAN_VALID = 0x10
TP_STATUS_VLAN_TPID_VALID = 0x40
FRAME_BYTES_MAX = 1 << 17


def open_socket(name):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    wire.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    wire.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
    # Promiscuous (1): frames for any address are wanted.
    membership = struct.pack("IHH8s", socket.if_nametoindex(name), 1, 0, b"")
    wire.setsockopt(SOL_PACKET, 1, membership)
    wire.bind((name, ETH_P_ALL))
    wire.setblocking(False)
    return wire


def receive(wire):
    """All frames that wait, as bytes with their tag."""
    while True:
        try:
            data, ancillary, _, _ = wire.recvmsg(FRAME_BYTES_MAX, socket.CMSG_SPACE(20))
        except BlockingIOError:
            return
        except OSError:
            return  # The netdev went down or away; it may come back.
        for level, kind, content in ancillary:
            if level == SOL_PACKET and kind == PACKET_AUXDATA:
                status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", content[:20])
                if status & TP_STATUS_VLAN_VALID:
                    tpid = tpid if status & TP_STATUS_VLAN_TPID_VALID else 0x8100
                    data = data[:12] + struct.pack("!HH", tpid, tci) + data[12:]
        yield data


def main(names):
    wires = [open_socket(name) for name in names]
    out = sys.stdout
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    for index, wire in enumerate(wires):
        selector.register(wire, selectors.EVENT_READ, index)
    out.write("ready\n")
    out.flush()

    def take(index):
        for data in receive(wires[index]):
            out.write(f"{index} {data.hex()}\n")

    pending = b""
    while True:
        for key, _ in selector.select():
            if key.fd != 0:
                take(key.data)
                continue
            chunk = os.read(0, 1 << 20)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                if line == b"sync":
                    for index in range(len(wires)):
                        take(index)
                    out.write("synced\n")
                    continue
                index, text = line.split()
                try:
                    wires[int(index)].send(bytes.fromhex(text.decode()))
                except OSError as error:
                    out.write(f"! {names[int(index)]}: {error.strerror} {text.decode()}\n")
        out.flush()


main(sys.argv[1:])
