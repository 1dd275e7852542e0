"""A panel on a second screen: it is there again next time, and not lost with the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELPER = ROOT / "tests" / "helpers" / "console_on_screens.py"


def console(folder: Path, action: str, screens: int) -> dict[str, Any]:
    """Run the console on so many screens of 1920 x 1080 beside each other."""
    config = folder / f"{screens}.json"
    made = [
        {"name": f"screen{k + 1}", "x": 1920 * k, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "dpr": 1}
        for k in range(screens)
    ]
    config.write_text(json.dumps({"screens": made}), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(HELPER), str(folder / "console.json"), action],
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["screens"] == screens
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="a path in the platform's name")
def test_a_panel_on_the_second_screen_is_there_again_and_back_when_the_screen_is_gone(tmp_path: Path) -> None:
    put = console(tmp_path, "float", 2)
    assert (put["floating"], put["screen"]) == (True, "screen2")
    again = console(tmp_path, "look", 2)
    assert (again["floating"], again["screen"], again["visible"]) == (True, "screen2", True)
    assert again["size"] == put["size"]
    # With one screen there is another arrangement, and the one for two is kept.
    alone = console(tmp_path, "look", 1)
    assert (alone["floating"], alone["screen"], alone["visible"]) == (False, "screen1", True)
    assert console(tmp_path, "look", 2)["screen"] == "screen2"


@pytest.mark.skipif(sys.platform == "win32", reason="a path in the platform's name")
def test_a_panel_whose_screen_is_unplugged_comes_back_into_the_window(tmp_path: Path) -> None:
    told = console(tmp_path, "unplug", 2)
    assert told["back"] == ["Video"]
    assert not told["floating"]
    assert told["visible"]
