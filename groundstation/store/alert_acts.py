"""Acts on alerts on their way to the disk: committed first, then told."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from concurrent.futures import Future, InvalidStateError

from groundstation.core.alert_records import AlertAct
from groundstation.core.bus import Bus
from groundstation.core.errors import StoreError
from groundstation.core.topics import ALERT_ACT
from groundstation.store import rows
from groundstation.store.batch import BatchWriter

_STOPPED = "the station was stopped before this was saved"


class ActDesk:
    """``take`` from any thread; the rest from the store's cycle, one thread at a time."""

    def __init__(self, bus: Bus, flight_id: str) -> None:
        self._bus, self._flight_id = bus, flight_id
        self._lock = threading.Lock()
        self._closed = False
        self._taken: deque[tuple[AlertAct, Future[AlertAct]]] = deque()
        self._waiting: deque[tuple[AlertAct, Future[AlertAct]]] = deque()

    def take(self, act: AlertAct) -> Future[AlertAct]:
        """The future ends with the act once it is on the disk, or with :class:`StoreError` when it never will be."""
        future: Future[AlertAct] = Future()
        with self._lock:
            if not self._closed:
                self._taken.append((act, future))
                return future
        future.set_exception(StoreError(_STOPPED, "start the station again"))
        return future

    def collect(self, station: BatchWriter) -> None:
        """Turn what was taken into rows. An acknowledgement is also kept where it always was."""
        with self._lock:
            taken = list(self._taken)
            self._taken.clear()
        for act, future in taken:
            station.add(rows.INSERT_ALERT_ACT, rows.alert_act_row(self._flight_id, act), must_keep=True)
            if act.kind == "acknowledge" and "/" not in act.alert_id:
                values = (act.alert_id, act.t_utc_us, act.operator)
                station.add(rows.INSERT_ACKNOWLEDGEMENT, values, must_keep=True)
            self._waiting.append((act, future))

    def committed(self) -> None:
        """All rows that were waiting are on the disk: tell it."""
        while self._waiting:
            act, future = self._waiting.popleft()
            self._bus.publish(ALERT_ACT, act)
            with contextlib.suppress(InvalidStateError):  # whoever asked no longer waits; what was done stays done
                future.set_result(act)

    def close(self) -> None:
        """Nothing more is written: tell those that still wait."""
        with self._lock:
            self._closed = True
            left = [*self._waiting, *self._taken]
            self._waiting.clear()
            self._taken.clear()
        for _, future in left:
            if not future.done():
                future.set_exception(StoreError(_STOPPED, "start the station again and do it again"))
