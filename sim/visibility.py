"""Who is in the picture and how much of them shows, without painting one: thousands of frames in seconds.

Boxes are those of :class:`sim.camera.Renderer` to the pixel, from the same figures. What hides what is taken from points
spread over each outline: a tree's crown is a disc, a nearer object the ellipse in its box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon

from geofences.geodesy import FloatArray
from sim.bodies import make_body, outline_box
from sim.camera import VisibleObject
from sim.projection import Pinhole, ViewPose, project
from sim.vegetation import Trees, plant_trees
from sim.world import ObjectState, World, seeded

_NEAREST_M, _FARTHEST_M, _FARTHEST_TREE_M = 4.0, 1500.0, 900.0
_CROWN_REACH = 1.07
"""A painted crown is ragged and covers on average this many of its radii."""
_FOREST_ROAD_MARGIN_M = 2.5


def _samples() -> FloatArray:
    """Points ``(n, 2)`` of the ellipse in the unit square, spread evenly."""
    grid = (np.arange(7) + 0.5) / 7.0
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    return np.asarray(points[np.hypot(*(2.0 * points - 1.0).T) <= 1.0])


_SAMPLES = _samples()


@dataclass(frozen=True, eq=False)
class _Outlines:
    """Objects that may show, n of them: whole boxes ``(n, 4)`` in pixels and depths ``(n,)`` in metres."""

    states: list[ObjectState]
    xyxy: FloatArray
    depth_m: FloatArray


class Spotter:
    """Sees the objects of one world. ``trees``: what stands there; the world's own unless others are given."""

    def __init__(self, world: World, trees: Trees | None = None) -> None:
        self.world = world
        self.trees = trees or plant_trees(
            world.layout, world.scenario.population.standing_trees, seeded(world.seed, "trees")
        )
        en = self.trees.en_m
        ground = world.terrain.height_amsl_m(en[:, 0], en[:, 1])
        self._crown_enu = np.concatenate([en, (ground + self.trees.centre_m)[:, None]], axis=1)
        woods = shapely.union_all([Polygon(outline).buffer(0) for outline in world.layout.forests])
        for road in world.layout.roads:
            woods = woods.difference(LineString(road.points).buffer(road.width_m / 2 + _FOREST_ROAD_MARGIN_M))
        shapely.prepare(woods)
        self._woods = woods

    def look(self, pose: ViewPose, camera: Pinhole, t_s: float) -> list[VisibleObject]:
        """What of the world's objects shows at ``t_s``; who is wholly hidden or outside is not listed."""
        seen = self._outlines(pose, camera, self.world.objects(t_s))
        if not seen.states:
            return []
        low, size = seen.xyxy[:, :2], seen.xyxy[:, 2:] - seen.xyxy[:, :2]
        points = low[:, None] + _SAMPLES * size[:, None]
        hidden = self._behind_crowns(pose, camera, seen, points) | _behind_others(seen, points)
        limit = np.array([camera.width_px, camera.height_px], dtype=np.float64)
        inside = ((points >= 0.0) & (points <= limit)).all(axis=-1)
        fraction = (inside & ~hidden).mean(axis=1)
        clipped = np.clip(seen.xyxy, 0.0, np.tile(limit, 2))
        shows = (fraction > 0.0) & (clipped[:, 2:] > clipped[:, :2]).all(axis=1)
        result = []
        for i in np.flatnonzero(shows):
            who = seen.states[i]
            x0, y0, x1, y1 = (float(v) for v in clipped[i])
            result.append(
                VisibleObject(
                    who.object_id, who.class_name, (x0, y0, x1, y1), float(fraction[i]), who.east_m, who.north_m
                )
            )
        return result

    def _outlines(self, pose: ViewPose, camera: Pinhole, states: list[ObjectState]) -> _Outlines:
        en = np.array([(s.east_m, s.north_m) for s in states]).reshape(-1, 2)
        ground = self.world.terrain.height_amsl_m(en[:, 0], en[:, 1])
        xy, depth = project(pose, camera, np.concatenate([en, ground[:, None] + 0.8], axis=1))
        reach = 6.0 * camera.focal_px / np.maximum(depth, 1.0)
        near = (depth > _NEAREST_M) & (depth < _FARTHEST_M)
        for axis, limit in ((0, camera.width_px), (1, camera.height_px)):
            near &= (xy[:, axis] > -reach) & (xy[:, axis] < limit + reach)
        near[near] &= ~shapely.contains_xy(self._woods, en[near, 0], en[near, 1])
        bodies = [make_body(states[i], float(ground[i]), float(depth[i])) for i in np.flatnonzero(near)]
        if not bodies:
            return _Outlines([], np.zeros((0, 4)), np.zeros(0))
        corners, _ = project(pose, camera, np.concatenate([b.enu_m for b in bodies]))
        kept, boxes, row = [], [], 0
        for body in bodies:
            own = corners[row : row + len(body.enu_m)]
            row += len(body.enu_m)
            if np.isfinite(own).all():
                kept.append(body)
                boxes.append(outline_box(body.parts, own, camera.focal_px / body.depth_m))
        return _Outlines([b.state for b in kept], np.array(boxes).reshape(-1, 4), np.array([b.depth_m for b in kept]))

    def _behind_crowns(self, pose: ViewPose, camera: Pinhole, seen: _Outlines, points: FloatArray) -> NDArray[np.bool_]:
        xy, depth = project(pose, camera, self._crown_enu)
        radius = _CROWN_REACH * self.trees.radius_m * camera.focal_px / np.maximum(depth, 1.0)
        near = (depth > 6.0) & (depth < _FARTHEST_TREE_M) & np.isfinite(xy).all(axis=1)
        for axis, limit in ((0, camera.width_px), (1, camera.height_px)):
            near &= (xy[:, axis] > -radius) & (xy[:, axis] < limit + radius)
        xy, depth, radius = xy[near], depth[near], radius[near]
        way = np.linalg.norm(points[:, :, None] - xy, axis=-1)
        in_front = depth < seen.depth_m[:, None]
        return np.asarray((in_front[:, None] & (way < radius)).any(axis=-1))


def _behind_others(seen: _Outlines, points: FloatArray) -> NDArray[np.bool_]:
    """Which points ``(n, p, 2)`` of each outline lie in the ellipse of a nearer object's box."""
    middle = (seen.xyxy[:, :2] + seen.xyxy[:, 2:]) / 2.0
    half = np.maximum((seen.xyxy[:, 2:] - seen.xyxy[:, :2]) / 2.0, 0.5)
    off = (points[:, :, None] - middle) / half
    in_front = seen.depth_m[None, :] < seen.depth_m[:, None]
    return np.asarray((in_front[:, None] & ((off**2).sum(axis=-1) < 1.0)).any(axis=-1))
