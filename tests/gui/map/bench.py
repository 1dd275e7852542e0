"""A map on a bench: a bus, a bridge that is drained by hand, a clock that stands still."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from geofences.area import Area
from groundstation.console import theme
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.map.view import MapView
from groundstation.console.settings import ConsoleSettings
from groundstation.core.bus import Bus
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock

AREA = r.make_area()


class MapBench:
    """``clock``: what the map takes for the time; ``now_us`` stamps records as made at this moment of it."""

    def __init__(self, qtbot: QtBot, area: Area | None = AREA, settings: ConsoleSettings | None = None,
                 **context: Any) -> None:  # fmt: skip
        self.qtbot, self.bus, self.clock = qtbot, Bus(), FakeClock(time.monotonic())
        self.bridge, self.selection = Bridge(self.bus), Selection()
        self.settings = settings or ConsoleSettings()
        self.context = ConsoleContext(self.bus, self.bridge, None, self.settings, self.selection, area, **context)
        self.view = MapView(self.context, self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(900, 700)
        self.view.legend.fold.setChecked(False)
        self.view.show()
        self.view.go_to(r.LAUNCH[0], r.LAUNCH[1], 500.0)

    def close(self) -> None:
        """End the threads of the background."""
        self.view.backgrounds.close()

    @property
    def now_us(self) -> int:
        return self.clock.utc_us()

    def tick(self) -> None:
        """As the bridge's timer does."""
        self.bridge.drain()

    def publish(self, topic: Any, record: Any) -> None:
        """One record, and a tick."""
        self.bus.publish(topic, record)
        self.tick()

    def tracks(self, places: list[tuple[float, float]], **changes: Any) -> Any:
        """Tracks that are seen now."""
        record = r.make_tracks(places)
        fresh = replace(record.tracks, t_mono_ns=self.clock.mono_ns(), t_utc_us=self.now_us)
        fresh = replace(fresh, last_seen_utc_us=np.full(len(places), self.now_us))
        return replace(record, **{"tracks": fresh, **changes})

    def image(self) -> QImage:
        """The canvas as it is painted, one picture pixel for each of its own."""
        return self.view.canvas.grab().toImage()

    def px(self, east_m: float, north_m: float) -> QPointF:
        """Where a place is drawn."""
        return self.view.canvas.to_px(*r.place(east_m, north_m))

    def colours_near(self, east_m: float, north_m: float, within: int = 2) -> set[str]:
        """The colours of the pixels round a place."""
        image, at = self.image(), self.px(east_m, north_m)
        return {
            QColor(image.pixel(int(at.x()) + dx, int(at.y()) + dy)).name()
            for dx in range(-within, within + 1)
            for dy in range(-within, within + 1)
        }

    def middle_of(self, colour: str, near: QPointF, within: int = 14) -> QPointF | None:
        """The middle of all pixels of a theme colour near a point."""
        image, wanted = self.image(), theme.colour(colour).name()
        found = [
            (x + 0.5, y + 0.5)
            for x in range(int(near.x()) - within, int(near.x()) + within)
            for y in range(int(near.y()) - within, int(near.y()) + within)
            if QColor(image.pixel(x, y)).name() == wanted
        ]
        return QPointF(*np.mean(found, axis=0)) if found else None


def write_tiles(path: Path, tiles: dict[tuple[int, int, int], bytes]) -> None:
    """An MBTiles file of ``(zoom, column, row from the north)``."""
    import sqlite3

    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        for (zoom, column, row), data in tiles.items():
            connection.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, 2**zoom - 1 - row, data))
    connection.close()
