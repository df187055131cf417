"""A run takes as many threads as the other programs leave cores for, and puts the number back."""

import contextlib
import os

import pytest
import torch

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.training import loop
from lenet_helpers.training.cores import Limit, limits, wanted_by_others
from lenet_helpers.training.threads import LONG_PAUSE, PAUSE, Threads

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@pytest.fixture(autouse=True)
def as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


# ---------------------------------------------------------------- what the system tells


def write(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def stat(*cores):
    """/proc/stat, with user, nice, system, idle, iowait, irq, softirq, steal, guest, guest_nice."""
    lines = ["cpu  9 9 9 9 9 9 9 9 9 9"]
    lines += [f"cpu{i} {' '.join(map(str, core))}" for i, core in enumerate(cores)]
    return "\n".join([*lines, "intr 12345", "ctxt 678"])


BUSY = stat((1, 2, 4, 1000, 1000, 8, 16, 1000, 0, 0), (100, 0, 0, 5, 5, 0, 0, 5, 0, 0))


def test_the_cores_that_it_may_use_are_a_limit(tmp_path):
    write(tmp_path, {"proc/stat": BUSY})
    (both,) = limits(tmp_path, {0, 1})
    assert both.cores == 2
    assert both.used() == pytest.approx(131 / TICKS)
    (one,) = limits(tmp_path, {0})
    assert one.cores == 1
    assert one.used() == pytest.approx(31 / TICKS)
    write(tmp_path, {"proc/stat": BUSY.replace("cpu0 1 ", "cpu0 101 ")})
    assert one.used() == pytest.approx(131 / TICKS)


@pytest.mark.parametrize("text", ["", "cpu0 1 2 3", "nothing like it\n", stat((1,) * 10)])
def test_where_the_system_tells_nothing_there_is_no_limit(tmp_path, text):
    assert limits(tmp_path, {1}) == []
    write(tmp_path, {"proc/stat": text})
    assert limits(tmp_path, {1}) == []
    assert limits(tmp_path, set()) == []


def test_the_quota_of_a_container_is_a_limit(tmp_path):
    group = "sys/fs/cgroup/class/student"
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/class/student\n",
            f"{group}/cpu.max": "150000 100000\n",
            f"{group}/cpu.stat": "usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n",
            "sys/fs/cgroup/class/cpu.max": "max 100000\n",
            "sys/fs/cgroup/class/cpu.stat": "usage_usec 9000000\n",
        },
    )
    (quota,) = limits(tmp_path, set())
    assert (quota.cores, quota.used()) == (1.5, 2.5)
    write(tmp_path, {"sys/fs/cgroup/class/cpu.max": "400000 100000\n"})
    assert [(q.cores, q.used()) for q in limits(tmp_path, set())] == [(1.5, 2.5), (4, 9)]


def test_a_container_whose_group_has_another_name_inside(tmp_path):
    write(
        tmp_path,
        {
            "proc/self/cgroup": "0::/host/knows/it/so\n",
            "sys/fs/cgroup/cpu.max": "200000 100000\n",
            "sys/fs/cgroup/cpu.stat": "usage_usec 1000000\n",
        },
    )
    (quota,) = limits(tmp_path, set())
    assert (quota.cores, quota.used()) == (2, 1)


@pytest.mark.parametrize(
    ("folder", "usage"),
    [
        ("cpu,cpuacct", "cpu,cpuacct"),  # both in one hierarchy, under both names
        ("cpu", "cpuacct"),
    ],
)
def test_the_quota_of_the_first_version(tmp_path, folder, usage):
    named = f"4:{folder}:/docker/1e6\n2:cpuacct:/docker/1e6\n"
    own = f"sys/fs/cgroup/{folder}/docker/1e6"
    write(
        tmp_path,
        {
            "proc/self/cgroup": f"9:name=systemd:/x\n{named}3:memory:/docker/1e6\n",
            f"{own}/cpu.cfs_quota_us": "300000\n",
            f"{own}/cpu.cfs_period_us": "100000\n",
            f"sys/fs/cgroup/{usage}/docker/1e6/cpuacct.usage": "7000000000\n",
            f"sys/fs/cgroup/{folder}/cpu.cfs_quota_us": "-1\n",
            f"sys/fs/cgroup/{folder}/cpu.cfs_period_us": "100000\n",
        },
    )
    (quota,) = limits(tmp_path, set())
    assert (quota.cores, quota.used()) == (3, 7)


