"""``groundstation tlog info|cut|messages FILE``: what is in a flight's MAVLink recording, whoever wrote it."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from groundstation.core.errors import ConfigError, LinkError
from groundstation.link.frame import decode_frame, message_id_of, source_of
from groundstation.link.tlog_index import SourceSummary, TlogIndex, index_tlog, message_name
from groundstation.link.tlog_read import TlogRecord, open_tlog, scan_tlog
from missions.mavlink import mavlink2

_MOST_PLACES = 20


def run(options: argparse.Namespace) -> int:
    """Run one action; see :mod:`geofences.errors` for the exit codes."""
    index = index_tlog(options.file)
    if options.action == "info":
        document = describe(index)
        print(json.dumps(document, indent=1) if options.json else _text(document))
    elif options.action == "cut":
        document = cut(index, options)
        print(json.dumps(document) if options.json else f"{document['records']} packets into {document['out']}")
    else:
        try:
            _messages(index, options)
            sys.stdout.flush()
        except BrokenPipeError:  # "| head" has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def time_text(t_utc_us: int) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_of(word: str, index: TlogIndex, default_us: int) -> int:
    """A time on the command line. Raises :class:`ConfigError` when it is none."""
    if not word:
        return default_us
    try:
        if word[0] in "+-":
            base_us = index.start_utc_us if word[0] == "+" else index.end_utc_us
            return base_us + round(float(word) * 1e6)
        moment = datetime.fromisoformat(word)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"tlog: {word!r} is not a time", "write 2026-05-01T10:00:00Z, +90 (from the start) or --from=-30"
        ) from error


def _source(source: tuple[int, int], summary: SourceSummary, index: TlogIndex) -> dict[str, Any]:
    types, autopilots = (mavlink2.enums[n] for n in ("MAV_TYPE", "MAV_AUTOPILOT"))
    kind = types.get(summary.mav_type)
    autopilot = autopilots.get(summary.autopilot)
    statistics = summary.statistics
    total = statistics.received + statistics.lost
    return {
        "system": source[0],
        "component": source[1],
        "direction": "out" if index.is_ground(source) else "in",
        "type": kind.name.removeprefix("MAV_TYPE_").lower() if kind is not None else "",
        "autopilot": autopilot.name.removeprefix("MAV_AUTOPILOT_").lower() if autopilot is not None else "",
        "packets": sum(summary.messages.values()),
        "lost": statistics.lost,
        "loss": round(statistics.lost / total, 5) if total else 0.0,
        "restarts": statistics.restarts,
        "first": time_text(summary.first_utc_us),
        "last": time_text(summary.last_utc_us),
    }


def describe(index: TlogIndex) -> dict[str, Any]:
    """What ``info --json`` prints."""
    sources = [(s, m, _source(s, m, index)) for s, m in sorted(index.sources.items())]
    return {
        "file": str(index.path),
        "bytes": index.size_bytes,
        "records": index.records,
        "start": time_text(index.start_utc_us),
        "end": time_text(index.end_utc_us),
        "duration_s": round((index.end_utc_us - index.start_utc_us) / 1e6, 3),
        "aircraft": [d for _, m, d in sources if m.is_aircraft],
        "others": [d for _, m, d in sources if not m.is_aircraft],
        "messages": dict(index.message_counts().most_common()),
        "gaps": [
            {"from": time_text(g.from_utc_us), "to": time_text(g.to_utc_us),
             "seconds": round((g.to_utc_us - g.from_utc_us) / 1e6, 3)} for g in index.gaps
        ],
        "clock_steps_back": index.clock_steps_back,
        "damage": {
            "bytes": index.damaged_bytes,
            "cut_bytes": index.cut_bytes,
            "places": [{"offset": d.offset, "bytes": d.size_bytes} for d in index.damage[:_MOST_PLACES]],
        },
    }  # fmt: skip


def _text(document: dict[str, Any]) -> str:
    lines = [
        f"{document['file']}: {document['records']} packets, {document['duration_s']:.1f} s",
        f"  from {document['start']} to {document['end']}",
    ]
    for each in (*document["aircraft"], *document["others"]):
        what = " ".join(w for w in (each["type"], each["autopilot"]) if w)
        lines.append(
            f"  {each['system']}.{each['component']} {each['direction']:3} {what}: {each['packets']} packets,"
            f" {each['loss']:.2%} lost"
        )
    lines += [f"  gap of {g['seconds']:.1f} s from {g['from']}" for g in document["gaps"][:_MOST_PLACES]]
    if document["clock_steps_back"]:
        lines.append(f"  the clock was set back {document['clock_steps_back']} time(s)")
    damage = document["damage"]
    if damage["bytes"]:
        lines.append(f"  {damage['bytes']} damaged bytes, the first at {damage['places'][0]['offset']}")
    if damage["cut_bytes"]:
        lines.append(f"  the last record is cut off ({damage['cut_bytes']} bytes)")
    counts = "  ".join(f"{name} {count}" for name, count in document["messages"].items())
    return "\n".join([*lines, f"  {counts}"])


def _chosen(index: TlogIndex, options: argparse.Namespace) -> Iterator[TlogRecord]:
    begin_us = time_of(options.begin, index, 0)
    end_us = time_of(options.end, index, 1 << 62)
    if begin_us > end_us:
        raise ConfigError("tlog: --from is after --to", "exchange them")
    with open_tlog(index.path) as data:
        for item in scan_tlog(data, index.offset_of(begin_us)):
            if not isinstance(item, TlogRecord) or not begin_us <= item.t_utc_us <= end_us:
                continue
            if not options.system or source_of(item.packet)[0] == options.system:
                yield item


def cut(index: TlogIndex, options: argparse.Namespace) -> dict[str, Any]:
    """Write the chosen records. Raises :class:`LinkError` for a file that exists or cannot be written."""
    records = 0
    try:
        with options.out.open("xb") as file:
            for record in _chosen(index, options):
                file.write(record.t_utc_us.to_bytes(8, "big") + record.packet)
                records += 1
    except FileExistsError as error:
        raise LinkError(f"{options.out}: exists already", "name another file with --out") from error
    except OSError as error:
        raise LinkError(f"{options.out}: cannot be written: {error.strerror}", "choose another place") from error
    if not records:
        options.out.unlink()
        raise LinkError(f"{index.path}: no packet in that time", f"it goes from {time_text(index.start_utc_us)} on")
    return {"out": str(options.out), "records": records}


def plain(value: Any) -> Any:
    """A field as JSON can hold it: what is no number is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value if isinstance(value, int | str) else str(value)


