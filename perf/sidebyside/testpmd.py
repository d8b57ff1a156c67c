"""DPDK's testpmd, mostly in io mode, which passes on what comes in one of its two ports through the other, as it is.

It is the load on vhost-user switches and, on their place, what they are compared with.
"""

import re

from .lab import run

# On Debian 12 testpmd comes with the headers, and its drivers are packages that it only recommends.
PACKAGES = ["dpdk-dev", "librte-mempool-ring23", "librte-net-vhost23", "librte-net-virtio23"]
MEMORY_MB = 128


def add_memory(lab):
    """Sets the memory of one aside. One that has ended leaves it to the next."""
    lab.add_huge_pages(MEMORY_MB // 2)


def spawn(namespace, cpu, devices, *options, mode="io"):
    """Starts one with its devices; its memory has to be there. Both its threads get the processor: one polls the ports, the other sleeps."""
    # Huge pages in one piece and without files: a front end has to share its memory in a few pieces, and nothing is left over.
    memory = ["--in-memory", "--single-file-segments", "--iova-mode=va", "-m", MEMORY_MB]
    vdevs = [word for device in devices for word in ("--vdev", device)]
    # It would print whenever 4 KB have come together.
    return namespace.spawn("stdbuf", "-oL", "dpdk-testpmd", "--lcores", f"0@{cpu},1@{cpu}", "--no-pci", "--no-telemetry",
                           *memory, *vdevs, "--", f"--forward-mode={mode}", "--total-num-mbufs=8192", *options,
                           env={"RUNTIME_DIRECTORY": str(namespace.lab.directory)})


def received_frames(process):
    """Frames that each of the two ports has received."""
    return [received for _, received in frames(process, 2)]


def frames(process, ports):
    """Frames that each port has sent and received. The process reads its commands from standard input."""
    printed = len(process.output())
    process.say("show port stats all")
    answers = lambda word: [int(count) for count in re.findall(rf"{word}-packets: (\d+) ", process.output()[printed:])]
    process.wait_until(lambda: len(answers("TX")) == ports, 5, "shows no statistics")
    return list(zip(answers("TX"), answers("RX")))


def version():
    return "DPDK " + run("dpkg-query", "-W", "-f", "${Version}", "dpdk-dev")
