"""Same or different: a track of the neighbour beside one of ours, what the station makes of it, and the officer's word."""

from __future__ import annotations

import html
from concurrent.futures import Future
from typing import Any

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.freshness import Held, age_words
from groundstation.core import topics
from groundstation.core.errors import MarchwardenError
from groundstation.core.picture_records import TrackPair

_MOST = 4
_FORGOTTEN_S = 30.0
_STATE = {
    "same": i18n.mark("pairs", "the same"),
    "undecided": i18n.mark("pairs", "undecided"),
    "different": i18n.mark("pairs", "different"),
    "not_comparable": i18n.mark("pairs", "cannot be compared"),
}
_VERDICT = {"agree": i18n.mark("pairs", "the same"), "disagree": i18n.mark("pairs", "different")}


class _Row(QWidget):
    """One pair. It keeps its place while it is there: a button does not move away under the pointer."""

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.same, self.other = QPushButton(), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1)
        for button in (self.same, self.other):
            button.setObjectName("small")
            button.setCheckable(True)
            row.addWidget(button)
        self.pair_id = ""


class PairsBox(QWidget):
    """Those pairs that the station compares now, at most four; what nobody renews says so and takes no verdict."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._share = context, context.services.get("share")
        self._held: dict[str, Held[TrackPair]] = {}
        self._waiting: list[tuple[str, Future[Any]]] = []
        self.rows: list[_Row] = []
        self.said = QLabel()
        self.said.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.said)
        context.bridge.listen(topics.TRACK_PAIR, self.on_pair)
        context.bridge.tick.connect(self._on_tick)
        theme.changed.connect(self._show)
        self.hide()

    def on_pair(self, pair: TrackPair) -> None:
        """News of one pair; one without a track of ours is nothing to judge."""
        if pair.pair_id:
            self._held.setdefault(pair.pair_id, Held(topics.TRACK_PAIR, self._context.clock)).put(pair)
            self._show()

    def _on_tick(self) -> None:
        waiting, self._waiting = self._waiting, []
        for pair_id, future in waiting:
            if not future.done():
                self._waiting.append((pair_id, future))
                continue
            error = future.exception()
            if error is not None:
                self._say(str(error), "alarm")
            elif future.result().reason:
                self._say(future.result().reason, "caution" if future.result().ok else "alarm")
            else:
                self._say(self.tr("kept"), "dim")
        for pair_id in [p for p, held in self._held.items() if held.age_s() > _FORGOTTEN_S]:
            del self._held[pair_id]
        self._show()

    def _say(self, text: str, state: str) -> None:
        self.said.setText(text)
        self.said.setStyleSheet(f"color: {getattr(theme.palette(), state)};")

    def _show(self) -> None:
        known = {row.pair_id for row in self.rows}
        for pair_id in self._held:
            if pair_id in known:
                continue
            free = next((row for row in self.rows if row.pair_id not in self._held), None)
            if free is None and len(self.rows) < _MOST:
                free = self._new_row()
            if free is not None:
                free.pair_id = pair_id
        for row in self.rows:
            held = self._held.get(row.pair_id)
            row.setVisible(held is not None)
            if held is not None and held.record is not None:
                self._show_row(row, held, held.record)
        self.setVisible(bool(self._held))

    def _new_row(self) -> _Row:
        row = _Row()
        row.same.setText(self.tr("Same"))
        row.other.setText(self.tr("Different"))
        row.same.clicked.connect(lambda: self._judge(row, True))
        row.other.clicked.connect(lambda: self._judge(row, False))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _show_row(self, row: _Row, held: Held[TrackPair], pair: TrackPair) -> None:
        state = i18n.text("pairs", _STATE[pair.state])
        head = i18n.fill(
            self.tr("{theirs} of {peer} and our {ours}"),
            theirs=pair.remote_track_id, peer=pair.peer, ours=pair.own_track_id,
        )  # fmt: skip
        facts = i18n.fill(
            self.tr("{metres} m apart; the station says: {state}"), metres=f"{pair.distance_m:.0f}", state=state
        )
        lines = [f"<b>{html.escape(head)}</b>", html.escape(facts)]
        if pair.verdict in _VERDICT:
            said = i18n.fill(
                self.tr("{name} says: {verdict}"),
                name=pair.verdict_by, verdict=i18n.text("pairs", _VERDICT[pair.verdict]),
            )  # fmt: skip
            lines.append(html.escape(said))
        if pair.their_verdict in _VERDICT:
            said = i18n.fill(
                self.tr("{name} says: {verdict}"),
                name=pair.peer, verdict=i18n.text("pairs", _VERDICT[pair.their_verdict]),
            )  # fmt: skip
            lines.append(html.escape(said))
        live = held.live
        if not live:
            old = i18n.fill(self.tr("not renewed for {age}"), age=age_words(held.age_s()))
            lines.append(f'<span style="color:{theme.CAUTION}">{html.escape(old)}</span>')
        text = "<br>".join(lines)
        if text != row.text.text():
            row.text.setText(text)
        lack = self._lack()
        for button, verdict in ((row.same, "agree"), (row.other, "disagree")):
            button.setChecked(pair.verdict == verdict)  # what is kept, not what was pressed
            button.setEnabled(live and not lack)
            button.setToolTip(lack)

    def _lack(self) -> str:
        if self._share is None or not hasattr(self._share, "judge_pair"):
            return self.tr("This station cannot keep a verdict on a pair.")
        return ""

    def _judge(self, row: _Row, same: bool) -> None:
        held = self._held.get(row.pair_id)
        if self._share is None or held is None or held.record is None or not held.live:
            return
        self._show_row(row, held, held.record)
        try:
            self._waiting.append((row.pair_id, self._share.judge_pair(row.pair_id, same, self._context.operator)))
        except MarchwardenError as error:
            self._say(str(error), "alarm")
