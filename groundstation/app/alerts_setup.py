"""The parts of a station behind its console's alerts and video: put together, taken up from the disk, stepped, ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundstation.app.config import StationConfig
from groundstation.app.shift_desk import ShiftDesk
from groundstation.core.alert_state import fold
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.incidents.alert_service import AlertService
from groundstation.incidents.procedures import default_procedures, read_procedures
from groundstation.store import queries
from groundstation.store.service import StoreService
from groundstation.video.recording import RecordingService

_SHOWN_US = 86_400_000_000
_OPEN_SHOWN_US = 7 * _SHOWN_US


class AlertParts:
    """Made before the store is opened, so that a fault in the procedures' file is told before anything runs.

    Raises :class:`~groundstation.core.errors.ConfigError` for that.
    """

    def __init__(self, bus: Bus, clock: Clock, store: StoreService, config: StationConfig) -> None:
        file = config.procedures.file
        procedures = read_procedures(file) if file is not None else default_procedures()
        self._clock, self._data_dir = clock, config.station.data_dir
        peers = [p.name for p in config.share.peers]
        self.alerts = AlertService(bus, clock, store.keep_act, procedures, peers, config.station.name)
        self.recording = RecordingService(bus, config.station.data_dir, clock)
        self.shift = ShiftDesk(config.station.data_dir, clock, store.keep_act)

    def open(self) -> None:
        """Take up the alerts of the last day, and those of the last week that nobody has acknowledged."""
        restore_alerts(self.alerts, self._data_dir, self._clock.utc_us())

    def step(self) -> None:
        """About 20 times a second, from the station's loop."""
        self.alerts.step()
        self.recording.step()

    def end_recordings(self) -> None:
        """Before the video is stopped: it still writes what is ordered now."""
        self.recording.step()
        self.recording.close()

    def close(self) -> None:
        """After the video was stopped."""
        self.recording.step()
        self.alerts.close()
        self.shift.close()

    def services(self) -> dict[str, Any]:
        """What a console is handed, by name."""
        return {"alerts": self.alerts, "video": self.recording, "shift": self.shift}


def restore_alerts(alerts: AlertService, data_dir: Path, now_utc_us: int) -> None:
    """From ``station.db``. Raises :class:`~groundstation.core.errors.StoreError` when it cannot be read."""
    acts = queries.alert_acts(data_dir, now_utc_us - _OPEN_SHOWN_US)
    states = fold(acts)

    def shown(alert_id: str, t_utc_us: int, acknowledged: bool) -> bool:
        state = states.get(alert_id)
        seen = acknowledged or (state is not None and state.acknowledged is not None)
        return t_utc_us > now_utc_us - (_SHOWN_US if seen else _OPEN_SHOWN_US)

    alerts.restore(
        [
            i
            for i in queries.incidents(data_dir)
            if shown(i.incident_id, i.t_raised_utc_us, bool(i.acknowledged_utc_us))
        ],
        [r for r in queries.remote_incidents(data_dir) if shown(f"{r.peer}/{r.incident_id}", r.received_utc_us, False)],
        acts,
    )
