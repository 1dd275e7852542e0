"""Terrain models as they come: GeoTIFF in degrees and metres, SRTM tiles, folders of them; voids and datums."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from pyproj import Transformer

from geofences import terrain_geotiff
from geofences.errors import ConfigError
from geofences.terrain import TerrainGrid, read_geotiff, read_srtm, read_terrain, write_geotiff
from geofences.vertical import geoid_undulation_m

UTM34 = 32634


def put_tiff(
    path: Path,
    values,
    *,
    keys: dict[int, int],
    scale=(0.01, 0.01),
    corner=(22.5, 49.1),
    nodata: str | None = None,
    **more,
) -> Path:
    entries = [1, 1, 0, len(keys)]
    for key, value in sorted(keys.items()):
        entries += [key, 0, 1, value]
    tags = [
        (33550, "d", 3, (*scale, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, *corner, 0.0), True),
        (34735, "H", len(entries), tuple(entries), True),
    ]
    if nodata is not None:
        tags.append((42113, "s", 0, nodata, True))
    tifffile.imwrite(path, values, extratags=tags, **more)
    return path


GEOGRAPHIC = {1024: 2, 1025: 1, 2048: 4326}


def ramp(rows: int = 5, columns: int = 7) -> np.ndarray:
    r, c = np.mgrid[0:rows, 0:columns]
    return (100.0 + 10.0 * r + c).astype(np.float32)


# -- GeoTIFF ------------------------------------------------------------------------------------------------------------


def test_a_pixel_of_area_has_its_height_in_its_middle(tmp_path: Path):
    grid = read_geotiff(put_tiff(tmp_path / "a.tif", ramp(), keys=GEOGRAPHIC))
    assert float(grid.height(49.1 - 0.005, 22.5 + 0.005)) == pytest.approx(100.0)
    assert np.isnan(grid.height(49.1, 22.5))
    point = read_geotiff(put_tiff(tmp_path / "p.tif", ramp(), keys=GEOGRAPHIC | {1025: 2}))
    assert float(point.height(49.1, 22.5)) == pytest.approx(100.0)


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_no_data_is_unknown_and_so_is_what_no_land_has(tmp_path: Path, dtype):
    values = ramp().astype(dtype)
    values[1, 1] = -9999
    values[3, 3] = 30000
    grid = read_geotiff(put_tiff(tmp_path / "a.tif", values, keys=GEOGRAPHIC | {1025: 2}, nodata="-9999"))
    at = [(49.1 - 0.01, 22.51), (49.1 - 0.015, 22.515), (49.1 - 0.03, 22.53)]
    assert all(np.isnan(grid.height(*p)) for p in at)
    assert grid.has_voids
    # The posts beside the hole, and lines between known posts, are known.
    assert float(grid.height(49.09, 22.52)) == pytest.approx(112.0)
    assert float(grid.height(49.09, 22.525)) == pytest.approx(112.5)


def test_a_raster_in_a_projection_gives_the_same_ground(tmp_path: Path):
    """A plane and a hill in UTM metres, asked in degrees; the transformation is PROJ's."""
    y, x = np.mgrid[0:120, 0:150]
    east = 480_000.0 + 10.0 * x
    heights = 300.0 + 0.02 * (east - 480_000.0) + 30.0 * np.exp(-(((x - 70) / 18.0) ** 2) - ((y - 60) / 15.0) ** 2)
    path = put_tiff(
        tmp_path / "utm.tif", heights.astype(np.float32), keys={1024: 1, 1025: 2, 3072: UTM34}, scale=(10.0, 10.0),
        corner=(480_000.0, 5_430_000.0),
    )  # fmt: skip
    grid = read_geotiff(path)
    rng = np.random.default_rng(1)
    e, n = rng.uniform(480_050, 481_400, 200), rng.uniform(5_428_900, 5_429_950, 200)
    lon, lat = Transformer.from_crs(UTM34, 4326, always_xy=True).transform(e, n)
    px, py = (e - 480_000) / 10.0, (5_430_000 - n) / 10.0
    expected = 300.0 + 0.02 * (e - 480_000) + 30.0 * np.exp(-(((px - 70) / 18.0) ** 2) - ((py - 60) / 15.0) ** 2)
    assert np.abs(grid.height(lat, lon) - expected).max() < 0.1
    lon, lat = Transformer.from_crs(UTM34, 4326, always_xy=True).transform(479_900.0, 5_429_500.0)
    assert np.isnan(grid.height(lat, lon))


