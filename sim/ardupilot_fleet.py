"""Several real ArduPilot SITL processes at once, each with its own number, place, ports and folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from sim.ardupilot import ArduPilotSitl, SitlHome, Vehicle, require_binary


class ArduPilotFleet:
    """One SITL for each of ``vehicles``, numbered from ``first_system_id``, ``spacing_m`` apart to the east of ``home``.

    Use as a context manager: none is left running when the block ends, nor when one of them does not come up. Raises
    :class:`LinkError` when a binary is missing or a process does not start.
    """

    def __init__(
        self,
        vehicles: Sequence[Vehicle],
        home: SitlHome,
        scratch_dir: Path,
        *,
        speedup: float = 1.0,
        spacing_m: float = 100.0,
        first_system_id: int = 1,
        params: Mapping[str, float] | None = None,
    ) -> None:
        binaries = {vehicle: require_binary(vehicle) for vehicle in vehicles}
        self.aircraft = tuple(
            ArduPilotSitl(
                binaries[vehicle],
                home.moved(0.0, number * spacing_m),
                scratch_dir / f"{first_system_id + number}-{vehicle}",
                instance=number,
                speedup=speedup,
                params=params,
                vehicle=vehicle,
                system_id=first_system_id + number,
            )
            for number, vehicle in enumerate(vehicles)
        )

    @property
    def urls(self) -> tuple[str, ...]:
        """One link URL for each aircraft, in order."""
        return tuple(one.url for one in self.aircraft)

    def start(self, timeout_s: float = 20.0) -> None:
        """Start them one after the other: a port is seen to be taken before the next one looks for a free one."""
        try:
            for one in self.aircraft:
                one.start(timeout_s)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End them all; calling it twice does no harm."""
        for one in self.aircraft:
            one.stop()

    def __enter__(self) -> ArduPilotFleet:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
