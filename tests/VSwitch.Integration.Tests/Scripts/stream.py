#!/usr/bin/env python3
"""A steady stream of numbered UDP datagrams, and the tally of what arrived.

usage: stream.py send ADDRESS PORT PER_SECOND     prints how many it sent
       stream.py receive ADDRESS PORT             prints how many came, the highest number and how many came twice

Both end with their standard input; the receiver then takes what is still on its way.
"""
import os
import select
import socket
import struct
import sys
import time

SO_RCVBUFFORCE = 33
LAST_SECONDS = 1.0


def ended():
    return bool(select.select([0], [], [], 0)[0]) and not os.read(0, 4096)


def send(address, port, per_second):
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.connect((address, port))
    number = 0
    started = time.monotonic()
    while not ended():
        # No catching up: a sender that was held up goes on from there, at the same rate.
        out.send(struct.pack("!Q", number))
        number += 1
        wait = started + number / per_second - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        else:
            started = time.monotonic() - number / per_second
    print(number)


def receive(address, port):
    inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inside.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 26)
    inside.bind((address, port))
    print("ready", flush=True)
    seen = set()
    twice = 0
    deadline = None
    while deadline is None or time.monotonic() < deadline:
        if deadline is None and ended():
            deadline = time.monotonic() + LAST_SECONDS
        if select.select([inside], [], [], 0.05)[0]:
            number = struct.unpack("!Q", inside.recv(64))[0]
            twice += number in seen
            seen.add(number)
    print(len(seen), max(seen, default=-1), twice)


if sys.argv[1] == "send":
    send(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
else:
    receive(sys.argv[2], int(sys.argv[3]))
