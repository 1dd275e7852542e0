"""The numbers of one aircraft, its standing faults and its last words."""

from __future__ import annotations

import html
from collections import deque

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from groundstation.console import theme
from groundstation.console.context import ConsoleContext
from groundstation.console.focus import VehicleFocus
from groundstation.console.panels.common import Panel, number
from groundstation.core.records import StationFault, StatusText, VehicleState

_FIELDS = ("Mode", "Height above home", "Speed", "Heading", "Battery", "Satellites", "Waypoint", "Camera")
_SEVERITY = {"critical": "alarm", "warning": "caution", "info": "dim"}


class TelemetryPanel(Panel):
    """Read by a glance: eight values, then what is wrong and what to do about it."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__("Aircraft", parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        self._values: dict[str, QLabel] = {}
        for index, name in enumerate(_FIELDS):
            caption, value = QLabel(name), QLabel("–")
            caption.setObjectName("dim")
            value.setObjectName("value")
            row, column = 2 * (index // 4), index % 4
            grid.addWidget(caption, row, column)
            grid.addWidget(value, row + 1, column)
            self._values[name] = value
        self.body.addLayout(grid)
        self._faults = QLabel()
        self._faults.setWordWrap(True)
        self._faults.setTextFormat(Qt.TextFormat.RichText)
        self._texts = QLabel()
        self._texts.setObjectName("dim")
        self._texts.setWordWrap(True)
        self.body.addWidget(self._faults)
        self.body.addWidget(self._texts)
        self.body.addStretch(1)
        self._last_texts: deque[str] = deque(maxlen=3)
        self._station_faults: dict[tuple[str, str], StationFault] = {}
        self._state: VehicleState | None = None
        self._focus = VehicleFocus(context, self)
        self._focus.state.connect(self.on_vehicle_state)
        context.bridge.status_text.connect(self.on_status_text)
        context.bridge.station_fault.connect(self.on_station_fault)

    def value(self, name: str) -> str:
        """The text shown for a field."""
        return self._values[name].text()

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Show a state; a dead link greys everything, for an old number must not look like a live one."""
        self._state = state
        waypoint = f"{state.mission_seq} of {state.mission_total}" if state.mission_seq >= 0 else "–"
        camera = f"{number(state.gimbal_azimuth_deg % 360, '°')}, {number(state.gimbal_elevation_deg, '°')}"
        for name, text in (
            ("Mode", f"{state.mode or '–'}{'' if state.armed else ' · disarmed'}"),
            ("Height above home", number(state.alt_rel_home_m, "m")),
            ("Speed", number(state.speed_m_s, "m/s", 1)),
            ("Heading", number(state.yaw_deg % 360, "°")),
            ("Battery", f"{number(state.battery_percent, '%')}  {number(state.battery_v, 'V', 1)}"),
            ("Satellites", f"{state.satellites}" if state.gps_fix_type >= 3 else "no fix"),
            ("Waypoint", waypoint),
            ("Camera", camera),
        ):
            self._values[name].setText(text)
            self._values[name].setStyleSheet("" if state.link_alive else f"color: {theme.DIM};")
        self.title.setText(f"AIRCRAFT {state.vehicle_id}  {state.autopilot} {state.firmware}".rstrip())
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
        """What the aircraft said."""
        self._last_texts.append(text.text)
        self._texts.setText("\n".join(self._last_texts))

    def _show_faults(self) -> None:
        faults = [*(self._state.faults if self._state else ()), *(f.fault for f in self._station_faults.values())]
        order = {"critical": 0, "warning": 1, "info": 2}
        lines = [
            f'<span style="color:{theme.colour(_SEVERITY[f.severity]).name()}"><b>{html.escape(f.text)}</b></span> '
            f"{html.escape(f.remedy)}"
            for f in sorted(faults, key=lambda f: order[f.severity])[:5]
        ]
        self._faults.setText("<br>".join(lines))
