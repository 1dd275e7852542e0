"""The named colours of the console, in three themes that can be switched while it runs.

Every state is told by a word or a shape as well as by a colour, and the state colours follow the Okabe-Ito set, which
people with colour-blind eyes can tell apart (Okabe and Ito, 2008, "Color universal design"). ``night_red`` uses red light
only, in steps of brightness: it spares eyes that must see in the dark a moment later.

``palette()`` is asked at every paint, or again on ``changed``; a colour that was kept goes stale when the theme is switched.
``theme.ALARM`` and the like read ``palette().alarm`` at the time they are named.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QColor


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``. ``tint``: what pictures (base map, video) are multiplied by, ``#ffffff`` for no change."""

    name: str
    background: str
    panel: str
    raised: str
    edge: str
    text: str
    dim: str
    disabled: str
    ok: str
    caution: str
    alarm: str
    information: str
    help: str
    off: str
    on_alarm: str
    border_line: str
    fence_in_force: str
    fence_planned: str
    fence_unconfirmed: str
    exclusion: str
    no_look: str
    patrol: str
    aircraft: str
    footprint: str
    own: str
    neighbour: str
    friend: str
    traffic: str
    incident: str
    selected: str
    wind: str
    sky: str
    ground: str
    horizon: str
    shadow: str
    picture_text: str
    tint: str = "#ffffff"

    @property
    def notice(self) -> str:
        """Of an alert that is only to be known."""
        return self.information

    @property
    def own_track(self) -> str:
        """A track of our own cameras."""
        return self.own

    @property
    def remote_track(self) -> str:
        """A track that a neighbour told us."""
        return self.neighbour


DARK = Theme(
    "dark",
    background="#0f1418",
    panel="#171e24",
    raised="#212b33",
    edge="#2e3a44",
    text="#dfe6ea",
    dim="#8b99a4",
    disabled="#56626c",
    ok="#3fb68b",
    caution="#e6a01e",
    alarm="#ff5d45",
    information="#56b4e9",
    help="#ff7ad9",
    off="#8b99a4",
    on_alarm="#140402",
    border_line="#c79bff",
    fence_in_force="#3fb68b",
    fence_planned="#8b99a4",
    fence_unconfirmed="#e6a01e",
    exclusion="#ff7a5c",
    no_look="#cc79a7",
    patrol="#56b4e9",
    aircraft="#ffffff",
    footprint="#f0e442",
    own="#f5b13d",
    neighbour="#5fd3e8",
    friend="#8fd694",
    traffic="#e8a0ff",
    incident="#ff5d45",
    selected="#ffffff",
    wind="#9fc3d9",
    sky="#1f5d86",
    ground="#6b4a2c",
    horizon="#f2f6f8",
    shadow="#000000",
    picture_text="#f2f6f8",
)
LIGHT = Theme(
    "light",
    background="#e6ebee",
    panel="#ffffff",
    raised="#eef2f5",
    edge="#b4c0ca",
    text="#10181e",
    dim="#4f5e6a",
    disabled="#98a4ae",
    ok="#006b4f",
    caution="#8a5500",
    alarm="#b8200f",
    information="#00599a",
    help="#9b1f73",
    off="#4f5e6a",
    on_alarm="#ffffff",
    border_line="#6a33b8",
    fence_in_force="#006b4f",
    fence_planned="#5b6a76",
    fence_unconfirmed="#8a5500",
    exclusion="#b8200f",
    no_look="#9b1f73",
    patrol="#00599a",
    aircraft="#10181e",
    footprint="#7a6a00",
    own="#a85400",
    neighbour="#00708a",
    friend="#2f7a35",
    traffic="#7c3aa8",
    incident="#b8200f",
    selected="#10181e",
    wind="#3a6a88",
    sky="#8cc4e8",
    ground="#c29a6c",
    horizon="#10181e",
    shadow="#000000",
    picture_text="#f2f6f8",
)
NIGHT_RED = Theme(
    "night_red",
    background="#080000",
    panel="#120202",
    raised="#200504",
    edge="#3c0d0a",
    text="#d8483a",
    dim="#a8382c",
    disabled="#5c1a14",
    ok="#b83c30",
    caution="#ec5a44",
    alarm="#ff7058",
    information="#c8443a",
    help="#ff7a62",
    off="#983228",
    on_alarm="#100000",
    border_line="#e2503e",
    fence_in_force="#c8443a",
    fence_planned="#8c2c22",
    fence_unconfirmed="#ec5a44",
    exclusion="#ff6a50",
    no_look="#a8342a",
    patrol="#b03a30",
    aircraft="#ff7a62",
    footprint="#b83c2c",
    own="#ff6a50",
    neighbour="#c44434",
    friend="#a83830",
    traffic="#d84c3c",
    incident="#ff7058",
    selected="#ff7a62",
    wind="#a83c30",
    sky="#2c0806",
    ground="#180302",
    horizon="#e2503e",
    shadow="#000000",
    picture_text="#e8503e",
    tint="#c03020",
)
THEMES: dict[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT, NIGHT_RED)}


