"""What the detector costs beside the bare network, and beside ``ultralytics predict``:
``python benchmarks/detector.py [--rounds N] [--threads N] [--ultralytics-python PYTHON]``.

Everything in one run, one after the other within each round, so that a busy machine disturbs all alike. Ratios are
medians over the rounds of the ratio within a round; wall time and processor time are told both, because only the latter
means something where other programs compete for the cores.

First table: picture to detections against the same network alone in the same runtime on the same input; at most
``MOST_OVER_BARE`` times as long.
Second table: picture files to detections, as ``python -m vision.detect --imgsz 0`` does it (each thread a picture of its own)
at the station's own thresholds, against ``YOLO(file).predict`` of ultralytics on the same files: with the same ``.onnx`` file
and, with ``--weights``, with the same network's ``.pt`` in torch, which is how ultralytics runs its own models. Each once
"like with like", given as many threads as ours and the pictures' own height and width, and once "as it comes", with
``imgsz`` the pictures' long side and nothing else: then ultralytics takes one core less than there are for torch and all
for ONNX Runtime, and pads for the latter to a square. It is run by ``--ultralytics-python``, an interpreter that has the
extra ``[train]``, or by this one where it has it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from vision.detect import detect_pictures
from vision.detectors.base import DetectorOptions
from vision.detectors.blob import BlobMaker
from vision.detectors.factory import open_detector
from vision.detectors.model_file import DEFAULT_MODEL

SIZES = ((640, 512), (1280, 720))
MOST_OVER_BARE, LEAST_OVER_PREDICT = 1.15, 2.0
PEOPLE = 25
PICTURES = 8
WAYS = ("as it comes", "like with like")

ULTRALYTICS = """
import json, os, sys, time
os.environ["YOLO_AUTOINSTALL"] = os.environ["YOLO_VERBOSE"] = "false"
model, threads = sys.argv[1], int(sys.argv[2])  # 0: as it comes
import torch
if threads and model.endswith(".onnx"):
    # predict has no option for it.
    import onnxruntime
    start = onnxruntime.InferenceSession.__init__
    def with_threads(self, path, sess_options=None, **more):
        options = sess_options or onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        start(self, path, options, **more)
    onnxruntime.InferenceSession.__init__ = with_threads
import ultralytics
if threads:
    # It sets torch's threads to this with each predict on the CPU.
    import ultralytics.utils.torch_utils
    ultralytics.utils.torch_utils.NUM_THREADS = threads
if model.endswith(".pt"):
    from vision.detectors.ultralytics import UltralyticsSession
    from pathlib import Path
    network = UltralyticsSession(Path(model), "cpu", 1)._network.backend.model
    file = model + ".ultralytics.pt"
    network.args = {}
    network.task = "detect"
    torch.save({"model": network, "train_args": {}}, file)
    model = file
yolo = ultralytics.YOLO(model, task="detect")
shapes = set()
print(json.dumps(ultralytics.__version__), flush=True)
hooked = False
for line in sys.stdin:
    job = json.loads(line)
    shapes.clear()
    wall, cpu, found = time.perf_counter(), time.process_time(), 0
    for result in yolo.predict(job["files"], imgsz=job["imgsz"], conf=0.35, iou=0.5, device="cpu", verbose=False, stream=True):
        found += len(result.boxes)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if not hooked:  # the first time is for warming up
        hooked, infer = True, yolo.predictor.inference
        def told(im, *args, **more):
            shapes.add("%dx%d" % (im.shape[3], im.shape[2]))
            return infer(im, *args, **more)
        yolo.predictor.inference = told
    runs = torch.get_num_threads() if model.endswith(".pt") else threads or os.cpu_count()
    print(json.dumps([wall, cpu, found, ", ".join(sorted(shapes)), runs]), flush=True)
