"""What the numbers were measured on."""

import os
import platform
from pathlib import Path


def describe():
    return f"{_processor()}, {os.cpu_count()} processors, Linux {platform.release()}"


def _processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
