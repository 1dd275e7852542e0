"""What another program may do through the router: judged message by message, closed by default.

Nothing that changes an aircraft passes unless it is named. What only asks for data passes: that is what a second screen
needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from missions.mavlink import mavlink2

SETUP_SIGNING = 256
PARAM_SET = 23
_FTP, _MANUAL_CONTROL = 110, 69
_SET_MODE, _MISSION_ITEM, _MISSION_ITEM_INT, _MISSION_SET_CURRENT = 11, 39, 73, 41
_COMMANDS = frozenset({75, 76})  # COMMAND_INT, COMMAND_LONG
_DO_SET_MODE, _DO_REPOSITION, _SET_CURRENT, _SET_INTERVAL = 176, 192, 224, 511
_PARAMETER_WRITES = frozenset({PARAM_SET, 323})  # PARAM_SET, PARAM_EXT_SET

READ_MESSAGES = frozenset(
    {
        0,  # HEARTBEAT: see the router for what becomes of it
        4,  # PING
        20, 21, 320, 321,  # PARAM_REQUEST_READ and _LIST, PARAM_EXT_REQUEST_READ and _LIST
        37, 40, 43, 51,  # MISSION_REQUEST_PARTIAL_LIST, MISSION_REQUEST, MISSION_REQUEST_LIST, MISSION_REQUEST_INT
        47,  # MISSION_ACK: ends a download
        117, 119, 122,  # LOG_REQUEST_LIST, LOG_REQUEST_DATA, LOG_REQUEST_END
        135, 161, 176, 183,  # TERRAIN_CHECK, FENCE_FETCH_POINT, RALLY_FETCH_POINT, AUTOPILOT_VERSION_REQUEST
    }
)  # fmt: skip
"""Message ids that ask and change nothing."""

READ_COMMANDS = frozenset({410, 510, 512, 519, 520, 521, 522, 525, 527, 528, 2504, 2505})
"""MAV_CMD ids that ask and change nothing: GET_HOME_POSITION, GET_MESSAGE_INTERVAL, REQUEST_MESSAGE and its forerunners."""

_QUIET = frozenset(
    {
        111,  # TIMESYNC: the aircraft's answer to it would be taken for one to the station's own question
        2,  # SYSTEM_TIME: an aircraft may set its clock by it
    }
)
_DATA_STREAM = 66
_PLAN_WRITES = frozenset({38, _MISSION_ITEM, 44, 45, _MISSION_ITEM_INT})
_FTP_READS = frozenset({0, 1, 2, 3, 4, 5, 14, 15})
"""None, Terminate, ResetSessions (of the asker's own), ListDirectory, OpenFileRO, ReadFile, CalcFileCRC32, BurstReadFile."""
_FTP_WRITE, _FTP_OPENS = 7, frozenset({6, 11})
_FTP_FILES = {"mission": "mission", "fence": "fence", "rally": "rally"}


@dataclass(frozen=True)
class ClientPermissions:
    """What the clients of one router port may see and do.

    ``systems``: the aircraft (system ids) that they see and may address; None for all. ``commands``: MAV_CMD ids beyond
    those that only ask (176 also stands for SET_MODE, 192 for a guided MISSION_ITEM, 224 for MISSION_SET_CURRENT).
    ``messages``: further message ids. ``parameters`` does not cover FENCE_*, which needs ``fence`` too. ``rates``: may
    change how often the aircraft sends what. ``system_id``: the address under which an aircraft sees them; 0 for one of
    the router's own. ``messages_s``: how many they may send a second.
    """

    name: str = "client"
    systems: frozenset[int] | None = None
    commands: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()
    mission: bool = False
    fence: bool = False
    rally: bool = False
    parameters: bool = False
    files: bool = False
    rates: bool = False
    system_id: int = 0
    messages_s: float = 200.0

    @property
    def read_only(self) -> bool:
        """Whether nothing that changes an aircraft passes."""
        return not (
            self.commands or self.messages or self.mission or self.fence or self.rally or self.parameters
            or self.files or self.rates
        )  # fmt: skip

    def sees(self, system_id: int) -> bool:
        """Whether this aircraft is one of theirs."""
        return self.systems is None or system_id in self.systems


class Decision(Enum):
    """What becomes of a message of a client. ``IGNORE``: not passed, and no fault of the client either."""

    PASS = "pass"
    IGNORE = "ignore"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Judgement:
    """The decision about one message; ``acts``: it may change the aircraft, so that it is written down when it passes."""

    decision: Decision
    what: str
    acts: bool = False


def command_name(command: int) -> str:
    """The name of a MAV_CMD without its prefix, or its number."""
    entry = mavlink2.enums["MAV_CMD"].get(command)
    return str(entry.name).removeprefix("MAV_CMD_") if entry is not None else f"command {command}"


def command_id(name: str) -> int:
    """The MAV_CMD of a name, with or without its prefix. Raises ``KeyError``."""
    wanted = name.upper().removeprefix("MAV_CMD_")
    for number, entry in mavlink2.enums["MAV_CMD"].items():
        if str(entry.name).removeprefix("MAV_CMD_") == wanted:
            return int(number)
    raise KeyError(name)


def target_of(message: Any) -> tuple[int, int]:
    """``(system id, component id)`` that a message is addressed to; zeros for all."""
    system_id = getattr(message, "target_system", None)
    if system_id is None:
        return (message.target, 0) if message.get_msgId() == _MANUAL_CONTROL else (0, 0)
    return system_id, getattr(message, "target_component", 0)


class ClientJudge:
    """Judges the messages of one client. It remembers only which files the client was allowed to open for writing."""

    def __init__(self, permissions: ClientPermissions) -> None:
        self.permissions = permissions
        self._writing: set[tuple[int, int]] = set()

    def judge(self, message: Any) -> Judgement:
        """What becomes of a message; pure but for the open files."""
        message_id = message.get_msgId()
        may = self.permissions
        system_id = target_of(message)[0]
        if system_id and not may.sees(system_id):
            return Judgement(Decision.REFUSE, f"{message.get_type()} to system {system_id}")
        if message_id in READ_MESSAGES:
            return Judgement(Decision.PASS, message.get_type())
        if message_id in _QUIET and message_id not in may.messages:
            return Judgement(Decision.IGNORE, message.get_type())
        if message_id == _DATA_STREAM:
            return Judgement(Decision.PASS if may.rates else Decision.IGNORE, message.get_type(), may.rates)
        if message_id in _COMMANDS and message.command in READ_COMMANDS:
            return Judgement(Decision.PASS, command_name(message.command))
        if message_id == _FTP:
            return self._file(message, system_id)
        what, allowed = self._acting(message, message_id)
        if not system_id and message_id not in may.messages:
            return Judgement(Decision.REFUSE, f"{what} to no aircraft in particular")
        return Judgement(Decision.PASS if allowed else Decision.REFUSE, what, acts=True)

    def _acting(self, message: Any, message_id: int) -> tuple[str, bool]:
        may, kind = self.permissions, message.get_type()
        if message_id == SETUP_SIGNING:
            return kind, False  # it carries a key in clear, and takes the aircraft from us
        if message_id in _COMMANDS:
            allowed = message.command in may.commands or (may.rates and message.command == _SET_INTERVAL)
            return command_name(message.command), allowed
        if message_id == _SET_MODE:
            return kind, _DO_SET_MODE in may.commands
        if message_id == _MISSION_SET_CURRENT:
            return kind, _SET_CURRENT in may.commands
        if message_id in (_MISSION_ITEM, _MISSION_ITEM_INT) and message.current in (2, 3):
            return f"guided {kind}", _DO_REPOSITION in may.commands
        if message_id in _PLAN_WRITES:
            return self._plan(kind, getattr(message, "mission_type", 0))
        if message_id in _PARAMETER_WRITES:
            name = str(message.param_id)
            return f"{kind} {name}", may.parameters and (may.fence or not name.upper().startswith("FENCE_"))
        return kind, message_id in may.messages

    def _plan(self, kind: str, mission_type: int) -> tuple[str, bool]:
        may = self.permissions
        allowed = {0: may.mission, 1: may.fence, 2: may.rally}
        names = {0: "mission", 1: "fence", 2: "rally"}
        return f"{kind} ({names.get(mission_type, 'all plans')})", allowed.get(mission_type, all(allowed.values()))

    def _file(self, message: Any, system_id: int) -> Judgement:
        data = bytes(message.payload)
        session, opcode, size = data[2], data[3], data[4]
        if opcode in (1, 2):
            self._writing = {w for w in self._writing if w[0] != system_id or (opcode == 1 and w[1] != session)}
        if opcode in _FTP_READS:
            return Judgement(Decision.PASS, message.get_type())
        if not system_id:
            return Judgement(Decision.REFUSE, "file writing to no aircraft in particular")
        if opcode == _FTP_WRITE:
            passes = (system_id, session) in self._writing
            return Judgement(Decision.PASS if passes else Decision.REFUSE, "writing a file", acts=True)
        paths = [p.decode("ascii", errors="replace") for p in data[12 : 12 + size].split(b"\0") if p]  # two to rename
        path, allowed = " ".join(paths), bool(paths) and all(self._may_write(p) for p in paths)
        if allowed and opcode in _FTP_OPENS:
            self._writing.add((system_id, session))
        return Judgement(Decision.PASS if allowed else Decision.REFUSE, f"writing file {path}", acts=True)

    def _may_write(self, path: str) -> bool:
        """Whether a path may be written: plans and parameters by their own permission, whatever else by ``files``."""
        may = self.permissions
        lower = path.lower().lstrip("/")
        if not lower.startswith("@"):
            return may.files
        if lower.startswith("@param"):
            return may.parameters and may.fence  # one file holds all, the fence's included
        if lower.startswith("@mission/"):
            kind = lower.removeprefix("@mission/").removesuffix(".dat")
            return kind in _FTP_FILES and bool(getattr(may, _FTP_FILES[kind]))
        return may.files
