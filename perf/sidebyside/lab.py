"""The ground a measurement stands on: network namespaces, the processes in them, and their certain end.

Everything that one measurement makes belongs to a Lab: namespaces named after this process, processes known by their
id, huge pages, one directory for sockets and logs. Netdevs live in the namespaces and go with them. Leaving the Lab, by whatever
way, ends and removes exactly these; should this process be killed outright, the kernel ends its children
(PR_SET_PDEATHSIG) and the next run removes the namespaces of runs that are gone.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

LOAD_CPU = 0
SWITCH_CPU = 1
PREFIX = "vscmp"
HUGE_PAGES = Path("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages")


class LabError(Exception):
    """Something that a measurement needs does not work; the message says what, and ends with what the program said."""


class Process:
    """A program that runs in a namespace, with its output in a log file."""

    def __init__(self, popen, log):
        self.popen = popen
        self.log = log
        self.is_killed = False

    def is_running(self):
        return self.popen.poll() is None

    def output(self):
        return self.log.read_text(errors="replace")

    def wait_until(self, condition, seconds, what):
        """Waits until the program has come so far. Raises LabError if it ends or takes too long."""
        wait_until(lambda: condition() or not self.is_running(), seconds, f"{self.log.name}: {what}")
        if not condition():
            raise LabError(f"{self.log.name} ended with {self.popen.returncode}: {what}")

    def say(self, line):
        """Gives the program a line to read, for those that take commands."""
        self.popen.stdin.write(f"{line}\n".encode())
        self.popen.stdin.flush()

    def wait_for_output(self, text, seconds=10):
        """Waits until the program has printed a text, which is how it says that it is ready."""
        self.wait_until(lambda: text in self.output(), seconds, f"has not said '{text}'")

    def kill(self):
        """Ends it as a power cut would."""
        self.is_killed = True
        self.popen.kill()
        self.popen.wait()

    def stop(self):
        if self.is_running():
            self.popen.terminate()
            try:
                self.popen.wait(3)
            except subprocess.TimeoutExpired:
                self.popen.kill()
        self.popen.wait()


class Namespace:
    """A network namespace: a host, or the place of an endpoint."""

    def __init__(self, lab, role):
        self.lab = lab
        self.name = f"{PREFIX}{os.getpid()}-{role}"
        run("ip", "netns", "add", self.name)
        self.ip("link", "set", "lo", "up")

    def ip(self, *arguments):
        return run("ip", "-n", self.name, *arguments)

    def run(self, *command, cpu=None, env=None):
        """Runs a program to its end and returns what it printed."""
        return run(*self._command(command, cpu), env=env)

    def spawn(self, *command, cpu=None, env=None):
        """Starts a program that lasts as long as the lab, or until it is stopped."""
        return self.lab.spawn(self._command(command, cpu), Path(command[0]).name, env)

    def received_frames(self, netdev):
        """Frames that the netdev has received since it was made."""
        return self.statistics(netdev)["rx"]["packets"]

    def statistics(self, netdev):
        """What the netdev has counted since it was made; of a TAP, ``tx`` is what its user side has read."""
        return json.loads(run("ip", "-n", self.name, "-s", "-j", "link", "show", netdev))[0]["stats64"]

    def has(self, netdev):
        return subprocess.run(["ip", "-n", self.name, "link", "show", netdev], capture_output=True).returncode == 0

    def _command(self, command, cpu):
        pin = [] if cpu is None else ["taskset", "-c", str(cpu)]
        return ["ip", "netns", "exec", self.name, *pin, *map(str, command)]


class Lab:
    """One measurement's namespaces, processes and directory. Use it in a with statement."""

    def __init__(self):
        self.directory = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._processes = []
        self._cleanup = ExitStack()
        self._cleanup.callback(shutil.rmtree, self.directory)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if isinstance(error, LabError):
            for process in self._processes:
                error.add_note(f"--- {process.log.name}\n{process.output()[-2000:]}")
        interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._cleanup.close()
        signal.signal(signal.SIGINT, interrupt)

    def namespace(self, role):
        namespace = Namespace(self, role)
        self._cleanup.callback(run, "ip", "netns", "delete", namespace.name)
        return namespace

    def spawn(self, command, name, env=None):
        log = self.directory / f"{len(self._processes)}-{name}.log"
        with log.open("wb") as output:
            # A standard input that is open and silent: VDE ends at its end.
            popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], stdin=subprocess.PIPE, stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, start_new_session=True)
        process = Process(popen, log)
        self._processes.append(process)
        self._cleanup.callback(process.stop)
        return process

    def add_huge_pages(self, count):
        """Has the kernel set so many more pages of 2 MB apart, for as long as the lab lasts. They need to be free in one piece."""
        before = int(HUGE_PAGES.read_text())
        HUGE_PAGES.write_text(str(before + count))
        added = int(HUGE_PAGES.read_text()) - before
        self._cleanup.callback(lambda: HUGE_PAGES.write_text(str(int(HUGE_PAGES.read_text()) - added)))
        if added < count:
            raise LabError(f"the kernel found {added} huge pages of the {count} that are needed")

    def process_ids(self):
        return [process.popen.pid for process in self._processes if process.is_running()]

    def processor_seconds(self):
        """What all processes that run now have used so far, user and kernel, by threads that have ended too."""
        # clock_getcpuclockid(3): the clock of a process is its id, inverted, and CPUCLOCK_SCHED.
        return sum(time.clock_gettime(~process_id << 3 | 2) for process_id in self.process_ids())

    def check_processes(self):
        """A program that has failed makes the measurement worthless."""
        for process in self._processes:
            if process.popen.poll() not in (None, 0, -signal.SIGTERM) and not process.is_killed:
                raise LabError(f"{process.log.name} ended with {process.popen.returncode}")


def remove_leftovers():
    """Removes the namespaces and directories of earlier runs whose process is gone."""
    names = run("ip", "netns", "list").split()
    for name in names:
        match = re.fullmatch(rf"{PREFIX}(\d+)-\w+", name)
        if match and not Path("/proc", match[1]).exists():
            run("ip", "netns", "delete", name)
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        match = re.match(rf"{PREFIX}(\d+)-", directory.name)
        if match and not Path("/proc", match[1]).exists():
            shutil.rmtree(directory)


def run(*command, env=None, input=""):
    """Runs a program to its end and returns what it printed; LabError if it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, input=input,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise LabError(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def wait_until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise LabError(f"{what} after {seconds} s")
        time.sleep(0.02)
