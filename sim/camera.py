"""The payload camera: what it sees of the world, and the truth about which objects are in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from sim.bodies import Body, BodyPainter, make_body
from sim.ground import GRAIN_METRES_PER_PX, GRAIN_TILE_PX, METRES_PER_PX, Ground, Light
from sim.projection import Pinhole, ViewPose, pixel_rays, project
from sim.sprites import Crowns, Sprite, hide, lay_over, seen_fraction
from sim.vegetation import plant_trees
from sim.world import HALF_EAST_M, HALF_NORTH_M, ObjectState, World, seeded

Image = NDArray[np.uint8]

_CELL_PX = 16
_NO_MAP: Any = None
"""remap takes both coordinates in one array; its type stub wants the second one all the same."""
_HEIGHT_STEP_M = 5.0
_FARTHEST_M = 3000.0
_NEAREST_M = 4.0
_HORIZON = -0.015
"""Rays flatter than this (their up component) see the sky."""


@dataclass(frozen=True)
class VisibleObject:
    """One object in one picture. ``xyxy`` is the box of its whole outline, clipped to the picture, in pixels;
    ``visible_fraction`` how much of the outline is inside the picture and hidden by nothing."""

    object_id: int
    class_name: str
    xyxy: tuple[float, float, float, float]
    visible_fraction: float
    east_m: float = 0.0
    north_m: float = 0.0


class Renderer:
    """Draws one world for one camera. Making it paints the ground (a few seconds); a picture takes some milliseconds.

    Not safe to use from two threads at once.
    """

    def __init__(self, world: World) -> None:
        scenario = world.scenario
        self.world = world
        self.camera = Pinhole(scenario.camera.width_px, scenario.camera.height_px, scenario.camera.hfov_deg)
        self.thermal = scenario.camera.sensor == "thermal"
        self._rng = seeded(world.seed, "camera")
        self.light = Light.from_seed(self._rng)
        self.trees = plant_trees(world.layout, scenario.population.standing_trees, seeded(world.seed, "trees"))
        self._tree_ground_m = world.terrain.height_amsl_m(self.trees.en_m[:, 0], self.trees.en_m[:, 1])
        self.ground = Ground(world.layout, self.trees, self.thermal, self.light, seeded(world.seed, "ground"))
        gain = self.light.gain * np.array(self.light.tint_bgr)
        sun = (0.25, 0.15, 0.95) if self.thermal else self.light.sun
        self._painter = BodyPainter(self.camera, self.thermal, sun, gain)
        self._crowns = Crowns(self.ground.foliage_warmth if self.thermal else None, gain, self._rng)
        self._heights = self._sample_heights()
        self._nodes_px, self._node_shape = self._ray_nodes()
        self._noise = self._make_noise()

    # -- preparation ------------------------------------------------------------------------------------------------

    def _sample_heights(self) -> NDArray[np.float32]:
        east = np.arange(-HALF_EAST_M, HALF_EAST_M + 1, _HEIGHT_STEP_M)
        north = np.arange(-HALF_NORTH_M, HALF_NORTH_M + 1, _HEIGHT_STEP_M)
        grid = np.meshgrid(east, north)
        return self.world.terrain.height_amsl_m(grid[0], grid[1]).astype(np.float32)

    def _ray_nodes(self) -> tuple[FloatArray, tuple[int, int]]:
        columns = -(-self.camera.width_px // _CELL_PX) + 2
        rows = -(-self.camera.height_px // _CELL_PX) + 2
        x = (np.arange(columns) - 0.5) * _CELL_PX
        y = (np.arange(rows) - 0.5) * _CELL_PX
        return np.stack(np.meshgrid(x, y), axis=-1), (rows, columns)

    def _make_noise(self) -> list[Image]:
        """A few sheets of sensor noise around 128, taken at random offsets."""
        spread = 2.6 if self.thermal else 2.2
        height, width = self.camera.height_px + 64, self.camera.width_px + 64
        sheets = []
        for _ in range(3):
            noise = self._rng.standard_normal((height, width)).astype(np.float32) * spread
            if self.thermal:
                # An uncooled sensor also has column noise that stays.
                noise += self._rng.standard_normal((1, width)).astype(np.float32) * 0.7
            sheets.append(np.clip(np.round(noise + 128), 0, 255).astype(np.uint8))
        return sheets

    # -- a picture --------------------------------------------------------------------------------------------------

    def render(
        self, pose: ViewPose, t_s: float, extra: list[ObjectState] | None = None
    ) -> tuple[Image, list[VisibleObject]]:
        """The picture ``(height, width, 3)`` uint8 BGR (three equal channels when thermal) at ``t_s``, and what is in it.

        ``extra`` are objects drawn besides the world's own. Objects of which nothing is seen are not listed.
        """
        image = self._background(pose)
        bodies = self._bodies(pose, self.world.objects(t_s) + (extra or []))
        if not self.thermal:
            self._painter.cast_shadows(pose, bodies, image, self.light.shadow)
        drawn: list[tuple[float, Sprite, ObjectState | None]] = self._tree_sprites(pose)
        for body, sprite in zip(bodies, self._painter.sprites(pose, bodies), strict=True):
            if sprite is not None:
                drawn.append((body.depth_m, sprite, body.state))
        # Far things first, so that the near ones cover them.
        drawn.sort(key=lambda d: -d[0])
        boxes = np.array([d[1].box for d in drawn]).reshape(-1, 4)
        for index, (_, sprite, _) in enumerate(drawn):
            lay_over(image, sprite)
            left, top, right, bottom = sprite.box
            farther = boxes[:index]
            meets = (farther[:, 0] < right) & (farther[:, 2] > left) & (farther[:, 1] < bottom) & (farther[:, 3] > top)
            for other in np.flatnonzero(meets):
                if drawn[other][2] is not None:
                    hide(drawn[other][1], sprite)
        visible = []
        width, height = self.camera.width_px, self.camera.height_px
        for _, sprite, who in drawn:
            if who is None:
                continue
            fraction = seen_fraction(sprite, image.shape)
            x0, y0, x1, y1 = sprite.xyxy
            box = (max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))
            if fraction > 0 and box[2] > box[0] and box[3] > box[1]:
                visible.append(VisibleObject(who.object_id, who.class_name, box, fraction, who.east_m, who.north_m))
        return self._expose(image), visible

    def _ground_hits(self, pose: ViewPose) -> tuple[FloatArray, FloatArray]:
        """East, north where the rays of the coarse grid meet the ground ``(rows, columns, 2)``, and the rays' rise."""
        rays = pixel_rays(pose, self.camera, self._nodes_px)
        rise = rays[..., 2]
        down = np.minimum(rise, -0.008)
        ground = np.full(rise.shape, self.world.height_amsl_m(pose.east_m, pose.north_m))
        for _ in range(5):
            length = np.clip((ground - pose.alt_amsl_m) / down, 0.0, _FARTHEST_M)
            east, north = pose.east_m + rays[..., 0] * length, pose.north_m + rays[..., 1] * length
            column = ((east + HALF_EAST_M) / _HEIGHT_STEP_M).astype(np.float32)
            row = ((north + HALF_NORTH_M) / _HEIGHT_STEP_M).astype(np.float32)
            ground = cv2.remap(self._heights, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.stack([east, north], axis=-1), rise

    def _spread(self, nodes: FloatArray, cell_px: int, width: int, height: int) -> NDArray[np.float32]:
        """Values at the coarse grid spread over a picture in which a cell has ``cell_px`` pixels."""
        rows, columns = self._node_shape
        size = (columns * cell_px, rows * cell_px)
        spread = np.asarray(
            cv2.resize(nodes.astype(np.float32), size, interpolation=cv2.INTER_LINEAR), dtype=np.float32
        )
        return spread[cell_px : cell_px + height, cell_px : cell_px + width]

    def _background(self, pose: ViewPose) -> Image:
        """The ground, and the sky where there is any; with its grain.

        The painted ground is coarser than the picture, so it is sampled at half the picture's size; the grain that is
        laid over it brings the fine detail.
        """
        hits, rise = self._ground_hits(pose)
        ground_px = self.ground.to_px(hits)
        width, height = self.camera.width_px, self.camera.height_px
        half = self._spread(ground_px, _CELL_PX // 2, (width + 1) // 2, (height + 1) // 2)
        coarse = cv2.remap(self.ground.image, half, _NO_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        image = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
        grain_px = ground_px * (METRES_PER_PX / GRAIN_METRES_PER_PX)
        middle = grain_px[grain_px.shape[0] // 2, grain_px.shape[1] // 2]
        # To the middle of the repeated tile: OpenCV is slow where it has to wrap around.
        grain_px = grain_px - np.floor(middle / GRAIN_TILE_PX) * GRAIN_TILE_PX + 2 * GRAIN_TILE_PX
        full = self._spread(grain_px, _CELL_PX, width, height)
        grain = cv2.remap(self.ground.grain, full, _NO_MAP, cv2.INTER_NEAREST, borderMode=cv2.BORDER_WRAP)
        if not self.thermal:
            grain = cv2.cvtColor(grain, cv2.COLOR_GRAY2BGR)
        image = cv2.addWeighted(image, 1.0, grain, 1.0, -128.0)
        if (rise > _HORIZON).any():
            sky = self._spread(rise, _CELL_PX, width, height) > _HORIZON
            image[sky] = 40 if self.thermal else (228, 214, 200)
        return np.asarray(image, dtype=np.uint8)

    def _bodies(self, pose: ViewPose, states: list[ObjectState]) -> list[Body]:
        """The bodies of everything that may show in the picture."""
        if not states:
            return []
        en = np.array([(s.east_m, s.north_m) for s in states])
        ground = self.world.terrain.height_amsl_m(en[:, 0], en[:, 1])
        middle = np.concatenate([en, ground[:, None] + 0.8], axis=1)
        xy, depth = project(pose, self.camera, middle)
        reach = 6.0 * self.camera.focal_px / np.maximum(depth, 1.0)
        size = (self.camera.width_px, self.camera.height_px)
        near = (depth > _NEAREST_M) & (depth < 1500.0)
        for axis in (0, 1):
            near &= (xy[:, axis] > -reach) & (xy[:, axis] < size[axis] + reach)
        near &= ~self.ground.in_forest(en)
        return [make_body(states[i], float(ground[i]), float(depth[i])) for i in np.flatnonzero(near)]

    def _tree_sprites(self, pose: ViewPose) -> list[tuple[float, Sprite, ObjectState | None]]:
        trees = self.trees
        if not len(trees.en_m):
            return []
        crown = np.concatenate([trees.en_m, (self._tree_ground_m + trees.centre_m)[:, None]], axis=1)
        xy, depth = project(pose, self.camera, crown)
        radius = trees.radius_m * self.camera.focal_px / np.maximum(depth, 1.0)
        near = (depth > 6.0) & (depth < 900.0) & (radius > 0.8)
        near &= (xy[:, 0] > -radius) & (xy[:, 0] < self.camera.width_px + radius)
        near &= (xy[:, 1] > -radius) & (xy[:, 1] < self.camera.height_px + radius)
        sun = self.light.sun
        light = float(np.degrees(np.arctan2(sun[0], sun[1]))) - pose.azimuth_deg - pose.roll_deg
        return [
            (
                float(depth[i]),
                self._crowns.place(int(trees.look[i]), xy[i, 0], xy[i, 1], float(min(radius[i], 400.0)), light),
                None,
            )
            for i in np.flatnonzero(near)
        ]

    def _expose(self, image: Image) -> Image:
        """What the sensor and its optics add: a little blur and noise."""
        sheet = self._noise[int(self._rng.integers(0, len(self._noise)))]
        dy, dx = self._rng.integers(0, 64, 2)
        noise = sheet[dy : dy + self.camera.height_px, dx : dx + self.camera.width_px]
        if self.thermal:
            grey = cv2.addWeighted(cv2.GaussianBlur(image, (5, 5), 0.9), 1.0, noise, 1.0, -128.0)
            return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
        return np.asarray(
            cv2.addWeighted(image, 1.0, cv2.cvtColor(noise, cv2.COLOR_GRAY2BGR), 1.0, -128.0), dtype=np.uint8
        )