def test_another_datum_is_moved_and_etrs89_is_not(tmp_path: Path):
    """ED50 lies some 100 m off in this part of the world; ETRS89 is WGS 84 to a metre."""
    slope = (2.0 * np.mgrid[0:100, 0:100][1]).astype(np.float32)
    keys = {1024: 2, 1025: 2, 2048: 4230}
    ed50 = read_geotiff(put_tiff(tmp_path / "ed50.tif", slope, keys=keys, scale=(1e-4, 1e-4), corner=(22.5, 49.1)))
    lon, lat = Transformer.from_crs(4230, 4326, always_xy=True).transform(22.505, 49.095)
    assert abs(lon - 22.505) * 111_000 * 0.65 > 30.0
    assert float(ed50.height(lat, lon)) == pytest.approx(100.0, abs=0.3)
    same = read_geotiff(put_tiff(tmp_path / "e.tif", slope, keys=keys | {2048: 4258}, scale=(1e-4, 1e-4)))
    assert same.height_amsl_m.tolist() == slope.tolist()


def test_feet_are_turned_into_metres(tmp_path: Path):
    grid = read_geotiff(put_tiff(tmp_path / "a.tif", ramp() * 10, keys=GEOGRAPHIC | {1025: 2, 4099: 9002}))
    assert float(grid.height(49.1, 22.5)) == pytest.approx(304.8)


@pytest.mark.parametrize("keys", [{4096: 5030}, {2048: 4979}])
def test_heights_above_the_ellipsoid_are_not_taken_as_above_the_sea(tmp_path: Path, monkeypatch, keys):
    path = put_tiff(tmp_path / "a.tif", ramp(), keys=GEOGRAPHIC | {1025: 2} | keys)

    def none(lat_deg, lon_deg):
        raise ConfigError("no geoid model", "install one")

    monkeypatch.setattr(terrain_geotiff, "geoid_undulation_m", none)
    with pytest.raises(ConfigError, match=r"a\.tif.*geoid"):
        read_geotiff(path)
    monkeypatch.setattr(
        terrain_geotiff, "geoid_undulation_m", lambda lat, lon: 40.0 + 0.0 * (np.asarray(lat) + np.asarray(lon))
    )
    assert float(read_geotiff(path).height(49.1, 22.5)) == pytest.approx(60.0)


def test_a_geoid_model_that_is_not_installed_is_not_replaced_by_nothing():
    """PROJ without its grids would hand the ellipsoidal height back as if it were above the sea."""
    try:
        undulation = float(geoid_undulation_m(49.05, 22.70))
    except ConfigError:
        return
    assert 35.0 < undulation < 45.0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: put_tiff(p, ramp(), keys={1024: 2, 2048: 32767}), "EPSG number"),
        (lambda p: put_tiff(p, ramp(), keys={1025: 2}), "in which coordinates"),
        (lambda p: put_tiff(p, np.zeros((4, 5, 3), np.uint8), keys=GEOGRAPHIC), "single-band"),
        (lambda p: put_tiff(p, ramp(), keys=GEOGRAPHIC | {4099: 9030}), "unit"),
        (lambda p: put_tiff(p, ramp() * 0 - 9999, keys=GEOGRAPHIC, nodata="-9999"), "no height at all"),
        (lambda p: put_tiff(p, ramp(), keys=GEOGRAPHIC, scale=(0.01, -0.01)), "grid steps"),
        (lambda p: tifffile.imwrite(p, ramp()), "no geographic reference"),
    ],
)
def test_what_cannot_be_a_terrain_is_refused_in_words(tmp_path: Path, make, says):
    make(tmp_path / "x.tif")
    with pytest.raises(ConfigError, match=says) as caught:
        read_geotiff(tmp_path / "x.tif")
    assert "x.tif" in caught.value.message
    assert caught.value.remedy


