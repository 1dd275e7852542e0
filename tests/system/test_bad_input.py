"""Bad input to the station: one clear error that names the place and the remedy, its exit code, nothing half-done."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from geofences.area import write_area
from geofences.terrain import write_geotiff
from groundstation.app.pairing import write_neighbour
from groundstation.share.certificates import make_pair
from tests.helpers.records import make_area, make_terrain


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "groundstation.app.main", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=90,
        check=False,
    )


def expect(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("groundstation: ") + done.stderr.count("groundstation sim: ") == 1


class Folder:
    """A folder with an area and a station file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "area").mkdir()
        write_area(make_area(), path / "area" / "area.geojson")
        write_geotiff(make_terrain(), path / "area" / "terrain.tif")

    def station(self, **tables: dict[str, object]) -> str:
        content = {"station": {"name": "arvenia", "data_dir": "data"}, "area": {"folder": "area"}} | tables
        lines = [
            line
            for table, values in content.items()
            for line in (f"[{table}]", *(f"{k} = {json.dumps(v)}" for k, v in values.items()), "")
        ]
        file = self.path / "station.toml"
        file.write_text("\n".join(lines))
        return str(file)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def held_port() -> Iterator[int]:
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        yield tcp.getsockname()[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["demo", "--headless", "--scenario", "border_dya"], 2, "border_day"),
        (["demo", "--headless", "--duration-s", "3"], 2, "10 to 3600"),
        (["run", "--headless"], 2, "--link"),
        (["run", "--headless", "--config", "no-such.toml"], 2, "no-such.toml"),
        (["run", "--headless", "--link", "tpc://127.0.0.1:5760"], 4, "tcp"),
    ],
)
def test_command_line(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    expect(run(*arguments, cwd=tmp_path), code, words)


def test_broken_configuration_is_told_whole(folder: Folder) -> None:
    config = folder.station(patrol={"height_agl_m": -4}, video={"ulr": "udp://127.0.0.1:5600"})
    expect(
        run("run", "--headless", "--config", config, cwd=folder.path), 2, "patrol.height_agl_m", "did you mean 'url'"
    )
    assert not (folder.path / "data").exists()


def test_patrol_outside_its_fence_never_gets_to_an_aircraft(folder: Folder) -> None:
    config = folder.station(patrol={"standoff_m": 900}, link={"url": "tcp://127.0.0.1:9"})
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 3)
    assert not (folder.path / "data").exists()


def test_missing_model(folder: Folder) -> None:
    config = folder.station(vision={"model": "gone.onnx"}, video={"url": "udp://127.0.0.1:5600"})
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 6, "gone.onnx")
    assert not (folder.path / "data").exists()


def test_missing_video(folder: Folder) -> None:
    config = folder.station(video={"url": "gone.ts"})
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 5, "gone.ts", "--video")


def test_unreadable_video(folder: Folder) -> None:
    (folder.path / "noise.ts").write_bytes(bytes(range(256)) * 400)
    config = folder.station(video={"url": str(folder.path / "noise.ts")})
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 5, "noise.ts")


def test_port_in_use(folder: Folder, held_port: int) -> None:
    config = folder.station(link={"url": f"tcpin://127.0.0.1:{held_port}"})
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 8, str(held_port))
    expect(run("sim", "--no-video", "--mavlink", f"tcp://127.0.0.1:{held_port}", cwd=folder.path), 8, str(held_port))


def test_bad_certificates(folder: Folder) -> None:
    paired = write_neighbour(folder.path, make_area(), "arvenia", "belmark", 7447)
    config = str(paired.neighbour_config)
    certificate = folder.path / "pairing" / "belmark" / "belmark.crt"
    good = certificate.read_bytes()
    for content in (b"", b"-----BEGIN CERTIFICATE-----\nnonsense\n", None):
        certificate.unlink(missing_ok=True)
        if content is not None:
            certificate.write_bytes(content)
        expect(run("run", "--headless", "--config", config, cwd=folder.path), 7, "belmark.crt")
    certificate.write_bytes(good)
    make_pair(folder.path / "pairing" / "belmark", "belmark", days=1.0, now_utc=datetime.now(UTC) - timedelta(days=3))
    expect(run("run", "--headless", "--config", config, cwd=folder.path), 7, "belmark.crt", "expired")
