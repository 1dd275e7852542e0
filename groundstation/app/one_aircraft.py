"""What the commands for one aircraft share: a service that runs for as long as they do, and which aircraft is meant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from groundstation.core.errors import ConfigError
from groundstation.core.records import VehicleId
from groundstation.vehicle.service import VehicleService

_OTHERS_S = 1.5
"""Heartbeats come once a second: after this time every aircraft on the link has been heard."""
_FEED_S = 0.5


@asynccontextmanager
async def running(service: VehicleService) -> AsyncIterator[None]:
    """Start the service, feed its watchdog, and stop it at the end. Raises what :meth:`VehicleService.start` does."""
    await service.start()
    feeder = asyncio.create_task(_feed(service))
    try:
        yield
    finally:
        feeder.cancel()
        await asyncio.gather(feeder, return_exceptions=True)
        await service.stop()


async def _feed(service: VehicleService) -> None:
    while True:
        service.feed_watchdog()
        await asyncio.sleep(_FEED_S)


async def choose_aircraft(service: VehicleService, named: bool, timeout_s: float) -> VehicleId:
    """The aircraft that is meant: the one that the service was told to take in (``named``), else the only one heard.

    Raises :class:`LinkError` when none is heard within ``timeout_s``, :class:`ConfigError` when several are.
    """
    vehicle_id = await service.wait_for_vehicle(timeout_s)
    if named:
        return vehicle_id
    await asyncio.sleep(_OTHERS_S)
    heard = sorted(service.vehicle_ids)
    if len(heard) > 1:
        names = ", ".join(f"{v} ({service.state(v).autopilot} {service.state(v).vehicle_type})" for v in heard)
        raise ConfigError(f"{len(heard)} aircraft are heard: {names}", f"say which: --vehicle {heard[0].system_id}")
    return heard[0]
