"""The autopilot as one object: messages in, messages out, no socket and no clock."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.battery import Battery
from sim.autopilot.camera import AUTOPILOT_CAMERA, Camera, CameraFacts
from sim.autopilot.commands import Commands
from sim.autopilot.fence import ALL_FENCES, Fence
from sim.autopilot.flight import Flight
from sim.autopilot.ftp import FtpServer
from sim.autopilot.gimbal import Gimbal
from sim.autopilot.guided import GuidedTargets
from sim.autopilot.items import Item, valid_lat_lon
from sim.autopilot.kinds import kind_named
from sim.autopilot.manoeuvres import Place
from sim.autopilot.messages import OtherMessages
from sim.autopilot.misbehave import Misbehaviours, make_misbehaviours
from sim.autopilot.mission import MissionRunner, MissionState
from sim.autopilot.mode_list import AVAILABLE_MODES, AVAILABLE_MODES_MONITOR, CURRENT_MODE, ModeList
from sim.autopilot.modes import Mode
from sim.autopilot.outgoing import Outbox, Outgoing, said_by
from sim.autopilot.parameter_protocol import ParameterProtocol
from sim.autopilot.parameters import Parameters
from sim.autopilot.safety import Safety
from sim.autopilot.sensors import ErrorSizes, SensorErrorModel
from sim.autopilot.stores import FenceStore, MissionStore, RallyStore
from sim.autopilot.streams import STREAM_PARAMETERS, Streams
from sim.autopilot.telemetry import Telemetry
from sim.autopilot.terrain_asking import TerrainAsking
from sim.autopilot.traffic import Traffic, TrafficAircraft
from sim.autopilot.transfer import ItemProtocol
from sim.dynamics import LocalGrid
from sim.signing import VehicleSigning
from sim.state import SensorErrors, VehicleTruth

_log = logging.getLogger("sim.autopilot")

STEP_S = 0.02
AUTOPILOT_COMPONENT = 1
_HIGHEST_M = 1e5
# Streams are slowed so much while a plan comes in, and again while parameters go out.
_SLOWED = 4.0
_OTHER_STATION_CHANNEL = -1
_MISSION_MESSAGES = frozenset(
    {
        "MISSION_COUNT",
        "MISSION_ITEM_INT",
        "MISSION_ITEM",
        "MISSION_REQUEST_LIST",
        "MISSION_REQUEST_INT",
        "MISSION_REQUEST",
        "MISSION_CLEAR_ALL",
        "MISSION_WRITE_PARTIAL_LIST",
    }
)


class Autopilot:
    """An ArduCopter-like autopilot at (``lat_deg``, ``lon_deg``) on the ground.

    ``ground_amsl_m(lat_deg, lon_deg)`` is the terrain, both the real one and the one on board. ``start_utc_us`` is the
    UTC time of ``now_s = 0``. ``kind`` is a name of :data:`sim.autopilot.kinds.KINDS`, ``misbehave`` names of
    :data:`sim.autopilot.misbehave.CATALOGUE`, ``traffic`` what its ADS-B receiver hears; ``asks_for_terrain`` makes it
    ask the ground station for heights, which it otherwise has on board.

    Time is handed in as ``now_s``, seconds since boot, never going back. :meth:`truth` and :meth:`errors` may be called
    from another thread, everything else from one thread only.
    """

    def __init__(
        self,
        lat_deg: float,
        lon_deg: float,
        ground_amsl_m: Callable[[float, float], float],
        *,
        start_utc_us: int = 0,
        seed: int = 1,
        error_sizes: ErrorSizes | None = None,
        wind_en_m_s: tuple[float, float] = (0.0, 0.0),
        parameters: dict[str, float] | None = None,
        yaw_deg: float = 0.0,
        kind: str = "copter",
        misbehave: Sequence[str] = (),
        camera: CameraFacts | None = None,
        traffic: Sequence[TrafficAircraft] = (),
        asks_for_terrain: bool = False,
    ) -> None:
        self.start_utc_us = start_utc_us
        self.on_true_breach: Callable[[str], None] = lambda what: None
        self.now_s = 0.0
        self.outbox = Outbox()
        self.kind = kind_named(kind)
        self.parameters = Parameters(parameters, self.kind)
        self.parameters.on_change = self._on_parameter
        grid = LocalGrid(lat_deg, lon_deg)
        self.grid = grid

        def ground(east_m: float, north_m: float) -> float:
            return float(ground_amsl_m(*grid.to_geodetic(east_m, north_m)))

        self.flight = Flight(self.parameters, self.outbox, grid, ground, wind_en_m_s, yaw_deg)
        self.gimbal = Gimbal(self.parameters, yaw_deg)
        self.battery = Battery(self.parameters)
        self.fence = Fence(self.parameters, grid)
        self.mission_store = MissionStore(self.parameters, self._home_item)
        self.rally_store = RallyStore(self.parameters)
        self.fence_store = FenceStore(self.parameters, self.fence.load)
        self.mission = MissionRunner(
            self.parameters, self.outbox, self.flight, self.gimbal, self.mission_store, self._item_place
        )
        self.mission_store.may_clear = lambda: not (self.flight.armed and self.mission.state is MissionState.RUNNING)
        self.mission.on_fence_enable = self._mission_fence_enable
        self._protocols = {
            kind: ItemProtocol(kind, store, self.outbox)
            for kind, store in (
                (m.MAV_MISSION_TYPE_MISSION, self.mission_store),
                (m.MAV_MISSION_TYPE_FENCE, self.fence_store),
                (m.MAV_MISSION_TYPE_RALLY, self.rally_store),
            )
        }
        self.camera = Camera(camera or CameraFacts(), lambda: self.telemetry.boot_ms)
        self.traffic = Traffic(traffic, grid)
        self.mode_list = ModeList(self.kind, lambda: self.flight.mode)
        self.terrain_asking = TerrainAsking(grid) if asks_for_terrain else None
        self.telemetry = Telemetry(
            self.parameters, self.flight, self.gimbal, self.fence, self.battery, self.mission, self._utc_us, self.kind
        )
        self._add_builders()
        self.safety = Safety(
            self.parameters,
            self.outbox,
            self.flight,
            self.fence,
            self.battery,
            lambda: self.telemetry.build(m.MAVLINK_MSG_ID_FENCE_STATUS),
            self._tell_true_breach,
        )
        self.guided = GuidedTargets(self)
        self._commands = Commands(self)
        self._other_messages = OtherMessages(self, self._commands)
        self._sensors = SensorErrorModel(error_sizes or ErrorSizes(), seed)
        self._channels: dict[int, Streams] = {}
        self._parameter_protocol = ParameterProtocol(self.parameters, self.outbox)
        self.ftp = FtpServer(
            self.parameters,
            {
                int(m.MAV_MISSION_TYPE_MISSION): self.mission_store,
                int(m.MAV_MISSION_TYPE_FENCE): self.fence_store,
                int(m.MAV_MISSION_TYPE_RALLY): self.rally_store,
            },
            self.outbox,
        )
        self._steps = 0
        self.boot_s = 0.0
        self._next_heartbeat_s = 0.0
        self._ready_told = False
        self.signing = VehicleSigning()
        self.extra_arming_failure: Callable[[], str] = lambda: ""
        self._lock = threading.Lock()
        self.flight.errors = self._sensors.at(0.0, 0.0)
        self._truth = self._make_truth()
        self._errors = self.flight.errors
        self._wire()
        self.misbehaviours = Misbehaviours(())
        self.misbehaviours = make_misbehaviours(misbehave, self, seed)

    def _add_builders(self) -> None:
        """Messages about what hangs on the autopilot: camera, ADS-B receiver, terrain."""
        add = self.telemetry.add
        add(AVAILABLE_MODES, lambda: self.mode_list.available(1)[0])
        add(CURRENT_MODE, self.mode_list.current)
        add(AVAILABLE_MODES_MONITOR, self.mode_list.monitor)
        add(m.MAVLINK_MSG_ID_ADSB_VEHICLE, lambda: self.traffic.build(self.now_s))
        for message_id in self.camera.message_ids:
            if self.camera.facts.component == AUTOPILOT_CAMERA:
                add(message_id, partial(self.camera.build, message_id))
        if self.camera.facts.component == AUTOPILOT_CAMERA:
            add(m.MAVLINK_MSG_ID_CAMERA_FOV_STATUS, lambda: self.telemetry.camera_fov(*self.camera.fov_deg))
        if self.terrain_asking is not None:
            asking = self.terrain_asking
            self.telemetry.terrain_pending = lambda: asking.pending

    def _wire(self) -> None:
        f = self.flight
        f.enter_auto = self.mission.enter
        f.step_auto = self.mission.step
        f.leave_auto = self.mission.leave
        f.on_disarm = self.mission.reset
        f.on_mode_change = lambda: self.safety.mode_changed(self.now_s)
        f.may_pause = lambda: (
            f.mode is Mode.GUIDED or (f.mode is Mode.AUTO and self.mission.state is MissionState.RUNNING)
        )
        f.pre_arm_failure = self._pre_arm_failure
        f.rally_places = lambda: [self._item_place(item) for item in self.rally_store.points]
        f.return_ceiling_m = self.safety.return_ceiling_m

    # For the camera and the scorer.

    def truth(self) -> VehicleTruth:
        """The newest true state; any thread."""
        with self._lock:
            return self._truth

    def errors(self) -> SensorErrors:
        """The sensor errors of the same instant; any thread."""
        with self._lock:
            return self._errors

    def state(self) -> tuple[VehicleTruth, SensorErrors]:
        """Both, of one instant; any thread."""
        with self._lock:
            return self._truth, self._errors

    @property
    def true_breach_count(self) -> int:
        """How often the vehicle has really left a fence in force."""
        return self.fence.true_breach_count

    def _tell_true_breach(self, what: str) -> None:
        self.on_true_breach(what)

    def _make_truth(self) -> VehicleTruth:
        s, f = self.flight.motion, self.flight
        lat, lon = self.grid.to_geodetic(s.east_m, s.north_m)
        return VehicleTruth(
            t_s=self.now_s,
            t_utc_us=self._utc_us(),
            lat_deg=lat,
            lon_deg=lon,
            alt_amsl_m=s.up_m,
            roll_deg=s.roll_deg,
            pitch_deg=s.pitch_deg,
            yaw_deg=s.yaw_deg,
            velocity_ned_m_s=(s.vn_m_s, s.ve_m_s, -s.vu_m_s),
            gimbal_azimuth_deg=self.gimbal.azimuth_deg,
            gimbal_elevation_deg=self.gimbal.elevation_deg,
            gimbal_roll_deg=0.0,
            armed=f.armed,
            mode=f.mode.name,
        )

    def _utc_us(self) -> int:
        return self.start_utc_us + round(self.now_s * 1e6)

    # Channels.

    def open_channel(self, channel: int) -> None:
        """A new link: nothing is streamed to it but what ``SR0_`` says."""
        streams = Streams()
        for name in STREAM_PARAMETERS:
            streams.set_parameter(name, self.parameters[name], self.now_s)
        self._channels[channel] = streams

    def close_channel(self, channel: int) -> None:
        """A link is gone."""
        self._channels.pop(channel, None)
        self._parameter_protocol.drop_channel(channel)

    def streams(self, channel: int) -> Streams:
        """The stream rates of a channel."""
        if channel not in self._channels:
            self.open_channel(channel)
        return self._channels[channel]

    @property
    def sysid(self) -> int:
        """The vehicle's system id."""
        return self.parameters.integer("SYSID_THISMAV")

    # Messages in.

    def on_message(self, channel: int, msg: Any, now_s: float) -> list[Outgoing]:
        """Take one message from a channel; what is to be sent in answer."""
        self.now_s = max(self.now_s, now_s)
        self.streams(channel)
        if msg.get_type() != "BAD_DATA" and self.misbehaviours.hears(channel, msg, self.now_s):
            self._take(channel, msg)
        return self.misbehaviours.says(self.outbox.take(), self.now_s)

    def _take(self, channel: int, msg: Any) -> None:
        kind = msg.get_type()
        if not self._for_us(msg):
            return
        if kind in _MISSION_MESSAGES:
            self._on_mission_message(channel, msg, kind)
        elif kind in ("COMMAND_LONG", "COMMAND_INT"):
            self._commands.handle(msg, channel)
        elif kind.startswith("PARAM_"):
            self._parameter_protocol.handle(channel, msg)
        else:
            handler = getattr(self._other_messages, f"on_{kind.lower()}", None)
            if handler is not None:
                handler(channel, msg)

    def _for_us(self, msg: Any) -> bool:
        target = getattr(msg, "target_system", 0)
        component = getattr(msg, "target_component", 0)
        return target in (0, self.sysid) and component in (0, AUTOPILOT_COMPONENT, self.camera.facts.component)

    def _on_mission_message(self, channel: int, msg: Any, kind: str) -> None:
        if kind == "MISSION_ITEM" and msg.current in (2, 3):
            self.guided.on_mission_item(channel, msg)
            return
        protocol = self._protocols.get(getattr(msg, "mission_type", 0))
        if protocol is None:
            self.outbox.send(
                channel,
                m.MAVLink_mission_ack_message(
                    msg.get_srcSystem(), msg.get_srcComponent(), m.MAV_MISSION_UNSUPPORTED, msg.mission_type
                ),
            )
            return
        protocol.handle(channel, msg, self.now_s)

    # Time.

    def step(self, now_s: float) -> list[Outgoing]:
        """Fly up to ``now_s`` in fixed steps and send what is due."""
        while self._steps * STEP_S < now_s - 1e-9:
            self._steps += 1
            self._fixed_step(self._steps * STEP_S)
        self.now_s = max(self.now_s, now_s)
        for channel, msg in self.misbehaviours.arrived(self.now_s):
            self._take(channel, msg)
        self.misbehaviours.step(self.now_s)
        for protocol in self._protocols.values():
            protocol.step(self.now_s)
        self.ftp.step(self.now_s)
        self._send_due()
        return self.misbehaviours.says(self.outbox.take(), self.now_s)

    def _fixed_step(self, t_s: float) -> None:
        f = self.flight
        self.now_s = t_s
        f.now_s = t_s - self.boot_s
        f.advance(STEP_S)
        if self.gimbal.present:
            self.gimbal.step(STEP_S, f.position_m, f.motion.yaw_deg)
        if f.ready and not self._ready_told:
            self._ready_told = True
            f.set_home_here()
            self.outbox.text(m.MAV_SEVERITY_INFO, "EKF3 IMU0 is using GPS")
            self.announce_home()
        self.safety.step(t_s, STEP_S)
        errors = self._sensors.at(t_s, self.gimbal.yaw_in_body_deg(f.motion.yaw_deg))
        f.errors = errors
        truth = self._make_truth()
        with self._lock:
            self._truth, self._errors = truth, errors

    def _send_due(self) -> None:
        if self.now_s + 1e-9 >= self._next_heartbeat_s:
            self._next_heartbeat_s = self.now_s + 1.0 if self._next_heartbeat_s == 0 else self._next_heartbeat_s + 1.0
            if self._next_heartbeat_s <= self.now_s:
                self._next_heartbeat_s = self.now_s + 1.0
            self.outbox.send(None, self.telemetry.heartbeat())
            if self.camera.facts.component != AUTOPILOT_CAMERA:
                self.outbox.send(None, said_by(self.camera.heartbeat(), self.sysid, self.camera.facts.component))
        if self.terrain_asking is not None and self.flight.ready:
            question = self.terrain_asking.step(self.now_s)
            if question is not None:
                self.outbox.send(None, question)
        busy = any(protocol.receiving for protocol in self._protocols.values())
        slower = _SLOWED if busy else 1.0
        if self._parameter_protocol.sending:
            slower *= _SLOWED
        for channel, streams in self._channels.items():
            for message_id in streams.due(self.now_s, slower):
                message = self.telemetry.build(message_id)
                if message is not None:
                    self.outbox.send(channel, message)
        self._parameter_protocol.step()

    # Helpers.

    def _pre_arm_failure(self) -> str:
        if self.flight.mode is Mode.AUTO and self.mission_store.count() < 2:
            return "Mode requires mission"
        return self.extra_arming_failure() or self.safety.pre_arm_failure()

    def _on_parameter(self, name: str) -> None:
        if name == "FENCE_ENABLE":
            self.fence.follow_parameter()
        elif name.startswith("SR0_"):
            for streams in self._channels.values():
                streams.set_parameter(name, self.parameters[name], self.now_s)
        elif name in ("WPNAV_SPEED", "WPNAV_SPEED_UP", "WPNAV_SPEED_DN") and self.flight.mode is not Mode.RTL:
            self.flight.reset_speeds()

    def _mission_fence_enable(self, action: int) -> None:
        if action in (0, 1):
            self.fence.enable(bool(action), ALL_FENCES)

    def place(self, frame: int, x: int, y: int, z: float) -> Place | None:
        """A place from a MAVLink frame.

        None for a frame that is not global, for one above home when there is none, and for heights out of all reason.
        """
        if not valid_lat_lon(x, y) or not abs(z) < _HIGHEST_M:
            return None
        east, north = self.grid.to_grid(x / 1e7, y / 1e7)
        if frame in (m.MAV_FRAME_GLOBAL, m.MAV_FRAME_GLOBAL_INT):
            return Place(east, north, z)
        if frame in (m.MAV_FRAME_GLOBAL_RELATIVE_ALT, m.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT):
            home = self.flight.home
            return None if home is None else Place(east, north, home.up_m + z)
        if frame in (m.MAV_FRAME_GLOBAL_TERRAIN_ALT, m.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT):
            return Place(east, north, z, above_ground=True)
        return None

    def _item_place(self, item: Item) -> Place:
        place = self.place(item.frame, item.x, item.y, item.z)
        return place if place is not None else self.flight.here()

    def _home_item(self) -> Item:
        home = self.flight.home
        if home is None:
            return Item(m.MAV_CMD_NAV_WAYPOINT)
        lat, lon = self.grid.to_geodetic(home.east_m, home.north_m)
        up = round(home.up_m * 100.0) / 100.0
        return Item(m.MAV_CMD_NAV_WAYPOINT, x=round(lat * 1e7), y=round(lon * 1e7), z=up)

    def announce_home(self) -> None:
        """Tell every channel where home is."""
        message = self.telemetry.build(m.MAVLINK_MSG_ID_HOME_POSITION)
        if message is not None:
            self.outbox.send(None, message)

    # The other ground station in the air, for the misbehaviours.

    def other_station_says(self, msg: Any, system_id: int, component_id: int) -> None:
        """Take a message of another station, whose link is not one of ours: what is answered there nobody hears."""
        self._take(_OTHER_STATION_CHANNEL, said_by(msg, system_id, component_id))

    def other_station_uploads(self, items: Sequence[Item], told_to_all: bool = True) -> None:
        """Another station puts a whole mission in place; ``items`` without home.

        ``told_to_all``: it came over a link of ours, and the text that ArduPilot has for that link is heard here too.
        """
        store = self.mission_store
        store.begin(len(items) + 1)
        for seq, item in enumerate((Item(m.MAV_CMD_NAV_WAYPOINT), *items)):
            store.put(seq, item)
        _, texts = store.complete()
        for text in texts if told_to_all else ():
            self.outbox.text(m.MAV_SEVERITY_INFO, text)

    def forget_streams(self) -> None:
        """Every channel is back at what the parameters say."""
        for channel in list(self._channels):
            self.open_channel(channel)

    def reboot(self) -> None:
        """Boot time, streams, mode and the place in the mission start anew; parameters and lists stay."""
        _log.info("reboot")
        self.boot_s = self.now_s
        f = self.flight
        f.now_s = 0.0
        f.mode = Mode.STABILIZE
        f.home, f.home_set_by_user = None, False
        self._ready_told = False
        self.safety.reset()
        self._parameter_protocol.clear()
        self.ftp.clear()
        self.mission.reset()
        self.battery.replace()
        self.gimbal.neutral()
        self.fence.follow_parameter()
        self.forget_streams()
