"""The bus: newest-wins and nothing-lost, from any thread."""

from __future__ import annotations

import threading
from dataclasses import replace

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import StatusText, VehicleId
from tests.helpers import records as r
from tests.helpers.records import make_state


def _text(number: int) -> StatusText:
    return StatusText(VehicleId(1), number, 6, f"text {number}")


def test_latest_topic_keeps_the_newest_per_key() -> None:
    bus = Bus()
    subscription = bus.subscribe(topics.VEHICLE_STATE)
    for mode in ("LOITER", "AUTO"):
        for system in (1, 2):
            bus.publish(topics.VEHICLE_STATE, make_state(mode=mode, vehicle_id=VehicleId(system)))
    drained = subscription.drain()
    assert {(s.vehicle_id.system_id, s.mode) for s in drained} == {(1, "AUTO"), (2, "AUTO")}
    assert subscription.drain() == []
    newest = bus.latest(topics.VEHICLE_STATE, VehicleId(2))
    assert newest is not None
    assert newest.mode == "AUTO"


def test_every_topic_keeps_order_and_counts_what_it_must_drop() -> None:
    overflowed: list[str] = []
    bus = Bus(on_overflow=lambda topic: overflowed.append(topic.name))
    subscription = bus.subscribe(topics.STATUS_TEXT)
    capacity = topics.STATUS_TEXT.capacity
    for number in range(capacity + 3):
        bus.publish(topics.STATUS_TEXT, _text(number))
    drained = subscription.drain()
    assert [t.t_utc_us for t in drained] == list(range(3, capacity + 3))
    assert subscription.overflowed == 3
    assert overflowed == ["status_text"] * 3


def test_wake_up_comes_once_until_drained() -> None:
    bus = Bus()
    calls: list[int] = []
    subscription = bus.subscribe(topics.STATUS_TEXT, on_ready=lambda: calls.append(1))
    bus.publish(topics.STATUS_TEXT, _text(1))
    bus.publish(topics.STATUS_TEXT, _text(2))
    assert len(calls) == 1
    subscription.drain()
    bus.publish(topics.STATUS_TEXT, _text(3))
    assert len(calls) == 2


def test_publishers_on_several_threads_lose_nothing() -> None:
    bus = Bus()
    subscription = bus.subscribe(topics.STATUS_TEXT)
    threads = [
        threading.Thread(
            target=lambda base=base: [bus.publish(topics.STATUS_TEXT, _text(base + i)) for i in range(500)]
        )
        for base in (0, 1000, 2000)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drained = [t.t_utc_us for t in subscription.drain()]
    assert len(drained) == 1500
    assert [t for t in drained if t < 1000] == list(range(500))


def test_unsubscribed_consumer_gets_nothing() -> None:
    bus = Bus()
    subscription = bus.subscribe(topics.STATUS_TEXT)
    bus.unsubscribe(subscription)
    bus.publish(topics.STATUS_TEXT, _text(1))
    assert subscription.drain() == []
    assert bus.statistics()["status_text"].count == 1


def test_a_consumer_that_wants_the_newest_only_has_nothing_pile_up() -> None:
    bus = Bus()
    all_of_them = bus.subscribe(topics.VIDEO_TRACKS)
    newest = bus.subscribe(topics.VIDEO_TRACKS, newest_by=lambda record: record.stream)
    records = [r.make_tracks([(0.0, float(k))], k) for k in range(50)]
    other = replace(records[0], stream="other")
    for record in (*records, other):
        bus.publish(topics.VIDEO_TRACKS, record)
    assert newest.drain() == [records[-1], other]
    assert newest.drain() == []
    assert len(all_of_them.drain()) == 51
    some = bus.subscribe(topics.VIDEO_TRACKS, newest_by=topics.newest_frames)
    for record in records:
        bus.publish(topics.VIDEO_TRACKS, record)
    assert some.drain() == records[-32:], "the newest, oldest first"
