"""Bodies of people, vehicles and animals as a few capsules and flat faces, in metres.

Object frame: x ahead, y to the left, z up, origin on the ground under the middle. Parts are listed from the ground
upwards, which is the order in which a camera above sees one cover the other. Each part has a daylight colour (blue,
green, red) and a warmth, the grey value in a white-hot thermal picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Point = tuple[float, float, float]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Capsule:
    """A rod with round ends; a ball when both ends are one."""

    a: Point
    b: Point
    radius_m: float
    colour: Colour
    warmth: float


@dataclass(frozen=True)
class Face:
    """A flat convex polygon, seen from the side from which its corners run counter-clockwise."""

    corners: tuple[Point, ...]
    colour: Colour
    warmth: float


Part = Capsule | Face
Parts = list[Part]

_SKIN: tuple[Colour, ...] = ((120, 150, 200), (95, 125, 175), (70, 95, 140))
_CLOTHES: tuple[Colour, ...] = (
    (40, 40, 45), (90, 60, 40), (60, 75, 60), (50, 50, 150), (150, 110, 60), (190, 190, 195), (60, 90, 110),
    (45, 130, 180), (110, 110, 115), (70, 45, 60), (60, 150, 200), (125, 80, 40),
)  # fmt: skip
_CARS: tuple[Colour, ...] = (
    (205, 205, 205), (160, 160, 162), (90, 90, 92), (40, 40, 42), (50, 45, 150), (130, 70, 40), (70, 90, 60),
    (225, 228, 230), (60, 110, 140),
)  # fmt: skip


def _shade(colour: Colour, k: float) -> Colour:
    return colour[0] * k, colour[1] * k, colour[2] * k


def _pick(rng: np.random.Generator, options: tuple[Colour, ...]) -> Colour:
    return options[int(rng.integers(0, len(options)))]


def _box(x: tuple[float, float], y: float, z: tuple[float, float], colour: Colour, warmth: float) -> Parts:
    return _frustum((x[0], x[1], y), (x[0], x[1], y), z, (colour,) * 5, (warmth,) * 5)


def _frustum(
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    z: tuple[float, float],
    colours: tuple[Colour, ...],
    warmths: tuple[float, ...],
) -> Parts:
    """``low`` and ``high`` are (x rear, x front, half width); colours and warmths: rear, right, left, front, top."""
    (a0, a1, ay), (b0, b1, by), (z0, z1) = low, high, z
    rear = ((a0, ay, z0), (a0, -ay, z0), (b0, -by, z1), (b0, by, z1))
    right = ((a0, -ay, z0), (a1, -ay, z0), (b1, -by, z1), (b0, -by, z1))
    left = ((a1, ay, z0), (a0, ay, z0), (b0, by, z1), (b1, by, z1))
    front = ((a1, -ay, z0), (a1, ay, z0), (b1, by, z1), (b1, -by, z1))
    top = ((b0, -by, z1), (b1, -by, z1), (b1, by, z1), (b0, by, z1))
    return [Face(c, k, w) for c, k, w in zip((rear, right, left, front, top), colours, warmths, strict=True)]


def _wheels(xs: tuple[float, ...], y: float, radius: float, warmth: float) -> Parts:
    return [
        Capsule((x, side * y, radius), (x, side * (y - 0.12), radius), radius, (32, 32, 34), warmth)
        for x in xs
        for side in (1.0, -1.0)
    ]


def _human(
    rng: np.random.Generator, gait: float, moving: bool, height: float, seat_m: float | None = None, x: float = 0.0
) -> Parts:
    """A person standing, walking (``gait`` in radians) or, with ``seat_m``, riding."""
    jacket, trousers, skin = _pick(rng, _CLOTHES), _pick(rng, _CLOTHES), _pick(rng, _SKIN)
    hair = _shade(_pick(rng, ((30, 35, 40), (50, 80, 110), (120, 130, 140), (60, 60, 140))), 1.0)
    wear = rng.uniform(0.0, 25.0)
    pack = rng.random() < 0.3
    k = height / 1.74
    swing = math.sin(gait) * 0.36 if moving else 0.06
    parts: Parts = []
    if seat_m is None:
        hip, lean = 0.88 * k, 0.06 if moving else 0.0
        for side, sign in ((0.10, 1.0), (-0.10, -1.0)):
            knee_x = swing * sign * 0.55
            foot_x = swing * sign - (0.12 if moving and swing * sign < 0 else 0.0)
            parts.append(Capsule((knee_x, side, 0.46 * k), (foot_x, side, 0.07), 0.062, trousers, 196 - wear))
            parts.append(Capsule((0.0, side, hip), (knee_x, side, 0.46 * k), 0.085, trousers, 205 - wear))
    else:
        hip, lean = seat_m, 0.22
        for side in (0.17, -0.17):
            parts.append(Capsule((x + 0.38, side, seat_m - 0.05), (x + 0.22, side, seat_m - 0.5), 0.065, trousers, 195))
            parts.append(Capsule((x, side * 0.7, hip), (x + 0.38, side, seat_m - 0.05), 0.09, trousers, 205 - wear))
    top = hip + 0.54 * k
    for side in (0.1, -0.1):
        parts.append(Capsule((x, side, hip + 0.08), (x + lean, side, top - 0.08), 0.13, jacket, 208 - wear))
    for side, sign in ((0.25, -1.0), (-0.25, 1.0)):
        hand = (x + swing * sign * 0.9, side, hip - 0.02) if seat_m is None else (x + 0.55, side, hip + 0.28)
        parts.append(Capsule((x + lean, side, top - 0.07), hand, 0.052, _shade(jacket, 0.92), 200 - wear))
        parts.append(Capsule(hand, hand, 0.055, skin, 222))
    if pack:
        parts.append(Capsule((x - 0.2, 0, hip + 0.2), (x - 0.18, 0, top - 0.12), 0.15, _pick(rng, _CLOTHES), 120))
    head = (x + lean + 0.03, 0.0, top + 0.2 * k)
    parts.append(Capsule(head, head, 0.118, skin, 240))
    crown = (head[0] - 0.02, 0.0, head[2] + 0.04)
    parts.append(Capsule(crown, crown, 0.11, hair, 228))
    return parts


def _person(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    height = float(np.clip(rng.normal(1.73, 0.08), 1.5, 1.92))
    return _human(rng, travelled_m / 0.72 * math.pi + rng.uniform(0, 6), speed > 0.2, height)


def _car(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    paint = _pick(rng, _CARS)
    long, wide = rng.uniform(3.9, 4.8) / 2, rng.uniform(1.7, 1.9) / 2
    tall = rng.uniform(1.42, 1.6) if rng.random() < 0.6 else rng.uniform(1.65, 1.85)
    estate = rng.random() < 0.5
    # A parked car may still have a warm engine.
    running = speed > 0.3 or rng.random() < 0.25
    body, hood, glass = (112.0, 182.0, 66.0) if running else (92.0, 98.0, 62.0)
    pane = (62.0, 56.0, 50.0)
    parts = _wheels((long * 0.62, -long * 0.62), wide, 0.33, 150 if running else 84)
    dark, mid = _shade(paint, 0.72), _shade(paint, 0.85)
    parts += _frustum(
        (-long, long, wide),
        (-long, long, wide),
        (0.24, 0.84),
        (dark, mid, mid, mid, paint),
        (body, body, body, hood, body),
    )
    x0, y0, x1, y1 = long * 0.42, wide * 0.93, long * 0.98, wide * 0.86
    parts.append(Face(
        ((x0, -y0, 0.86), (x1, -y1, 0.86), (x1, y1, 0.86), (x0, y0, 0.86)),
        _shade(paint, 1.04), hood,
    ))  # fmt: skip
    back = -long * (0.97 if estate else 0.72)
    parts += _frustum(
        (back, long * 0.46, wide * 0.95), (back + 0.3, long * 0.12, wide * 0.78), (0.84, tall), (pane,) * 4 + (paint,),
        (glass,) * 4 + (body - 24,),
    )  # fmt: skip
    if speed > 0.3:
        for side in (0.6, -0.6):
            lamp = (long, side * wide, 0.62)
            parts.append(Capsule(lamp, lamp, 0.08, (215, 225, 228), hood + 20))
    return parts


def _truck(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    paint, load = _pick(rng, _CARS), _pick(rng, ((175, 178, 180), (95, 120, 110), (60, 75, 70), (130, 100, 70)))
    long, running = rng.uniform(5.6, 7.6) / 2, speed > 0.3 or rng.random() < 0.25
    body, hood = (115.0, 190.0) if running else (90.0, 95.0)
    parts = _wheels((long * 0.72, -long * 0.4, -long * 0.68), 1.12, 0.46, 150 if running else 82)
    parts += _box((-long, long * 0.95), 1.0, (0.5, 0.8), (45, 45, 48), body)
    parts += _frustum(
        (-long, long * 0.42, 1.15), (-long, long * 0.42, 1.15), (0.8, rng.uniform(2.3, 2.9)),
        (_shade(load, 0.7), _shade(load, 0.82), _shade(load, 0.82), _shade(load, 0.9), load), (86,) * 4 + (76,),
    )  # fmt: skip
    cab = (_shade(paint, 0.75), _shade(paint, 0.85), _shade(paint, 0.85), _shade(paint, 0.95), paint)
    parts += _frustum(
        (long * 0.48, long, 1.08), (long * 0.48, long, 1.08), (0.6, 1.35), cab, (body, body, body, hood, hood)
    )
    glass: Colour = (60, 52, 46)
    parts += _frustum(
        (long * 0.48, long, 1.08), (long * 0.48, long * 0.93, 1.0), (1.35, 2.15), (cab[0], glass, glass, glass, paint),
        (body, 66, 66, 60, body),
    )  # fmt: skip
    return parts


def _quad(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    paint = _pick(rng, ((40, 40, 160), (40, 90, 60), (140, 80, 40), (60, 60, 62), (40, 140, 190)))
    running = speed > 0.3
    warm = 195.0 if running else 105.0
    parts = _wheels((0.68, -0.68), 0.58, 0.31, 140 if running else 84)
    parts += _box((-1.0, 0.95), 0.34, (0.3, 0.62), (48, 48, 50), warm)
    for x0, x1 in ((-1.08, -0.42), (0.42, 1.08)):
        parts += _box((x0, x1), 0.6, (0.62, 0.76), paint, 115 if running else 88)
    parts.append(Capsule((-0.4, 0, 0.8), (0.2, 0, 0.82), 0.17, (40, 40, 42), 125))
    parts.append(Capsule((0.5, 0.36, 1.0), (0.5, -0.36, 1.0), 0.04, (35, 35, 36), 110))
    if running:
        parts += _human(rng, 0.0, False, 1.74, seat_m=0.9, x=-0.15)
    return parts


def _cycle(rng: np.random.Generator, motor: bool, speed: float) -> Parts:
    frame = _pick(rng, ((40, 40, 170), (150, 70, 40), (40, 40, 42), (60, 140, 60), (200, 200, 200)))
    axle, wheel = (0.68, 0.30) if motor else (0.52, 0.33)
    hot = motor and speed > 0.3
    parts: Parts = []
    for x in (axle, -axle):
        rim = [(x + wheel * math.cos(a), 0.0, wheel + wheel * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 9)]
        thick = 0.075 if motor else 0.03
        parts += [Capsule(rim[i], rim[i + 1], thick, (35, 35, 36), 125 if hot else 92) for i in range(8)]
    if motor:
        parts.append(Capsule((-0.2, 0, 0.42), (0.25, 0, 0.45), 0.19, (60, 60, 64), 235 if hot else 98))
        parts.append(Capsule((-0.6, 0, 0.76), (-0.05, 0, 0.8), 0.13, (36, 36, 38), 140))
        parts.append(Capsule((0.02, 0, 0.86), (0.34, 0, 0.86), 0.16, frame, 150 if hot else 95))
        parts.append(Capsule((axle, 0, 0.3), (0.42, 0, 0.98), 0.06, (90, 90, 92), 110))
        seat = 0.88
    else:
        for a, b in (
            ((-0.52, 0, 0.33), (-0.12, 0, 0.8)),
            ((-0.1, 0, 0.28), (0.4, 0, 0.82)),
            ((-0.12, 0, 0.8), (0.4, 0, 0.82)),
        ):
            parts.append(Capsule(a, b, 0.035, frame, 96))
        parts.append(Capsule((0.52, 0, 0.33), (0.4, 0, 0.95), 0.035, frame, 96))
        seat = 0.94
    parts.append(Capsule((0.4, 0.3, 1.02), (0.4, -0.3, 1.02), 0.03, (40, 40, 42), 100))
    parts += _human(rng, 0.0, False, 1.74, seat_m=seat, x=-0.15)
    return parts


def _bicycle(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    return _cycle(rng, False, speed)


def _motorcycle(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
    return _cycle(rng, True, speed)


@dataclass(frozen=True)
class _Beast:
    shoulder_m: float
    length_m: float
    girth_m: float
    leg_m: float
    neck: Point
    head_m: float
    coats: tuple[Colour, ...]
    warmth: float
    stride_m: float


_DEER = _Beast(
    0.85, 1.15, 0.2, 0.045, (0.28, 0.0, 0.38), 0.11, ((60, 95, 140), (55, 85, 120), (70, 100, 125)), 176, 1.0
)
_BOAR = _Beast(0.62, 1.15, 0.25, 0.06, (0.34, 0.0, -0.06), 0.17, ((40, 45, 52), (48, 58, 70), (35, 38, 42)), 158, 0.8)
_DOG = _Beast(
    0.5,
    0.68,
    0.125,
    0.04,
    (0.2, 0.0, 0.16),
    0.1,
    ((40, 45, 55), (70, 110, 160), (190, 200, 205), (60, 75, 95)),
    190,
    0.7,
)
_CATTLE = _Beast(
    1.25,
    1.75,
    0.36,
    0.085,
    (0.42, 0.0, 0.05),
    0.2,
    ((45, 75, 135), (38, 38, 42), (200, 205, 210), (70, 90, 120)),
    180,
    1.1,
)


def _beast(spec: _Beast) -> Callable[[np.random.Generator, float, float], Parts]:
    def build(rng: np.random.Generator, travelled_m: float, speed: float) -> Parts:
        k = rng.uniform(0.85, 1.12)
        coat = _shade(_pick(rng, spec.coats), rng.uniform(0.85, 1.15))
        patch = _shade((210, 215, 218), 1.0)
        patched = spec is _CATTLE and rng.random() < 0.5
        warm = spec.warmth + rng.uniform(-12, 12)
        gait = travelled_m / spec.stride_m * 2 * math.pi + rng.uniform(0, 6)
        grazing = speed < 0.2 and rng.random() < 0.6 and spec is not _DOG
        half, belly, girth = spec.length_m * k / 2, spec.shoulder_m * k, spec.girth_m * k
        spine = belly - girth
        parts: Parts = []
        for x, phase in ((half * 0.75, 0.0), (-half * 0.75, math.pi)):
            for side in (1.0, -1.0):
                swing = (
                    0.16 * k * math.sin(gait + phase + (math.pi if side < 0 else 0.0)) if speed > 0.2 else 0.02 * side
                )
                y = side * girth * 0.55
                parts.append(Capsule((x, y, spine), (x + swing, y, 0.04), spec.leg_m * k, _shade(coat, 0.8), warm + 14))
        parts.append(Capsule((-half * 0.75, 0, spine), (half * 0.75, 0, spine), girth, coat, warm))
        parts.append(
            Capsule((half * 0.55, 0, spine + girth * 0.1), (half * 0.8, 0, spine), girth * 1.04, coat, warm + 6)
        )
        if patched:
            parts.append(
                Capsule((-half * 0.3, 0.08, spine + 0.12), (half * 0.1, 0.05, spine + 0.12), girth * 0.8, patch, warm)
            )
        nx, _, nz = spec.neck
        nz = -spine * 0.75 if grazing else nz * k
        neck = (half * 0.85, 0.0, spine + girth * 0.3)
        head = (half * 0.85 + nx * k, 0.0, spine + girth * 0.3 + nz)
        parts.append(Capsule(neck, head, spec.head_m * k * 0.8, coat, warm + 18))
        muzzle = (head[0] + spec.head_m * 1.5 * k, 0.0, head[2] - spec.head_m * 0.6 * k)
        parts.append(Capsule(head, muzzle, spec.head_m * k * 0.75, _shade(coat, 0.9), warm + 34))
        if spec is _DEER:
            rump = (-half * 1.02, 0.0, spine + 0.02)
            parts.append(Capsule(rump, rump, girth * 0.5, (185, 200, 210), warm + 10))
        return parts

    return build


_BUILDERS: dict[str, Callable[[np.random.Generator, float, float], Parts]] = {
    "person": _person,
    "car": _car,
    "truck": _truck,
    "quad": _quad,
    "bicycle": _bicycle,
    "motorcycle": _motorcycle,
    "deer": _beast(_DEER),
    "boar": _beast(_BOAR),
    "dog": _beast(_DOG),
    "cattle": _beast(_CATTLE),
}
KINDS = tuple(_BUILDERS)


def figure(kind: str, look: int, travelled_m: float, speed_m_s: float) -> Parts:
    """The body of one thing; ``look`` decides colours and size, ``travelled_m`` where it is in its gait."""
    return _BUILDERS[kind](np.random.default_rng(look), travelled_m, speed_m_s)
