"""What is wrong with a drawn zone, said with its place, and how it can be repaired. Nothing is repaired unasked.

:func:`explain` gives what makes a zone unusable, :func:`remarks` what only looks like a mistake. :func:`repair` mends what
can be mended without guessing and says what it changed. Corners are counted from 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import polygon_in, to_lat_lon, to_plane
from geofences.shapes import ShapeProblem
from geofences.zone import LatLon, Zone

SAME_PLACE_M = 0.01
SPIKE_WIDTH_M = 0.1
FAR_M = 200_000.0
"""Nothing of a mission lies further from the launch point; a place that does was mistyped."""
_REMARKABLY_FAR_M = 100_000.0
_MOST_PLACES = 10
_MOST_TANGLES = 100
_MOST_PASSES = 4
_LEAST_AREA_M2 = 1.0
_EARTH_M = 6_371_000.0


def explain(zone: Zone, frame: LocalFrame) -> list[ShapeProblem]:
    """Why the zone is no shape that an aircraft can keep to; empty when it is one. ``frame``: at the launch point.

    Codes: ``too_few_vertices``, ``bad_coordinate``, ``swapped_coordinates``, ``far_from_launch``, ``duplicate_vertex``,
    ``spike``, ``self_intersection``, ``self_touch``, ``no_area``, ``hole_outside``, ``hole_crosses_outline``,
    ``holes_overlap``, ``touching_holes``.
    """
    rings = list(_rings(zone))
    for name, ring in rings:
        problem = _coordinates(name, ring, frame) or _far(name, ring, frame)
        if problem is not None:
            return [problem]
    problems = [p for name, ring in rings for p in _ring(name, ring, frame)]
    problems = problems or list(_holes(zone, frame))
    if not problems and not polygon_in(zone, frame).is_valid:
        text = f"long edges of {zone.name!r} that run side by side cross between their corners: they bend in the plane"
        return [_problem("self_intersection", text, zone.points[0])]
    return problems


def remarks(zone: Zone, frame: LocalFrame) -> list[ShapeProblem]:
    """What in a usable zone looks like a mistake, or surprises other programs; empty for one with problems.

    Codes: ``spike`` (thin, but not crossing itself), ``wrong_order`` (the ring runs clockwise, or a hole does not),
    ``crosses_antimeridian``, ``far_from_launch`` (over 100 km), ``touching_holes`` (in one point), ``lost_to_buffer``
    (as an inclusion nothing is left of it within its buffer).
    """
    if explain(zone, frame):
        return []
    found: list[ShapeProblem] = []
    for number, (name, ring) in enumerate(_rings(zone)):
        en = to_plane(ring, frame)
        found += [_problem("spike", _spike_text(name, k), ring[k]) for k in _spikes(en)[:_MOST_PLACES]]
        if (_signed_area(en) > 0.0) != (number == 0):
            should = "runs clockwise, GeoJSON asks for anticlockwise" if number == 0 else "does not run clockwise"
            found.append(_problem("wrong_order", f"{name} {should}; this program takes both", ring[0]))
    lon = np.array(zone.points)[:, 1]
    if np.ptp(lon) > 180.0:
        text = f"{zone.name!r} crosses the 180th meridian: other programs may draw it round the whole earth"
        found.append(_problem("crosses_antimeridian", text, zone.points[0]))
    away, k = _furthest(zone.points, frame)
    if away > _REMARKABLY_FAR_M:
        text = f"corner {k + 1} of {zone.name!r} lies {away / 1000.0:.0f} km from the launch point"
        found.append(_problem("far_from_launch", text, zone.points[k]))
    polygons = [Polygon(to_plane(hole, frame)) for hole in zone.holes]
    for i, j in _pairs(polygons):
        place = shapely.intersection(polygons[i], polygons[j]).representative_point()
        text = f"holes {i + 1} and {j + 1} of {zone.name!r} touch"
        found.append(_problem("touching_holes", text, to_lat_lon([place.coords[0]], frame)[0]))
    if zone.buffer_m and Polygon(to_plane(zone.points, frame)).buffer(-zone.buffer_m).is_empty:
        text = (
            f"{zone.name!r} is narrower than twice its buffer of {zone.buffer_m:g} m: as an inclusion nothing is left"
        )
        found.append(_problem("lost_to_buffer", text, zone.points[0]))
    return found


def repair(zone: Zone, frame: LocalFrame) -> tuple[Zone, list[str]]:
    """The zone made valid and what was changed, in plain words; the same zone and no words when nothing had to be.

    Corners twice in a row and spikes go; a ring that crosses itself becomes all that it goes round, or, where that would
    be several zones (a bow tie), takes its corners in an order that does not cross, if it then holds all of that; holes
    outside go, overlapping holes are made one, a hole that crosses the outline is cut out of it; coordinates that
    surely are swapped are swapped back; rings are put into GeoJSON's order. Corners that stay keep their exact
    coordinates. A circle or corridor that had to be changed is a polygon afterwards.

    Raises :class:`ConfigError` when it falls apart into several zones or nothing is left, and for what nobody can
    guess: places that are none, or too far away.
    """
    done: list[str] = []
    mended = _swapped_back(zone, frame, done)
    # Cutting edges makes new corners, which may lie within a hair of old ones: what is left is mended once more.
    for _ in range(_MOST_PASSES):
        mended = _mended_once(mended, frame, done)
        if not explain(mended, frame):
            return mended, done
    raise ConfigError(f"zone {zone.name!r} is too tangled to be repaired", "draw the zone again")


def _mended_once(zone: Zone, frame: LocalFrame, done: list[str]) -> Zone:
    before = len(done)
    for name, ring in _rings(zone):
        bad = _coordinates(name, ring, frame, least=1) or _far(name, ring, frame)
        if bad is not None:
            raise ConfigError(f"{bad.text}: this cannot be repaired", "draw the zone again")
    exact: dict[tuple[float, float], LatLon] = {}
    regions: list[Any] = []
    for name, points in _rings(zone):
        en = to_plane(points, frame)
        exact.update(zip(map(tuple, en.tolist()), points, strict=True))
        regions.append(_mended_ring(name, en, done))
    outer = regions[0]
    if outer.area < _LEAST_AREA_M2:
        raise ConfigError(f"zone {zone.name!r} has no area: this cannot be repaired", "draw the zone again")
    region = outer.difference(_mended_holes(zone.name, outer, regions[1:], done)) if zone.holes else outer
    part = _largest(zone.name, region, done)
    rings = [_oriented(np.asarray(r.coords)[:-1], k == 0) for k, r in enumerate((part.exterior, *part.interiors))]
    turned = [to_plane(p, frame) for _, p in _rings(zone)]
    if len(done) == before:
        wrong = [k for k, en in enumerate(turned) if (_signed_area(en) > 0.0) != (k == 0)]
        if not wrong:
            return zone
        done.append(f"{zone.name!r}: {len(wrong)} of {len(turned)} rings turned round into GeoJSON's order")
        kept = [tuple(reversed(p)) if k in wrong else p for k, (_, p) in enumerate(_rings(zone))]
        return replace(zone, points=kept[0], holes=tuple(kept[1:]))
    mended = [_exact(ring, exact, frame) for ring in rings]
    return replace(zone, points=mended[0], holes=tuple(mended[1:]), drawn_as=None)


# -- one ring ------------------------------------------------------------------------------------------------------------


def _rings(zone: Zone) -> Iterator[tuple[str, tuple[LatLon, ...]]]:
    yield repr(zone.name), zone.points
    for number, hole in enumerate(zone.holes, start=1):
        yield f"hole {number} of {zone.name!r}", hole


def _problem(code: str, text: str, place: LatLon) -> ShapeProblem:
    return ShapeProblem(code, text, float(place[0]), float(place[1]))


def _coordinates(name: str, ring: Sequence[LatLon], frame: LocalFrame, least: int = 3) -> ShapeProblem | None:
    home = frame.lat_deg, frame.lon_deg
    if len(ring) < least:
        return _problem("too_few_vertices", f"{name} has {len(ring)} corners, it needs 3", ring[0] if ring else home)
    for number, (lat, lon) in enumerate(ring, start=1):
        if not (np.isfinite([lat, lon]).all() and abs(lat) <= 90.0 and abs(lon) <= 180.0):
            return _problem("bad_coordinate", f"corner {number} of {name} is at {lat:g}, {lon:g}", home)
    return None


def _distance_m(ring: Sequence[LatLon], frame: LocalFrame) -> FloatArray:
    """Through the earth, so that the far side of it is far (the plane would fold it onto the near one)."""
    lat, lon = np.array(ring).T
    return np.asarray(np.linalg.norm(frame.to_enu(lat, lon, frame.alt_amsl_m), axis=-1))


def _furthest(ring: Sequence[LatLon], frame: LocalFrame) -> tuple[float, int]:
    away = _distance_m(ring, frame)
    k = int(np.argmax(away))
    return float(away[k]), k


def _far(name: str, ring: Sequence[LatLon], frame: LocalFrame) -> ShapeProblem | None:
    away, k = _furthest(ring, frame)
    if away <= FAR_M:
        return None
    if _is_swapped(ring, frame):
        text = f"latitude and longitude of {name} look swapped: it lies {away / 1000.0:.0f} km away"
        return _problem("swapped_coordinates", text, ring[k])
    text = f"corner {k + 1} of {name} lies {away / 1000.0:.0f} km from the launch point"
    return _problem("far_from_launch", text, ring[k])


def _is_swapped(ring: Sequence[LatLon], frame: LocalFrame) -> bool:
    """All of it far away, and all of it near if the numbers change places."""
    if any(abs(lon) > 90.0 for _, lon in ring) or float(_distance_m(ring, frame).min()) <= FAR_M:
        return False
    return float(_distance_m([(lon, lat) for lat, lon in ring], frame).max()) <= FAR_M


def _ring(name: str, ring: tuple[LatLon, ...], frame: LocalFrame) -> list[ShapeProblem]:
    en = to_plane(ring, frame)
    same = np.flatnonzero(_steps(en) < SAME_PLACE_M)
    if len(same):
        return [
            _problem("duplicate_vertex", f"corner {k + 1} of {name} is there twice in a row", ring[k])
            for k in same[:_MOST_PLACES]
        ]
    polygon = Polygon(en)
    if not polygon.is_valid:
        if Polygon(en).convex_hull.area < _LEAST_AREA_M2:
            return [_problem("no_area", f"{name} has no area", ring[0])]
        spikes = _spikes(en)
        if len(spikes):
            return [_problem("spike", _spike_text(name, k), ring[k]) for k in spikes[:_MOST_PLACES]]
        return _crossings(name, en, frame)
    if polygon.area < _LEAST_AREA_M2:
        return [_problem("no_area", f"{name} has no area", ring[0])]
    return []


def _steps(en: FloatArray) -> FloatArray:
    return np.asarray(np.hypot(*(np.roll(en, -1, axis=0) - en).T))


def _signed_area(en: FloatArray) -> float:
    """Above 0 for a ring that runs anticlockwise."""
    x, y = (en - en[0]).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def _spike_text(name: str, k: int) -> str:
    return f"corner {k + 1} of {name} is a spike: the outline goes out to it and straight back"


def _spikes(en: FloatArray) -> NDArray[np.intp]:
    """Corners at which the ring turns back on itself, by their numbers from 0."""
    back, ahead = np.roll(en, 1, axis=0) - en, np.roll(en, -1, axis=0) - en
    lengths = np.hypot(*back.T), np.hypot(*ahead.T)
    shorter = np.minimum(*lengths)
    backwards = np.sum(back * ahead, axis=1) > 0.9 * lengths[0] * lengths[1]
    cross = np.abs(back[:, 0] * ahead[:, 1] - back[:, 1] * ahead[:, 0])
    width = cross / np.maximum(np.maximum(*lengths), 1e-12)
    return np.flatnonzero(backwards & (width < SPIKE_WIDTH_M) & (shorter >= SAME_PLACE_M))


def _crossings(name: str, en: FloatArray, frame: LocalFrame) -> list[ShapeProblem]:
    """Every place where two edges that do not follow one another meet, up to ten."""
    n = len(en)
    edges = shapely.linestrings(np.stack([en, np.roll(en, -1, axis=0)], axis=1))
    first, second = shapely.STRtree(edges).query(edges, predicate="intersects")
    apart = (second - first) % n
    chosen = np.flatnonzero((first < second) & (apart != 1) & (apart != n - 1))
    problems: list[ShapeProblem] = []
    for i, j in zip(first[chosen], second[chosen], strict=True):
        met = shapely.intersection(edges[i], edges[j])
        place = to_lat_lon([shapely.get_coordinates(met)[0]], frame)[0]
        if any(abs(place[0] - p.lat_deg) < 1e-8 and abs(place[1] - p.lon_deg) < 1e-8 for p in problems):
            continue
        touch = met.geom_type == "Point" and not shapely.crosses(edges[i], edges[j])
        code, word = ("self_touch", "touch") if touch else ("self_intersection", "cross each other")
        text = f"the edges of {name} {word}: the one after corner {i + 1} and the one after corner {j + 1}"
        problems.append(_problem(code, text, place))
        if len(problems) == _MOST_PLACES:
            break
    return problems or [
        _problem("self_intersection", f"the edges of {name} cross each other", to_lat_lon(en[:1], frame)[0])
    ]


# -- holes -----------------------------------------------------------------------------------------------------------------


def _pairs(polygons: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Which of them meet."""
    if len(polygons) < 2:
        return
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    yield from sorted((int(i), int(j)) for i, j in zip(first, second, strict=True) if i < j)


