"""Measuring, going to a coordinate, places that are kept, the grids, the line under the cursor."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Geod, Transformer
from PyQt6.QtCore import QPoint, QPointF, Qt

from geofences.coordinate_grids import utm_zone
from geofences.coordinates import parse_coordinate
from groundstation.console.map.goto import Bookmark, Bookmarks, GoToDialog
from groundstation.console.map.layers.grid import degrees_text, zone_cells
from groundstation.console.map.measure import MeasureTool, area_m2, area_text, distance_text, leg, way_m
from groundstation.console.map.projection import scale, to_lat_lon
from groundstation.console.map.view import MapView
from groundstation.console.settings import ConsoleSettings
from groundstation.core import topics
from tests.gui.map.bench import AREA, MapBench
from tests.helpers import records as r

GEOD = Geod(ellps="WGS84")


# -- measuring ---------------------------------------------------------------------------------------------------------


def test_distance_bearing_and_area_on_the_ellipsoid() -> None:
    a, b = r.place(0, 0), r.place(300, 400)
    metres, bearing = leg(a, b)
    assert metres == pytest.approx(500.0, rel=1e-3)
    assert bearing == pytest.approx(math.degrees(math.atan2(300, 400)), abs=0.05)
    assert leg(b, a)[1] == pytest.approx(bearing + 180.0, abs=0.05)
    square = [r.place(0, 0), r.place(100, 0), r.place(100, 100), r.place(0, 100)]
    assert area_m2(square) == pytest.approx(10_000.0, rel=2e-3)
    assert area_m2(square[::-1]) == pytest.approx(10_000.0, rel=2e-3), "whichever way round"
    assert area_m2(square[:2]) == 0.0
    assert way_m(square) == pytest.approx(300.0, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (distance_text(12.34), "12.3 m"), (distance_text(512.0), "512 m"), (distance_text(20_480.0), "20.48 km"),
        (area_text(512.0), "512 m²"), (area_text(25_000.0), "2.50 ha"), (area_text(3.2e6), "3.200 km²"),
    ],
)  # fmt: skip
def test_how_it_is_written(text: str, wanted: str) -> None:
    assert text == wanted


def click(bench: MapBench, east: float, north: float) -> None:
    at = bench.px(east, north).toPoint()
    bench.qtbot.mouseClick(bench.view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_measuring_by_mouse_and_keys_and_nothing_stays(bench: MapBench) -> None:
    view = bench.view
    bench.qtbot.mouseClick(view.bar.measure, Qt.MouseButton.LeftButton)
    tool = view.canvas.tool
    assert isinstance(tool, MeasureTool)
    for place in ((-100, -50), (100, -50), (100, 50)):
        click(bench, *place)
    bench.qtbot.mouseMove(view.canvas.viewport(), QPoint(5, 5))
    bench.qtbot.keyClick(view.canvas, Qt.Key.Key_Return)
    first, whole, area = tool.text().split("\n")
    pixel_m = 500.0 / 450  # a click is true to half a pixel or so
    assert float(first.split(" m")[0]) == pytest.approx(100.0, abs=2 * pixel_m)
    assert float(first.split(", ")[1].split("°")[0]) % 360 == pytest.approx(0.0, abs=1.5)
    assert float(whole.split()[-2]) == pytest.approx(300.0, abs=4 * pixel_m)
    assert float(area.split()[-2]) == pytest.approx(1.0, abs=0.05)  # half of 200 m x 100 m, in hectares
    assert tool.lines.scene() is not None
    bench.qtbot.keyClick(view.canvas, Qt.Key.Key_Backspace)
    assert len(tool.points) == 2
    bench.qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.tool is None
    assert not view.bar.measure.isChecked()
    assert tool.lines.scene() is None


# -- going somewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["49.05 22.70", "N 49°03'00\" E 22°42'00\"", "34U EV 51000 33000"])
def test_going_to_a_typed_coordinate(bench: MapBench, text: str) -> None:
    bench.qtbot.mouseClick(bench.view.bar.go_to, Qt.MouseButton.LeftButton)
    dialog = bench.view.findChild(GoToDialog)
    assert dialog is not None
    assert not dialog.go_button.isEnabled()
    bench.qtbot.keyClicks(dialog.line, text)
    wanted = parse_coordinate(text)
    bench.qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    middle = bench.view.canvas.to_lat_lon(QPointF(450, 350))
    assert GEOD.inv(middle[1], middle[0], wanted.lon_deg, wanted.lat_deg)[2] < 2.0


def test_what_is_no_coordinate_goes_nowhere_and_says_why(bench: MapBench) -> None:
    gone = []
    dialog = GoToDialog(gone.append)
    bench.qtbot.addWidget(dialog)
    dialog.line.setText("95.0 22.7")
    assert dialog.answer.text()
    assert not dialog.go_button.isEnabled()
    dialog._accept()
    assert gone == []


def test_a_place_is_kept_and_found_again(bench: MapBench) -> None:
    view = bench.view
    view.go_to(*r.place(500, 300), 800.0)
    view.bookmarks.put(view.bookmark_here("the ford"))
    view.go_to(*r.place(0, 0), 100.0)
    (mark,) = Bookmarks(bench.settings).all()
    view.show_bookmark(mark)
    at = view.canvas.to_px(*r.place(500, 300))
    assert abs(at.x() - 450) < 2
    assert abs(at.y() - 350) < 2
    west, _, east, _ = view.view_box()
    assert (east - west) / scale(49.05) >= 800.0 * 0.99
    view.bookmarks.remove("the ford")
    assert Bookmarks(bench.settings).all() == []


def test_bookmarks_that_cannot_be_are_left_out() -> None:
    settings = ConsoleSettings()
    good = {"name": "a", "lat_deg": 49.0, "lon_deg": 22.0, "width_m": 300.0}
    settings.put_part(
        "map.bookmarks", [good, {**good, "lat_deg": 300.0}, {"name": "b"}, 7, {**good, "name": "c", "width_m": -1}]
    )
    marks = Bookmarks(settings)
    assert [mark.name for mark in marks.all()] == ["a"]
    with pytest.raises(ValueError, match="name"):
        marks.put(Bookmark("  ", 1.0, 1.0, 1.0))
    settings.put_part("map.bookmarks", "spoilt")
    assert marks.all() == []


# -- under the cursor --------------------------------------------------------------------------------------------------


def move(view: MapView, east: float, north: float) -> str:
    lat, lon = r.place(east, north)
    view.canvas.cursor_moved.emit(lat, lon)
    return view._overlay.cursor_text


def test_the_place_under_the_cursor_in_the_notation_that_was_chosen(bench: MapBench) -> None:
    assert parse_coordinate(move(bench.view, 10, 20)).written_as == "decimal"
    bench.view.write_coordinates("mgrs")
    text = move(bench.view, 10, 20)
    assert parse_coordinate(text).written_as == "mgrs"
    lat, lon = r.place(10, 20)
    found = parse_coordinate(text)
    assert GEOD.inv(lon, lat, found.lon_deg, found.lat_deg)[2] < 2.0
    bench.view.canvas.cursor_left.emit()
    assert bench.view._overlay.cursor_text == ""
    again = MapBench(bench.qtbot, settings=bench.settings)
    assert again.view.coordinates == "mgrs"
    again.close()


def test_the_ground_height_is_told_where_it_is_known(qtbot) -> None:
    bench = MapBench(qtbot, terrain=r.make_terrain())
    lat, lon = r.place(10, 20)
    height = float(r.make_terrain().height(lat, lon))
    assert f"ground {height:.0f} m AMSL" in move(bench.view, 10, 20)
    assert "not known" in move(bench.view, 5000, 20)
    bench.close()


# -- grids and scale ---------------------------------------------------------------------------------------------------


def test_mgrs_lines_lie_on_whole_metres_of_the_zone(bench: MapBench) -> None:
    layer = bench.view.mgrs
    layer.visible = True
    bench.tick()
    pieces = layer.lines.strokes[0].pieces
    lat, lon = to_lat_lon(pieces[:, 0], pieces[:, 1])
    e, n = Transformer.from_crs(4326, 32634, always_xy=True).transform(lon, lat)
    off = np.minimum(np.abs(e / 100 - np.round(e / 100)), np.abs(n / 100 - np.round(n / 100))) * 100
    assert off.max() < 0.01
    assert len(np.unique(np.round(e[np.abs(e / 100 - np.round(e / 100)) < 1e-5] / 100))) >= 4
    words = [w.text for w in layer.words.words]
    assert "34U" in words
    assert all(len(w) == 3 and w.isdigit() for w in words if w != "34U"), words


def test_the_graticule_is_on_whole_seconds_and_moves_with_the_view(bench: MapBench) -> None:
    layer = bench.view.graticule
    bench.tick()
    before = {w.text for w in layer.words.words}
    assert any(text.endswith("E") for text in before)
    assert any(text.endswith("N") for text in before)
    bench.view.go_to(-33.5, -70.5, 3000.0)
    bench.tick()
    after = {w.text for w in layer.words.words}
    assert any(text.endswith("W") for text in after)
    assert any(text.endswith("S") for text in after)
    assert degrees_text(-70.504166666, "EW") == "70°30'15\"W"
    assert degrees_text(49.05, "NS") == "49°03'N"


def test_grids_hold_at_the_edges_of_the_world(bench: MapBench) -> None:
    bench.view.mgrs.visible = True
    for lat, lon, width in (
        (84.9, 10.0, 1e5),
        (-84.9, -179.9, 1e6),
        (0.0, 180.0, 2e4),
        (60.0, 5.9, 5e4),
        (0.0, 0.0, 4e7),
    ):
        bench.view.go_to(lat, lon, width)
        bench.tick()
        bench.image()


def test_the_scale_bar_knows_that_mercator_stretches(bench: MapBench) -> None:
    for lat in (0.0, 49.05, 70.0):
        bench.view.go_to(lat, 20.0, 500.0)
        a = bench.view.canvas.to_lat_lon(QPointF(100, 350))
        b = bench.view.canvas.to_lat_lon(QPointF(600, 350))
        metres = GEOD.inv(a[1], a[0], b[1], b[0])[2]
        assert bench.view._overlay.metres_per_pixel * 500 == pytest.approx(metres, rel=0.004)


def test_an_area_is_shown_whole_beside_the_legend(bench: MapBench) -> None:
    bench.view.legend.fold.setChecked(True)
    bench.view.show_all()
    right = bench.view.legend.geometry().right()
    for zone in AREA.inclusions:
        for point in zone.points:
            at = bench.view.canvas.to_px(*point)
            assert right < at.x() < 900
            assert 0 < at.y() < 700


def test_the_map_without_an_area_opens(qtbot) -> None:
    bench = MapBench(qtbot, area=None)
    bench.view.show_all()
    bench.view.show_patrol()
    bench.publish(topics.VIDEO_TRACKS, bench.tracks([(0, 0)]))
    assert len(bench.view.tracks.points.xy) == 1
    bench.close()


def test_what_is_shown_whole_stays_whole_in_a_larger_window_until_the_map_is_moved(bench: MapBench) -> None:
    view = bench.view

    def beside() -> float:
        """Pixels from the easternmost corner of the area to the map's edge."""
        return view.width() - view.canvas.to_px(*r.place(420, 0)).x()

    view.show_all()
    view.resize(1300, 700)
    assert 0 < beside() < 400
    view.go_to(*r.place(0, 0), 100.0)
    view.resize(900, 700)
    middle = view.canvas.to_lat_lon(QPointF(450, 350))
    assert GEOD.inv(middle[1], middle[0], *reversed(r.place(0, 0)))[2] < 5.0


