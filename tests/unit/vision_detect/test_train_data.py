"""Tiles, mosaics and batches: every box lies on its object, what is unknown is ignored, batch n is always the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture
from vision.train_data import TileSampler
from vision.train_tiles import Tile, Variation, cut_tile, join_tiles, scale_tile, vary_tile


def labelled(
    folder: Path, name: str, boxes: list[list[int]], classes: list[int], **more: np.ndarray
) -> LabelledPicture:
    """A grey 300 x 200 picture in which each box is bright."""
    image = np.full((200, 300, 3), 90, dtype=np.uint8)
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = 250
    cv2.imwrite(str(folder / name), image)
    xyxy = np.array(boxes, dtype=float).reshape(-1, 4)
    return LabelledPicture(folder / name, "test", "train", xyxy, np.array(classes, dtype=np.int64), **more)


def picture(folder: Path) -> LabelledPicture:
    return labelled(folder, "p.png", [[150, 100, 158, 120]], [0])


def test_a_tile_keeps_what_is_mostly_in_it_and_ignores_the_rest(tmp_path: Path) -> None:
    labelled_picture = picture(tmp_path)
    image = labelled_picture.read_bgr()
    whole = cut_tile(labelled_picture, image, 100, 60, 128, 128)
    np.testing.assert_allclose(whole.xyxy, [[50, 40, 58, 60]])
    assert len(whole.ignore_xyxy) == 0
    part = cut_tile(labelled_picture, image, 100, 60, 52, 128)
    assert len(part.xyxy) == 0  # two of eight columns: not an object, but not nothing either
    np.testing.assert_allclose(part.ignore_xyxy, [[50, 40, 52, 60]])
    assert part.image_bgr[45, 51].max() == 250  # the picture itself stays as it is
    beyond = cut_tile(labelled_picture, image, 200, 100, 128, 150)
    assert beyond.image_bgr.shape == (150, 128, 3)
    assert (beyond.image_bgr[100:] == 114).all()


def test_regions_that_nobody_labelled_travel_with_the_tile(tmp_path: Path) -> None:
    regions = np.array([[110.0, 70, 400, 90], [0, 0, 10, 10]])
    source = labelled(tmp_path, "r.png", [], [], ignore_xyxy=regions)
    tile = cut_tile(source, source.read_bgr(), 100, 60, 128, 128)
    np.testing.assert_allclose(tile.ignore_xyxy, [[10, 10, 128, 30]])  # clipped; the other is not in it
    np.testing.assert_allclose(scale_tile(tile, 64, 64).ignore_xyxy, [[5, 5, 64, 15]])
    mirrored = vary_tile(tile, np.random.default_rng(0), Variation(flip=1.0, light=0, blur=0, compress=0))
    np.testing.assert_allclose(mirrored.ignore_xyxy, [[0, 10, 118, 30]])


def test_what_becomes_too_small_is_ignored_not_forgotten() -> None:
    boxes = np.array([[10.0, 10, 14, 30], [40, 40, 60, 70]])
    tile = Tile(np.zeros((128, 128, 3), np.uint8), boxes, np.array([0, 1]), np.zeros((0, 4)))
    small = scale_tile(tile, 64, 64)
    np.testing.assert_allclose(small.xyxy, [[20, 20, 30, 35]])
    assert small.class_id.tolist() == [1]
    np.testing.assert_allclose(small.ignore_xyxy, [[5, 5, 7, 15]])
    assert len(scale_tile(tile, 256, 256).xyxy) == 2


def test_the_boxes_of_a_mosaic_lie_on_their_objects() -> None:
    size, split_x, split_y = 100, 40, 70
    quarters = []
    for number, (w, h) in enumerate(((40, 70), (60, 70), (40, 30), (60, 30))):
        image = np.full((h, w, 3), 10 * number, np.uint8)
        image[5:15, 8:20] = 250
        quarters.append(Tile(image, np.array([[8.0, 5, 20, 15]]), np.array([number]), np.array([[0.0, 0, w, 4]])))
    joined = join_tiles(quarters, split_x, split_y, size)
    np.testing.assert_allclose(joined.xyxy, [[8, 5, 20, 15], [48, 5, 60, 15], [8, 75, 20, 85], [48, 75, 60, 85]])
    assert joined.class_id.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(joined.ignore_xyxy[3], [40, 70, 100, 74])
    for x0, y0, x1, y1 in joined.xyxy.astype(int):
        assert (joined.image_bgr[y0:y1, x0:x1] == 250).all()
        assert joined.image_bgr[y0, x0 - 1].max() < 250
    assert [int(joined.image_bgr[y, x, 0]) for y, x in ((69, 39), (69, 40), (70, 39), (70, 40))] == [0, 10, 20, 30]
    with pytest.raises(ValueError):
        join_tiles(quarters, 50, 50, size)


@pytest.mark.parametrize("mosaic", [0.0, 1.0])
def test_batches_show_the_object_inside_its_box(tmp_path: Path, mosaic: float) -> None:
    source = labelled(tmp_path, "p.png", [[150, 100, 160, 120], [40, 30, 70, 44]], [0, 1])
    variation = Variation(flip=0.5, light=0, blur=0, compress=0, invert_thermal=0, mosaic=mosaic)
    batch = TileSampler([([source], 1.0)], 96, batch=24, seed=3, variation=variation).batch(0)
    assert batch.image.shape == (24, 3, 96, 96)
    assert batch.image.dtype == np.uint8
    assert len(batch.box) >= 12
    assert (np.diff(batch.owner) >= 0).all()
    centre, extent = batch.box[:, :2] * 96, batch.box[:, 2:] * 96
    for owner in range(24):
        own = batch.owner == owner
        xyxy = np.hstack([centre[own] - extent[own] / 2, centre[own] + extent[own] / 2])
        assert (xyxy >= -1e-3).all()
        assert (xyxy <= 96 + 1e-3).all()
        for x0, y0, x1, y1 in xyxy:
            inside = batch.image[owner, :, int(np.ceil(y0 + 1)) : int(y1 - 1), int(np.ceil(x0 + 1)) : int(x1 - 1)]
            assert inside.size == 0 or inside.min() > 200


def test_batch_n_is_the_same_in_any_order_and_thread(tmp_path: Path) -> None:
    sources = [
        ([labelled(tmp_path, f"{i}.png", [[10 * i, 40, 10 * i + 9, 60]], [i % 2]) for i in range(1, 6)], 0.7),
        ([labelled(tmp_path, "other.png", [[150, 100, 158, 120]], [2])], 0.3),
    ]
    variation = Variation(mosaic=0.5)
    forward = TileSampler(sources, 64, 4, seed=5, variation=variation)
    told = [forward.batch(n).image for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(TileSampler(sources, 64, 4, seed=5, variation=variation).batch, (5, 3, 4, 0)))
    for n, batch in zip((5, 3, 4, 0), again, strict=True):
        np.testing.assert_array_equal(batch.image, told[n])
    assert not np.array_equal(TileSampler(sources, 64, 4, seed=6, variation=variation).batch(0).image, told[0])


def test_sources_keep_their_shares_and_every_picture_has_its_turn(tmp_path: Path) -> None:
    # The class of the box tells which picture a tile came from; a whole picture is a tile.
    first = [labelled(tmp_path, f"{i}.png", [[100, 80, 140, 120]], [i]) for i in range(3)]
    second = [labelled(tmp_path, "s.png", [[100, 80, 140, 120]], [9])]
    variation = Variation(zoom_in=1, zoom_out=1, flip=0, light=0, blur=0, compress=0, invert_thermal=0, balance=0)
    sampler = TileSampler([(first, 0.75), (second, 0.25)], 320, 8, seed=1, variation=variation)
    seen = np.concatenate([sampler.batch(n).class_id for n in range(8)]).astype(int)
    assert len(seen) == 64
    assert abs(int((seen == 9).sum()) - 16) <= 1
    of_first = seen[seen != 9]
    for start in range(0, len(of_first) - 2, 3):
        assert sorted(of_first[start : start + 3]) == [0, 1, 2]


def test_balance_brings_the_rare_class(tmp_path: Path) -> None:
    common = [labelled(tmp_path, f"{i}.png", [[100, 80, 140, 120]], [0]) for i in range(30)]
    rare = labelled(tmp_path, "rare.png", [[100, 80, 140, 120]], [2])

    def rare_share(balance: float) -> float:
        variation = Variation(zoom_in=1, zoom_out=1, balance=balance, light=0, blur=0, compress=0)
        sampler = TileSampler([([*common, rare], 1.0)], 320, 31, seed=2, variation=variation)
        return float((sampler.batch(0).class_id == 2).mean())

    assert rare_share(0.0) == pytest.approx(1 / 31)
    assert 0.3 < rare_share(1.0) < 0.7


def test_hard_places_are_looked_at(tmp_path: Path) -> None:
    empty = labelled(tmp_path, "h.png", [[250, 160, 260, 170]], [0], hard_xy=np.array([[255.0, 165]]))
    empty = LabelledPicture(empty.path, "test", "train", np.zeros((0, 4)), np.zeros(0, np.int64), hard_xy=empty.hard_xy)
    always = Variation(hard=1.0, light=0.0, blur=0.0, compress=0.0, invert_thermal=0.0)
    batch = TileSampler([([empty], 1.0)], 96, 6, seed=0, variation=always).batch(0)
    assert all(tile.max() > 230 for tile in batch.image)
    assert len(batch.box) == 0


def test_a_full_cache_changes_nothing_but_time(tmp_path: Path) -> None:
    sources = [([picture(tmp_path)], 1.0)]
    kept = TileSampler(sources, 96, 4, seed=0, cache_gb=1.0)
    read_again = TileSampler(sources, 96, 4, seed=0, cache_gb=0.0)
    for n in range(2):
        np.testing.assert_array_equal(kept.batch(n).image, read_again.batch(n).image)


def test_no_pictures_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no training pictures"):
        TileSampler([([], 1.0)], 96, 4, seed=0)