def _holes(zone: Zone, frame: LocalFrame) -> Iterator[ShapeProblem]:
    if not zone.holes:
        return
    outer = Polygon(to_plane(zone.points, frame))
    shapely.prepare(outer)
    holes = [Polygon(to_plane(hole, frame)) for hole in zone.holes]
    for number, (hole, ring) in enumerate(zip(holes, zone.holes, strict=True), start=1):
        if outer.covers(hole):
            continue
        inside = outer.intersection(hole).area
        if inside < 1e-6 * hole.area:
            yield _problem("hole_outside", f"hole {number} of {zone.name!r} lies outside its outline", ring[0])
        else:
            place = to_lat_lon([hole.difference(outer).representative_point().coords[0]], frame)[0]
            yield _problem("hole_crosses_outline", f"hole {number} of {zone.name!r} crosses its outline", place)
    told = any(not outer.covers(h) for h in holes)
    for i, j in _pairs(holes):
        common = holes[i].intersection(holes[j])
        place = to_lat_lon([common.representative_point().coords[0]], frame)[0]
        if common.area > 1e-6 * min(holes[i].area, holes[j].area):
            yield _problem("holes_overlap", f"holes {i + 1} and {j + 1} of {zone.name!r} overlap", place)
            told = True
        elif common.length > 0.0:
            text = f"holes {i + 1} and {j + 1} of {zone.name!r} touch along an edge"
            yield _problem("touching_holes", text, place)
            told = True
    if not told and not Polygon(to_plane(zone.points, frame), [to_plane(h, frame) for h in zone.holes]).is_valid:
        text = f"the holes of {zone.name!r} touch one another or the outline so that they cut it in two"
        yield _problem("touching_holes", text, zone.holes[0][0])


