"""CoT events: only what was released, only Zulu times, an honest height or none."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import pytest

from groundstation.share.gateways.cot import POLICY_TAG, UNKNOWN, event, height, utc_text
from tests.unit.share_gateways.things import T0_UTC_US, told

NOW = T0_UTC_US + 250_000


def parse(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def test_a_track_as_an_event() -> None:
    e = parse(event(told(), NOW, 30.0, None, None))
    assert e.attrib["type"] == "a-u-G"
    assert e.attrib["uid"] == "marchwarden.a.takx-1"
    assert e.attrib["time"] == utc_text(NOW)
    assert e.attrib["start"] == utc_text(T0_UTC_US)
    assert e.attrib["stale"] == utc_text(NOW + 30_000_000)
    assert all(e.attrib[k].endswith("Z") for k in ("time", "start", "stale"))
    point = e.find("point")
    assert point is not None
    assert (point.attrib["lat"], point.attrib["lon"]) == ("47.1234567", "15.7654321")
    # One sigma, rounded up: 4.6 / 2.146 = 2.143
    assert point.attrib["ce"] == "2.2"
    assert point.attrib["hae"] == point.attrib["le"] == UNKNOWN
    track = e.find("detail/track")
    assert track is not None
    assert track.attrib == {"course": "135.0", "speed": "1.41"}
    policy = e.find(f"detail/{POLICY_TAG}")
    assert policy is not None
    assert policy.attrib["recall"] == "none"
    assert policy.attrib["releasableTo"] == "tak"
    assert policy.attrib["ce90_m"] == "4.6"


def test_nothing_that_was_not_released_is_in_it() -> None:
    e = parse(
        event(
            told(body={"class": "person", "lat_deg": 1.0, "lon_deg": 2.0, "t_utc_us": T0_UTC_US}), NOW, 30.0, None, None
        )
    )
    point = e.find("point")
    assert point is not None
    assert point.attrib["ce"] == UNKNOWN
    assert e.find("detail/track") is None
    assert e.find("detail/remarks") is None


def test_the_end_deletes_and_says_no_place() -> None:
    e = parse(event(told(kind="track_end", body={"state": "left_area", "t_utc_us": T0_UTC_US}), NOW, 30.0, None, None))
    assert e.attrib["type"] == "t-x-d-d"
    link = e.find("detail/link")
    assert link is not None
    assert link.attrib["uid"] == "marchwarden.a.takx-1"
    point = e.find("point")
    assert point is not None
    assert (point.attrib["lat"], point.attrib["lon"]) == ("0.0", "0.0")


def test_stale_never_comes_after_the_agreement() -> None:
    e = parse(event(told(valid_until_utc_us=NOW + 5_000_000), NOW, 30.0, None, None))
    assert e.attrib["stale"] == utc_text(NOW + 5_000_000)


def test_an_exercise_says_so_to_the_eye_and_to_the_machine() -> None:
    e = parse(event(told(exercise=True), NOW, 30.0, None, None))
    contact, policy = e.find("detail/contact"), e.find(f"detail/{POLICY_TAG}")
    assert contact is not None
    assert policy is not None
    assert contact.attrib["callsign"].startswith("EXERCISE ")
    assert policy.attrib["exercise"] == "1"


def test_characters_that_xml_cannot_hold_do_not_break_the_stream() -> None:
    e = parse(event(told(agreement_id='<&"\x00\ud800'), NOW, 30.0, None, None))
    policy = e.find(f"detail/{POLICY_TAG}")
    assert policy is not None
    assert policy.attrib["agreement"] == '<&"??'


def slope(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    return 300.0 + (lat_deg - 47.0) * 111_000.0 * 0.5, 1.0


def test_a_height_above_the_ellipsoid_is_terrain_plus_geoid_with_an_error_that_covers_the_slope() -> None:
    known = height(47.0, 15.0, 10.0, 47.2, slope)
    assert known is not None
    hae_m, le_m = known
    assert hae_m == pytest.approx(347.2)
    # Half a metre up a metre: 5 m within one sigma, with the terrain's 1 m and the geoid's 2 m.
    assert le_m == pytest.approx(math.sqrt(25 + 1 + 4), rel=0.01)


@pytest.mark.parametrize(
    ("sigma_m", "geoid_m", "ground"),
    [
        (10.0, None, slope),
        (10.0, 47.2, None),
        (math.nan, 47.2, slope),
        (10.0, 47.2, lambda lat, lon: (math.nan, 1.0)),
        (10.0, 47.2, lambda lat, lon: (300.0 if (lat, lon) == (47.0, 15.0) else math.nan, 1.0)),
    ],
)
def test_a_height_that_is_not_known_is_not_made_up(sigma_m: float, geoid_m: float | None, ground: object) -> None:
    assert height(47.0, 15.0, sigma_m, geoid_m, ground) is None  # type: ignore[arg-type]


def test_midnight_and_milliseconds() -> None:
    assert utc_text(0) == "1970-01-01T00:00:00.000Z"
    assert utc_text(1_790_000_000_999_999).endswith(".999Z")
