"""The suite's table as pictures, by matplotlib (not part of the default installation)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geofences.errors import ConfigError

if TYPE_CHECKING:
    from vision.evaluate_suite import ScenarioResult

WANTED = 0.95
WANTED_RATIO = 1.3


def draw(rows: Sequence[ScenarioResult], folder: Path) -> list[Path]:
    """Write ``crossings.png``, ``positions.png`` and ``nees.png``; raises :class:`ConfigError` and ``OSError``."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ConfigError("plots are drawn by matplotlib, which is not installed", "pip install matplotlib") from error
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, paint in (("crossings", _crossings), ("positions", _positions), ("nees", _nees)):
        figure = Figure(figsize=(10.0, 4.8))
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        figure.subplots_adjust(left=0.07, right=0.98, top=0.92, bottom=0.26)
        paint(axes, rows)
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=110)
        written.append(path)
    return written


def _names(axes: Any, rows: Sequence[ScenarioResult]) -> Any:
    at = np.arange(len(rows))
    axes.set_xticks(at, [r.name for r in rows], rotation=35, ha="right")
    axes.grid(axis="y", alpha=0.3)
    return at


def _crossings(axes: Any, rows: Sequence[ScenarioResult]) -> None:
    at = _names(axes, rows)
    axes.bar(at - 0.2, np.nan_to_num([r.recall for r in rows]), 0.38, label="recall", color="#2b6cb0")
    axes.bar(at + 0.2, np.nan_to_num([r.precision for r in rows]), 0.38, label="precision", color="#dd8a2c")
    axes.axhline(WANTED, color="black", linewidth=0.8, linestyle="--")
    for x, r in zip(at, rows, strict=True):
        axes.text(x, 0.02, str(r.crossings.demanded), ha="center", color="white", fontsize=8)
    axes.set_ylim(0.0, 1.02)
    axes.set_title("Crossings told (white: how many were in view)")
    axes.legend(loc="lower right")


def _positions(axes: Any, rows: Sequence[ScenarioResult]) -> None:
    at = _names(axes, rows)
    for x, r in zip(at, rows, strict=True):
        if len(r.positions.error_m):
            low, high = np.percentile(r.positions.error_m, [10, 90])
            axes.plot([x, x], [low, high], color="#2b6cb0", linewidth=5, alpha=0.35, solid_capstyle="butt")
            axes.plot(x, r.positions.median_m, "o", color="#2b6cb0")
            axes.plot(x, float(np.median(r.positions.budget_m)), "_", color="black", markersize=18)
            axes.plot(x, WANTED_RATIO * float(np.median(r.positions.budget_m)), "_", color="#c53030", markersize=18)
    axes.set_ylabel("m")
    axes.set_ylim(bottom=0.0)
    axes.set_title("Position error: median and 10 to 90 %; black: the budget's median, red: 1.3 times that")


def _nees(axes: Any, rows: Sequence[ScenarioResult]) -> None:
    at = _names(axes, rows)
    for x, r in zip(at, rows, strict=True):
        if not len(r.positions.thinned):
            continue
        low, high = r.nees_band
        axes.plot([x, x], [low, high], color="#718096", linewidth=9, alpha=0.35, solid_capstyle="butt")
        axes.plot(x, r.positions.nees_mean, "o", color="#2b6cb0")
    axes.axhline(2.0, color="black", linewidth=0.8)
    axes.set_title("Mean NEES of positions; grey: 95 % band of a consistent filter")
