"""The table of everything that the window can show. A part of the console adds its lines here.

``make`` imports late: what is not opened costs no time at the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PyQt6.QtWidgets import QWidget

from groundstation.console.context import ConsoleContext

Place = Literal["centre", "left", "right", "bottom", "dialog"]


@dataclass(frozen=True)
class ViewSpec:
    """One view: a dock, a page of the centre, or a dialogue.

    ``title`` is English and is translated in the context "views"; ``shortcut`` shows it and gives it the keyboard. Views of
    the same place stand in the order of the table; ``tab_with`` names one that it shares a place with. A view that is not
    ``open_at_start`` is made when it is first opened, so one that must miss nothing has to be open.
    """

    name: str
    title: str
    make: Callable[[ConsoleContext], QWidget]
    place: Place
    shortcut: str = ""
    menu: str = "View"
    open_at_start: bool = True
    tab_with: str = ""


def _map(context: ConsoleContext) -> QWidget:
    from groundstation.console.map.view import MapView

    return MapView(context)


def _video(context: ConsoleContext) -> QWidget:
    from groundstation.console.video.view import VideoView

    return VideoView(context)


def _alerts(context: ConsoleContext) -> QWidget:
    from groundstation.console.alerts.view import AlertsView

    return AlertsView(context)


def _shift(context: ConsoleContext) -> QWidget:
    from groundstation.console.shift.view import ShiftView

    return ShiftView(context)


def _neighbour(context: ConsoleContext) -> QWidget:
    from groundstation.console.panels.neighbour import NeighbourPanel

    return NeighbourPanel(context)


def _telemetry(context: ConsoleContext) -> QWidget:
    from groundstation.console.panels.telemetry import TelemetryPanel

    return TelemetryPanel(context)


def _controls(context: ConsoleContext) -> QWidget:
    from groundstation.console.panels.controls import ControlsPanel

    return ControlsPanel(context)


def _flight(context: ConsoleContext) -> QWidget:
    from groundstation.console.flight.display import FlightDisplay

    return FlightDisplay(context)


def _checklist(context: ConsoleContext) -> QWidget:
    from groundstation.console.flight.checklist import ChecklistPanel

    return ChecklistPanel(context)


def _camera(context: ConsoleContext) -> QWidget:
    from groundstation.console.flight.camera import CameraPanel

    return CameraPanel(context)


def _group(context: ConsoleContext) -> QWidget:
    from groundstation.console.flight.group import GroupPanel

    return GroupPanel(context)


def _planner(context: ConsoleContext) -> QWidget:
    from groundstation.console.planner.view import PlannerView

    return PlannerView(context)


def _settings(context: ConsoleContext) -> QWidget:
    from groundstation.console.craft.settings_page import SettingsPage

    return SettingsPage(context)


def _debug(context: ConsoleContext) -> QWidget:
    from groundstation.console.craft.debug_page import DebugPage

    return DebugPage(context)


def _keys(context: ConsoleContext) -> QWidget:
    from groundstation.console.craft.keys_page import KeysPage

    return KeysPage(context)


def _guide(context: ConsoleContext) -> QWidget:
    from groundstation.console.craft.guide import GuidePanel

    return GuidePanel(context)


VIEWS: tuple[ViewSpec, ...] = (
    ViewSpec("map", "Map", _map, "centre", "Ctrl+1"),
    ViewSpec("video", "Video", _video, "right", "Ctrl+2"),
    ViewSpec("alerts", "Alerts", _alerts, "right", "Ctrl+3"),
    ViewSpec("neighbour", "Neighbour", _neighbour, "right", "Ctrl+7"),
    ViewSpec("telemetry", "Aircraft", _telemetry, "bottom", "Ctrl+4"),
    ViewSpec("flight", "Flight", _flight, "bottom", "Ctrl+5"),
    ViewSpec("controls", "Orders", _controls, "bottom", "Ctrl+6"),
    ViewSpec("camera", "Camera", _camera, "bottom", "Ctrl+8", tab_with="telemetry"),
    ViewSpec("checklist", "Before the flight", _checklist, "bottom", "Ctrl+9", tab_with="flight"),
    ViewSpec("group", "Several aircraft", _group, "bottom", "Ctrl+0", tab_with="controls"),
    ViewSpec("planner", "Planner", _planner, "left", "Ctrl+P", open_at_start=False),
    ViewSpec("shift", "Shift", _shift, "bottom", "Ctrl+L", tab_with="telemetry", open_at_start=False),
    ViewSpec("guide", "First steps", _guide, "left", "F1", menu="Help", open_at_start=False),
    ViewSpec("keys", "Keys", _keys, "dialog", "Shift+F1", menu="Help"),
    ViewSpec("debug", "What the station says", _debug, "dialog", "F12", menu="Help"),
    ViewSpec("settings", "Settings", _settings, "dialog", "Ctrl+,", menu="Station"),
)
