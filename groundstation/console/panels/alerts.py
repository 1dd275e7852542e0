"""The alerts, most urgent first: not yet acknowledged before acknowledged, a call for help before an alarm before a
notice, newest before oldest."""

from __future__ import annotations

import html
from datetime import UTC, datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from groundstation.console import theme
from groundstation.console.panels.common import Panel
from groundstation.core.records import Incident, RemoteIncident


def _time(t_utc_us: int) -> str:
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%H:%M:%S")


_URGENCY = {"help": 0, "alarm": 1, "notice": 2}
_COLOURS = {"help": theme.HELP, "alarm": theme.ALARM, "notice": theme.NOTICE}
_TITLES = {
    "approach": "APPROACHING",
    "loitering": "LOITERING",
    "group": "GROUP",
    "vehicle_stopped": "STOPPED",
    "person_down": "HELP NEEDED?",
}


def _title(incident: Incident) -> str:
    from_side, _, to_side = incident.direction.partition("->")
    way = f" {from_side} → {to_side}" if to_side else ""
    if incident.kind == "crossing":
        return f"{incident.class_name.upper()}{way}"
    title = _TITLES.get(incident.kind, incident.kind.replace("_", " ").upper())
    return f"{title}: {incident.class_name}{way}"


class _Card(QFrame):
    """One alert."""

    acknowledge = pyqtSignal(str)
    show_on_map = pyqtSignal(float, float)

    def __init__(self, incident: Incident, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        layout.addWidget(self._text, 1)
        self._map = QPushButton(self.tr("Map"))
        self._acknowledge = QPushButton(self.tr("Acknowledge"))
        for button in (self._map, self._acknowledge):
            layout.addWidget(button)
        # A full list scrolls; its cards are never squeezed.
        self.setMinimumHeight(58 if incident.kind == "crossing" else 92)
        self._text.setWordWrap(incident.kind != "crossing")
        self.incident = incident
        self._acknowledge.clicked.connect(lambda: self.acknowledge.emit(self.incident.incident_id))
        self._map.clicked.connect(lambda: self.show_on_map.emit(self.incident.lat_deg, self.incident.lon_deg))
        self.update_from(incident)

    def update_from(self, incident: Incident) -> None:
        self.incident = incident
        open_ = not incident.acknowledged_utc_us
        colour = _COLOURS[incident.urgency] if open_ else theme.DIM
        seen = (
            "" if open_ else f"<br>acknowledged by {incident.acknowledged_by} {_time(incident.acknowledged_utc_us)} Z"
        )
        clip = "  ·  clip" if incident.evidence else ""
        accuracy = f"±{incident.ce90_m:.0f} m  ·  {100 * incident.probability:.0f} %"
        # A crossing is read at a glance; the other kinds need their sentence.
        sentence = "" if incident.kind == "crossing" else f"{html.escape(incident.text)}<br>"
        self._text.setText(
            f'<span style="color:{colour}; font-size:15px; font-weight:700">{html.escape(_title(incident))}</span><br>'
            f"{sentence}{_time(incident.t_utc_us)} Z  ·  {accuracy}{clip}{seen}"
        )
        self._acknowledge.setVisible(open_)
        self.setStyleSheet(
            f"_Card {{ background: {theme.RAISED}; border-left: 4px solid {colour}; border-radius: 4px; }}"
        )


class AlertsPanel(Panel):
    """All incidents of the flight."""

    acknowledge = pyqtSignal(str)
    show_on_map = pyqtSignal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Alerts", parent)
        self._count = QLabel()
        self.header.addWidget(self._count)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._list.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._list)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.body.addWidget(area)
        self._empty = QLabel(self.tr("No alert so far."))
        self._empty.setObjectName("dim")
        self._list.insertWidget(0, self._empty)
        self._cards: dict[str, _Card] = {}
        self._show_count()

    def open_count(self) -> int:
        """Alerts that nobody has acknowledged."""
        return sum(not card.incident.acknowledged_utc_us for card in self._cards.values())

    def card_texts(self) -> list[str]:
        """The ids in the order shown."""
        order = sorted(self._cards.values(), key=self._rank)
        return [card.incident.incident_id for card in order]

    @staticmethod
    def _rank(card: _Card) -> tuple[bool, int, int]:
        incident = card.incident
        return bool(incident.acknowledged_utc_us), _URGENCY[incident.urgency], -incident.t_utc_us

    def on_incident(self, incident: Incident) -> None:
        """A new incident, or news of an old one."""
        card = self._cards.get(incident.incident_id)
        if card is None:
            card = _Card(incident)
            card.acknowledge.connect(self.acknowledge)
            card.show_on_map.connect(self.show_on_map)
            self._cards[incident.incident_id] = card
        else:
            card.update_from(incident)
        self._list.removeWidget(card)
        position = sorted(self._cards.values(), key=self._rank).index(card)
        self._list.insertWidget(position, card)
        self._empty.hide()
        self._show_count()

    def on_remote_incident(self, incident: RemoteIncident) -> None:
        """The neighbour has told us of an incident."""
        self.on_incident(
            Incident(
                incident_id=f"{incident.peer}/{incident.incident_id}",
                kind=incident.kind,  # type: ignore[arg-type]
                t_utc_us=incident.t_utc_us,
                t_raised_utc_us=incident.received_utc_us,
                lat_deg=incident.lat_deg,
                lon_deg=incident.lon_deg,
                ce90_m=incident.ce90_m,
                direction=incident.direction,
                class_name=f"{incident.peer}: {incident.class_name}",
                probability=1.0,
                track_id="",
                vehicle_id=(0, 0),  # type: ignore[arg-type]
                flight_id="",
                urgency="help" if incident.kind == "person_down" else "alarm",
                text=incident.kind.replace("_", " "),
            )
        )

    def _show_count(self) -> None:
        waiting = self.open_count()
        colour = theme.ALARM if waiting else theme.OK
        text = self.tr("{} waiting").format(waiting) if waiting else self.tr("none waiting")
        self._count.setText(f'<b style="color:{colour}">{text}</b>')
