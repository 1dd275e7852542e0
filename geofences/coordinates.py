"""Coordinates as people type and paste them: degrees, minutes and seconds, UTM and MGRS, read and written.

Read, all on WGS 84::

    49.05 22.70            49.05, 22.70            49,05 22,70           N 49.05 E 22.7         22.7°E 49.05°N
    49 03.000 22 42.000    N49°03.000' E022°42.000'
    49 03 00 22 42 00      49°03'00.0"N 22°42'00.0"E       490300N 0224200E      -49 03 00, -22 42 00
    lat 49.05 lon 22.7     34U 512345 5432100              34U EV 12345 54321    34UEV1234554321

Without letters the latitude comes first. A comma between digits is a decimal comma where no point is written and the
numbers are set apart in another way. What may be read in two ways is refused.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal, get_args

from geofences.coordinate_grids import mgrs_text, parse_mgrs, parse_utm, utm_text
from geofences.errors import ConfigError

CoordinateFormat = Literal["decimal", "dm", "dms", "utm", "mgrs"]
FORMATS: tuple[str, ...] = get_args(CoordinateFormat)

_EXAMPLE = "write it like 49.05 22.70, N 49°03'00\" E 22°42'00\", 34U 512345 5432100 or 34U EV 12345 54321"
_SIGNS = str.maketrans(
    {
        "º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "´": "'", "`": "'", "ʹ": "'", "″": '"', "”": '"', "“": '"',
        "„": '"', "ʺ": '"', "−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\ufeff": " ", "\t": " ",
    }
)  # fmt: skip
_WORDS = (
    (r"\b(?:LATITUDE|LAT)\b\.?\s*[:=]?", " φ "),
    (r"\b(?:LONGITUDE|LONG|LON|LNG)\b\.?\s*[:=]?", " λ "),
    (r"\bNORTH\b", "N"),
    (r"\bSOUTH\b", "S"),
    (r"\bEAST\b", "E"),
    (r"\bWEST\b", "W"),
)
_TOKEN = re.compile(r"\s*(?:([+-]?\s?\d+(?:\.\d+)?)|([NSEWφλ])|([°'\"])|([,;/:]))")
_UNIT_RANK = {"°": 0, "'": 1, '"': 2}
_RANK_NAME = ("degrees", "minutes", "seconds")


@dataclass(frozen=True)
class Coordinate:
    """A place that was typed. ``within_m``: the side of the square that an MGRS reference names, 0 for a point."""

    lat_deg: float
    lon_deg: float
    written_as: CoordinateFormat
    within_m: float = 0.0


def parse_coordinate(text: str) -> Coordinate:
    """The place that a text names.

    Raises :class:`ConfigError` that says which part of it is not understood or why it may be read in two ways.
    """
    if len(text) > 200:
        raise ConfigError(f"{text[:40]!r}... is too long for a coordinate", _EXAMPLE)
    plain = " ".join(text.translate(_SIGNS).split())
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1].strip()
    if not plain:
        raise ConfigError("there is no coordinate", _EXAMPLE)
    upper = plain.upper()
    grid = parse_mgrs(upper)
    if grid is not None:
        return Coordinate(grid[0], grid[1], "mgrs", grid[2])
    place = parse_utm(upper)
    if place is not None:
        return Coordinate(*place, "utm")
    return _parse_degrees(plain)


def parse_coordinates(text: str) -> tuple[Coordinate, ...]:
    """The places of several lines, one each; empty lines and those that begin with ``#`` are passed over.

    Raises :class:`ConfigError` that names the line.
    """
    places = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        try:
            places.append(parse_coordinate(line))
        except ConfigError as error:
            raise ConfigError(f"line {number}: {error.message}", error.remedy) from error
    if not places:
        raise ConfigError("there is no coordinate", _EXAMPLE)
    return tuple(places)


def coordinate_text(lat_deg: float, lon_deg: float, written_as: CoordinateFormat = "decimal") -> str:
    """A place as text: to 1 cm in ``decimal`` and ``utm``, 2 cm in ``dm`` and ``dms``, 1 m (the square) in ``mgrs``.

    :func:`parse_coordinate` reads all of them back. Raises :class:`ConfigError` for what is no place, and for UTM
    beyond 84° north and 80° south.
    """
    _check(lat_deg, lon_deg, f"{lat_deg}, {lon_deg}")
    if written_as == "decimal":
        return f"{lat_deg:.7f}, {lon_deg:.7f}"
    if written_as == "utm":
        return utm_text(lat_deg, lon_deg)
    if written_as == "mgrs":
        return mgrs_text(lat_deg, lon_deg)
    if written_as not in FORMATS:
        raise ConfigError(f"unknown coordinate format {written_as!r}", f"use one of {', '.join(FORMATS)}")
    parts = []
    for value, letters, width in ((lat_deg, "NS", 2), (lon_deg, "EW", 3)):
        letter = letters[value < 0.0]
        if written_as == "dm":
            degrees, rest = divmod(round(abs(value) * 60e5), 60 * 100_000)
            parts.append(f"{degrees:0{width}d}°{rest // 100_000:02d}.{rest % 100_000:05d}'{letter}")
        else:
            minutes, rest = divmod(round(abs(value) * 3600e3), 60_000)
            degrees, minutes = divmod(minutes, 60)
            parts.append(f"{degrees:0{width}d}°{minutes:02d}'{rest // 1000:02d}.{rest % 1000:03d}\"{letter}")
    return " ".join(parts)


def _check(lat_deg: float, lon_deg: float, text: str) -> None:
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        raise ConfigError(f"{text!r} is no place", _EXAMPLE)
    if abs(lat_deg) > 90.0:
        swapped = abs(lat_deg) <= 180.0 and abs(lon_deg) <= 90.0
        hint = "latitude and longitude look swapped, latitude comes first" if swapped else _EXAMPLE
        raise ConfigError(f"{text!r}: there is no latitude {lat_deg:g}, it ends at 90", hint)
    if abs(lon_deg) > 180.0:
        raise ConfigError(f"{text!r}: there is no longitude {lon_deg:g}, it ends at 180", _EXAMPLE)


# -- degrees ---------------------------------------------------------------------------------------------------------------


@dataclass
class _Part:
    """Latitude or longitude as it is being read: up to three numbers with their units, and a letter or label."""

    mark: str = ""
    numbers: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)


def _parse_degrees(text: str) -> Coordinate:
    words = text.upper()
    for pattern, mark in _WORDS:
        words = re.sub(pattern, mark, words)
    if re.search(r"\bO\b|\dO\b|°\s*O|'\s*O|\bO\s?\d", words):
        raise ConfigError(f"{text!r}: 'O' is east in some languages and west in others", "write E or W")
    # Degrees, minutes and seconds by their letters, as in 49d03m00s.
    words = re.sub(r"(\d)\s*D(?:EG)?\b\.?|(\d)D(?=\d)", lambda m: f"{m[1] or m[2]}°", words)
    words = re.sub(r"(\d)\s*M(?:IN)?\b\.?|(\d)M(?=\d)", lambda m: f"{m[1] or m[2]}'", words)
    words = words.replace("''", '"')
    # An S behind the seconds is their own letter where two others, or none, name the hemispheres.
    seconds = r"('\s*\d+(?:[.,]\d+)?)\s*S(?:EC)?\b"
    if len(re.findall(r"[NSEW]", re.sub(seconds, r'\1"', words))) in (0, 2):
        words = re.sub(seconds, r'\1"', words)
    words = _with_points(words, text)
    tokens = _tokens(words, text)
    parts = _with_marks(tokens, text) if any(kind == "mark" for kind, _ in tokens) else _without_marks(tokens, text)
    read = [_degrees_of(part, text) for part in parts]
    values = [value for value, _ in read]
    if parts[0].mark in tuple("EWλ"):
        values.reverse()
    _check(values[0], values[1], text)
    kinds: tuple[CoordinateFormat, ...] = ("decimal", "dm", "dms")
    return Coordinate(values[0], values[1], kinds[max(many for _, many in read) - 1])


def _with_points(words: str, text: str) -> str:
    """Decimal commas as points, where they can be told from commas that set numbers apart."""
    if "." in words or not re.search(r"\d,\d", words):
        return words
    groups = [g for g in re.split(r"[\s;/NSEWφλ°'\":]+|,(?!\d)|(?<!\d),", words) if g]
    # "49,05" may be a latitude whose longitude was not pasted.
    if len(groups) == 1 or any(g.count(",") > 1 for g in groups):
        raise ConfigError(f"{text!r}: which comma sets the numbers apart cannot be told", _EXAMPLE)
    return re.sub(r"(?<=\d),(?=\d)", ".", words)


def _tokens(words: str, text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    words = words.strip()
    while at < len(words):
        found = _TOKEN.match(words, at)
        if found is None:
            begin = words.rfind(" ", 0, at + 1) + 1
            piece = words[begin:].split()[0]
            raise ConfigError(f"{text!r}: {piece!r} is not understood", _EXAMPLE)
        for kind, value in zip(("number", "mark", "unit", "separator"), found.groups(), strict=True):
            if value is not None:
                tokens.append((kind, value.replace(" ", "")))
        at = found.end()
    return tokens


def _with_marks(tokens: list[tuple[str, str]], text: str) -> list[_Part]:
    """Two parts, each with its letter before all of its numbers or after them."""
    tokens = [t for t in tokens if t[0] != "separator"]
    before = tokens[0][0] == "mark"
    parts: list[_Part] = [] if before else [_Part()]
    for kind, value in tokens:
        if kind == "mark" and before:
            parts.append(_Part(value))
        elif kind == "mark":
            parts[-1].mark = value
            parts.append(_Part())
        else:
            _add(parts[-1], kind, value, text)
    if not before:
        last = parts.pop()
        if last.numbers or last.units:
            raise ConfigError(f"{text!r}: only one of the two numbers has its letter N, S, E or W", _EXAMPLE)
    if len(parts) == 4 and [p.mark for p in parts[::2]] in (["φ", "λ"], ["λ", "φ"]):
        raise ConfigError(f"{text!r} has labels and letters", "write one of them")
    kinds = sorted("lat" if p.mark in tuple("NSφ") else "lon" for p in parts)
    if kinds != ["lat", "lon"]:
        what = f"{kinds.count('lat')} latitudes and {kinds.count('lon')} longitudes"
        raise ConfigError(f"{text!r} has {what}, it needs one of each", _EXAMPLE)
    return parts


def _without_marks(tokens: list[tuple[str, str]], text: str) -> list[_Part]:
    """Two parts by the sign that sets them apart, by their degree signs, or by halves."""
    separators = [k for k, (kind, value) in enumerate(tokens) if kind == "separator" and value != ":"]
    numbers = [k for k, (kind, _) in enumerate(tokens) if kind == "number"]
    degrees = [k for k in numbers if k + 1 < len(tokens) and tokens[k + 1] == ("unit", "°")]
    if len(separators) == 1:
        cut = separators[0]
    elif separators:
        raise ConfigError(f"{text!r}: more than one comma or semicolon sets its numbers apart", _EXAMPLE)
    elif len(degrees) == 2 and degrees[0] == numbers[0]:
        cut = degrees[1]
    elif len(numbers) in (2, 4, 6):
        cut = numbers[len(numbers) // 2]
    else:
        many = f"{len(numbers)} number" + "s" * (len(numbers) != 1)
        raise ConfigError(f"{text!r}: {many} cannot be a latitude and a longitude", _EXAMPLE)
    parts = [_Part("φ"), _Part("λ")]
    for k, (kind, value) in enumerate(tokens):
        if kind != "separator":
            _add(parts[k >= cut], kind, value, text)
    return parts


def _add(part: _Part, kind: str, value: str, text: str) -> None:
    if kind == "number":
        part.numbers.append(value)
        part.units.append("")
    elif not part.numbers or part.units[-1]:
        raise ConfigError(f"{text!r}: the sign {value} does not follow a number", _EXAMPLE)
    else:
        part.units[-1] = value


def _degrees_of(part: _Part, text: str) -> tuple[float, int]:
    """Degrees of one part, and of how many numbers they were made."""
    numbers, units, what = part.numbers, part.units, "latitude" if part.mark in tuple("NSφ") else "longitude"
    if not 1 <= len(numbers) <= 3:
        raise ConfigError(f"{text!r}: its {what} has {len(numbers)} numbers, it needs one to three", _EXAMPLE)
    for rank, (number, unit) in enumerate(zip(numbers, units, strict=True)):
        if unit and _UNIT_RANK[unit] != rank:
            raise ConfigError(f"{text!r}: {number}{unit} stands where its {what} has {_RANK_NAME[rank]}", _EXAMPLE)
        if rank and number[0] in "+-":
            raise ConfigError(f"{text!r}: {number} is a signed number of {_RANK_NAME[rank]}", _EXAMPLE)
        if rank < len(numbers) - 1 and "." in number:
            raise ConfigError(f"{text!r}: {number} {_RANK_NAME[rank]} have decimals and more follows", _EXAMPLE)
    signed = numbers[0][0] in "+-"
    if signed and part.mark in tuple("NSEW"):
        raise ConfigError(f"{text!r}: {numbers[0]} has a sign and the letter {part.mark}", "write one of them")
    values = [abs(float(n)) for n in numbers]
    if len(values) == 1 and not units[0] and part.mark in tuple("NSEW"):
        values = _packed(numbers[0], part.mark) or values
    for rank, value in enumerate(values[1:], start=1):
        if value >= 60.0:
            raise ConfigError(f"{text!r}: {value:g} {_RANK_NAME[rank]} are no less than 60", _EXAMPLE)
    total = sum(v / 60.0**rank for rank, v in enumerate(values))
    south_or_west = numbers[0].startswith("-") or part.mark in tuple("SW")
    return (-total if south_or_west else total), len(values)


def _packed(number: str, mark: str) -> list[float] | None:
    """Degrees, minutes and seconds of the aviation's way: DDMM, DDMMSS and DDDMM, DDDMMSS; None for other numbers."""
    whole, _, rest = number.partition(".")
    width = 2 if mark in tuple("NS") else 3
    if len(whole) not in (width + 2, width + 4):
        return None
    pieces = [whole[:width], *(whole[k : k + 2] for k in range(width, len(whole), 2))]
    pieces[-1] += f".{rest}" if rest else ""
    return [float(p) for p in pieces]
