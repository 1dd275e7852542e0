"""Messages that are neither commands nor plans nor parameters: one method for each, named after it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.commands import Commands

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

FARTHEST_M = 1e5


class OtherMessages:
    """``on_NAME(channel, message)`` for each message of that name; what is to be sent goes into the outbox."""

    def __init__(self, autopilot: Autopilot, commands: Commands) -> None:
        self._a, self._commands = autopilot, commands

    def on_file_transfer_protocol(self, channel: int, msg: Any) -> None:
        """MAVLink FTP."""
        self._a.ftp.handle(channel, msg, self._a.now_s)

    def on_heartbeat(self, channel: int, msg: Any) -> None:
        """The ground station in charge is alive."""
        if msg.get_srcSystem() == self._a.parameters.integer("SYSID_MYGCS"):
            self._a.safety.gcs_alive(self._a.now_s)

    def on_manual_control(self, channel: int, msg: Any) -> None:
        """Counts as alive too."""
        if msg.get_srcSystem() == self._a.parameters.integer("SYSID_MYGCS"):
            self._a.safety.gcs_alive(self._a.now_s)

    def on_set_mode(self, channel: int, msg: Any) -> None:
        """The old message; ArduPilot acknowledges it as if it were the command."""
        result = self._commands.set_mode(msg.base_mode, msg.custom_mode)
        self._a.outbox.send(
            channel,
            m.MAVLink_command_ack_message(
                m.MAVLINK_MSG_ID_SET_MODE, result, 0, 0, msg.get_srcSystem(), msg.get_srcComponent()
            ),
        )

    def on_mission_set_current(self, channel: int, msg: Any) -> None:
        """Without an acknowledgement."""
        if self._a.mission.set_current(msg.seq, reset=False):
            self._a.outbox.send(channel, self._a.mission.current_message())

    def on_request_data_stream(self, channel: int, msg: Any) -> None:
        """Rates by group."""
        rate = msg.req_message_rate if msg.start_stop else 0
        self._a.streams(channel).set_group(msg.req_stream_id, min(rate, 50), self._a.now_s)

    def on_timesync(self, channel: int, msg: Any) -> None:
        """Answers with the time since boot."""
        if msg.tc1 == 0:
            self._a.outbox.send(
                channel, m.MAVLink_timesync_message(int((self._a.now_s - self._a.boot_s) * 1e9), msg.ts1)
            )

    def on_gimbal_manager_set_pitchyaw(self, channel: int, msg: Any) -> None:
        """Radians here, degrees in the command."""
        if msg.gimbal_device_id not in (0, 1):
            return
        pitch, yaw, pitch_rate, yaw_rate = (math.degrees(v) for v in (msg.pitch, msg.yaw, msg.pitch_rate, msg.yaw_rate))
        self._a.gimbal.order(msg.flags, pitch, yaw, pitch_rate, yaw_rate)

    def on_setup_signing(self, channel: int, msg: Any) -> None:
        """A key, refused while armed."""
        if self._a.flight.armed:
            self._a.outbox.text(m.MAV_SEVERITY_WARNING, "ERROR: Won't setup signing when armed")
            return
        self._a.signing.set_up(bytes(msg.secret_key), msg.initial_timestamp)

    def on_terrain_data(self, channel: int, msg: Any) -> None:
        """An answer to our question."""
        if self._a.terrain_asking is not None:
            self._a.terrain_asking.on_data(msg)

    def on_terrain_check(self, channel: int, msg: Any) -> None:
        """How high is the ground there?"""
        east, north = self._a.grid.to_grid(msg.lat / 1e7, msg.lon / 1e7)
        if math.hypot(east, north) < FARTHEST_M:
            ground = self._a.flight.ground_m(east, north)
            self._a.outbox.send(channel, m.MAVLink_terrain_report_message(msg.lat, msg.lon, 100, ground, 0.0, 0, 500))

    def on_set_position_target_global_int(self, channel: int, msg: Any) -> None:
        """A target in GUIDED."""
        self._a.guided.on_global(msg)

    def on_set_position_target_local_ned(self, channel: int, msg: Any) -> None:
        """A target or velocity in GUIDED."""
        self._a.guided.on_local(msg)
