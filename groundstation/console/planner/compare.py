"""The plan beside what an aircraft holds: read on demand, told in words and on the map, with the time of the reading."""

from __future__ import annotations

import time
from concurrent.futures import Future
from datetime import UTC, datetime

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from geofences.errors import MarchwardenError
from groundstation.console import theme
from groundstation.console.context import Selection
from groundstation.console.freshness import is_live
from groundstation.console.planner.layer import Mark, PlannerLayer
from groundstation.console.planner.session import PlannerSession
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.plan_commands import HeldLists, PlanCommands
from groundstation.core.records import VehicleId, VehicleState
from missions.codec import MissionKind, fence_from_items, mission_from_items, rally_from_items
from missions.plan import Plan
from missions.plan_differences import PlanDifference, plan_differences

_POLL_MS = 150
_OLD_S = 60.0


def held_plan(held: HeldLists) -> Plan | None:
    """What was read as a plan, for a picture; None where its fence is not whole."""
    mission = held.items.get(MissionKind.MISSION, ())
    try:
        fence, _ = fence_from_items(held.items.get(MissionKind.FENCE, ()))
    except MarchwardenError:
        return None
    items = mission_from_items(mission)
    home = next((i for i in mission if i.seq == 0), None)
    place = (home.x / 1e7, home.y / 1e7, home.z) if home is not None else (0.0, 0.0, 0.0)
    if home is None or not (home.x or home.y):
        first = next((i for i in items if i.x or i.y), None)
        place = (first.x / 1e7, first.y / 1e7, 0.0) if first is not None else place
    return Plan("held", *place, items, fence, rally_from_items(held.items.get(MissionKind.RALLY, ())))


