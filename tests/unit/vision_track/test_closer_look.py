"""The second look at what the first one doubted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.closer_look import CloserLook, CloserLookSettings, Places
from vision.records import Detections

THRESHOLD = (0.4, 0.5, 0.4)
WIDTH, HEIGHT = 640, 480
MANY = 10**9


def found(*rows: tuple[float, ...], animals: tuple[tuple[float, ...], ...] = ()) -> Detections:
    """Rows of x0, y0, x1, y1, confidence, class."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64), np.array(animals, float).reshape(-1, 4))


def enlarged(places: Places, number: int, box: tuple[float, ...]) -> NDArray[np.float64]:
    """Where a box of the full picture lies in the enlarged one, if ``number`` is its place."""
    x, y = places.corner_px[number]
    corner = np.array([number % 4, number // 4]) * 128.0
    return 2.0 * (np.array(box) - np.tile([x, y], 2)) + np.tile(corner, 2)


def test_the_network_is_shown_the_places_enlarged_where_the_answer_is_looked_for() -> None:
    image = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    boxes = [(30.0 + 70 * k, 100.0, 40.0 + 70 * k, 118.0) for k in range(6)]
    for k, (x0, y0, x1, y1) in enumerate(boxes):
        image[int(y0) : int(y1), int(x0) : int(x1)] = 100 + k
    look = CloserLook(THRESHOLD)
    places = look.places(found(*[(*b, 0.3, 0) for b in boxes]), WIDTH, HEIGHT, MANY)
    assert len(places) == 6
    picture = look.picture(image, places)
    assert picture.shape == (256, 512, 3)
    for number, row in enumerate(places.rows):
        x0, y0, x1, y1 = enlarged(places, number, boxes[row]).astype(int)
        assert (picture[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] == 100 + row).all()


def test_who_is_seen_in_both_looks_gets_the_mean_and_the_finer_box() -> None:
    box, finer = (300.0, 200.0, 310.0, 218.0), (301.0, 201.0, 311.0, 219.0)
    look = CloserLook(THRESHOLD)
    first = found((*box, 0.2, 0))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    fused = look.fused(first, places, found((*enlarged(places, 0, finer), 0.8, 0)))
    assert fused.confidence == pytest.approx([0.5])
    assert fused.class_id.tolist() == [0]
    assert fused.xyxy[0] == pytest.approx(np.array(box) + 0.8)  # four parts of the surer, one of the other


@pytest.mark.parametrize("where", [(2.0, 3.0, 12.0, 20.0), (WIDTH - 9.0, HEIGHT - 18.0, WIDTH, HEIGHT)])
def test_at_the_edge_of_the_picture_boxes_come_back_to_their_place(where: tuple[float, ...]) -> None:
    look = CloserLook(THRESHOLD)
    first = found((*where, 0.5, 0))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    assert look.picture(np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8), places).shape == (128, 512, 3)
    fused = look.fused(first, places, found((*enlarged(places, 0, where), 0.5, 0)))
    assert fused.xyxy[0] == pytest.approx(where)


def test_who_is_not_seen_again_needs_twice_the_confidence() -> None:
    look = CloserLook(THRESHOLD)
    first = found((300.0, 200.0, 310.0, 218.0, 0.7, 0), (100.0, 200.0, 110.0, 218.0, 0.9, 0))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    assert places.rows.tolist() == [0], "who is sure is not looked at again"
    fused = look.fused(first, places, Detections.empty())
    assert fused.confidence.tolist() == [0.9]
    assert CloserLook(THRESHOLD, weak_share=0.5).fused(first, places, Detections.empty()).confidence.tolist() == [
        0.9,
        0.35,
    ]


def test_an_animal_that_passed_for_a_person_is_found_out() -> None:
    box = (300.0, 200.0, 312.0, 212.0)
    look = CloserLook(THRESHOLD, weak_share=0.4)
    first = found((*box, 0.5, 0))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    fused = look.fused(first, places, found(animals=(tuple(enlarged(places, 0, box)),)))
    assert fused.confidence == pytest.approx([0.25]), "weak: no track begins with it"
    assert fused.animal_xyxy == pytest.approx(np.array([box]))


def test_a_person_that_passed_for_an_animal_is_found() -> None:
    box = (300.0, 200.0, 312.0, 212.0)
    look = CloserLook(THRESHOLD, weak_share=0.4)
    first = found(animals=(box,))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    person = found((*enlarged(places, 0, box), 0.9, 0))
    fused = look.fused(first, places, person)
    assert fused.confidence == pytest.approx([0.45])
    assert len(fused.animal_xyxy) == 0
    nothing = look.fused(first, places, Detections.empty())
    assert len(nothing) == 0
    assert nothing.animal_xyxy == pytest.approx(np.array([box])), "what is not seen again stays what it was"


def test_what_else_it_might_have_been_counts_for_the_class() -> None:
    """The first look takes a walker for a rider, the second knows better: neither alone decides."""
    box = (300.0, 200.0, 310.0, 218.0)
    look = CloserLook(THRESHOLD, weak_share=0.4)
    everything = found((*box, 0.45, 2), (*box, 0.3, 0))
    first = everything.take(np.array([0]))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    again = found((*enlarged(places, 0, box), 0.6, 0), (*enlarged(places, 0, box), 0.3, 2))
    fused = look.fused(first, places, again, everything)
    assert fused.class_id.tolist() == [0]
    assert fused.confidence == pytest.approx([0.45])
    assert look.fused(first, places, again).class_id.tolist() == [2]


def test_a_find_of_another_place_changes_nothing() -> None:
    look = CloserLook(THRESHOLD)
    first = found((300.0, 200.0, 310.0, 218.0, 0.5, 0), (400.0, 200.0, 410.0, 218.0, 0.5, 0))
    places = look.places(first, WIDTH, HEIGHT, MANY)
    aside = enlarged(places, 0, (315.0, 200.0, 325.0, 218.0))
    outside = np.array([300.0, 10.0, 320.0, 40.0])  # the third place, which nobody asked for
    fused = look.fused(first, places, found((*aside, 0.9, 0), (*outside, 0.9, 0)))
    assert len(fused) == 0


def test_the_most_doubtful_come_first_and_large_things_and_vehicles_never() -> None:
    small = [(20.0 + 30 * k, 100.0, 30.0 + 30 * k, 118.0) for k in range(5)]
    rows = [(*b, c, 0) for b, c in zip(small, (0.1, 0.7, 0.41, 0.5, 0.35), strict=True)]
    rows += [(300.0, 100.0, 350.0, 180.0, 0.4, 0), (400.0, 100.0, 420.0, 120.0, 0.5, 1)]
    settings = CloserLookSettings(max_places=3)
    places = CloserLook(THRESHOLD, settings=settings).places(found(*rows), WIDTH, HEIGHT, MANY)
    assert places.rows.tolist() == [2, 4, 3]


def test_the_second_look_costs_no_more_than_its_share() -> None:
    rows = found(*[(20.0 + 30 * k, 100.0, 30.0 + 30 * k, 118.0, 0.3, 0) for k in range(12)])
    look = CloserLook(THRESHOLD)
    for pixels in (1280 * 720, 640 * 400, 200 * 200):
        places = look.places(rows, WIDTH, HEIGHT, pixels)
        assert len(places) * 128 * 128 <= 0.17 * pixels
    assert len(look.places(rows, WIDTH, HEIGHT, 1280 * 720)) == 8


def test_room_that_is_left_goes_to_the_animals_in_turn() -> None:
    animals = tuple((20.0 + 30 * k, 100.0, 30.0 + 30 * k, 110.0) for k in range(5))
    look = CloserLook(THRESHOLD, settings=CloserLookSettings(max_places=2))
    first = found((400.0, 300.0, 410.0, 318.0, 0.4, 0), animals=animals)
    seen = {int(look.places(first, WIDTH, HEIGHT, MANY).animals[0]) for _ in range(5)}
    assert seen == {0, 1, 2, 3, 4}
    assert all(len(look.places(first, WIDTH, HEIGHT, MANY).rows) == 1 for _ in range(3))
