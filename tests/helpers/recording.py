"""A short recorded flight of the simulator, in the forms in which recordings come."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from geofences.terrain import write_geotiff
from sim.camera import Renderer, VisibleObject
from sim.projection import ViewPose
from sim.scenario import load_scenario
from sim.state import SensorErrors, VehicleTruth
from sim.video import FrameMaker, TransportStream
from sim.world import CLASS_NAMES as SIM_CLASSES
from sim.world import Crossing, World
from vision.attention import AttentionSettings
from vision.records import CLASS_NAMES, Detections

START_US = 1_780_000_000_000_000
"""A day in May 2026."""
FPS = 10
WHOLE_PICTURE = AttentionSettings(min_depression_deg=89.9, surroundings_scale=0.0, search_px=0)
"""One look at each picture, at all of it: what :class:`TrueBoxes` needs."""


@dataclass
class Recording:
    """The files and the truth. ``boxes``: what is in each picture. All have the same pictures."""

    folder: Path
    world: World
    crossing: Crossing
    truths: list[VehicleTruth]
    boxes: list[list[VisibleObject]]

    @property
    def ts(self) -> Path:
        """With KLV in it."""
        return self.folder / "flight.ts"

    @property
    def mp4(self) -> Path:
        """Without any metadata."""
        return self.folder / "flight.mp4"

    @property
    def border(self) -> Path:
        """GeoJSON with the border alone."""
        return self.folder / "border.geojson"

    @property
    def dem(self) -> Path:
        """The terrain."""
        return self.folder / "terrain.tif"

    def detector(self, settings: Any) -> TrueBoxes:
        """A detector that sees what is there; for ``make_detector``."""
        return TrueBoxes(self.boxes)

    def place(self, object_id: int, t_utc_us: int) -> tuple[float, float]:
        """East and north of an object in the world's plane."""
        t_s = (t_utc_us - START_US) / 1e6
        (state,) = [o for o in self.world.objects(t_s) if o.object_id == object_id]
        return state.east_m, state.north_m

    def write_srt(self, path: Path, drop: Callable[[int], bool] = lambda _: False) -> Path:
        """DJI's bracket dialect with gimbal angles; cues for which ``drop`` says so are left out."""
        cues = []
        for i, t in enumerate(self.truths):
            if drop(i):
                continue
            ground = self.world.height_amsl_m(self.crossing.east_m, self.crossing.north_m)
            cues.append(
                f"{i + 1}\n{clock(i / FPS)} --> {clock((i + 1) / FPS)}\n"
                f'<font size="28">FrameCnt: {i + 1}, DiffTime: 100ms\n2026-05-28 20:26:40.{i % 10}00\n'
                f"[iso: 100] [shutter: 1/500.0] [fnum: 2.8] [latitude: {t.lat_deg:.6f}] [longitude: {t.lon_deg:.6f}] "
                f"[rel_alt: {t.alt_amsl_m - ground:.3f} abs_alt: {t.alt_amsl_m:.3f}] [gb_yaw: {t.gimbal_azimuth_deg:.1f} "
                f"gb_pitch: {t.gimbal_elevation_deg:.1f} gb_roll: 0.0] </font>\n"
            )
        path.write_text("\n".join(cues), encoding="utf-8")
        return path

    def write_csv(self, path: Path) -> Path:
        """Gimbal from the nose, times of day."""
        rows = ["t_utc_us,lat_deg,lon_deg,alt_amsl_m,heading_deg,gimbal_relative_azimuth_deg,gimbal_elevation_deg"]
        rows += [
            f"{t.t_utc_us},{t.lat_deg:.7f},{t.lon_deg:.7f},{t.alt_amsl_m:.2f},{t.yaw_deg:.2f},"
            f"{t.gimbal_azimuth_deg - t.yaw_deg:.2f},{t.gimbal_elevation_deg:.2f}"
            for t in self.truths
        ]
        path.write_text("\n".join(rows), encoding="utf-8")
        return path


