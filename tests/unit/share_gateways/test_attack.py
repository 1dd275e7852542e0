"""An attack on the gateways: whatever the station sees and whatever is agreed, what leaves as bytes is within the agreement.

Everything is driven through the real gate and the real writers; then the *bytes* are read back by parsers that share no
code with the writers, and judged against the agreement by arithmetic of the test's own.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pyproj
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundstation.share.agreement import FIELDS, Agreement, GatewayAllowance
from groundstation.share.coarsening import coarse_place
from groundstation.share.gateways.asterix import blocks, record
from groundstation.share.gateways.cot import event
from groundstation.share.gateways.feed import Feed
from groundstation.share.gateways.gate import ReleaseGate
from tests.unit.share_gateways.things import (
    BORDER,
    T0_UTC_US,
    FakeLedger,
    incident,
    tak_agreement,
    tracks,
)
from vision.records import TrackStatus

pyasteryx = pytest.importorskip("pyasteryx", reason="pyasteryx, the second decoder, is in the dev extra")

SECRETS = ("cam1", "secret-incident-id", "free text", "Kestrel", "20260101", "0.97")
GEOD = pyproj.Geod(ellps="WGS84")
HOUR_US = 3_600_000_000

# Most clauses allow most of the time: an attack on a gate that lets nothing pass proves nothing.
fields = st.sampled_from(
    [FIELDS, FIELDS, ("category", "position", "time"), ("position",), ("time",), ("category", "accuracy")]
)
agreements = st.builds(
    tak_agreement,
    kinds=st.sampled_from([("track", "incident", "loitering"), ("track", "incident"), ("track",), ("incident",)]),
    fields=st.sampled_from([FIELDS, ("category", "position", "time"), ("category", "position", "time", "velocity")]),
    categories=st.sampled_from([("person", "vehicle", "two-wheeler"), ("person",), ("vehicle",)]),
    grid_m=st.sampled_from([0.0, 50.0, 200.0]),
    velocity_step_m_s=st.sampled_from([0.0, 1.0]),
    delay_s=st.sampled_from([0.0, 0.0, 3.0]),
    max_rate_hz=st.sampled_from([10.0, 1.0, 0.5]),
    valid_from_utc_us=st.sampled_from([T0_UTC_US - HOUR_US, T0_UTC_US - HOUR_US, T0_UTC_US + 3_000_000]),
    valid_until_utc_us=st.sampled_from([T0_UTC_US + HOUR_US, T0_UTC_US + HOUR_US, T0_UTC_US + 6_000_000]),
    gateways=st.lists(st.sampled_from(["cot", "asterix", "geojson"]), unique=True, min_size=2).flatmap(
        lambda names: st.tuples(*[st.builds(GatewayAllowance, st.just(n), fields) for n in names])
    ),
    agreement_id=st.sampled_from(["AB-1", "AB-1", "AB-1", "EX-1"]),
)
# 500 m of the border are 0.0045 degrees of latitude.
places = st.tuples(
    st.sampled_from([47.001, 46.999, 47.0044, 47.0046, 46.9954, 47.01, 46.98]) | st.floats(46.99, 47.01),
    st.floats(14.98, 15.12) | st.sampled_from([15.05, 15.0, 14.994]),
)
steps = st.lists(
    st.tuples(
        st.lists(places, min_size=1, max_size=3),
        st.sampled_from(["cam1", "cam1", "cam1", "ex-cam1"]),
        st.sampled_from([TrackStatus.CONFIRMED] * 4 + [TrackStatus.TENTATIVE, TrackStatus.COASTING]),
        st.sampled_from(["crossing", "loitering", "none", "none"]),
        st.sampled_from(["person", "vehicle"]),
    ),
    min_size=4,
    max_size=10,
)


def distance_m(lat: float, lon: float) -> float:
    """To the border, by dense points on it and the geodesic, which the product does not use."""
    best = math.inf
    for (lat1, lon1), (lat2, lon2) in pairwise(BORDER):
        for i in range(21):
            f = i / 20
            best = min(best, GEOD.inv(lon, lat, lon1 + f * (lon2 - lon1), lat1 + f * (lat2 - lat1))[2])
    return best


def time_us(text: str) -> int:
    assert text.endswith("Z")
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


def within_the_agreement(made: Agreement, via: str, seen: dict[str, Any], now_us: int) -> None:
    """``seen``: what somebody can read of one thing in the bytes."""
    (allowance,) = [g for g in made.gateways if g.name == via]
    allowed = set(made.fields) & set(allowance.fields)
    assert made.valid_from_utc_us <= now_us < made.valid_until_utc_us
    if "lat" in seen:
        assert "position" in allowed
        # A point every 38 m along the line: at 500 m that is 0.4 m too far at most; formats cut at a metre.
        assert distance_m(seen["lat"], seen["lon"]) <= 500.0 + 2.0
    if seen.get("class"):
        assert "category" in allowed
        assert seen["class"] in made.categories
    if "velocity" in seen:
        assert "velocity" in allowed
        if made.velocity_step_m_s:
            assert all(abs(v - round(v)) < 0.02 for v in seen["velocity"])
    if "accuracy" in seen:
        assert "accuracy" in allowed
        assert seen["accuracy"] * 2.146 >= made.grid_m / math.sqrt(2.0) - 0.1
    if seen["kind"] in ("track", "incident"):
        if "time" in allowed:
            assert now_us - seen["time"] >= made.delay_s * 1e6 - 8_000
        else:
            # Not told: what stands in its place is the time of sending.
            assert seen["time"] is None or abs(now_us - seen["time"]) <= 8_000
    if "lat" in seen and made.grid_m:
        lat, lon, _ = coarse_place(seen["lat"], seen["lon"], made.grid_m)
        assert (lat, lon) == pytest.approx((seen["lat"], seen["lon"]), abs=6e-6)
    if seen["kind"] in ("track", "incident"):
        assert seen["kind"] in made.kinds


def of_cot(data: bytes, now_us: int) -> dict[str, Any]:
    e = ElementTree.fromstring(data)
    point, policy = e.find("point"), e.find("detail/__marchwarden")
    assert point is not None
    assert policy is not None
    seen: dict[str, Any] = {"kind": policy.attrib["kind"]}
    if point.attrib["lat"] != "0.0":
        seen |= {"lat": float(point.attrib["lat"]), "lon": float(point.attrib["lon"])}
    if not point.attrib["ce"].startswith("9999999"):
        seen["accuracy"] = float(point.attrib["ce"])
    motion = e.find("detail/track")
    if motion is not None:
        course, speed = math.radians(float(motion.attrib["course"])), float(motion.attrib["speed"])
        seen["velocity"] = (speed * math.sin(course), speed * math.cos(course))
    contact = e.find("detail/contact")
    words = contact.attrib["callsign"].split() if contact is not None else []
    seen["class"] = next((w for w in words if w in ("person", "vehicle", "two-wheeler")), "")
    # A type of its own would tell the category, too.
    assert seen["class"] or e.attrib["type"] in ("a-u-G", "b-m-p-s-m", "t-x-d-d")
    seen["time"] = time_us(e.attrib["start"])
    assert 0 <= time_us(e.attrib["stale"]) - now_us <= 60_000_000
    return seen


def of_asterix(items: dict[str, Any], now_us: int) -> dict[str, Any]:
    end = items["I062/080"].get("TSE") == 1
    seen: dict[str, Any] = {"kind": "track_end" if end else "track"}
    if "I062/105" in items:
        seen |= {"lat": items["I062/105"]["Lat"], "lon": items["I062/105"]["Lon"]}
    if "I062/185" in items:
        seen["velocity"] = (items["I062/185"]["Vx"], items["I062/185"]["Vy"])
    if "I062/500" in items:
        seen["accuracy"] = items["I062/500"]["APC"]["APC_X"]
    day_us = 86_400_000_000
    seen["time"] = now_us // day_us * day_us + round(items["I062/070"]["ToT"] * 1e6)
    return seen


def of_geojson(feature: dict[str, Any]) -> dict[str, Any]:
    p = feature["properties"]
    known = {
        "kind", "agreement", "purpose", "marking", "released", "retain_until", "exercise", "incident_kind", "direction",
        "class", "time", "velocity_en_m_s", "ce90_m",
    }  # fmt: skip
    assert set(p) <= known
    lon, lat = feature["geometry"]["coordinates"]
    seen: dict[str, Any] = {"kind": p["kind"], "lat": lat, "lon": lon, "class": p.get("class", "")}
    if "velocity_en_m_s" in p:
        seen["velocity"] = p["velocity_en_m_s"]
    if "ce90_m" in p:
        seen["accuracy"] = p["ce90_m"] / 2.146
    seen["time"] = time_us(p["time"]) if "time" in p else None
    return seen


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(agreements, steps, st.sampled_from(["cot", "asterix", "geojson"]))
def test_nothing_outside_the_agreement_leaves_through_any_gateway(
    made: Agreement, flight: list[tuple[Any, ...]], via: str
) -> None:
    ledger = FakeLedger()
    gate = ReleaseGate("a", "tak", via, ledger, "takx", 20.0 if via == "cot" else 0.0)
    gate.set_agreement(made)
    feed = Feed("a", "tak")
    exercise = made.agreement_id.startswith("EX-")
    last: dict[str, int] = {}
    for i, (seen_places, stream, status, kind, class_name) in enumerate(flight):
        now = T0_UTC_US + i * 1_000_000
        gate.offer_tracks(tracks(*seen_places, t_utc_us=now, stream=stream, status=status))
        if kind != "none" and seen_places:
            lat, lon = seen_places[0]
            mark = {"track_id": "ex-cam1-1", "flight_id": "EX-20260101"} if stream == "ex-cam1" else {}
            made_incident = incident(
                incident_id=f"secret-incident-id-{stream}-{i % 3}",
                kind=kind,
                class_name=class_name,
                lat_deg=lat,
                lon_deg=lon,
                t_utc_us=now,
                t_raised_utc_us=now,
                direction="" if kind == "loitering" else "Belmark->Arvenia",
                **mark,
            )
            gate.offer_incident(made_incident)
        before = len(ledger.entries)
        told = gate.due(now)
        # As many as left stand in the log, and they stood there first.
        assert len(ledger.entries) - before == len(told)
        assert all(t.exercise == exercise for t in told)
        assert all(("ex-cam1" in e.subject) == exercise for e in ledger.entries)
        for t in told:
            if t.kind == "track" and t.name in last:
                assert t.body.get("t_utc_us", now) - last[t.name] >= 1e6 / made.max_rate_hz - 1
            last[t.name] = t.body.get("t_utc_us", now)
        if via == "cot":
            outs = [event(t, now, 30.0, 47.0, lambda lat, lon: (300.0, 1.0)) for t in told]
            for out in outs:
                within_the_agreement(made, via, of_cot(out, now), now)
            text = b"".join(outs).decode()
        elif via == "asterix":
            sent = [t for t in told if t.kind != "incident"]
            outs = blocks([record(t, n + 1, 1, 2, now) for n, t in enumerate(sent)])
            for block in outs:
                for message in pyasteryx.Decoder().decode(block):
                    within_the_agreement(made, via, of_asterix(message.items, now), now)
            text = b"".join(outs).decode("latin-1")
        else:
            for t in told:
                feed.take(t)
            text = feed.render(now).decode()
            for feature in json.loads(text)["features"]:
                within_the_agreement(made, via, of_geojson(feature), now)
        assert not [s for s in SECRETS if s in text]
        gate.left(now)
    if not made.gateways or via not in [g.name for g in made.gateways]:
        assert ledger.entries == []
