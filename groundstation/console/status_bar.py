"""The strip at the top: one lamp per matter, each with a word, and what it says is as old as it says."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from groundstation.console.context import ConsoleContext
from groundstation.console.focus import VehicleFocus
from groundstation.console.link_lamp import link_lamp
from groundstation.console.panels.common import Lamp
from groundstation.core.records import PeerStatus, PlanStatus, StreamHealth, VehicleState


class StatusStrip(QFrame):
    """Lamps of the chosen aircraft, the video and the neighbour, and the time."""

    def __init__(
        self, context: ConsoleContext, chooser: QWidget, video_age_s: Callable[[], float], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._video_age_s = video_age_s
        self._state: VehicleState | None = None
        self._plan_status: PlanStatus | None = None
        self._health: StreamHealth | None = None
        self._peer: PeerStatus | None = None
        self._peer_mono_s = 0.0
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 2, 12, 2)
        self._name = QLabel()
        self._name.setObjectName("name")
        row.addWidget(self._name)
        row.addWidget(chooser)
        self.lamps = {
            name: Lamp(name) for name in ("Link", "Flight", "Fence", "Battery", "Position", "Video", "Neighbour")
        }
        for lamp in self.lamps.values():
            row.addWidget(lamp)
        row.addStretch(1)
        self._clock = QLabel()
        self._clock.setObjectName("clock")
        row.addWidget(self._clock)
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self._on_state)
        self._focus.plan_status.connect(self._on_plan_status)
        context.bridge.stream_health.connect(self._on_health)
        context.bridge.peer_status.connect(self._on_peer_status)
        context.bridge.tick.connect(self._on_tick)

    def set_title(self, title: str) -> None:
        """The station's name."""
        self._name.setText(title)

    def _on_vehicle(self, _: object) -> None:
        self._state = self._plan_status = None

    def _on_state(self, state: VehicleState) -> None:
        self._state = state

    def _on_plan_status(self, status: PlanStatus) -> None:
        self._plan_status = status

    def _on_health(self, health: StreamHealth) -> None:
        self._health = health

    def _on_peer_status(self, status: PeerStatus) -> None:
        self._peer, self._peer_mono_s = status, time.monotonic()

    def _on_tick(self) -> None:
        self._clock.setText(datetime.now(UTC).strftime("%H:%M:%S Z"))
        self._show_aircraft_lamps()
        age_s = self._video_age_s()
        health = self._health
        if health is None:
            self.lamps["Video"].show_state("off", "no data")
        elif health.health.state == "running" and age_s < 1.0:
            self.lamps["Video"].show_state("ok", f"{health.health.processed_per_s:.0f}/s")
        elif health.health.state == "running":
            self.lamps["Video"].show_state("alarm" if age_s > 2.0 else "caution", f"old {min(age_s, 999):.0f} s")
        else:
            self.lamps["Video"].show_state("alarm", health.health.state.replace("_", " "), health.health.detail)
        if self._peer is None:
            self.lamps["Neighbour"].show_state("off", "not set up")
        elif not self._peer.connected or time.monotonic() - self._peer_mono_s > 10.0:
            self.lamps["Neighbour"].show_state("caution", f"cut, {self._peer.waiting} wait")
        else:
            self.lamps["Neighbour"].show_state("ok", f"{self._peer.stored_seq} stored")

    def _show_aircraft_lamps(self) -> None:
        state = self._state
        if state is None:
            return
        age_s = (time.monotonic_ns() - state.t_mono_ns) / 1e9
        alive = state.link_alive and age_s < 5.0
        lamps = self.lamps
        lamps["Link"].show_state(*(link_lamp(state) if alive else ("alarm", f"LOST {age_s:.0f} s")))
        if not alive:
            for name in ("Flight", "Fence", "Battery", "Position"):
                lamps[name].show_state("off", "unknown")
            return
        lamps["Flight"].show_state("ok" if state.armed else "off", state.mode if state.armed else "on the ground")
        fence = state.fence
        if fence.breached:
            lamps["Fence"].show_state("alarm", "BREACHED")
        elif fence.enabled and self._plan_status is not None and self._plan_status.phase == "in_force":
            lamps["Fence"].show_state("ok", "in force")
        elif fence.enabled:
            lamps["Fence"].show_state("caution", "on, not ours", "The aircraft keeps a fence that was not verified")
        else:
            lamps["Fence"].show_state("alarm" if state.armed else "caution", "NOT in force")
        percent = state.battery_percent
        if percent == percent:
            level = "alarm" if percent < 20 else "caution" if percent < 35 else "ok"
            lamps["Battery"].show_state(level, f"{percent:.0f} %")
        if state.position_ok:
            lamps["Position"].show_state("ok", f"{state.satellites} sats")
        else:
            lamps["Position"].show_state("alarm", "NOT good")
