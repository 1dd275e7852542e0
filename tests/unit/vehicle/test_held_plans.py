"""What an aircraft holds is remembered, changes are noticed, and a mission is taken up only when it is the same."""

import asyncio
from dataclasses import replace

import pytest

from groundstation.core.clock import SystemClock
from groundstation.core.errors import StoreError
from groundstation.core.records import CommandResult, VehicleId, VehicleState
from groundstation.vehicle.held_plans import HeldPlanFile, HeldPlanWatch, held_plan, held_plan_parts, list_digest
from groundstation.vehicle.plan_transfer import PlanTransfer
from groundstation.vehicle.resume import Resume
from missions.codec import MissionKind, items_of
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.parked import GROUND_M, LAT, LON, ParkedAutopilot
from tests.helpers.patrol import around, small_plan
from tests.unit.vehicle.cut_link import SimPort

PLAN = small_plan(LAT, LON, GROUND_M)
ID = VehicleId(1, 1)
AIRCRAFT = Sender()


def state(**more):
    values = {"link_alive": True, "mission_state": "active", "mission_total": 4, "mode": "AUTO", "armed": True}
    return replace(VehicleState(ID, 0, 0), **{**values, "lat_deg": LAT, "lon_deg": LON, **more})


@pytest.fixture
def flown(tmp_path):
    """An aircraft that holds the plan, and the watch that remembers it."""
    port = SimPort(ParkedAutopilot())
    transfer = PlanTransfer(port, PLAN, lambda p: [], lambda s: None, SystemClock())
    assert asyncio.run(transfer.upload()).phase == "in_force"
    watch = HeldPlanWatch(ID, HeldPlanFile(tmp_path / "held.json"), "1.1")
    watch.remember(held_plan(PLAN.name, PLAN.digest(), 1, transfer.read_back))
    return port, watch


def fly(watch, seqs=(1, 2, 3), since_s=0.0):
    for n, seq in enumerate(seqs):
        lat, lon = around(LAT, LON, 60.0 * n, 0.0)
        watch.on_time(state(mission_seq=seq, lat_deg=lat, lon_deg=lon), since_s + n)
    lat, lon = around(LAT, LON, 60.0 * len(seqs) - 30.0, 0.0)
    watch.on_time(state(mission_seq=seqs[-1], lat_deg=lat, lon_deg=lon), since_s + 20.0)


def test_reading_twice_gives_the_same_digest_by_any_way(flown):
    port, watch = flown
    for use_ftp in (True, False):
        assert asyncio.run(Resume(port, watch, SystemClock(), use_ftp).check()) == ""


def test_a_digest_sees_every_field_but_home():
    items = items_of(PLAN, MissionKind.MISSION)
    digest = list_digest(MissionKind.MISSION, items)
    assert list_digest(MissionKind.MISSION, (replace(items[0], x=1), *items[1:])) == digest
    for field in ("command", "frame", "param1", "param4", "x", "z"):
        changed = replace(items[2], **{field: getattr(items[2], field) + 1})
        assert list_digest(MissionKind.MISSION, (*items[:2], changed, *items[3:])) != digest


def test_it_is_there_after_a_restart_of_the_station(flown, tmp_path):
    _, watch = flown
    fly(watch)
    again = HeldPlanFile(tmp_path / "held.json").get("1.1")
    assert again == watch.held
    assert again.seq == 3
    assert [c.seq for c in again.trail] == [1, 2, 3]


def test_a_damaged_file_is_put_aside_and_costs_no_flight(tmp_path, caplog):
    path = tmp_path / "held.json"
    path.write_text("{")
    with pytest.raises(StoreError, match="held"):
        HeldPlanFile(path)
    watch = held_plan_parts(path, 255)(ID, "copter")
    assert watch.held is None
    assert (tmp_path / "held.damaged").read_text() == "{"
    caplog.clear()  # it was told, as an error
    watch.remember(held_plan("a", "b", 1, {MissionKind.RALLY: ()}))
    assert HeldPlanFile(path).get("1.1").plan_name == "a"


def test_another_number_of_mission_items_is_told_when_it_lasts(flown):
    _, watch = flown
    watch.on_time(state(mission_total=7), 100.0)
    assert watch.faults(state(), 101.0) == (), "it may be older than what was verified"
    watch.on_time(state(mission_total=7), 104.0)
    (fault,) = watch.faults(state(), 104.0)
    assert "7 items, not 4" in fault.text
    watch.on_time(state(mission_total=4), 105.0)
    assert watch.faults(state(), 110.0) == ()


