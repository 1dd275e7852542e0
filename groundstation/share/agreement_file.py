"""The words of an agreement as a file: TOML (or the same keys as JSON), read strictly: what is odd is refused, never guessed.

::

    id = "AB-2026-1"
    parties = ["arvenia", "belmark"]
    valid_from = 2026-01-01T00:00:00Z
    valid_until = 2027-01-01T00:00:00Z
    purposes = ["BorderMonitoring"]
    kinds = ["track", "incident"]
    fields = ["category", "position", "velocity", "accuracy", "time"]
    categories = ["person", "vehicle", "two-wheeler"]
    side = "both"                 # or own, neighbour: seen from the station that tells
    grid_m = 0                    # above 0: the middle of a square of this size is told
    velocity_step_m_s = 0
    delay_s = 0
    max_rate_hz = 1.0
    retention_days = 30           # or {default = 30, track = 1, incident = 90}
    onward = "originator_consent" # or forbidden
    marking = "Amber"
    lawful_basis = "treaty of 2019, article 4"
    third_country = false

    [corridor]
    width_m = 500
    right_width_m = 300           # where it is another on the right of the line
    left_party = "arvenia"
    left = "Arvenia"
    right = "Belmark"
    border = [[47.10, 15.00], [47.12, 15.04]]   # lat, lon; or: area_file = "area.geojson"

    [rescue]                      # these three are left out where they are not agreed
    reach_m = 5000

    [own_forces]
    grid_m = 500
    delay_s = 300
    categories = ["drone"]

    [gateways]
    cot = ["category", "position", "accuracy", "time"]

The kind "incident" means crossings. Other incidents are told only if ``kinds`` names theirs too: approach, loitering,
group, vehicle_stopped, person_down. Such a file is a draft: what is in force is the signed one
(:mod:`groundstation.share.agreement_signed`).
"""

from __future__ import annotations

import difflib
import json
import math
import re
import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from geofences.area import LatLon, read_area
from groundstation.core.errors import ConfigError
from groundstation.share.agreement_terms import (
    FIELDS,
    GATEWAYS,
    KINDS,
    MARKINGS,
    ONWARD,
    OWN_FORCE_CATEGORIES,
    PURPOSES,
    RETENTION_KINDS,
    SIDES,
    Agreement,
    Field,
    GatewayAllowance,
    OwnForceClause,
    RescueClause,
)
from groundstation.share.corridor import Corridor
from vision.records import CLASS_NAMES

STATION_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""Names of stations go into the transport's keys, where ``/``, ``*``, ``$`` and ``#`` have a meaning."""

_KEYS = (
    "id", "parties", "valid_from", "valid_until", "purpose", "purposes", "kinds", "fields", "categories", "side",
    "grid_m", "velocity_step_m_s", "delay_s", "max_rate_hz", "retention_days", "onward", "marking", "lawful_basis",
    "third_country", "corridor", "rescue", "own_forces", "gateways",
)  # fmt: skip
_CORRIDOR_KEYS = ("width_m", "right_width_m", "left_party", "left", "right", "border", "area_file")
_NEEDED_FIELDS = ("category", "position", "time")
_SIDE_NAME = re.compile(r"[\w.\- ]{1,32}")
_MAX_BORDER_POINTS = 20_000


