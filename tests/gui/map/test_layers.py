"""What is drawn where, in which look, and that nothing old looks live."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from geofences.area import Height, TimeWindow, Zone
from groundstation.console import theme
from groundstation.console.map.graphics import ellipse_pieces
from groundstation.console.map.layers.fences import FencesLayer
from groundstation.console.map.layers.ground import NoLookLayer, ZonesLayer
from groundstation.console.map.layers.tracks import CHI2_90
from groundstation.console.map.layers.trails import POINTS, Trails
from groundstation.console.map.projection import scale, to_mercator
from groundstation.console.map.tools import age_text_of
from groundstation.core import topics
from groundstation.core.forecast_records import BreachAhead, FlightForecast
from groundstation.core.records import FriendPosition, RemoteIncident, VehicleId
from groundstation.core.safety_records import FenceReport, FenceVerdict, TrafficContact, TrafficPicture
from tests.gui.map.bench import AREA, MapBench
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from vision.records import TrackStatus

TRACK = (40.0, 60.0)


def texts(layer: object) -> str:
    return "\n".join(word.text for word in layer.words.words)


# -- own tracks --------------------------------------------------------------------------------------------------------


def test_a_track_is_drawn_within_a_pixel_of_its_place(bench: MapBench) -> None:
    for name in ("zones", "graticule", "footprint", "forecast", "base"):
        bench.view._layers[name].visible = False
    # Only the symbol: an ellipse and a name of the same colour would shift the middle.
    for item in (bench.view.tracks.ellipses, bench.view.tracks.words, bench.view.tracks.trails):
        item.setVisible(False)
    for place in (TRACK, (-90.0, 31.0)):
        bench.publish(topics.VIDEO_TRACKS, bench.tracks([place]))
        at = bench.px(*place)
        middle = bench.middle_of("own", at)
        assert middle is not None
        assert abs(middle.x() - at.x()) < 1.0
        assert abs(middle.y() - at.y()) < 1.0


def test_a_track_of_an_old_stream_is_grey_and_says_its_age(bench: MapBench) -> None:
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK]))
    assert theme.palette().own in bench.colours_near(*TRACK)
    assert age_text_of(bench.view.tracks) == ""
    bench.clock.now_s += 12.0
    bench.tick()
    assert theme.palette().own not in bench.colours_near(*TRACK, within=9)
    assert "12 s old" in texts(bench.view.tracks)
    assert bench.view.tracks.age_text() == "cam1 12 s old"
    assert texts(bench.view.footprint) == "cam1: 12 s old"
    bench.clock.now_s += 3600.0
    bench.tick()
    assert len(bench.view.tracks.points.xy) == 0, "after an hour it is gone"


def test_a_record_that_waited_in_a_queue_is_old_when_it_comes(bench: MapBench) -> None:
    late = bench.tracks([TRACK])
    bench.clock.now_s += 8.0
    bench.publish(topics.VIDEO_TRACKS, late)
    assert "8 s old" in texts(bench.view.tracks)


def test_looks_tell_status_and_class(bench: MapBench) -> None:
    record = bench.tracks([(0, 20), (20, 20), (40, 20), (60, 20)])
    status = [TrackStatus.CONFIRMED, TrackStatus.COASTING, TrackStatus.TENTATIVE, TrackStatus.CONFIRMED]
    probability = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.9, 0.05, 0.05], [0.4, 0.3, 0.3]])
    tracks = replace(record.tracks, status=np.array([int(s) for s in status]), class_probability=probability)
    bench.publish(topics.VIDEO_TRACKS, replace(record, tracks=tracks))
    # Person seen now, vehicle not seen now, a class that nobody is sure of; a tentative one is not shown.
    assert bench.view.tracks.points.kind.tolist() == [0, 4, 9]
    assert "unsure" in texts(bench.view.tracks)


def test_the_ellipse_has_the_axes_of_the_covariance(bench: MapBench) -> None:
    covariance = np.array([[25.0, 12.0], [12.0, 16.0]])
    pieces = ellipse_pieces(np.zeros((1, 2)), covariance[None], CHI2_90, np.ones(1))
    rim = pieces[:, :2]
    # Every point of the rim is at the same Mahalanobis distance, and the longest axis is the first eigenvector.
    distance = np.einsum("ni,ij,nj->n", rim, np.linalg.inv(covariance), rim)
    np.testing.assert_allclose(distance, CHI2_90, rtol=1e-9)
    values, axes = np.linalg.eigh(covariance)
    longest = rim[np.argmax(np.hypot(*rim.T))]
    assert np.hypot(*longest) == pytest.approx(np.sqrt(values[1] * CHI2_90), rel=0.01)
    assert abs(longest @ axes[:, 1]) / np.hypot(*longest) == pytest.approx(1.0, abs=0.01)


def test_ellipses_on_the_map_are_in_metres_of_the_ground(bench: MapBench) -> None:
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK]))
    rim = bench.view.tracks.ellipses.strokes[0].pieces[:, :2]
    lat, lon = r.place(*TRACK)
    half = np.ptp(rim, axis=0) / 2 / scale(lat)
    np.testing.assert_allclose(half, np.sqrt(np.array([4.0, 7.0]) * CHI2_90), rtol=0.01)  # make_tracks' covariance
    np.testing.assert_allclose((rim.max(axis=0) + rim.min(axis=0)) / 2, to_mercator(lat, lon), atol=0.01)


def test_of_many_tracks_only_those_that_matter_get_more_than_a_symbol(bench: MapBench) -> None:
    rng = np.random.default_rng(5)
    places = [tuple(p) for p in rng.uniform((-200, -150), (200, 190), (1000, 2))]
    bench.publish(topics.VIDEO_TRACKS, bench.tracks(places))
    bench.clock.now_s += 1.1
    bench.publish(topics.VIDEO_TRACKS, bench.tracks(places))
    layer = bench.view.tracks
    assert len(layer.points.xy) == 1000
    assert sum(len(ids) for ids in layer._matter.values()) == 200
    assert len(layer.ellipses.strokes[0].pieces) == 60 * 32
    # The nearest to the border is among them, and so is a picked one far from it.
    border = np.array([150 + 20 * np.sin(e / 150) for e, _ in places])
    nearest = int(np.argmin(np.abs(border - np.array(places)[:, 1]))) + 1
    farthest = int(np.argmax(np.abs(border - np.array(places)[:, 1]))) + 1
    assert nearest in layer._matter["cam1"]
    assert farthest not in layer._matter["cam1"]
    bench.selection.choose_track(("cam1", farthest))
    bench.tick()
    assert layer._matter["cam1"][0] == farthest
    bench.selection.choose_track(None)
    bench.publish(topics.INCIDENT, r.make_incident(1, track_id=f"cam1-{farthest}"))
    assert layer._matter["cam1"][0] == farthest, "the track of an open incident"
    bench.publish(topics.INCIDENT, r.make_incident(1, track_id=f"cam1-{farthest}", acknowledged_utc_us=1))
    assert farthest not in layer._matter["cam1"]


def test_a_click_picks_the_track_under_it_and_never_an_aircraft(bench: MapBench) -> None:
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK, (80.0, 60.0)]))
    other = VehicleId(2, 1)
    lat, lon = r.place(-60, 10)
    bench.publish(topics.VEHICLE_STATE, r.make_state(vehicle_id=other, lat_deg=lat, lon_deg=lon))

    def click(east: float, north: float) -> None:
        at = bench.px(east, north).toPoint()
        bench.qtbot.mouseClick(bench.view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(80.0, 60.0)
    assert bench.selection.track == ("cam1", 2)
    click(-60, 10)
    assert bench.selection.vehicle is None
    assert bench.selection.track is None
    (choose,) = [a for a in bench.view._own_actions(lat, lon) if "2" in a.text() and "Choose" in a.text()]
    choose.trigger()
    assert bench.selection.vehicle == other


def test_trails_keep_to_their_own_track_and_to_their_room() -> None:
    trails = Trails()
    for second in range(POINTS + 20):
        ids = np.array([7, 3]) if second < 30 else np.array([3, 9])
        trails.add(ids, np.array([[i, float(second)] for i in ids]), float(second))
        trails.add(ids, np.full((2, 2), -1.0), second + 0.5)  # too soon after the last
    line = trails.pieces(np.array([3]), np.array([[3.0, 99.0]]))
    assert set(line[:, 0]) == {3.0}
    assert len(line) == POINTS
    assert line[0, 1] == 20.0, "the oldest has gone"
    assert len(trails.pieces(np.array([7]), np.array([[7.0, 0.0]]))) == 0, "a track that has ended"
    assert len(trails.pieces(np.array([9]), np.array([[9.0, 99.0]]))) == 30


# -- others ------------------------------------------------------------------------------------------------------------


def test_the_neighbours_tracks_are_hollow_named_and_grey_when_old(bench: MapBench) -> None:
    track = replace(r.make_remote_track(), t_utc_us=bench.now_us, received_utc_us=bench.now_us)
    bench.publish(topics.REMOTE_TRACK, track)
    layer = bench.view.neighbour
    assert texts(layer) == "belmark: vehicle"
    assert layer.points.kind.tolist() == [0]
    bench.clock.now_s += 20.0
    bench.tick()
    assert texts(layer) == "belmark: vehicle, 20 s old"
    assert layer.points.kind.tolist() == [1]
    assert layer.age_text() == "20 s old"
    assert len(layer.rings.strokes[0].pieces) == 0, "no error circle of then"


def test_a_track_that_the_neighbour_saw_long_ago_is_not_new_because_it_came_now(bench: MapBench) -> None:
    late = replace(r.make_remote_track(), t_utc_us=bench.now_us - 60_000_000, received_utc_us=bench.now_us)
    bench.publish(topics.REMOTE_TRACK, late)
    assert bench.view.neighbour.points.kind.tolist() == [1]


def test_a_step_of_utc_does_not_make_an_old_track_new(bench: MapBench) -> None:
    bench.publish(
        topics.REMOTE_TRACK, replace(r.make_remote_track(), t_utc_us=bench.now_us, received_utc_us=bench.now_us)
    )
    bench.clock.now_s += 60.0
    bench.clock.utc_step_us = -3_600_000_000
    bench.tick()
    assert bench.view.neighbour.points.kind.tolist() == [1]


def test_friends_and_traffic_age_too(bench: MapBench) -> None:
    bench.publish(topics.FRIEND_POSITION, FriendPosition("f1", "patrol 3", "patrol", bench.now_us, *r.place(-60, 20)))
    contact = TrafficContact(
        0x48A1B2, "SP-ABC", "light", *r.place(70, -20), 500.0, "amsl_geometric", 300.0, 50.0, 0.0, 1.0, 300.0, 90.0,
        20.0, 80.0, 40.0, "warning",
    )  # fmt: skip
    bench.publish(topics.TRAFFIC, TrafficPicture(r.VEHICLE, bench.now_us, (contact,)))
    assert bench.view.friends.points.kind.tolist() == [0]
    assert bench.view.traffic.points.kind.tolist() == [2]
    assert texts(bench.view.traffic) == "SP-ABC  +90 m"
    bench.clock.now_s += 40.0
    bench.tick()
    assert bench.view.friends.points.kind.tolist() == [1]
    assert texts(bench.view.friends) == "patrol 3, 40 s old"
    assert bench.view.traffic.points.kind.tolist() == [3], "an old warning is no warning"
    assert "41 s old" in texts(bench.view.traffic)
    assert bench.view.traffic.age_text() == "40 s old"


def test_incidents_by_urgency_and_what_is_acknowledged_is_hollow(bench: MapBench) -> None:
    noon_us = 1_700_049_600_000_000
    bench.publish(topics.INCIDENT, r.make_incident(1, urgency="help", kind="person_down", t_utc_us=noon_us))
    bench.publish(topics.INCIDENT, r.make_incident(2))
    bench.publish(topics.INCIDENT, r.make_incident(2, acknowledged_utc_us=5))
    bench.publish(
        topics.REMOTE_INCIDENT,
        RemoteIncident("belmark", "B-1", "crossing", 1, 1, "person", "", *r.place(0, 190), 8.0, "agreement-1"),
    )
    layer = bench.view.incidents
    assert sorted(layer.points.kind.tolist()) == [0, 3, 4]
    assert texts(layer) == "Person down: help needed? 12:00:00\nbelmark: Crossing 00:00:00"


# -- aircraft ----------------------------------------------------------------------------------------------------------


def test_an_aircraft_without_a_link_is_hollow_and_says_since_when(bench: MapBench) -> None:
    mono_ns = bench.clock.mono_ns()
    bench.publish(topics.VEHICLE_STATE, r.make_state(t_mono_ns=mono_ns))
    layer = bench.view.aircraft
    assert layer.points.kind.tolist() == [0]
    assert "AUTO" in texts(layer)
    bench.clock.now_s += 7.0
    bench.tick()
    assert layer.points.kind.tolist() == [1]
    assert "7 s old" in texts(layer)
    assert "AUTO" not in texts(layer), "an old mode is not told"
    assert layer.age_text() == "1: 7 s old"
    bench.publish(
        topics.VEHICLE_STATE,
        r.make_state(t_mono_ns=bench.clock.mono_ns(), link_alive=False, heartbeat_age_s=30.0),
    )
    assert "NO LINK" in texts(layer)
    assert "30 s old" in texts(layer)


def test_the_chosen_aircraft_is_marked_and_all_are_drawn(bench: MapBench) -> None:
    for n in (1, 2):
        lat, lon = r.place(20.0 * n, 0.0)
        state = r.make_state(vehicle_id=VehicleId(n, 1), lat_deg=lat, lon_deg=lon, t_mono_ns=bench.clock.mono_ns())
        bench.publish(topics.VEHICLE_STATE, state)
    bench.selection.choose_vehicle(VehicleId(2, 1))
    bench.tick()
    assert bench.view.aircraft.points.kind.tolist() == [0, 2]


def test_the_way_flown_stays_in_its_room_and_ends_at_the_aircraft(bench: MapBench) -> None:
    layer = bench.view.aircraft
    for n in range(4000):
        lat, lon = r.place(2.0 * n - 4000.0, 10.0)
        layer.on_state(r.make_state(lat_deg=lat, lon_deg=lon))
    flown = layer._flown[r.VEHICLE]
    assert len(flown.trail) == 1500
    way = flown.trail[: flown.length]
    np.testing.assert_allclose(way[-1], to_mercator(*r.place(2.0 * 3999 - 4000.0, 10.0)), atol=0.01)
    assert (np.diff(way[:, 0]) > 0).all(), "in the order flown"
    assert way[0, 0] < to_mercator(*r.place(-3000.0, 10.0))[0], "the beginning is kept, more coarsely"


def test_following_keeps_the_aircraft_in_view_until_the_map_is_moved(bench: MapBench) -> None:
    bench.publish(topics.VEHICLE_STATE, r.make_state(t_mono_ns=bench.clock.mono_ns()))
    bench.view.bar.follow.setChecked(True)
    lat, lon = r.place(2000.0, 300.0)
    bench.publish(topics.VEHICLE_STATE, r.make_state(lat_deg=lat, lon_deg=lon, t_mono_ns=bench.clock.mono_ns()))
    bench.tick()
    at = bench.view.canvas.to_px(lat, lon)
    assert abs(at.x() - 450) < 2
    assert abs(at.y() - 350) < 2
    bench.view.canvas.dragged.emit()
    assert not bench.view.bar.follow.isChecked()
    bench.publish(topics.VEHICLE_STATE, r.make_state(t_mono_ns=bench.clock.mono_ns()))
    bench.tick()
    assert abs(bench.view.canvas.to_px(lat, lon).x() - 450) < 2


def test_wind_and_the_fence_ahead(bench: MapBench) -> None:
    windy = r.make_state(t_mono_ns=bench.clock.mono_ns(), wind_from_deg=180.0, wind_m_s=6.0)  # flies east at 4 m/s
    bench.publish(topics.VEHICLE_STATE, windy)
    ahead = BreachAhead("edge", 7.0, 60.0, "patrol box", "wind")
    bench.publish(topics.FLIGHT_FORECAST, FlightForecast(r.VEHICLE, bench.now_us, (0.0, 6.0), (ahead,)))
    layer = bench.view.forecast
    assert "wind 6 m/s" in texts(layer)
    assert "patrol box: brake in 7 s" in texts(layer)
    start, end = to_mercator(*r.place(-40, 75)), to_mercator(*r.place(20, 75))
    (line,) = layer.lines.strokes[3].pieces
    np.testing.assert_allclose(line, [*start, *end], atol=2.0)
    bench.clock.now_s += 9.0
    bench.tick()
    assert "brake" not in texts(layer), "a forecast of then says nothing of now"
    assert "fence forecast 9 s old" in texts(layer)
    assert "wind 6 m/s, 9 s old" in texts(layer)
    # A wind that the aircraft does not tell any more is not shown, whatever a forecast was made of.
    bench.publish(topics.VEHICLE_STATE, r.make_state(t_mono_ns=bench.clock.mono_ns()))
    assert "wind" not in texts(layer)


# -- fences and zones --------------------------------------------------------------------------------------------------


def report(bench: MapBench, force: str) -> FenceReport:
    return FenceReport(r.VEHICLE, bench.now_us, (FenceVerdict("areas", force, f"words for {force}"),))


def test_a_fence_is_in_force_only_when_it_was_read_back_and_the_aircraft_says_so_now(bench: MapBench) -> None:
    layer: FencesLayer = bench.view.fences
    plan = r.make_plan(AREA)
    assert layer.verdict()[0] == "planned"
    bench.view.set_plan(plan, in_force=False)
    bench.publish(topics.FENCE_REPORT, report(bench, "in_force"))
    assert layer.verdict()[0] == "planned", "it keeps a fence, but not this one as far as we know"
    bench.view.set_plan(plan, in_force=True)
    assert layer.verdict() == ("in_force", "in force")
    bench.publish(topics.FENCE_REPORT, report(bench, "report_only"))
    assert layer.verdict() == ("unconfirmed", "NOT confirmed: words for report_only")
    bench.publish(topics.FENCE_REPORT, report(bench, "breached"))
    assert "BREACHED" in layer.verdict()[1]
    bench.clock.now_s += 20.0
    bench.tick()
    assert layer.verdict() == ("unconfirmed", "NOT confirmed: last told 20 s ago")
    assert "NOT confirmed" in texts(layer)


def test_read_back_without_a_word_of_the_aircraft_is_not_confirmed(bench: MapBench) -> None:
    bench.view.set_plan(r.make_plan(AREA), in_force=True)
    assert bench.view.fences.verdict()[0] == "unconfirmed"


def test_the_word_of_another_aircraft_does_not_count(bench: MapBench) -> None:
    bench.selection.choose_vehicle(VehicleId(2, 1))
    bench.view.set_plan(r.make_plan(AREA), in_force=True)
    bench.publish(topics.FENCE_REPORT, report(bench, "in_force"))
    assert bench.view.fences.verdict()[0] == "unconfirmed"


def test_the_three_states_of_a_fence_look_different(bench: MapBench) -> None:
    looks = set()
    plan = r.make_plan(AREA)

    def look() -> tuple[str, Qt.PenStyle]:
        bench.tick()
        pen = bench.view.fences.shapes.shapes[0].pen()
        return pen.color().name(), pen.style()

    bench.view.set_plan(plan, in_force=False)
    looks.add(look())
    bench.view.set_plan(plan, in_force=True)
    looks.add(look())
    bench.publish(topics.FENCE_REPORT, report(bench, "in_force"))
    looks.add(look())
    assert len({colour for colour, _ in looks}) == 3
    assert len({style for _, style in looks}) == 3, "not by colour alone"


def test_zones_have_holes_heights_and_hours(bench: MapBench) -> None:
    clock = FakeClock()
    minute = clock.utc_us() // 60_000_000 % 1440
    later = TimeWindow((minute + 120) % 1440, (minute + 180) % 1440)
    ring = (r.place(0, 0), r.place(90, 0), r.place(90, 90), r.place(0, 90))
    hole = (r.place(30, 30), r.place(60, 30), r.place(60, 60), r.place(30, 60))
    zone = Zone("depot", ring, (hole,), Height(0.0, "ground"), Height(120.0, "amsl"), (later,))
    layer = ZonesLayer(replace(AREA, exclusions=(zone,)), clock)
    layer.on_tick()
    words = next(w.text for w in layer.words.words if "depot" in w.text)
    assert "0 m above ground – 120 m AMSL" in words
    assert "not now" in words
    shape = next(s for s in layer.shapes.shapes if s.brush().style() != Qt.BrushStyle.NoBrush)
    from PyQt6.QtCore import QPointF

    assert shape.path().contains(QPointF(*to_mercator(*r.place(10, 10))))
    assert not shape.path().contains(QPointF(*to_mercator(*r.place(45, 45)))), "the hole"
    assert shape.brush().style() == Qt.BrushStyle.BDiagPattern
    assert shape.pen().color().name() == theme.palette().off
    clock.now_s += 130 * 60
    layer.on_tick()
    assert layer.shapes.shapes[-1].pen().color().name() == theme.palette().exclusion, "when its hours have come"


def test_no_look_areas_are_drawn_with_the_neighbours_land(bench: MapBench) -> None:
    layer = NoLookLayer(replace(AREA, no_look_beyond_m=60.0), FakeClock())
    layer.on_tick()
    assert len(layer.shapes.shapes) >= 1
    assert "Belmark beyond 60 m" in layer.words.words[0].text


# -- legend and looks --------------------------------------------------------------------------------------------------


def test_the_legend_switches_a_layer_and_the_settings_keep_it(bench: MapBench) -> None:
    bench.view.legend.fold.setChecked(True)
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK]))
    assert theme.palette().own in bench.colours_near(*TRACK)
    box = bench.view.legend.box("tracks")
    bench.qtbot.keyClick(box, Qt.Key.Key_Space)
    assert theme.palette().own not in bench.colours_near(*TRACK)
    again = MapBench(bench.qtbot, settings=bench.settings)
    assert not again.view.tracks.visible
    assert not again.view.legend.box("tracks").isChecked()
    assert again.view.aircraft.visible
    again.close()
    bench.qtbot.keyClick(box, Qt.Key.Key_Space)
    bench.tick()
    assert theme.palette().own in bench.colours_near(*TRACK)


def test_the_legend_says_the_age_of_what_is_old(bench: MapBench) -> None:
    bench.view.legend.fold.setChecked(True)
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK]))
    bench.clock.now_s += 5.0
    bench.tick()
    assert bench.view.legend.age_of("tracks") == "cam1 5 s old"


def test_every_layer_is_drawn_in_every_theme_and_takes_its_colours(bench: MapBench) -> None:
    try:
        for name in ("light", "night_red", "dark"):
            theme.use(name)
            bench.publish(topics.VIDEO_TRACKS, bench.tracks([TRACK]))
            assert theme.palette().own in bench.colours_near(*TRACK), name
            bench.view.legend.update_look(force=True)
    finally:
        theme.use("dark")
