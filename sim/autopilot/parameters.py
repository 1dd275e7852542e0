"""The parameter table: names, types and defaults as ArduCopter 4.6 has them, values as float32."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

from missions.mavlink import mavlink2 as m
from sim.autopilot.kinds import NameOf, VehicleKind

_INT8, _INT16, _INT32, _REAL = (
    m.MAV_PARAM_TYPE_INT8,
    m.MAV_PARAM_TYPE_INT16,
    m.MAV_PARAM_TYPE_INT32,
    m.MAV_PARAM_TYPE_REAL32,
)
_RANGE = {_INT8: (-128, 127), _INT16: (-32768, 32767), _INT32: (-(2**31), 2**31 - 1)}

# (name, type, default). Where the simulator departs from ArduCopter's default, the comment says why.
_TABLE: tuple[tuple[str, int, float], ...] = (
    ("FORMAT_VERSION", _INT16, 120),
    ("SYSID_THISMAV", _INT16, 1),
    ("SYSID_MYGCS", _INT16, 255),
    ("SYSID_ENFORCE", _INT8, 0),
    ("FRAME_CLASS", _INT8, 1),
    ("FRAME_TYPE", _INT8, 1),
    ("ARMING_CHECK", _INT32, 1),
    ("ARMING_REQUIRE", _INT8, 1),
    ("AUTO_OPTIONS", _INT32, 0),
    ("DISARM_DELAY", _INT8, 10),
    ("LOG_BITMASK", _INT32, 176126),
    ("SERIAL0_BAUD", _INT32, 115),
    ("SERIAL0_PROTOCOL", _INT8, 2),
    ("SR0_RAW_SENS", _INT16, 0),
    ("SR0_EXT_STAT", _INT16, 0),
    ("SR0_RC_CHAN", _INT16, 0),
    ("SR0_RAW_CTRL", _INT16, 0),
    ("SR0_POSITION", _INT16, 0),
    ("SR0_EXTRA1", _INT16, 0),
    ("SR0_EXTRA2", _INT16, 0),
    ("SR0_EXTRA3", _INT16, 0),
    ("SR0_PARAMS", _INT16, 0),
    ("SR0_ADSB", _INT16, 0),
    ("FS_GCS_ENABLE", _INT8, 0),
    ("FS_GCS_TIMEOUT", _REAL, 5),
    ("FS_OPTIONS", _INT32, 16),
    ("FS_EKF_ACTION", _INT8, 1),
    ("FS_EKF_THRESH", _REAL, 0.8),
    ("FS_THR_ENABLE", _INT8, 0),  # there is no radio receiver whose loss could be noticed
    ("FENCE_ENABLE", _INT8, 0),
    ("FENCE_TYPE", _INT8, 7),
    ("FENCE_ACTION", _INT8, 1),
    ("FENCE_ALT_MAX", _REAL, 100),
    ("FENCE_ALT_MIN", _REAL, -10),
    ("FENCE_RADIUS", _REAL, 300),
    ("FENCE_MARGIN", _REAL, 2),
    ("FENCE_MARGIN_XY", _REAL, 0),
    ("FENCE_AUTOENABLE", _INT8, 0),
    ("FENCE_OPTIONS", _INT16, 1),
    ("FENCE_TOTAL", _INT8, 0),
    ("RALLY_TOTAL", _INT8, 0),
    ("RALLY_LIMIT_KM", _REAL, 0.3),
    ("RALLY_INCL_HOME", _INT8, 1),
    ("RTL_ALT", _INT32, 1500),
    ("RTL_ALT_FINAL", _INT16, 0),
    ("RTL_ALT_TYPE", _INT8, 0),
    ("RTL_CLIMB_MIN", _INT16, 0),
    ("RTL_CONE_SLOPE", _REAL, 3),
    ("RTL_LOIT_TIME", _INT32, 5000),
    ("RTL_SPEED", _INT16, 0),
    ("WPNAV_SPEED", _REAL, 1000),
    ("WPNAV_SPEED_UP", _REAL, 500),  # 250 in ArduCopter: this airframe climbs faster
    ("WPNAV_SPEED_DN", _REAL, 250),  # 150 in ArduCopter
    ("WPNAV_RADIUS", _REAL, 200),
    ("WPNAV_ACCEL", _REAL, 250),
    ("WPNAV_ACCEL_Z", _REAL, 250),  # 100 in ArduCopter
    ("WPNAV_RFND_USE", _INT8, 1),
    ("WP_YAW_BEHAVIOR", _INT8, 2),
    ("WP_NAVALT_MIN", _REAL, 0),
    ("LAND_SPEED", _INT16, 50),
    ("LAND_SPEED_HIGH", _INT16, 0),
    ("LAND_ALT_LOW", _INT16, 1000),
    ("LOIT_SPEED", _REAL, 1250),
    ("CIRCLE_RADIUS", _REAL, 1000),
    ("CIRCLE_RATE", _REAL, 20),
    ("PILOT_SPEED_UP", _INT16, 250),
    ("PILOT_SPEED_DN", _INT16, 0),
    ("ATC_SLEW_YAW", _REAL, 6000),
    ("ANGLE_MAX", _INT16, 3000),
    ("GUID_TIMEOUT", _REAL, 3),
    ("GUID_OPTIONS", _INT32, 0),
    ("MIS_TOTAL", _INT16, 0),
    ("MIS_RESTART", _INT8, 0),
    ("MIS_OPTIONS", _INT16, 0),
    ("SRTL_ACCURACY", _REAL, 2),
    ("SRTL_POINTS", _INT16, 300),
    ("TERRAIN_ENABLE", _INT8, 1),
    ("TERRAIN_SPACING", _INT16, 100),
    ("MNT1_TYPE", _INT8, 6),  # a gimbal that is there; 0 (none) in ArduCopter
    ("MNT1_DEFLT_MODE", _INT8, 3),
    ("MNT1_RC_RATE", _INT16, 60),
    ("MNT1_PITCH_MIN", _INT16, -90),
    ("MNT1_PITCH_MAX", _INT16, 20),
    ("MNT1_YAW_MIN", _INT16, -180),
    ("MNT1_YAW_MAX", _INT16, 180),
    ("MNT1_ROLL_MIN", _INT16, -30),
    ("MNT1_ROLL_MAX", _INT16, 30),
    ("MNT1_NEUTRAL_X", _REAL, 0),
    ("MNT1_NEUTRAL_Y", _REAL, 0),
    ("MNT1_NEUTRAL_Z", _REAL, 0),
    # The battery is the simulator's own: six cells, enough for a patrol of half an hour. Its failsafes are on.
    ("BATT_MONITOR", _INT8, 4),
    ("BATT_CAPACITY", _INT32, 22000),
    ("BATT_LOW_VOLT", _REAL, 0),
    ("BATT_LOW_MAH", _REAL, 4400),
    ("BATT_CRT_VOLT", _REAL, 0),
    ("BATT_CRT_MAH", _REAL, 2200),
    ("BATT_LOW_TIMER", _INT8, 10),
    ("BATT_FS_LOW_ACT", _INT8, 2),
    ("BATT_FS_CRT_ACT", _INT8, 1),
    ("BATT_ARM_VOLT", _REAL, 0),
    ("BATT_ARM_MAH", _INT32, 0),
    ("STAT_BOOTCNT", _INT16, 1),
)

_READ_ONLY = frozenset({"FORMAT_VERSION", "FENCE_TOTAL", "RALLY_TOTAL", "MIS_TOTAL", "STAT_BOOTCNT"})


def float32(value: float) -> float:
    """The nearest float32, which is all that ``PARAM_VALUE`` can carry."""
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


@dataclass(frozen=True)
class Parameter:
    """One parameter: ``kind`` is a ``MAV_PARAM_TYPE``."""

    name: str
    kind: int
    index: int
    value: float


class Parameters:
    """The table. ``on_change(name)`` is called after a value really changed.

    Inside, every name is the copter's (``[]``, :meth:`integer`, :meth:`put`). A ground station sees the names, units and
    types of ``kind`` (:meth:`by_name`, :meth:`by_index`, :meth:`set`).
    """

    def __init__(self, overrides: dict[str, float] | None = None, kind: VehicleKind | None = None) -> None:
        own = kind.own if kind is not None else ()
        self._kinds = {name: param_kind for name, param_kind, _ in (*_TABLE, *own)}
        self._values = {name: float32(value) for name, _, value in (*_TABLE, *own)}
        self._renamed: dict[str, NameOf] = dict(kind.renamed) if kind is not None else {}
        taken = {of.inner for of in self._renamed.values()}
        own_names = {name for name, _, _ in own}
        hidden = kind.hidden if kind is not None else ()
        self._order = [
            *(
                name
                for name, _, _ in _TABLE
                if name not in taken and (name in own_names or not name.startswith(hidden))
            ),
            *self._renamed,
            *(name for name in own_names if name not in {n for n, _, _ in _TABLE}),
        ]
        self._order.sort(key=self._place)
        self._index = {name: index for index, name in enumerate(self._order)}
        self.on_change: Callable[[str], None] | None = None
        for name, value in {**(kind.defaults if kind is not None else {}), **(overrides or {})}.items():
            of = self._renamed.get(name)
            inner, scale = (of.inner, of.scale) if of is not None else (name, 1.0)
            if inner not in self._values:
                raise KeyError(name)
            self._values[inner] = float32(value / scale)

    def _place(self, name: str) -> int:
        """Where a name stands in the list: a renamed parameter where the old one stood, new ones at the end."""
        inner = self._renamed[name].inner if name in self._renamed else name
        places = {known: place for place, (known, _, _) in enumerate(_TABLE)}
        return places.get(inner, len(_TABLE))

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def integer(self, name: str) -> int:
        """The value of an integer parameter."""
        return int(self._values[name])

    def by_name(self, name: str) -> Parameter | None:
        """The parameter as a ground station sees it, or None when there is none of that name."""
        index = self._index.get(name)
        if index is None:
            return None
        of = self._renamed.get(name)
        if of is None:
            return Parameter(name, self._kinds[name], index, self._values[name])
        kind = self._kinds[of.inner] if of.kind is None else of.kind
        return Parameter(name, kind, index, float32(self._values[of.inner] * of.scale))

    def by_index(self, index: int) -> Parameter | None:
        """The parameter at an index of the list, or None."""
        return self.by_name(self._order[index]) if 0 <= index < len(self._order) else None

    def put(self, name: str, value: float) -> None:
        """Set a value from inside (counters that a ground station may only read)."""
        self._values[name] = float32(value)

    def set(self, name: str, value: float) -> Parameter | None:
        """Set what a ground station asks for; the parameter as it is afterwards, None when there is no such name.

        Integers are rounded and clipped to their type. A read-only parameter and a value that is no number stay as
        they are: the echo then tells the asker.
        """
        known = self.by_name(name)
        if known is None:
            return None
        of = self._renamed.get(name)
        inner, scale = (of.inner, of.scale) if of is not None else (name, 1.0)
        if inner in _READ_ONLY or not math.isfinite(value):
            return known
        value /= scale
        kind = self._kinds[inner]
        if kind in _RANGE:
            low, high = _RANGE[kind]
            # Half away from zero, as the autopilot rounds; Python rounds half to even.
            value = min(max(math.copysign(math.floor(abs(value) + 0.5), value), low), high)
        value = float32(value)
        if value != self._values[inner]:
            self._values[inner] = value
            if self.on_change is not None:
                self.on_change(inner)
        return self.by_name(name)
