"""What many lines and symbols cost the memory, and that what pads their arrays is not seen."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from groundstation.console.map.graphics import Lines, Stamps, Strokes, ViewItem

RECT = QRectF(0, 0, 200, 200)


def painted(item: ViewItem) -> np.ndarray:
    image = QImage(200, 200, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    item.draw(painter, QTransform(), RECT)
    painter.end()
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bits, dtype=np.uint32).reshape(200, 200).copy()


def draw_dot(painter: QPainter, radius: float) -> None:
    painter.fillRect(QRectF(-radius, -radius, 2 * radius, 2 * radius), painter.pen().color())


def set_many(item: Lines | Stamps, n: int) -> None:
    at = np.random.default_rng(n).uniform(10, 190, (n, 2))
    if isinstance(item, Stamps):
        item.set_points(at, np.zeros(n, dtype=np.int64))
    else:
        item.set_strokes(Strokes(np.concatenate([at, at + 5.0], axis=1), "own"))


@pytest.mark.parametrize("kind", ["lines", "stamps"])
def test_drawing_on_and_on_keeps_no_memory(qtbot: QtBot, kind: str) -> None:
    item = Lines(1) if kind == "lines" else Stamps(1, lambda: [draw_dot])
    numbers = [1, 63, 64, 65, 300, 511, 700]
    for n in (*numbers, *numbers):
        set_many(item, n)
        painted(item)
    before = sys.getallocatedblocks()
    for _ in range(40):
        for n in numbers:
            set_many(item, n)
            painted(item)
    assert sys.getallocatedblocks() - before < 140, "280 paintings left something behind"


@pytest.mark.parametrize("n", [1, 63, 64, 65])
def test_exactly_what_was_given_is_seen(qtbot: QtBot, n: int) -> None:
    lines, stamps = Lines(1), Stamps(1, lambda: [draw_dot], 3)
    at = np.stack([10.0 + 20.0 * (np.arange(n) % 9), 10.0 + 20.0 * (np.arange(n) // 9)], axis=1)
    # More first: what is left of them in the array must not be seen either.
    for item in (lines, stamps):
        set_many(item, 200)
        painted(item)
    lines.set_strokes(Strokes(np.concatenate([at, at + np.array([6.0, 0.0])], axis=1), "own", smooth=False))
    stamps.set_points(at, np.zeros(n, dtype=np.int64))
    for item in (lines, stamps):
        seen = painted(item) != 0
        there = [bool(seen[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 10].any()) for x, y in at]
        assert all(there)
        for x, y in at:
            seen[int(y) - 3 : int(y) + 4, int(x) - 3 : int(x) + 10] = False
        assert not seen.any()
