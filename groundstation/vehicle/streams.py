"""Which messages an aircraft is asked to send on one link, how often, and what it said about that.

``SET_MESSAGE_INTERVAL`` holds for the link on which it came and until the aircraft restarts, so each link has its own
wishes. No socket and no clock in here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from groundstation.core.records import CommandResult, VehicleId
from groundstation.vehicle.commands import SET_MESSAGE_INTERVAL, Command

_log = logging.getLogger("groundstation.vehicle")

# message id -> times a second. An ArduPilot Copter sends little but HEARTBEAT until it is asked.
DEFAULT_RATES_HZ: dict[int, float] = {
    33: 10.0,  # GLOBAL_POSITION_INT
    30: 10.0,  # ATTITUDE
    1: 2.0,  # SYS_STATUS
    193: 2.0,  # EKF_STATUS_REPORT
    285: 20.0,  # GIMBAL_DEVICE_ATTITUDE_STATUS
    42: 2.0,  # MISSION_CURRENT
    162: 2.0,  # FENCE_STATUS
    24: 1.0,  # GPS_RAW_INT
    74: 1.0,  # VFR_HUD
    147: 1.0,  # BATTERY_STATUS
    245: 1.0,  # EXTENDED_SYS_STATE
    242: 0.5,  # HOME_POSITION
}
_EKF_STATUS_REPORT, _ESTIMATOR_STATUS = 193, 230
_SLOW_HZ = 1.0
_SILENT_S = 3.0
_LONGEST_PAUSE_S = 60.0
# A refusal is final; silence is not, but a message that was never answered for is not asked for all the time.
_REFUSALS = frozenset({CommandResult.DENIED, CommandResult.UNSUPPORTED, CommandResult.FAILED})


def rates_for(autopilot: str, rates_hz: Mapping[int, float]) -> dict[int, float]:
    """The same wishes in the words of another flight stack: PX4 tells its estimator's state in its own message."""
    if autopilot != "PX4" or _EKF_STATUS_REPORT not in rates_hz:
        return dict(rates_hz)
    return {_ESTIMATOR_STATUS if k == _EKF_STATUS_REPORT else k: v for k, v in rates_hz.items()}


@dataclass
class _Wish:
    rate_hz: float
    settled: bool = False


class StreamWishes:
    """The wishes on one link. Positions that stay away for some seconds make all of them open again."""

    def __init__(self, vehicle_id: VehicleId, link_name: str, rates_hz: Mapping[int, float]) -> None:
        self._vehicle_id, self._link_name = vehicle_id, link_name
        self._rates_hz = dict(rates_hz)
        self._wishes: dict[int, _Wish] = {}
        self._refused: set[int] = set()
        self._alive_s = float("-inf")
        self._pause_s = _SILENT_S
        self._asked, self._begun_s, self._open_pause_s = False, float("-inf"), _SILENT_S / 2.0
        self.restart()

    def restart(self) -> None:
        """The aircraft has forgotten everything: ask again, also for what it refused."""
        self._refused.clear()
        self.returned()

    def _reopen(self) -> None:
        self._wishes = {k: _Wish(rate) for k, rate in self._rates_hz.items() if k not in self._refused and rate > 0}

    def returned(self) -> None:
        """The aircraft is heard on this link after a silence: a connection made anew may know nothing of what was asked."""
        self._reopen()
        self._asked, self._pause_s, self._open_pause_s = False, _SILENT_S, _SILENT_S / 2.0

    def on_position(self, now_s: float) -> None:
        """A position came on this link."""
        self._alive_s, self._pause_s = now_s, _SILENT_S

    def due(self, now_s: float, slowed: bool) -> bool:
        """Whether to ask now. ``slowed``: a transfer runs, during which an aircraft thins its streams by itself."""
        # Positions that come unasked are no reason not to ask: they may be slow, and they are not all.
        if slowed or not self._asked:
            return not slowed
        if now_s - self._alive_s > self._pause_s:
            return True
        open_wishes = any(not wish.settled for wish in self._wishes.values())
        return open_wishes and now_s - self._begun_s > self._open_pause_s

    def begin(self, now_s: float) -> list[Command]:
        """The commands of one round, oldest wish first; the next round comes later, and later still if that helps not."""
        if all(w.settled for w in self._wishes.values()):
            self._reopen()
        self._asked, self._alive_s, self._begun_s = True, now_s, now_s
        self._open_pause_s = min(self._open_pause_s * 2.0, _LONGEST_PAUSE_S)
        self._pause_s = min(self._pause_s * 2.0, _LONGEST_PAUSE_S)
        return [self._command(k, w.rate_hz) for k, w in self._wishes.items() if not w.settled]

    @staticmethod
    def _command(message_id: int, rate_hz: float) -> Command:
        return Command(SET_MESSAGE_INTERVAL, float(message_id), float(round(1e6 / rate_hz)), deadline_s=2.0)

    def on_outcome(self, command: Command, result: CommandResult) -> Command | None:
        """What became of one command; another to try in its place, where a slower rate may be taken."""
        message_id = int(command.param1)
        wish = self._wishes.get(message_id)
        if wish is None:
            return None
        if result is CommandResult.ACCEPTED:
            wish.settled = True
        elif result in _REFUSALS:
            if wish.rate_hz > _SLOW_HZ:
                wish.rate_hz = _SLOW_HZ
                return self._command(message_id, _SLOW_HZ)
            wish.settled = True
            self._refused.add(message_id)
            _log.info(
                "vehicle %s: message %d is not to be had on %s: %s",
                self._vehicle_id, message_id, self._link_name, result.value,
            )  # fmt: skip
        return None
