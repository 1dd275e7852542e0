"""A fault neither flickers nor goes unseen."""

import math

from groundstation.vehicle.hysteresis import Level, Standing


def test_standing_needs_time_to_come_and_time_to_go():
    fault = Standing(raise_s=1.0, clear_s=3.0)
    assert not fault.update(True, 0.0)
    assert not fault.update(True, 0.9)
    assert fault.update(True, 1.0)
    assert fault.update(False, 2.0)
    assert fault.update(True, 4.9), "a short relief starts the time anew"
    assert fault.update(False, 5.0)
    assert fault.update(False, 7.9)
    assert not fault.update(False, 8.0)


def test_a_level_rises_at_once_and_falls_late():
    level = Level((10.0, 20.0), back=0.1, clear_s=2.0)
    assert level.update(5.0, 0.0) == 0
    assert level.update(25.0, 1.0) == 2
    assert level.update(19.0, 2.0) == 2, "within the band"
    assert level.update(15.0, 3.0) == 2
    assert level.update(15.0, 4.9) == 2
    assert level.update(15.0, 5.0) == 1
    assert level.update(math.nan, 6.0) == 1
    assert level.update(0.0, 7.0) == 1
    assert level.update(0.0, 9.0) == 0
