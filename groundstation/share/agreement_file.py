"""Agreements as files: TOML (or the same keys as JSON), read strictly: what is odd is refused, never guessed.

::

    id = "AB-2026-1"
    parties = ["arvenia", "belmark"]
    valid_from = 2026-01-01T00:00:00Z
    valid_until = 2027-01-01T00:00:00Z
    purpose = "BorderMonitoring"
    kinds = ["track", "incident"]
    fields = ["category", "position", "velocity", "accuracy", "time"]
    categories = ["person", "vehicle", "two-wheeler"]
    max_rate_hz = 1.0
    retention_days = 30

    [corridor]
    width_m = 500
    border = [[47.10, 15.00], [47.12, 15.04]]   # lat, lon; or: area_file = "area.geojson"

The kind "incident" means crossings. Other incidents are told only if ``kinds`` names theirs too: approach, loitering,
group, vehicle_stopped, person_down.
"""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from geofences.area import LatLon, read_area
from groundstation.core.errors import ConfigError
from groundstation.share.agreement import FIELDS, OTHER_INCIDENTS, PURPOSES, Agreement, Field
from groundstation.share.corridor import Corridor
from vision.records import CLASS_NAMES

STATION_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""Names of stations go into the transport's keys, where ``/``, ``*``, ``$`` and ``#`` have a meaning."""

_KEYS = (
    "id", "parties", "valid_from", "valid_until", "purpose", "kinds", "fields", "categories", "max_rate_hz",
    "retention_days", "corridor",
)  # fmt: skip
_CORRIDOR_KEYS = ("width_m", "border", "area_file")


