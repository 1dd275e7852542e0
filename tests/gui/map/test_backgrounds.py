"""Backgrounds: tiles of files and of a server with its cache, pictures with a place, and what happens without them."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer
from PyQt6.QtGui import QColor
from pytestqt.qtbot import QtBot

from groundstation.console.map.backgrounds import Backgrounds
from groundstation.console.map.base.geotiff import read_geotiff_picture
from groundstation.console.map.base.layer import BaseLayer, tiles_for, zoom_for
from groundstation.console.map.base.loader import TileLoader
from groundstation.console.map.base.sources import MbtilesSource, PmtilesSource, XyzSource, fetch_url
from groundstation.console.map.projection import to_mercator
from groundstation.console.settings import ConsoleSettings
from groundstation.core.errors import ConfigError
from tests.gui.map.bench import AREA, MapBench, write_tiles
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock

WORLD_M = 2 * np.pi * 6_378_137.0
ZOOM = 15


def png(rgb: tuple[int, int, int]) -> bytes:
    return cv2.imencode(".png", np.full((256, 256, 3), rgb[::-1], np.uint8))[1].tobytes()


def tile_of(lat: float, lon: float, zoom: int = ZOOM) -> tuple[int, int, int]:
    x, y = to_mercator(lat, lon)
    size = WORLD_M / 2**zoom
    return zoom, int((x + WORLD_M / 2) // size), int((WORLD_M / 2 - y) // size)


def around(colour: dict[tuple[int, int], tuple[int, int, int]]) -> dict[tuple[int, int, int], bytes]:
    """Tiles beside the one of the launch point, by (columns east, rows south)."""
    zoom, column, row = tile_of(*r.LAUNCH)
    return {(zoom, column + c, row + d): png(rgb) for (c, d), rgb in colour.items()}


RED, BLUE = (200, 30, 20), (20, 30, 200)


def write_pmtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], kind: TileType = TileType.PNG) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        for (zoom, column, row), data in sorted(tiles.items(), key=lambda t: zxy_to_tileid(*t[0])):
            writer.write_tile(zxy_to_tileid(zoom, column, row), data)
        writer.finalize(
            {
                "tile_type": kind, "tile_compression": Compression.NONE, "min_lon_e7": 0, "min_lat_e7": 0,
                "max_lon_e7": 1, "max_lat_e7": 1, "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
            },
            {},
        )  # fmt: skip


@pytest.mark.parametrize("ending", ["mbtiles", "pmtiles"])
def test_tiles_of_a_file_are_drawn_at_their_place(qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"world.{ending}"
    tiles = around({(0, 0): RED, (1, 0): BLUE, (0, 1): BLUE, (1, 1): RED, (-1, 0): BLUE, (0, -1): BLUE})
    (write_pmtiles if ending == "pmtiles" else write_tiles)(path, tiles)
    bench = MapBench(qtbot, area=None, basemap=path)
    for name in ("graticule",):
        bench.view._layers[name].visible = False
    bench.view.go_to(*r.LAUNCH, 1500.0)
    wait_idle(bench)
    image = bench.image()
    for key, data in tiles.items():
        size = WORLD_M / 2 ** key[0]
        middle = ((key[1] + 0.5) * size - WORLD_M / 2, WORLD_M / 2 - (key[2] + 0.5) * size)
        from groundstation.console.map.projection import to_lat_lon

        lat, lon = (float(v) for v in to_lat_lon(*middle))
        at = bench.view.canvas.to_px(lat, lon).toPoint()
        if image.rect().contains(at):
            assert data == png(QColor(image.pixel(at)).getRgb()[:3]), key
    # The seam between two tiles, to the pixel.
    size = WORLD_M / 2**ZOOM
    edge_x = (tile_of(*r.LAUNCH)[1] + 1) * size - WORLD_M / 2
    row_y = WORLD_M / 2 - (tile_of(*r.LAUNCH)[2] + 0.5) * size
    lat, lon = (float(v) for v in to_lat_lon(edge_x, row_y))
    at = bench.view.canvas.to_px(lat, lon)
    colours = [QColor(image.pixel(int(at.x()) + dx, int(at.y()))).red() > 100 for dx in (-3, 2)]
    assert colours == [True, False]
    bench.close()


def wait_idle(bench: MapBench) -> None:
    def done() -> bool:
        bench.tick()
        return bench.view.backgrounds.idle

    bench.tick()
    bench.qtbot.waitUntil(done, timeout=60_000)
    bench.qtbot.waitUntil(done, timeout=60_000)  # what was opened is now asked for its tiles
    bench.tick()


def test_what_is_no_map_is_said_and_the_map_opens_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "noise.mbtiles"
    path.write_bytes(b"not a database" * 100)
    bench = MapBench(qtbot, basemap=path, terrain=r.make_terrain())
    wait_idle(bench)
    assert "noise.mbtiles" in bench.view.base.age_text()
    assert len(bench.view.base.stack) == 1, "the terrain is there"
    bench.close()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.mbtiles", b"x" * 900, "MBTiles"), ("a.pmtiles", b"x" * 900, "PMTiles"), ("a.pmtiles", b"", "PMTiles")],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        (PmtilesSource if name.endswith("pmtiles") else MbtilesSource)(tmp_path / name)


def test_vector_tiles_are_refused(tmp_path: Path) -> None:
    write_pmtiles(tmp_path / "v.pmtiles", around({(0, 0): RED}), TileType.MVT)
    with pytest.raises(ConfigError, match="no raster"):
        PmtilesSource(tmp_path / "v.pmtiles")


def test_a_pmtiles_file_cut_short_gives_no_tile_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "cut.pmtiles"
    tiles = around({(0, 0): RED})
    write_pmtiles(path, tiles)
    os.truncate(path, path.stat().st_size - 200)
    source = PmtilesSource(path)
    with pytest.raises(OSError, match=r"cut\.pmtiles"):
        source.get(*next(iter(tiles)))
    source.close()


# -- a tile server -----------------------------------------------------------------------------------------------------


class Server:
    """Answers as it is told, and counts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: bytes | Exception = png(RED)
        self.now_s = time.time()

    def fetch(self, url: str, limit_s: float) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def server() -> Server:
    return Server()


