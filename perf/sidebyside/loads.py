"""What is sent between two endpoints, and what is read from it. All of it runs on LOAD_CPU."""

import json
import time
from contextlib import contextmanager

from . import testpmd
from .endpoints import FLOOD_MAC, SINK_MAC
from .lab import LOAD_CPU, LabError, wait_until
from .native import native
from .processors import while_near

SETTLE_SECONDS = 4
LINK_SECONDS = 1
CALIBRATION_SECONDS = 0.3
DRAIN_SECONDS = 0.05

# What a switch does under overload only is over by then.
CALM_SECONDS = 10

# What runs again and again is compiled anew in the background; after so long .NET has done nearly all of that.
IDLE_SETTLE_SECONDS = 80
PROBE_INTERVAL_US = 2000

# Frames that go round in each direction: four of testpmd's bursts, so that each side finds one while the other has one in
# its hands, and half of what a ring of 256 holds, so that none of the two rings on the way can be overfull.
BURSTS = 4


def flood_kpps(near, far, seconds, addresses=1):
    """Thousands of 60-byte frames per second that reach the far netdev while the near one is flooded."""
    with flooding(near, far, addresses=addresses):
        return while_near(near.namespace.lab, lambda: _arriving_kpps(far, seconds))


def _arriving_kpps(far, seconds):
    frames, begin = far.namespace.received_frames(far.netdev), time.monotonic()
    time.sleep(seconds)
    frames = far.namespace.received_frames(far.netdev) - frames
    return frames / (time.monotonic() - begin) / 1000


@contextmanager
def flooding(near, far, rate=0, addresses=1, settle=SETTLE_SECONDS):
    """Floods the far endpoint, at a rate in frames per second or as fast as it goes, and lets everything settle."""
    far.announce_sink(addresses)
    options = ["--addresses", addresses] + (["--rate", rate] if rate else [])
    sender = near.namespace.spawn(native("flood"), near.netdev, FLOOD_MAC, SINK_MAC, *options, cpu=LOAD_CPU)
    time.sleep(settle)
    yield
    near.namespace.lab.check_processes()
    sender.stop()


def fate_under_load(near, far, seconds, share):
    """
    What becomes of frames at a share of what the switch can take, and round trips that are probed meanwhile.

    The machine is not as fast in one second as in the next. So each second begins with a flood that shows what is possible just
    then, and only the rest of it counts. A frame is ``lost`` when the switch took it from the near netdev and it did not reach the far
    one, and ``refused`` when the switch was so late that the near netdev's queue was full; both of a million. ``load`` is
    what was sent, in thousands of frames a second.
    """
    with flooding(near, far):
        pass
    time.sleep(CALM_SECONDS)
    each = [while_near(near.namespace.lab, lambda: _loaded_second(near, far, share)) for _ in range(int(seconds))]
    taken, reached, refused, sending_seconds = (sum(values) for values in zip(*(counts for counts, _ in each)))
    sent = taken + refused
    return {"lost": 1e6 * (taken - reached) / sent, "refused": 1e6 * refused / sent, "load": sent / sending_seconds / 1000,
            **_percentiles([round_trip for _, round_trips in each for round_trip in round_trips])}


def _loaded_second(near, far, share):
    with flooding(near, far, settle=DRAIN_SECONDS):
        rate = int(share * 1000 * _arriving_kpps(far, CALIBRATION_SECONDS))
    time.sleep(DRAIN_SECONDS)
    frames, before, begin = int(rate * (1 - CALIBRATION_SECONDS)), _passed(near, far), time.monotonic()
    sender = near.namespace.spawn(native("flood"), near.netdev, FLOOD_MAC, SINK_MAC, "--rate", rate, "--frames", frames, cpu=LOAD_CPU)
    round_trips = _round_trips(near, far, 0.9 * (1 - CALIBRATION_SECONDS))
    wait_until(lambda: not sender.is_running(), SETTLE_SECONDS, "the flood has not ended")
    sending_seconds = time.monotonic() - begin
    time.sleep(DRAIN_SECONDS)
    near.namespace.lab.check_processes()
    return [*(later - earlier for later, earlier in zip(_passed(near, far), before)), sending_seconds], round_trips


def _passed(near, far):
    """Frames that the switch has taken from the near netdev, those that reached the far one, and those that waited in vain."""
    sent = near.namespace.statistics(near.netdev)["tx"]
    return sent["packets"], far.namespace.received_frames(far.netdev), sent["dropped"]


