"""A second process that takes half of what is worked out for each of several aircraft."""

from __future__ import annotations

import importlib
import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

from missions.planner.sharing_out import ShareOut, alone

T = TypeVar("T")
R = TypeVar("R")
_WORTH_IT = 6
"""For fewer aircraft the second process would be ready when all is done."""

_log = logging.getLogger("app.plan")


@contextmanager
def shared_out(aircraft: int) -> Iterator[ShareOut]:
    """For a request with so many aircraft: half of them here and half in a process that gets ready meanwhile, where that is
    worth it and there is a second processor."""
    if aircraft < _WORTH_IT or _processors() < 2:
        yield alone
        return
    # Started afresh, not forked: numpy's threads do not survive a fork.
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_ready) as pool:
        pool.submit(_nothing)
        try:
            yield _Halves(pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class _Halves:
    """A :class:`ShareOut` that gives every second thing away."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def __call__(self, work: Callable[[Sequence[T]], list[R]], things: Sequence[T]) -> list[R]:
        try:
            future = self._pool.submit(work, things[1::2])
        except BrokenProcessPool:
            return work(things)
        mine = work(things[0::2])
        try:
            theirs = future.result()
        except BrokenProcessPool as error:
            _log.warning("the second process ended (%s): all is worked out here", error)
            theirs = work(things[1::2])
        out: list[R] = [*mine, *theirs]
        out[0::2], out[1::2] = mine, theirs
        return out


def _ready() -> None:
    # An interruption is for who started it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    importlib.import_module("missions.requests.make")


def _nothing() -> None:
    """The process is started by the first work that it is given."""


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