@pytest.mark.parametrize("spoiled", ["cpu.max", "cpu.stat"])
def test_a_quota_that_cannot_be_read_is_none(tmp_path, spoiled):
    group = "sys/fs/cgroup"
    files = {
        "proc/self/cgroup": "0::/\n",
        f"{group}/cpu.max": "150000 100000\n",
        f"{group}/cpu.stat": "usage_usec 2500000\n",
    }
    write(tmp_path, files)
    assert len(limits(tmp_path, set())) == 1
    write(tmp_path, {f"{group}/{spoiled}": "nonsense\n"})
    assert limits(tmp_path, set()) == []


def test_what_others_want_at_this_moment(tmp_path):
    assert wanted_by_others(tmp_path) == 0
    for running, own, wanted in (("1", "RS", 0), ("0", "S", 0), ("4", "R", 3), ("4", "RSR", 2)):
        write(tmp_path, {"proc/loadavg": f"0.81 0.84 0.37 {running}/84 5331\n"})
        for task, state in enumerate(own):
            stat = f"{task} (a name) of two)) {state} 1 2 3\n"
            write(tmp_path, {f"proc/self/task/{task}/stat": stat})
        assert wanted_by_others(tmp_path) == wanted / os.cpu_count()
    write(tmp_path, {"proc/loadavg": "nonsense"})
    assert wanted_by_others(tmp_path) == 0


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="Linux tells")
def test_this_computer_tells():
    found = limits()
    assert found[0].cores == len(os.sched_getaffinity(0))
    before = found[0].used()
    assert 0 < before <= found[0].used()


# ---------------------------------------------------------------- how many threads a run takes


class Computer:
    """A computer with ``cores``, of which ``others`` take some; the run takes what it can."""

    def __init__(self, cores, others=0.0, threads=None, **more):
        torch.set_num_threads(threads or cores)
        self.cores, self.others = cores, others
        self.now = self.used = self.own = 0.0
        self.threads = Threads(
            [Limit(cores, lambda: self.used), *more.pop("limits", [])],
            clock=lambda: self.now,
            own=lambda: self.own,
            others=lambda: more.get("at_first", 0.0),
        )

    def run(self, seconds):
        """Let time pass, with a look every 10 ms; return the number of threads at the end."""
        for _ in range(round(seconds * 100)):
            own = min(torch.get_num_threads(), self.cores - self.others)
            self.now += 0.01
            self.own += 0.01 * own
            self.used += 0.01 * (own + self.others)
            self.threads.look()
        return torch.get_num_threads()


def test_alone_it_takes_every_core():
    computer = Computer(4)
    assert torch.get_num_threads() == 4
    assert computer.run(3) == 4


def test_little_things_beside_it_change_nothing():
    assert Computer(2, others=0.3).run(5) == 2


@pytest.mark.parametrize(("others", "left"), [(1, 3), (2, 2), (2.8, 1), (4, 1), (0.6, 3)])
def test_it_takes_what_others_leave_and_takes_it_back(others, left):
    computer = Computer(4)
    assert computer.run(2) == 4
    computer.others = others
    assert computer.run(PAUSE * 2 + 0.02) == left
    assert computer.run(5) == left  # and it stays so
    computer.others = 0
    assert computer.run(LONG_PAUSE * 2 + 0.02) == 4


def test_a_short_rest_of_the_others_is_no_free_core():
    computer = Computer(2, others=1)
    assert computer.run(2) == 1
    for _ in range(5):
        computer.others = 0
        assert computer.run(0.3) == 1
        computer.others = 1
        assert computer.run(1) == 1


def test_half_a_free_core_is_no_reason_to_change():
    computer = Computer(2, others=1)
    assert computer.run(2) == 1
    computer.others = 0.4
    assert computer.run(5) == 1
    computer.others = 0.1
    assert computer.run(3) == 2


