"""JSON from strangers: finite numbers only, and errors with line and column."""

from __future__ import annotations

import json
import math
from typing import Any

from geofences.errors import PlanError
from missions.files.numbers import clip


def load_json(text: str, name: str) -> Any:
    """JSON with finite numbers only. Raises :class:`PlanError` with line and column."""
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise PlanError(
            f"{name}: line {error.lineno}: column {error.colno}: is not JSON: {error.msg}", "export it again"
        ) from error
    except (ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else clip(str(error), 100)
        raise PlanError(f"{name}: line 1: is not JSON: {what}", "export it again") from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{clip(text)} is larger than any number can be")
    return value


def dump_json(document: Any, indent: int | None = None) -> str:
    """JSON of finite numbers. Raises :class:`PlanError` for what is nested deeper than can be written."""
    try:
        return json.dumps(document, indent=indent, allow_nan=False)
    except (RecursionError, ValueError) as error:
        raise PlanError(
            f"cannot be written as JSON: {clip(str(error), 80)}", "give a file that is not nested so deeply"
        ) from error
