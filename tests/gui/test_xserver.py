"""The console on a real X server, beside OpenCV, whose wheel carries Qt parts of its own: driven by the mouse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

DRIVER = Path(__file__).parents[1] / "helpers" / "console_on_x.py"


@pytest.fixture
def display() -> Iterator[str]:
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed (scripts/setup.sh dev installs it)")
    read_end, write_end = os.pipe()
    # The server picks a free display number itself and writes it to the pipe.
    server = subprocess.Popen(
        [program, "-displayfd", str(write_end), "-screen", "0", "1700x1000x24", "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.xserver
def test_operator_uploads_starts_and_acknowledges_by_mouse(display: str, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    picture = tmp_path / "screen.png"
    started_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(picture)],
        env=environment | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "upload", "start_mission", "acknowledge"], done.stdout
    assert picture.stat().st_size > 20_000
    assert time.monotonic() - started_s < 90
