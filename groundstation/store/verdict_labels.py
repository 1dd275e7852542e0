"""Operators' verdicts as training labels, in the form that ``vision.train --verdicts`` reads.

``images/INCIDENT-TIME.jpg`` and ``labels/INCIDENT-TIME.txt`` (class, centre, extent relative to the picture). The verdict
says what the judged box is: a confirmed alert, an own patrol and somebody who needs help are of the incident's class, an
animal is the network's fourth class, and a false alarm is an empty label: nothing is there. ``verdicts.json`` says who judged
what, and why an incident gave no picture.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2

from groundstation.core.alert_records import Verdict
from groundstation.core.alert_state import fold
from groundstation.core.errors import MarchwardenError, StoreError
from groundstation.core.records import Incident
from groundstation.store import queries
from groundstation.store.evidence_record import track_number
from vision.records import CLASS_NAMES
from vision.verdict_frames import JudgedPicture, judged_pictures

ANIMAL_CLASS = len(CLASS_NAMES)
MANIFEST = "verdicts.json"


@dataclass(frozen=True)
class LabelledIncident:
    """What became of one verdict; ``lack`` says why there is no picture, "" when there are some."""

    incident_id: str
    verdict: Verdict
    operator: str
    t_utc_us: int
    text: str
    pictures: tuple[str, ...]
    lack: str = ""


def label_class(verdict: Verdict, class_name: str) -> int | None:
    """The network's class of a judged box; None: nothing is there. Raises ``ValueError`` for an unknown class name."""
    if verdict == "false":
        return None
    return ANIMAL_CLASS if verdict == "animal" else CLASS_NAMES.index(class_name)


def export_verdicts(data_dir: Path, out: Path, most_per_incident: int = 6) -> list[LabelledIncident]:
    """Write the labels of all verdicts of a station, also over an earlier export: the last verdict of an incident counts.

    Other files in ``out`` are left alone, so that several stations may write into one folder. An incident that gives no
    picture does not keep the others from being written. Raises :class:`StoreError` when the store cannot be read or
    ``out`` not be written.
    """
    states = fold(queries.alert_acts(data_dir))
    done = []
    try:
        for folder in ("images", "labels"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        for incident in queries.incidents(data_dir):
            state = states.get(incident.incident_id)
            if state is None or state.verdict is None or state.verdict_act is None:
                continue
            names, lack = _export_one(data_dir, out, incident, state.verdict, most_per_incident)
            act = state.verdict_act
            done.append(
                LabelledIncident(incident.incident_id, state.verdict, act.operator, act.t_utc_us, act.text, names, lack)
            )
        _write_whole(out / MANIFEST, _manifest(out / MANIFEST, done).encode())
    except OSError as error:
        raise StoreError(f"{out}: cannot be written: {error.strerror}", "check the folder and the disk") from error
    return done


def _export_one(
    data_dir: Path, out: Path, incident: Incident, verdict: Verdict, most: int
) -> tuple[tuple[str, ...], str]:
    # What an earlier verdict left goes first, the labels before the pictures: a picture without a label is not read.
    for folder in ("labels", "images"):
        for old in (out / folder).glob(f"{incident.incident_id}-*"):
            old.unlink()
    if not incident.evidence:
        return (), "there is no clip"
    clip = data_dir / incident.evidence
    if not clip.resolve().is_relative_to(data_dir.resolve()):
        return (), "its clip lies outside the station's folder"
    if not clip.is_file():
        return (), "its clip is no longer kept"
    try:
        class_id = label_class(verdict, incident.class_name)
        pictures = judged_pictures(clip, track_number(incident.track_id), incident.t_utc_us, most)
    except ValueError:
        return (), f"the class {incident.class_name!r} is not one of the network's"
    except MarchwardenError as error:
        return (), error.message
    if not pictures:
        return (), "no picture shows it alone"
    return tuple(_write_picture(out, incident.incident_id, p, class_id) for p in pictures), ""


def _write_picture(out: Path, incident_id: str, picture: JudgedPicture, class_id: int | None) -> str:
    name = f"{incident_id}-{picture.t_utc_us // 1000}"
    whole, jpeg = cv2.imencode(".jpg", picture.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])
    if not whole:
        raise OSError(0, "the picture could not be encoded")
    _write_whole(out / "images" / f"{name}.jpg", jpeg.tobytes())
    height, width = picture.image_bgr.shape[:2]
    label = ""
    if class_id is not None:
        x0, y0, x1, y1 = picture.xyxy.tolist()
        values = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height)
        label = f"{class_id} " + " ".join(f"{v:.6f}" for v in values) + "\n"
    _write_whole(out / "labels" / f"{name}.txt", label.encode())
    return name


def _manifest(path: Path, done: Iterable[LabelledIncident]) -> str:
    """The list with what stands in it already, each incident once."""
    try:
        entries = {e["incident_id"]: e for e in json.loads(path.read_text(encoding="utf-8"))["verdicts"]}
    except (OSError, ValueError, KeyError, TypeError):
        entries = {}
    entries |= {d.incident_id: asdict(d) for d in done}
    return json.dumps({"version": 1, "verdicts": [entries[i] for i in sorted(entries)]}, indent=1)


def _write_whole(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
