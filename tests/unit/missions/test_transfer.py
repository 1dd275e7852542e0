"""The mission protocol against a vehicle that keeps ArduPilot's rules, over good and bad links."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missions.codec import MissionKind, WireItem, compare_items, encode
from missions.item_download import DownloadTransfer
from missions.item_upload import ClearTransfer, UploadTransfer
from missions.mavlink import mavlink2
from missions.transfer import Outcome, Timers, window_for
from missions.verified import VerifiedUpload
from tests.unit.missions.fake_vehicle import STATION, VEHICLE, BadLink, FakeVehicle, over_the_wire, run


def mission(count: int) -> tuple[WireItem, ...]:
    return tuple(
        WireItem(MissionKind.MISSION, n, 16, 3, x=490_000_000 + n, y=226_000_000 - n, z=100.0 + n) for n in range(count)
    )


def fence() -> tuple[WireItem, ...]:
    return tuple(
        WireItem(MissionKind.FENCE, n, 5001, 0, 4.0, x=490_000_000 + (n % 2) * 1000, y=226_000_000 + (n // 2) * 1000)
        for n in range(4)
    )


def from_vehicle(message):
    return over_the_wire(message, VEHICLE)


def request(seq: int, kind: int = 0, to=STATION):
    return from_vehicle(mavlink2.MAVLink_mission_request_message(to.system_id, to.component_id, seq, kind))


def ack(result: int, kind: int = 0):
    return from_vehicle(mavlink2.MAVLink_mission_ack_message(255, 190, result, kind))


@pytest.mark.parametrize("window", [1, 4, 8])
@pytest.mark.parametrize("items", [mission(30), fence()], ids=["mission", "fence"])
def test_upload_is_verified_on_a_good_link(window, items):
    vehicle = FakeVehicle()
    result = run(VerifiedUpload(items[0].kind, items, VEHICLE, STATION, window), vehicle)
    assert result.ok, result.reason
    assert compare_items(items[0].kind, items, vehicle.lists[items[0].kind]) == []


def test_a_window_is_faster_than_item_by_item():
    slow = run(
        UploadTransfer(MissionKind.MISSION, mission(50), VEHICLE, STATION, 1),
        FakeVehicle(),
        BadLink(delay_s=(0.15, 0.15)),
    )
    fast = run(
        UploadTransfer(MissionKind.MISSION, mission(50), VEHICLE, STATION, 8),
        FakeVehicle(),
        BadLink(delay_s=(0.15, 0.15)),
    )
    assert slow.ok
    assert fast.ok
    assert fast.elapsed_s < slow.elapsed_s / 4


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32 - 1),
    loss=st.sampled_from([0.0, 0.05, 0.2, 0.4]),
    duplicate=st.sampled_from([0.0, 0.3]),
    spread_s=st.sampled_from([0.0, 0.2, 0.8]),
    window=st.integers(1, 8),
    count=st.integers(1, 12),
)
def test_any_link_ends_in_verified_or_a_clear_failure(seed, loss, duplicate, spread_s, window, count):
    vehicle = FakeVehicle()
    items = mission(count)
    link = BadLink(seed, loss, duplicate, (0.02, 0.02 + spread_s))
    result = run(VerifiedUpload(MissionKind.MISSION, items, VEHICLE, STATION, window), vehicle, link)
    if result.ok:
        assert compare_items(MissionKind.MISSION, items, vehicle.lists[MissionKind.MISSION]) == []
    else:
        assert result.reason
        assert loss > 0 or duplicate > 0 or spread_s > 0
    if loss == 0 and duplicate == 0:
        assert result.ok, result.reason


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32 - 1), window=st.sampled_from([1, 4, 8]))
def test_five_percent_loss_does_not_stop_an_upload(seed, window):
    result = run(
        VerifiedUpload(MissionKind.MISSION, mission(40), VEHICLE, STATION, window),
        FakeVehicle(),
        BadLink(seed, 0.05, 0.0, (0.05, 0.05)),
    )
    assert result.ok, result.reason


def test_a_vehicle_that_changes_an_item_is_found_out():
    vehicle = FakeVehicle(alter=lambda item: replace(item, x=item.x + 1) if item.seq == 3 else item)
    result = run(VerifiedUpload(MissionKind.MISSION, mission(6), VEHICLE, STATION), vehicle)
    assert result.outcome is Outcome.DIFFERENT
    assert "item 3 x" in result.reason


def test_too_many_items_are_refused_at_once():
    result = run(VerifiedUpload(MissionKind.MISSION, mission(20), VEHICLE, STATION), FakeVehicle(max_items=10))
    assert result.outcome is Outcome.REFUSED
    assert "no space" in result.reason
    assert result.elapsed_s < 1.0


def test_a_rejected_item_is_final():
    result = run(UploadTransfer(MissionKind.MISSION, mission(9), VEHICLE, STATION), FakeVehicle(reject={4: 8}))
    assert result.outcome is Outcome.REFUSED
    assert result.ack_type == 8
    assert "item 4" in result.reason


def test_count_is_sent_six_times_and_then_it_fails():
    transfer = UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION)
    sent = len(transfer.start(0.0))
    while transfer.result is None:
        at = transfer.next_deadline_s
        sent += len(transfer.on_time(at))
    assert sent == 6
    assert transfer.result.outcome is Outcome.TIMEOUT
    assert transfer.result.elapsed_s == pytest.approx(9.0)


def test_mid_upload_it_waits_longer_than_the_vehicle_does():
    transfer = UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION)
    transfer.start(0.0)
    assert len(transfer.on_message(request(0), 1.0)) == 1
    assert transfer.on_time(9.9) == []
    assert transfer.result is None
    transfer.on_time(10.0)
    assert transfer.result.outcome is Outcome.TIMEOUT
    assert "item 0" in transfer.result.reason


def test_a_lost_last_acknowledgement_is_decided_by_reading_back():
    transfer = VerifiedUpload(MissionKind.MISSION, mission(2), VEHICLE, STATION)
    transfer.start(0.0)
    transfer.on_message(request(0), 0.1)
    transfer.on_message(request(1), 0.2)
    assert transfer.phase == "uploading"
    out = transfer.on_time(9.2)
    assert transfer.phase == "reading_back"
    assert [m.get_type() for m in out] == ["MISSION_REQUEST_LIST"]
    transfer.on_message(from_vehicle(mavlink2.MAVLink_mission_count_message(255, 190, 2, 0)), 9.3)
    for item in mission(2):
        transfer.on_message(from_vehicle(encode(item, 255, 190)), 9.4)
    assert transfer.result.ok


def test_invalid_sequence_is_noise_and_an_early_accept_too():
    transfer = UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION)
    transfer.start(0.0)
    transfer.on_message(request(0), 0.1)
    transfer.on_message(ack(13), 0.2)
    transfer.on_message(ack(0), 0.2)
    assert transfer.result is None
    for seq in (1, 2):
        transfer.on_message(request(seq), 0.3)
    transfer.on_message(ack(0), 0.4)
    assert transfer.result.ok


def test_what_is_not_for_it_is_ignored():
    transfer = UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION)
    transfer.start(0.0)
    other_station = mavlink2.MAVLink_mission_request_message(254, 190, 0, 0)
    other_vehicle = over_the_wire(mavlink2.MAVLink_mission_ack_message(255, 190, 14, 0), replace(VEHICLE, system_id=2))
    camera = over_the_wire(mavlink2.MAVLink_mission_ack_message(255, 190, 14, 0), replace(VEHICLE, component_id=100))
    fence_ack = ack(1, kind=1)
    backwards = from_vehicle(mavlink2.MAVLink_mission_count_message(255, 190, 7, 0))
    heartbeat = from_vehicle(mavlink2.MAVLink_heartbeat_message(2, 3, 0, 0, 3, 3))
    for message in (from_vehicle(other_station), other_vehicle, camera, fence_ack, backwards, heartbeat):
        assert transfer.on_message(message, 0.1) == []
    assert transfer.result is None


def test_window_goes_back_when_there_is_no_progress():
    transfer = UploadTransfer(MissionKind.MISSION, mission(10), VEHICLE, STATION, window=4)
    transfer.start(0.0)
    assert [m.seq for m in transfer.on_message(request(0), 0.1)] == [0, 1, 2, 3]
    assert [m.seq for m in transfer.on_message(request(1), 0.2)] == [4]
    assert transfer.next_deadline_s == pytest.approx(0.9)
    assert [m.seq for m in transfer.on_time(0.9)] == [1, 2, 3, 4]


def test_download_asks_again_for_a_lost_item_and_acknowledges_at_the_end():
    transfer = DownloadTransfer(MissionKind.FENCE, VEHICLE, STATION)
    transfer.start(0.0)
    items = fence()[:2]
    out = transfer.on_message(from_vehicle(mavlink2.MAVLink_mission_count_message(255, 190, 2, 1)), 0.1)
    assert [(m.get_type(), m.seq) for m in out] == [("MISSION_REQUEST_INT", 0)]
    assert transfer.on_message(request(0, kind=1), 0.15) == []
    assert transfer.on_message(from_vehicle(encode(items[1], 255, 190)), 0.15) == [], "nobody asked for that yet"
    assert [m.seq for m in transfer.on_time(1.1)] == [0]
    assert [m.seq for m in transfer.on_message(from_vehicle(encode(items[0], 255, 190)), 1.2)] == [1]
    out = transfer.on_message(from_vehicle(encode(items[1], 255, 190)), 1.3)
    assert [(m.get_type(), m.type) for m in out] == [("MISSION_ACK", 0)]
    assert [i.seq for i in transfer.result.items] == [0, 1]


def test_download_of_nothing_and_of_a_list_that_changes():
    empty = DownloadTransfer(MissionKind.RALLY, VEHICLE, STATION)
    assert run(empty, FakeVehicle()).items == ()
    changing = DownloadTransfer(MissionKind.MISSION, VEHICLE, STATION)
    changing.start(0.0)
    for count in (3, 4):
        changing.on_message(from_vehicle(mavlink2.MAVLink_mission_count_message(255, 190, count, 0)), 0.1)
    assert changing.result.outcome is Outcome.REFUSED


def test_download_from_a_busy_vehicle_fails_with_its_reason():
    transfer = DownloadTransfer(MissionKind.MISSION, VEHICLE, STATION)
    transfer.start(0.0)
    transfer.on_message(ack(14), 0.1)
    assert "denied" in transfer.result.reason


def test_download_gives_up_after_its_retries():
    transfer = DownloadTransfer(MissionKind.MISSION, VEHICLE, STATION, timers=Timers(item_retries=2))
    transfer.start(0.0)
    transfer.on_message(from_vehicle(mavlink2.MAVLink_mission_count_message(255, 190, 1, 0)), 0.0)
    assert [len(transfer.on_time(t)) for t in (1.0, 2.0, 3.0)] == [1, 1, 0]
    assert transfer.result.outcome is Outcome.TIMEOUT


def test_an_empty_list_is_cleared_and_verified():
    vehicle = FakeVehicle()
    vehicle.lists[MissionKind.FENCE] = list(fence())
    result = run(VerifiedUpload(MissionKind.FENCE, (), VEHICLE, STATION), vehicle)
    assert result.ok
    assert vehicle.lists[MissionKind.FENCE] == []


def test_clear_refused_while_flying():
    transfer = ClearTransfer(MissionKind.MISSION, VEHICLE, STATION)
    transfer.start(0.0)
    transfer.on_message(ack(14), 0.1)
    assert transfer.result.outcome is Outcome.REFUSED


def test_cancel_tells_the_vehicle_and_nothing_follows():
    transfer = UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION)
    transfer.start(0.0)
    transfer.on_message(request(0), 0.1)
    assert [m.type for m in transfer.cancel(0.2)] == [15]
    assert transfer.on_message(request(1), 0.3) == []
    assert transfer.on_time(100.0) == []
    assert transfer.result.outcome is Outcome.CANCELLED


def test_a_silent_vehicle_ends_every_transfer():
    for transfer in (
        VerifiedUpload(MissionKind.MISSION, mission(3), VEHICLE, STATION),
        DownloadTransfer(MissionKind.MISSION, VEHICLE, STATION),
        ClearTransfer(MissionKind.MISSION, VEHICLE, STATION),
    ):
        assert run(transfer, FakeVehicle(silent=True)).outcome is Outcome.TIMEOUT


@pytest.mark.parametrize("window", [0, 17])
def test_a_window_that_no_radio_holds_is_refused(window):
    with pytest.raises(ValueError, match="window"):
        UploadTransfer(MissionKind.MISSION, mission(3), VEHICLE, STATION, window)


@pytest.mark.parametrize("round_trip_s", [None, 0.001, 0.04, 0.3, 2.0])
def test_a_serial_radio_gets_no_more_at_once_than_its_receiver_holds(round_trip_s):
    assert 1 <= window_for(round_trip_s, serial=True) <= 8
    assert window_for(round_trip_s, serial=False) >= window_for(round_trip_s, serial=True)
    assert window_for(0.3, serial=False) == 16, "a long way is worth more"
