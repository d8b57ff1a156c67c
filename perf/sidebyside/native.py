"""The measuring programs in perf/native, compiled when they are first used or older than their source."""

from pathlib import Path

from .lab import run

SOURCES = Path(__file__).resolve().parent.parent / "native"
COMPILE = ["gcc", "-std=c11", "-O2", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror"]


def native(name):
    """The path of the compiled program."""
    source = SOURCES / f"{name}.c"
    program = SOURCES / "out" / name
    newest = max(source.stat().st_mtime, (SOURCES / "net.h").stat().st_mtime)
    if not program.exists() or program.stat().st_mtime < newest:
        program.parent.mkdir(exist_ok=True)
        run(*COMPILE, "-o", program, source)
    return program
