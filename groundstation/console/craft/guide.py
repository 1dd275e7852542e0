"""First steps: what to do next, ticked off by what the aircraft says, not by what was pressed."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any, NamedTuple

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QPushButton, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.panels.common import Panel
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.records import Incident, PlanStatus, VehicleState
from groundstation.core.safety_records import PreflightReport
from groundstation.core.topics import Topic


class Step(NamedTuple):
    """What to do, and how it is known to be done. ``view``: where, by its name in ``VIEWS``."""

    name: str
    title: str
    how: str
    view: str = ""


STEPS = (
    Step(
        "heard",
        i18n.mark("guide", "An aircraft is heard"),
        i18n.mark("guide", "Wait until a row with its number stands at the top, and Position says its satellites."),
    ),
    Step(
        "uploaded",
        i18n.mark("guide", "Plan a patrol and send it"),
        i18n.mark(
            "guide",
            "Planner: read each page and press Next, four times: what is to be seen, how often, who flies, what the checks "
            "say. Then press Upload. Done when it says IN FORCE.",
        ),
        "planner",
    ),
    Step(
        "listed",
        i18n.mark("guide", "Read the list"),
        i18n.mark("guide", "Before the flight: press Read the list. Do what it asks for until it says May start."),
        "checklist",
    ),
    Step(
        "flying",
        i18n.mark("guide", "Start"),
        i18n.mark("guide", "Orders: hold Start for a second. The aircraft takes off and follows the line."),
        "controls",
    ),
    Step(
        "alerted",
        i18n.mark("guide", "An alert comes"),
        i18n.mark("guide", "Somebody crosses the border within a minute or two: the lamp Alerts tells it."),
    ),
    Step(
        "answered",
        i18n.mark("guide", "Answer it"),
        i18n.mark("guide", "Alerts: choose it, look at it, then acknowledge it."),
        "alerts",
    ),
    Step(
        "home",
        i18n.mark("guide", "Bring it home"),
        i18n.mark("guide", "Orders: hold Return for a second. F8 makes it hold still at any time."),
        "controls",
    ),
)
# As in ``groundstation.console.views``, which imports this panel.
_PANELS = {"planner": "Planner", "checklist": "Before the flight", "controls": "Orders", "alerts": "Alerts"}


class GuidePanel(Panel):
    """Follows along; nothing here sends anything."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "First steps"), parent)
        self.setMinimumWidth(260)
        self._settings = context.settings
        self._done: set[str] = set()
        self._titles = {name: i18n.text("views", title) for name, title in _PANELS.items()}
        self._flown = False
        self._label = QLabel()
        self._label.setWordWrap(True)
        self.go_button = QPushButton()
        self.close_button = QPushButton(self.tr("I know my way now"))
        self.close_button.setObjectName("small")
        self.body.addWidget(self._label)
        self.body.addWidget(self.go_button)
        self.body.addWidget(self.close_button)
        self.close_button.clicked.connect(self._finish)
        self.go_button.clicked.connect(self._go)
        bridge = context.bridge
        followed: tuple[tuple[Topic[Any], Any, Callable[[Any], None]], ...] = (
            (topics.VEHICLE_STATE, bridge.vehicle_state, self._on_state),
            (topics.PLAN_STATUS, bridge.plan_status, self._on_plan),
            (topics.PREFLIGHT, bridge.preflight, self._on_list),
        )
        for topic, signal, slot in followed:
            signal.connect(slot)
            # It may be opened in the middle of a flight.
            for record in context.bus.latest_all(topic):
                slot(record)
        bridge.incident.connect(self._on_incident)
        bridge.listen(topics.ALERT_ACT, self._on_act)
        theme.changed.connect(self._show)
        self._show()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """No higher than its words, so that the panel beside it has the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None and self.width() > 1:
            self.setMaximumHeight(max(layout.heightForWidth(self.width()), layout.minimumSize().height()) + 8)

    def done(self) -> frozenset[str]:
        """The names of the steps that are done."""
        return frozenset(self._done)

    def next_step(self) -> Step | None:
        """The first that is not."""
        return next((step for step in STEPS if step.name not in self._done), None)

    def _go(self) -> None:
        """Show where the next step is done. The console's window is asked, also while this panel floats beside it."""
        step = self.next_step()
        widget: QWidget | None = self
        while widget is not None and not hasattr(widget, "show_view"):
            widget = widget.parentWidget()
        if step is not None and widget is not None:
            widget.show_view(step.view)

    def _finish(self) -> None:
        self._settings.change(guide_done=True)
        dock = self.parentWidget()
        if dock is not None:
            dock.hide()

    def _tick(self, name: str, done: bool = True) -> None:
        if done and name not in self._done:
            self._done.add(name)
            self._show()

    def _on_state(self, state: VehicleState) -> None:
        self._tick("heard", state.link_alive and state.position_ok)
        flying = state.armed and state.mode == "AUTO"
        self._tick("flying", flying)
        self._flown = self._flown or flying
        self._tick("home", self._flown and (state.mode == "RTL" or not state.armed))

    def _on_plan(self, status: PlanStatus) -> None:
        self._tick("uploaded", status.phase == "in_force")

    def _on_list(self, report: PreflightReport) -> None:
        self._tick("listed", report.ok)

    def _on_incident(self, incident: Incident) -> None:
        self._tick("alerted")
        self._tick("answered", bool(incident.acknowledged_utc_us))

    def _on_act(self, act: AlertAct) -> None:
        self._tick("answered", act.kind == "acknowledge")

    def _show(self) -> None:
        following = self.next_step()
        lines, last = [], len(STEPS)
        done = [i18n.text("guide", step.title) for step in STEPS if step.name in self._done]
        if done:
            lines.append(f'<p style="color:{theme.DIM}">✓ {html.escape(" · ".join(done))}</p>')
        if following is None:
            lines.append(f"<p><b>{html.escape(self.tr('That was a whole patrol.'))}</b></p>")
        else:
            number = STEPS.index(following) + 1
            title = html.escape(i18n.text("guide", following.title))
            how = html.escape(i18n.text("guide", following.how))
            lines.append(f'<p><b style="color:{theme.INFORMATION}">▶ {number}/{last} {title}</b><br>{how}</p>')
        # What comes later takes one line: the panel stands beside the one that is worked in.
        later = [i18n.text("guide", s.title) for s in STEPS if s.name not in self._done and s is not following]
        if later:
            lines.append(f'<p style="color:{theme.DIM}">{html.escape(" · ".join(later))}</p>')
        self._label.setText("".join(lines))
        view = next((v for v in self._titles if following is not None and v == following.view), "")
        self.go_button.setVisible(bool(view))
        if view:
            self.go_button.setText(i18n.fill(self.tr("Show: {panel}"), panel=self._titles[view]))
        self._fit()
