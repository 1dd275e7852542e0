"""What the link's lamp says."""

import math

import pytest

from groundstation.console.link_lamp import link_lamp
from groundstation.core.records import VehicleId, VehicleState


@pytest.mark.parametrize(
    ("loss", "round_trip_s", "lamp", "hint"),
    [
        (0.0, 0.04, ("ok", "alive"), "0 % lost, round trip 40 ms, over radio"),
        (0.02, math.nan, ("ok", "alive"), "2 % lost, round trip not measured, over radio"),
        (0.2, 0.04, ("caution", "20 % lost"), "20 % lost, round trip 40 ms, over radio"),
        (0.0, 2.5, ("caution", "slow, 2.5 s"), "0 % lost, round trip 2500 ms, over radio"),
    ],
)
def test_the_link_lamp(loss, round_trip_s, lamp, hint):
    state = VehicleState(
        VehicleId(1), 0, 0, link_alive=True, link_loss_fraction=loss, round_trip_s=round_trip_s, link_name="radio"
    )
    assert link_lamp(state) == (*lamp, hint)
