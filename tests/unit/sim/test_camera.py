from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sim.camera import Renderer, VisibleObject
from sim.figures import KINDS, Capsule, figure
from sim.population import CLASS_OF_KIND
from sim.projection import ViewPose
from sim.world import ObjectState

NOBODY_S = -5000.0
"""Long before anybody but parked cars is about."""


def _thing(kind: str, east: float, north: float, **changes: float) -> ObjectState:
    values = {"heading_deg": 40.0, "speed_m_s": 1.2, "look": 7, "travelled_m": 3.0} | changes
    return ObjectState(
        900_001, kind, CLASS_OF_KIND[kind], east, north, values["heading_deg"], values["speed_m_s"],
        int(values["look"]), values["travelled_m"],
    )  # fmt: skip


def _bare_place(renderer: Renderer) -> np.ndarray:
    """A point of the patrolled stretch far from trees, roads and anything parked."""
    world = renderer.world
    parked = np.array([(s.east_m, s.north_m) for s in world.objects(NOBODY_S)])
    for s in np.arange(-240.0, 240.0, 5.0):
        place = world.layout.line.to_plane(s, 8.0)
        trees = np.hypot(*(renderer.trees.en_m - place).T)
        roads = min(np.hypot(*(road.points - place).T).min() for road in world.layout.roads)
        cars = np.hypot(*(parked - place).T).min() if len(parked) else 99.0
        if trees.min() > 14.0 and roads > 25.0 and cars > 20.0:
            return np.asarray(place)
    raise AssertionError("no bare place in this world")


def _pose_towards(renderer: Renderer, place: np.ndarray, azimuth: float, elevation: float, agl_m: float) -> ViewPose:
    back = agl_m / np.tan(np.radians(-elevation))
    direction = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    east, north = place - direction * back
    ground = renderer.world.height_amsl_m(*place)
    return ViewPose(float(east), float(north), ground + agl_m, azimuth, elevation)


def _only(visible: list[VisibleObject], object_id: int = 900_001) -> VisibleObject:
    found = [v for v in visible if v.object_id == object_id]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_box_of_a_thing_is_where_an_independent_projection_has_its_parts(
    night_renderer: Renderer, kind: str
) -> None:
    place = _bare_place(night_renderer)
    state = _thing(kind, float(place[0]) + 6.0, float(place[1]) - 3.0)
    pose = _pose_towards(night_renderer, place, 130.0, -50.0, 110.0)
    _, visible = night_renderer.render(pose, NOBODY_S, [state])
    box = _only(visible).xyxy
    # Independent: north-east-down and scipy's rotations, every part's ends and radius.
    turn = Rotation.from_euler("ZYX", [pose.azimuth_deg, pose.elevation_deg, pose.roll_deg], degrees=True)
    facing = Rotation.from_euler("Z", state.heading_deg, degrees=True)
    ground = night_renderer.world.height_amsl_m(state.east_m, state.north_m)
    focal = 320.0 / np.tan(np.radians(20.0))
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for part in figure(kind, state.look, state.travelled_m, state.speed_m_s):
        ends, radius = ((part.a, part.b), part.radius_m) if isinstance(part, Capsule) else (part.corners, 0.0)
        for ahead, left, up in ends:
            ned = facing.apply([ahead, -left, 0.0])
            ned += [state.north_m - pose.north_m, state.east_m - pose.east_m, pose.alt_amsl_m - ground - up]
            forward, right, down = turn.inv().apply(ned)
            pixel = np.array([320.0 + focal * right / forward, 180.0 + focal * down / forward])
            reach = radius * focal / forward
            low, high = np.minimum(low, pixel - reach), np.maximum(high, pixel + reach)
    assert box == pytest.approx([*low, *high], abs=0.3)


def test_a_person_has_the_size_that_the_optics_give(night_renderer: Renderer) -> None:
    place = _bare_place(night_renderer)
    pose = _pose_towards(night_renderer, place, 20.0, -45.0, 110.0)
    _, visible = night_renderer.render(pose, NOBODY_S, [_thing("person", float(place[0]), float(place[1]))])
    x0, y0, x1, y1 = _only(visible).xyxy
    # 1.7 m at 156 m, seen from 45 degrees above, at half the full picture's focal length.
    assert 5.5 < y1 - y0 < 9.0
    assert abs((x0 + x1) / 2 - 320) < 4
    assert abs((y0 + y1) / 2 - 180) < 6