@pytest.mark.parametrize("how", ["silence", "restart"])
def test_fence_and_rally_are_counted_again(flown, how):
    _, watch = flown
    boot = AIRCRAFT.decoded(m.MAVLink_system_time_message(0, 900_000))
    watch.on_message("a", boot, 10.0)
    assert watch.on_time(state(), 10.1) == []
    later = AIRCRAFT.decoded(m.MAVLink_system_time_message(0, 1_000 if how == "restart" else 990_000))
    now_s = 11.0 if how == "restart" else 100.0
    watch.on_message("a", later, now_s)
    asked = watch.on_time(state(), now_s + 0.1)
    assert sorted(a.param_id for a in asked) == ["FENCE_TOTAL", "RALLY_TOTAL"]
    for name, value in ((b"FENCE_TOTAL", 7.0), (b"RALLY_TOTAL", 3.0)):
        watch.on_message("a", AIRCRAFT.decoded(m.MAVLink_param_value_message(name, value, 2, 9, 65535)), now_s + 1.0)
    assert watch.on_time(state(), now_s + 30.0) == [], "answered"
    (fault,) = watch.faults(state(), now_s + 5.0)
    assert "3 rally points items, not 1" in fault.text
    assert "fence" not in fault.text


def test_they_are_counted_every_minute_and_a_mission_that_was_cleared_is_told(flown):
    _, watch = flown
    assert watch.on_time(state(), 10.0) == []
    assert watch.on_time(state(), 69.0) == []
    assert sorted(a.param_id for a in watch.on_time(state(), 70.0)) == ["FENCE_TOTAL", "RALLY_TOTAL"]
    cleared = state(mission_total=0, mission_state="none")
    for now_s in (71.0, 75.0, 82.0):
        watch.on_time(cleared, now_s)
    assert watch.faults(cleared, 75.0) == (), "it may be older than what was verified"
    (fault,) = watch.faults(cleared, 82.0)
    assert "a mission of 0 items, not 4" in fault.text
    watch.on_time(state(mission_total=0), 83.0)
    assert watch.faults(state(), 100.0) == (), "0 is also said by firmware that does not fill it in"


def test_another_stations_upload_is_told(flown):
    _, watch = flown
    for station, kind in ((255, 0), (0, 0)):
        watch.on_message("a", AIRCRAFT.decoded(m.MAVLink_mission_ack_message(station, 190, 0, kind)), 1.0)
    assert watch.faults(state(), 1.0) == ()
    watch.on_message("a", AIRCRAFT.decoded(m.MAVLink_mission_ack_message(254, 190, 0, 1)), 2.0)
    assert "station 254 has changed the fence" in watch.faults(state(), 2.0)[0].text


def test_another_autopilot_is_told(flown):
    _, watch = flown

    def version(uid):
        return AIRCRAFT.decoded(
            m.MAVLink_autopilot_version_message(0, 0, 0, 0, 0, [0] * 8, [0] * 8, [0] * 8, 0, 0, uid, [0] * 18)
        )

    watch.on_message("a", version(77), 1.0)
    watch.remember(watch.held)
    watch.on_message("a", version(77), 2.0)
    assert watch.faults(state(), 2.0) == ()
    watch.on_message("a", version(78), 3.0)
    assert "another autopilot" in watch.faults(state(), 3.0)[0].text


def test_a_mission_is_taken_up_with_the_gap_flown_again(flown):
    port, watch = flown
    fly(watch)
    port.autopilot.reboot()
    port.autopilot.step(port.now_s() + 5.0)
    resume = Resume(port, watch, SystemClock())
    offer = asyncio.run(resume.offer(20.0))
    assert offer.point.seq == 2, "30 m beyond waypoint 2 on the way to 3"
    assert asyncio.run(resume.set_current(offer)).ok
    assert port.autopilot.mission.current_message().seq == 2


def test_it_is_refused_when_the_plan_is_another(flown):
    port, watch = flown
    fly(watch)
    other = small_plan(LAT, LON, GROUND_M, "other", 80.0)
    assert (
        asyncio.run(PlanTransfer(port, other, lambda p: [], lambda s: None, SystemClock()).upload()).phase == "in_force"
    )
    resume = Resume(port, watch, SystemClock())
    offer = asyncio.run(resume.offer(20.0))
    assert offer.point is None
    assert "mission of the aircraft is not" in offer.reason
    assert asyncio.run(resume.set_current(offer)).result is CommandResult.DENIED
    assert watch.faults(state(), 1.0)[0].key == "plan_changed"


def test_a_plan_that_was_not_flown_is_not_taken_up(flown):
    port, watch = flown
    assert "was not flown" in asyncio.run(Resume(port, watch, SystemClock()).offer(20.0)).reason
    fresh = HeldPlanWatch(ID, watch.store, "9.1")
    assert "no plan" in asyncio.run(Resume(port, fresh, SystemClock()).offer(20.0)).reason


def test_the_same_plan_verified_again_keeps_its_place(flown):
    _, watch = flown
    fly(watch)
    watch.remember(replace(watch.held, seq=-1, trail=()))
    assert watch.held.seq == 3
