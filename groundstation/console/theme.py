"""Colours and the style sheet. Dark: it is looked at in the dark for a whole shift.

Every state is told by a word as well as by a colour, and the state colours are from the Okabe-Ito set, which people
with colour-blind eyes can tell apart (Okabe and Ito, 2008, "Color universal design").
"""

from __future__ import annotations

from PyQt6.QtGui import QColor

BACKGROUND = "#0f1418"
PANEL = "#171e24"
RAISED = "#212b33"
EDGE = "#2e3a44"
TEXT = "#dfe6ea"
DIM = "#8b99a4"

OK = "#3fb68b"
CAUTION = "#e6a01e"
ALARM = "#ff5d45"
INFORMATION = "#56b4e9"
HELP = "#ff7ad9"
NOTICE = INFORMATION

BORDER_LINE = "#c79bff"
FENCE_IN_FORCE = "#3fb68b"
FENCE_PLANNED = "#8b99a4"
EXCLUSION = "#ff7a5c"
PATROL = "#56b4e9"
AIRCRAFT = "#ffffff"
FOOTPRINT = "#f0e442"
OWN_TRACK = "#f5b13d"
REMOTE_TRACK = "#5fd3e8"
INCIDENT = "#ff5d45"

STATE_COLOURS = {"ok": OK, "caution": CAUTION, "alarm": ALARM, "off": DIM}

STYLE = f"""
* {{ color: {TEXT}; font-size: 13px; }}
QMainWindow, QWidget#central {{ background: {BACKGROUND}; }}
QFrame#panel {{ background: {PANEL}; border: 1px solid {EDGE}; border-radius: 6px; }}
QLabel#title {{ color: {DIM}; font-size: 11px; font-weight: 700; letter-spacing: 1px; }}
QLabel#dim {{ color: {DIM}; }}
QLabel#value {{ font-size: 15px; font-weight: 600; }}
QPushButton {{ background: {RAISED}; border: 1px solid {EDGE}; border-radius: 5px; padding: 8px 10px; font-weight: 600; }}
QPushButton:hover {{ border-color: {INFORMATION}; }}
QPushButton:focus {{ border: 2px solid {INFORMATION}; }}
QPushButton:disabled {{ color: #56626c; border-color: {RAISED}; }}
QPushButton#alarm:enabled {{ border-color: {ALARM}; color: {ALARM}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: {PANEL}; width: 10px; }}
QScrollBar::handle:vertical {{ background: {EDGE}; border-radius: 4px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QToolTip {{ background: {RAISED}; border: 1px solid {EDGE}; color: {TEXT}; }}
QStatusBar {{ background: {PANEL}; color: {DIM}; }}
"""


def colour(name: str, alpha: int = 255) -> QColor:
    """A theme colour with transparency."""
    made = QColor(name)
    made.setAlpha(alpha)
    return made
