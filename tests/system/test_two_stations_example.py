"""``examples/two_stations`` as its README says it: two stations are paired by the command line and link up."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from groundstation.app.main import main
from tests.system.test_share_two_stations import free_port, until

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_stations"


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait(10)


class Folder:
    """A copy of the example, and the command line in it."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self._capsys = path, capsys
        for name in ("a.toml", "b.toml"):
            shutil.copy(EXAMPLE / name, path / name)

    def share(self, action: str, config: str, *arguments: str) -> dict[str, Any]:
        self._capsys.readouterr()
        assert main(["share", action, *arguments, "--config", str(self.path / config), "--json"]) == 0
        answer: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return answer

    def pair(self) -> None:
        for config in ("a.toml", "b.toml"):
            self.share("init", config)
        a = self.share("invite", "a.toml", "--endpoint", f"127.0.0.1:{free_port()}")
        b = self.share("invite", "b.toml")
        self.share("accept", "a.toml", str(b["file"]), "--fingerprint", b["fingerprint"])
        self.share("accept", "b.toml", str(a["file"]), "--fingerprint", a["fingerprint"])

    def run(self, config: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "groundstation.app.main", "run", "--headless", "--config", config]
        with (self.path / f"{config}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=self.path, stdout=log, stderr=subprocess.STDOUT, env=_environment())

    def peer(self, config: str) -> dict[str, Any]:
        (peer,) = self.share("status", config)["peers"]
        assert isinstance(peer, dict)
        return peer


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}


def test_two_paired_stations_link_up_and_end_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], processes: list[subprocess.Popen[bytes]]
) -> None:
    folder = Folder(tmp_path, capsys)
    folder.pair()
    processes += [folder.run("a.toml"), folder.run("b.toml")]
    both = ("a.toml", "b.toml")
    assert until(lambda: all(folder.peer(config)["connected"] for config in both), 60.0), [
        (tmp_path / f"{config}.log").read_text() for config in both
    ]
    assert folder.peer("a.toml")["detail"] == "no agreement: nothing is shared"
    folder.share("revoke", "a.toml", "belmark", "--reason", "test")
    assert until(lambda: not folder.peer("a.toml")["connected"] and not folder.peer("b.toml")["connected"], 30.0)
    for process in processes:
        process.send_signal(signal.SIGINT)
    assert [process.wait(30) for process in processes] == [0, 0]


def test_one_command_pairs_both_and_signs_what_they_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], processes: list[subprocess.Popen[bytes]]
) -> None:
    shutil.copytree(EXAMPLE.parent / "patrol_border_shuttle", tmp_path / "patrol_border_shuttle")
    (tmp_path / "two_stations").mkdir()
    folder = Folder(tmp_path / "two_stations", capsys)
    shutil.copy(EXAMPLE / "pair.sh", folder.path)
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "groundstation"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m groundstation.app.main "$@"\n')
    command.chmod(0o755)
    environment = {**_environment(), "PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
    script = ["sh", str(folder.path / "pair.sh"), f"127.0.0.1:{free_port()}"]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert folder.peer("a.toml")["paired"]
    assert folder.peer("b.toml")["paired"]
    assert "agreement: signed by both" in done.stdout
    processes += [folder.run("a.toml"), folder.run("b.toml")]
    assert until(lambda: folder.peer("a.toml")["detail"] == "all told is stored there", 120.0), folder.peer("a.toml")
    for process in processes:
        process.send_signal(signal.SIGINT)
    assert [process.wait(60) for process in processes] == [0, 0]


def test_a_station_that_is_not_paired_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder(tmp_path, capsys)
    assert main(["run", "--headless", "--config", str(tmp_path / "a.toml")]) != 0
    assert "share init" in capsys.readouterr().err
    folder.share("init", "a.toml")
    assert main(["run", "--headless", "--config", str(tmp_path / "a.toml")]) != 0
    assert "share accept" in capsys.readouterr().err


def test_every_command_of_the_readme_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    text = (EXAMPLE / "README.md").read_text()
    commands = re.findall(r"^groundstation (.+)$", text, flags=re.MULTILINE)
    assert len(commands) >= 10
    for command in {c.split()[0] + " " + c.split()[1] for c in commands if c.startswith("share")}:
        with pytest.raises(SystemExit) as ended:
            main([*command.split(), "--help"])
        assert ended.value.code == 0
    capsys.readouterr()