def _messages(index: TlogIndex, options: argparse.Namespace) -> None:
    wanted = {name.upper() for name in options.type}
    unknown = wanted - set(index.message_counts())
    if unknown:
        known = ", ".join(sorted(index.message_counts()))
        raise ConfigError(f"tlog: no {', '.join(sorted(unknown))} in {index.path}", f"it holds {known}")
    printed = 0
    for record in _chosen(index, options):
        name = message_name(message_id_of(record.packet))
        if wanted and name not in wanted:
            continue
        source = source_of(record.packet)
        message = decode_frame(record.packet)
        fields = {} if message is None else {f: message.format_attr(f) for f in message.get_fieldnames()}
        if options.json:
            line = {"t": time_text(record.t_utc_us), "t_utc_us": record.t_utc_us, "system": source[0],
                    "component": source[1], "direction": "out" if index.is_ground(source) else "in", "type": name,
                    "fields": {k: plain(v) for k, v in fields.items()}}  # fmt: skip
            print(json.dumps(line, allow_nan=False))
        else:
            words = " ".join(f"{k}={v}" for k, v in fields.items())
            sys.stdout.write(f"{time_text(record.t_utc_us)} {source[0]}.{source[1]} {name} {words}\n")
        printed += 1
        if options.limit and printed >= options.limit:
            return