def each_second_kpps(near, far, seconds):
    """Thousands of 60-byte frames per second in each of the first seconds of a flood that nothing has come before."""
    far.announce_sink()
    sender = near.namespace.spawn(native("flood"), near.netdev, FLOOD_MAC, SINK_MAC, cpu=LOAD_CPU)
    begin, counts = time.monotonic(), [far.namespace.received_frames(far.netdev)]
    for second in range(1, seconds + 1):
        time.sleep(max(0, begin + second - time.monotonic()))
        counts.append(far.namespace.received_frames(far.netdev))
    near.namespace.lab.check_processes()
    sender.stop()
    return [(later - earlier) / 1000 for earlier, later in zip(counts, counts[1:])]


def idle_percent(near, seconds):
    """Percent of a processor that all processes of the contender use while nothing is sent."""
    time.sleep(IDLE_SETTLE_SECONDS)
    used, begin = near.namespace.lab.processor_seconds(), time.monotonic()
    time.sleep(seconds)
    used = near.namespace.lab.processor_seconds() - used
    near.namespace.lab.check_processes()
    return 100 * used / (time.monotonic() - begin)


def tcp_gbps(near, far, seconds, flows):
    """Gigabits per second of TCP payload that the far endpoint receives, offloads as the netdevs have them."""

    def transfer():
        server = far.namespace.spawn("iperf3", "--server", "--one-off", "--forceflush", cpu=LOAD_CPU)
        server.wait_for_output("Server listening")
        report = near.namespace.run("iperf3", "--client", far.address, "--parallel", flows, "--time", seconds,
                                    "--omit", SETTLE_SECONDS, "--json", cpu=LOAD_CPU)
        near.namespace.lab.check_processes()
        return json.loads(report)["end"]["sum_received"]["bits_per_second"] / 1e9

    return while_near(near.namespace.lab, transfer)


def round_trips_us(near, far, seconds):
    """Percentiles of round trips in microseconds, when everything has settled."""
    _round_trips(near, far, SETTLE_SECONDS / 2)
    return _percentiles(while_near(near.namespace.lab, lambda: _round_trips(near, far, seconds)))


def _round_trips(near, far, seconds):
    """Microseconds of each that was answered."""
    count = int(seconds * 1e6 / PROBE_INTERVAL_US)
    round_trips = json.loads(near.namespace.run(native("probe"), far.address, count, PROBE_INTERVAL_US, cpu=LOAD_CPU))
    near.namespace.lab.check_processes()
    return round_trips


def _percentiles(samples):
    ordered = sorted(samples)
    percentiles = {f"p{percent:g}": ordered[int(percent / 100 * len(ordered))] for percent in (50, 90, 99, 99.9)}
    return {**percentiles, "max": ordered[-1]}


def closed_loop_mpps(near, far, seconds, frame_bytes):
    """
    Millions of frames per second through a switch, both ways together, when two guests send back what they receive.

    testpmd is both guests. In io mode it answers at a port with what came in at the other, as it is: a frame that its first
    port has made enters the switch there every time, and its addresses are those of the two ports.
    """
    devices = [f"net_virtio_user{number},path={each.path},mac={mac}"
               for number, (each, mac) in enumerate(((near, FLOOD_MAC), (far, SINK_MAC)))]
    peers = ["--eth-peer", f"0,{SINK_MAC}", "--eth-peer", f"1,{FLOOD_MAC}"]
    # Commands come in through a file of them, because the prompt of DPDK 22.11 asks for input all the time.
    guests = testpmd.spawn(near.namespace, LOAD_CPU, devices, f"--txpkts={frame_bytes}", *peers,
                           "--cmdline-file=/dev/stdin")
    guests.wait_for_output("Checking link statuses", 20)
    time.sleep(LINK_SECONDS)
    guests.say(f"start tx_first {BURSTS}")
    time.sleep(SETTLE_SECONDS)
    mpps = while_near(near.namespace.lab, lambda: _guests_mpps(guests, frame_bytes, seconds))
    near.namespace.lab.check_processes()
    guests.stop()
    return mpps


def _guests_mpps(guests, frame_bytes, seconds):
    before, begin = testpmd.received_frames(guests), time.monotonic()
    time.sleep(seconds)
    after, end = testpmd.received_frames(guests), time.monotonic()
    if not all(late > early for early, late in zip(before, after)):
        raise LabError(f"frames of {frame_bytes} bytes stand still: guests have received {before}, and later {after}")
    return (sum(after) - sum(before)) / (end - begin) / 1e6
