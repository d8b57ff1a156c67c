"""Installs Debian packages, without leaving services behind that this machine did not run before."""

import subprocess

from .lab import run


def install(names):
    missing = [name for name in dict.fromkeys(names) if not _is_installed(name)]
    if not missing:
        return
    print("installing", *missing, flush=True)
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "--quiet", env=environment)
    run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing, env=environment)
    for name in missing:
        # Open vSwitch's package starts its service, named as the package. The comparison has an instance of its own.
        if subprocess.run(["service", name, "status"], capture_output=True).returncode == 0:
            run("service", name, "stop")


def _is_installed(name):
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name]
    return subprocess.run(query, capture_output=True, text=True).stdout == "installed"