def test_a_warm_thing_is_brighter_than_its_surroundings(night_renderer: Renderer) -> None:
    place = _bare_place(night_renderer)
    pose = _pose_towards(night_renderer, place, 200.0, -55.0, 70.0)
    image, visible = night_renderer.render(pose, NOBODY_S, [_thing("person", float(place[0]), float(place[1]))])
    assert image.shape == (360, 640, 3)
    assert image.dtype == np.uint8
    assert (image[..., 0] == image[..., 1]).all()
    assert (image[..., 0] == image[..., 2]).all()
    x0, y0, x1, y1 = (int(v) for v in _only(visible).xyxy)
    inside = image[y0 : y1 + 1, x0 : x1 + 1, 0].astype(float)
    around = image[y0 - 15 : y1 + 15, x0 - 15 : x1 + 15, 0].astype(float)
    assert inside.max() > np.median(around) + 50


def test_what_is_seen_does_not_depend_on_when_the_renderer_was_made(night_renderer: Renderer) -> None:
    other = Renderer(night_renderer.world)
    pose = _pose_towards(night_renderer, night_renderer.world.layout.line.to_plane(40.0, 0.0), 75.0, -50.0, 110.0)
    _, one = night_renderer.render(pose, 120.0)
    _, two = other.render(pose, 120.0)
    assert one == two
    assert one
    assert np.array_equal(night_renderer.ground.image, other.ground.image)


def test_a_thing_at_the_edge_is_clipped_and_counts_for_its_part(night_renderer: Renderer) -> None:
    place = _bare_place(night_renderer)
    pose = _pose_towards(night_renderer, place, 90.0, -50.0, 60.0)
    fractions = []
    # Looking east, south is to the right: the car moves out over the right edge.
    for aside in np.arange(24.0, 34.0, 0.5):
        state = _thing("car", float(place[0]), float(place[1] - aside), heading_deg=180.0)
        _, visible = night_renderer.render(pose, NOBODY_S, [state])
        found = [v for v in visible if v.object_id == 900_001]
        fractions.append(found[0].visible_fraction if found else 0.0)
        for thing in found:
            assert 0.0 <= thing.xyxy[0] < thing.xyxy[2] <= 640.0
    assert fractions[0] == pytest.approx(1.0)
    assert fractions[-1] == 0.0
    assert any(0.2 < f < 0.8 for f in fractions)
    assert (np.diff(fractions) < 0.02).all()


def test_a_crown_hides_what_is_behind_it(night_renderer: Renderer) -> None:
    trees, world = night_renderer.trees, night_renderer.world
    tree = int(np.argmax(trees.radius_m))
    azimuth = 10.0
    pose = _pose_towards(night_renderer, trees.en_m[tree], azimuth, -45.0, 100.0)
    forward = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    # At 45 degrees the crown's middle covers the ground as far behind the tree as the crown is high.
    behind = trees.en_m[tree] + forward * float(trees.centre_m[tree] - 0.8)
    before = trees.en_m[tree] - forward * 12.0
    assert not night_renderer.ground.in_forest(np.stack([behind, before])).any()

    def fraction(at: np.ndarray) -> float:
        _, visible = night_renderer.render(pose, NOBODY_S, [_thing("person", float(at[0]), float(at[1]))])
        return max((v.visible_fraction for v in visible if v.object_id == 900_001), default=0.0)

    assert fraction(behind) < 0.3
    assert world.height_amsl_m(*behind) > 0


def test_nobody_is_seen_under_the_forests_canopy(night_renderer: Renderer) -> None:
    nearest = min(night_renderer.world.layout.forests, key=lambda f: float(np.hypot(*f.mean(axis=0))))
    inside = nearest.mean(axis=0)
    assert night_renderer.ground.in_forest(inside[None]).all()
    pose = _pose_towards(night_renderer, inside, 0.0, -60.0, 100.0)
    _, visible = night_renderer.render(pose, NOBODY_S, [_thing("person", float(inside[0]), float(inside[1]))])
    assert [v for v in visible if v.object_id == 900_001] == []


def test_a_camera_that_looks_up_or_stands_on_the_ground_still_gives_a_picture(night_renderer: Renderer) -> None:
    launch = night_renderer.world.layout.launch
    ground = night_renderer.world.height_amsl_m(*launch)
    for elevation in (-90.0, -5.0, 0.0, 30.0):
        pose = ViewPose(float(launch[0]), float(launch[1]), ground + 0.3, 45.0, elevation)
        image, _ = night_renderer.render(pose, 10.0)
        assert image.shape == (360, 640, 3)
    far = ViewPose(9000.0, 9000.0, 400.0, 45.0, -30.0)
    assert night_renderer.render(far, 10.0)[1] == []


def test_standing_and_walking_look_different() -> None:
    walking = figure("person", 5, 1.0, 1.3)
    assert walking != figure("person", 5, 1.3, 1.3)
    assert figure("person", 5, 0.0, 0.0) == figure("person", 5, 0.0, 0.0)
    assert figure("person", 5, 0.0, 0.0) != figure("person", 6, 0.0, 0.0)
