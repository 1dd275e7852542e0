"""A still of the video as a PNG with a caption of when, where and whence it was taken."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter

from groundstation.console import i18n
from groundstation.console.video.picture import as_image
from groundstation.console.video.stream import Shown

FOLDER = "snapshots"


def stamp(t_utc_us: int) -> str:
    """ISO 8601 with milliseconds."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def caption(stream: str, shown: Shown, operator: str) -> list[str]:
    """What the stream's metadata say of the frame, line by line."""
    lines = [f"{stamp(shown.t_utc_us)}   {stream}   frame {shown.frame_id}"]
    pose = shown.tracks.pose if shown.tracks is not None else None
    if pose is None:
        lines.append(i18n.text("video", "no camera pose for this frame"))
    else:
        lines.append(
            f"SENSOR {pose.lat_deg:.6f} {pose.lon_deg:.6f}   {pose.alt_amsl_m:.0f} m AMSL   AZ {pose.azimuth_deg % 360:.1f}°"
            f"   EL {pose.elevation_deg:.1f}°   ROLL {pose.roll_deg:.1f}°   HFOV {pose.hfov_deg:.1f}°   ({pose.source})"
        )
    if shown.tracks is not None:
        lines.append(f"AIRCRAFT {shown.tracks.vehicle_id}   {len(shown.tracks.tracks)} TRACKS")
    taken = i18n.fill(i18n.text("video", "taken by {name} from the preview, colours as received"), name=operator)
    if not shown.live:
        taken += "   " + i18n.fill(i18n.text("video", "NOT LIVE: {seconds} s old"), seconds=f"{shown.age_s:.0f}")
    lines.append(taken)
    return lines


def snapshot_image(stream: str, shown: Shown, operator: str) -> QImage:
    """The picture as received, without boxes or palette, the caption below it; the same words in the PNG's text."""
    picture = as_image(shown.image_bgr)
    lines = caption(stream, shown, operator)
    font = QFont("monospace")
    font.setPixelSize(max(10, picture.width() // 72))
    height = round(font.pixelSize() * 1.5)
    made = QImage(picture.width(), picture.height() + height * len(lines) + 8, QImage.Format.Format_RGB32)
    made.fill(QColor(Qt.GlobalColor.black))
    painter = QPainter(made)
    painter.drawImage(0, 0, picture)
    painter.setPen(QColor(Qt.GlobalColor.white))
    painter.setFont(font)
    for number, line in enumerate(lines):
        box = QRect(6, picture.height() + 4 + number * height, picture.width() - 12, height)
        short = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)
    painter.end()
    made.setText("Description", "\n".join(lines))
    made.setText("Creation Time", stamp(shown.t_utc_us))
    return made


def save_snapshot(folder: Path, stream: str, shown: Shown, operator: str) -> Path:
    """Write ``snapshots/STREAM-TIME.png``, never over another one. Raises ``OSError``."""
    where = folder / FOLDER
    where.mkdir(parents=True, exist_ok=True)
    name = "".join(c if c.isalnum() or c in "-_" else "_" for c in stream)
    time = stamp(shown.t_utc_us).replace(":", "").replace(".", "-")
    path, number = where / f"{name}-{time}.png", 2
    while path.exists():
        path, number = where / f"{name}-{time}-{number}.png", number + 1
    part = path.with_suffix(".part")
    if not snapshot_image(stream, shown, operator).save(str(part), "PNG"):
        part.unlink(missing_ok=True)
        raise OSError(0, f"{path.name} could not be written")
    part.replace(path)
    return path