def test_three_at_once_on_two_cores_settle():
    """Each of three runs on two cores sees the other two."""
    computer = Computer(2, others=4 / 3)  # two threads of each of three, on two cores
    assert computer.run(1) == 1
    computer.others = 1  # now each has one thread
    assert computer.run(5) == 1


def test_a_first_guess_before_anything_is_measured():
    for guess, threads in ((0.0, 4), (0.5, 2), (7.0, 1)):
        Computer(4, at_first=guess)
        assert torch.get_num_threads() == threads
    computer = Computer(4, at_first=0.5)
    assert computer.run(PAUSE + 0.02) == 4  # it was wrong


def test_the_threads_that_the_user_allows_are_the_most():
    computer = Computer(4, threads=2)
    assert computer.run(3) == 2
    computer.others = 3
    assert computer.run(1) == 1
    computer.others = 0
    assert computer.run(3) == 2
    assert Computer(4, threads=1).run(1) == 1


def test_a_quota_is_shared_like_the_cores():
    used = [0.0]
    quota = Limit(2.5, lambda: used[0])
    computer = Computer(8, limits=[quota])
    assert torch.get_num_threads() == 2  # of 8: the quota allows 2 as a whole
    for _ in range(100):
        used[0] += 0.01 * 2.5
        computer.run(0.01)
    assert torch.get_num_threads() == 2
    for _ in range(400):
        used[0] += 0.01 * (torch.get_num_threads() + 1.4)  # another in the same container
        computer.run(0.01)
    assert torch.get_num_threads() == 1
    computer.threads.end()
    assert torch.get_num_threads() == 8


def test_it_ends_with_the_number_of_the_start():
    computer = Computer(3, others=3)
    assert computer.run(2) == 1
    computer.threads.end()
    assert torch.get_num_threads() == 3
    assert computer.run(3) == 3


def test_where_the_system_stops_telling_it_goes_on():
    def used():
        if computer.now > 1:
            raise OSError("gone")
        return computer.used

    computer = Computer(2)
    computer.threads = Threads([Limit(2, used)], clock=lambda: computer.now, own=lambda: 0.0)
    computer.run(3)
    assert torch.get_num_threads() in (1, 2)


def test_without_limits_nothing_changes():
    torch.set_num_threads(3)
    threads = Threads([], clock=lambda: 1e9)
    threads.look()
    assert torch.get_num_threads() == 3


# ---------------------------------------------------------------- in a run


LABELS = torch.arange(90) % 10
PIXELS = (torch.rand(90, 28, 28) * 60 + 19 * LABELS[:, None, None]).to(torch.uint8)


def train(plan, monkeypatch, num_epochs=2, **options):
    """Train while the number of threads follows ``plan``; return the run and its threads."""
    seen = []

    class Planned(Threads):
        def look(self):
            self._use(plan[len(seen) % len(plan)])
            seen.append(torch.get_num_threads())

    monkeypatch.setattr(loop, "Threads", Planned)
    torch.manual_seed(0)
    batches = TensorBatches(PIXELS, LABELS, 16, device="cpu")
    return lh.train_ch6(
        lh.sequential_lenet(), batches, batches, num_epochs, 0.1, "cpu", plot=False, **options
    ), seen


def test_a_run_looks_at_every_step_and_its_numbers_are_those_of_one_thread(monkeypatch):
    torch.set_num_threads(2)
    changing, seen = train([1, 2, 2, 1], monkeypatch, seed=3)
    assert set(seen) == {1, 2}
    assert len(seen) == 12
    assert torch.get_num_threads() == 2
    one, _ = train([1], monkeypatch, seed=3)
    for row, expected in zip(changing.by_epoch(), one.by_epoch(), strict=True):
        assert row == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_run_that_breaks_off_puts_the_number_back(error, monkeypatch):
    torch.set_num_threads(2)

    class Breaks(Threads):
        def look(self):
            self._use(1)
            raise error

    monkeypatch.setattr(loop, "Threads", Breaks)
    batches = TensorBatches(PIXELS, LABELS, 16, device="cpu")
    with contextlib.suppress(ZeroDivisionError):
        lh.train_ch6(lh.sequential_lenet(), batches, None, 1, 0.1, "cpu", plot=False)
    assert torch.get_num_threads() == 2