def test_every_zone_in_view_has_its_own_grid_up_to_its_edge(bench: MapBench) -> None:
    """Zones 33 and 34 meet at 18 degrees east."""
    layer = bench.view.mgrs
    layer.visible = True
    bench.view.go_to(49.05, 18.0, 3000.0)
    bench.tick()
    pieces = layer.lines.strokes[0].pieces
    lat, lon = to_lat_lon(pieces[:, [0, 2]].ravel(), pieces[:, [1, 3]].ravel())
    lat, lon = lat.reshape(-1, 2), lon.reshape(-1, 2)
    west, east = (lon <= 18.0 + 1e-9).all(axis=1), (lon >= 18.0 - 1e-9).all(axis=1)
    assert (west | east).all(), "no line crosses the edge of its zone"
    for mine, epsg in ((west, 32633), (east, 32634)):
        e, n = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon[mine], lat[mine])
        on_easting = np.ptp(e, axis=1) < 0.01
        step = 100 if len(set(np.round(e[on_easting, 0] / 100))) > 1 else 1000
        value = np.where(on_easting, e[:, 0], n[:, 0])
        # A short chord across the meridian's cut lies a few centimetres beside the curved line.
        assert np.abs(value / step - np.round(value / step)).max() * step < 0.1
        assert on_easting.sum() > 3
        assert (~on_easting).sum() > 3
    assert np.isclose(lon[west].max(), 18.0, atol=1e-6)
    assert np.isclose(lon[east].min(), 18.0, atol=1e-6)
    assert {"33U", "34U"} <= {w.text for w in layer.words.words}
    ((x0, _, x1, _),) = layer.lines.strokes[1].pieces
    assert to_lat_lon(x0, 0.0)[1] == pytest.approx(18.0)
    assert x0 == x1


def test_zones_of_another_width_and_the_equator() -> None:
    norway = zone_cells(2.0, 59.0, 7.0, 60.0)
    assert norway == [(31, (2.0, 59.0, 3.0, 60.0)), (32, (3.0, 59.0, 7.0, 60.0))]
    svalbard = zone_cells(8.0, 78.0, 22.0, 79.0)
    assert [(z, c[0], c[2]) for z, c in svalbard] == [(31, 8.0, 9.0), (33, 9.0, 21.0), (35, 21.0, 22.0)]
    assert [(z, c[1], c[3]) for z, c in zone_cells(1.0, -1.0, 2.0, 1.0)] == [(31, -1.0, 0.0), (31, 0.0, 1.0)]
    for zone, (west, south, east, north) in zone_cells(-180.0, -80.0, 180.0, 84.0):
        assert utm_zone((south + north) / 2, (west + east) / 2)[0] == zone
