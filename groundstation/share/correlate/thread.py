"""The one picture's own thread: a step over a crowd may take a tenth of a second, which no heartbeat has to wait for."""

from __future__ import annotations

import logging
import threading

from groundstation.share.correlate.service import PictureService

_log = logging.getLogger("groundstation.share.correlate")

TICK_S = 0.2


class PictureThread:
    """Runs a :class:`PictureService`. ``stop`` is harmless when called twice."""

    def __init__(self, service: PictureService) -> None:
        self._service = service
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="picture", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End within a step."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None
        self._service.close()

    def _run(self) -> None:
        while not self._stopping.wait(TICK_S):
            try:
                self._service.step()
            except Exception:
                # One odd track must not end the picture of all others.
                _log.exception("a step of the one picture failed")
