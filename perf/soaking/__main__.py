"""The program behind perf/soak: steady traffic between four endpoints and a guest, a change every few seconds, a line every half minute.

It ends with one line for each thing that must hold, and fails if one does not:

memory       the VEM's resident set at the end is about what it was after a third of the run; until then the runtime still compiles
             what is called often
descriptors  as many open files at the end as at the beginning
frames       every port's count of frames in and out is what the netdev or the guest at the other end counted
"""

import argparse
import json
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

from sidebyside import packages, testpmd
from sidebyside.contenders import VSwitch
from sidebyside.contenders.vswitch import ROOT
from sidebyside.endpoints import FLOOD_MAC, SINK_MAC, Endpoint, VhostSocket, verify
from sidebyside.lab import LOAD_CPU, Lab, LabError, remove_leftovers, run
from sidebyside.native import native

from .changes import Changes
from .guest import Guest

PACKAGES = ["gcc", "libc6-dev", "iperf3", "iproute2", "iputils-ping", "procps", "util-linux", *testpmd.PACKAGES]
FLOOD_FRAMES_PER_SECOND = 20_000
TCP_RATE = "200M"
PING_SECONDS = 0.002
CHANGE_SECONDS = 2
REPORT_SECONDS = 30
RESIDENT_GROWTH_MAX = 0.05


def main():
    parser = argparse.ArgumentParser(prog="perf/soak", description="Runs VSwitch for long, under traffic and change.")
    parser.add_argument("--minutes", type=float, default=60, help="how long; default 60")
    minutes = parser.parse_args().minutes
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if os.geteuid() != 0:
            raise LabError("network namespaces need root; run: sudo perf/soak")
        remove_leftovers()
        packages.install(PACKAGES)
        run(ROOT / "tools" / "build")
        with Lab() as lab:
            failures = soak(lab, minutes * 60)
    except LabError as error:
        sys.exit("\n".join([f"perf/soak: {error}", *getattr(error, "__notes__", [])]))
    sys.exit(1 if failures else 0)


def soak(lab, seconds):
    switch = VSwitch()
    switch.start(lab.namespace("sw"))
    endpoints = [Endpoint(lab.namespace(name), f"{name}0", f"198.18.0.{number}") for number, name in enumerate("abcd", 1)]
    for endpoint in endpoints:
        switch.attach(endpoint)
        endpoint.configure()
    a, b, c, d = endpoints
    verify(a, b)
    verify(c, d)
    testpmd.add_memory(lab)
    guest = Guest(VhostSocket(lab.namespace("guest"), switch.serve("guest-of-all-times")), "02:00:00:00:00:05", "198.18.0.5")
    guest.verify(b)
    changes = Changes(lab, switch, pinger=b)
    for _ in range(2):
        changes.run_all()

    counts = {endpoint.netdev: partial(netdev_frames, endpoint) for endpoint in endpoints} | {"guest-of-all-times": guest.frames}
    switch.vemcmd("clear", "stats")
    before = {name: count() for name, count in counts.items()}
    b.announce_sink()
    flood = a.namespace.spawn(native("flood"), a.netdev, FLOOD_MAC, SINK_MAC, "--rate", FLOOD_FRAMES_PER_SECOND, cpu=LOAD_CPU)
    server = d.namespace.spawn("iperf3", "--server", "--forceflush", cpu=LOAD_CPU)
    server.wait_for_output("Server listening")
    client = c.namespace.spawn("iperf3", "--client", d.address, "--bidir", "--bitrate", TCP_RATE, "--time", int(seconds) + 3600, cpu=LOAD_CPU)

    pings = b.namespace.spawn("ping", "-q", "-i", PING_SECONDS, guest.address, cpu=LOAD_CPU)

    process = switch.vem.popen.pid
    start = time.monotonic()
    first = settled = None
    reported = start
    while (now := time.monotonic()) < start + seconds:
        changes.run_next()
        lab.check_processes()
        if now - reported >= REPORT_SECONDS:
            reported = now
            sample = resident_kb(process), len(os.listdir(f"/proc/{process}/fd"))
            first = first or sample
            if now - start >= seconds / 3:
                settled = settled or sample
            print(f"{(now - start) / 60:6.1f} min  resident {sample[0] / 1024:.1f} MB, {sample[1]} descriptors, {changes.done} changes", flush=True)
        time.sleep(CHANGE_SECONDS)
    for load in (flood, client, server, pings):
        load.stop()
    time.sleep(1)

    last = resident_kb(process), len(os.listdir(f"/proc/{process}/fd"))
    first, settled = first or last, settled or last
    stats = counters_by_name(switch)
    failures = 0

    def verdict(name, holds, what):
        nonlocal failures
        failures += not holds
        print(f"{'ok  ' if holds else 'FAIL'} {name}: {what}")

    verdict("memory", last[0] <= settled[0] * (1 + RESIDENT_GROWTH_MAX),
            f"{first[0] / 1024:.1f} MB resident at first, {settled[0] / 1024:.1f} MB after a third, {last[0] / 1024:.1f} MB at last")
    verdict("descriptors", last[1] <= first[1], f"{first[1]} open at first, {last[1]} at last")
    for name, count in counts.items():
        sent, received = (after - was for after, was in zip(count(), before[name]))
        row = stats[name]
        verdict(f"frames of {name}", (sent, received) == (row["received"], row["sent"]),
                f"the other end sent {sent:,} and received {received:,}; the switch received {row['received']:,} and sent {row['sent']:,}, "
                f"dropped {row['rxdrop']:,} and {row['txdrop']:,}")
    return failures


def netdev_frames(endpoint):
    """Frames that the netdev sent and received since it was made."""
    stats = json.loads(endpoint.namespace.ip("-s", "-j", "link", "show", endpoint.netdev))[0]["stats64"]
    return stats["tx"]["packets"], stats["rx"]["packets"]


def counters_by_name(switch):
    """What the switch counted on each port since its counters were cleared."""
    names = {row["ltl"]: Path(row["vem_port"].partition("@")[0]).stem for row in switch.show("port")}
    return {names[row["ltl"]]: row for row in switch.show("stats")}


def resident_kb(process):
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


main()
