from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundstation.core.errors import ConfigError
from groundstation.share.agreement_file import read_draft, write_draft
from tests.unit.share.things import agreement

GOOD = """
id = "AB-1"
parties = ["a", "b"]
valid_from = 2026-01-01T00:00:00Z
valid_until = 2027-01-01T00:00:00+01:00
kinds = ["incident", "track"]
fields = ["time", "category", "position"]
max_rate_hz = 2

[corridor]
width_m = 500
border = [[47.0, 15.0], [47.0, 15.1]]
"""


def read(tmp_path: Path, text: str, name: str = "agreement.toml") -> object:
    path = tmp_path / name
    path.write_text(text)
    return read_draft(path)


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "agreement.toml"
    path.write_text(GOOD)
    found = read_draft(path)
    assert found.valid_from_utc_us == 1_767_225_600_000_000
    assert found.valid_until_utc_us == 1_798_758_000_000_000
    assert found.fields == ("category", "position", "time")
    assert (found.max_rate_hz, found.corridor.width_m) == (2.0, 500.0)
    assert found.categories == ("person", "vehicle", "two-wheeler")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_draft(agreement(), tmp_path / "agreement.toml")
    found = read_draft(tmp_path / "agreement.toml")
    assert found == agreement()
    assert found.digest() == agreement().digest()


def test_json_has_the_same_keys(tmp_path: Path) -> None:
    document = {
        "id": "AB-1",
        "parties": ["a", "b"],
        "valid_from": "2026-01-01T00:00:00Z",
        "valid_until": "2027-01-01T00:00:00+01:00",
        "kinds": ["track", "incident"],
        "fields": ["category", "position", "time"],
        "max_rate_hz": 2,
        "corridor": {"width_m": 500, "border": [[47.0, 15.0], [47.0, 15.1]]},
    }
    assert read(tmp_path, json.dumps(document), "agreement.json") == read(tmp_path, GOOD)


def test_the_border_of_an_area_file(tmp_path: Path) -> None:
    features = [
        {
            "properties": {"role": "border", "left": "A", "right": "B", "own": "A"},
            "geometry": {"type": "LineString", "coordinates": [[15.0, 47.0], [15.1, 47.0]]},
        },
        {"properties": {"role": "launch", "name": "L"}, "geometry": {"type": "Point", "coordinates": [15.0, 47.0]}},
    ]
    (tmp_path / "area.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    text = GOOD.replace("border = [[47.0, 15.0], [47.0, 15.1]]", 'area_file = "area.geojson"')
    named = GOOD.replace("width_m = 500", 'width_m = 500\nleft = "A"\nright = "B"')
    assert read(tmp_path, text) == read(tmp_path, named)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "AB-1"', "", "id: is missing"),
        ('id = "AB-1"', 'id = "A B"', "id: 'A B'"),
        ('["a", "b"]', '["a"]', "parties"),
        ('["a", "b"]', '["a", "a"]', "parties"),
        ('["a", "b"]', '["a", "b/**"]', "parties"),
        ("2026-01-01T00:00:00Z", "2026-01-01", "valid_from"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "valid_from"),
        ("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "valid_until: is not after"),
        ('"incident", "track"', '"incident", "video"', "kinds"),
        ('"incident", "track"', "", "kinds"),
        ('"time", "category"', '"time", "name"', "fields"),
        ('"time", "category"', '"time", "time"', "fields"),
        ('"time", "category", "position"', '"category", "position"', "fields: without 'time'"),
        ("max_rate_hz = 2", "max_rate_hz = 0", "max_rate_hz"),
        ("max_rate_hz = 2", "max_rate_hz = nan", "max_rate_hz"),
        ("max_rate_hz = 2", "max_rate_hz = true", "max_rate_hz"),
        ("max_rate_hz = 2", "max_rate = 2", "did you mean max_rate_hz"),
        ("max_rate_hz = 2", 'purpose = "Curiosity"', "purpose"),
        ("width_m = 500", "width_m = -5", r"corridor\.width_m"),
        ("width_m = 500", "width = 500", r"corridor\.width"),
        ("[47.0, 15.1]", "[147.0, 15.1]", r"corridor\.border"),
        ("[47.0, 15.1]", "[47.0, 15.0]", r"corridor\.border"),
        ("border = [[47.0, 15.0], [47.0, 15.1]]", "", "corridor: needs either"),
        ('id = "AB-1"', "id = ", "damaged"),
    ],
)
def test_anything_odd_is_refused_and_named(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=f"agreement.toml.*{place}"):
        read(tmp_path, GOOD.replace(old, new))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        read_draft(tmp_path / "none.toml")
