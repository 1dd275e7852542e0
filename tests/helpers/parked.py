"""The simulated autopilot on the ground in simulated time: protocols in full, without the cost of flying."""

from __future__ import annotations

from typing import Any

from sim.autopilot import Autopilot, ErrorSizes

LAT, LON, GROUND_M = 49.0, 20.0, 300.0


class ParkedAutopilot(Autopilot):
    """An autopilot that has found its position and then stays where it is."""

    def __init__(self, parameters: dict[str, float] | None = None, **more: Any) -> None:
        self._parked, self._booted_s = False, 0.0
        super().__init__(
            LAT, LON, lambda lat, lon: GROUND_M, error_sizes=ErrorSizes.none(), parameters=parameters, **more
        )
        self.step(3.0)
        self._parked = True

    def _fixed_step(self, t_s: float) -> None:
        if self._parked:
            self.now_s = t_s
            self.flight.now_s = t_s - self._booted_s
        else:
            super()._fixed_step(t_s)

    def reboot(self) -> None:
        """As the aircraft does it; its boot time begins anew."""
        super().reboot()
        self._booted_s = self.now_s


class SimVehicle:
    """The far end for :func:`tests.unit.missions.fake_vehicle.run`."""

    def __init__(self, **more: Any) -> None:
        self.autopilot = ParkedAutopilot(**more)
        self.heard: list[Any] = []

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """What the autopilot answers."""
        self.heard.append(message)
        return [said for channel, said in self.autopilot.on_message(1, message, now_s) if channel in (None, 1)]

    def on_time(self, now_s: float) -> list[Any]:
        """What the autopilot says by itself."""
        return [said for channel, said in self.autopilot.step(now_s) if channel in (None, 1)]

    def items(self, mission_type: int) -> list[Any]:
        """What it holds of a list."""
        store = {0: self.autopilot.mission_store, 1: self.autopilot.fence_store, 2: self.autopilot.rally_store}
        return [store[mission_type].get(n) for n in range(store[mission_type].count())]
