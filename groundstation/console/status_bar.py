"""The strip at the top: one lamp per matter, each with a word, and what it says is as old as it says."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QLabel, QWidget

from groundstation.console import i18n
from groundstation.console.context import ConsoleContext
from groundstation.console.flight import words
from groundstation.console.flight.battery_time import BatteryTime
from groundstation.console.flight.words import Said
from groundstation.console.flow import FlowLayout
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import Held, age_words, heard_s_ago, is_live
from groundstation.console.panels.common import Lamp
from groundstation.core import topics
from groundstation.core.records import (
    PeerStatus,
    PlanStatus,
    StationFault,
    StreamHealth,
    VehicleState,
)
from groundstation.core.safety_records import FenceReport

_LOST_S = 5.0


class StatusStrip(QFrame):
    """Lamps of the chosen aircraft, the alerts, the video, the neighbour and the station itself, and the time.

    ``asked``: a lamp was clicked, by its name.
    """

    asked = pyqtSignal(str)

    def __init__(
        self,
        context: ConsoleContext,
        chooser: QWidget,
        video_age_s: Callable[[], float],
        open_alerts: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._clock, self._video_age_s, self._open_alerts = context.clock, video_age_s, open_alerts
        self._state: VehicleState | None = None
        self._plan_status: PlanStatus | None = None
        self._fence: Held[FenceReport] = Held(topics.FENCE_REPORT, self._clock)
        self._health: Held[StreamHealth] = Held(topics.STREAM_HEALTH, self._clock)
        self._peers: dict[str, Held[PeerStatus]] = {}
        self._battery = BatteryTime()
        self._faults: dict[tuple[str, str], StationFault] = {}
        row = FlowLayout(self, spacing_px=0)
        row.setContentsMargins(6, 2, 12, 2)
        self._name = QLabel()
        self._name.setObjectName("name")
        row.addWidget(self._name)
        row.addWidget(chooser)
        self.lamps = {
            "Link": Lamp(self.tr("Link")),
            "Flight": Lamp(self.tr("Flight")),
            "Fence": Lamp(self.tr("Fence")),
            "Battery": Lamp(self.tr("Battery")),
            "Position": Lamp(self.tr("Position")),
            "Video": Lamp(self.tr("Video")),
            "Alerts": Lamp(self.tr("Alerts")),
            "Neighbour": Lamp(self.tr("Neighbour")),
            "Station": Lamp(self.tr("Station")),
        }
        for name, lamp in self.lamps.items():
            row.addWidget(lamp)
            lamp.clicked.connect(lambda name=name: self.asked.emit(name))
        self._time = QLabel()
        self._time.setObjectName("clock")
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._time)
        row.stretch(self._time)
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self._on_state)
        self._focus.plan_status.connect(self._on_plan_status)
        self._focus.fence_report.connect(self._fence.put)
        bridge = context.bridge
        bridge.stream_health.connect(self._health.put)
        bridge.peer_status.connect(self._on_peer_status)
        bridge.station_fault.connect(self._on_fault)
        bridge.tick.connect(self._on_tick)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """As high as its lines: on a narrow screen, or with long words, there are two."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent | None) -> bool:
        """Other words may need another line."""
        done = super().event(event)
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        height = self.heightForWidth(self.width())
        if height > 0 and height != self.minimumHeight():
            self.setFixedHeight(height)

    def set_title(self, title: str) -> None:
        """The station's name."""
        self._name.setText(title)

    def _on_vehicle(self, _: object) -> None:
        self._state = self._plan_status = None
        self._fence.clear()
        self._battery = BatteryTime()
        for name in ("Link", "Flight", "Fence", "Battery", "Position"):
            self.lamps[name].show_state("off", self.tr("no data"))

    def _on_state(self, state: VehicleState) -> None:
        self._state = state
        if state.link_alive:
            self._battery.add(state.t_mono_ns / 1e9, state.battery_percent)

    def _on_plan_status(self, status: PlanStatus) -> None:
        self._plan_status = status

    def _on_peer_status(self, status: PeerStatus) -> None:
        self._peers.setdefault(status.peer, Held(topics.PEER_STATUS, self._clock)).put(status)

    def _on_fault(self, fault: StationFault) -> None:
        key = (fault.source, fault.fault.key)
        if fault.active:
            self._faults[key] = fault
        else:
            self._faults.pop(key, None)

    def _on_tick(self) -> None:
        now = datetime.fromtimestamp(self._clock.utc_us() / 1e6, UTC).strftime("%H:%M:%S Z")
        if now != self._time.text():
            self._time.setText(now)
        self._show_aircraft_lamps()
        self.lamps["Video"].show_state(*self._video())
        self.lamps["Neighbour"].show_state(*self._neighbour())
        self.lamps["Alerts"].show_state(*self._alerts())
        self.lamps["Station"].show_state(*self._station())

    def _video(self) -> Said:
        age_s, record = self._video_age_s(), self._health.record
        if record is None:
            return Said("off", self.tr("no data"))
        health = record.health
        if health.state == "running" and age_s < 1.0 and self._health.live:
            return Said("ok", f"{health.processed_per_s:.0f}/s")
        if health.state == "running":
            if math.isinf(age_s):  # it is told of, but no picture of it has come
                return Said("alarm", self.tr("no data"))
            word = i18n.fill(self.tr("old {age}"), age=age_words(min(age_s, 5940.0)))
            return Said("alarm" if age_s > 2.0 or not self._health.live else "caution", word)
        return Said("alarm", health.state.replace("_", " "), health.detail)

    def _neighbour(self) -> Said:
        if not self._peers:
            return Said("off", self.tr("not set up"))
        held = list(self._peers.values())
        cut = [each for each in held if each.record is not None and not (each.live and each.record.connected)]
        if cut:
            waiting = sum(each.record.waiting for each in cut if each.record is not None)
            names = ", ".join(each.record.peer for each in cut if each.record is not None)
            return Said("caution", i18n.fill(self.tr("cut, {count} wait"), count=waiting), names)
        stored = sum(each.record.stored_seq for each in held if each.record is not None)
        return Said("ok", i18n.fill(self.tr("{count} stored"), count=stored))

    def _alerts(self) -> Said:
        waiting = self._open_alerts()
        if not waiting:
            return Said("ok", self.tr("none waiting"))
        return Said("alarm", i18n.fill(self.tr("{count} waiting"), count=waiting), self.tr("Click: show the alerts"))

    def _station(self) -> Said:
        faults = words.worst_first(tuple(f.fault for f in self._faults.values()))
        if not faults:
            return Said("ok", self.tr("no fault"))
        level = "alarm" if faults[0].severity == "critical" else "caution"
        word = i18n.fill(self.tr("{count} faults"), count=len(faults)) if len(faults) > 1 else self.tr("1 fault")
        return Said(level, word, "\n".join(f"{f.text} {f.remedy}".strip() for f in faults))

    def _show_aircraft_lamps(self) -> None:
        state, lamps = self._state, self.lamps
        if state is None:
            return
        now_ns = self._clock.mono_ns()
        silent_s = (now_ns - state.t_mono_ns) / 1e9
        if not state.link_alive or silent_s > _LOST_S:
            lamps["Link"].show_state(*words.link(state, now_ns))
        elif not is_live(state, now_ns):
            lamps["Link"].show_state(
                "caution", i18n.fill(self.tr("old {age}"), age=age_words(heard_s_ago(state, now_ns)))
            )
        else:
            lamps["Link"].show_state(*words.link(state, now_ns))
        if not is_live(state, now_ns):
            for name in ("Flight", "Fence", "Battery", "Position"):
                lamps[name].show_state("off", self.tr("unknown"))
            return
        flight = words.flight(state)
        if not state.armed and state.landed == "on_ground":
            flight = Said("off", self.tr("on the ground"))
        lamps["Flight"].show_state(*flight)
        lamps["Fence"].show_state(*words.fence(state, self._fence.record, self._fence.live, self._plan_status))
        lamps["Battery"].show_state(*words.battery(state, self._battery.left_s(now_ns / 1e9)))
        lamps["Position"].show_state(*words.position(state))