def xyz(server: Server, tmp_path: Path, **more: object) -> XyzSource:
    return XyzSource(
        "https://maps.example/{z}/{x}/{y}.png", tmp_path, fetch=server.fetch, now_s=lambda: server.now_s, **more
    )  # type: ignore[arg-type]


def test_a_tile_is_asked_for_once_and_then_lives_on_the_disk(server: Server, tmp_path: Path) -> None:
    assert xyz(server, tmp_path).get(3, 4, 5) == server.answer
    assert server.asked == ["https://maps.example/3/4/5.png"]
    assert xyz(server, tmp_path).get(3, 4, 5) == png(RED), "after a restart"
    assert len(server.asked) == 1


def test_an_old_tile_is_asked_for_again_and_used_when_nobody_answers(server: Server, tmp_path: Path) -> None:
    source = xyz(server, tmp_path)
    source.get(3, 4, 5)
    server.now_s += 40 * 86400.0
    server.answer = OSError("no route")
    assert source.get(3, 4, 5) == png(RED)
    assert len(server.asked) == 2


def test_without_a_network_not_every_tile_is_waited_for(server: Server, tmp_path: Path) -> None:
    server.answer = OSError("no route")
    source = xyz(server, tmp_path)
    for column in range(5):
        with pytest.raises(OSError):
            source.get(3, column, 0)
    assert len(server.asked) == 1
    server.now_s += 25.0
    with pytest.raises(OSError):
        source.get(3, 0, 0)
    assert len(server.asked) == 2


def test_a_log_in_page_is_not_kept_as_a_map(server: Server, tmp_path: Path) -> None:
    for answer in (b"<html>please log in</html>", b""):
        server.answer = answer
        with pytest.raises(OSError, match="no picture"):
            xyz(server, tmp_path).get(3, 4, 5)
    assert not list(tmp_path.rglob("*.tile"))


def test_the_cache_keeps_to_its_size(server: Server, tmp_path: Path) -> None:
    source = xyz(server, tmp_path)
    for column in range(6):
        source.get(3, column, 0)
        for path in tmp_path.rglob(f"{column}/0.tile"):
            os.utime(path, (1000 + column, 1000 + column))
    size = len(png(RED))
    server.answer = OSError("no route")
    with pytest.raises(OSError):
        xyz(server, tmp_path, most_bytes=3 * size).get(4, 0, 0)
    assert sorted(p.parent.name for p in tmp_path.rglob("*.tile")) == ["3", "4", "5"], "the newest are left"