def test_a_rotated_grid_is_refused(tmp_path: Path):
    matrix = (0.01, 0.002, 0, 22.5, 0.002, -0.01, 0, 49.1, 0, 0, 0, 0, 0, 0, 0, 1)
    keys = (1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4326)
    tags = [(34264, "d", 16, matrix, True), (34735, "H", len(keys), keys, True)]
    tifffile.imwrite(tmp_path / "r.tif", ramp(), extratags=tags)
    with pytest.raises(ConfigError, match="rotated"):
        read_geotiff(tmp_path / "r.tif")


def test_a_cut_off_file_is_refused(tmp_path: Path):
    path = put_tiff(tmp_path / "a.tif", ramp(200, 200), keys=GEOGRAPHIC, compression="zlib")
    data = path.read_bytes()
    for length in (len(data) // 2, 200, 8, 0):
        (tmp_path / "cut.tif").write_bytes(data[:length])
        with pytest.raises(ConfigError, match=r"cut\.tif"):
            read_geotiff(tmp_path / "cut.tif")


# -- SRTM ---------------------------------------------------------------------------------------------------------------


def srtm(south: float, west: float, posts: int = 1201) -> np.ndarray:
    """Heights that tell their place: metres = 1000 (lat - 40) + 100 (lon - 20), whole."""
    lat = south + 1.0 - np.arange(posts)[:, None] / (posts - 1)
    lon = west + np.arange(posts)[None, :] / (posts - 1)
    return np.round(500.0 * (lat - 48.0) + 100.0 * (lon - 20.0))


def put_hgt(path: Path, heights: np.ndarray) -> Path:
    path.write_bytes(heights.astype(">i2").tobytes())
    return path


@pytest.mark.parametrize(
    ("name", "south", "west"), [("N49E022", 49, 22), ("S05W063", -5, -63), ("n49e022.SRTMGL3", 49, 22)]
)
def test_the_name_of_a_tile_is_its_south_west_corner(tmp_path: Path, name: str, south: int, west: int):
    heights = np.zeros((1201, 1201))
    heights[0, 0], heights[1200, 1200] = 700, 300
    grid = read_srtm(put_hgt(tmp_path / f"{name}.hgt", heights))
    assert (grid.south_deg, grid.west_deg) == pytest.approx((south, west))
    assert float(grid.height(south + 1.0, west)) == 700.0
    assert float(grid.height(south, west + 1.0)) == pytest.approx(300.0, abs=1e-3)


def test_both_resolutions_and_archives_are_read(tmp_path: Path):
    fine = srtm(49, 22, 3601)
    put_hgt(tmp_path / "N49E022.hgt", fine)
    with zipfile.ZipFile(tmp_path / "N49E022.SRTMGL1.hgt.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "N49E022.hgt", "N49E022.hgt")
    for path in (tmp_path / "N49E022.hgt", tmp_path / "N49E022.SRTMGL1.hgt.zip"):
        grid = read_terrain(path, (49.0, 22.6, 49.1, 22.8))
        assert grid.height_amsl_m.shape == (361, 721)
        assert float(grid.height(49.05, 22.7)) == pytest.approx(525.0 + 270.0, abs=1.0)


def test_voids_of_a_tile_are_unknown(tmp_path: Path):
    heights = srtm(49, 22)
    heights[600:620, 600:620] = -32768
    grid = read_srtm(put_hgt(tmp_path / "N49E022.hgt", heights))
    assert np.isnan(grid.height(49.495, 22.505))
    assert np.isfinite(grid.height(49.52, 22.52))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tile.hgt", b"\0" * (2 * 1201**2), "corner"),
        ("N49E022.hgt", b"\0" * 100, "100 bytes"),
        ("N95E022.hgt", b"\0" * (2 * 1201**2), "no square degree"),
        ("N49E022.hgt", b"\x80\x00" * 1201**2, "no height at all"),
        ("N49E022.hgt.zip", b"PK nothing", "cannot be read"),
    ],
)
def test_broken_tiles_are_refused(tmp_path: Path, name: str, content: bytes, says: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match=says):
        read_srtm(tmp_path / name)