"""


def picture(width: int, height: int, seed: int) -> NDArray[np.uint8]:
    """Mottled ground with warm spots the size of people, so that there is something to decode."""
    rng = np.random.default_rng(seed)
    ground = cv2.GaussianBlur(rng.normal(70, 25, (height, width)), (0, 0), 6) * 2 - 60
    for _ in range(PEOPLE):
        x, y = int(rng.integers(0, width - 8)), int(rng.integers(0, height - 16))
        ground[y : y + 13, x : x + 6] = 235
    grey = (cv2.GaussianBlur(ground, (0, 0), 0.8) + rng.normal(0, 3, ground.shape)).clip(0, 255).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def spread(values: NDArray[np.float64], unit: float = 1.0) -> str:
    """Median and the quartiles."""
    low, middle, high = np.percentile(values, [25, 50, 75]) * unit
    return f"{middle:.2f} ({low:.2f}-{high:.2f})"


def judged(held: bool, limit: float) -> str:
    """The limit, and whether it is held."""
    return f"limit {limit:g}: {'held' if held else 'NOT held'}"


def against_bare_network(options: argparse.Namespace) -> None:
    """The first table."""
    print(
        f"picture to detections / bare network, {options.rounds} rounds, {options.threads} threads, median (quartiles)"
    )
    for backend in options.backends:
        how = DetectorOptions(threads=options.threads, backend=backend)
        detector = open_detector(options.model, how)
        for width, height in SIZES:
            image = picture(width, height, 1)
            blob = BlobMaker(detector.info.stride_px).make(image).copy()
            session = detector.session
            for _ in range(3):
                detector.detect(image), session.run(blob)
            rows = []
            jobs: list[Callable[[], object]] = [partial(detector.detect, image), partial(session.run, blob)]
            for number in range(options.rounds):
                order = [0, 1] if number % 2 else [1, 0]  # neither is always the one with the warm cache
                took = {k: timed(jobs[k]) for k in order}
                rows.append([*took[0], *took[1]])
            t = np.array(rows)
            ratio = t[:, 0] / t[:, 2]
            verdict = judged(float(np.median(ratio)) <= MOST_OVER_BARE, MOST_OVER_BARE)
            print(
                f"  {detector.info.runtime}, {width}x{height}, {len(detector.detect(image))} boxes: wall ratio "
                f"{spread(ratio)} ({verdict}), processor ratio {spread(t[:, 1] / t[:, 3])}; "
                f"detections {spread(t[:, 0], 1e3)} ms, network {spread(t[:, 2], 1e3)} ms"
            )


class Ultralytics:
    """``predict`` in a process of its own; it waits while we are timed."""

    def __init__(self, python: str, model: Path, threads: int) -> None:
        root = Path(__file__).parent.parent
        self._process = subprocess.Popen(
            [python, "-c", ULTRALYTICS, str(model), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "OMP_WAIT_POLICY": "PASSIVE"},
        )
        self.version = self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line[:1] in '["':
                return json.loads(line)
        raise SystemExit("ultralytics did not start: give an interpreter that has the extra [train]")

    def predict(self, files: list[str], imgsz: list[int] | int) -> tuple[float, float, int, str, int]:
        """Wall and processor seconds, boxes, the network's input, threads; ``imgsz``: height and width, or one number."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"files": files, "imgsz": imgsz}) + "\n")
        self._process.stdin.flush()
        wall, cpu, found, shape, threads = self._answer()
        return wall, cpu, found, shape, threads

    def close(self) -> None:
        self._process.communicate()


def against_ultralytics(options: argparse.Namespace, folder: Path) -> None:
    """The second table."""
    detectors = [open_detector(options.model, DetectorOptions(threads=1)) for _ in range(options.threads)]
    stride_px = detectors[0].info.stride_px
    print("picture files to detections, frames per s of ours / of ultralytics predict with the same network")
    models = [options.model]
    if options.weights is not None:
        models.append(folder / options.weights.name)
        models[-1].write_bytes(options.weights.read_bytes())
    for width, height in SIZES:
        files = []
        for seed in range(PICTURES):
            files.append(str(folder / f"{width}_{seed}.jpg"))
            cv2.imwrite(files[-1], picture(width, height, seed))
        named = [(file, Path(file)) for file in files]
        ours = partial(detect_pictures, detectors, named)
        found = len(ours())
        for how in options.how:
            like = how == "like with like"
            size = [height + -height % stride_px, width + -width % stride_px] if like else max(width, height)
            for model in models:
                other = Ultralytics(options.ultralytics_python, model, options.threads if like else 0)
                for _ in range(2):
                    other.predict(files, size)
                rows = []
                for _ in range(options.rounds // 3 + 1):
                    wall, cpu, boxes, shape, threads = other.predict(files, size)
                    rows.append([*timed(ours), wall, cpu])
                other.close()
                t = np.array(rows)
                ratio = t[:, 2] / t[:, 0]
                verdict = (
                    "" if like else f" ({judged(float(np.median(ratio)) >= LEAST_OVER_PREDICT, LEAST_OVER_PREDICT)})"
                )
                print(
                    f"  {how}, {width}x{height}, ultralytics {other.version} with {model.suffix}, {threads} threads, input "
                    f"{shape}: {spread(ratio)} x by wall time{verdict}, {spread(t[:, 3] / t[:, 1])} x by processor "
                    f"time; ours {spread(PICTURES / t[:, 0])} per s, {found} boxes; theirs {spread(PICTURES / t[:, 2])} "
                    f"per s, {boxes} boxes",
                    flush=True,
                )


def main() -> None:
    p = argparse.ArgumentParser(description="Time the detector against the bare network and ultralytics predict.")
    p.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    p.add_argument("--weights", type=Path, help="the same network's .pt as vision.train saved it")
    p.add_argument("--backends", nargs="+", default=["onnxruntime"])
    p.add_argument("--rounds", type=int, default=30)
    p.add_argument("--threads", type=int, default=os.cpu_count() or 2, help="of ours (default: all)")
    p.add_argument("--how", nargs="+", choices=WAYS, default=WAYS, help="of the second table")
    p.add_argument("--ultralytics-python", help="an interpreter that has ultralytics (default: this one, if it has)")
    options = p.parse_args()
    cv2.setNumThreads(1)
    against_bare_network(options)
    if options.ultralytics_python is None:
        try:
            import ultralytics  # noqa: F401
        except ImportError:
            print("ultralytics is not installed here and --ultralytics-python is not given: not compared")
            return
        options.ultralytics_python = sys.executable
    with tempfile.TemporaryDirectory() as folder:
        against_ultralytics(options, Path(folder))


if __name__ == "__main__":
    main()