@pytest.mark.parametrize("template", ["file:///etc/{z}/{x}/{y}", "https://maps.example/{z}/{x}.png", "maps"])
def test_what_is_no_tile_server_is_refused(tmp_path: Path, template: str) -> None:
    with pytest.raises(ConfigError, match="no tile server"):
        XyzSource(template, tmp_path)


@pytest.fixture
def slow_server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b"x" * 10)
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                pass

        def log_message(self, *_: object) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}/t"
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_server_that_drips_does_not_hold_the_worker(slow_server: str) -> None:
    with pytest.raises(OSError, match="too slow"):
        fetch_url(slow_server, 0.3)


def test_nothing_is_asked_of_a_network_unless_it_is_set_up(tmp_path: Path) -> None:
    backgrounds = Backgrounds(BaseLayer(FakeClock()), ConsoleSettings(), None, None, tmp_path)
    assert backgrounds.server == ""
    assert backgrounds.idle
    with pytest.raises(ConfigError):
        backgrounds.set_server("not an address")
    assert backgrounds.server == "", "a wrong one is not kept"
    backgrounds.close()


def test_settings_that_somebody_has_spoilt_are_no_reason_to_fail(tmp_path: Path) -> None:
    settings = ConsoleSettings()
    settings.put_part("map.background", {"files": 3, "server": ["x"]})
    backgrounds = Backgrounds(BaseLayer(FakeClock()), settings, None, None, tmp_path)
    assert (backgrounds.files, backgrounds.server) == ([], "")
    backgrounds.close()


# -- the loader --------------------------------------------------------------------------------------------------------


class Slow:
    """A source that answers when it is let."""

    name, low_zoom, high_zoom = "slow", 0, 19

    def __init__(self) -> None:
        self.let = threading.Semaphore(0)
        self.asked: list[tuple[int, int, int]] = []
        self.threads: set[int] = set()
        self.closed = threading.Event()

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        self.asked.append((zoom, column, row))
        self.threads.add(threading.get_ident())
        assert self.let.acquire(timeout=20)
        if column == 99:
            raise OSError("no answer")
        return png(RED)

    def close(self) -> None:
        self.closed.set()


def test_the_gui_never_waits_and_what_is_out_of_view_is_not_fetched(qtbot: QtBot) -> None:
    source = Slow()
    loader = TileLoader(source)
    loader.want([(5, n, 0) for n in range(10)])
    qtbot.waitUntil(lambda: source.asked == [(5, 0, 0)], timeout=60_000)
    loader.want([(5, 50, 0)])  # the view has moved on
    assert loader.image((5, 0, 0)) is None
    source.let.release(2)
    qtbot.waitUntil(lambda: loader.idle or (loader.take_ready() and False), timeout=60_000)
    assert source.asked == [(5, 0, 0), (5, 50, 0)]
    assert loader.image((5, 50, 0)) is not None
    assert source.threads
    assert threading.get_ident() not in source.threads
    loader.close()
    assert source.closed.wait(20)


def test_memory_of_tiles_is_bounded_and_a_failed_one_waits(qtbot: QtBot) -> None:
    source, clock = Slow(), FakeClock()
    loader = TileLoader(source, most_tiles=8, clock_s=lambda: clock.now_s)
    source.let.release(100)
    for start in range(0, 40, 10):
        loader.want([(5, start + n, 0) for n in range(10)])
        qtbot.waitUntil(lambda: loader.take_ready() or loader.idle, timeout=60_000)
        qtbot.waitUntil(lambda: (loader.take_ready(), loader.idle)[1], timeout=60_000)
    assert len(loader._images) == 8
    for _ in range(2):
        loader.want([(5, 99, 0)])
        qtbot.waitUntil(lambda: (loader.take_ready(), loader.idle)[1], timeout=60_000)
    assert source.asked.count((5, 99, 0)) == 1
    assert loader.trouble == "no answer"
    clock.now_s += 60.0
    loader.want([(5, 99, 0)])
    qtbot.waitUntil(lambda: (loader.take_ready(), loader.idle)[1], timeout=60_000)
    assert source.asked.count((5, 99, 0)) == 2
    loader.close()


