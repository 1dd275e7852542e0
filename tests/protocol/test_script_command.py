"""``groundstation script run`` against the simulator: as an operator runs it, in processes of its own."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.protocol.conftest import Served

pytestmark = pytest.mark.timeout(90)
SQUARE = Path(__file__).parents[2] / "examples" / "scripts" / "square.py"


def _script(served: Served, file: Path, *arguments: str, timeout_s: float = 60.0) -> tuple[int, dict[str, Any], str]:
    ran = subprocess.run(
        [
            sys.executable, "-m", "groundstation.app.main", "script", "run", str(file), "--json",
            "--link", f"tcp://127.0.0.1:{served.port}", "--vehicle", "1", *arguments,
        ],
        capture_output=True, text=True, timeout=timeout_s, check=False,
    )  # fmt: skip
    return ran.returncode, json.loads(ran.stdout) if ran.stdout.strip() else {}, ran.stderr


def _file(folder: Path, text: str) -> Path:
    path = folder / "script.py"
    path.write_text(text)
    return path


def test_the_example_flies_its_square_and_comes_home(served: Served) -> None:
    served.fast()
    began_s = time.monotonic()
    code, result, said = _script(served, SQUARE, "--allow", "arm,takeoff,guided,return", "--argument", "25")
    assert code == 0, said
    assert result["ok"]
    assert result["refused"] == []
    assert not result["armed"]
    assert "at 25 m north, 25 m east" in said, "what it prints is kept apart from the JSON"
    assert time.monotonic() - began_s < 60
    assert math.hypot(*served.true_place_m()[:2]) < 12, "home again, within the error of its GPS"


def test_without_permission_nothing_is_changed_and_the_operator_is_told(served: Served, tmp_path: Path) -> None:
    script = _file(
        tmp_path,
        "import time\n"
        "def main(vehicle):\n"
        "    print('mode', vehicle.mode.name, 'RTL_ALT', vehicle.parameters['RTL_ALT'])\n"
        "    for _ in range(10):\n"
        "        vehicle.armed = True\n"
        "        time.sleep(0.1)\n",
    )
    code, result, said = _script(served, script)
    assert code == 0, said
    assert "mode STABILIZE RTL_ALT 1500" in said, "it may look at everything"
    assert any("ARM_DISARM" in text for text in result["refused"])
    assert "--allow arm would allow it" in said
    assert served.simulator.autopilot is not None
    assert not served.simulator.autopilot.flight.armed


def test_a_script_that_fails_or_does_not_end(served: Served, tmp_path: Path) -> None:
    code, result, said = _script(served, _file(tmp_path, "raise ValueError('no such place')\n"))
    assert (code, result["ok"], result["exit_code"]) == (1, False, 1)
    assert "ValueError: no such place" in said
    pid_file = tmp_path / "pid"
    endless = f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    code, result, said = _script(served, _file(tmp_path, endless), "--time-limit-s", "5")
    assert code == 1
    assert "the time of 5 s is over" in result["reason"]
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_what_cannot_begin_is_told_before_anything_is_connected(served: Served, tmp_path: Path) -> None:
    code, _, said = _script(served, tmp_path / "none.py")
    assert code == 2
    assert "there is no such file" in said
    code, _, said = _script(served, SQUARE, "--allow", "everything")
    assert code == 2
    assert "'everything' is no set" in said
