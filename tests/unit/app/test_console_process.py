"""The console beside a station: closed, killed, never up; and the station goes on."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundstation.app.console_process import ConsoleProcess, console_command

STAYS = "import time\ntime.sleep(600)"
IGNORES = (
    "import signal, time, sys\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\ntime.sleep(600)"
)


@contextmanager
def console(program: str) -> Iterator[ConsoleProcess]:
    made = ConsoleProcess(Path("data"), [sys.executable, "-c", program])
    made.open(0.0)
    try:
        yield made
    finally:
        made.close()


def said(console: ConsoleProcess, now_s: float, limit_s: float = 60.0) -> str:
    """What it says once its process has ended; ``now_s`` is what it is told."""
    until_s = time.monotonic() + limit_s
    while time.monotonic() < until_s:
        words = console.on_time(now_s)
        if words:
            return words
        time.sleep(0.01)
    pytest.fail("it said nothing")


def test_one_that_is_closed_stays_closed_and_the_way_back_is_told_once() -> None:
    with console("pass") as c:
        words = said(c, 500.0)
        assert "closed and the station goes on" in words
        assert "groundstation console --data data" in words
        assert c.opened == 1
        assert c.pid == 0
        assert c.on_time(501.0) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_one_that_is_killed_is_opened_again() -> None:
    with console(STAYS) as c:
        first = c.pid
        os.kill(first, signal.SIGKILL)
        assert "signal 9" in said(c, 500.0)
        assert c.opened == 2
        assert c.pid not in (0, first)


def test_one_that_ends_at_once_is_not_tried_for_ever() -> None:
    with console("raise SystemExit(3)") as c:
        words = said(c, 2.0)
        assert "exit code 3" in words
        assert "goes on without" in words
        assert c.opened == 1
        assert c.pid == 0


def test_it_ends_with_the_station() -> None:
    with console(STAYS) as c:
        pid = c.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert c.pid == 0


def test_what_is_opened_is_the_console_command(tmp_path: Path) -> None:
    from groundstation.app.main import _parser

    options = _parser().parse_args(console_command(tmp_path)[3:])
    assert options.data == tmp_path