def read_agreement(path: Path) -> Agreement:
    """Read ``agreement.toml`` or ``.json``. Raises :class:`ConfigError` naming the file and the key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the agreement cannot be read: {error}", "check the path") from error
    try:
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        raise ConfigError(f"{path}: the agreement is damaged: {error}", "take it from the signed copy again") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: is not a table of keys", "see the example in the documentation")
    return _Reader(path).agreement(document)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path

    def _wrong(self, key: str, what: str, remedy: str = "correct it in the agreement") -> ConfigError:
        return ConfigError(f"{self._path}: {key}: {what}", remedy)

    def _known(self, table: dict[str, Any], keys: Sequence[str], prefix: str = "") -> None:
        for key in table:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, 1)
                raise self._wrong(prefix + key, "unknown key", f"did you mean {close[0]}?" if close else "remove it")

    def _need(self, table: dict[str, Any], key: str, prefix: str = "") -> Any:
        if key not in table:
            raise self._wrong(prefix + key, "is missing", "add it")
        return table[key]

    def _number(self, value: Any, key: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(key, f"{value!r} is not a number")
        if not low < value <= high:
            raise self._wrong(key, f"{value!r} is not above {low:g} and at most {high:g}")
        return float(value)

    def _time(self, value: Any, key: str) -> int:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError as error:
                raise self._wrong(key, f"{value!r} is not a date with time", "as 2026-01-01T00:00:00Z") from error
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self._wrong(key, f"{value!r} is not a date with time and zone", "as 2026-01-01T00:00:00Z")
        return round(value.timestamp()) * 1_000_000

    def _choice(self, value: Any, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or any(v not in allowed for v in value):
            raise self._wrong(key, f"{value!r} is not a list out of {', '.join(allowed)}")
        if len(set(value)) != len(value):
            raise self._wrong(key, f"{value!r} says something twice")
        return tuple(a for a in allowed if a in value)

    def agreement(self, d: dict[str, Any]) -> Agreement:
        self._known(d, _KEYS)
        identity = self._need(d, "id")
        if not isinstance(identity, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}", identity):
            raise self._wrong("id", f"{identity!r} is not an identifier")
        parties = self._need(d, "parties")
        if (
            not isinstance(parties, list)
            or len(parties) != 2
            or not all(isinstance(p, str) and STATION_NAME.fullmatch(p) for p in parties)
            or parties[0] == parties[1]
        ):
            raise self._wrong("parties", f"{parties!r} are not two station names (a-z, 0-9, - and _)")
        valid_from = self._time(self._need(d, "valid_from"), "valid_from")
        valid_until = self._time(self._need(d, "valid_until"), "valid_until")
        if valid_until <= valid_from:
            raise self._wrong("valid_until", "is not after valid_from")
        purpose = d.get("purpose", "BorderMonitoring")
        if purpose not in PURPOSES:
            raise self._wrong("purpose", f"{purpose!r} is none of {', '.join(PURPOSES)}")
        fields = self._choice(self._need(d, "fields"), "fields", FIELDS)
        for needed in ("category", "position", "time"):
            if needed not in fields:
                raise self._wrong("fields", f"without {needed!r} a track means nothing")
        return Agreement(
            agreement_id=identity,
            parties=(parties[0], parties[1]),
            valid_from_utc_us=valid_from,
            valid_until_utc_us=valid_until,
            corridor=self._corridor(self._need(d, "corridor")),
            purpose=purpose,
            kinds=self._choice(self._need(d, "kinds"), "kinds", ("track", "incident", *OTHER_INCIDENTS)),
            fields=cast("tuple[Field, ...]", fields),
            categories=self._choice(d.get("categories", list(CLASS_NAMES)), "categories", CLASS_NAMES),
            max_rate_hz=self._number(d.get("max_rate_hz", 1.0), "max_rate_hz", 0.0, 10.0),
            retention_days=self._number(d.get("retention_days", 30.0), "retention_days", 0.0, 3650.0),
        )

    def _corridor(self, table: Any) -> Corridor:
        if not isinstance(table, dict):
            raise self._wrong("corridor", "is not a table")
        self._known(table, _CORRIDOR_KEYS, "corridor.")
        width_m = self._number(self._need(table, "width_m", "corridor."), "corridor.width_m", 0.0, 50_000.0)
        if ("border" in table) == ("area_file" in table):
            raise self._wrong("corridor", "needs either border or area_file")
        if "area_file" in table:
            return Corridor(read_area(self._path.parent / str(table["area_file"])).border.points, width_m)
        return Corridor(self._border(table["border"]), width_m)

    def _border(self, points: Any) -> tuple[LatLon, ...]:
        found: list[LatLon] = []
        for point in points if isinstance(points, list) else []:
            if (
                not isinstance(point, list)
                or len(point) != 2
                or any(isinstance(v, bool) or not isinstance(v, int | float) for v in point)
                or not (-90.0 <= point[0] <= 90.0 and -180.0 <= point[1] <= 180.0)
            ):
                raise self._wrong("corridor.border", f"{point!r} is not [latitude, longitude] in degrees")
            found.append((float(point[0]), float(point[1])))
        if len(found) < 2 or len(set(found)) < 2:
            raise self._wrong("corridor.border", "has fewer than two different points")
        return tuple(found)


def write_agreement(agreement: Agreement, path: Path) -> None:
    """Write an agreement as TOML with the border in it; :func:`read_agreement` gives an equal one back.

    Times are written to the second.
    """

    def time(t_utc_us: int) -> str:
        return f"{datetime.fromtimestamp(t_utc_us // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"

    # JSON's strings and lists of strings and numbers are TOML's too.
    lines = [
        f"id = {json.dumps(agreement.agreement_id)}",
        f"parties = {json.dumps(list(agreement.parties))}",
        f"valid_from = {time(agreement.valid_from_utc_us)}",
        f"valid_until = {time(agreement.valid_until_utc_us)}",
        f"purpose = {json.dumps(agreement.purpose)}",
        f"kinds = {json.dumps(list(agreement.kinds))}",
        f"fields = {json.dumps(list(agreement.fields))}",
        f"categories = {json.dumps(list(agreement.categories))}",
        f"max_rate_hz = {float(agreement.max_rate_hz)!r}",
        f"retention_days = {float(agreement.retention_days)!r}",
        "",
        "[corridor]",
        f"width_m = {float(agreement.corridor.width_m)!r}",
        f"border = {json.dumps([list(p) for p in agreement.corridor.border])}",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
