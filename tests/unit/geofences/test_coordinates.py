"""Coordinates as people type them: what is read, what is refused, and that each way of writing comes back."""

from __future__ import annotations

import mgrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod, Proj

from geofences.coordinates import FORMATS, coordinate_text, parse_coordinate, parse_coordinates
from geofences.errors import ConfigError

GEOD = Geod(ellps="WGS84")
latitude, longitude = st.floats(-90, 90), st.floats(-180, 180)


def away_m(lat, lon, lat2, lon2):
    return GEOD.inv(lon, lat, lon2, lat2)[2]


@pytest.mark.parametrize(
    "text",
    [
        "49.05 22.7",
        "49.05, 22.7",
        "(49.05, 22.7)",
        "49.05;22.7",
        "49.05,22.7",
        "49,05 22,7",
        "49,05; 22,70",
        "N 49.05 E 22.7",
        "N49.05E22.7",
        "22.7°E 49.05°N",
        "49.05N, 22.7E",
        "north 49.05 east 22.7",
        "49.05°, 22.7°",
        "lat 49.05 lon 22.7",
        "Longitude: 22.7, Latitude: 49.05",
        "49 03.000 22 42.000",
        "N49°03.000' E022°42.000'",
        "49°3' 22°42'",
        "49 03 00 22 42 00",
        "49°03'00.0\"N 22°42'00.0\"E",
        "49° 3′ 0″ N, 22° 42′ 0″ E",
        "49°3'0''N 22°42'0''E",
        "49:03:00N 22:42:00E",
        "49d03m00s N 22d42m00s E",
        "N 49d03m00s E 22d42m00s",
        "490300N 0224200E",
        "490300N0224200E",
        "4903N 02242E",
    ],
)
def test_every_way_of_writing_the_same_place(text):
    place = parse_coordinate(text)
    assert (place.lat_deg, place.lon_deg) == pytest.approx((49.05, 22.7), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("-33.85 -151.2", -33.85, -151.2),
        ("33.85S 151.2W", -33.85, -151.2),
        ("S 33 51 00 W 151 12 00", -33.85, -151.2),
        ("33d51m00S 151d12m00W", -33.85, -151.2),
        ("-0 30 0 0 0 30", -0.5, 30 / 3600),
        ("-0.5, -0.25", -0.5, -0.25),
        ("0°30'S 0°15'W", -0.5, -0.25),
    ],
)
def test_south_and_west_and_what_lies_just_below_zero(text, lat, lon):
    place = parse_coordinate(text)
    assert (place.lat_deg, place.lon_deg) == pytest.approx((lat, lon), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no coordinate"),
        ("hello", "HELLO"),
        ("49.05 22.7 abc", "ABC"),
        ("nan nan", "NAN"),
        ("122.4 37.7", "swapped"),
        ("49.05 222.7", "longitude 222.7"),
        ("49.05N 22.7", "only one"),
        ("49.05N 22.7N", "2 latitudes"),
        ("-49.05 S 22.7 E", "sign and the letter"),
        ("49.05 N 22.7 O", "'O' is east"),
        ("49.5 30 22 10", "decimals"),
        ("49 61 22 10", "61 minutes"),
        ("49 03 60 22 42 00", "60 seconds"),
        ("49°30° 22°42'", "degrees|minutes"),
        ("49,05,22,7", "comma"),
        ("49,05", "comma"),
        ("49.05", "1 number cannot"),
        ("1 2 3", "3 numbers"),
        ("34 512345 5432100", "3 numbers"),
        ("61U 512345 5432100", "zone 61"),
        ("34I 512345 5432100", "letter 'I'"),
        ("34T 512345 5432100", "band 'T'"),
        ("34U 5432100 512345", "easting"),
        ("34S 512345 3800000", "band S"),
        ("34UEV123", "same number of digits"),
        ("34UEV 123 4567", "same number of digits"),
        ("34U EV 12345 543", "same number of digits"),
        ("34UEV12", "over 1 km"),
        ("34UEV", "over 1 km"),
        ("34UZZ1234554321", "square ZZ"),
        ("UEV 12345 54321", "begins with its zone"),
        ("9" * 300, "too long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason_and_an_example(text, says):
    with pytest.raises(ConfigError, match=says) as caught:
        parse_coordinate(text)
    assert "write" in caught.value.remedy or "swapped" in caught.value.remedy


def test_grid_references_against_proj_and_geotrans():
    lon, lat = Proj(proj="utm", zone=34, ellps="WGS84")(512345.0, 5432100.0, inverse=True)
    for text in ("34U 512345 5432100", "34u 512345mE 5432100mN", "34 north 512345 5432100", "34N 512345, 5432100"):
        place = parse_coordinate(text)
        assert (place.lat_deg, place.lon_deg, place.written_as) == (pytest.approx(lat), pytest.approx(lon), "utm")
    place = parse_coordinate("34u ev 12345 54321")
    assert place.within_m == 1.0
    # The square E is the fifth of the zone's columns, 100 km each, and V the row that begins at 5400 km.
    middle = Proj(proj="utm", zone=34, ellps="WGS84")(512345.5, 5454321.5, inverse=True)
    assert away_m(middle[1], middle[0], place.lat_deg, place.lon_deg) < 0.01
    assert away_m(*mgrs.MGRS().toLatLon("34UEV1234554321"), place.lat_deg, place.lon_deg) < 0.75
    coarse = parse_coordinate("34UEV 123 543")
    assert coarse.within_m == 100.0
    assert coordinate_text(coarse.lat_deg, coarse.lon_deg, "mgrs") == "34U EV 12350 54350"


def test_the_letter_s_means_the_band_or_the_south_and_is_refused_only_where_both_fit():
    assert parse_coordinate("34 south 512345 3800000").lat_deg == pytest.approx(-55.9, abs=0.1)
    assert parse_coordinate("34S 512345 5432100").lat_deg < 0.0
    assert parse_coordinate("34 north 512345 3800000").lat_deg == pytest.approx(34.3, abs=0.1)


def test_the_wide_zones_of_norway_and_svalbard():
    assert coordinate_text(60.4, 5.3, "utm").startswith("32V ")
    for lon, zone in ((8.9, 31), (9.1, 33), (20.9, 33), (21.1, 35), (33.1, 37), (41.9, 37)):
        assert coordinate_text(78.2, lon, "utm").startswith(f"{zone}X ")
        assert coordinate_text(78.2, lon, "mgrs").startswith(f"{zone}X ")


@given(latitude, longitude, st.sampled_from(FORMATS))
@example(89.9999999, 179.9999999, "dms")
@example(-89.9999999, -179.9999999, "dm")
@example(84.0, 180.0, "utm")
@example(-80.0, -180.0, "utm")
@example(0.0, 0.0, "mgrs")
@example(-1e-9, -1e-9, "mgrs")
@example(72.0, 5.999999, "utm")
@example(-1e-308, 0.0, "utm")
@example(-4e-8, 0.0, "utm")
@example(-6e-8, 0.0, "utm")
@example(12.999999999, 59.999999999, "dms")
def test_what_is_written_is_read_back(lat, lon, form):
    if form == "utm" and not -80.0 <= lat <= 84.0:
        with pytest.raises(ConfigError, match="UTM ends"):
            coordinate_text(lat, lon, form)
        return
    back = parse_coordinate(coordinate_text(lat, lon, form))
    limit_m = {"decimal": 0.02, "dm": 0.02, "dms": 0.03, "utm": 0.02, "mgrs": 0.75}[form]
    assert away_m(lat, lon, back.lat_deg, back.lon_deg) <= limit_m
    assert back.written_as == form


@given(st.floats(-79, 83), longitude, st.integers(2, 5))
def test_a_square_stays_the_same_square(lat, lon, digits):
    text = mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=digits)
    place = parse_coordinate(text)
    assert place.within_m == 10.0 ** (5 - digits)
    # Squares that the edge of a zone cuts have their middle in the neighbour's.
    assert mgrs.MGRS().toMGRS(place.lat_deg, place.lon_deg, MGRSPrecision=digits) == text or (
        away_m(lat, lon, place.lat_deg, place.lon_deg) <= 0.72 * place.within_m
    )


@given(st.text(alphabet="0123456789.,;:°'\" NSEWOUTMGRSnsew-+λφ/()", max_size=30))
def test_no_text_gives_a_place_off_the_earth_or_another_error(text):
    try:
        place = parse_coordinate(text)
    except ConfigError:
        return
    assert abs(place.lat_deg) <= 90.0
    assert abs(place.lon_deg) <= 180.0


def test_several_lines_and_the_line_that_is_wrong():
    text = "# posts\n49.05 22.7\n\n34U EV 12345 54321\n"
    assert [c.written_as for c in parse_coordinates(text)] == ["decimal", "mgrs"]
    with pytest.raises(ConfigError, match=r"line 3: .*'HELP'"):
        parse_coordinates("49.05 22.7\n\nhelp 22.7\n")
    with pytest.raises(ConfigError, match="no coordinate"):
        parse_coordinates("\n# nothing\n")


@pytest.mark.parametrize("place", [(float("nan"), 22.7), (91.0, 22.7), (49.0, 181.0), (49.0, float("inf"))])
def test_no_place_is_written(place):
    with pytest.raises(ConfigError):
        coordinate_text(*place)
