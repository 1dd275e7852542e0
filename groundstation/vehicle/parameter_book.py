"""An aircraft's parameters for an operator: all of them, quickly, and single ones changed with care."""

from __future__ import annotations

from dataclasses import dataclass

from groundstation.core.clock import Clock
from groundstation.vehicle.parameter_cache import ParameterCache
from groundstation.vehicle.parameter_list import ParameterDownload, ParameterSet
from groundstation.vehicle.parameter_table import check_edit
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.plan_transfer import AircraftPort
from missions.ftp import CAPABILITY_FTP

# Asked for their count and, the names being renamed now and then, whichever is there; their values seldom change.
_PROBES = ("FENCE_TYPE", "FORMAT_VERSION")


@dataclass(frozen=True)
class ParameterEdit:
    """What became of a change. ``notes``: a restart is needed, the value means nothing that is known, and so on."""

    result: ParameterResult
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the aircraft echoed the value."""
        return self.result.ok


class ParameterBook:
    """Reads and changes. Reading needs the aircraft for itself (``VehicleService.exclusively``)."""

    def __init__(self, cache: ParameterCache | None, clock: Clock) -> None:
        self._cache, self._clock = cache, clock

    async def read(self, aircraft: AircraftPort, fresh: bool = False) -> ParameterSet:
        """All parameters: by file where the aircraft has files, which takes less than a tenth of a second over a network.

        Where it has none, what was read before under the same firmware is given back (``method`` "cache") if the aircraft
        has as many parameters and those looked at have their old values. That is a guess: ``fresh`` reads all of them.
        """
        key, firmware = str(aircraft.vehicle_id), aircraft.state.firmware
        by_file = bool(aircraft.capabilities & CAPABILITY_FTP)
        cached = self._cache.get(key, firmware) if self._cache is not None and not by_file and not fresh else None
        if cached is not None:
            seen = [await aircraft.get_param(name) for name in _PROBES]
            values = {r.name: r.value for r in seen if r.value is not None}
            count = next((r.count for r in seen if r.count), 0)
            if ParameterCache.fits(cached, count, values):
                return ParameterSet(cached.values, method="cache")
        machine = ParameterDownload(aircraft.address, aircraft.own_address, aircraft.ftp if by_file else None)
        result = await aircraft.run_transfer(machine)
        if result.ok and self._cache is not None:
            self._cache.put(key, firmware, self._clock.utc_us(), result.values)
        return result

    async def edit(
        self, aircraft: AircraftPort, name: str, value: float, family: str = "", anyway: bool = False
    ) -> ParameterEdit:
        """Change one: read what is there, look at range and meaning, set, and believe only the echo.

        ``anyway``: what speaks against the value becomes a note. A parameter that the aircraft does not have is never set.
        """
        old = await aircraft.get_param(name)
        check = check_edit(name, value, old.value, aircraft.state.armed, family)
        notes = check.notes
        if not check.ok:
            if old.value is None or not anyway:
                reason = old.reason if old.value is None and old.reason else "; ".join(check.errors)
                return ParameterEdit(ParameterResult(name, old.value, False, reason), notes)
            notes = (*(f"set all the same: {error}" for error in check.errors), *notes)
        return ParameterEdit(await aircraft.set_param(name, value), notes)
