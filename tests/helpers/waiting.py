"""Waiting for something that must come, however slow the machine is: the limit only ends a test that would hang."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

MOST_S = 90.0


async def until(condition: Callable[[], object]) -> None:
    """Wait for ``condition``. Raises :class:`TimeoutError` when it does not come in a minute and a half."""
    async with asyncio.timeout(MOST_S):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)


def wait_until(condition: Callable[[], object], what: object = "") -> None:
    """The same without asyncio. Fails the test, naming ``what`` (called when it is a function), when it does not come."""
    end_s = time.monotonic() + MOST_S
    while not condition():
        assert time.monotonic() < end_s, f"not within {MOST_S:.0f} s: {what() if callable(what) else what}"
        time.sleep(0.01)


async def until_still(value: Callable[[], object], pause_s: float = 0.2) -> None:
    """Wait until ``value`` stays as it is for ``pause_s``; what never ends raises :class:`TimeoutError`."""
    async with asyncio.timeout(MOST_S):
        before = value()
        while True:
            await asyncio.sleep(pause_s)
            now = value()
            if now == before:
                return
            before = now
