"""Time windows, weather limits and the records of zones: at the edges, over midnight, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofences.errors import ConfigError
from geofences.weather import Weather, weather_findings
from geofences.windows import all_covered, any_meets, parse_windows, windows_text
from geofences.zone import Circle, Corridor, Height, Obstacle, TimeWindow, WeatherLimits, Zone

SQUARE = ((49.0, 22.0), (49.0, 22.01), (49.01, 22.01))


def at(text):
    return int(datetime.fromisoformat(text + "+00:00").timestamp()) * 1_000_000


def window(text):
    (only,) = parse_windows(text)
    return only


@pytest.mark.parametrize(
    ("text", "moment", "holds"),
    [
        ("22:00-04:00", "2026-11-23T21:59:59", False),
        ("22:00-04:00", "2026-11-23T22:00:00", True),
        ("22:00-04:00", "2026-11-24T03:59:59", True),
        ("22:00-04:00", "2026-11-24T04:00:00", True),
        ("22:00-04:00", "2026-11-24T04:00:01", False),
        ("Mo-Fr 22:00-04:00", "2026-11-23T02:00:00", False),  # Monday, but Sunday's night
        ("Mo-Fr 22:00-04:00", "2026-11-28T02:00:00", True),  # Saturday, but Friday's night
        ("Mo-Fr 22:00-04:00", "2026-11-28T23:00:00", False),
        ("Su 00:00-24:00", "2026-11-29T23:59:59", True),
        ("Su 00:00-24:00", "2026-11-28T23:59:59", False),
        ("Fr-Mo 08:00-10:00", "2026-11-30T09:00:00", True),
        ("Fr-Mo 08:00-10:00", "2026-12-01T09:00:00", False),
        ("Tu,Th 08:00-10:00", "2026-11-24T09:00:00", True),
        ("Tu,Th 08:00-10:00", "2026-11-25T09:00:00", False),
        ("22:00-04:00", "1969-12-31T23:00:00", True),
    ],
)
def test_a_window_holds(text, moment, holds):
    assert window(text).holds(at(moment)) is holds


@given(st.integers(0, 1439), st.integers(1, 1440), st.sets(st.integers(0, 6), min_size=1), st.integers(0, 2**51))
def test_a_window_against_the_calendar(start, end, days, t_us):
    if start == end:
        return
    it = TimeWindow(start, end, frozenset(days))
    when = datetime.fromtimestamp(t_us / 1e6, UTC)
    minute, day = when.hour * 60 + when.minute + when.second / 60 + when.microsecond / 6e7, when.weekday()
    if end > start:
        expected = day in days and start <= minute <= end
        expected |= end == 1440 and minute == 0 and (day - 1) % 7 in days
    else:
        expected = (day in days and minute >= start) or ((day - 1) % 7 in days and minute <= end)
    assert it.holds(t_us) == expected
    assert window(windows_text([it])) == it


def test_a_flight_that_begins_before_a_window_meets_it():
    night = parse_windows("22:00-04:00")
    assert any_meets(night, at("2026-11-23T21:30:00"), at("2026-11-23T22:10:00"))
    assert not any_meets(night, at("2026-11-23T20:00:00"), at("2026-11-23T21:00:00"))
    assert any_meets(parse_windows("We 00:00-01:00"), at("2026-11-23T00:00:00"), at("2027-11-23T00:00:00"))
    assert any_meets((), 0, 0)


def test_windows_cover_a_flight_only_without_a_gap():
    day = parse_windows("06:00-12:00; 12:00-18:00")
    assert all_covered(day, at("2026-11-23T07:00:00"), at("2026-11-23T17:00:00"))
    assert not all_covered(day, at("2026-11-23T07:00:00"), at("2026-11-23T18:00:01"))
    assert not all_covered(
        parse_windows("06:00-12:00; 12:01-18:00"), at("2026-11-23T07:00:00"), at("2026-11-23T17:00:00")
    )
    assert all_covered(parse_windows("00:00-24:00"), at("2026-11-23T00:00:00"), at("2026-12-23T00:00:00"))
    assert not all_covered(parse_windows("Mo-Fr 00:00-24:00"), at("2026-11-27T12:00:00"), at("2026-11-28T12:00:00"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("night", "'night'"),
        ("22:00", "'22:00'"),
        ("25:00-26:00", "25:00"),
        ("22:60-23:00", "22:60"),
        ("24:00-02:00", "begins at 24:00"),
        ("08:00-08:00", "same minute"),
        ("Xx 08:00-10:00", "'Xx'"),
        ("Mo-Tu-We 08:00-10:00", "Mo-Tu-We"),
        ("08:00-10:00; oops", "'oops'"),
        ("08:00-10:00 CET", "CET"),
    ],
)
def test_windows_that_are_none_are_refused(text, says):
    with pytest.raises(ConfigError, match=says):
        parse_windows(text)


LIMITS = WeatherLimits(8.0, 12.0, 1500.0, 2.0, -10.0, 40.0)


def codes(**observed):
    return [(f.severity, f.code) for f in weather_findings(LIMITS, Weather(**observed))]


def test_weather_within_and_beyond_the_limits():
    fine = {"wind_m_s": 8.0, "gust_m_s": 12.0, "visibility_m": 1500.0, "rain_mm_h": 2.0, "temperature_c": -10.0}
    assert codes(**fine) == []
    assert codes(**{**fine, "wind_m_s": 8.1}) == [("error", "wind")]
    assert codes(**{**fine, "visibility_m": 1499.0}) == [("error", "visibility")]
    assert codes(**{**fine, "temperature_c": -10.1}) == [("error", "temperature")]
    assert codes(**{**fine, "temperature_c": 40.1}) == [("error", "temperature")]


def test_weather_that_is_not_known_is_said():
    assert {c for _, c in codes()} == {
        "wind_unknown", "gusts_unknown", "visibility_unknown", "rain_unknown", "temperature_unknown"
    }  # fmt: skip
    assert ("error", "gusts") in codes(wind_m_s=13.0)
    assert ("warning", "gusts_unknown") in codes(wind_m_s=5.0)
    assert ("warning", "wind_unknown") in codes(wind_m_s=float("nan"))
    assert weather_findings(None, Weather()) == []
    assert weather_findings(WeatherLimits(), Weather()) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: Height(float("nan")),
        lambda: Height(10.0, "sea"),
        lambda: Circle(49.0, 22.0, 0.0),
        lambda: Corridor(((49.0, 22.0), (49.0, 22.0)), 10.0),
        lambda: Corridor(((49.0, 22.0), (49.0, 22.1)), -1.0),
        lambda: Zone("z", SQUARE, buffer_m=-1.0),
        lambda: Zone("z", SQUARE, floor=Height(50.0), ceiling=Height(50.0)),
        lambda: Obstacle("mast", 49.0, 22.0, float("inf"), Height(10.0, "ground")),
        lambda: TimeWindow(0, 0),
        lambda: TimeWindow(0, 1441),
        lambda: TimeWindow(0, 10, frozenset({7})),
        lambda: TimeWindow(0, 10, frozenset()),
        lambda: WeatherLimits(wind_max_m_s=-1.0),
        lambda: WeatherLimits(temperature_min_c=10.0, temperature_max_c=0.0),
    ],
)
def test_records_that_mean_nothing_are_not_made(make):
    with pytest.raises(ConfigError):
        make()