class TrueBoxes:
    """Each call is the next picture; boxes that are mostly hidden are not seen."""

    def __init__(self, boxes: list[list[VisibleObject]]) -> None:
        self._boxes = iter(boxes)

    def detect(self, image_bgr: Any) -> Detections:
        """Objects of the classes that the station knows."""
        seen = [b for b in next(self._boxes, []) if b.class_name in CLASS_NAMES and b.visible_fraction > 0.6]
        if not seen:
            return Detections.empty()
        return Detections(
            np.array([b.xyxy for b in seen], dtype=np.float64),
            np.full(len(seen), 0.9),
            np.array([CLASS_NAMES.index(b.class_name) for b in seen], dtype=np.int64),
        )


def clock(t_s: float) -> str:
    """``00:00:01,500``."""
    ms = round(t_s * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def film(folder: Path, seed: int = 2, before_s: float = 4.5, after_s: float = 2.5, height_m: float = 55.0) -> Recording:
    """A vehicle that crosses the border, filmed from a slowly moving aircraft at 640 x 360."""
    scenario = load_scenario("border_day")
    camera = dataclasses.replace(scenario.camera, width_px=640, height_px=360, fps=float(FPS), bitrate_bit_s=3_000_000)
    world = World(dataclasses.replace(scenario, camera=camera), seed)
    assert "vehicle" in SIM_CLASSES
    crossing = next(c for c in world.crossings() if c.class_name == "vehicle" and c.t_s > before_s + 1.0)
    maker = FrameMaker(world, Renderer(world))
    recording = Recording(folder, world, crossing, [], [])
    stream = TransportStream(str(recording.ts), camera)
    with av.open(str(recording.mp4), "w") as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18", "g": "10"})
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        for i in range(round((before_s + after_s) * FPS)):
            truth = _truth(world, crossing, crossing.t_s - before_s + i / FPS, i, height_m)
            image, klv, visible = maker.make(truth, SensorErrors())
            stream.write(image, klv, i * 1_000_000 // FPS)
            picture = av.VideoFrame.from_ndarray(image, format="bgr24")
            picture.pts, picture.time_base = i, Fraction(1, FPS)
            for packet in video.encode(picture):
                out.mux(packet)
            recording.truths.append(truth)
            recording.boxes.append(visible)
        for packet in video.encode(None):
            out.mux(packet)
    stream.close()
    _write_border(recording)
    write_geotiff(world.terrain_grid(), recording.dem)
    return recording


def _truth(world: World, crossing: Crossing, t_s: float, number: int, height_m: float) -> VehicleTruth:
    """The camera looks at the place of the crossing from 45 m beside it and moves at 3 m/s."""
    target = np.array([crossing.east_m, crossing.north_m])
    here = target + np.array([-15.0 + 0.3 * number, -height_m * 0.8])
    away = target - here
    ground = world.height_amsl_m(*here)
    lat, lon = world.to_lat_lon(float(here[0]), float(here[1]))
    drop = ground + height_m - world.height_amsl_m(*target)
    view = ViewPose(
        float(here[0]), float(here[1]), ground + height_m, float(np.degrees(np.arctan2(away[0], away[1]))) % 360.0,
        -float(np.degrees(np.arctan2(drop, np.hypot(*away)))),
    )  # fmt: skip
    return VehicleTruth(
        t_s, START_US + round(t_s * 1e6), lat, lon, view.alt_amsl_m, 1.0, -3.0, 80.0, (0.0, 3.0, 0.0), view.azimuth_deg,
        view.elevation_deg, 0.0, True, "AUTO",
    )  # fmt: skip


def _write_border(recording: Recording) -> None:
    border = recording.world.border
    feature = {
        "type": "Feature",
        "properties": {"left": border.left, "right": border.right},
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in border.points]},
    }
    recording.border.write_text(json.dumps(feature), encoding="utf-8")
