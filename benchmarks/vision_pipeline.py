"""Stage timings of the vision pipeline on this machine: ``python benchmarks/vision_pipeline.py [frames] [threads]``.

1280x720 pictures, the shipped model, 20 people on the ground put in after it (an untrained eye finds nothing in noise),
gentle terrain, a border through the picture. The second table is what the worker does besides: preview, shared memory,
messages. Without a model file only the overhead is measured.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ModelError
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from vision.attention import Attention, Region
from vision.camera import CameraView
from vision.detectors.onnx import OnnxDetector, OnnxOptions
from vision.exchange import Exchange
from vision.georeference import Georeferencer
from vision.pipeline import Pipeline
from vision.preview import preview_of
from vision.records import CameraPose, Detections, Frame, PoseSigma
from vision.tracking.ground_kalman import GroundKalmanTracker
from vision.worker_messages import TracksMessage

FRAME = LocalFrame(49.05, 22.70)
WIDTH, HEIGHT, PEOPLE, FPS = 1280, 720, 20, 8.0


class Detector:
    """The shipped network for its cost, made-up people for the stages after it."""

    def __init__(self, threads: int) -> None:
        self.people = Detections.empty()
        try:
            self._network: OnnxDetector | None = OnnxDetector(options=OnnxOptions(threads=threads))
        except ModelError as error:
            print(f"without the network: {error}")
            self._network = None

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        if self._network is not None:
            self._network.detect(image_bgr)
        return self.people


def terrain() -> TerrainGrid:
    rows, columns = np.mgrid[0:300, 0:300]
    heights = 300 + 12 * np.sin(rows / 25.0) * np.cos(columns / 31.0)
    return TerrainGrid(heights.astype(np.float32), 49.0608, 22.6835, 7.2e-5, 1.1e-4)


def main(frames: int = 60, threads: int = 2) -> None:
    cv2.setNumThreads(1)
    rng = np.random.default_rng(1)
    georeferencer = Georeferencer(FRAME, terrain())
    lat, lon = FRAME.from_plane(np.array([[-400.0, 90.0], [0.0, 100.0], [400.0, 95.0]]))
    border = tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))
    detector = Detector(threads)
    pipeline = Pipeline(detector, georeferencer, GroundKalmanTracker(), Attention(border, georeferencer.ground_height))
    image = rng.integers(60, 160, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    people = rng.uniform([-30, 75], [30, 125], (PEOPLE, 2))
    walk = rng.normal(0, 0.8, (PEOPLE, 2))
    exchange = Exchange.create()
    rows: dict[str, list[float]] = {}
    region = Region("whole", 0, 0, WIDTH, HEIGHT, 1.0)

    def clock(name: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        rows.setdefault(name, []).append((time.perf_counter() - start) * 1e3)

    try:
        for k in range(frames):
            t_us = 1_700_000_000_000_000 + round(k * 1e6 / FPS)
            pose = CameraPose(
                t_us, 49.05, 22.70, 410.0, float(rng.normal(0, 0.2)), -47.0 + float(rng.normal(0, 0.2)), 0.0, 40.0,
                23.1, "klv", PoseSigma(),
            )  # fmt: skip
            people += walk / FPS
            view = CameraView.of(pose, WIDTH, HEIGHT)
            lat, lon = FRAME.from_plane(people)
            feet = view.project_geodetic(lat, lon, georeferencer.ground_height(lat, lon))
            at = (feet - [region.x0, region.y0]) * region.scale
            boxes = np.concatenate([at, at], axis=-1) + np.array([-4.0, -16.0, 4.0, 1.0])
            detector.people = Detections(boxes, np.full(PEOPLE, 0.8), np.zeros(PEOPLE, dtype=np.int64))
            output = pipeline.step(Frame(k, image, t_us, 0, "klv", k / FPS), pose)
            region = output.region
            for name in ("attention", "inference", "georeference", "tracking", "footprint"):
                rows.setdefault(name, []).append(getattr(output.timings, f"{name}_ms"))
            message = TracksMessage(output.tracks, output.pose, output.footprint_lat_lon)
            clock("message", lambda m=message: pickle.loads(pickle.dumps(m)))  # type: ignore[misc]
            clock("preview", lambda: exchange.write_picture(preview_of(image, 960)[0]))
    finally:
        exchange.close()
    print(f"region {output.region}")
    print(f"{len(output.tracks)} tracks, {frames} frames, {threads} threads")
    overhead = np.zeros(frames)
    for name, values in rows.items():
        if name != "inference":
            overhead += values
        print(f"  {name:13s} median {np.median(values):7.2f} ms   p95 {np.percentile(values, 95):7.2f} ms")
    print(f"  {'but inference':13s} median {np.median(overhead):7.2f} ms   p95 {np.percentile(overhead, 95):7.2f} ms")


if __name__ == "__main__":
    main(*(int(a) for a in sys.argv[1:3]))
