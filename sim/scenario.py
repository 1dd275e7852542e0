"""Scenarios: what the simulated world holds, read from TOML.

A scenario states everything that a seed does not decide: the place, the camera, the sensors' errors, how many people,
vehicles and animals there are, the wind and the usual patrol. ``sim/scenarios/NAME.toml`` are shipped.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from geofences.errors import ConfigError

SCENARIO_FOLDER = Path(__file__).parent / "scenarios"


def _number(low: float, high: float, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"low": low, "high": high})


def _choice(*values: str) -> Any:
    return field(metadata={"choices": values})


@dataclass(frozen=True)
class Place:
    """The centre of the world and the border's sides; "left" is left of somebody walking along the border line."""

    lat_deg: float = _number(-70.0, 70.0)
    lon_deg: float = _number(-180.0, 180.0)
    left: str = "Arvenia"
    right: str = "Belmark"
    ground_amsl_m: float = _number(0.0, 3000.0, 180.0)


@dataclass(frozen=True)
class Camera:
    """The payload camera: square pixels, no distortion, boresight in the middle of the picture."""

    sensor: str = _choice("colour", "thermal")
    width_px: int = _number(160, 3840, 1280)
    height_px: int = _number(120, 2160, 720)
    fps: float = _number(1.0, 60.0, 15.0)
    hfov_deg: float = _number(5.0, 100.0, 40.0)
    bitrate_bit_s: int = _number(200_000, 50_000_000, 4_500_000)


@dataclass(frozen=True)
class SensorNoise:
    """One-sigma errors, each a first-order Gauss-Markov process per axis with its correlation time."""

    gps_sigma_m: float = _number(0.0, 50.0, 1.5)
    gps_correlation_s: float = _number(0.1, 3600.0, 30.0)
    attitude_sigma_deg: float = _number(0.0, 20.0, 0.5)
    attitude_correlation_s: float = _number(0.1, 3600.0, 8.0)
    gimbal_sigma_deg: float = _number(0.0, 20.0, 0.3)
    gimbal_correlation_s: float = _number(0.1, 3600.0, 5.0)


@dataclass(frozen=True)
class Population:
    """Who is about. Crossings are counted per object: a group of three is three crossings."""

    crossings_per_min: float = _number(0.0, 120.0)
    first_crossing_s: float = _number(0.0, 3600.0, 30.0)
    horizon_s: float = _number(60.0, 14400.0, 1800.0)
    vehicle_share: float = _number(0.0, 1.0, 0.08)
    two_wheeler_share: float = _number(0.0, 1.0, 0.08)
    parallel_walkers: int = _number(0, 500, 14)
    near_line_turners: int = _number(0, 500, 8)
    animal_groups: int = _number(0, 200, 8)
    animal_crossing_groups: int = _number(0, 200, 4)
    road_vehicles: int = _number(0, 200, 5)
    road_two_wheelers: int = _number(0, 200, 3)
    parked_vehicles: int = _number(0, 200, 10)
    standing_trees: int = _number(0, 5000, 700)


@dataclass(frozen=True)
class Wind:
    """Mean wind and its gusts; ``from_deg`` clockwise from true north, where it comes from."""

    speed_m_s: float = _number(0.0, 40.0, 3.0)
    from_deg: float = _number(0.0, 360.0, 250.0)
    gust_sigma_m_s: float = _number(0.0, 20.0, 0.8)


@dataclass(frozen=True)
class PatrolDefaults:
    """The usual patrol: shuttle along the stretch on our own side, looking square at the line."""

    height_agl_m: float = _number(20.0, 500.0, 110.0)
    speed_m_s: float = _number(1.0, 25.0, 4.0)
    standoff_m: float = _number(0.0, 500.0, 75.0)
    stretch_m: float = _number(100.0, 1500.0, 500.0)


@dataclass(frozen=True)
class TruthRules:
    """When a crossing counts as seen, see :mod:`sim.truth`. Used for scoring only, nobody flies by it."""

    side_margin_m: float = _number(0.0, 100.0, 10.0)
    max_gap_s: float = _number(0.05, 60.0, 1.0)
    min_visible_fraction: float = _number(0.05, 1.0, 0.6)


