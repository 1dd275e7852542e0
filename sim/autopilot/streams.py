"""What each channel has asked for, and what is due. Nothing is sent until it is asked for."""

from __future__ import annotations

from missions.mavlink import mavlink2 as m

# Requests above this are refused: 0.8 of a 400 Hz main loop.
_HIGHEST_HZ = 320.0

_ADSB = 100  # a group of ArduPilot's own: no MAV_DATA_STREAM
_GROUPS: dict[int, tuple[int, ...]] = {
    m.MAV_DATA_STREAM_EXTENDED_STATUS: (
        m.MAVLINK_MSG_ID_SYS_STATUS,
        m.MAVLINK_MSG_ID_MISSION_CURRENT,
        m.MAVLINK_MSG_ID_GPS_RAW_INT,
        m.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT,
        m.MAVLINK_MSG_ID_FENCE_STATUS,
        m.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT,
    ),
    m.MAV_DATA_STREAM_RC_CHANNELS: (m.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW, m.MAVLINK_MSG_ID_RC_CHANNELS),
    m.MAV_DATA_STREAM_RAW_SENSORS: (),
    m.MAV_DATA_STREAM_RAW_CONTROLLER: (),
    m.MAV_DATA_STREAM_POSITION: (m.MAVLINK_MSG_ID_GLOBAL_POSITION_INT, m.MAVLINK_MSG_ID_LOCAL_POSITION_NED),
    m.MAV_DATA_STREAM_EXTRA1: (m.MAVLINK_MSG_ID_ATTITUDE,),
    m.MAV_DATA_STREAM_EXTRA2: (m.MAVLINK_MSG_ID_VFR_HUD,),
    m.MAV_DATA_STREAM_EXTRA3: (
        m.MAVLINK_MSG_ID_SYSTEM_TIME,
        m.MAVLINK_MSG_ID_TERRAIN_REPORT,
        m.MAVLINK_MSG_ID_BATTERY_STATUS,
        m.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS,
        m.MAVLINK_MSG_ID_EKF_STATUS_REPORT,
        m.MAVLINK_MSG_ID_VIBRATION,
    ),
    _ADSB: (m.MAVLINK_MSG_ID_ADSB_VEHICLE,),
}
STREAM_PARAMETERS = {
    "SR0_RAW_SENS": m.MAV_DATA_STREAM_RAW_SENSORS,
    "SR0_EXT_STAT": m.MAV_DATA_STREAM_EXTENDED_STATUS,
    "SR0_RC_CHAN": m.MAV_DATA_STREAM_RC_CHANNELS,
    "SR0_RAW_CTRL": m.MAV_DATA_STREAM_RAW_CONTROLLER,
    "SR0_POSITION": m.MAV_DATA_STREAM_POSITION,
    "SR0_EXTRA1": m.MAV_DATA_STREAM_EXTRA1,
    "SR0_EXTRA2": m.MAV_DATA_STREAM_EXTRA2,
    "SR0_EXTRA3": m.MAV_DATA_STREAM_EXTRA3,
    "SR0_ADSB": _ADSB,
}


class Streams:
    """Intervals of one channel."""

    def __init__(self) -> None:
        self._interval_s: dict[int, float] = {}
        self._next_s: dict[int, float] = {}

    def set_interval(self, message_id: int, interval_us: float, now_s: float) -> bool:
        """``SET_MESSAGE_INTERVAL``: 0 the default (which is off), -1 off; False when that is too fast."""
        if interval_us <= 0:
            self._interval_s.pop(message_id, None)
            self._next_s.pop(message_id, None)
            return interval_us in (0, -1)
        if interval_us < 1e6 / _HIGHEST_HZ:
            return False
        self._interval_s[message_id] = interval_us / 1e6
        self._next_s[message_id] = now_s
        return True

    def interval_us(self, message_id: int) -> int:
        """Microseconds, or -1 for off."""
        interval = self._interval_s.get(message_id)
        return -1 if interval is None else round(interval * 1e6)

    def set_group(self, stream_id: int, rate_hz: float, now_s: float) -> None:
        """``REQUEST_DATA_STREAM``; stream 0 is all of them, rate 0 stops."""
        groups = list(_GROUPS) if stream_id == m.MAV_DATA_STREAM_ALL else [stream_id]
        for group in groups:
            for message_id in _GROUPS.get(group, ()):
                self.set_interval(message_id, 1e6 / rate_hz if rate_hz > 0 else -1, now_s)

    def set_parameter(self, name: str, rate_hz: float, now_s: float) -> None:
        """A change of ``SR0_...``."""
        if name in STREAM_PARAMETERS:
            self.set_group(STREAM_PARAMETERS[name], rate_hz, now_s)

    def due(self, now_s: float, slower: float = 1.0) -> list[int]:
        """The messages to send now. A late caller gets each once, not all that it missed.

        ``slower`` lengthens every interval: ArduPilot thins its streams while a plan or parameters are on their way.
        """
        result = []
        for message_id, when in self._next_s.items():
            if now_s + 1e-9 >= when:
                result.append(message_id)
                interval = self._interval_s[message_id] * slower
                self._next_s[message_id] = when + interval if when + interval > now_s else now_s + interval
        return result
