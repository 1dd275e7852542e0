"""Which part of the picture the network gets."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.unit.vision_track.scene import FRAME, hills, pose_at
from vision.attention import Attention, AttentionSettings, Look, Region
from vision.camera import CameraView
from vision.georeference import Georeferencer
from vision.records import Detections

W, H = 1280, 720
GROUND = Georeferencer(FRAME, hills()).ground_height


def border(*en: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    lat, lon = FRAME.from_plane(np.array(en))
    return tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))


EASTWARD = border((-500.0, 90.0), (0.0, 100.0), (500.0, 90.0))


def strip_pixels(view: CameraView, half_m: float) -> np.ndarray:
    east = np.arange(-60.0, 61.0, 3.0)
    north = np.interp(east, [-500, 0, 500], [90, 100, 90])
    en = np.concatenate([np.stack([east, north + d], axis=-1) for d in np.linspace(-half_m, half_m, 7)])
    lat, lon = FRAME.from_plane(en)
    px = view.project_geodetic(lat, lon, GROUND(lat, lon))
    return px[view.inside(px)]


@pytest.mark.parametrize(("roll", "elevation"), [(0.0, -45.0), (6.0, -48.0), (-3.0, -38.0)])
def test_the_region_holds_the_whole_strip_at_native_scale(roll: float, elevation: float) -> None:
    settings = AttentionSettings(strips_m=(12.0,), max_pixels=1280 * 512)
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, elevation, roll), W, H)
    region = Attention(EASTWARD, GROUND, settings).look(view, W, H).main
    assert region.kind == "border"
    assert region.scale == 1.0
    assert region.left_out == ""
    px = strip_pixels(view, 12.0)
    assert len(px) > 50
    assert region.holds(px).all()
    assert (region.y1 - region.y0) < H
    assert (region.y1 - region.y0) % 32 == 0
    assert (region.x1 - region.x0) % 32 == 0
    assert (region.x1 - region.x0) * (region.y1 - region.y0) <= settings.max_pixels


def test_a_narrower_strip_when_the_wide_one_costs_too_much_and_it_says_so() -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)
    it = Attention(EASTWARD, GROUND, AttentionSettings(max_pixels=1280 * 352))
    region = it.look(view, W, H).main
    assert region.kind == "border"
    assert region.scale >= 0.7
    assert "ground farther than" in region.left_out
    assert region.holds(strip_pixels(view, 15.0)).all()


def test_it_adapts_to_the_time_that_the_network_takes() -> None:
    settings = AttentionSettings(max_pixels=1280 * 720, min_pixels=640 * 320, target_ms=100.0)
    it = Attention(EASTWARD, GROUND, settings)
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)

    def pixels() -> float:
        return sum(Look((r,)).pixels for r in it.look(view, W, H).regions if r.kind == "border")

    wide = pixels()
    for _ in range(100):
        it.observe(1280 * 512, 250.0)
    narrow = pixels()
    assert narrow < 0.5 * wide
    assert narrow <= 100.0 / 250.0 * 1280 * 512 * 1.02
    for _ in range(100):
        it.observe(1280 * 512, 40.0)
    assert pixels() == wide
    for _ in range(100):
        it.observe(1280 * 512, 5000.0)
    assert it.pixel_budget == settings.min_pixels


def test_the_size_does_not_change_with_every_breath_of_the_camera() -> None:
    it = Attention(EASTWARD, GROUND, AttentionSettings(strips_m=(15.0,)))
    rng = np.random.default_rng(2)
    sizes = set()
    for _ in range(60):
        a, e, r = rng.normal([0, -45, 0], [0.6, 0.6, 0.6])
        region = it.look(CameraView.of(pose_at(0, 0, 410.0, a, e, r), W, H), W, H).main
        sizes.add((region.x1 - region.x0, region.y1 - region.y0, region.scale))
    assert len(sizes) <= 3


def test_a_narrower_strip_does_not_keep_the_size_of_the_wider_one_that_was_too_much() -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)

    def looked_at(*strips_m: float) -> Region:
        return (
            Attention(EASTWARD, GROUND, AttentionSettings(strips_m=strips_m, max_pixels=1280 * 320))
            .look(view, W, H)
            .main
        )

    alone, after_another = looked_at(13.0), looked_at(18.0, 13.0)
    assert "farther than 13 m" in after_another.left_out
    assert after_another.scale == alone.scale == 1.0
    assert (after_another.y0, after_another.y1) == (alone.y0, alone.y1)


@pytest.mark.parametrize("azimuth", [None, 180.0])
def test_without_pose_or_border_in_view_it_looks_at_everything(azimuth: float | None) -> None:
    view = None if azimuth is None else CameraView.of(pose_at(0, 0, 410.0, azimuth, -45.0), W, H)
    it = Attention(EASTWARD, GROUND, AttentionSettings(max_pixels=1280 * 512))
    region = it.look(view, W, H).main
    assert (region.kind, region.x0, region.y0, region.x1, region.y1) == ("whole", 0, 0, W, H)
    assert 0.7 < region.scale < 1.0
    picture = region.crop(np.zeros((H, W, 3), dtype=np.uint8))
    assert picture.shape[0] * picture.shape[1] <= 1280 * 512 * 1.01


def test_a_picture_far_beyond_the_budget_is_cut_to_its_middle() -> None:
    region = Attention((), GROUND, AttentionSettings(max_pixels=640 * 320)).look(None, 3840, 2160).main
    assert region.kind == "centre"
    assert "all but the middle" in region.left_out
    assert abs((region.x0 + region.x1) / 2 - 1920) < 32


def test_boxes_come_back_to_the_full_picture() -> None:
    region = Region("border", 128, 64, 896, 448, 0.75)
    image = np.zeros((H, W, 3), dtype=np.uint8)
    image[200:220, 400:410] = 255
    small = region.crop(image)
    assert small.shape[:2] == (288, 576)
    rows, columns = np.nonzero(small[:, :, 0] > 127)
    box = np.array([[columns.min(), rows.min(), columns.max() + 1.0, rows.max() + 1.0]])
    found = region.to_picture(Detections(box, np.array([0.9]), np.array([0])))
    assert found.xyxy[0] == pytest.approx([400, 200, 410, 220], abs=1.0)


def test_what_the_budget_leaves_over_goes_to_lost_tracks_and_to_the_surroundings() -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)
    it = Attention(EASTWARD, GROUND, AttentionSettings(strips_m=(12.0,)))
    main = Attention(EASTWARD, GROUND, AttentionSettings(strips_m=(12.0,))).look(view, W, H).main
    lost = np.array([[100.0, 200.0], [1200.0, 15.0], [-40.0, 300.0]])
    assert not main.holds(lost).any()
    looks = [it.look(view, W, H, lost) for _ in range(12)]
    assert all(look.main == main for look in looks)
    assert all(look.pixels <= it.pixel_budget * 1.5 for look in looks)
    assert sum(look.pixels for look in looks) <= it.pixel_budget * len(looks)
    kinds = [r.kind for look in looks for r in look.regions]
    assert kinds.count("search") == 12
    assert 2 <= kinds.count("surroundings") <= 4
    # Both lost places in the picture get their turn, the one outside of it never does.
    held = np.array([look.holds(lost) for look in looks])
    assert held[:, :2].any(axis=0).all()
    assert not held[:, 2].any()


def test_when_the_border_strip_takes_the_whole_budget_nothing_else_is_looked_at() -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)
    it = Attention(EASTWARD, GROUND, AttentionSettings(max_pixels=1280 * 352))
    for _ in range(5):
        assert [r.kind for r in it.look(view, W, H, np.zeros((0, 2))).regions] == ["border"]


def test_an_object_seen_twice_is_taken_from_the_finer_look() -> None:
    fine, coarse = Region("border", 0, 0, 640, 320, 1.0), Region("surroundings", 0, 0, W, H, 0.5)
    look = Look((fine, coarse))

    def boxes(*xyxy: tuple[float, float, float, float]) -> Detections:
        return Detections(np.array(xyxy), np.full(len(xyxy), 0.8), np.zeros(len(xyxy), dtype=np.int64))

    # 300, 100 is in both; 400, 500 only in the coarse one, where it has half its size.
    both = look.joined(
        [boxes((295.0, 90.0, 305.0, 110.0)), boxes((147.0, 45.0, 153.0, 55.0), (195.0, 245.0, 205.0, 255.0))]
    )
    assert both.xyxy.tolist() == [[295.0, 90.0, 305.0, 110.0], [390.0, 490.0, 410.0, 510.0]]


def test_what_second_looks_take_is_left_to_them() -> None:
    it = Attention(EASTWARD, GROUND, AttentionSettings(max_pixels=1280 * 720, min_pixels=640 * 320, target_ms=100.0))
    for _ in range(60):
        it.observe(700_000, 100.0)
    alone = it.pixel_budget
    for _ in range(60):
        it.observe(700_000, 100.0, second_look_px=130_000)
    assert alone - 1.3 * 130_000 < it.pixel_budget < alone - 0.7 * 130_000


SLANTWISE = border((-500.0, -350.0), (0.0, 100.0), (500.0, 550.0))


def slantwise_pixels(view: CameraView, half_m: float) -> np.ndarray:
    along = np.arange(-150.0, 151.0, 2.0)
    line = np.stack([along, 100.0 + 0.9 * along], axis=-1)
    aside = np.array([-0.9, 1.0]) / np.hypot(0.9, 1.0)
    en = np.concatenate([line + d * aside for d in np.linspace(-half_m, half_m, 7)])
    lat, lon = FRAME.from_plane(en)
    px = view.project_geodetic(lat, lon, GROUND(lat, lon))
    return px[view.inside(px)]


def test_a_strip_that_runs_slantwise_is_held_unscaled_by_rectangles_smaller_than_one() -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -45.0), W, H)
    px = slantwise_pixels(view, 12.0)
    spread = px.max(axis=0) - px.min(axis=0)
    assert spread.prod() > 1.05 * W * 576, "one rectangle would not do"
    look = Attention(SLANTWISE, GROUND, AttentionSettings(strips_m=(12.0,), max_pixels=W * 576)).look(view, W, H)
    assert {r.scale for r in look.regions if r.kind == "border"} == {1.0}
    assert look.main.left_out == ""
    assert look.holds(px).all()
    assert look.pixels <= 1.11 * W * 576


@pytest.mark.parametrize("line", [EASTWARD, SLANTWISE])
@pytest.mark.parametrize("pixels", [640 * 400, 800 * 400, 1000 * 400])
def test_on_a_slow_machine_all_of_the_strip_is_looked_at_in_every_second_frame(
    line: tuple[tuple[float, float], ...], pixels: int
) -> None:
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -48.0), W, H)
    px = (strip_pixels if line is EASTWARD else slantwise_pixels)(view, 15.0)
    it = Attention(line, GROUND, AttentionSettings(max_pixels=pixels, min_pixels=pixels))
    looks = [it.look(view, W, H) for _ in range(6)]
    for first, second in pairwise(looks):
        assert (first.holds(px) | second.holds(px)).all()
    for look in looks:
        border_regions = tuple(r for r in look.regions if r.kind == "border")
        assert Look(border_regions).pixels <= 1.11 * pixels
        assert min(r.scale for r in border_regions) >= 0.7
        if not look.holds(px).all():
            assert "every second frame" in look.main.left_out


def test_who_stands_on_a_seam_is_taken_once_and_whole() -> None:
    left, right = Region("border", 0, 0, 640, H, 1.0), Region("border", 576, 0, W, H, 1.0)

    def boxes(*xyxy: tuple[float, float, float, float]) -> Detections:
        return Detections(np.array(xyxy), np.full(len(xyxy), 0.8), np.zeros(len(xyxy), dtype=np.int64))

    # A person at 632 to 644 is cut off by the left region's side and whole in the right one.
    cut, whole = (632.0, 100.0, 640.0, 120.0), (632.0 - 576.0, 100.0, 644.0 - 576.0, 120.0)
    both = Look((left, right)).joined([boxes(cut), boxes(whole)])
    assert both.xyxy.tolist() == [[632.0, 100.0, 644.0, 120.0]]
