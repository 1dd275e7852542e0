"""``groundstation vehicle params``: the parameters of one aircraft listed, read and set, with what they mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError
from groundstation.core.records import VehicleId
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.firmware_names import other_spellings
from groundstation.vehicle.modes import family_of_name
from groundstation.vehicle.parameter_book import ParameterBook, ParameterEdit
from groundstation.vehicle.parameter_cache import ParameterCache
from groundstation.vehicle.parameter_list import ParameterSet
from groundstation.vehicle.parameter_table import facts_of
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.service import VehicleService

_HEARD_S = 3.0


@dataclass(frozen=True)
class ParameterRequest:
    """``names``: NAME to read, NAME=VALUE to set, none to list all (those with ``like`` in their names).

    ``anyway``: also set what :func:`check_edit` speaks against. ``cache``: folder, empty for none. ``fresh``: not from it.
    """

    names: tuple[str, ...] = ()
    like: str = ""
    anyway: bool = False
    cache: str = ""
    fresh: bool = False


async def parameters(service: VehicleService, vehicle_id: VehicleId, request: ParameterRequest) -> dict[str, Any]:
    """The answer for JSON. Every setting is looked at before the first is sent.

    Raises :class:`ConfigError` for a value that is no number or a name given twice, :class:`LinkError` for a busy aircraft.
    """
    wanted = _read(request.names)
    # The firmware tells whether the aircraft has files and what its numbers mean.
    await service.wait_for_state(vehicle_id, lambda s: bool(s.firmware), _HEARD_S)
    book = ParameterBook(ParameterCache(Path(request.cache)) if request.cache else None, SystemClock())
    family = family_of_name(service.state(vehicle_id).vehicle_type)
    if not wanted:
        found = await service.exclusively(vehicle_id, lambda a: book.read(a, request.fresh), changes=False)
        return _listed(found, request.like.strip().upper(), family)
    return await _each(service, vehicle_id, book, wanted, request.anyway, family)


def _read(names: tuple[str, ...]) -> Mapping[str, float | None]:
    wanted: dict[str, float | None] = {}
    for text in names:
        name, equals, value = text.partition("=")
        name = name.strip().upper()
        if not name or name in wanted:
            raise ConfigError(f"{text!r}: {name or 'no name'} is given twice or empty", "name each parameter once")
        wanted[name] = _number(text, value) if equals else None
    return wanted


def _number(text: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConfigError(f"{text!r}: {value!r} is not a number", "write NAME=VALUE, e.g. FENCE_ENABLE=1")
    return number


def _listed(found: ParameterSet, like: str, family: str) -> dict[str, Any]:
    values = {name: found.values[name].value for name in sorted(found.values) if like in name}
    return {
        "ok": found.ok,
        "reason": found.reason,
        "method": found.method,
        "count": len(values),
        "params": {name: value if math.isfinite(value) else None for name, value in values.items()},
        "meanings": _meanings(values, family),
    }


def _meanings(values: Mapping[str, float | None], family: str) -> dict[str, str]:
    """In words, where this station knows any."""
    known = ((name, value, facts_of(name)) for name, value in values.items())
    return {
        name: facts.words(value, family)
        for name, value, facts in known
        if facts is not None and value is not None and math.isfinite(value)
    }


async def _each(
    service: VehicleService,
    vehicle_id: VehicleId,
    book: ParameterBook,
    wanted: Mapping[str, float | None],
    anyway: bool,
    family: str,
) -> dict[str, Any]:
    values: dict[str, float | None] = {}
    reasons: list[str] = []
    notes: list[str] = []
    for name, value in wanted.items():
        if value is None:
            result = await service.get_param(vehicle_id, name)
        else:
            result, said = await _set(service, vehicle_id, book, name, value, anyway, family)
            notes += said
        if result.value is not None:
            values[name] = result.value
            reasons += [] if result.ok else [result.reason]
            continue
        # Under its other name it may have another unit, so it is shown, never set.
        for other in other_spellings(name):
            found = await service.get_param(vehicle_id, other)
            if found.value is not None:
                values[other] = found.value
                reasons.append(f"{name}: this aircraft calls it {other}, perhaps in another unit")
                break
        else:
            values[name] = None
            reasons.append(result.reason)
    return {
        "ok": not reasons,
        "reason": "; ".join(reasons),
        "params": values,
        "meanings": _meanings(values, family),
        "notes": notes,
    }


async def _set(
    service: VehicleService,
    vehicle_id: VehicleId,
    book: ParameterBook,
    name: str,
    value: float,
    anyway: bool,
    family: str,
) -> tuple[ParameterResult, list[str]]:
    if service.state(vehicle_id).read_only:
        return await service.set_param(vehicle_id, name, value), []  # says why not

    async def work(aircraft: Aircraft) -> ParameterEdit:
        return await book.edit(aircraft, name, value, family, anyway)

    done = await service.exclusively(vehicle_id, work, changes=False)
    return done.result, list(done.notes)
