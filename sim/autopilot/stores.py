"""The three item lists as the vehicle keeps them: mission (in place, not atomic), fence (whole or not at all), rally."""

from __future__ import annotations

from collections.abc import Callable

from missions.mavlink import mavlink2 as m
from sim.autopilot.fence_items import MAX_FENCE_ITEMS, FenceInvalidError, FenceShapes, build_shapes, store_fence_item
from sim.autopilot.items import Item, store_mission_item, valid_lat_lon
from sim.autopilot.parameters import Parameters

MAX_MISSION_ITEMS = 650
MAX_RALLY_ITEMS = 20
_RALLY_FRAMES: dict[int, int] = {
    m.MAV_FRAME_GLOBAL: m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL_INT: m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT: m.MAV_FRAME_GLOBAL_TERRAIN_ALT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT: m.MAV_FRAME_GLOBAL_TERRAIN_ALT,
}


class MissionStore:
    """The mission. Sequence number 0 is home, whatever a ground station sends there.

    Items are replaced in place as they arrive: a cut upload leaves a mixture, as on the real vehicle.
    """

    max_items = MAX_MISSION_ITEMS
    has_home = True

    def __init__(self, parameters: Parameters, home_item: Callable[[], Item]) -> None:
        self._parameters = parameters
        self._home_item = home_item
        self._items: list[Item] = []
        self._arriving = 0
        self.on_complete: Callable[[], None] = lambda: None
        self.may_clear: Callable[[], bool] = lambda: True

    def count(self) -> int:
        """Items with home; an empty list counts 0, as after a clear."""
        return len(self._items)

    def get(self, seq: int) -> Item:
        """Item ``seq``; home for 0."""
        return self._home_item() if seq == 0 else self._items[seq]

    def begin(self, count: int) -> None:
        """Cut the list to ``count``: the rest goes at once."""
        self._arriving = count
        del self._items[count:]
        self._tell_total()

    def put(self, seq: int, item: Item) -> int:
        """Replace or append; the ``MAV_MISSION_RESULT`` of a bad item ends the upload."""
        if seq == 0:
            stored = self._home_item()
            result = int(m.MAV_MISSION_ACCEPTED)
        else:
            result, stored = store_mission_item(item)
            if item.command == m.MAV_CMD_DO_JUMP and not 1 <= item.param1 < max(len(self._items), self._arriving):
                result = int(m.MAV_MISSION_ERROR)
        if result != m.MAV_MISSION_ACCEPTED:
            return result
        if seq < len(self._items):
            self._items[seq] = stored
        elif seq == len(self._items):
            self._items.append(stored)
        else:
            return int(m.MAV_MISSION_ERROR)
        self._tell_total()
        return result

    def complete(self) -> tuple[int, tuple[str, ...]]:
        """The upload is whole."""
        self._arriving = 0
        self.on_complete()
        return int(m.MAV_MISSION_ACCEPTED), ("Flight plan received",)

    def abandon(self) -> None:
        """What came stays, and what was behind it too."""
        self._arriving = 0

    def clear(self) -> bool:
        """Empty the list, unless it is being flown."""
        if not self.may_clear():
            return False
        self._items.clear()
        self._tell_total()
        self.on_complete()
        return True

    def _tell_total(self) -> None:
        self._parameters.put("MIS_TOTAL", len(self._items))


class FenceStore:
    """The fence. Nothing changes before the whole list is in and valid."""

    max_items = MAX_FENCE_ITEMS
    has_home = False

    def __init__(self, parameters: Parameters, on_change: Callable[[FenceShapes], None]) -> None:
        self._parameters = parameters
        self._on_change = on_change
        self._items: list[Item] = []
        self._arriving: list[Item] = []
        self.refuses_all = False
        """Answers ERROR to every fence and says nothing; for a misbehaviour."""

    def count(self) -> int:
        """Items in force."""
        return len(self._items)

    def get(self, seq: int) -> Item:
        """Item in force."""
        return self._items[seq]

    def begin(self, count: int) -> None:
        """Make room beside the fence in force."""
        self._arriving = []

    def put(self, seq: int, item: Item) -> int:
        """Check and keep one; only the whole list is checked for sense."""
        result, stored = store_fence_item(item)
        if result == m.MAV_MISSION_ACCEPTED:
            self._arriving.append(stored)
        return result

    def complete(self) -> tuple[int, tuple[str, ...]]:
        """Check the whole; ERROR without an index, and the reason only as text."""
        arrived, self._arriving = self._arriving, []
        if self.refuses_all:
            return int(m.MAV_MISSION_ERROR), ()
        try:
            shapes = build_shapes(arrived)
        except FenceInvalidError as error:
            return int(m.MAV_MISSION_ERROR), (str(error), "Fence validation failed")
        self._set(arrived, shapes)
        return int(m.MAV_MISSION_ACCEPTED), ("Fence Indexed OK",)

    def _set(self, items: list[Item], shapes: FenceShapes) -> None:
        self._items = items
        self._parameters.put("FENCE_TOTAL", len(items))
        self._on_change(shapes)

    def abandon(self) -> None:
        """The old fence stays whole."""
        self._arriving = []

    def clear(self) -> bool:
        """No areas any more."""
        self._set([], FenceShapes())
        return True


class RallyStore:
    """Rally points; the fraction of a metre of their height is not kept."""

    max_items = MAX_RALLY_ITEMS
    has_home = False

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._items: list[Item] = []

    @property
    def points(self) -> tuple[Item, ...]:
        """All of them."""
        return tuple(self._items)

    def count(self) -> int:
        """How many."""
        return len(self._items)

    def get(self, seq: int) -> Item:
        """One of them."""
        return self._items[seq]

    def begin(self, count: int) -> None:
        """Cut the list."""
        del self._items[count:]

    def put(self, seq: int, item: Item) -> int:
        """Replace or append."""
        if item.command != m.MAV_CMD_NAV_RALLY_POINT:
            return int(m.MAV_MISSION_UNSUPPORTED)
        if not valid_lat_lon(item.x, 0):
            return int(m.MAV_MISSION_INVALID_PARAM5_X)
        if not valid_lat_lon(0, item.y):
            return int(m.MAV_MISSION_INVALID_PARAM6_Y)
        if not -32768 <= item.z <= 32767:
            return int(m.MAV_MISSION_INVALID_PARAM7)
        if item.frame not in _RALLY_FRAMES:
            return int(m.MAV_MISSION_UNSUPPORTED_FRAME)
        stored = Item(item.command, _RALLY_FRAMES[item.frame], x=item.x, y=item.y, z=float(int(item.z)), autocontinue=0)
        if seq < len(self._items):
            self._items[seq] = stored
        elif seq == len(self._items):
            self._items.append(stored)
        else:
            return int(m.MAV_MISSION_ERROR)
        self._parameters.put("RALLY_TOTAL", len(self._items))
        return int(m.MAV_MISSION_ACCEPTED)

    def complete(self) -> tuple[int, tuple[str, ...]]:
        """Nothing to check in the whole."""
        self._parameters.put("RALLY_TOTAL", len(self._items))
        return int(m.MAV_MISSION_ACCEPTED), ()

    def abandon(self) -> None:
        """What came stays."""

    def clear(self) -> bool:
        """None left."""
        self._items.clear()
        self._parameters.put("RALLY_TOTAL", 0)
        return True
