"""The program behind perf/profile: perf(1) on the switch's processor while a workload of perf/compare runs."""

import argparse
import os
import re
import sys
import threading
import time
from pathlib import Path

from . import packages
from .contenders.vswitch import ROOT
from .lab import SWITCH_CPU, LabError, remove_leftovers, run
from .loads import SETTLE_SECONDS
from .workloads import WORKLOADS

SAMPLES_PER_SECOND = 1999
SHOWN = 40
SHARE_MIN = 0.4


def main():
    arguments = parse_arguments()
    # The runtime then writes the addresses of compiled methods to /tmp/perf-PID.map, where perf looks for those of anonymous memory.
    os.environ |= {"DOTNET_PerfMapEnabled": "1", "DOTNET_EnableWriteXorExecute": "0"}
    workload = WORKLOADS[arguments.workload]
    contenders = {make().name: make for make in workload.contenders}
    make = contenders.get(arguments.contender) or sys.exit(f"perf/profile: {workload.name} has: {'; '.join(contenders)}")
    remove_leftovers()
    packages.install(["linux-perf", *workload.packages, *make().packages])
    run(ROOT / "tools" / "build")
    data = f"/tmp/vsprofile-{os.getpid()}.data"
    try:
        print(profile(workload, make, arguments.seconds, data))
    except LabError as error:
        sys.exit(f"perf/profile: {error}")
    finally:
        if os.path.exists(data):
            os.remove(data)


def profile(workload, make, seconds, data):
    """Runs the workload's load, and perf in its middle; returns the shares as lines of text."""

    def load(near, far, seconds):
        def record():
            time.sleep(SETTLE_SECONDS + 1)
            run("perf", "record", "--quiet", "--event", "cpu-clock", "--freq", SAMPLES_PER_SECOND, "--cpu", SWITCH_CPU,
                "--output", data, "--", "sleep", seconds - 1)
        recording = threading.Thread(target=record)
        recording.start()
        sample = workload.load(near, far, seconds + 1)
        recording.join()
        # While the processes live, maps are complete and libraries where they were.
        ids = near.namespace.lab.process_ids()
        shares.append(run("perf", "report", "--input", data, "--stdio", "--quiet", "--sort", "dso,symbol", 
                          "--percentage", "relative", "--field-separator", "|", "--pid", ",".join(map(str, ids))))
        for process_id in ids:
            for name in ("perf", "perfinfo"):
                Path(f"/tmp/{name}-{process_id}.map").unlink(missing_ok=True)
        return sample

    shares = []
    workload.__class__(**{**vars(workload), "load": load}).measure(make, seconds)
    lines = [line for line in shares[0].splitlines() if "|" in line]
    parts = [_parts(line) for line in lines]
    places = {place: sum(share for share, other, _ in parts if other == place) for _, place, _ in parts}
    top = sorted(((share, place, "") for place, share in places.items()), reverse=True)
    return "\n".join(f"{share:5.1f} %  {place:16.16}  {symbol}".rstrip() for share, place, symbol in
                     [*[each for each in top if each[0] >= SHARE_MIN], (100, "", ""), *parts[:SHOWN]])


def _parts(line):
    """Share, module in a word, and symbol without how it was compiled."""
    share, module, symbol = [field.strip() for field in line.split("|")][:3]
    place = "kernel" if module.startswith("[kernel") else "vem" if re.match(r"\[JIT\]|perf-|memfd|doublemapper", module) else module
    symbol = re.sub(r"^\[.\] |\[[^\]]*\]$", "", symbol)
    if method := re.search(r"([\w.`]+)::([\w.]+)\(", symbol):
        symbol = f"{method[1].rpartition('.')[2]}.{method[2]}"
    return float(share.rstrip("%")), place, symbol


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="perf/profile", description="Shows where the time of VSwitch's processor goes during a workload of perf/compare.",
        epilog=f"workloads: {', '.join(WORKLOADS)}")
    parser.add_argument("workload", metavar="WORKLOAD", choices=WORKLOADS)
    parser.add_argument("--seconds", type=float, default=5, help="how long samples are taken; default 5")
    parser.add_argument("--contender", default="VSwitch", metavar="NAME", help="whose processor; default VSwitch")
    return parser.parse_args()


main()
