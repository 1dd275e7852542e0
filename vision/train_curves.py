"""Small line charts as SVG, for the model card: text that any browser and forge shows, and that needs no plotting library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

WIDTH_PX, HEIGHT_PX = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 16, 44, 44
_COLOURS = ("#0b6e99", "#c1440e", "#4a7c1f", "#7a4fa3")
_MAX_POINTS = 300


def line_chart(title: str, x_label: str, y_label: str, series: Mapping[str, Points], y_from_zero: bool = True) -> str:
    """An SVG picture of one or more lines. Values that are no numbers leave a gap; without any the picture says so.

    Long series are thinned to a few hundred points, each the mean of its neighbourhood.
    """
    lines = {name: _thin(points) for name, points in series.items()}
    flat = [p for points in lines.values() for p in points if math.isfinite(p[1])]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH_PX} {HEIGHT_PX}" width="{WIDTH_PX}" '
        f'height="{HEIGHT_PX}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH_PX}" height="{HEIGHT_PX}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    if not flat:
        parts.append(f'<text x="{_LEFT}" y="{HEIGHT_PX // 2}">not recorded</text></svg>')
        return "\n".join(parts) + "\n"
    x_low, x_high = min(p[0] for p in flat), max(p[0] for p in flat)
    y_low, y_high = (0.0 if y_from_zero else min(p[1] for p in flat)), max(p[1] for p in flat)
    x_high = x_high if x_high > x_low else x_low + 1.0
    y_high = y_high if y_high > y_low else y_low + 1.0
    step = nice_step(y_high - y_low)
    y_low, y_high = math.floor(y_low / step) * step, math.ceil(y_high / step - 1e-9) * step

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - x_low) / (x_high - x_low) * (WIDTH_PX - _LEFT - _RIGHT)
        up = (y - y_low) / (y_high - y_low) * (HEIGHT_PX - _TOP - _BOTTOM)
        return _LEFT + across, HEIGHT_PX - _BOTTOM - up

    for i in range(round((y_high - y_low) / step) + 1):
        value = y_low + i * step
        _, y = at(x_low, value)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{WIDTH_PX - _RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    step_x = nice_step(x_high - x_low)
    for i in range(math.ceil(x_low / step_x - 1e-9), math.floor(x_high / step_x + 1e-9) + 1):
        x, _ = at(i * step_x, y_low)
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT_PX - _BOTTOM + 16}" text-anchor="middle">{i * step_x:g}</text>')
    middle = _LEFT + (WIDTH_PX - _LEFT - _RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT_PX - 8}" text-anchor="middle">{escape(x_label)}</text>')
    parts.append(
        f'<text transform="translate(14 {HEIGHT_PX / 2:.0f}) rotate(-90)" text-anchor="middle">{escape(y_label)}</text>'
    )
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path, drawing = "", False
        for x_value, y_value in points:
            if not math.isfinite(y_value):
                drawing = False
                continue
            x, y = at(x_value, y_value)
            path += f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}"
            drawing = True
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        for x_value, y_value in points if len(points) <= 40 else ():
            if math.isfinite(y_value):
                x, y = at(x_value, y_value)
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>')
        x = _LEFT + number * 140
        parts.append(f'<rect x="{x}" y="27" width="12" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="33">{escape(name)}</text>')
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def nice_step(span: float) -> float:
    """A round distance of grid lines, four to nine of them over ``span``."""
    raw = span / 6
    power = 10.0 ** math.floor(math.log10(raw))
    return min((m * power for m in (1.0, 2.0, 5.0, 10.0)), key=lambda s: abs(math.log(s / raw)))


def _thin(points: Points) -> list[tuple[float, float]]:
    if len(points) <= _MAX_POINTS:
        return [(float(x), float(y)) for x, y in points]
    size = math.ceil(len(points) / _MAX_POINTS)
    out = []
    for start in range(0, len(points), size):
        part = [p for p in points[start : start + size] if math.isfinite(p[1])]
        if part:
            out.append((sum(p[0] for p in part) / len(part), sum(p[1] for p in part) / len(part)))
    return out
