"""Boxes of people, vehicles and two-wheelers in still pictures:
``python -m vision.detect PATH... --out FILE.json [--model FILE] [--imgsz N]``.

Writes a JSON list of ``{"file_name", "class": "person" | "vehicle" | "two_wheeler", "bbox": [x, y, w, h], "score"}``, boxes
in pixels of the picture as stored (turned as its EXIF says), scores down to ``--min-score``. ``file_name`` is the base
name of a picture that was named itself, and the path below the folder, with ``/``, of one found in a folder. The file is
written whole when all is done, or not at all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError, MarchwardenError, StoreError, VideoError
from vision.detectors.base import Detector, DetectorOptions
from vision.detectors.factory import BACKENDS
from vision.detectors.model_file import DEFAULT_MODEL, MAX_INPUT_PX
from vision.detectors.scaled import open_still_detector
from vision.records import CLASS_NAMES, Detections

PICTURE_SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp"}
MIN_SCORE = 0.001
_MANY = 20
_TELL_EVERY_S = 5.0


def find_pictures(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """``(file_name, path)`` of every picture named or in the folders named, each once, folders in the order of names.

    Raises ConfigError for a path that is not there, a folder without pictures, and two pictures of one ``file_name``.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.suffix.lower() in PICTURE_SUFFIXES and p.is_file())
            if not files:
                kinds = ", ".join(sorted(PICTURE_SUFFIXES))
                raise ConfigError(f"{path}: no pictures in this folder", f"give one with {kinds} files")
            named = [(p.relative_to(path).as_posix(), p) for p in files]
        elif path.exists():
            named = [(path.name, path)]
        else:
            raise ConfigError(f"{path}: there is no such picture or folder", "check the path")
        for name, file in named:
            if name in found and found[name].resolve() != file.resolve():
                raise ConfigError(
                    f"{found[name]} and {file} would both be told as {name!r}", "give them in separate runs"
                )
            found.setdefault(name, file)
    return list(found.items())


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture ``(h, w, 3)`` BGR. Raises VideoError when it cannot be read, is damaged or was cut off."""
    remedy = "leave it out, or give a whole picture"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VideoError(f"picture {path} cannot be read ({error.strerror or error})", remedy) from error
    # The decoder fills what is missing of a JPEG with grey and says nothing: nobody would be found there.
    if data.startswith(b"\xff\xd8") and data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda"):
        raise VideoError(f"picture {path} is cut off", remedy)
    image = None
    with contextlib.suppress(cv2.error):
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise VideoError(f"picture {path} is damaged or no picture", remedy)
    return np.asarray(image, dtype=np.uint8)


def detect_pictures(
    detectors: Sequence[Detector], pictures: Sequence[tuple[str, Path]], progress: TextIO | None = None
) -> list[dict[str, Any]]:
    """What is in the pictures, in the form above and in their order.

    As many pictures at a time as there are ``detectors``, all of the same model: two pictures on a core each are done
    sooner than one after the other on both, because reading and decoding do not divide. Raises VideoError for a picture
    that cannot be read, ModelError; then the rest is left.
    """
    free: queue.SimpleQueue[Detector] = queue.SimpleQueue()
    for detector in detectors:
        free.put(detector)

    def work(picture: tuple[str, Path]) -> list[dict[str, Any]]:
        image = read_picture(picture[1])
        detector = free.get()
        try:
            return _records(picture[0], detector.detect(image))
        finally:
            free.put(detector)

    records: list[dict[str, Any]] = []
    started_s = told_s = time.monotonic()
    pool = ThreadPoolExecutor(len(detectors), thread_name_prefix="detect")
    try:
        for number, of_picture in enumerate(pool.map(work, pictures), 1):
            records += of_picture
            now_s = time.monotonic()
            if progress is not None and (now_s - told_s >= _TELL_EVERY_S or number == len(pictures)):
                rate = number / max(now_s - started_s, 1e-9)
                print(f"{number} of {len(pictures)} pictures, {rate:.1f} per s", file=progress, flush=True)
                told_s = now_s
    finally:
        pool.shutdown(cancel_futures=True)
    return records


def _records(file_name: str, found: Detections) -> list[dict[str, Any]]:
    names = [c.replace("-", "_") for c in CLASS_NAMES]
    out: list[dict[str, Any]] = []
    for (x0, y0, x1, y1), score, class_id in zip(found.xyxy, found.confidence, found.class_id, strict=True):
        bbox = [round(float(v), 2) for v in (x0, y0, x1 - x0, y1 - y0)]
        out.append({"file_name": file_name, "class": names[class_id], "bbox": bbox, "score": round(float(score), 5)})
    return out


def write_whole(file: Path, records: list[dict[str, Any]]) -> None:
    """Writes the list as JSON, one record per line; an older file stays as it was until the new one is complete.

    Raises StoreError.
    """
    text = "[\n" + ",\n".join(json.dumps(r) for r in records) + "\n]\n" if records else "[]\n"
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as out:
            part = Path(out.name)
            out.write(text)
        if os.name == "posix":
            mask = os.umask(0)
            os.umask(mask)
            part.chmod(0o666 & ~mask)  # temporary files are for their owner only
        part.replace(file)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise StoreError(f"{file} cannot be written ({error.strerror or error})", "give another --out") from error


def sizes(text: str) -> tuple[int, ...]:
    """``"960"`` or ``"640,960"``. Raises ValueError, as argparse wants it."""
    values = tuple(int(part) for part in text.split(","))
    if not all(v == 0 or 32 <= v <= MAX_INPUT_PX for v in values):
        raise ValueError(text)
    return values


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m vision.detect", description="Find people and vehicles in pictures.")
    p.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="pictures, or folders of pictures")
    p.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="where the list goes")
    p.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="another model (.onnx with its .json, .pt, ...)")
    p.add_argument(
        "--imgsz",
        type=sizes,
        metavar="N[,N...]",
        help="long side to which pictures are scaled first, 0: as they are; of several, what is found at each is fused "
        "(default: as the model's description says, never smaller than they are)",
    )
    p.add_argument("--min-score", type=float, default=MIN_SCORE, help="the least score that is told")
    p.add_argument("--backend", choices=BACKENDS, default="auto")
    p.add_argument("--device", default="cpu", help="cpu, auto, or the runtime's name of one (cuda, directml, GPU, ...)")
    p.add_argument("--threads", type=int, default=os.cpu_count() or 2, help="on the CPU (default: all)")
    return p


def run(options: argparse.Namespace) -> None:
    """Do as the options say. Raises MarchwardenError; nothing is written then."""
    if not 0.0 <= options.min_score < 1.0 or options.threads < 1:
        raise ConfigError("--min-score must be from 0 to 1, --threads at least 1", "see --help")
    if not options.out.parent.is_dir():
        raise ConfigError(f"{options.out}: there is no folder {options.out.parent}", "make it first")
    pictures = find_pictures(options.paths)
    # On a GPU one picture after the other keeps it busy; on the CPU every thread has a picture of its own.
    at_once = min(options.threads, len(pictures)) if options.device.lower() == "cpu" else 1
    how = DetectorOptions(
        threads=max(1, options.threads // at_once),
        threshold=dict.fromkeys(CLASS_NAMES, options.min_score),
        every_class=True,
        backend=options.backend,
        device=options.device,
    )
    detectors = [open_still_detector(options.model, how, options.imgsz) for _ in range(at_once)]
    progress = sys.stderr if len(pictures) > _MANY else None
    write_whole(options.out, detect_pictures(detectors, pictures, progress))


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    try:
        run(parser().parse_args(argv))
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
