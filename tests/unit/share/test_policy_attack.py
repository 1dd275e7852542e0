"""An attack on the policy: whatever the agreement and the subject, nothing leaves that is not agreed.

What may leave is worked out here anew, with another geometry (straight lines through the earth) and from the words of the
agreement, not by the code under attack.
"""

from __future__ import annotations

import math
import os
import string
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.geodesy import LocalFrame, geodetic_to_ecef
from groundstation.core.canonical import canonical_json
from groundstation.share.agreement_terms import (
    KINDS,
    PURPOSES,
    RETENTION_KINDS,
    Agreement,
    GatewayAllowance,
    OwnForceClause,
    RescueClause,
)
from groundstation.share.coarsening import coarse_place
from groundstation.share.corridor import Corridor
from groundstation.share.policy import Reason, Release, Subject, Withheld, release
from vision.records import CLASS_NAMES

EXAMPLES = int(os.environ.get("POLICY_ATTACK_EXAMPLES", "100"))
"""More by hand: ``POLICY_ATTACK_EXAMPLES=100000 HYPOTHESIS_PROFILE=search pytest --timeout 0
tests/unit/share/test_policy_attack.py``."""
T0_UTC_US = 1_790_000_000_000_000
HOUR_US = 3_600_000_000
KEY_OF = {
    "category": {"class", "kind", "direction"},
    "position": {"lat_deg", "lon_deg"},
    "velocity": {"velocity_en_m_s"},
    "accuracy": {"ce90_m"},
    "time": {"t_utc_us"},
}
ODD = st.sampled_from(
    [math.nan, math.inf, -math.inf, 1e300, -1e300, 5e-324, -0.0, 0.0, 90.0, -90.0, 180.0, -180.0, 540.0]
)


@dataclass(frozen=True)
class Case:
    agreement: Agreement
    originator: str
    recipient: str
    subject: Subject
    now_utc_us: int
    via: str

    def decide(self) -> Release | Withheld:
        return release(self.agreement, self.originator, self.recipient, self.subject, self.now_utc_us, self.via)


def subset(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, unique=True).map(tuple)


fields = subset(("velocity", "accuracy")).map(lambda more: ("category", "position", "time", *more))


@st.composite
def corridors(draw: st.DrawFn) -> Corridor:
    lat_deg = draw(st.floats(-84.0, 84.0))
    lon_deg = draw(st.one_of(st.floats(-180.0, 180.0), st.sampled_from([180.0, -180.0, 179.9999])))
    frame = LocalFrame(lat_deg, lon_deg)
    points, east_m, north_m = [(lat_deg, lon_deg)], 0.0, 0.0
    for _ in range(draw(st.integers(1, 4))):
        angle, length_m = draw(st.floats(-1.2, 1.2)), draw(st.floats(100.0, 2_000.0))
        east_m, north_m = east_m + length_m * math.cos(angle), north_m + length_m * math.sin(angle)
        lat, lon = frame.from_plane([east_m, north_m])
        points.append((float(lat), float(lon)))
    width = st.floats(10.0, 3_000.0)
    named = draw(st.booleans())
    return Corridor(
        tuple(points), draw(width), draw(st.none() | width), draw(st.sampled_from(["a", "b"])),
        "Left" if named else "", "Right" if named else "",
    )  # fmt: skip


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    corridor = draw(corridors())
    narrow_m = min(corridor.widths_m)
    return Agreement(
        agreement_id="AB-1",
        parties=("a", "b"),
        valid_from_utc_us=T0_UTC_US,
        valid_until_utc_us=T0_UTC_US + HOUR_US,
        corridor=corridor,
        purposes=draw(subset(PURPOSES, 1)),
        kinds=draw(st.just(KINDS) | subset(KINDS)),
        fields=draw(fields),
        categories=draw(st.just(CLASS_NAMES) | subset(CLASS_NAMES)),
        max_rate_hz=draw(st.floats(0.01, 10.0)),
        retention_days=draw(st.floats(0.01, 3650.0)),
        retention_by_kind=draw(
            st.just(())
            | st.dictionaries(st.sampled_from(RETENTION_KINDS), st.floats(0.01, 3650.0)).map(lambda d: tuple(d.items()))
        ),
        side=draw(st.sampled_from(["both", "own", "neighbour"])),
        grid_m=draw(st.just(0.0) | st.floats(1.0, narrow_m)),
        velocity_step_m_s=draw(st.just(0.0) | st.floats(0.1, 5.0)),
        delay_s=draw(st.just(0.0) | st.floats(0.0, 600.0)),
        third_country=draw(st.booleans()),
        rescue=draw(
            st.none() | st.floats(3_000.0, 9_000.0).flatmap(lambda r: fields.map(lambda f: RescueClause(r, f)))
        ),
        own_forces=draw(
            st.none() | st.builds(OwnForceClause, st.just(max(narrow_m / 2.0, 5.0)), st.floats(0.0, 600.0))
        ),
        gateways=draw(st.just(()) | fields.map(lambda f: (GatewayAllowance("cot", f),))),
    )


