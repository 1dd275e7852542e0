"""Beside a window the analysis of a stream gives way; whoever decodes, and the station itself, do not."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.unit.video import fakes
from tests.unit.video.test_service import station
from vision.priority import give_way, threads_now
from vision.worker_messages import WorkerSettings

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="one niceness for each thread: Linux only")


class ReadOnAThread(fakes.WalkerVideo):
    """A source that reads on a thread of its own, as real ones do."""

    def __init__(self) -> None:
        super().__init__(with_pose=True)
        self._ended = threading.Event()
        threading.Thread(target=self._ended.wait, name="reader", daemon=True).start()

    def close(self) -> None:
        self._ended.set()


def video_on_a_thread(_: WorkerSettings) -> ReadOnAThread:
    return ReadOnAThread()


def niceness(process: int) -> dict[str, int]:
    """By the name of the thread: the main one is called after the program, others are told by their number."""
    tasks = sorted(int(p.name) for p in Path(f"/proc/{process}/task").iterdir())
    return {("main" if t == process else str(t)): os.getpriority(os.PRIO_PROCESS, t) for t in tasks}


def test_the_analysis_gives_way_and_the_reader_does_not() -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    with station(gives_way=5, make_source=video_on_a_thread) as s:
        s.until(s.confirmed_ids)
        assert s.service.worker_pid is not None
        found = niceness(s.service.worker_pid)
    assert found.pop("main") == min(19, ours + 5)
    assert ours in found.values()  # the reader's
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours


def test_without_a_window_all_are_alike() -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    with station() as s:
        s.until(s.confirmed_ids)
        assert s.service.worker_pid is not None
        assert set(niceness(s.service.worker_pid).values()) == {ours}


def test_only_the_named_threads_give_way_and_at_most_to_the_last_place() -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    told: list[int] = []
    known, end = threading.Event(), threading.Event()

    def body() -> None:
        told.append(threading.get_native_id())
        known.set()
        end.wait()

    thread = threading.Thread(target=body)
    thread.start()
    try:
        known.wait()
        assert set(told) < set(threads_now())
        assert give_way(told, 100)
        assert os.getpriority(os.PRIO_PROCESS, told[0]) == 19
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == ours
        assert not give_way(told, 0)
        assert not give_way([2**30], 5)  # no such thread: said, and nothing raised
    finally:
        end.set()
        thread.join()