# -- repair ----------------------------------------------------------------------------------------------------------------


def _swapped_back(zone: Zone, frame: LocalFrame, done: list[str]) -> Zone:
    rings = [ring for _, ring in _rings(zone)]
    if not all(np.isfinite(p).all() and abs(p[0]) <= 90.0 and abs(p[1]) <= 180.0 for ring in rings for p in ring):
        return zone
    if not all(rings) or not all(_is_swapped(ring, frame) for ring in rings):
        return zone
    done.append(f"{zone.name!r}: latitude and longitude of all corners swapped")
    back = [tuple((lon, lat) for lat, lon in ring) for ring in rings]
    return replace(zone, points=back[0], holes=tuple(back[1:]), drawn_as=None)


def _mended_ring(name: str, en: FloatArray, done: list[str]) -> Any:
    """All that a ring goes round, as a valid polygon or several; empty for a ring without area."""
    twice = spikes = 0
    while len(en) >= 3:
        keep = _steps(en) >= SAME_PLACE_M
        if not keep.all() and keep.any():
            twice += int((~keep).sum())
            en = en[keep]
            continue
        thin = _spikes(en)
        # A zone may be as thin as it likes; only where it is no polygon is a spike a mistake.
        if not len(thin) or Polygon(en).is_valid:
            break
        spikes += 1
        en = np.delete(en, thin[0], axis=0)
    if twice:
        done.append(f"{name}: {twice} corner{'s' * (twice > 1)} that stood twice in a row removed")
    if spikes:
        done.append(f"{name}: {spikes} spike{'s' * (spikes > 1)} removed")
    if len(en) < 3:
        return Polygon()
    polygon = Polygon(en)
    if polygon.is_valid:
        return polygon
    region = _gone_round(en)
    if len(shapely.get_parts(region)) > 1:
        # As in a bow tie, where two corners were drawn in the wrong order. Nothing may be lost by it.
        other = _uncrossed(en)
        if other is not None and Polygon(other).buffer(SAME_PLACE_M).covers(region):
            area = Polygon(other).area
            text = f"corners put into an order in which the outline does not cross itself, {area:.0f} m² instead of"
            done.append(f"{name}: {text} {region.area:.0f} m² in {len(shapely.get_parts(region))} parts")
            return Polygon(other)
    done.append(
        f"{name}: it crossed or touched itself; it is now all that its outline goes round, {region.area:.0f} m²"
    )
    return region


