"""The link to the neighbour in words: what they have stored, what waits, what was withheld."""

from __future__ import annotations

import time

from PyQt6.QtWidgets import QLabel, QWidget

from groundstation.console import theme
from groundstation.console.panels.common import Panel
from groundstation.core.records import PeerStatus


class NeighbourPanel(Panel):
    """One line per neighbour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Neighbour", parent)
        self._label = QLabel(self.tr("No neighbour is set up: nothing is shared."))
        self._label.setWordWrap(True)
        self.body.addWidget(self._label)
        self._peers: dict[str, PeerStatus] = {}

    def text(self) -> str:
        """What is shown."""
        return self._label.text()

    def on_peer_status(self, status: PeerStatus) -> None:
        """News of one neighbour."""
        self._peers[status.peer] = status
        lines = []
        for peer in self._peers.values():
            if peer.connected:
                state = f'<b style="color:{theme.OK}">connected</b>'
            else:
                since = ""
                if peer.last_ack_utc_us:
                    since = f", last receipt {max(time.time() - peer.last_ack_utc_us / 1e6, 0):.0f} s ago"
                state = f'<b style="color:{theme.CAUTION}">not connected</b>{since}'
            lines.append(
                f"<b>{peer.peer}</b>: {state}<br>{peer.stored_seq} messages stored by them, {peer.waiting} waiting, "
                f"{peer.withheld} withheld by the agreement, {peer.received} received"
            )
        self._label.setText("<br>".join(lines))
