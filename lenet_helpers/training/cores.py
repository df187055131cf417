"""How many processor cores a program has, and how many of them other programs leave it.

A program may be kept to some of the cores (its affinity), and a container to some processor time
(its quota). Both are shared: a program has what there is, less what the others take. Linux tells;
elsewhere no limit is found.

Sources: the manual pages proc_stat(5), proc_loadavg(5) and cgroups(7), and the Linux kernel's
documentation of control groups, "CPU" (version 2) and "CFS bandwidth control" (version 1).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

UNIT = 1e6  # control groups count in microseconds, the first version's usage in nanoseconds


@dataclass(frozen=True)
class Limit:
    """Processor time that is shared with others.

    Args:
        cores: How many cores' worth of it there is.
        used: Returns the seconds of it that all together have used so far.
    """

    cores: float
    used: Callable[[], float]


def limits(root: Path = Path("/"), cores: set[int] | None = None) -> list[Limit]:
    """Return the limits of this process: the cores that it may use, and its containers' quotas.

    Args:
        root: Where the system's files are.
        cores: The numbers of the cores that it may use; None: what the system says.
    """
    if cores is None:
        cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    found = [Limit(len(cores), lambda: _seconds_of(cores, root)), *_quotas(root)]
    return [limit for limit in found if _works(limit)]


def wanted_by_others(root: Path = Path("/")) -> float:
    """Return what share of the computer's cores others want at this moment: a hint, 0 or more."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        others = min(_running(root) - _own_running(root) for _ in range(3))  # not a short stir
        return max(0, others) / (os.cpu_count() or 1)
    return 0.0


def _running(root: Path) -> int:
    """Return how many threads of the whole computer run at this moment."""
    return int((root / "proc/loadavg").read_text().split()[3].split("/")[0])


def _own_running(root: Path) -> int:
    """Return how many of them are of this process: PyTorch's go on for a while after their work."""
    told = [(task / "stat").read_text() for task in (root / "proc/self/task").iterdir()]
    return sum(text.rpartition(")")[2].split()[0] == "R" for text in told)


def _works(limit: Limit) -> bool:
    try:
        return limit.cores > 0 and limit.used() >= 0
    except (OSError, ValueError, IndexError, KeyError):  # no such file here, or another format
        return False


def _seconds_of(cores: set[int], root: Path) -> float:
    """Return for how long these cores have been busy."""
    names = {f"cpu{core}" for core in cores}
    lines = [line.split() for line in (root / "proc/stat").read_text().splitlines()]
    # user, nice, system, (idle, iowait,) irq, softirq; what a virtual machine's host takes from it
    # ("steal") comes off every thread alike: fewer threads would not get it back.
    busy = [sum(map(int, [*line[1:4], *line[6:8]])) for line in lines if line[0] in names]
    if len(busy) != len(names):
        raise KeyError("a core that is not listed")
    return sum(busy) / os.sysconf("SC_CLK_TCK")


def _quotas(root: Path) -> Iterator[Limit]:
    """Yield the quotas of the control groups that this process is in, and of those around them."""
    with contextlib.suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, group = line.split(":", 2)
            base = root / "sys/fs/cgroup"
            if controllers == "":
                yield from _quotas_of(base, group, _second_version)
            elif "cpu" in controllers.split(","):
                for name in dict.fromkeys((controllers, "cpu")):
                    yield from _quotas_of(base / name, group, _first_version)


def _quotas_of(base: Path, group: str, read: Callable[[Path], Limit]) -> Iterator[Limit]:
    # In a container the group may be named as the host sees it: then only the base is there.
    own = base / group.strip("/")
    for folder in [own, *own.parents]:
        if folder != base and base not in folder.parents:
            return
        with contextlib.suppress(OSError, ValueError):
            yield read(folder)


def _second_version(folder: Path) -> Limit:
    quota, period = (folder / "cpu.max").read_text().split()

    def used() -> float:
        lines = (folder / "cpu.stat").read_text().splitlines()
        return int(dict(line.split() for line in lines)["usage_usec"]) / UNIT

    return Limit(int(quota) / int(period), used)  # "max" is no number, and no limit


def _first_version(folder: Path) -> Limit:
    quota = int((folder / "cpu.cfs_quota_us").read_text())
    period = int((folder / "cpu.cfs_period_us").read_text())
    # The time used is told by another controller: in the same folder, or in a hierarchy of its own.
    other = Path(str(folder).replace("/cgroup/cpu", "/cgroup/cpuacct", 1)) / "cpuacct.usage"
    usage = other if other.is_file() else folder / "cpuacct.usage"

    def used() -> float:
        return int(usage.read_text()) / UNIT / 1000

    return Limit(quota / period, used)  # -1 is no limit