def _uncrossed(en: FloatArray) -> FloatArray | None:
    """The same corners in an order without crossings: the way between two crossing edges is run backwards.

    Each time the outline gets shorter, so this ends. None for an outline that only touches itself or is too tangled.
    """
    for _ in range(_MOST_TANGLES):
        if Polygon(en).is_valid:
            return en
        edges = shapely.linestrings(np.stack([en, np.roll(en, -1, axis=0)], axis=1))
        first, second = shapely.STRtree(edges).query(edges, predicate="crosses")
        pairs = [(i, j) for i, j in zip(first, second, strict=True) if i < j]
        if not pairs:
            return None
        i, j = pairs[0]
        en = np.concatenate([en[: i + 1], en[i + 1 : j + 1][::-1], en[j + 1 :]])
    return None


def _gone_round(en: FloatArray) -> Any:
    """The faces of a self-crossing ring round which it turns at least once: no part of an exclusion is set free."""
    noded = shapely.union_all(shapely.linestrings(np.stack([en, np.roll(en, -1, axis=0)], axis=1)))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    places = shapely.get_coordinates([f.representative_point() for f in faces])
    return shapely.union_all([f for f, p in zip(faces, places, strict=True) if _turns(en, p) != 0])


def _turns(en: FloatArray, place: FloatArray) -> int:
    """How often the ring runs round the place, anticlockwise (its winding number)."""
    x, y = (en - place).T
    x2, y2 = np.roll(x, -1), np.roll(y, -1)
    left = x * y2 - x2 * y
    return int(np.sum((y <= 0.0) & (y2 > 0.0) & (left > 0.0)) - np.sum((y > 0.0) & (y2 <= 0.0) & (left < 0.0)))


