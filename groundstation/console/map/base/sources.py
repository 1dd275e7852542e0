"""Where tiles come from: MBTiles and PMTiles files, or an XYZ server with a cache on the disk.

``get`` may block and is called on the tile worker only, never on the GUI thread.
"""

from __future__ import annotations

import hashlib
import http.client
import logging
import os
import sqlite3
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from pmtiles.reader import Reader
from pmtiles.tile import TileType

from groundstation.core.errors import ConfigError

_log = logging.getLogger("groundstation.console.tiles")
_MOST_BYTES = 4_000_000
_RASTER = {TileType.PNG, TileType.JPEG, TileType.WEBP}


class TileSource(Protocol):
    """A pyramid of square raster tiles in Web Mercator, row 0 in the north."""

    name: str
    low_zoom: int
    high_zoom: int

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        """A tile as it is stored (PNG, JPEG, WebP); None: there is none. Raises ``OSError`` when it cannot be had now."""

    def close(self) -> None:
        """Let go of what is open."""


def open_tiles(path: Path) -> TileSource:
    """The tiles of a file by its ending. Raises :class:`ConfigError` when it is none that can be drawn."""
    return PmtilesSource(path) if path.suffix.lower() == ".pmtiles" else MbtilesSource(path)


class MbtilesSource:
    """An MBTiles 1.3 raster file. Raises :class:`ConfigError` when it is none."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        remedy = "give an MBTiles 1.3 raster file"
        try:
            # Used by one thread at a time: made here, read by the worker.
            self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            low, high = self._connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
            kind = self._metadata("format")
        except sqlite3.Error as error:
            raise ConfigError(f"{path}: cannot be read as MBTiles: {error}", remedy) from error
        if high is None:
            raise ConfigError(f"{path}: holds no tiles", "export the map again")
        if kind == "pbf":
            raise ConfigError(f"{path}: holds vector tiles", "export it as PNG, JPEG or WebP")
        self.low_zoom, self.high_zoom = int(low), int(high)

    def _metadata(self, name: str) -> str:
        try:
            row = self._connection.execute("SELECT value FROM metadata WHERE name=?", (name,)).fetchone()
        except sqlite3.Error:  # a file without the table still has its tiles
            return ""
        return str(row[0]) if row else ""

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        """A tile; MBTiles counts rows from the south."""
        try:
            found = self._connection.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?",
                (zoom, column, 2**zoom - 1 - row),
            ).fetchone()
        except sqlite3.Error as error:
            raise OSError(str(error)) from error
        return bytes(found[0]) if found else None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PmtilesSource:
    """A PMTiles 3 raster file. Raises :class:`ConfigError` when it is none."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path of the map") from error
        try:
            self._size = os.fstat(self._file.fileno()).st_size
            self._reader = Reader(self._bytes)
            header = self._reader.header()
            kind = header["tile_type"]
            self.low_zoom, self.high_zoom = int(header["min_zoom"]), int(header["max_zoom"])
        except Exception as error:  # the library raises whatever its parsing meets
            self._file.close()
            raise ConfigError(f"{path}: cannot be read as PMTiles 3: {error}", "export the map again") from error
        if kind not in _RASTER:
            self._file.close()
            raise ConfigError(
                f"{path}: holds no raster tiles but {kind.name.lower()}", "export it as PNG, JPEG or WebP"
            )

    def _bytes(self, offset: int, length: int) -> bytes:
        if offset < 0 or length > _MOST_BYTES or (offset + length > self._size and offset):
            raise ValueError(f"{length} bytes at {offset} are not in the file")
        self._file.seek(offset)
        return self._file.read(length)

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        """A tile."""
        try:
            return self._reader.get(zoom, column, row)
        except Exception as error:  # a damaged directory
            raise OSError(f"{self.name}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


Fetch = Callable[[str, float], bytes]


def fetch_url(url: str, limit_s: float) -> bytes:
    """The body of a URL, within a time and a size. Raises ``OSError``."""
    request = urllib.request.Request(url, headers={"User-Agent": "Marchwarden"})
    deadline = time.monotonic() + limit_s
    parts: list[bytes] = []
    size = 0
    try:
        with urllib.request.urlopen(request, timeout=limit_s) as answer:
            while chunk := answer.read1(65536):
                size += len(chunk)
                parts.append(chunk)
                if size > _MOST_BYTES or time.monotonic() > deadline:
                    raise OSError(f"{url}: too large or too slow")
    except http.client.HTTPException as error:
        raise OSError(f"{url}: {error}") from error
    return b"".join(parts)


class XyzSource:
    """A tile server by its template (``https://host/{z}/{x}/{y}.png``) with every tile kept on the disk.

    A tile younger than ``fresh_days`` is not asked for again; an older one is used when the server does not answer. After
    a failure nothing is asked for ``rest_s``, so that a station without a network does not wait for each tile.
    Raises :class:`ConfigError` for a template that is none.
    """

    def __init__(
        self, template: str, cache_dir: Path, limit_s: float = 5.0, fresh_days: float = 30.0, rest_s: float = 20.0,
        high_zoom: int = 19, fetch: Fetch = fetch_url, now_s: Callable[[], float] = time.time,
        most_bytes: int = 1_000_000_000,
    ) -> None:  # fmt: skip
        parts = urllib.parse.urlsplit(template)
        if parts.scheme not in ("http", "https") or not all(f"{{{v}}}" in template for v in "zxy"):
            raise ConfigError(f"{template!r} is no tile server", "write it like https://maps.example/{z}/{x}/{y}.png")
        self.name, self.low_zoom, self.high_zoom = parts.hostname or template, 0, high_zoom
        self._template, self._limit_s, self._rest_s = template, limit_s, rest_s
        self._fresh_s, self._fetch, self._now_s = fresh_days * 86400.0, fetch, now_s
        self._dir = cache_dir / hashlib.sha256(template.encode()).hexdigest()[:16]
        self._most_bytes = most_bytes
        self._rest_until_s = 0.0
        self._tidied = False

    def get(self, zoom: int, column: int, row: int) -> bytes | None:
        """A tile, from the disk when it is new enough."""
        if not self._tidied:
            self._tidied = True
            self._tidy()
        path = self._dir / str(zoom) / str(column) / f"{row}.tile"
        try:
            age_s = self._now_s() - path.stat().st_mtime
        except OSError:
            age_s = float("inf")
        if age_s < self._fresh_s:
            return path.read_bytes()
        try:
            data = self._asked(zoom, column, row)
        except OSError:
            if age_s < float("inf"):
                return path.read_bytes()
            raise
        if data is not None:
            self._keep(path, data)
        return data

    def _asked(self, zoom: int, column: int, row: int) -> bytes | None:
        if self._now_s() < self._rest_until_s:
            raise OSError(f"{self.name} did not answer a moment ago")
        url = self._template.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))
        try:
            data = self._fetch(url, self._limit_s)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            self._rest_until_s = self._now_s() + self._rest_s
            raise
        except OSError:
            self._rest_until_s = self._now_s() + self._rest_s
            raise
        # A hotel's log-in page is also an answer: only a picture is kept.
        if cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) is None if data else True:
            raise OSError(f"{self.name} answered with something that is no picture")
        return data

    def _keep(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(data)
            part.replace(path)
        except OSError as error:  # a full disk costs the cache, not the map
            _log.warning("a tile could not be kept: %s", error)

    def _tidy(self) -> None:
        """Once per start: the oldest go when the cache is larger than it may be."""
        found = []
        for path in self._dir.glob("*/*/*.tile"):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        size = sum(s for _, s, _ in found)
        for _, bytes_of_it, path in sorted(found):
            if size <= self._most_bytes:
                return
            path.unlink(missing_ok=True)
            size -= bytes_of_it

    def close(self) -> None:
        """Nothing is open."""
