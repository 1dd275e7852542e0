"""The numbers of one aircraft, its standing faults and its last words."""

from __future__ import annotations

import html
from collections import deque

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight.words import worst_first
from groundstation.console.flow import FlowLayout
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import age_words, heard_s_ago, is_live
from groundstation.console.panels.common import Panel, number
from groundstation.core.records import StationFault, StatusText, VehicleId, VehicleState

_SEVERITY = {"critical": "alarm", "warning": "caution", "info": "dim"}


class TelemetryPanel(Panel):
    """Read by a glance: eight values, then what is wrong and what to do about it."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Aircraft"), parent)
        self._clock = context.clock
        captions = {
            "Mode": self.tr("Mode"),
            "Height above home": self.tr("Height above home"),
            "Speed": self.tr("Speed"),
            "Heading": self.tr("Heading"),
            "Battery": self.tr("Battery"),
            "Satellites": self.tr("Satellites"),
            "Waypoint": self.tr("Waypoint"),
            "Camera": self.tr("Camera"),
        }
        row = FlowLayout(spacing_px=8, columns=True)
        self._values: dict[str, QLabel] = {}
        for name, words in captions.items():
            cell, caption, value = QWidget(), QLabel(words), QLabel("–")
            caption.setObjectName("dim")
            value.setObjectName("value")
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(2)
            column.addWidget(caption)
            column.addWidget(value)
            row.addWidget(cell)
            self._values[name] = value
        self.body.addLayout(row)
        self._faults = QLabel()
        self._faults.setWordWrap(True)
        self._faults.setTextFormat(Qt.TextFormat.RichText)
        self._texts = QLabel()
        self._texts.setObjectName("dim")
        self._texts.setWordWrap(True)
        self._texts.setTextFormat(Qt.TextFormat.PlainText)
        self.body.addWidget(self._faults)
        self.body.addWidget(self._texts)
        self.body.addStretch(1)
        self._last_texts: deque[str] = deque(maxlen=3)
        self._station_faults: dict[tuple[str, str], StationFault] = {}
        self._state: VehicleState | None = None
        self._shown_live: bool | None = None
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self.on_vehicle_state)
        context.bridge.status_text.connect(self.on_status_text)
        context.bridge.station_fault.connect(self.on_station_fault)
        context.bridge.tick.connect(self._on_tick)
        theme.changed.connect(self._restyle)

    def value(self, name: str) -> str:
        """The text shown for a field."""
        return self._values[name].text()

    @property
    def live(self) -> bool:
        """Whether the values are shown as true now."""
        return bool(self._shown_live)

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Show a state; a dead link greys everything, for an old number must not look like a live one."""
        self._state = state
        waypoint = "–"
        if state.mission_seq >= 0:
            waypoint = i18n.fill(self.tr("{number} of {total}"), number=state.mission_seq, total=state.mission_total)
        camera = f"{number(state.gimbal_azimuth_deg % 360, '°')}, {number(state.gimbal_elevation_deg, '°')}"
        mode = state.mode or "–"
        for name, text in (
            ("Mode", mode if state.armed else i18n.fill(self.tr("{mode} · disarmed"), mode=mode)),
            ("Height above home", number(state.alt_rel_home_m, "m")),
            ("Speed", number(state.speed_m_s, "m/s", 1)),
            ("Heading", number(state.yaw_deg % 360, "°")),
            ("Battery", f"{number(state.battery_percent, '%')}  {number(state.battery_v, 'V', 1)}"),
            ("Satellites", f"{state.satellites}" if state.gps_fix_type >= 3 else self.tr("no fix")),
            ("Waypoint", waypoint),
            ("Camera", camera),
        ):
            self._values[name].setText(text)
        self._show_age()
        self._show_faults()

    def on_station_fault(self, fault: StationFault) -> None:
        """A fault of the station itself comes or goes."""
        key = (fault.source, fault.fault.key)
        if fault.active:
            self._station_faults[key] = fault
        else:
            self._station_faults.pop(key, None)
        self._show_faults()

    def on_status_text(self, text: StatusText) -> None:
        """What an aircraft said; with its name, for there may be several."""
        self._last_texts.append(f"{text.vehicle_id}: {text.text}")
        self._texts.setText("\n".join(self._last_texts))

    def _on_vehicle(self, _: VehicleId | None) -> None:
        self._state = None
        for label in self._values.values():
            label.setText("–")
        self._show_age()
        self._show_faults()

    def _on_tick(self) -> None:
        if self._state is not None and not is_live(self._state, self._clock.mono_ns()):
            self._show_age()

    def _show_age(self) -> None:
        state, now_ns = self._state, self._clock.mono_ns()
        live = is_live(state, now_ns)
        if live is not self._shown_live:
            self._shown_live = live
            self._restyle()
        title = i18n.text("views", "Aircraft")
        if state is not None:
            title = f"{title} {state.vehicle_id}  {state.autopilot} {state.firmware}".rstrip()
            if not live:
                age = age_words(heard_s_ago(state, now_ns))
                title = i18n.fill(self.tr("{title}: NOT LIVE, heard {age} ago"), title=title, age=age)
        if self.title.text() != title.upper():
            self.title.setText(title.upper())

    def _restyle(self) -> None:
        look = "" if self._shown_live else f"color: {theme.DIM}; font-style: italic;"
        for label in self._values.values():
            label.setStyleSheet(look)
        self._show_faults()

    def _show_faults(self) -> None:
        mine = self._state.faults if self._state else ()
        faults = worst_first((*mine, *(f.fault for f in self._station_faults.values())))
        lines = [
            f'<span style="color:{theme.colour(_SEVERITY[f.severity]).name()}"><b>{html.escape(f.text)}</b></span> '
            f"{html.escape(f.remedy)}"
            for f in faults[:5]
        ]
        if len(faults) > 5:
            lines.append(html.escape(i18n.fill(self.tr("and {count} more"), count=len(faults) - 5)))
        self._faults.setText("<br>".join(lines))
