"""One row of the queue: a shape and a word for the urgency, what, when, where, how sure, and what was done."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QModelIndex, QObject, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from groundstation.console import i18n, theme
from groundstation.console.alerts import words
from groundstation.console.alerts.model import ALERT_ROLE
from groundstation.console.alerts.queue import Alert

_COLOUR = {"alarm": "alarm", "help": "help", "notice": "notice"}


def colour_of(alert: Alert) -> str:
    """The theme's name of an alert's colour; what was seen is dim."""
    return _COLOUR[alert.urgency] if alert.open else "dim"


def status_line(alert: Alert, now_utc_us: int) -> str:
    """What was done about it, or how long it has waited."""
    if alert.open:
        waited = words.duration((now_utc_us - alert.t_raised_utc_us) / 1e6)
        return i18n.fill(i18n.text("alerts", "NOT ACKNOWLEDGED {time}"), time=waited)
    seen = i18n.fill(
        i18n.text("alerts", "seen by {name} {time}"), name=alert.seen_by, time=words.clock(alert.seen_utc_us)
    )
    if alert.state.verdict is not None:
        return f"{words.verdict(alert.state.verdict)} · {seen}"
    return f"{seen} · {i18n.text('alerts', 'not classified')}"


class AlertDelegate(QStyledItemDelegate):
    """``now_utc_us``: the time that ages are counted to."""

    def __init__(self, now_utc_us: Callable[[], int], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_utc_us = now_utc_us

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Three lines of text."""
        return QSize(240, 3 * QFontMetrics(option.font).height() + 14)

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw one row."""
        alert = index.data(ALERT_ROLE)
        if painter is None or not isinstance(alert, Alert):
            return
        t = theme.palette()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(2, 2, -2, -2)
        colour = QColor(getattr(t, colour_of(alert)))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(t.selected), 2.0) if chosen else QPen(QColor(t.edge), 1.0))
        painter.setBrush(QColor(t.raised))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(QRectF(box.left() + 1, box.top() + 1, 5, box.height() - 2))
        _draw_shape(painter, alert, QRectF(box.left() + 13, box.top() + 8, 16, 16), colour)
        self._draw_text(painter, option, alert, box.adjusted(37, 4, -8, -4), colour)
        painter.restore()

    def _draw_text(
        self, painter: QPainter, option: QStyleOptionViewItem, alert: Alert, box: QRectF, colour: QColor
    ) -> None:
        t = theme.palette()
        bold = QFont(option.font)
        bold.setBold(True)
        line = box.height() / 3
        rows = [QRectF(box.left(), box.top() + k * line, box.width(), line) for k in range(3)]
        metrics = QFontMetrics(bold)
        painter.setFont(bold)
        head = words.urgency(alert) if alert.open else words.urgency(alert).capitalize()
        if alert.peer:
            painter.setPen(QColor(t.neighbour))
            theirs = i18n.fill(i18n.text("alerts", "THEIRS: {peer}"), peer=alert.peer)
            width = metrics.horizontalAdvance(theirs)
            painter.drawText(rows[0], Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, theirs)
            rows[0].setWidth(rows[0].width() - width - 8)
        painter.setPen(colour)
        self._line(painter, metrics, rows[0], f"{head}  {words.title(alert)}")
        painter.setFont(option.font)
        plain = QFontMetrics(option.font)
        painter.setPen(QColor(t.text if alert.open else t.dim))
        facts = [words.clock(alert.t_utc_us), words.place(alert), words.probability(alert)]
        if alert.evidence:
            facts.append(i18n.text("alerts", "clip"))
        self._line(painter, plain, rows[1], "  ·  ".join(facts))
        done = [status_line(alert, self._now_utc_us())]
        if alert.state.escalated is not None and alert.open:
            done.insert(0, i18n.text("alerts", "ESCALATED"))
        if alert.state.handed:
            done.append(i18n.fill(i18n.text("alerts", "handed to {peer}"), peer=alert.state.handed[-1].value))
        if alert.seen_there_utc_us:
            done.append(i18n.text("alerts", "seen by the neighbour"))
        if alert.ended_there:
            done.append(alert.ended_there)
        if alert.open:
            painter.setFont(bold)
            painter.setPen(colour)
        self._line(painter, metrics if alert.open else plain, rows[2], "  ·  ".join(done))

    @staticmethod
    def _line(painter: QPainter, metrics: QFontMetrics, box: QRectF, text: str) -> None:
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)


def _draw_shape(painter: QPainter, alert: Alert, box: QRectF, colour: QColor) -> None:
    """A triangle for an alarm, a cross for help, a disc for what is only to be known: outlined once it was seen."""
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if alert.open else QColor(0, 0, 0, 0))
    if alert.urgency == "alarm":
        painter.drawPolygon(
            QPolygonF([QPointF(box.center().x(), box.top()), QPointF(box.right(), box.bottom()), box.bottomLeft()])
        )
    elif alert.urgency == "help":
        third_x, third_y = box.width() / 3, box.height() / 3
        painter.drawRect(QRectF(box.left() + third_x, box.top(), third_x, box.height()))
        painter.drawRect(QRectF(box.left(), box.top() + third_y, box.width(), third_y))
    else:
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
