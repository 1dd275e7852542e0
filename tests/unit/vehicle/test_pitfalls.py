"""The table of ArduPilot's pitfalls (docs/mavlink_pitfalls.md): every test that it names exists, and the wire is MAVLink 2."""

import ast
import re
from pathlib import Path

from missions.mavlink import mavlink2

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(r"`((?:unit|sitl|protocol)/[\w/]+\.py)::(\w+)`")


def test_every_test_of_the_table_exists():
    named = NAMED.findall((ROOT / "docs" / "mavlink_pitfalls.md").read_text(encoding="utf-8"))
    assert len(named) > 60
    known = {
        file: {node.name for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef)}
        for file in {file for file, _ in named}
    }
    assert [f"{file}::{name}" for file, name in named if name not in known[file]] == []


def test_every_line_of_the_table_names_one():
    lines = (ROOT / "docs" / "mavlink_pitfalls.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| what happens")]
    assert rows
    assert [row for row in rows if not NAMED.search(row)] == []


def test_the_library_speaks_mavlink_2_from_the_start():
    assert mavlink2.WIRE_PROTOCOL_VERSION == "2.0"
    assert mavlink2.MAVLink_heartbeat_message(2, 3, 0, 0, 0, 3).pack(mavlink2.MAVLink(None))[0] == 0xFD


def _tree(file):
    return ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
