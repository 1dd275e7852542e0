"""The incident report in one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, cast

from PyQt6.QtCore import QUrl

from groundstation.console import i18n
from groundstation.console.alerts.queue import Alert
from groundstation.console.context import ConsoleContext
from groundstation.core.clock import Clock
from groundstation.core.errors import MarchwardenError
from groundstation.core.procedure_records import Procedure
from groundstation.core.shift_commands import ShiftCommands
from groundstation.core.shift_records import IncidentFile


class IncidentReports:
    """Asks the station for what is kept, writes the report when it comes, and opens it."""

    def __init__(self, context: ConsoleContext, clock: Clock, open_url: Callable[[QUrl], Any]) -> None:
        self._context, self._clock, self._open_url = context, clock, open_url
        self._shift = cast("ShiftCommands | None", context.services.get("shift"))
        self._waiting: list[tuple[Future[IncidentFile], Callable[[IncidentFile], None], Callable[..., None]]] = []

    def lack_for(self, alert: Alert) -> str:
        """Why there can be no report on an alert, "" when there can."""
        if self._shift is None or self._context.data_dir is None:
            return i18n.text("alerts", "The station did not hand over its records.")
        if alert.peer:
            return i18n.text("alerts", "The record of a neighbour's incident is the neighbour's.")
        return ""

    def make(self, alert: Alert, procedure: Procedure | None, station: str, say: Callable[..., None]) -> str:
        """Begin; returns what to say now, ``say`` tells the end."""
        folder = self._context.data_dir
        if self._shift is None or folder is None or alert.peer:
            return self.lack_for(alert)

        def write(file: IncidentFile) -> None:
            # Imported with the first report: printing is a part of Qt that nothing else needs.
            from groundstation.console.shift.report import incident_html
            from groundstation.console.shift.view import write_and_open

            language = i18n.choose_language(self._context.settings.language)
            page = incident_html(file, procedure, language, station, self._context.operator, self._clock.utc_us())
            name = "incident-" + re.sub(r"[^A-Za-z0-9-]", "_", alert.alert_id)
            say(write_and_open(self._open_url, folder, name, page))

        try:
            self._waiting.append((self._shift.incident_file(alert.alert_id), write, say))
        except MarchwardenError as error:
            return str(error)
        return i18n.text("alerts", "the report is being made …")

    def step(self) -> None:
        """Look whether something has come."""
        waiting, self._waiting = self._waiting, []
        for future, write, say in waiting:
            if not future.done():
                self._waiting.append((future, write, say))
            elif (error := future.exception()) is not None:
                say(str(error), True)
            else:
                write(future.result())
