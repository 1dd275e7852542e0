"""Parameters are believed when echoed."""

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.fence_parameters import fence_parameters
from groundstation.vehicle.parameters import ParameterClient
from missions.mavlink import mavlink2 as m
from missions.plan import FencePlan, FencePolygon
from tests.helpers.mavlink_fakes import Sender

TARGET = VehicleId(1, 1)
SQUARE = FencePolygon("a", ((0, 0), (0, 1), (1, 1)))


class Desk:
    def __init__(self):
        self.client, self.results, self.now_s, self.sent = ParameterClient(), [], 0.0, []

    def echo(self, name, value, sender=None):
        message = m.MAVLink_param_value_message(name.encode(), value, 2, 10, 1)
        self.client.on_message((sender or Sender()).decoded(message), self.now_s)

    def until(self, t_s):
        while (deadline := self.client.next_deadline_s) is not None and deadline <= t_s:
            self.now_s = deadline
            self.sent += self.client.on_time(self.now_s)


@pytest.fixture
def desk():
    return Desk()


def test_read(desk):
    (message,) = desk.client.get(TARGET, "FENCE_TYPE", desk.results.append, 0.0)
    assert (message.get_type(), message.param_index) == ("PARAM_REQUEST_READ", -1)
    desk.echo("FENCE_MARGIN", 3.0)
    desk.echo("FENCE_TYPE", 9.0, Sender(2, 1))
    assert desk.results == []
    desk.echo("FENCE_TYPE", 7.0)
    assert (desk.results[0].value, desk.results[0].ok) == (7.0, True)


def test_a_name_of_sixteen_characters_has_no_terminator(desk):
    desk.client.get(TARGET, "ABCDEFGHIJKLMNOP", desk.results.append, 0.0)
    desk.echo("ABCDEFGHIJKLMNOP", 1.0)
    assert desk.results[0].ok


def test_set_is_ok_when_echoed_in_float32(desk):
    (message,) = desk.client.set(TARGET, "FENCE_MARGIN", 0.1, desk.results.append, 0.0)
    assert message.get_type() == "PARAM_SET"
    desk.echo("FENCE_MARGIN", 0.1)
    assert desk.results[0].ok


def test_the_type_that_the_aircraft_told_is_sent_back(desk):
    desk.client.get(TARGET, "FENCE_TYPE", desk.results.append, 0.0)
    desk.echo("FENCE_TYPE", 7.0)
    (message,) = desk.client.set(TARGET, "FENCE_TYPE", 5, desk.results.append, 0.0)
    assert message.param_type == 2


def test_another_value_echoed_is_a_failure_only_at_the_end(desk):
    desk.client.set(TARGET, "FENCE_TYPE", 5, desk.results.append, 0.0)
    desk.echo("FENCE_TYPE", 7.0)
    assert desk.results == []
    desk.until(15.0)
    (result,) = desk.results
    assert not result.ok
    assert "keeps 7" in result.reason


def test_an_aircraft_that_keeps_its_value_is_not_asked_for_ever(desk):
    desk.client.set(TARGET, "FENCE_TYPE", 5, desk.results.append, 0.0)
    while not desk.results:
        desk.echo("FENCE_TYPE", 7.0)
        desk.until(desk.client.next_deadline_s or 0.0)
        assert desk.now_s < 4.0
    assert "keeps 7" in desk.results[0].reason


def test_silence_ends(desk):
    desk.sent += desk.client.get(TARGET, "NOT_THERE", desk.results.append, 0.0)
    desk.until(10.0)
    assert len(desk.sent) == 4
    assert (desk.results[0].value, desk.results[0].ok) == (None, False)
    assert desk.client.next_deadline_s is None


def test_an_answer_that_takes_three_seconds_is_not_taken_for_silence(desk):
    """Every message was answered and none was lost; four questions half a second apart were once the whole patience."""
    desk.sent += desk.client.set(TARGET, "FENCE_ACTION", 1.0, desk.results.append, 0.0)
    desk.until(3.0)
    assert desk.results == []
    desk.now_s = 3.0
    desk.echo("FENCE_ACTION", 1.0)
    assert desk.results[0].ok
    assert len(desk.sent) < 8


def test_an_error_is_told_at_once(desk):
    desk.client.get(TARGET, "NOT_THERE", desk.results.append, 0.0)
    error = m.MAVLink_param_error_message(255, 190, b"NOT_THERE", -1, 1)
    desk.client.on_message(Sender().decoded(error), 0.0)
    assert desk.results[0].value is None
    assert "NOT_THERE" in desk.results[0].reason


def _values(fence, old=None):
    return {p.name: p.wanted((old or {}).get(p.name, 0.0)) for p in fence_parameters(fence)}


def test_the_fence_is_polygons_and_a_ceiling_and_no_circle():
    values = _values(FencePlan((SQUARE,), (), 120.0, 4.0), {"FENCE_TYPE": 7.0})
    assert values["FENCE_TYPE"] == 5
    assert (values["FENCE_ALT_MAX"], values["FENCE_MARGIN"], values["FENCE_ACTION"]) == (120.0, 4.0, 1.0)


def test_union_only_where_the_plan_joins_and_other_options_are_kept():
    two = (SQUARE, SQUARE)
    assert _values(FencePlan(two, union_of_inclusions=True), {"FENCE_OPTIONS": 1.0})["FENCE_OPTIONS"] == 3.0
    assert _values(FencePlan(two), {"FENCE_OPTIONS": 7.0})["FENCE_OPTIONS"] == 5.0
    (options,) = [p for p in fence_parameters(FencePlan(two, union_of_inclusions=True)) if p.name == "FENCE_OPTIONS"]
    assert options.required, "without it the two would be intersected"