class ComparePage(QWidget):
    """Always says when the aircraft was read; what it may have been sent since is not in it."""

    def __init__(
        self,
        session: PlannerSession,
        layer: PlannerLayer,
        plans: PlanCommands | None,
        selection: Selection,
        clock: Clock | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock or SystemClock()
        self._shown_live = False
        self._session, self._layer, self._plans, self._selection = session, layer, plans, selection
        self._states: dict[VehicleId, VehicleState] = {}
        self._future: Future[HeldLists] | None = None
        self._held: HeldLists | None = None
        self._read_mono_s = 0.0
        self.which, self.vehicle = QComboBox(), QComboBox()
        self.which.setAccessibleName(self.tr("Plan"))
        self.vehicle.setAccessibleName(self.tr("Aircraft"))
        self.which.activated.connect(lambda _: self.refresh())
        self.vehicle.activated.connect(self._other_vehicle)
        self.read = QPushButton(self.tr("Read what it holds"))
        self.read.clicked.connect(self.read_now)
        self.verdict, self.when = QLabel(), QLabel()
        self.verdict.setWordWrap(True)
        self.when.setObjectName("dim")
        self.when.setWordWrap(True)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Differences"))
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        head = QHBoxLayout()
        head.addWidget(self.which, 1)
        head.addWidget(self.vehicle)
        head.addWidget(self.read)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 4, 2)
        layout.addLayout(head)
        for widget in (self.verdict, self.when):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._collect)
        self._age = QTimer(self)
        self._age.setInterval(1000)
        self._age.timeout.connect(self._show_age)
        session.judged.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Which aircraft there are."""
        new = state.vehicle_id not in self._states
        self._states[state.vehicle_id] = state
        if new:
            chosen = self.vehicle.currentData()
            self.vehicle.clear()
            for vehicle in sorted(self._states):
                self.vehicle.addItem(self.tr("Aircraft {n}").format(n=str(vehicle)), vehicle)
            wanted = chosen if chosen in self._states else self._selection.vehicle
            self.vehicle.setCurrentIndex(max(0, self.vehicle.findData(wanted)))
        if new or (state.vehicle_id == self.vehicle.currentData() and self._held is None):
            self._enable()

    def on_tick(self) -> None:
        """An aircraft that is heard no more cannot be read."""
        if is_live(self._states.get(self.vehicle.currentData()), self._clock.mono_ns()) != self._shown_live:
            self.refresh()

    def read_now(self) -> None:
        """Ask the aircraft."""
        vehicle = self.vehicle.currentData()
        if self._plans is None or vehicle is None or self._future is not None:
            return
        self._held = None
        self._future = self._plans.read_plan(vehicle)
        self._poll.start()
        self.refresh()

    def _other_vehicle(self) -> None:
        # What was read of one aircraft is never shown as another's.
        self._held = None
        self.refresh()

    def _collect(self) -> None:
        future = self._future
        if future is None or not future.done():
            return
        self._future = None
        self._poll.stop()
        vehicle = self.vehicle.currentData()
        problem = None if future.cancelled() else future.exception()
        if problem is not None or future.cancelled():
            held = HeldLists(vehicle, 0, {}, str(problem) if problem is not None else self.tr("given up"))
        else:
            held = future.result()
        self._held = held if held.vehicle_id == vehicle else None
        self._read_mono_s = time.monotonic()
        self.refresh()

    # -- showing -----------------------------------------------------------------------------------------------------

    def _enable(self) -> None:
        state = self._states.get(self.vehicle.currentData())
        alive = self._shown_live = is_live(state, self._clock.mono_ns())
        self.read.setEnabled(self._plans is not None and alive and self._future is None)
        if self._plans is None:
            self._say("off", self.tr("This station does not read plans back for its console"))
        elif state is None:
            self._say("off", self.tr("No aircraft was heard yet"))
        elif self._future is not None:
            self._say("caution", self.tr("Reading aircraft {n} ...").format(n=str(self.vehicle.currentData())))
        elif self._held is None:
            self._say("off", self.tr("Not read yet") if alive else self.tr("No link to this aircraft"))

    def refresh(self) -> None:
        """Compare anew: with the plan as it is now, and with what was read."""
        done = self._session.evaluation
        names = [p.plan.name for p in done.plans] if done is not None else []
        if [self.which.itemText(k) for k in range(self.which.count())] != names and done is not None:
            at = self.which.currentIndex()
            self.which.clear()
            self.which.addItems(names)
            self.which.setCurrentIndex(max(0, min(at, len(names) - 1)))
        self.which.setVisible(len(names) > 1)
        self.list.clear()
        self._enable()
        held = self._held
        if held is None or self._future is not None:
            self._layer.show_held(None)
            self._age.stop()
            self.when.setText("")
            return
        self._age.start()
        self._show_age()
        if held.problem:
            self._say("alarm", self.tr("It could not be read: {why}").format(why=held.problem))
            self._layer.show_held(None)
            return
        plan = held_plan(held)
        if done is None:
            self._say("off", self.tr("Wait: the plan is being checked"))
            self._layer.show_held(plan)
            return
        if not done.plans:
            counts = ", ".join(f"{len(held.items.get(k, ()))} {k.name.lower()}" for k in MissionKind)
            self._say(
                "caution",
                self.tr("There is no plan here to compare with; the aircraft holds {what}").format(what=counts),
            )
            self._layer.show_held(plan)
            return
        outcome = done.plans[max(0, self.which.currentIndex())]
        found = plan_differences(outcome.plan, held.items)
        if not found:
            self._say("ok", self.tr("The aircraft holds exactly this plan: mission, fence and rally points"))
            self._layer.show_held(None)
            return
        self._say("caution", self.tr("{n} differences").format(n=len(found)))
        for difference in found:
            item = QListWidgetItem(difference.text)
            item.setData(Qt.ItemDataRole.UserRole, difference)
            self.list.addItem(item)
        marks = [
            Mark(d.lat_deg, d.lon_deg, "warning") for d in found if d.lat_deg is not None and d.lon_deg is not None
        ]
        self._layer.show_held(plan, marks)

    def _show_age(self) -> None:
        held = self._held
        if held is None or held.t_utc_us <= 0:
            self.when.setText("")
            return
        read = datetime.fromtimestamp(held.t_utc_us / 1e6, UTC)
        age_s = time.monotonic() - self._read_mono_s
        old = self.tr(" - OLD: it may have been sent another plan since, read it again") if age_s > _OLD_S else ""
        text = self.tr("Read at {t}, {age} s ago").format(t=read.strftime("%H:%M:%S Z"), age=f"{age_s:.0f}")
        self.when.setText(text + old)

    def _say(self, state: str, text: str) -> None:
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {theme.state_colour(state)}; font-weight: 700;")

    def _go(self, item: QListWidgetItem) -> None:
        difference: PlanDifference | None = item.data(Qt.ItemDataRole.UserRole)
        if difference is not None and difference.lat_deg is not None and difference.lon_deg is not None:
            self._session.look_at.emit(difference.lat_deg, difference.lon_deg)

    def close_page(self) -> None:
        """Stop the timers."""
        self._poll.stop()
        self._age.stop()
