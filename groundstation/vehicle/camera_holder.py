"""One holder of the camera at a time, among the operators and stations that use this one. No clock, no socket.

ArduPilot lets everybody steer: two who pull at one camera see nothing, either of them. So whoever wants it asks here
first. A holder who does nothing for a while loses it; one who is asked for it has a short time to keep it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

_log = logging.getLogger("groundstation.camera")


@dataclass(frozen=True)
class Grant:
    """Whether somebody has the camera, and if not, why."""

    ok: bool
    reason: str = ""


class CameraHolder:
    """``idle_s``: without an order of the holder the camera is free. ``answer_s``: a holder who is asked for it and does
    not say in that time that he keeps it (:meth:`keep`; using it says nothing) loses it to the first who asked."""

    def __init__(self, name: str = "camera", idle_s: float = 60.0, answer_s: float = 15.0) -> None:
        self._name, self._idle_s, self._answer_s = name, idle_s, answer_s
        self.holder = ""
        self.until_s = 0.0
        self.asked_by = ""
        self._asked_s = 0.0

    def use(self, who: str, now_s: float) -> Grant:
        """Take it, or keep it by using it. A refusal is noted as asking for it."""
        self.on_time(now_s)
        if self.holder in ("", who):
            self._give(who, now_s)
            return Grant(True)
        if not self.asked_by:
            self.asked_by, self._asked_s = who, now_s
            _log.info("%s: %s asks %s for it", self._name, who, self.holder)
        if self.asked_by == who:
            left_s = min(self.until_s, self._asked_s + self._answer_s) - now_s
            return Grant(False, f"{self.holder} holds the camera and is asked for it: in {left_s:.0f} s it is yours, "
                                f"unless {self.holder} keeps it")  # fmt: skip
        return Grant(False, f"{self.holder} holds the camera, and {self.asked_by} has asked for it before")

    def keep(self, who: str, now_s: float) -> Grant:
        """The holder's answer to one who asks: no. The asker has to ask again."""
        self.on_time(now_s)
        if who != self.holder:
            return Grant(False, f"{who} does not hold the camera")
        self.asked_by = ""
        self.until_s = now_s + self._idle_s
        return Grant(True)

    def hand_over(self, who: str, to: str, now_s: float) -> Grant:
        """The holder gives it to another."""
        self.on_time(now_s)
        if who != self.holder:
            return Grant(False, f"{who} does not hold the camera" + (f", {self.holder} does" if self.holder else ""))
        if not to or to == who:
            return Grant(False, "name another to hand it to")
        self._give(to, now_s)
        return Grant(True)

    def release(self, who: str, now_s: float) -> Grant:
        """The holder lets it go; whoever asked first gets it."""
        self.on_time(now_s)
        if who != self.holder:
            return Grant(False, f"{who} does not hold the camera")
        self._pass_on(now_s, f"{who} released it")
        return Grant(True)

    def take(self, who: str, reason: str, now_s: float) -> Grant:
        """Take it from whoever has it, for a reason that is logged: a duty officer's right."""
        if not reason.strip():
            return Grant(False, "say why the camera is taken away")
        _log.warning("%s: %s takes it from %s: %s", self._name, who, self.holder or "nobody", reason)
        self._give(who, now_s)
        return Grant(True)

    def on_time(self, now_s: float) -> None:
        """Idle and unanswered time."""
        if not self.holder:
            return
        if self.asked_by and now_s - self._asked_s >= self._answer_s:
            self._pass_on(now_s, f"{self.holder} did not answer")
        elif now_s >= self.until_s:
            self._pass_on(now_s, f"{self.holder} did not use it")

    def _pass_on(self, now_s: float, why: str) -> None:
        _log.info("%s: %s", self._name, why)
        following = self.asked_by
        self.holder, self.asked_by = "", ""
        if following:
            self._give(following, now_s)

    def _give(self, who: str, now_s: float) -> None:
        if who != self.holder:
            _log.info("%s: held by %s", self._name, who)
            self.asked_by = ""
        self.holder, self.until_s = who, now_s + self._idle_s