class _InUse(QObject):
    """One for the process, as Qt has one application: what is painted in one window fits what is beside it."""

    changed = pyqtSignal()
    theme = DARK


_in_use = _InUse()
changed = _in_use.changed
"""Emitted on the GUI thread after another theme was chosen."""


def palette() -> Theme:
    """The theme in use."""
    return _in_use.theme


def on_picture() -> Theme:
    """The theme of what is drawn on a camera's picture, always on a dark plate: the light theme's dark colours would drown."""
    return DARK if _in_use.theme is LIGHT else _in_use.theme


def use(name: str) -> None:
    """Switch to a theme by name; an unknown one leaves the present one."""
    chosen = THEMES.get(name)
    if chosen is not None and chosen is not _in_use.theme:
        _in_use.theme = chosen
        _in_use.changed.emit()


def state_colour(state: str) -> str:
    """The colour of a lamp's state: ok, caution, alarm, off."""
    return str(getattr(_in_use.theme, state))


_made: dict[tuple[str, str, int], QColor] = {}
"""Reading a colour from its name costs more than drawing with it, and a map asks for a hundred at every frame."""


def colour(name: str, alpha: int = 255, of: Theme | None = None) -> QColor:
    """A colour with transparency: a name of ``Theme`` or ``#rrggbb``; ``of`` another theme than the one in use."""
    chosen = _in_use.theme if of is None else of
    key = (chosen.name, name, alpha)
    made = _made.get(key)
    if made is None:
        made = QColor(name if name.startswith("#") else getattr(chosen, name))
        made.setAlpha(alpha)
        if len(_made) > 1000:
            _made.clear()
        _made[key] = made
    return QColor(made)  # whoever changes it changes his own