def _mended_holes(name: str, outer: Any, holes: Sequence[Any], done: list[str]) -> Any:
    kept = []
    for number, hole in enumerate(holes, start=1):
        inside = hole.intersection(outer).area if not hole.is_empty else 0.0
        if hole.area < _LEAST_AREA_M2:
            done.append(f"hole {number} of {name!r} removed: it has no area")
        elif inside < 1e-6 * hole.area:
            done.append(f"hole {number} of {name!r} removed: it lies outside the outline")
        else:
            if hole.area - inside > 1e-6 * hole.area:
                done.append(f"hole {number} of {name!r} crossed the outline and was cut out of it")
            kept.append(hole)
    joined = shapely.union_all(kept)
    if kept and len(shapely.get_parts(joined)) < len(kept):
        done.append(f"holes of {name!r} that overlapped or touched along an edge made one")
    return joined


def _largest(name: str, region: Any, done: list[str]) -> Any:
    parts = sorted((p for p in shapely.get_parts(region) if p.geom_type == "Polygon"), key=lambda p: -p.area)
    if not parts or parts[0].area < _LEAST_AREA_M2:
        raise ConfigError(f"zone {name!r} has no area left: this cannot be repaired", "draw the zone again")
    rest = [p.area for p in parts[1:]]
    if any(a >= max(_LEAST_AREA_M2, 1e-4 * parts[0].area) for a in rest):
        sizes = ", ".join(f"{p.area:.0f} m²" for p in parts[:_MOST_PLACES])
        raise ConfigError(
            f"zone {name!r} falls apart into {len(parts)} parts of {sizes}: which of them is meant cannot be guessed",
            "draw each part as a zone of its own",
        )
    if rest:
        done.append(f"{name!r}: {len(rest)} slivers of {sum(rest):.1f} m² in all left out")
    return parts[0]


def _oriented(en: FloatArray, outer: bool) -> FloatArray:
    return en if (_signed_area(en) > 0.0) == outer else en[::-1]


def _exact(ring: FloatArray, exact: dict[tuple[float, float], LatLon], frame: LocalFrame) -> tuple[LatLon, ...]:
    """The ring as (lat, lon), its corners as they were drawn, beginning with the earliest of them."""
    computed = to_lat_lon(ring, frame)
    points = [exact.get((x, y), place) for (x, y), place in zip(ring.tolist(), computed, strict=True)]
    order = {place: n for n, place in reversed(list(enumerate(exact.values())))}
    first = min(range(len(points)), key=lambda k: order.get(points[k], len(order)))
    return tuple(points[first:] + points[:first])
