"""The link to the neighbour in words: what they have stored, what waits, what was withheld."""

from __future__ import annotations

import html

from PyQt6.QtWidgets import QLabel, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.freshness import Held, age_words
from groundstation.console.panels.common import Panel
from groundstation.console.panels.pairs import PairsBox
from groundstation.core import topics
from groundstation.core.records import PeerStatus

_TICKS = 5  # of the bridge: a second


class NeighbourPanel(Panel):
    """Two lines per neighbour. A status that nobody renews is not told as the present one."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Neighbour"), parent)
        self._clock = context.clock
        self._label = QLabel(self.tr("No neighbour is set up: nothing is shared."))
        self._label.setWordWrap(True)
        self.body.addWidget(self._label)
        self.pairs = PairsBox(context)
        self.body.addWidget(self.pairs)
        self.setMinimumHeight(96)
        self._peers: dict[str, Held[PeerStatus]] = {}
        self._ticks = 0
        context.bridge.peer_status.connect(self.on_peer_status)
        context.bridge.tick.connect(self._on_tick)
        theme.changed.connect(self.refresh)

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def on_peer_status(self, status: PeerStatus) -> None:
        """News of one neighbour."""
        self._peers.setdefault(status.peer, Held(topics.PEER_STATUS, self._clock)).put(status)
        self.refresh()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS == 0:
            self.refresh()

    def refresh(self) -> None:
        """Say all again: a status grows old without news."""
        lines = [self._line(held, held.record) for held in self._peers.values() if held.record is not None]
        if lines and (text := "<br>".join(lines)) != self._label.text():
            self._label.setText(text)

    def _line(self, held: Held[PeerStatus], peer: PeerStatus) -> str:
        if not held.live:
            word = i18n.fill(self.tr("not known for {age}"), age=age_words(held.age_s()))
            state = f'<b style="color:{theme.CAUTION}">{html.escape(word)}</b>'
        elif peer.connected:
            state = f'<b style="color:{theme.OK}">{html.escape(self.tr("connected"))}</b>'
        else:
            state = f'<b style="color:{theme.CAUTION}">{html.escape(self.tr("not connected"))}</b>'
            if peer.last_ack_utc_us:
                age_s = max((self._clock.utc_us() - peer.last_ack_utc_us) / 1e6, 0.0)
                state += ", " + html.escape(i18n.fill(self.tr("last receipt {age} ago"), age=age_words(age_s)))
        counts = i18n.fill(
            self.tr(
                "{stored} messages stored by them, {waiting} waiting, {withheld} withheld by the agreement, {received} received"
            ),
            stored=peer.stored_seq,
            waiting=peer.waiting,
            withheld=peer.withheld,
            received=peer.received,
        )
        return f"<b>{html.escape(peer.peer)}</b>: {state}<br>{html.escape(counts)}"
