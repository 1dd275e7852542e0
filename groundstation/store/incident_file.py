"""Everything that is kept about one incident, gathered for a report. What is missing is said, not left out."""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2

from groundstation.core.errors import ConfigError, MarchwardenError
from groundstation.core.records import Incident
from groundstation.core.shift_records import IncidentFile, ReportPicture
from groundstation.store import queries
from groundstation.store.evidence_chain import FOLDER
from groundstation.store.evidence_record import track_number
from vision.verdict_frames import judged_pictures

_WIDTH_PX = 480
_BOX_BGR = (60, 180, 255)


def incident_file(data_dir: Path, incident_id: str) -> IncidentFile:
    """Raises :class:`ConfigError` for an unknown incident, StoreError when the store cannot be read."""
    incident = next((i for i in queries.incidents(data_dir) if i.incident_id == incident_id), None)
    if incident is None:
        raise ConfigError(f"there is no incident {incident_id!r}", "choose one of this station's own")
    acts = tuple(a for a in queries.alert_acts(data_dir) if a.alert_id == incident_id)
    started = next((f.started_utc_us for f in queries.flights(data_dir) if f.flight_id == incident.flight_id), 0)
    lacks: list[str] = []
    clip = _clip_of(data_dir, incident, lacks)
    digest = ""
    pictures: tuple[ReportPicture, ...] = ()
    if clip is not None:
        digest = _digest(clip)
        pictures = _pictures(clip, incident, lacks)
    package, package_digest = _package(data_dir, incident_id, lacks)
    return IncidentFile(
        incident, acts, pictures, incident.evidence, digest, package, package_digest, started, tuple(lacks)
    )


def _clip_of(data_dir: Path, incident: Incident, lacks: list[str]) -> Path | None:
    if not incident.evidence:
        lacks.append("there is no clip")
        return None
    path = data_dir / incident.evidence
    if not path.resolve().is_relative_to(data_dir.resolve()) or not path.is_file():
        lacks.append(f"the clip {incident.evidence} is not there")
        return None
    return path


def _pictures(clip: Path, incident: Incident, lacks: list[str]) -> tuple[ReportPicture, ...]:
    try:
        found = judged_pictures(clip, track_number(incident.track_id), incident.t_utc_us, most=3, apart_s=2.0)
    except MarchwardenError as error:
        lacks.append(error.message)
        return ()
    if not found:
        lacks.append("no picture shows it alone; see the clip")
    made = []
    for picture in found:
        scale = max(1, _WIDTH_PX // picture.image_bgr.shape[1])
        large = cv2.resize(picture.image_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        x0, y0, x1, y1 = (round(v * scale) for v in picture.xyxy.tolist())
        cv2.rectangle(large, (x0 - 6, y0 - 6), (x1 + 6, y1 + 6), _BOX_BGR, 2)
        whole, jpeg = cv2.imencode(".jpg", large, [cv2.IMWRITE_JPEG_QUALITY, 90])
        if whole:
            made.append(ReportPicture(picture.t_utc_us, jpeg.tobytes()))
    return tuple(made)


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def _package(data_dir: Path, incident_id: str, lacks: list[str]) -> tuple[str, str]:
    row = queries.evidence_package(data_dir, incident_id)
    if row is None:
        lacks.append("there is no evidence package (yet)")
        return "", ""
    file, digest = row
    if not (data_dir / FOLDER / file).is_file():
        lacks.append(f"the evidence package {file} is no longer kept")
    return file, digest
