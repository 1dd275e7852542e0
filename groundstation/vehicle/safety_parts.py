"""The parts that watch over every aircraft, and the messages that they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from geofences.terrain import TerrainGrid
from groundstation.core.records import VehicleId
from groundstation.vehicle.camera import CAMERA_FOV_STATUS, CameraPart
from groundstation.vehicle.failsafes import failsafe_parameters
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.gimbal import GIMBAL_MANAGER_STATUS, GimbalPart
from groundstation.vehicle.health import HealthPart
from groundstation.vehicle.look import Ground
from groundstation.vehicle.look_part import LookPart
from groundstation.vehicle.modes import Family
from groundstation.vehicle.parameter_watch import ParameterWatch
from groundstation.vehicle.parts import AircraftPart, PartFactory
from groundstation.vehicle.preflight import MOUNT_PARAMETER
from groundstation.vehicle.streams import DEFAULT_RATES_HZ
from groundstation.vehicle.terrain_answer import TERRAIN_REPORT, TERRAIN_REQUEST, TerrainPart
from groundstation.vehicle.traffic import ADSB_VEHICLE, TrafficPart

SAFETY_RATES_HZ: Mapping[int, float] = MappingProxyType(
    {
        **DEFAULT_RATES_HZ,
        2: 0.5,  # SYSTEM_TIME
        62: 2.0,  # NAV_CONTROLLER_OUTPUT
        168: 1.0,  # WIND
        241: 1.0,  # VIBRATION
        # One contact at a time; by default a Copter and a Rover send none.
        ADSB_VEHICLE: 10.0,
        # Asked for by the aircraft only while this stream runs, which on a Copter is off by default.
        TERRAIN_REQUEST: 1.0,
        TERRAIN_REPORT: 0.5,
        CAMERA_FOV_STATUS: 1.0,
        GIMBAL_MANAGER_STATUS: 1.0,
    }
)


def safety_parts(
    terrain: TerrainGrid | None = None,
    answer_terrain: bool = True,
    terrain_pieces_per_s: float = 20.0,
    own: tuple[int, int] = (255, 190),
) -> tuple[PartFactory, ...]:
    """For :class:`groundstation.vehicle.service.VehicleService`. ``own``: the address of this station."""
    watches: dict[VehicleId, ParameterWatch] = {}

    def watch(vehicle_id: VehicleId, family: Family) -> ParameterWatch:
        """The first of the parts, which the others look at."""
        watches[vehicle_id] = ParameterWatch(vehicle_id, (*failsafe_parameters(family), MOUNT_PARAMETER))
        return watches[vehicle_id]

    made: tuple[Callable[[VehicleId, Family], AircraftPart], ...] = (
        watch,
        lambda v, family: FencePart(v, family, watches[v], terrain),
        lambda v, _: LookPart(v),
        lambda v, _: HealthPart(v, watches[v]),
        lambda v, _: TrafficPart(v),
        lambda v, _: TerrainPart(v, terrain if answer_terrain else None, terrain_pieces_per_s),
        lambda v, _: GimbalPart(v, own),
        lambda v, _: CameraPart(v, lambda level_amsl_m: Ground(terrain, level_amsl_m)),
    )
    return made
