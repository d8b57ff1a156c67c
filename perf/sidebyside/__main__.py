"""The program behind perf/compare."""

import argparse
import os
import signal
import sys

from . import machine, packages, report
from .lab import LabError, remove_leftovers, run
from .contenders.vswitch import ROOT
from .results import Results
from .workloads import WORKLOADS

LOAD_PACKAGES = ["gcc", "libc6-dev", "iperf3", "iproute2", "iputils-ping", "procps", "util-linux"]


def main():
    arguments = parse_arguments()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        check_machine()
        remove_leftovers()
        for workload in [WORKLOADS[name] for name in arguments.workloads or WORKLOADS]:
            compare(workload, arguments)
    except LabError as error:
        notes = "\n".join(getattr(error, "__notes__", []))
        sys.exit(f"perf/compare: {error}\n{notes}")
    except KeyboardInterrupt:
        sys.exit("perf/compare: interrupted; everything it made is gone.")


def compare(workload, arguments):
    """Measures the contenders in turn, so that what else the machine does meets all of them."""
    contenders = {make().name: make for make in workload.contenders}
    chosen = {name: make for name, make in contenders.items() if name in (arguments.only or contenders)}
    if unknown := set(arguments.only or []) - set(contenders):
        raise LabError(f"{workload.name} has no '{unknown.pop()}'; it has: {'; '.join(contenders)}")
    packages.install([*LOAD_PACKAGES, *workload.packages, *(package for make in chosen.values() for package in make().packages)])
    run(ROOT / "tools" / "build")

    results = Results(workload.name, machine.describe(), {name: make().version() for name, make in chosen.items()},
                      arguments.rounds, arguments.seconds)
    for number in range(arguments.rounds):
        for name, make in chosen.items():
            try:
                sample = workload.measure(make, arguments.seconds)
            except LabError as error:
                error.add_note(f"while measuring {workload.name} with {name}, round {number + 1}")
                raise
            results.add(name, sample)
            turn = f"{workload.name} {number + 1}/{arguments.rounds}"
            print(f"{turn}  {name}: {report.sample_line(workload, sample)}", flush=True)
    print(f"\n{report.section(workload, results)}", flush=True)
    if not arguments.only:
        results.save()
        report.write()


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="perf/compare", description="Measures VSwitch beside other switches, in turn, on this machine.",
        epilog="workloads: " + "; ".join(f"{each.name} ({each.title})" for each in WORKLOADS.values()))
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="which to run; default all")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender has its turn; default 5")
    parser.add_argument("--seconds", type=float, default=5, help="how long each measurement is; default 5")
    parser.add_argument("--only", action="append", metavar="NAME",
                        help="only this contender; may be repeated. The report in perf/README.md is left as it is")
    arguments = parser.parse_args()
    if unknown := set(arguments.workloads) - set(WORKLOADS):
        parser.error(f"there is no workload '{unknown.pop()}'; there are: {', '.join(WORKLOADS)}")
    if arguments.rounds < 1 or arguments.seconds < 1:
        parser.error("rounds and seconds are 1 at least")
    return arguments


def check_machine():
    if os.geteuid() != 0:
        raise LabError("network namespaces need root; run: sudo perf/compare")
    if (os.cpu_count() or 1) < 2:
        raise LabError("one processor is not enough: the load has one and the switch another")


main()
