"""A ground station of few words for tests: sends to an autopilot at a time of the test's choosing, keeps the answers."""

from __future__ import annotations

from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot import Autopilot, ErrorSizes, Outgoing

LAT, LON, GROUND_M = 48.0, 20.0, 200.0


class Bench:
    """An autopilot on flat ground with perfect sensors, and what it has said."""

    def __init__(
        self, parameters: dict[str, float] | None = None, errors: ErrorSizes | None = None, seed: int = 1, **more: Any
    ) -> None:
        self.autopilot = Autopilot(
            LAT,
            LON,
            lambda lat, lon: GROUND_M,
            seed=seed,
            error_sizes=errors or ErrorSizes.none(),
            parameters=parameters,
            **more,
        )
        self.now_s = 0.0
        self.heard: list[tuple[float, int | None, Any]] = []

    def _keep(self, outgoing: list[Outgoing]) -> list[Any]:
        self.heard += [(self.now_s, channel, msg) for channel, msg in outgoing]
        return [msg for _, msg in outgoing]

    def run(self, seconds: float, step_s: float = 0.1) -> list[Any]:
        """Let time pass; everything said meanwhile."""
        said: list[Any] = []
        end = self.now_s + seconds
        while self.now_s < end - 1e-9:
            self.now_s = min(self.now_s + step_s, end)
            said += self._keep(self.autopilot.step(self.now_s))
        return said

    def run_until(self, condition: Any, most_s: float) -> None:
        """Let time pass until the condition holds."""
        end = self.now_s + most_s
        while not condition():
            assert self.now_s < end, f"not within {most_s} s; texts {self.texts()[-8:]}, truth {self.autopilot.truth()}"
            self.run(0.2)

    def send(self, msg: Any, channel: int = 1, sysid: int = 255, compid: int = 190) -> list[Any]:
        """Send one message; the answers."""
        msg._header.srcSystem, msg._header.srcComponent = sysid, compid
        return self._keep(self.autopilot.on_message(channel, msg, self.now_s))

    def command(self, number: int, *params: float, channel: int = 1) -> int:
        """COMMAND_LONG; the MAV_RESULT."""
        padded = [*params, *([0.0] * (7 - len(params)))]
        return self._result(self.send(m.MAVLink_command_long_message(1, 1, number, 0, *padded), channel), number)

    def command_int(self, number: int, *params: float, x: int = 0, y: int = 0, z: float = 0.0, frame: int = 6) -> int:
        """COMMAND_INT; the MAV_RESULT."""
        padded = [*params, *([0.0] * (4 - len(params)))]
        msg = m.MAVLink_command_int_message(1, 1, frame, number, 0, 0, *padded, x, y, z)
        return self._result(self.send(msg), number)

    def _result(self, answers: list[Any], number: int) -> int:
        acks = [a for a in answers if a.get_type() == "COMMAND_ACK" and a.command == number]
        assert len(acks) == 1
        return int(acks[0].result)

    def texts(self) -> list[str]:
        """Every STATUSTEXT so far."""
        return [_text(msg) for _, _, msg in self.heard if msg.get_type() == "STATUSTEXT"]

    def upload(self, items: list[tuple[Any, ...]], mission_type: int = 0, *, add_home: bool | None = None) -> int:
        """Answer every request; the result of the MISSION_ACK. Items are :func:`item` tuples; home is put in front."""
        if add_home if add_home is not None else mission_type == 0:
            items = [item(16, 0, 0, 0), *items]
        pending = self.send(m.MAVLink_mission_count_message(1, 1, len(items), mission_type))
        while True:
            asked = [a for a in pending if a.get_type() == "MISSION_REQUEST"]
            acks = [a for a in pending if a.get_type() == "MISSION_ACK"]
            if acks:
                return int(acks[0].type)
            assert asked, pending
            pending = self.send(item_message(asked[-1].seq, items[asked[-1].seq], mission_type))

    def download(self, mission_type: int = 0) -> list[Any]:
        """All items, read back with MISSION_REQUEST_INT."""
        count = self.send(m.MAVLink_mission_request_list_message(1, 1, mission_type))[0].count
        return [self.send(m.MAVLink_mission_request_int_message(1, 1, seq, mission_type))[0] for seq in range(count)]

    def set_parameter(self, name: str, value: float) -> float:
        """PARAM_SET; the value echoed."""
        answer = self.send(m.MAVLink_param_set_message(1, 1, name.encode(), value, m.MAV_PARAM_TYPE_REAL32))
        return float(answer[0].param_value)

    def airborne(self, alt_m: float = 20.0) -> None:
        """Armed and hovering in GUIDED at a height above home."""
        self.run(3.0)
        assert self.command(m.MAV_CMD_DO_SET_MODE, 1, 4) == 0
        assert self.command(m.MAV_CMD_COMPONENT_ARM_DISARM, 1) == 0
        assert self.command(m.MAV_CMD_NAV_TAKEOFF, 0, 0, 0, 0, 0, 0, alt_m) == 0
        self.run_until(lambda: self.alt_m > alt_m - 0.5, 60.0)

    @property
    def alt_m(self) -> float:
        """True height above the ground."""
        return self.autopilot.truth().alt_amsl_m - GROUND_M

    @property
    def mode(self) -> str:
        """The mode's name."""
        return self.autopilot.truth().mode


def _text(msg: Any) -> str:
    raw = msg.text
    return (raw if isinstance(raw, str) else raw.decode()).rstrip("\0")


def offset(east_m: float, north_m: float, bench: Bench) -> tuple[int, int]:
    """Degrees * 1e7 of a place relative to the launch point."""
    lat, lon = bench.autopilot.grid.to_geodetic(east_m, north_m)
    return round(lat * 1e7), round(lon * 1e7)


def item(command: int, x: int, y: int, z: float, *params: float, frame: int = 6) -> tuple[Any, ...]:
    """One mission item: (command, frame, params, x, y, z)."""
    return command, frame, [*params, *([0.0] * (4 - len(params)))], x, y, z


def item_message(seq: int, content: tuple[Any, ...], mission_type: int = 0) -> Any:
    """MISSION_ITEM_INT of an item."""
    command, frame, params, x, y, z = content
    return m.MAVLink_mission_item_int_message(1, 1, seq, frame, command, 0, 1, *params, x, y, z, mission_type)
