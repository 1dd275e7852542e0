"""Handing an alert to the neighbour, and what the neighbour says of ours."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from groundstation.console import i18n
from groundstation.console.alerts.queue import Alert, AlertQueue
from groundstation.console.context import ConsoleContext
from groundstation.core import topics
from groundstation.core.errors import MarchwardenError
from groundstation.core.records import PeerStatus
from groundstation.core.share_records import RemoteReceipt, ShareNotice, ShareSubject

_ENDED = {
    "withdrawn": i18n.mark("alerts", "TAKEN BACK by the neighbour"),
    "corrected": i18n.mark("alerts", "CORRECTED by the neighbour"),
}


class HandOver:
    """Works through the service "share"; without one it says so. Decides nothing: the agreement does that behind it."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context, self._own = context, ""
        self._peers: dict[str, PeerStatus] = {}
        self._waiting: list[tuple[Future[Any], Callable[[str, bool], None], str]] = []
        context.bridge.peer_status.connect(self._on_peer)
        context.bridge.tick.connect(self._on_tick)

    def listen(self, queue: AlertQueue, changed: Callable[[str, bool], None]) -> None:
        """Note in the queue what neighbours say of ours and of theirs."""
        self._own = queue.station

        def on_receipt(receipt: RemoteReceipt) -> None:
            if receipt.level in ("seen", "accepted") and receipt.subject.kind == "incident":
                queue.on_seen_there(receipt.subject.subject_id, receipt.t_utc_us)
                changed(receipt.subject.subject_id, False)

        def on_notice(notice: ShareNotice) -> None:
            if notice.subject is not None and notice.subject.kind == "incident" and notice.kind in _ENDED:
                alert_id = f"{notice.peer}/{notice.subject.subject_id}"
                queue.on_ended_there(alert_id, i18n.text("alerts", _ENDED[notice.kind]))
                changed(alert_id, False)

        bridge = self._context.bridge
        for name, slot in (("RECEIPT", on_receipt), ("SHARE_NOTICE", on_notice)):
            topic = getattr(topics, name, None)
            if topic is not None:
                bridge.listen(topic, slot)

    def peers_for(self, alert: Alert, lack: str) -> tuple[list[str], str]:
        """Who it can be handed to, and why to nobody."""
        if lack:
            return [], lack
        if self._context.services.get("share") is None:
            return [], i18n.text("alerts", "No neighbour is set up: nothing is shared.")
        if alert.peer:
            return [], i18n.text("alerts", "It is the neighbour's own.")
        if not self._peers:
            return [], i18n.text("alerts", "No neighbour has been heard yet.")
        return sorted(self._peers), ""

    def offer(self, alert: Alert, peer: str, told: Callable[[str, bool], None]) -> None:
        """Offer the lead of one of ours; ``told(words, bad)`` comes when the station has taken the order or refused it."""
        share = self._context.services.get("share")
        if share is None:
            told(i18n.text("alerts", "No neighbour is set up: nothing is shared."), True)
            return
        sent = i18n.fill(i18n.text("alerts", "offered to {peer}; it stays ours until they accept"), peer=peer)
        try:
            self._waiting.append(
                (share.offer_lead(peer, ShareSubject(self._own, alert.alert_id, "incident")), told, sent)
            )
        except (MarchwardenError, AttributeError) as error:
            told(str(error), True)

    def mark_seen(self, alert: Alert) -> None:
        """Tell the neighbour that somebody has looked at what it told. Not being able to is no reason to stop."""
        share = self._context.services.get("share")
        if not alert.peer or share is None or not hasattr(share, "mark_seen"):
            return
        incident_id = alert.alert_id.partition("/")[2]
        try:
            self._waiting.append(
                (share.mark_seen(ShareSubject(alert.peer, incident_id, "incident")), lambda _words, _bad: None, "")
            )
        except MarchwardenError:
            return

    def _on_peer(self, status: PeerStatus) -> None:
        self._peers[status.peer] = status

    def _on_tick(self) -> None:
        left = []
        for future, told, sent in self._waiting:
            if not future.done():
                left.append((future, told, sent))
                continue
            error = future.exception()
            if error is not None:
                told(str(error), True)
                continue
            outcome = future.result()
            told(sent if outcome.ok else outcome.reason, not outcome.ok)
        self._waiting = left
