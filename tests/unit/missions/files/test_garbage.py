"""Damaged, hostile and misnamed files: one clear error that names file and place, never another exception or half a file."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.errors import MarchwardenError, PlanError
from missions.files import area_of_drawing, geojson, raw, shapefile
from missions.files.convert import Wishes, convert
from missions.files.drawing import Drawing, with_usual_roles
from missions.files.formats import FORMATS, as_plan, look, read_any
from missions.files.kml_read import decode_kml, decode_kmz
from missions.files.mission_planner import decode_fen
from missions.files.waypoints import decode as decode_waypoints

DATA = Path(__file__).parent / "data"
EXAMPLES = int(os.environ.get("MARCHWARDEN_FILE_EXAMPLES", "60"))
# More examples are given more time.
pytestmark = pytest.mark.timeout(300 + EXAMPLES)
DECODE = {suffix: f.decode for f in FORMATS for suffix in f.suffixes if f.decode} | {".txt": decode_waypoints}
FILES = sorted(p for p in DATA.iterdir() if p.name != "README.md")
HOSTILE = [
    *b"NaN nan -inf 1e309 1e38 -1 0 99999999999999999999 null true [] {} < > &x; &#0; ]]> 1_0 0x10 18446744073709551616".split(),
    *b"-181 91 \x00 \xe9 \xff\xfe \xef\xbb\xbf \x7f\xff\xff\xff \xff\xff\xff\xff \x80\x00\x00\x00".split(b" "),
    b"9" * 5000, b"[" * 3000, b"", b"\r", b"\n", b"\t", "\u0663".encode(),
]  # fmt: skip


def read_as_far_as_it_goes(suffix, content):
    """All that is done with a file; only our own error may come out."""
    name = f"some{suffix}"
    try:
        look(content)
        found = DECODE[suffix](content, name)
        if isinstance(found, Drawing):
            found = with_usual_roles(found)
            try:
                area_of_drawing.area_of(found, name)
            except MarchwardenError as error:
                well_said(error, name)
        plan, _ = as_plan(found, name)
        for f in FORMATS:
            if f.encode:
                try:
                    f.encode(plan)
                except MarchwardenError as error:
                    well_said(error, "")
    except MarchwardenError as error:
        well_said(error, name)


def well_said(error, name):
    assert error.message.startswith(name)
    assert error.remedy
    assert "\n" not in str(error)
    assert len(str(error)) < 500


@st.composite
def damaged(draw):
    path = draw(st.sampled_from(FILES))
    content = bytearray(path.read_bytes())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        how = draw(st.sampled_from(("cut", "flip", "drop", "put", "instead", "again")))
        if how == "cut":
            del content[at:]
        elif how == "flip" and content:
            content[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "drop":
            del content[at : at + draw(st.integers(1, 60))]
        elif how == "put":
            content[at:at] = draw(st.sampled_from(HOSTILE))
        elif how == "instead":
            # A number or word replaced by another.
            end = at
            while end < len(content) and content[end : end + 1] not in (
                b" ",
                b",",
                b"\t",
                b"\n",
                b"<",
                b'"',
                b"]",
                b"\r",
            ):
                end += 1
            content[at:end] = draw(st.sampled_from(HOSTILE))
        else:
            content[at:at] = content[at : at + draw(st.integers(1, 200))]
    return path.suffix, bytes(content)


@settings(
    max_examples=EXAMPLES * 3, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(damaged())
def test_damage_gives_one_error(case):
    read_as_far_as_it_goes(*case)


HOSTILE_NUMBERS = [
    b"",
    b"\x7f\xff\xff\xff",
    b"\xff" * 4,
    b"\0" * 8,
    struct.pack("<d", 1e308),
    struct.pack("<d", float("nan")),
]
with zipfile.ZipFile(DATA / "zones_utm.zip") as zones:
    ZONES = {name[-3:]: zones.read(name) for name in zones.namelist()}


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_damage_inside_a_shapefile_gives_one_error(data):
    parts = dict(ZONES)
    for _ in range(data.draw(st.integers(1, 3))):
        which = data.draw(st.sampled_from(["shp", "shp", "dbf", "prj", "cpg"]))
        content = bytearray(parts[which])
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        length = data.draw(st.sampled_from([1, 2, 4, 8, 50]))
        content[at : at + length] = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(HOSTILE_NUMBERS)))
        parts[which] = bytes(content)
    try:
        found = shapefile.read_parts(shapefile.Parts("a.shp", **parts))
        area_of_drawing.area_of(found, "a.shp")
        as_plan(found, "a.shp")
    except MarchwardenError as error:
        well_said(error, "a.shp")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(sorted(DECODE)), st.binary(max_size=200))
def test_random_bytes_give_one_error(suffix, content):
    read_as_far_as_it_goes(suffix, content)


@pytest.mark.parametrize("path", [p for p in FILES if p.suffix != ".zip"], ids=lambda p: p.name)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037"])
def test_other_encodings_are_read_or_refused(path, encoding):
    text = path.read_text(encoding="utf-8").replace('encoding="UTF-8"', "")
    read_as_far_as_it_goes(path.suffix, text.encode(encoding))
    if encoding in ("utf-16", "utf-8-sig") and path.suffix != ".txt":
        DECODE[path.suffix](text.encode(encoding), "some")


def test_a_latin_1_byte_is_named_with_its_line():
    content = "QGC WPL 110\n# Gr\xe4nze\n".encode("latin-1")
    with pytest.raises(PlanError, match=r"a.waypoints: line 2: byte 16 is not UTF-8.*save the file as UTF-8"):
        decode_waypoints(content, "a.waypoints")


ROW = b"1\t0\t3\t16\t0\t0\t0\t0\t49.5\t20.5\t40\t1\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: has no line 'QGC WPL 110'"),
        (b"\n\nQGC WPL 100\n", "line 3: 'QGC WPL 100' is not"),
        (b"QGC WPL 110\n0 1 0 16 0 0 0 0 49 20 300\n", "line 2: 11 fields instead of 12"),
        (b"QGC WPL 110\n" + ROW.replace(b"49.5", b"90.5"), "line 2: the latitude '90.5' is not between"),
        (b"QGC WPL 110\n" + ROW.replace(b"49.5", b"NaN"), "line 2: the latitude 'NaN' is not between"),
        (b"QGC WPL 110\n" + ROW.replace(b"\t40", b"\t1e309"), "line 2: the altitude '1e309' is not between"),
        (b"QGC WPL 110\n" + ROW.replace(b"\t16", b"\t16.5"), "line 2: the command '16.5' is not a whole number"),
        (b"QGC WPL 110\n" + ROW.replace(b"\t16", b"\tWP"), "line 2: the command 'WP' is not a number"),
        (b"QGC WPL 110\n" + ROW + b"# x\n" + ROW, "line 4: index 1 where 2 comes"),
        (b"QGC WPL 110\n" + ROW + ROW.replace(b"1\t0\t3\t16", b"2\t0\t3\t5100", 1), "line 3: mission items and items of a fence"),
        (b"QGC WPL 110\n" + ROW.replace(b"16\t0", b"5001\t3"), "fence item 0: its polygon is not whole"),
    ],
)  # fmt: skip
def test_waypoint_lines_that_are_wrong(content, said):
    with pytest.raises(PlanError) as error:
        decode_waypoints(content, "a.waypoints")
    assert error.value.message.startswith("a.waypoints: ")
    assert said in error.value.message
    assert error.value.remedy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"49 20\n49 20.1\n", "line 1: 2 points, not a return point and three corners"),
        (b"# c\n49 20 5\n", "line 2: 3 fields instead of a latitude and a longitude"),
        (b"49 20\n49 20\n49 x\n49 20\n", "line 3: the longitude 'x' is not a number"),
    ],
)
def test_fence_lines_that_are_wrong(content, said):
    with pytest.raises(PlanError) as error:
        decode_fen(content, "a.fen")
    assert said in error.value.message


def placemark(inner):
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark>\n{inner}\n</Placemark></kml>'.encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<kml>\n<Placemark></kml>", "line 2: is not XML"),
        (b"<html/>", "line 1: <html> is not <kml>"),
        (
            placemark("<Point><coordinates>20</coordinates></Point>"),
            "line 2: <Point>: position 0: '20' is not longitude",
        ),
        (
            placemark("<Point><coordinates>20,95</coordinates></Point>"),
            "line 2: <Point>: position 0: the latitude '95'",
        ),
        (placemark("<Point><coordinates>20,nan</coordinates></Point>"), "the latitude 'nan'"),
        (
            placemark("<LineString><coordinates>20,49</coordinates></LineString>"),
            "line 2: <LineString>: has 1 position",
        ),
        (placemark("<Polygon/>"), "line 2: <Polygon>: has 0 outer rings"),
        (b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "x">]><kml>&a;</kml>', "line 1: has a document type"),
        (b"<kml>" + b"<Folder>" * 2000, "is not XML"),
    ],
)
def test_kml_that_is_wrong(content, said):
    with pytest.raises(PlanError) as error:
        decode_kml(content, "a.kml")
    assert error.value.message.startswith("a.kml: ")
    assert said in error.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', "line 2: column 15: is not JSON"),
        ('{"type": "FeatureCollection"}', "features: is missing or not a list"),
        ('{"type": "Point", "coordinates": [20, 95]}', "the geometry.geometry.coordinates[0][1] (latitude): 95 is not between"),
        ('{"type": "Point", "coordinates": [20, 1e400]}', "larger than any number"),
        ('{"type": "Point", "coordinates": [20, NaN]}', "NaN is no number"),
        ('{"type": "Point", "coordinates": [20, %s]}' % ("9" * 400), "a number of over 30 digits"),
        ('{"type": "Feature", "geometry": {"type": "Curve"}}', "'Curve' is not a type"),
        ('{"type": "Point", "coordinates": [1, 2], "crs": {"properties": {"name": "EPSG:3857"}}}', "'EPSG:3857' is not WGS 84"),
        ("[" * 100_000, "nested too deeply"),
    ],
)  # fmt: skip
def test_geojson_that_is_wrong(content, said):
    with pytest.raises(PlanError) as error:
        geojson.decode(content.encode(), "a.geojson")
    assert error.value.message.startswith("a.geojson: ")
    assert said in error.value.message


@pytest.mark.parametrize("depth", [50, 300, 600, 900])
@pytest.mark.parametrize("name", ["a.plan", "a.geojson"])
def test_unknown_keys_nested_deeply_are_written_or_refused(name, depth, tmp_path):
    deep = "[" * depth + "]" * depth
    point = '{"type": "Point", "coordinates": [1, 2]}'
    home = f'{{"type": "Feature", "properties": {{"role": "rally", "x": {deep}}}, "geometry": {point}}}'
    text = {"a.plan": f'{{"fileType": "Plan", "version": 1, "mission": {{}}, "x": {deep}}}', "a.geojson": home}[name]
    (tmp_path / name).write_text(text)
    for target in ("b.plan", "b.geojson", "b.kml"):
        try:
            convert(tmp_path / name, tmp_path / target, Wishes(target="plan"))
        except PlanError as error:
            well_said(error, "")


def test_entities_open_no_file_and_do_not_grow(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("47,23")
    outside = f'<!DOCTYPE k [<!ENTITY x SYSTEM "{secret.as_uri()}">]><kml><Placemark><name>&x;</name></Placemark></kml>'
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE k [<!ENTITY e0 "ha">{levels}]><kml><Placemark><name x="&e11;">&e11;</name></Placemark></kml>'
    for text in (outside, bomb):
        for content in (text.encode(), text.encode("utf-16")):
            with pytest.raises(PlanError) as error:
                decode_kml(content, "a.kml")
            well_said(error.value, "a.kml: ")


def zipped(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    bomb = zipped(doc_kml=b" " * 3_000_000)
    with pytest.raises(PlanError, match="unpacks to more than 1000000 bytes"):
        raw.unzip(bomb, "a.kmz", 1_000_000)
    # Whatever the header says about the size.
    lied = bomb.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10))
    with pytest.raises(PlanError):
        raw.unzip(lied, "a.kmz", 1_000_000)
    with pytest.raises(PlanError, match=r"has no \.kml"):
        decode_kmz(zipped(readme_txt=b"x"), "a.kmz")
    with pytest.raises(PlanError, match="holds 2 shapefiles"):
        shapefile.decode_zip(zipped(a_shp=b"x", b_shp=b"x"), "a.zip")


def test_a_shapefile_that_promises_more_than_it_has():
    with zipfile.ZipFile(DATA / "zones_utm.zip") as archive:
        shp = bytearray(archive.read("zones_utm.shp"))
    shp[100 + 8 + 40 : 100 + 8 + 44] = struct.pack("<i", 2**31 - 1)  # the number of points of the first shape
    with pytest.raises(PlanError, match="points do not fit into the record"):
        shapefile.read_parts(shapefile.Parts("a.shp", bytes(shp)))
    with pytest.raises(PlanError, match="byte 0: is not a shapefile"):
        shapefile.read_parts(shapefile.Parts("a.shp", b"x" * 200))


def test_a_file_that_is_too_large_empty_or_not_there(tmp_path, monkeypatch):
    (tmp_path / "empty.plan").write_bytes(b"")
    for name, said in (
        ("empty.plan", "line 1: the file is empty"),
        ("none.kml", "cannot be read"),
        ("a.doc", "extension '.doc'"),
    ):
        with pytest.raises(PlanError, match=said):
            read_any(tmp_path / name)
    (tmp_path / "dir.kml").mkdir()
    with pytest.raises(PlanError, match="cannot be read"):
        read_any(tmp_path / "dir.kml")
    with pytest.raises(PlanError, match="larger than 10 bytes"):
        raw.read_bounded(DATA / "qgc_survey.plan", 10)


@pytest.mark.parametrize("wishes", [Wishes(strict=True), Wishes(only="rally")])
def test_what_fails_leaves_the_old_file_as_it_was(tmp_path, wishes):
    out = tmp_path / "out.waypoints"
    out.write_text("old")
    source = DATA / ("qgc_survey.plan" if wishes.strict else "mission_planner.fen")
    with pytest.raises(PlanError):
        convert(source, out, wishes)
    assert out.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.waypoints"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "out.plan").mkdir()
    for target in (tmp_path / "out.plan", tmp_path / "nowhere" / "a.plan", tmp_path / ("x" * 300 + ".plan")):
        with pytest.raises(PlanError, match="cannot be written"):
            convert(DATA / "qgc_survey.plan", target)
    assert [p.name for p in tmp_path.iterdir()] == ["out.plan"]
