"""Numbers as text, exactly: what is written reads as the same number again."""

from __future__ import annotations

import math

from geofences.errors import PlanError

FLOAT32_MAX = 3.4028234663852886e38
INT32_MAX = 2**31 - 1


def text_e7(value: int) -> str:
    """A whole number of 1e-7 degrees as degrees with seven decimals."""
    whole, part = divmod(abs(value), 10_000_000)
    return f"{'-' if value < 0 else ''}{whole}.{part:07d}"


def text_number(value: float) -> str:
    """The shortest decimal that reads as the same double; ``NaN`` as .NET, Qt and Python all read it."""
    if math.isnan(value):
        return "NaN"
    if value == int(value) and abs(value) < 1e15:
        return f"{value:.0f}"
    return repr(float(value))


def number_of(
    text: str, place: str, what: str, low: float = -FLOAT32_MAX, high: float = FLOAT32_MAX, nan: bool = False
) -> float:
    """The number of a text. Raises :class:`PlanError` naming ``place`` (file and line or element)."""
    try:
        # float() would also take "1_0" and digits of other scripts.
        if "_" in text or not text.isascii():
            raise ValueError
        value = float(text)
    except ValueError:
        raise PlanError(
            f"{place}: {what} {clip(text)!r} is not a number", "mend the file in the program that wrote it"
        ) from None
    if math.isnan(value) and nan:
        return value
    if not low <= value <= high:
        raise PlanError(
            f"{place}: {what} {clip(text)!r} is not between {low:g} and {high:g}",
            "mend the file in the program that wrote it",
        )
    return value


def whole_of(text: str, place: str, what: str, low: int, high: int) -> int:
    """Like :func:`number_of`, for a whole number (``16`` or ``16.0``)."""
    value = number_of(text, place, what, low, high)
    if value != int(value):
        raise PlanError(
            f"{place}: {what} {clip(text)!r} is not a whole number", "mend the file in the program that wrote it"
        )
    return int(value)


def clip(text: str, most: int = 40) -> str:
    """A text short enough for one line of an error."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 3] + "..."
