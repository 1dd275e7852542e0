"""Where own patrols and devices are at the time of a frame."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.vision_track.scene import FRAME
from vision.known_devices import DeviceBook, DeviceReport, KnownDevice

T_US = 1_700_000_000_000_000
REPORT = DeviceReport("patrol 1", T_US, FRAME.lat_deg, FRAME.lon_deg, 3.0, (1.0, -2.0))


def at(age_s: float, *reports: DeviceReport) -> tuple[KnownDevice, ...]:
    book = DeviceBook()
    for report in reports:
        book.take(report)
    return book.at(T_US + round(age_s * 1e6))


def test_it_is_moved_on_to_the_time_of_the_frame_and_less_sure_there() -> None:
    (device,) = at(4.0, REPORT)
    assert FRAME.to_plane(device.lat_deg, device.lon_deg) == pytest.approx([4.0, -8.0], abs=0.01)
    assert device.sigma_m == pytest.approx(3.4, abs=0.01)
    (now,) = at(0.0, REPORT)
    assert now.sigma_m == 3.0


@pytest.mark.parametrize(
    ("age_s", "changes"),
    [
        (5.1, {}),  # too old
        (-1.1, {}),  # of another clock
        (2.1, {"velocity_en_m_s": None}),  # who knows where it went
        (3.0, {"sigma_m": 1.0}),  # its velocity is not known as well as its place was
    ],
)
def test_a_report_tells_only_for_as_long_as_it_is_right(age_s: float, changes: dict[str, object]) -> None:
    assert at(age_s, replace(REPORT, **changes)) == ()  # type: ignore[arg-type]
    assert at(0.5, replace(REPORT, **changes))  # type: ignore[arg-type]


def test_the_newest_report_of_each_holds_whatever_the_order() -> None:
    later = replace(REPORT, t_utc_us=T_US + 1_000_000, sigma_m=4.0, velocity_en_m_s=(0.0, 0.0))
    other = replace(REPORT, name="patrol 2", velocity_en_m_s=(0.0, 0.0))
    found = at(1.0, later, REPORT, other)
    assert {d.name: round(d.sigma_m, 1) for d in found} == {"patrol 1": 4.0, "patrol 2": 3.0}


@pytest.mark.parametrize(
    "changes", [{"lat_deg": float("nan")}, {"sigma_m": 0.0}, {"velocity_en_m_s": (0.0, 1e400)}, {"lat_deg": 90.0}]
)
def test_what_is_no_place_is_not_kept(changes: dict[str, object]) -> None:
    assert at(0.0, REPORT, replace(REPORT, t_utc_us=T_US + 1, **changes))[0].sigma_m == 3.0  # type: ignore[arg-type]
