"""The few parameters that checks need: asked for gently, believed from whomever they come, forgotten at a restart."""

from groundstation.core.records import VehicleId
from groundstation.vehicle.parameter_watch import ParameterWatch
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.unit.vehicle_safety.states import flying

SENDER = Sender()


def value(name, number):
    return SENDER.decoded(m.MAVLink_param_value_message(name.encode(), number, 9, 100, 65_535))


def asked_until(watch, end_s, start_s=0.0, state=None):
    names, now_s = [], start_s
    while now_s < end_s:
        names += [SENDER.decoded(q).param_id for q in watch.on_time(state or flying(), now_s)]
        now_s += 0.1
    return names


def test_each_is_asked_for_one_at_a_time_and_given_up_after_three_rounds():
    watch = ParameterWatch(VehicleId(1), ["FENCE_TYPE", "FENCE_ACTION"])
    names = asked_until(watch, 60.0)
    assert sorted(names) == ["FENCE_ACTION"] * 3 + ["FENCE_TYPE"] * 3
    assert watch.complete
    assert len(asked_until(ParameterWatch(VehicleId(1), "ABCDEFGHIJ"), 0.35)) <= 4, "never a burst"


def test_an_answer_is_kept_whoever_asked_and_not_asked_for_again():
    watch = ParameterWatch(VehicleId(1), ["FENCE_TYPE"])
    watch.on_message("a", value("FENCE_TYPE", 7.0), 0.0)
    watch.on_message("a", value("SOMETHING", 1.0), 0.0)
    assert watch.values == {"FENCE_TYPE": 7.0}, "and nothing that nobody wants"
    assert watch.changes == 1
    assert set(asked_until(watch, 30.0)) == {"FENCE_TYPE"}


def test_what_is_known_is_looked_at_again_now_and_then():
    watch = ParameterWatch(VehicleId(1), ["A", "B", "GONE"])
    for name in ("A", "B"):
        watch.on_message("a", value(name, 1.0), 0.0)
    names = asked_until(watch, 40.0)
    assert names.count("GONE") == 3
    again = [n for n in names if n != "GONE"]
    assert abs(again.count("A") - again.count("B")) <= 1
    assert 10 <= len(again) <= 20
    before = watch.changes
    watch.on_message("a", value("A", 2.0), 41.0)
    assert watch.changes == before + 1


def test_other_aircraft_do_not_count():
    watch = ParameterWatch(VehicleId(2), ["FENCE_TYPE"])
    watch.on_message("a", value("FENCE_TYPE", 7.0), 0.0)
    assert watch.values == {}


def test_former_names_are_asked_for_too():
    assert set(asked_until(ParameterWatch(VehicleId(1), ["RTL_ALT_M"]), 4.0)) == {"RTL_ALT_M", "RTL_ALT"}


def test_a_restart_makes_everything_unknown_again():
    watch = ParameterWatch(VehicleId(1), ["FENCE_TYPE"])
    watch.on_message("a", SENDER.decoded(m.MAVLink_system_time_message(0, 100_000)), 0.0)
    watch.on_message("a", value("FENCE_TYPE", 7.0), 0.0)
    watch.on_message("a", SENDER.decoded(m.MAVLink_system_time_message(0, 3_000)), 1.0)
    assert watch.values == {}
    assert asked_until(watch, 4.0, 1.0) == ["FENCE_TYPE"], "as if never asked"


def test_nothing_is_asked_of_an_aircraft_that_is_not_heard():
    assert asked_until(ParameterWatch(VehicleId(1), ["A"]), 5.0, state=flying(link_alive=False)) == []
    px4 = flying(read_only=True)
    assert asked_until(ParameterWatch(VehicleId(1), ["A"]), 5.0, state=px4) == [], "its parameters are of another kind"
