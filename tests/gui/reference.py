"""Pictures of the main views, small, kept beside this file, and how a new one is compared with them.

``python -m tests.gui.reference`` makes those in ``pictures/`` anew; look at each before it is kept. ``--compare`` says how
far those of now are from them.

Two pictures are compared in blocks of 5 by 5 pixels of the small picture (20 of the window), by brightness and by colour:
another version of a font moves an edge by a pixel and a block by little; a panel that is gone or another colour changes
whole blocks.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QImage

from groundstation.app.screenshots_command import Studio
from groundstation.console.qt import make_application

FOLDER = Path(__file__).parent / "pictures"
VIEWS = (
    "console", "console-light", "console-night-red", "console-stale", "planner", "shift", "alert", "checklist", "camera",
    "group", "guide", "settings",
)  # fmt: skip
WIDTH_PX, BLOCK_PX = 400, 5
BRIGHTER, OTHER_COLOUR = 20.0, 8.0
MOST_BLOCKS = 0.01

Picture = NDArray[np.uint8]


def small(image: QImage) -> Picture:
    """RGB, :data:`WIDTH_PX` wide, the mean of what each pixel stands for."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = rgb.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asarray(rgb.sizeInBytes()), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    full = rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3)
    height = round(WIDTH_PX * rgb.height() / rgb.width() / BLOCK_PX) * BLOCK_PX
    return np.asarray(cv2.resize(full, (WIDTH_PX, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def keep(picture: Picture, path: Path) -> None:
    """As a PNG, in 64 steps of each colour."""
    steps = (picture & 0xFC) | 2
    assert cv2.imwrite(str(path), cv2.cvtColor(steps, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def kept(name: str) -> Picture:
    """A picture that was kept."""
    image = cv2.imread(str(FOLDER / f"{name}.png"))
    assert image is not None, f"there is no {FOLDER / name}.png: python -m tests.gui.reference"
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def changed(now: Picture, then: Picture) -> float:
    """The share of blocks that look different, 0 to 1; 1 for pictures of different shapes."""
    if now.shape != then.shape:
        return 1.0
    difference = np.abs(_blocks(now) - _blocks(then))
    seen = (difference[..., 0] > BRIGHTER) | (np.hypot(difference[..., 1], difference[..., 2]) > OTHER_COLOUR)
    return float(np.mean(seen))


def _blocks(picture: Picture) -> NDArray[np.float64]:
    """Brightness and two colour differences of each block."""
    height, width, _ = picture.shape
    colours = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb).astype(np.float64)
    return np.asarray(colours.reshape(height // BLOCK_PX, BLOCK_PX, width // BLOCK_PX, BLOCK_PX, 3).mean(axis=(1, 3)))


def main() -> int:
    """Make the pictures, or compare."""
    parser = argparse.ArgumentParser(description="Pictures of the main views, kept as references.")
    parser.add_argument("--compare", action="store_true", help="change nothing, say how far those of now are")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("names", nargs="*", default=VIEWS)
    options = parser.parse_args()
    application = make_application(headless=True)
    studio = Studio(application)
    options.out.mkdir(exist_ok=True)
    for name in options.names:
        now = small(studio.shoot(name))
        if options.compare:
            print(f"{name}: {changed(now, kept(name)):.4f} of the blocks", flush=True)
        else:
            keep(now, options.out / f"{name}.png")
            print(options.out / f"{name}.png", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
