"""What our own people report of themselves, for a vision worker that learns the camera's bias by it."""

from __future__ import annotations

from groundstation.core.bus import Bus
from groundstation.core.records import FriendPosition
from groundstation.core.topics import FRIEND_POSITION
from vision.known_devices import DeviceReport


class OwnDevices:
    """Reports from the bus, from now until :meth:`close`. Of several people together nobody knows which of them carries the
    handset, and a drone is not on the ground: those are left out."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._friends = bus.subscribe(FRIEND_POSITION)

    def new(self) -> list[DeviceReport]:
        """Those since the last call, in order."""
        return [_report(f) for f in self._friends.drain() if f.people == 1 and f.kind != "drone"]

    def close(self) -> None:
        """Nobody reads them any more."""
        self._bus.unsubscribe(self._friends)


def _report(friend: FriendPosition) -> DeviceReport:
    return DeviceReport(
        friend.friend_id, friend.t_utc_us, friend.lat_deg, friend.lon_deg, friend.sigma_m, friend.velocity_en_m_s
    )