ATTRIBUTES = (
    "kind", "time", "class", "place", "velocity", "ce90", "confirmed", "incident_kind", "direction", "end", "told",
    "protected", "approved", "parties", "via", "now",
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn, tame_kind: str) -> Case:
    """What would leave, with up to three of its attributes gone wild."""
    agreement = draw(agreements())
    corridor = agreement.corridor
    wild = draw(st.sets(st.sampled_from(ATTRIBUTES), max_size=3))

    def either(name: str, tame: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> Any:
        return draw(odd if name in wild else tame)

    text = st.text(string.printable, max_size=40)
    edge = st.sampled_from([0, HOUR_US]).flatmap(lambda e: st.integers(-2, 2).map(lambda d: T0_UTC_US + e + d))
    kinds = st.sampled_from(["track", "incident", "track_end", "own_force"])
    kind = either("kind", st.just(tame_kind), kinds | text | st.sampled_from(KINDS))
    t_utc_us = either("time", st.integers(T0_UTC_US, T0_UTC_US + HOUR_US // 2), edge)
    delay_s = agreement.own_forces.delay_s if kind == "own_force" and agreement.own_forces else agreement.delay_s
    due = st.integers(0, 5_000_000).map(lambda d: t_utc_us + math.ceil(delay_s * 1e6) + d)
    now_utc_us = either(
        "now", due, st.sampled_from([1, 2, 1_000_000, 60_000_000]).flatmap(lambda d: due.map(lambda u: u - d))
    )
    if draw(st.booleans()) and "now" in wild:
        now_utc_us = draw(edge)
    names = ("drone",) if kind == "own_force" else agreement.categories or CLASS_NAMES
    reach = 2.0 if "place" in wild else 0.4
    width_m = min(corridor.widths_m) if reach < 1.0 else max(corridor.widths_m)
    if "place" in wild and draw(st.booleans()):
        lat_deg, lon_deg = draw(ODD | st.floats()), draw(ODD | st.floats())
    else:
        offset = st.floats(-reach, reach)
        frame = LocalFrame(*draw(st.sampled_from(corridor.border)))
        lat, lon = frame.from_plane([draw(offset) * width_m, draw(offset) * width_m])
        lat_deg, lon_deg = float(lat), float(lon)
    told = either("told", st.just(0), st.integers(-1_000_000, 60_000_000).map(lambda d: t_utc_us - d))
    speed = either("velocity", st.floats(-50, 50), ODD), draw(st.floats(-50, 50))
    approvals = [(), ("x",), ("x", "X "), ("x", ""), ("x", "y")]
    subject = Subject(
        kind=kind,
        subject_id="cam-1",
        t_utc_us=t_utc_us,
        class_name=either(
            "class", st.sampled_from(names), st.sampled_from([*CLASS_NAMES, "drone", "animal", ""]) | text
        ),
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        velocity_en_m_s=speed,
        ce90_m=either("ce90", st.floats(0.0, 100.0), ODD),
        confirmed=either("confirmed", st.just(True), st.just(False)),
        incident_kind=either("incident_kind", st.just("crossing"), st.sampled_from(KINDS) | text),
        direction=either("direction", st.sampled_from(["Left->Right", "A->B", ""]), text),
        end_state=either("end", st.sampled_from(["left_area", "ended"]), text),
        shared=draw(st.booleans()),
        told_t_utc_us=told,
        rescue_by=draw(st.sampled_from(["", "", " ", "Officer Kranz"])),
        protected=either("protected", st.just(False), st.just(True)),
        approved_by=either("approved", st.just(("x", "y")), st.sampled_from(approvals)),
    )
    pairs = [("a", "b"), ("b", "a"), ("a", "a"), ("a", "c"), ("c", "a")]
    originator, recipient = either("parties", st.sampled_from(pairs[:2]), st.sampled_from(pairs))
    ways = ["wire", *(g.name for g in agreement.gateways)]
    via = either("via", st.sampled_from(ways), st.sampled_from(["cot", "asterix", ""]))
    return Case(agreement, originator, recipient, subject, now_utc_us, via)


def ecef(lat_deg: float, lon_deg: float) -> Any:
    return geodetic_to_ecef(lat_deg, lon_deg, 0.0)


def distance_m(corridor: Corridor, lat_deg: float, lon_deg: float) -> float:
    """To the border's straight pieces, through the earth."""
    p = ecef(lat_deg, lon_deg)
    best = math.inf
    for start, end in zip(corridor.border, corridor.border[1:], strict=False):
        a, b = ecef(*start), ecef(*end)
        along = float(np.clip(np.dot(p - a, b - a) / np.dot(b - a, b - a), 0.0, 1.0))
        best = min(best, float(np.linalg.norm(p - a - along * (b - a))))
    return best


def check_place(case: Case, released: Release, lat_deg: float, lon_deg: float) -> None:
    agreement, s = case.agreement, case.subject
    corridor = agreement.corridor
    if released.clause_number == 14:
        assert agreement.rescue is not None
        limits = agreement.rescue.reach_m, agreement.rescue.reach_m
    elif s.kind == "own_force":
        limits = corridor.widths_m
    else:
        limits = agreement.limits_m(case.originator)
    found_m = distance_m(corridor, lat_deg, lon_deg)
    slack_m = 1.0 + 0.005 * max(limits)
    assert found_m <= max(limits) + slack_m
    if found_m > slack_m and limits[0] != limits[1]:
        assert found_m <= limits[0 if corridor.is_left(lat_deg, lon_deg) else 1] + slack_m


def check(case: Case, released: Release) -> None:
    agreement, s, body = case.agreement, case.subject, released.body
    canonical_json(body)  # no NaN, nothing that is no JSON
    assert {case.originator, case.recipient} == {"a", "b"}
    assert agreement.valid_from_utc_us <= s.t_utc_us < agreement.valid_until_utc_us
    assert agreement.valid_from_utc_us <= case.now_utc_us < agreement.valid_until_utc_us
    assert released.purpose in agreement.purposes
    kept_as = "track" if s.kind == "track_end" else s.kind
    kept_days = next((days for kind, days in agreement.retention_by_kind if kind == kept_as), agreement.retention_days)
    assert released.retain_until_utc_us == case.now_utc_us + round(kept_days * 86_400e6)
    rescued = released.clause_number == 14
    if rescued:
        assert agreement.rescue is not None
        assert s.rescue_by.strip()
        assert released.purpose == "SAR"
        assert s.rescue_by in released.authorised_by
    allowed = set(agreement.rescue.fields if rescued and agreement.rescue else agreement.fields)
    if s.kind == "own_force":
        assert agreement.own_forces is not None
        allowed = {"category", "position", "accuracy", "time"}
        delay_s, grid_m = agreement.own_forces.delay_s, agreement.own_forces.grid_m
        assert s.class_name in agreement.own_forces.categories
    else:
        delay_s, grid_m = (0.0, 0.0) if rescued else (agreement.delay_s, agreement.grid_m)
    if case.via != "wire":
        allowed &= set(next(g.fields for g in agreement.gateways if g.name == case.via))
    assert case.now_utc_us - s.t_utc_us >= delay_s * 1e6 or delay_s == 0.0
    if s.kind == "track_end":
        assert set(body) == {"state", "t_utc_us"}
        assert body["state"] in ("left_area", "ended")
        assert s.shared
        return
    assert not (agreement.third_country and s.kind != "own_force" and s.protected)
    if agreement.third_country and s.kind != "own_force":
        assert len({n.strip().lower() for n in s.approved_by if n.strip()}) >= 2
    keys = set().union(*(KEY_OF[f] for f in allowed))
    assert set(body) <= keys
    assert {k for f in released.fields for k in KEY_OF[f]} >= set(body)
    if not rescued and s.kind != "own_force":
        assert s.kind in agreement.kinds
        assert s.class_name in agreement.categories
        assert body["class"] in agreement.categories
        assert s.kind == "incident" or s.confirmed
        if s.kind == "incident":
            assert body["kind"] == "crossing" or body["kind"] in agreement.kinds
        elif s.told_t_utc_us:
            assert s.t_utc_us - s.told_t_utc_us >= 1e6 / agreement.max_rate_hz
    if "direction" in body:
        assert body["direction"] in ("", "Left->Right", "Right->Left") or (
            not agreement.corridor.left and "->" in body["direction"] and len(body["direction"]) <= 66
        )
    check_place(case, released, s.lat_deg, s.lon_deg)
    check_place(case, released, body["lat_deg"], body["lon_deg"])
    moved_m = float(np.linalg.norm(ecef(s.lat_deg, s.lon_deg) - ecef(body["lat_deg"], body["lon_deg"])))
    assert moved_m <= grid_m / math.sqrt(2.0) + 0.05
    if "ce90_m" in body:
        assert body["ce90_m"] >= s.ce90_m + moved_m - 0.05
        assert body["ce90_m"] <= s.ce90_m + grid_m / math.sqrt(2.0) + 0.11
    if grid_m:
        assert (body["lat_deg"], body["lon_deg"]) == coarse_place(body["lat_deg"], body["lon_deg"], grid_m)[:2]


@pytest.mark.parametrize("kind", ["track", "incident", "track_end", "own_force"])
def test_nothing_leaves_that_is_not_agreed(kind: str) -> None:
    reached: Counter[str] = Counter()

    @given(cases(kind))
    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    def attack(case: Case) -> None:
        decision = case.decide()
        if isinstance(decision, Release):
            check(case, decision)
            reached.update([case.subject.kind, f"clause {decision.clause_number}"])
        else:
            assert decision.clause_number in range(1, 17)
            reached[decision.reason.name] += 1

    attack()
    # An attack that never gets anything out proves nothing.
    assert reached[kind] >= EXAMPLES // 20, reached


@given(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), st.floats(1.0, 20_000.0))
def test_a_square_is_no_larger_than_agreed_anywhere_on_earth(lat_deg: float, lon_deg: float, grid_m: float) -> None:
    lat, lon, bound_m = coarse_place(lat_deg, lon_deg, grid_m)
    assert -90.0 <= lat <= 90.0
    assert -180.0 <= lon <= 180.0
    assert float(np.linalg.norm(ecef(lat_deg, lon_deg) - ecef(lat, lon))) <= bound_m + 0.05
    assert coarse_place(lat, lon, grid_m)[:2] == (lat, lon), "its middle tells the same square"


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_two_places_in_one_square_cannot_be_told_apart(u: float, v: float) -> None:
    lat, lon, _ = coarse_place(47.1234, 15.4321, 200.0)
    inside = (
        lat + 0.499 * u * 200.0 / 111_700.0,
        lon + 0.499 * v * 200.0 / 111_700.0 / math.cos(math.radians(lat + 0.001)),
    )
    assert coarse_place(*inside, 200.0)[:2] == (lat, lon)


def test_a_corridor_across_the_180th_meridian() -> None:
    corridor = Corridor(((65.0, 179.99), (65.0, -179.99)), 1_000.0, left_party="a")
    agreement = Agreement("AB-1", ("a", "b"), T0_UTC_US, T0_UTC_US + HOUR_US, corridor, grid_m=300.0, side="own")
    for lon_deg in (179.995, 180.0, -180.0, -179.995):
        there = Subject("track", "cam-1", T0_UTC_US, "person", 65.004, lon_deg, ce90_m=5.0, confirmed=True)
        told = release(agreement, "a", "b", there, T0_UTC_US)
        assert isinstance(told, Release)
        assert abs(abs(told.body["lon_deg"]) - 180.0) < 0.02
        theirs = release(agreement, "b", "a", there, T0_UTC_US)
        assert isinstance(theirs, Withheld)
        assert theirs.reason is Reason.OUTSIDE
