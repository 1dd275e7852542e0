"""One order to several aircraft: named, prepared, read again, held."""

from __future__ import annotations

import html
import math

from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight.answers import Answers
from groundstation.console.panels.common import HoldButton, Panel
from groundstation.core.records import FleetOutcome, FleetRequest, FleetVerb, VehicleId, VehicleState

_VERBS: tuple[tuple[FleetVerb, str], ...] = (
    ("pause", i18n.mark("group", "Pause")),
    ("return", i18n.mark("group", "Return")),
    ("resume", i18n.mark("group", "Resume")),
    ("start", i18n.mark("group", "Start")),
)


class GroupPanel(Panel):
    """Nothing is ticked when it opens, and nothing leaves before the prepared order was held; it lapses by itself."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Several aircraft"), parent)
        self._commands, self._clock = context.commands, context.clock
        self._boxes: dict[VehicleId, QCheckBox] = {}
        self._request: FleetRequest | None = None
        self._list = QVBoxLayout()
        self.verb = QComboBox()
        for verb, word in _VERBS:
            self.verb.addItem(i18n.text("group", word), verb)
        self.prepare = QPushButton(self.tr("Prepare"))
        self.confirm = HoldButton(self.tr("Confirm"))
        self.confirm.setObjectName("alarm")
        self._said = QLabel()
        self._said.setWordWrap(True)
        row = QHBoxLayout()
        for widget in (self.verb, self.prepare, self.confirm):
            row.addWidget(widget)
        self.body.addLayout(self._list)
        self.body.addLayout(row)
        self.body.addWidget(self._said)
        self.body.addStretch(1)
        self._answers = Answers(self)
        self._answers.arrived.connect(self._on_answer)
        self.prepare.clicked.connect(self._prepare)
        self.confirm.confirmed.connect(self._confirm)
        self.verb.currentIndexChanged.connect(lambda _: self._drop())
        context.bridge.vehicle_state.connect(self._on_state)
        context.bridge.tick.connect(self._on_tick)
        self._drop()

    def chosen(self) -> list[VehicleId]:
        """The aircraft that are ticked."""
        return [vehicle_id for vehicle_id, box in self._boxes.items() if box.isChecked()]

    def box(self, vehicle_id: VehicleId) -> QCheckBox:
        """The tick of one aircraft."""
        return self._boxes[vehicle_id]

    def said(self) -> str:
        """What is shown about the order."""
        return self._said.text()

    def _on_state(self, state: VehicleState) -> None:
        if state.vehicle_id not in self._boxes:
            box = QCheckBox()
            box.toggled.connect(lambda _: self._drop())
            self._boxes[state.vehicle_id] = box
            self._list.addWidget(box)
        mode = state.mode if state.link_alive else self.tr("not heard")
        text = f"{state.vehicle_id}  {mode}"
        if self._boxes[state.vehicle_id].text() != text:
            self._boxes[state.vehicle_id].setText(text)

    def _drop(self) -> None:
        """Another choice needs another order: what was prepared is forgotten."""
        self._request = None
        self.confirm.setEnabled(False)
        self.prepare.setEnabled(self._commands is not None and bool(self.chosen()))
        if not self._answers.waiting:
            self._said.clear()

    def _prepare(self) -> None:
        if self._commands is not None and self.chosen():
            self._answers.expect("prepare", self._commands.prepare_group(self.verb.currentData(), self.chosen()))

    def _confirm(self) -> None:
        if self._commands is not None and self._request is not None:
            request, self._request = self._request, None
            self.confirm.setEnabled(False)
            self._said.setText(html.escape(self.tr("Waiting for the aircraft …")))
            self._answers.expect("confirm", self._commands.confirm_group(request))

    def _on_answer(self, name: str, result: object) -> None:
        if isinstance(result, FleetRequest):
            if result.verb != self.verb.currentData() or list(result.vehicle_ids) != self.chosen():
                return  # ticked otherwise meanwhile
            self._request = result
            self.confirm.setEnabled(True)
            self._show_request()
        elif isinstance(result, FleetOutcome):
            lines = [
                f"<b>{v}</b>: "
                f'<span style="color:{theme.OK if o.ok else theme.ALARM}">{html.escape(o.result.value)}</span> '
                f"{html.escape(o.reason)}"
                for v, o in result.outcomes
            ]
            self._said.setText("<br>".join(lines) or f'<b style="color:{theme.ALARM}">{html.escape(result.reason)}</b>')
        elif isinstance(result, Exception):
            self._said.setText(f'<b style="color:{theme.ALARM}">{html.escape(str(result))}</b>')

    def _left_s(self) -> float:
        return (self._request.expires_mono_ns - self._clock.mono_ns()) / 1e9 if self._request is not None else math.nan

    def _show_request(self) -> None:
        request = self._request
        if request is None:
            return
        verb = i18n.text("group", dict(_VERBS)[request.verb])
        head = i18n.fill(
            self.tr("{order} for {names}: hold Confirm within {seconds} s"),
            order=verb,
            names=", ".join(str(v) for v in request.vehicle_ids),
            seconds=f"{max(self._left_s(), 0):.0f}",
        )
        warned = [
            f'<br><span style="color:{theme.CAUTION}">! {v}: {html.escape(reason)}</span>'
            for v, reason in request.warnings
        ]
        self._said.setText(f"<b>{html.escape(head)}</b>{''.join(warned)}")

    def _on_tick(self) -> None:
        if self._request is None:
            return
        if self._left_s() <= 0.0:
            self._request = None
            self.confirm.setEnabled(False)
            self._said.setText(html.escape(self.tr("The order lapsed: nothing was sent.")))
        else:
            self._show_request()
