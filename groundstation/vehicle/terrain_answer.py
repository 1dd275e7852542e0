"""Terrain for an aircraft that asks for it, from the station's own model, and what it says of the ground below.

``TERRAIN_REQUEST`` names a block and the pieces of it that are missing; each is answered with one ``TERRAIN_DATA`` that
gives latitude, longitude and spacing back exactly as they came, or the aircraft does not know the block again. A piece
with a post that the model does not hold is not sent: nobody is told a height that is not known.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geofences.terrain import TerrainGrid
from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.core.safety_records import TerrainServed
from groundstation.vehicle.hysteresis import Standing
from groundstation.vehicle.terrain_grid_maths import PIECES, piece_places
from missions.mavlink import mavlink2

_log = logging.getLogger("groundstation.terrain")

TERRAIN_REQUEST, TERRAIN_REPORT = 133, 136
_ALL = (1 << PIECES) - 1
_MOST_WAITING = 4 * PIECES
_MOST_QUESTIONS = 32
_DIFFERENCE_M = 30.0
_PLACE_E7 = 20  # 20 cm: an answer echoes the place asked for


@dataclass(frozen=True)
class TerrainReport:
    """What an aircraft says of the ground at a place. ``height_amsl_m`` NaN: it has no data there."""

    lat_deg: float
    lon_deg: float
    height_amsl_m: float
    pending: int
    loaded: int


@dataclass(frozen=True)
class _Piece:
    lat_e7: int
    lon_e7: int
    spacing_m: int
    bit: int


class TerrainPart:
    """Answers one aircraft. ``terrain`` None: nothing is answered, its reports are still read.

    ``pieces_per_s`` keeps a radio usable: one piece takes about 60 bytes.
    """

    def __init__(self, vehicle_id: VehicleId, terrain: TerrainGrid | None, pieces_per_s: float = 20.0) -> None:
        self._vehicle_id, self._terrain, self._pieces_per_s = vehicle_id, terrain, pieces_per_s
        self._waiting: deque[_Piece] = deque()
        self._allowance, self._last_s = 0.0, math.nan
        self._unknown: set[tuple[int, int]] = set()
        self._to_ask: list[tuple[int, int]] = []
        self._open: deque[tuple[int, int]] = deque(maxlen=_MOST_QUESTIONS)
        self._missing, self._differs = Standing(10.0, 2.0), Standing(5.0, 5.0)
        self._here: TerrainReport | None = None
        self.answers: dict[tuple[int, int], TerrainReport] = {}
        self.served = TerrainServed(vehicle_id, 0)

    # -- asking the aircraft -------------------------------------------------------------------------------------

    def ask(self, lat_deg: float, lon_deg: float) -> tuple[int, int]:
        """Ask the aircraft for its own height of a place; the key of :attr:`answers` under which it will be found."""
        key = (round(lat_deg * 1e7), round(lon_deg * 1e7))
        self.answers.pop(key, None)
        self._to_ask.append(key)
        return key

    # -- what comes in -------------------------------------------------------------------------------------------

    def on_message(self, _link_name: str, message: Any, _now_s: float) -> list[Any]:
        """Takes ``TERRAIN_REQUEST`` and ``TERRAIN_REPORT``."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self._vehicle_id):
            return []
        kind = message.get_type()
        if kind == "TERRAIN_REQUEST" and self._terrain is not None:
            self._on_request(message)
        elif kind == "TERRAIN_REPORT":
            self._on_report(message)
        return []

    def _on_request(self, message: Any) -> None:
        if message.grid_spacing <= 0 or not message.mask & _ALL:
            return
        self.served = replace(self.served, requests=self.served.requests + 1)
        known = set(self._waiting)
        for bit in range(PIECES):
            piece = _Piece(message.lat, message.lon, message.grid_spacing, bit)
            if message.mask >> bit & 1 and piece not in known and len(self._waiting) < _MOST_WAITING:
                self._waiting.append(piece)

    def _on_report(self, message: Any) -> None:
        place = (message.lat / 1e7, message.lon / 1e7)
        height = float(message.terrain_height) if message.spacing else math.nan
        report = TerrainReport(*place, height, message.pending, message.loaded)
        key = next(
            (k for k in self._open if abs(k[0] - message.lat) <= _PLACE_E7 and abs(k[1] - message.lon) <= _PLACE_E7),
            None,
        )
        if key is not None:
            self._open.remove(key)
            self.answers[key] = report
            return
        self._here = report
        ours = float(self._terrain.height(*place)) if self._terrain is not None else math.nan
        self.served = replace(
            self.served, pending=message.pending, loaded=message.loaded, report_difference_m=height - ours
        )

    # -- what time brings ----------------------------------------------------------------------------------------

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Pieces that are due, and questions."""
        if not state.link_alive:
            return []
        out: list[Any] = []
        passed_s = 0.0 if math.isnan(self._last_s) else max(now_s - self._last_s, 0.0)
        self._last_s = now_s
        self._allowance = min(self._allowance + passed_s * self._pieces_per_s, max(self._pieces_per_s, 1.0))
        while self._waiting and self._allowance >= 1.0:
            answer = self._answer(self._waiting.popleft())
            if answer is not None:
                self._allowance -= 1.0
                out.append(answer)
        if out:
            self.served = replace(self.served, t_utc_us=state.t_utc_us, blocks_sent=self.served.blocks_sent + len(out))
        for key in self._to_ask:
            self._open.append(key)
            out.append(mavlink2.MAVLink_terrain_check_message(*key))
        self._to_ask.clear()
        return out

    def _answer(self, piece: _Piece) -> Any | None:
        assert self._terrain is not None
        heights = self._terrain.height(*piece_places(piece.lat_e7, piece.lon_e7, piece.spacing_m, piece.bit))
        if not np.isfinite(heights).all():
            self.served = replace(self.served, blocks_unknown=self.served.blocks_unknown + 1)
            if (piece.lat_e7, piece.lon_e7) not in self._unknown and len(self._unknown) < 1000:
                self._unknown.add((piece.lat_e7, piece.lon_e7))
                _log.info(
                    "vehicle %s: asks for terrain at %.4f, %.4f, which the model does not hold",
                    self._vehicle_id, piece.lat_e7 / 1e7, piece.lon_e7 / 1e7,
                )  # fmt: skip
            return None
        data = [int(h) for h in np.clip(np.rint(heights), -32_768, 32_767).ravel()]
        return mavlink2.MAVLink_terrain_data_message(piece.lat_e7, piece.lon_e7, piece.spacing_m, piece.bit, data)

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """An aircraft without terrain under it, or with another ground than ours."""
        found: list[Fault] = []
        here = self._here
        missing = here is not None and state.armed and math.isnan(here.height_amsl_m)
        if self._missing.update(missing, now_s):
            found.append(Fault("terrain_missing", "info", "The aircraft has no terrain data where it is",
                               "load the terrain of the area here, or fly no heights above terrain"))  # fmt: skip
        difference_m = self.served.report_difference_m
        if self._differs.update(abs(difference_m) > _DIFFERENCE_M, now_s):
            text = f"The aircraft's ground is {difference_m:+.0f} m from this station's terrain model here"
            found.append(Fault("terrain_differs", "warning", text, "check which of the two models is right"))
        return tuple(found)
