"""Which backgrounds the map has: terrain, the station's map file, the operator's own files, a tile server."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QStandardPaths

from geofences.terrain import TerrainGrid
from groundstation.console import theme
from groundstation.console.map.base.geotiff import read_geotiff_picture
from groundstation.console.map.base.layer import BaseLayer
from groundstation.console.map.base.loader import TileLoader
from groundstation.console.map.base.opener import Opener
from groundstation.console.map.base.sources import XyzSource, open_tiles
from groundstation.console.map.basemap import BaseImage, hillshade
from groundstation.console.settings import ConsoleSettings

_PART = "map.background"
_TILE_ENDINGS = (".mbtiles", ".pmtiles")
_PICTURE_ENDINGS = (".tif", ".tiff")
ENDINGS = (*_TILE_ENDINGS, *_PICTURE_ENDINGS)
_TERRAIN, _SERVER = "terrain", "server"


class Backgrounds:
    """Keeps the base layer as the settings say. All reading is done off the GUI thread; ``on_tick`` takes what is ready."""

    def __init__(
        self, layer: BaseLayer, settings: ConsoleSettings, terrain: TerrainGrid | None, basemap: Path | None,
        cache_dir: Path | None,
    ) -> None:  # fmt: skip
        self._layer, self._settings, self._terrain = layer, settings, terrain
        self._given = [basemap] if basemap is not None else []
        if cache_dir is None:
            place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
            cache_dir = Path(place) / "marchwarden"
        self._cache_dir = cache_dir / "tiles"
        self._opener = Opener()
        self._pictures: dict[str, BaseImage] = {}
        self._loaders: dict[str, TileLoader] = {}
        self._trouble: dict[str, str] = {}
        self._light = False
        self.load()

    @property
    def files(self) -> list[Path]:
        """The operator's own files."""
        part = self._settings.part(_PART, {})
        raw = part.get("files", []) if isinstance(part, dict) else []
        return [Path(one) for one in raw if isinstance(one, str)] if isinstance(raw, list) else []

    @property
    def server(self) -> str:
        """The template of the tile server, "" for none: a station may have no network."""
        part = self._settings.part(_PART, {})
        raw = part.get("server", "") if isinstance(part, dict) else ""
        return raw if isinstance(raw, str) else ""

    @property
    def trouble(self) -> str:
        """What cannot be shown, and why."""
        return "\n".join(self._trouble.values())

    def set_files(self, files: list[Path]) -> None:
        """Other files of one's own."""
        self._settings.put_part(_PART, {"files": [str(f) for f in files], "server": self.server})
        self.load()

    def set_server(self, template: str) -> None:
        """Another tile server, "" for none. Raises :class:`ConfigError` for a template that is none."""
        if template:
            XyzSource(template, self._cache_dir)
        self._settings.put_part(_PART, {"files": [str(f) for f in self.files], "server": template})
        self.load()

    def load(self) -> None:
        """Open what is not open yet, let go of what is not wanted any more."""
        self._light = theme.palette().name == "light"
        wanted = {str(path): path for path in (*self._given, *self.files)}
        server = self.server
        for name in [n for n in self._loaders if n not in wanted and n != _SERVER]:
            self._loaders.pop(name).close()
        old = self._loaders.get(_SERVER)
        if old is not None:
            self._loaders.pop(_SERVER).close()
        self._pictures = {n: p for n, p in self._pictures.items() if n in wanted or n == _TERRAIN}
        self._trouble.clear()
        terrain, light = self._terrain, self._light
        if terrain is not None:
            self._opener.ask(_TERRAIN, lambda: hillshade(terrain, light_ground=light))
        for name, path in wanted.items():
            if name in self._loaders or name in self._pictures:
                continue
            if path.suffix.lower() in _PICTURE_ENDINGS:
                self._opener.ask(name, lambda path=path: read_geotiff_picture(path))
            else:
                self._opener.ask(name, lambda path=path: TileLoader(open_tiles(path)))
        if server:
            self._opener.ask(_SERVER, lambda: TileLoader(XyzSource(server, self._cache_dir)))
        self._show()

    def on_tick(self) -> bool:
        """Take what is ready; whether something new is there."""
        done = self._opener.take() if self._opener.pending else []
        for name, result, trouble in done:
            if trouble:
                self._trouble[name] = trouble
            elif isinstance(result, TileLoader):
                self._loaders[name] = result
            else:
                self._pictures[name] = result
        if done:
            self._show()
        self._layer.problem = self.trouble
        return bool(done)

    def restyle(self) -> None:
        """A light theme has a light ground."""
        if (theme.palette().name == "light") is not self._light:
            self.load()

    @property
    def idle(self) -> bool:
        """Everything was opened, and every tile that is wanted is here."""
        return not self._opener.pending and all(loader.idle for loader in self._loaders.values())

    def close(self) -> None:
        """End the threads."""
        self._opener.close()
        for loader in self._loaders.values():
            loader.close()

    def _show(self) -> None:
        order = [_TERRAIN, _SERVER, *(str(path) for path in (*self._given, *self.files))]
        found: list[BaseImage | TileLoader] = []
        for name in order:
            one = self._pictures.get(name) or self._loaders.get(name)
            if one is not None:
                found.append(one)
        self._layer.set_stack(found)
