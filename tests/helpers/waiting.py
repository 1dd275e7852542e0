"""Waiting for something that must come, however slow the machine is: the limit only ends a test that would hang."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

MOST_S = 90.0


async def until(condition: Callable[[], object]) -> None:
    """Wait for ``condition``. Raises :class:`TimeoutError` when it does not come in a minute and a half."""
    async with asyncio.timeout(MOST_S):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)


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
