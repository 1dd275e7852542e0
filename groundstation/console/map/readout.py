"""The line that tells where the cursor is: the place in the notation of the operator's choice, and the ground's height."""

from __future__ import annotations

import math

from geofences.coordinates import CoordinateFormat, coordinate_text
from geofences.errors import ConfigError
from geofences.terrain import TerrainGrid
from groundstation.console import i18n
from groundstation.console.map.overlay import MapOverlay


class Readout:
    """Writes on the map's glass."""

    def __init__(self, overlay: MapOverlay, terrain: TerrainGrid | None, written_as: CoordinateFormat) -> None:
        self.written_as: CoordinateFormat = written_as
        self._overlay, self._terrain = overlay, terrain
        self._cursor: tuple[float, float] | None = None

    def write_as(self, written_as: CoordinateFormat) -> None:
        """Another notation."""
        self.written_as = written_as
        self._show()

    def text_of(self, lat: float, lon: float) -> str:
        """A place in that notation; in degrees where that cannot be."""
        try:
            return coordinate_text(lat, lon, self.written_as)
        except ConfigError:
            return coordinate_text(lat, lon, "decimal") if abs(lat) <= 90.0 and abs(lon) <= 180.0 else ""

    def on_moved(self, lat: float, lon: float) -> None:
        """The cursor is here."""
        self._cursor = (lat, lon)
        self._show()

    def on_left(self) -> None:
        """The cursor is not on the map."""
        self._cursor = None
        self._show()

    def _show(self) -> None:
        text = ""
        if self._cursor is not None:
            text = self.text_of(*self._cursor)
            if self._terrain is not None:
                height_m = float(self._terrain.height(*self._cursor))
                known = i18n.fill(i18n.text("map", "ground {n} m AMSL"), n=f"{height_m:.0f}")
                text += "\n" + (known if math.isfinite(height_m) else i18n.text("map", "ground height not known"))
        if text != self._overlay.cursor_text:
            self._overlay.cursor_text = text
            self._overlay.update()
