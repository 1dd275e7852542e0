"""The files of a simulated case (``python -m sim.suite`` says what is in them), read and checked.

Nothing of the simulator is imported: what is judged here knows only the files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geofences.area import BorderLine, read_area
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid, read_geotiff
from vision.klv import SensorSigma
from vision.records import CLASS_NAMES, CameraPose, Detections, FloatArray, PoseSigma


@dataclass(frozen=True, eq=False)
class CaseFrame:
    """What the station gets of one frame."""

    t_utc_us: int
    width: int
    height: int
    pose: CameraPose
    detections: Detections


@dataclass(frozen=True, eq=False)
class TruthFrame:
    """Who was in the picture, n of them: ``object_id`` ``(n,)``, ``class_name``, ``en_m`` ``(n, 2)`` in the case's frame,
    ``xyxy`` ``(n, 4)``, ``visible`` ``(n,)`` the share of each that shows."""

    object_id: NDArray[np.int64]
    class_name: tuple[str, ...]
    en_m: FloatArray
    xyxy: FloatArray
    visible: FloatArray

    @property
    def counts(self) -> NDArray[np.bool_]:
        """Which are persons, vehicles or two-wheelers."""
        return np.array([c in CLASS_NAMES for c in self.class_name], dtype=np.bool_)


@dataclass(frozen=True)
class TrueCrossing:
    """One passage of the line. ``in_view`` as in the truth file: the camera saw it on both sides and between."""

    t_utc_us: int
    lat_deg: float
    lon_deg: float
    direction: str
    class_name: str
    object_id: int
    in_view: bool


@dataclass(frozen=True, eq=False)
class Case:
    """One flight of the suite; ``frames`` and ``truth`` go in step. ``judged``: its crossings count in the suite's total.

    ``unstated``: in words, what is wrong of its poses that no stated error holds; "" for nothing.
    """

    name: str
    why: str
    seed: int
    frames_per_s: float
    judged: bool
    border: BorderLine
    terrain: TerrainGrid
    frame: LocalFrame
    frames: tuple[CaseFrame, ...]
    truth: tuple[TruthFrame, ...]
    crossings: tuple[TrueCrossing, ...]
    unstated: str = ""

    @property
    def label(self) -> str:
        """Name and seed."""
        return f"{self.name} {self.seed}"


def read_cases(folder: Path) -> list[Path]:
    """Folders of cases in a suite's folder, in order of name; raises :class:`ConfigError` when there is none."""
    found = sorted(p.parent for p in folder.glob("*/case.json")) if folder.is_dir() else []
    if not found:
        raise ConfigError(f"{folder}: holds no case of a suite", "write them with `python -m sim.suite --out DIR`")
    return found


def read_case(folder: Path, sigma: PoseSigma | None = None) -> Case:
    """Read one case. ``sigma``: the stated errors of its poses; unless given the station's own for a stream's metadata, with
    what the case states of the aircraft's compass.

    Raises :class:`ConfigError` for files that are missing or not what they should be.
    """
    try:
        about = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        lines = (folder / "frames.jsonl").read_text(encoding="utf-8").splitlines()
        area = read_area(folder / "area" / "area.geojson")
        terrain = read_geotiff(folder / "area" / "terrain.tif")
        style = dict(about.get("style", {}))
        stated = sigma or SensorSigma(compass_deg=float(style.get("compass_sigma_deg", 0.0))).pose_sigma()
        frames = tuple(_frame(json.loads(line), stated) for line in lines)
        middle = area.border.points[len(area.border.points) // 2]
        frame = LocalFrame(*middle)
        truths = tuple(_truth(t, frame) for t in truth["frames"])
        crossings = tuple(
            TrueCrossing(
                int(c["t_utc_us"]), float(c["lat"]), float(c["lon"]), str(c["direction"]), str(c["class"]),
                int(c["object_id"]), bool(c["in_view"]),
            )
            for c in truth["crossings"]
        )  # fmt: skip
        if [f.t_utc_us for f in frames] != [int(t["t_utc_us"]) for t in truth["frames"]]:
            raise ConfigError(f"{folder}: frames and truth are not of the same times", "write the case again")
        return Case(
            str(about["name"]), str(about["why"]), int(about["seed"]), float(about["frames_per_s"]), bool(about["judged"]),
            area.border,
            terrain, frame, frames, truths, crossings, _unstated(style),
        )  # fmt: skip
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be read: {error.strerror}", "write the case again") from error
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{folder}: is no case of a suite: {error!r}", "write it with `python -m sim.suite`"
        ) from error


def _unstated(style: dict[str, Any]) -> str:
    """What the flight's style makes wrong behind the back of the sensors."""
    kinds = (("compass_bias_deg", "azimuth off by {:g} deg"), ("late_s", "poses late by {:g} s"),
             ("shake_deg", "camera shakes by {:g} deg"))  # fmt: skip
    stated = {"compass_bias_deg": float(style.get("compass_sigma_deg", 0.0))}
    wrong = {key: float(style.get(key, 0.0)) for key, _ in kinds}
    return ", ".join(text.format(wrong[key]) for key, text in kinds if abs(wrong[key]) > 2.0 * stated.get(key, 0.0))


def _frame(told: dict[str, Any], sigma: PoseSigma) -> CaseFrame:
    p = told["pose"]
    pose = CameraPose(
        int(p["t_utc_us"]), float(p["lat"]), float(p["lon"]), float(p["alt_amsl_m"]), float(p["azimuth_deg"]),
        float(p["elevation_deg"]), float(p["roll_deg"]), float(p["hfov_deg"]), float(p["vfov_deg"]), "klv", sigma,
    )  # fmt: skip
    boxes = np.asarray(told["boxes"], dtype=np.float64).reshape(-1, 6)
    animals = np.asarray(told["animals"], dtype=np.float64).reshape(-1, 4)
    detections = Detections(boxes[:, :4], boxes[:, 4], boxes[:, 5].astype(np.int64), animals)
    return CaseFrame(int(told["t_utc_us"]), int(told["width"]), int(told["height"]), pose, detections)


def _truth(told: dict[str, Any], frame: LocalFrame) -> TruthFrame:
    rows = told["objects"]
    numbers = np.array([[r[0], *r[2:]] for r in rows], dtype=np.float64).reshape(len(rows), 8)
    en_m = frame.to_plane(numbers[:, 1], numbers[:, 2]).reshape(-1, 2)
    return TruthFrame(
        numbers[:, 0].astype(np.int64), tuple(str(r[1]) for r in rows), en_m, numbers[:, 3:7], numbers[:, 7]
    )