# -- folders ------------------------------------------------------------------------------------------------------------


def test_tiles_join_without_a_seam(tmp_path: Path):
    for south, west in ((49, 22), (49, 23), (48, 22)):
        put_hgt(tmp_path / f"N{south}E0{west}.hgt", srtm(south, west))
    grid = read_terrain(tmp_path, (48.9, 22.9, 49.1, 23.1))
    lat = np.array([49.0, 49.0004, 48.9996, 49.05, 49.05, 48.95])
    lon = np.array([22.95, 22.95, 22.95, 23.0, 23.0003, 22.9996])
    assert np.abs(grid.height(lat, lon) - (500.0 * (lat - 48.0) + 100.0 * (lon - 20.0))).max() < 1.0
    assert np.isnan(grid.height(48.95, 23.05))  # the fourth tile is not there


def test_pixel_of_area_tiles_join_over_their_half_pixels(tmp_path: Path):
    whole = (300.0 + np.add.outer(np.arange(40.0), 2.0 * np.arange(60.0))).astype(np.float32)
    for name, first in (("west", 0), ("east", 30)):
        put_tiff(
            tmp_path / f"{name}.tif", whole[:, first : first + 30].copy(), keys=GEOGRAPHIC, scale=(0.001, 0.001),
            corner=(22.5 + 0.001 * first, 49.1),
        )  # fmt: skip
    grid = read_terrain(tmp_path, (49.065, 22.505, 49.095, 22.555))
    lon = np.array([22.5292, 22.53, 22.5308])
    assert grid.height(49.0805, lon) == pytest.approx(300.0 + 19.0 + 2.0 * (lon - 22.5005) / 0.001, abs=1e-2)


def test_a_finer_tile_holds_and_its_voids_are_filled(tmp_path: Path):
    put_hgt(tmp_path / "N49E022.hgt", srtm(49, 22))
    fine = np.full((101, 101), 900.0, dtype=np.float32)
    fine[40:60, 40:60] = np.nan
    write_geotiff(TerrainGrid(fine, 49.55, 22.50, 1e-4, 1e-4), tmp_path / "fine.tif")
    grid = read_terrain(tmp_path, (49.52, 22.48, 49.57, 22.53))
    assert float(grid.height(49.5475, 22.5025)) == pytest.approx(900.0)
    assert float(grid.height(49.545, 22.505)) == pytest.approx(500 * 1.545 + 250.5, abs=2.0)
    assert float(grid.height(49.53, 22.52)) == pytest.approx(500 * 1.53 + 252.0, abs=1.0)


def test_a_place_that_no_tile_covers_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="no terrain tile"):
        read_terrain(tmp_path)
    put_hgt(tmp_path / "N49E022.hgt", srtm(49, 22))
    with pytest.raises(ConfigError, match=r"51\.0000"):
        read_terrain(tmp_path, (51.0, 22.1, 51.1, 22.2))
    with pytest.raises(ConfigError, match="does not cover"):
        read_terrain(tmp_path / "N49E022.hgt", (51.0, 22.1, 51.1, 22.2))
    with pytest.raises(ConfigError, match="no terrain model this program reads"):
        read_terrain(tmp_path / "terrain.asc")


def test_voids_survive_writing(tmp_path: Path):
    heights = ramp()
    heights[2, 2] = np.nan
    write_geotiff(TerrainGrid(heights, 49.1, 22.5, 0.01, 0.01), tmp_path / "v.tif")
    back = read_geotiff(tmp_path / "v.tif")
    assert np.isnan(back.height(49.08, 22.52))
    assert float(back.height(49.1, 22.5)) == 100.0
