"""What the vehicle's files hold: item lists (``AP_Filesystem_Mission``) and parameters (``AP_Filesystem_Param``)."""

from __future__ import annotations

import struct

from missions.mavlink import mavlink2 as m
from sim.autopilot.items import Item
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameters
from sim.autopilot.transfer import ItemStore

FILE_TYPES: dict[str, int] = {
    "@MISSION/mission.dat": int(m.MAV_MISSION_TYPE_MISSION),
    "@MISSION/fence.dat": int(m.MAV_MISSION_TYPE_FENCE),
    "@MISSION/rally.dat": int(m.MAV_MISSION_TYPE_RALLY),
}
_LIST_MAGIC, _PARAMETER_MAGIC = 0x763D, 0x671B
_LIST_HEADER = struct.Struct("<HHHHH")
_LIST_ITEM = struct.Struct("<ffffiifHHBBBBBB")
# MAV_PARAM_TYPE -> the vehicle's own type number and its layout.
_TYPES = {
    m.MAV_PARAM_TYPE_INT8: (1, "<b"),
    m.MAV_PARAM_TYPE_INT16: (2, "<h"),
    m.MAV_PARAM_TYPE_INT32: (3, "<i"),
    m.MAV_PARAM_TYPE_REAL32: (4, "<f"),
}


def list_file(mission_type: int, store: ItemStore) -> bytes:
    """A list as it is read."""
    count = store.count()
    parts = [_LIST_HEADER.pack(_LIST_MAGIC, mission_type, 0, 0, count)]
    for seq in range(count):
        i = store.get(seq)
        parts.append(
            _LIST_ITEM.pack(
                i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z, seq, i.command,
                0, 0, i.frame, 0, i.autocontinue, mission_type,
            )
        )  # fmt: skip
    return b"".join(parts)


def finish_list(mission_type: int, store: ItemStore, data: bytes, outbox: Outbox) -> bool:
    """Take a list that was written; False for one that is not whole or holds what the vehicle does not take.

    As on the vehicle a mission and rally points are cleared before the first item is looked at: what is refused half-way
    leaves the items before it.
    """
    if len(data) < _LIST_HEADER.size:
        return False
    magic, _, options, start, count = _LIST_HEADER.unpack_from(data)
    if magic != _LIST_MAGIC or (len(data) - _LIST_HEADER.size) // _LIST_ITEM.size != count:
        return False
    raw = [data[_LIST_HEADER.size + n * _LIST_ITEM.size :][: _LIST_ITEM.size] for n in range(count)]
    if any(not any(each) for each in raw):
        return False  # the client did not fill the whole file
    if options & 1 or start:
        return False  # adding to a list is not modelled
    if count > store.max_items:
        if mission_type != m.MAV_MISSION_TYPE_FENCE:
            store.clear()
        return False
    store.begin(0)
    store.begin(count)
    for seq, each in enumerate(raw):
        p1, p2, p3, p4, x, y, z, _, command, _, _, frame, _, autocontinue, _ = _LIST_ITEM.unpack(each)
        if command == m.MAV_CMD_DO_JUMP and not 1 <= p1 < count:
            store.abandon()
            return False
        if store.put(seq, Item(command, frame, p1, p2, p3, p4, x, y, z, autocontinue)) != m.MAV_MISSION_ACCEPTED:
            store.abandon()
            return False
    result, texts = store.complete()
    if mission_type == m.MAV_MISSION_TYPE_FENCE:
        for text in texts:
            accepted = result == m.MAV_MISSION_ACCEPTED
            outbox.text(m.MAV_SEVERITY_INFO if accepted else m.MAV_SEVERITY_WARNING, text)
    return bool(result == m.MAV_MISSION_ACCEPTED)


def packed_parameters(parameters: Parameters, read_size: int) -> bytes:
    """``param.pck``: names share their beginning with the one before; no value crosses a multiple of ``read_size``."""
    count = len(parameters)
    out = bytearray(struct.pack("<HHH", _PARAMETER_MAGIC, count, count))
    last = ""
    for index in range(count):
        parameter = parameters.by_index(index)
        assert parameter is not None
        kind, layout = _TYPES[parameter.kind]
        value: float | int = parameter.value if layout == "<f" else int(parameter.value)
        data = struct.pack(layout, value)
        name = parameter.name
        common = 0
        while common < min(len(name), len(last)) and name[common] == last[common]:
            common += 1
        if common == len(name):
            common -= 1
        rest = name[common:].encode("ascii")
        over = (len(out) + 2 + len(rest) + len(data)) % read_size
        if len(data) > 1 and 0 < over < len(data):
            out += bytes(len(data) - over)
        out += bytes([kind, common | (len(rest) - 1) << 4]) + rest + data
        last = name
    return bytes(out)
