"""Small cases made by hand: a line, a camera above it and people who walk, without the simulator."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, write_area
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid, write_geotiff
from vision.camera import CameraView
from vision.evaluate_case import Case, CaseFrame, TrueCrossing, TruthFrame
from vision.records import CameraPose, Detections, PoseSigma

FRAME = LocalFrame(49.05, 22.70)
START_US = 1_790_000_000_000_000
FPS = 8.0
WEST, EAST = (
    (float(v) for v in FRAME.from_plane(np.array([-500.0, 0.0]))),
    (float(v) for v in FRAME.from_plane(np.array([500.0, 0.0]))),
)
BORDER = BorderLine((tuple(WEST), tuple(EAST)), "Arvenia", "Belmark", "Arvenia")  # type: ignore[arg-type]
SIGMA = PoseSigma(0.5, 0.5, 0.1, 0.1, 0.1)


def flat_terrain() -> TerrainGrid:
    """Level ground at 100 m."""
    return TerrainGrid(np.full((60, 60), 100.0, np.float32), 49.06, 22.69, 0.0004, 0.0004)


def pose(t_us: int) -> CameraPose:
    """75 m south of the line, 110 m up, looking north at it."""
    lat, lon = FRAME.from_plane(np.array([0.0, -75.0]))
    return CameraPose(t_us, float(lat), float(lon), 210.0, 0.0, -55.7, 0.0, 40.0, 23.14, "klv", SIGMA)


def boxes_at(en_m: np.ndarray, view: CameraView) -> np.ndarray:
    """Boxes of people of 1.7 m who stand at ``(n, 2)``."""
    lat, lon = FRAME.from_plane(en_m)
    feet = view.project_geodetic(lat, lon, np.full(len(en_m), 100.0))
    heads = view.project_geodetic(lat, lon, np.full(len(en_m), 101.7))
    half = 4.0
    return np.stack([feet[:, 0] - half, heads[:, 1] - 2.0, feet[:, 0] + half, feet[:, 1] + 2.0], axis=-1)


def walking_case(
    paths: dict[int, tuple[float, float, float]], seconds: float = 30.0, classes: dict[int, str] | None = None
) -> Case:
    """``paths``: object id -> (east m, north m at the start, speed north m/s). Crossings of north = 0 are in view."""
    frames, truths, crossings = [], [], []
    ids = list(paths)
    kind = [(classes or {}).get(i, "person") for i in ids]
    rng = np.random.default_rng(1)
    for k in range(int(seconds * FPS)):
        t_us = START_US + round(k * 1e6 / FPS)
        here = pose(t_us)
        view = CameraView.of(here, 1280, 720)
        en = np.array([(e, n + v * k / FPS) for e, n, v in paths.values()])
        boxes = boxes_at(en, view)
        noisy = boxes + rng.normal(0.0, 0.5, boxes.shape)
        inside = view.inside((boxes[:, :2] + boxes[:, 2:]) / 2.0)
        found = Detections(noisy[inside], np.full(inside.sum(), 0.8), np.zeros(inside.sum(), dtype=np.int64))
        frames.append(CaseFrame(t_us, 1280, 720, here, found))
        names = tuple(c for c, i in zip(kind, inside, strict=True) if i)
        truths.append(TruthFrame(np.array(ids)[inside], names, en[inside], boxes[inside], np.ones(inside.sum())))
    for i, (e, n, v) in paths.items():
        if v and 0.0 < -n / v < seconds and (classes or {}).get(i, "person") != "animal":
            lat, lon = FRAME.from_plane(np.array([e, 0.0]))
            direction = BORDER.direction("right", "left") if v > 0 else BORDER.direction("left", "right")
            t_us = START_US + round(-n / v * 1e6)
            crossings.append(TrueCrossing(t_us, float(lat), float(lon), direction, "person", i, True))
    return Case(
        "hand",
        "made by hand",
        1,
        FPS,
        True,
        BORDER,
        flat_terrain(),
        FRAME,
        tuple(frames),
        tuple(truths),
        tuple(crossings),
    )


def write_case(case: Case, folder: Path) -> Path:
    """The case as the suite's files."""
    (folder / "area").mkdir(parents=True)
    launch = NamedPoint("Launch", *case.border.points[0])
    write_area(Area(case.border, (), (), launch, ()), folder / "area" / "area.geojson")
    write_geotiff(case.terrain, folder / "area" / "terrain.tif")
    lines, truths = [], []
    for f, t in zip(case.frames, case.truth, strict=True):
        p, d = f.pose, f.detections
        told = {
            "t_utc_us": p.t_utc_us, "lat": p.lat_deg, "lon": p.lon_deg, "alt_amsl_m": p.alt_amsl_m,
            "azimuth_deg": p.azimuth_deg, "elevation_deg": p.elevation_deg, "roll_deg": p.roll_deg,
            "hfov_deg": p.hfov_deg, "vfov_deg": p.vfov_deg,
        }  # fmt: skip
        rows = np.concatenate([d.xyxy, d.confidence[:, None], d.class_id[:, None]], axis=1).tolist()
        frame = {"t_utc_us": f.t_utc_us, "width": 1280, "height": 720, "pose": told, "boxes": rows}
        lines.append(json.dumps(frame | {"animals": f.detections.animal_xyxy.tolist()}))
        lat, lon = case.frame.from_plane(t.en_m)
        objects = [
            [int(i), c, a, o, *b, v]
            for i, c, a, o, b, v in zip(
                t.object_id, t.class_name, lat.tolist(), lon.tolist(), t.xyxy.tolist(), t.visible.tolist(), strict=True
            )
        ]
        truths.append({"t_utc_us": f.t_utc_us, "objects": objects})
    (folder / "frames.jsonl").write_text("\n".join(lines), encoding="utf-8")
    crossings = [
        {
            "t_utc_us": c.t_utc_us, "lat": c.lat_deg, "lon": c.lon_deg, "direction": c.direction, "class": c.class_name,
            "object_id": c.object_id, "in_view": c.in_view,
        }
        for c in case.crossings
    ]  # fmt: skip
    (folder / "truth.json").write_text(json.dumps({"crossings": crossings, "frames": truths}), encoding="utf-8")
    about = {"name": case.name, "why": case.why, "seed": case.seed, "frames_per_s": FPS, "judged": True}
    (folder / "case.json").write_text(json.dumps(about), encoding="utf-8")
    return folder
