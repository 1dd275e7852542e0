"""The right-hand side of a plan's picture: what the signs mean, the plan in figures, and what the checks found."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QPainter, QPen

from groundstation.app.plan_picture_data import Drawing
from missions.checks import Finding
from missions.plan import Plan

_INK, _DIM, _PAPER = QColor("#1d2429"), QColor("#66727b"), QColor("#ffffff")
_STAY_IN, _KEEP_OUT, _NO_LOOK = QColor("#0b7a54"), QColor("#c2321b"), QColor("#7b3fa0")
_BORDER, _WAY, _SWATH, _RALLY = QColor("#5b2a86"), QColor("#0a5fa8"), QColor("#f2c230"), QColor("#d97706")
_ERROR, _WARNING = QColor("#d00000"), QColor("#e08e00")
_PANEL_PX = 446.0


@dataclass
class Legend:
    """What was drawn and needs a word."""

    stay_in: bool = False
    keep_out: bool = False
    slab: bool = False
    no_look: bool = False
    obstacle: bool = False
    border: bool = False
    swath: bool = False
    leg: bool = False
    out: bool = False
    home_way: bool = False
    rally: bool = False


def paint_panel(
    painter: QPainter, name: str, plan: Plan, drawing: Drawing, findings: Sequence[Finding], legend: Legend, unit: float,
    width_px: int, height_px: int,
) -> None:  # fmt: skip
    """Title over all, panel at the right."""
    panel = _Panel(
        painter,
        unit,
        QRectF(width_px - _PANEL_PX * unit + 10 * unit, 84 * unit, (_PANEL_PX - 34) * unit, height_px - 124 * unit),
    )
    panel.title(plan.name or name, name, plan, width_px)
    panel.figures(plan, drawing)
    panel.legend(legend)
    panel.findings(findings)


class _Panel:
    def __init__(self, painter: QPainter, unit: float, rect: QRectF) -> None:
        self.p, self.u, self.rect = painter, unit, rect
        self.y = rect.top()

    def _font(self, size: float, bold: bool = False) -> QFont:
        font = QFont("DejaVu Sans")
        font.setPixelSize(max(round(size * self.u), 7))
        font.setBold(bold)
        return font

    def _write(self, x: float, size: float, text: str, colour: QColor = _INK, bold: bool = False) -> None:
        self.p.setFont(self._font(size, bold))
        self.p.setPen(colour)
        self.p.drawText(QPointF(x, self.y + size * self.u), text)
        self.y += size * 1.5 * self.u

    def _heading(self, text: str) -> None:
        self.y += 10 * self.u
        self._write(self.rect.left(), 17, text, _INK, bold=True)
        self.p.setPen(QPen(_DIM, self.u))
        self.p.drawLine(QPointF(self.rect.left(), self.y - 2 * self.u), QPointF(self.rect.right(), self.y - 2 * self.u))
        self.y += 8 * self.u

    def title(self, title: str, file: str, plan: Plan, width_px: int) -> None:
        """The name over the sheet."""
        self.p.setPen(_INK)
        self.p.setFont(self._font(30, bold=True))
        box = QRectF(24 * self.u, 18 * self.u, width_px - 48 * self.u, 40 * self.u)
        self.p.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        self.p.setPen(_DIM)
        self.p.setFont(self._font(15))
        told = f"{file}   plan {plan.digest()[:10]}"
        self.p.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)

    def figures(self, plan: Plan, drawing: Drawing) -> None:
        """The plan in numbers."""
        self._heading("The plan")
        ceiling = plan.fence.alt_max_rel_home_m
        rows = [
            ("mission items", str(len(plan.items))),
            ("way flown", f"{drawing.distance_m / 1000:.2f} km"),
            ("time in the air", f"{drawing.duration_s / 60:.0f} min (calm)"),
            (
                "battery left",
                f"{100 * drawing.battery_left:.0f} % (calm)" if drawing.battery_left > 0 else "empty before it lands",
            ),
            ("ceiling above home", f"{ceiling:.0f} m" if math.isfinite(ceiling) else "not in the file"),
            ("rally points", str(len(plan.rally))),
        ]
        for word, value in rows:
            self.p.setFont(self._font(15))
            self.p.setPen(_DIM)
            self.p.drawText(QPointF(self.rect.left(), self.y + 15 * self.u), word)
            self._write(self.rect.left() + 210 * self.u, 15, value)

    def legend(self, on: Legend) -> None:
        """Each sign with its words."""
        self._heading("Signs")
        rows: list[tuple[bool, str, Callable[[QRectF], None]]] = [
            (on.leg, "leg with the camera at work", lambda b: self._line(b, _WAY, 3.2, Qt.PenStyle.SolidLine)),
            (on.out, "way out", lambda b: self._line(b, _WAY, 2.2, Qt.PenStyle.DashLine)),
            (on.home_way, "way home (RTL)", lambda b: self._line(b, _DIM, 2.2, Qt.PenStyle.DotLine)),
            (on.swath, "ground in the picture", lambda b: self._box(b, _SWATH, Qt.BrushStyle.SolidPattern, 85)),
            (on.stay_in, "fence: stay inside", self._band),
            (on.keep_out, "fence: keep out", lambda b: self._box(b, _KEEP_OUT, Qt.BrushStyle.BDiagPattern, 150)),
            (
                on.slab,
                "keep out between heights or at times",
                lambda b: self._box(b, _KEEP_OUT, Qt.BrushStyle.HorPattern, 150),
            ),
            (on.no_look, "not to be looked at", lambda b: self._box(b, _NO_LOOK, Qt.BrushStyle.DiagCrossPattern, 150)),
            (on.border, "border", lambda b: self._line(b, _BORDER, 4.0, Qt.PenStyle.DashDotLine)),
            (True, "home, item number", self._dots),
            (on.rally, "rally point", lambda b: self._dot(QPointF(b.center()), "R", _RALLY, True)),
            (on.obstacle, "obstacle", lambda b: self._line(b, _KEEP_OUT, 2.0, Qt.PenStyle.SolidLine)),
        ]
        for shown, words, draw in rows:
            if shown:
                draw(QRectF(self.rect.left(), self.y + 1 * self.u, 54 * self.u, 20 * self.u))
                self._write(self.rect.left() + 70 * self.u, 15, words)
                self.y += 4 * self.u

    def findings(self, findings: Sequence[Finding]) -> None:
        """As many as there is room for."""
        self._heading("Findings" if findings else "Findings: none")
        for number, finding in enumerate(findings, 1):
            colour = _ERROR if finding.severity == "error" else _WARNING
            lines = _wrapped(f"{finding.text}", 44)
            room = (self.rect.bottom() - self.y) / self.u
            if room < 20.0 * len(lines) + 26.0 and number < len(findings):
                self._write(self.rect.left(), 14, f"and {len(findings) - number + 1} more: see plan check", _DIM)
                return
            self._dot(QPointF(self.rect.left() + 13 * self.u, self.y + 10 * self.u), str(number), colour, True)
            for line in lines:
                self._write(self.rect.left() + 34 * self.u, 13, line)
            self.y += 4 * self.u

    # -- signs -------------------------------------------------------------------------------------------------------

    def _line(self, box: QRectF, colour: QColor, width: float, style: Qt.PenStyle) -> None:
        self.p.setPen(QPen(colour, width * self.u, style))
        self.p.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))

    def _box(self, box: QRectF, colour: QColor, pattern: Qt.BrushStyle, alpha: int) -> None:
        fill = QColor(colour)
        fill.setAlpha(alpha)
        self.p.fillRect(box, QBrush(fill, pattern))
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(QPen(colour, 2.0 * self.u))
        self.p.drawRect(box)

    def _band(self, box: QRectF) -> None:
        fill = QColor(_STAY_IN)
        fill.setAlpha(70)
        self.p.fillRect(QRectF(box.left(), box.top(), box.width(), 8 * self.u), fill)
        self.p.setPen(QPen(_STAY_IN, 2.6 * self.u))
        self.p.drawLine(box.topLeft(), box.topRight())

    def _dots(self, box: QRectF) -> None:
        self._dot(QPointF(box.left() + 13 * self.u, box.center().y()), "H", _INK, False)
        self._dot(QPointF(box.right() - 13 * self.u, box.center().y()), "7", _WAY, False)

    def _dot(self, at: QPointF, text: str, colour: QColor, square: bool) -> None:
        r = 11 * self.u
        box = QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r)
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.setBrush(colour)
        self.p.drawRoundedRect(box, 3 * self.u, 3 * self.u) if square else self.p.drawEllipse(box)
        self.p.setPen(_PAPER)
        self.p.setFont(self._font(12, bold=True))
        self.p.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > most and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 6 else [*lines[:5], lines[5] + " ..."]
