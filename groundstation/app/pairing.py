"""Two stations on one machine that know each other: certificates of their own, one agreement, the neighbour's file."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from geofences.area import Area
from groundstation.share.agreement import Agreement
from groundstation.share.agreement_signed import make_signed
from groundstation.share.certificates import make_pair
from groundstation.share.corridor import Corridor

CORRIDOR_WIDTH_M = 40.0
"""How far from the line the demonstration's agreement reaches, on either side."""

_VALID_DAYS = 2.0


@dataclass(frozen=True)
class Paired:
    """What the own station needs of the pair."""

    own_certificate: Path
    own_key: Path
    neighbour_ca: Path
    agreement: Path
    neighbour_config: Path


def write_neighbour(out: Path, area: Area, own: str, neighbour: str, port: int) -> Paired:
    """Make both stations' certificates, the agreement and ``neighbour.toml`` below ``out``.

    Each side gets the other's authority and never its key. The neighbour listens on ``port`` of the loopback interface
    and has no aircraft of its own.
    """
    folder = out / "pairing"
    own_files = make_pair(folder / own, own, days=_VALID_DAYS)
    neighbour_files = make_pair(folder / neighbour, neighbour, days=_VALID_DAYS)
    now_us = time.time_ns() // 1000
    agreement = folder / "agreement.json"
    make_signed(
        Agreement(
            agreement_id=f"{own}-{neighbour}-demo",
            parties=(own, neighbour),
            valid_from_utc_us=now_us - 60_000_000,
            valid_until_utc_us=now_us + round(_VALID_DAYS * 86_400e6),
            corridor=Corridor(area.border.points, CORRIDOR_WIDTH_M),
        ),
        agreement,
        {own: out, neighbour: out / "neighbour"},
        now_us,
    )
    config = out / "neighbour.toml"
    values = {
        "station": {"name": neighbour, "data_dir": "neighbour"},
        "share": {
            "certificate": str(neighbour_files.certificate.relative_to(out)),
            "key": str(neighbour_files.key.relative_to(out)),
        },
        "share.peers": {
            "name": own,
            "listen": f"127.0.0.1:{port}",
            "ca": str(own_files.authority.relative_to(out)),
            "agreement": "pairing/agreement.json",
        },
    }
    lines: list[str] = []
    for table, content in values.items():
        lines.append(f"[[{table}]]" if table == "share.peers" else f"[{table}]")
        # JSON strings are TOML strings.
        lines += [f"{name} = {json.dumps(value)}" for name, value in content.items()]
        lines.append("")
    config.write_text("\n".join(lines), encoding="utf-8")
    return Paired(own_files.certificate, own_files.key, neighbour_files.authority, agreement, config)