def read_draft(path: Path) -> Agreement:
    """Read ``agreement.toml`` or ``.json``, signed by nobody. Raises :class:`ConfigError` naming the file and the key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the agreement cannot be read: {error}", "check the path") from error
    try:
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: the agreement is damaged: {error}", "take it from the signed copy again") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: is not a table of keys", "see the example in the documentation")
    return read_terms(document, path)


def read_terms(document: dict[str, Any], path: Path) -> Agreement:
    """An agreement from its keys; ``path`` is named in errors, and ``area_file`` is beside it."""
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

    def _number(self, value: Any, key: str, low: float, high: float, zero: bool = False) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(key, f"{value!r} is not a number")
        if zero and value == 0:
            return 0.0
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
        seconds = int(value.replace(microsecond=0).timestamp())
        if not 0 <= seconds < 2**33:
            raise self._wrong(key, f"{value!r} is outside of 1970 to 2242")
        return seconds * 1_000_000 + value.microsecond

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
        made = Agreement(
            agreement_id=identity,
            parties=(parties[0], parties[1]),
            valid_from_utc_us=valid_from,
            valid_until_utc_us=valid_until,
            corridor=self._corridor(self._need(d, "corridor"), parties),
            purposes=self._purposes(d),
            kinds=self._choice(self._need(d, "kinds"), "kinds", KINDS),
            fields=self._fields(self._need(d, "fields"), "fields"),
            categories=self._choice(d.get("categories", list(CLASS_NAMES)), "categories", CLASS_NAMES),
            max_rate_hz=self._number(d.get("max_rate_hz", 1.0), "max_rate_hz", 0.0, 10.0),
            side=self._one(d.get("side", "both"), "side", SIDES),
            grid_m=self._number(d.get("grid_m", 0.0), "grid_m", 0.99, 20_000.0, zero=True),
            velocity_step_m_s=self._number(d.get("velocity_step_m_s", 0.0), "velocity_step_m_s", 0.0, 50.0, zero=True),
            delay_s=self._number(d.get("delay_s", 0.0), "delay_s", 0.0, 86_400.0, zero=True),
            onward=self._one(d.get("onward", "originator_consent"), "onward", ONWARD),
            marking=self._one(d.get("marking", "Amber"), "marking", MARKINGS),
            lawful_basis=self._text(d.get("lawful_basis", ""), "lawful_basis"),
            third_country=self._flag(d.get("third_country", False), "third_country"),
            rescue=self._rescue(d.get("rescue")),
            own_forces=self._own_forces(d.get("own_forces")),
            gateways=self._gateways(d.get("gateways", {})),
            **self._retention(d.get("retention_days", 30.0)),
        )
        self._fits_together(made)
        return made

    def _fits_together(self, made: Agreement) -> None:
        """Clauses that contradict one another are refused here, not found out at night."""
        narrow_m = min(w for w in made.corridor.widths_m)
        if made.side != "both" and not made.corridor.left_party:
            raise self._wrong("side", f"{made.side!r} needs to know who lives on the left", "add corridor.left_party")
        if made.grid_m:
            if "accuracy" not in made.fields:
                raise self._wrong(
                    "fields", "a coarse position without its accuracy would be believed", "add accuracy, or grid_m = 0"
                )
            if made.grid_m > narrow_m:
                raise self._wrong("grid_m", f"{made.grid_m:g} m do not fit into {narrow_m:g} m of corridor")
        if made.rescue is not None:
            if "SAR" not in made.purposes:
                raise self._wrong("purposes", "a rescue clause needs the purpose SAR", "add SAR, or remove rescue")
            if made.rescue.reach_m < max(made.corridor.widths_m):
                raise self._wrong("rescue.reach_m", "is less than the width of the corridor")
        if made.own_forces is not None and made.own_forces.grid_m > narrow_m:
            raise self._wrong("own_forces.grid_m", f"does not fit into {narrow_m:g} m of corridor")
        if made.third_country and made.onward != "forbidden":
            raise self._wrong("onward", "a third country may not pass anything on", 'write onward = "forbidden"')

    def _one(self, value: Any, key: str, allowed: Sequence[Any]) -> Any:
        if value not in allowed:
            raise self._wrong(key, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def _flag(self, value: Any, key: str) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(key, f"{value!r} is neither true nor false")
        return value

    def _text(self, value: Any, key: str) -> str:
        if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
            raise self._wrong(key, f"{value!r:.60} is not a text of at most 200 characters")
        return value

    def _table(self, value: Any, key: str, keys: Sequence[str]) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(key, "is not a table")
        self._known(value, keys, f"{key}.")
        return value

    def _purposes(self, d: dict[str, Any]) -> tuple[str, ...]:
        if "purpose" in d and "purposes" in d:
            raise self._wrong("purpose", "stands beside purposes", "keep purposes")
        if "purpose" in d:
            return (str(self._one(d["purpose"], "purpose", PURPOSES)),)
        chosen = d.get("purposes", ["BorderMonitoring"])
        self._choice(chosen, "purposes", PURPOSES)
        return tuple(chosen)  # the first is that of everything but a rescue

    def _fields(self, value: Any, key: str) -> tuple[Field, ...]:
        fields = self._choice(value, key, FIELDS)
        for needed in _NEEDED_FIELDS:
            if needed not in fields:
                raise self._wrong(key, f"without {needed!r} a track means nothing")
        return cast("tuple[Field, ...]", fields)

    def _retention(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            return {"retention_days": self._number(value, "retention_days", 0.0, 3650.0)}
        self._known(value, ("default", *RETENTION_KINDS), "retention_days.")
        days = {k: self._number(v, f"retention_days.{k}", 0.0, 3650.0) for k, v in value.items()}
        default = days.pop("default", 30.0)
        return {"retention_days": default, "retention_by_kind": tuple(sorted(days.items()))}

    def _rescue(self, value: Any) -> RescueClause | None:
        if value is None:
            return None
        table = self._table(value, "rescue", ("reach_m", "fields"))
        reach_m = self._number(self._need(table, "reach_m", "rescue."), "rescue.reach_m", 0.0, 50_000.0)
        return RescueClause(reach_m, self._fields(table.get("fields", list(FIELDS)), "rescue.fields"))

    def _own_forces(self, value: Any) -> OwnForceClause | None:
        if value is None:
            return None
        table = self._table(value, "own_forces", ("grid_m", "delay_s", "categories"))
        return OwnForceClause(
            self._number(table.get("grid_m", 500.0), "own_forces.grid_m", 99.0, 20_000.0),
            self._number(table.get("delay_s", 300.0), "own_forces.delay_s", 0.0, 86_400.0, zero=True),
            self._choice(table.get("categories", ["drone"]), "own_forces.categories", OWN_FORCE_CATEGORIES),
        )

    def _gateways(self, value: Any) -> tuple[GatewayAllowance, ...]:
        table = self._table(value, "gateways", GATEWAYS)
        return tuple(GatewayAllowance(n, self._fields(f, f"gateways.{n}")) for n, f in sorted(table.items()))

    def _corridor(self, table: Any, parties: Sequence[str]) -> Corridor:
        if not isinstance(table, dict):
            raise self._wrong("corridor", "is not a table")
        self._known(table, _CORRIDOR_KEYS, "corridor.")
        width_m = self._number(self._need(table, "width_m", "corridor."), "corridor.width_m", 0.0, 50_000.0)
        right_m: float | None = None
        if "right_width_m" in table:
            right_m = self._number(table["right_width_m"], "corridor.right_width_m", 0.0, 50_000.0)
        left_party = table.get("left_party", "")
        if left_party not in ("", *parties):
            raise self._wrong("corridor.left_party", f"{left_party!r} is neither of {' and '.join(parties)}")
        if ("border" in table) == ("area_file" in table):
            raise self._wrong("corridor", "needs either border or area_file")
        left, right = table.get("left", ""), table.get("right", "")
        if "area_file" in table:
            line = read_area(self._path.parent / str(table["area_file"])).border
            points, left, right = line.points, left or line.left, right or line.right
        else:
            points = self._border(table["border"])
        for key, name in (("left", left), ("right", right)):
            if name != "" and not (isinstance(name, str) and _SIDE_NAME.fullmatch(name)):
                raise self._wrong(f"corridor.{key}", f"{name!r:.60} is no name of a side (letters, at most 32)")
        if (left or right) and (not (left and right) or left == right):
            raise self._wrong("corridor.left", "the two sides need two names, or none")
        return Corridor(points, width_m, right_m, left_party, left, right)

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
        if len(found) > _MAX_BORDER_POINTS:
            raise self._wrong("corridor.border", f"has more than {_MAX_BORDER_POINTS} points", "leave points out")
        if len(found) < 2 or len(set(found)) < 2:
            raise self._wrong("corridor.border", "has fewer than two different points")
        return tuple(found)


def draft_text(agreement: Agreement) -> str:
    """An agreement as TOML with the border in it; :func:`read_draft` gives an equal one back."""
    # JSON's strings and lists of strings and numbers are TOML's too.
    plain: list[str] = []
    tables: list[str] = []
    for key, value in agreement.terms().items():
        if key in ("valid_from", "valid_until"):
            plain.append(f"{key} = {value}")
        elif isinstance(value, dict):
            tables += ["", f"[{key}]", *(f"{k} = {_toml(v)}" for k, v in value.items())]
        else:
            plain.append(f"{key} = {_toml(value)}")
    return "\n".join(plain + tables) + "\n"


def write_draft(agreement: Agreement, path: Path) -> None:
    """Write :func:`draft_text`."""
    path.write_text(draft_text(agreement), encoding="utf-8")


def _toml(value: Any) -> str:
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