def test_zoom_and_number_of_tiles_for_a_view() -> None:
    loader = TileLoader(Slow())
    assert zoom_for(WORLD_M, 256, 0, 19) == 0
    assert zoom_for(WORLD_M / 2**10, 1024, 0, 19) == 12
    assert zoom_for(1.0, 4000, 3, 19) == 19
    x, y = to_mercator(*r.LAUNCH)
    keys = tiles_for((x - 500, y - 300, x + 500, y + 300), 1600, loader)
    fine = [k for k in keys if k[0] == max(z for z, _, _ in keys)]
    assert 20 <= len(fine) <= 96
    assert keys.index(fine[0]) < 10, "after a coarse one or two"
    assert tile_of(*r.LAUNCH, fine[0][0]) in fine[:4], "from the middle"
    loader.close()


# -- pictures with a place ---------------------------------------------------------------------------------------------


def write_picture(path: Path, code: int, size: int = 200) -> None:
    """A chequered picture round the launch point, its north-west quarter red."""
    kind = 1 if code != 4326 else 2
    into = Transformer.from_crs(4326, code, always_xy=True)
    x, y = into.transform(r.LAUNCH[1], r.LAUNCH[0])
    step = 1.0 if code != 4326 else 1e-5
    rgb = np.full((size, size, 3), BLUE, np.uint8)
    rgb[: size // 2, : size // 2] = RED
    keys = (1, 1, 0, 3, 1024, 0, 1, kind, 1025, 0, 1, 1, 3072 if kind == 1 else 2048, 0, 1, code)
    tifffile.imwrite(
        path,
        rgb,
        photometric="rgb",
        extratags=[
            (33550, "d", 3, (step, step, 0.0), True),
            (33922, "d", 6, (0.0, 0.0, 0.0, x - size / 2 * step, y + size / 2 * step, 0.0), True),
            (34735, "H", len(keys), keys, True),
        ],
    )


@pytest.mark.parametrize("code", [32634, 3857, 4326])
def test_a_geotiff_lies_where_its_coordinates_say(tmp_path: Path, code: int) -> None:
    path = tmp_path / "photo.tif"
    write_picture(path, code)
    base = read_geotiff_picture(path)
    x0, y0, width, height = base.rectangle
    rows, columns = base.rgb.shape[:2]
    into, back = (Transformer.from_crs(*pair, always_xy=True) for pair in ((4326, code), (code, 3857)))
    cx, cy = into.transform(r.LAUNCH[1], r.LAUNCH[0])
    step = 1.0 if code != 4326 else 1e-5
    for dx, dy, colour in (
        (-40, 40, RED),
        (40, 40, BLUE),
        (-40, -40, BLUE),
        (-4, 4, RED),
        (4, -4, BLUE),
        (-4, -4, BLUE),
    ):
        x, y = back.transform(cx + dx * step, cy + dy * step)
        column, row = int((x - x0) / width * columns), int((y0 + height - y) / height * rows)
        assert tuple(base.rgb[row, column]) == (*colour, 255), (dx, dy)


@pytest.mark.parametrize("spoil", ["no place", "no crs", "floats", "no tiff"])
def test_a_geotiff_that_cannot_be_laid_out_says_why(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "photo.tif"
    if spoil == "no tiff":
        path.write_bytes(b"II*\x00garbage")
    elif spoil == "floats":
        tifffile.imwrite(path, np.zeros((8, 8), np.float32))
    elif spoil == "no place":
        tifffile.imwrite(path, np.zeros((8, 8, 3), np.uint8), photometric="rgb")
    else:
        tags = [(33550, "d", 3, (1.0, 1.0, 0.0), True), (33922, "d", 6, (0.0,) * 6, True)]
        tifffile.imwrite(path, np.zeros((8, 8, 3), np.uint8), photometric="rgb", extratags=tags)
    with pytest.raises(ConfigError, match=r"photo\.tif"):
        read_geotiff_picture(path)


def test_own_files_are_kept_in_the_settings_and_lie_over_the_terrain(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "photo.tif"
    write_picture(path, 32634)
    settings = ConsoleSettings()
    bench = MapBench(qtbot, AREA, settings, terrain=r.make_terrain())
    bench.view.backgrounds.set_files([path])
    wait_idle(bench)
    assert len(bench.view.base.stack) == 2
    assert QColor(*RED).name() in bench.colours_near(-30, 30)
    bench.close()
    again = MapBench(qtbot, AREA, settings)
    assert again.view.backgrounds.files == [path]
    again.view.backgrounds.set_files([])
    again.close()