@dataclass(frozen=True)
class Scenario:
    """A whole scenario; ``own`` is the left side's name."""

    name: str
    description: str
    place: Place
    camera: Camera
    noise: SensorNoise
    population: Population
    wind: Wind
    patrol: PatrolDefaults
    truth: TruthRules


_SECTIONS: dict[str, type[Any]] = {
    "place": Place,
    "camera": Camera,
    "noise": SensorNoise,
    "population": Population,
    "wind": Wind,
    "patrol": PatrolDefaults,
    "truth": TruthRules,
}


def shipped_scenarios() -> list[str]:
    """Names of the scenarios that come with the program."""
    return sorted(p.stem for p in SCENARIO_FOLDER.glob("*.toml"))


def _did_you_mean(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _section(name: str, kind: type[Any], table: object, problems: list[str]) -> Any:
    """Build one section; every fault is appended to ``problems`` and None returned when there was one."""
    before = len(problems)
    if not isinstance(table, dict):
        problems.append(f"[{name}] is not a table")
        return None
    known = {f.name: f for f in fields(kind)}
    problems += [f"[{name}] unknown key {k!r}{_did_you_mean(k, list(known))}" for k in table if k not in known]
    values: dict[str, Any] = {}
    for key, spec in known.items():
        if key not in table:
            if spec.default is MISSING:
                problems.append(f"[{name}] lacks {key!r}")
            continue
        value = table[key]
        where = f"[{name}] {key} = {value!r}"
        if spec.type == "str":
            choices = spec.metadata.get("choices")
            if not isinstance(value, str) or not value:
                problems.append(f"{where} is not a text")
            elif choices and value not in choices:
                problems.append(f"{where} is none of {', '.join(choices)}{_did_you_mean(value, list(choices))}")
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            problems.append(f"{where} is not a number")
        elif spec.type == "int" and not isinstance(value, int):
            problems.append(f"{where} is not a whole number")
        elif not spec.metadata["low"] <= value <= spec.metadata["high"]:
            problems.append(f"{where} is outside {spec.metadata['low']}..{spec.metadata['high']}")
        values[key] = float(value) if spec.type == "float" and isinstance(value, int) else value
    return kind(**values) if len(problems) == before else None


def parse_scenario(name: str, document: dict[str, Any], origin: str) -> Scenario:
    """A scenario from parsed TOML. Raises :class:`ConfigError` that lists every fault at once."""
    problems: list[str] = []
    for key in document:
        if key not in _SECTIONS and key != "description":
            problems.append(f"unknown section {key!r}{_did_you_mean(key, [*_SECTIONS, 'description'])}")
    parts = {key: _section(key, kind, document.get(key, {}), problems) for key, kind in _SECTIONS.items()}
    place, population = parts["place"], parts["population"]
    if place is not None and place.left == place.right:
        problems.append(f"[place] both sides are called {place.left!r}")
    if population is not None and population.vehicle_share + population.two_wheeler_share > 1.0:
        problems.append("[population] vehicle_share and two_wheeler_share are together more than 1")
    description = document.get("description", "")
    if not isinstance(description, str):
        problems.append("description is not a text")
    if problems:
        listed = "; ".join(problems)
        raise ConfigError(f"{origin}: {listed}", "correct the scenario file")
    return Scenario(name=name, description=cast("str", description), **parts)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by name, or one of your own by the path of its TOML file.

    Raises :class:`ConfigError` for an unknown name, an unreadable file and, all at once, for wrong keys and values.
    """
    text = str(name_or_path)
    path = Path(text)
    if path.suffix != ".toml":
        path = SCENARIO_FOLDER / f"{text}.toml"
        if text not in shipped_scenarios():
            known = shipped_scenarios()
            raise ConfigError(
                f"scenario {text!r} is not known{_did_you_mean(text, known)}",
                f"choose one of {', '.join(known)}, or give the path of a .toml file",
            )
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}", "correct the scenario file") from error
    return parse_scenario(path.stem, document, str(path))
