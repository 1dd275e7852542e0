"""The console on a real X server, beside OpenCV, whose wheel carries Qt parts of its own: driven by the mouse."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HELPERS = Path(__file__).parents[1] / "helpers"
DOCS = Path(__file__).parents[2] / "docs"


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
@pytest.mark.timeout(600)
def test_operator_uploads_starts_and_acknowledges_by_mouse(display: str, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    picture = tmp_path / "screen.png"
    done = subprocess.run(
        [sys.executable, str(HELPERS / "console_on_x.py"), str(picture)],
        env=environment | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=560,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "upload", "start_mission", "acknowledge"], done.stdout
    assert picture.stat().st_size > 20_000


@pytest.mark.xserver
@pytest.mark.timeout(600)
def test_a_newcomer_plans_checks_uploads_flies_and_acknowledges_by_hand(display: str, tmp_path: Path) -> None:
    """``groundstation guide`` itself: its simulator, station and console, by the pointer and keys of the X server. As many
    clicks as the docs say; how long it took is told and not judged: the machine's speed is in it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
    done = subprocess.run(
        [sys.executable, str(HELPERS / "newcomer_on_x.py"), str(tmp_path), "5"],
        env=environment | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=560,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["platform"] == "xcb"
    clicks = {name: count for name, (count, _) in told["steps"].items()}
    assert list(clicks) == ["heard", "checked", "uploaded", "listed", "flying", "answered", "home"]
    documented = re.search(
        r"flies: \*\*(\d+) clicks\*\*, (\d+) with the alert", (DOCS / "console.md").read_text("utf-8")
    )
    assert documented is not None
    assert (clicks["flying"], clicks["home"]) == tuple(int(n) for n in documented.groups())
    assert clicks["home"] < 25
    print("seconds to each step:", {name: took_s for name, (_, took_s) in told["steps"].items()})
    assert (tmp_path / "home.png").stat().st_size > 20_000
