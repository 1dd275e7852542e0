"""Starting Qt in a program that also uses OpenCV."""

from __future__ import annotations

import os
import sys

import cv2
from PyQt6.QtWidgets import QApplication


def make_application(headless: bool = False) -> QApplication:
    """The one QApplication; ``headless`` draws off screen."""
    # WORKAROUND for opencv's wheel: importing cv2 points Qt at its own plug-ins, of another Qt, and PyQt6 aborts.
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
        if os.path.dirname(cv2.__file__) in os.environ.get(name, ""):
            del os.environ[name]
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Marchwarden")
    return application