def style_sheet(text_px: int = 13) -> str:
    """The style of every widget. Only the window sets it."""
    t = _in_use.theme
    small, value, large = text_px - 2, text_px + 2, text_px + 5
    return f"""
* {{ color: {t.text}; font-size: {text_px}px; }}
QMainWindow, QDialog, QMessageBox, QWidget#central {{ background: {t.background}; }}
QMainWindow::separator {{ background: {t.background}; width: 6px; height: 6px; }}
QMainWindow::separator:hover {{ background: {t.information}; }}
QDockWidget {{ font-weight: 700; }}
QDockWidget::title {{ background: {t.raised}; padding: 3px 8px; }}
QFrame#panel {{ background: {t.panel}; border: 1px solid {t.edge}; border-radius: 6px; }}
QLabel#title {{ color: {t.dim}; font-size: {small}px; font-weight: 700; letter-spacing: 1px; }}
QLabel#dim {{ color: {t.dim}; }}
QLabel#value {{ font-size: {value}px; font-weight: 600; }}
QLabel#clock {{ font-size: {large}px; font-weight: 600; }}
QLabel#name {{ font-size: {value}px; font-weight: 700; padding: 0 8px; }}
QPushButton, QToolButton {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: 5px; padding: 6px 10px;
  font-weight: 600; }}
QPushButton#small {{ padding: 3px 8px; font-size: {text_px - 1}px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {t.information}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.information}; }}
QPushButton:checked, QToolButton:checked {{ border: 2px solid {t.selected}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {t.disabled}; border-color: {t.raised}; }}
QPushButton#alarm:enabled {{ border-color: {t.alarm}; color: {t.alarm}; }}
QLineEdit, QPlainTextEdit, QTextEdit, QTextBrowser, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit, QListView,
QTreeView, QTableView {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: 4px; padding: 2px 4px;
  selection-background-color: {t.information}; selection-color: {t.background}; }}
QLineEdit:focus, QComboBox:focus, QListView:focus, QTreeView:focus, QTableView:focus {{ border: 2px solid {t.information}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled,
QDateTimeEdit:disabled {{ color: {t.disabled}; background: {t.panel}; border-color: {t.raised}; }}
QComboBox QAbstractItemView {{ background: {t.raised}; }}
QHeaderView::section {{ background: {t.panel}; color: {t.dim}; border: none; padding: 3px 6px; }}
QTableView {{ gridline-color: {t.edge}; alternate-background-color: {t.panel}; }}
QCheckBox::indicator, QListView::indicator, QTreeView::indicator, QTableView::indicator {{ width: 13px; height: 13px;
  border: 2px solid {t.dim}; border-radius: 3px; background: {t.background}; }}
QCheckBox::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked,
QTableView::indicator:checked {{ background: {t.information}; border-color: {t.information}; }}
QCheckBox::indicator:disabled {{ border-color: {t.disabled}; background: {t.background}; }}
QCheckBox::indicator:checked:disabled {{ background: {t.disabled}; }}
QCheckBox::indicator:focus {{ border-color: {t.selected}; }}
QCheckBox:disabled, QLabel:disabled {{ color: {t.disabled}; }}
QTabBar {{ qproperty-drawBase: 0; background: {t.background}; }}
QTabBar::tab {{ background: {t.panel}; border: 1px solid {t.edge}; padding: 4px 10px; }}
QTabBar::tab:selected {{ background: {t.raised}; border-bottom: 2px solid {t.information}; }}
QTabWidget::pane {{ border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: {t.panel}; width: 10px; }}
QScrollBar:horizontal {{ background: {t.panel}; height: 10px; }}
QScrollBar::handle {{ background: {t.edge}; border-radius: 4px; min-height: 24px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QProgressBar {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: 4px; text-align: center; }}
QProgressBar::chunk {{ background: {t.information}; }}
QSlider::groove:horizontal {{ background: {t.edge}; height: 4px; }}
QSlider::handle:horizontal {{ background: {t.text}; width: 12px; margin: -5px 0; border-radius: 6px; }}
QMenuBar, QMenu {{ background: {t.panel}; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {t.raised}; color: {t.information}; }}
QMenu::item:disabled {{ color: {t.disabled}; }}
QMenu::separator {{ background: {t.edge}; height: 1px; }}
QToolBar {{ background: {t.background}; border: none; spacing: 4px; }}
QToolTip {{ background: {t.raised}; border: 1px solid {t.edge}; color: {t.text}; }}
QStatusBar {{ background: {t.panel}; color: {t.dim}; }}
"""


_OWN_NAMES = frozenset(f.name for f in fields(Theme)) | {"notice", "own_track", "remote_track"}


def __getattr__(name: str) -> Any:
    """``theme.ALARM`` is ``palette().alarm`` now; ``STYLE`` and ``STATE_COLOURS`` likewise."""
    if name == "STYLE":
        return style_sheet()
    if name == "STATE_COLOURS":
        return {state: state_colour(state) for state in ("ok", "caution", "alarm", "off")}
    if name.isupper() and name.lower() in _OWN_NAMES:
        return getattr(_in_use.theme, name.lower())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
