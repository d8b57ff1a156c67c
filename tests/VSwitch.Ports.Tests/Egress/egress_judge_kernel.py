"""Lets the kernel finish and segment frames.

Two TAPs on a bridge, in a network namespace of its own: what is written to the first with a virtio_net_hdr is read from the
second, whose reader takes the offloads given on the command line (TUN_F_* of linux/if_tun.h) and no others, so that the
kernel does in software what is missing. Reads one JSON object per line: virtio_net_hdr and frame. Prints a line for each:
the headers and frames that came out.
"""
import ctypes
import fcntl
import json
import os
import select
import struct
import subprocess
import sys

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
TUNSETOFFLOAD = 0x400454D0
IFF_TAP, IFF_NO_PI, IFF_VNET_HDR = 0x2, 0x1000, 0x4000
HEADER_BYTES = 10


def run(command):
    subprocess.run(command.split(), check=True)


def open_tap(name, offloads):
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI | IFF_VNET_HDR))
    fcntl.ioctl(tap, TUNSETOFFLOAD, offloads)
    run(f"ip link set {name} mtu 65521 master bridge up")
    return tap


def read_all(tap, milliseconds):
    out = []
    poll = select.poll()
    poll.register(tap, select.POLLIN)
    while poll.poll(milliseconds):
        data = os.read(tap, 70000)
        out.append([data[:HEADER_BYTES].hex(), data[HEADER_BYTES:].hex()])
        # The bridge hands all pieces of a frame over before the write returns, so what is there is all there is.
        milliseconds = 0
    return out


if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
    sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1")
run("ip link add bridge type bridge forward_delay 0 mcast_snooping 0")
run("ip link set bridge mtu 65521 up")
sender = open_tap("sender", 0)
receiver = open_tap("receiver", int(sys.argv[1]))
run("ip link set receiver txqueuelen 1000")
read_all(receiver, 0)

for line in sys.stdin:
    case = json.loads(line)
    os.write(sender, bytes.fromhex(case["header"] + case["frame"]))
    print(json.dumps(read_all(receiver, 2000)), flush=True)
