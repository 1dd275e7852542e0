"""The gateways of a station's file: from their words to a service, and the ground under what they tell."""

from __future__ import annotations

from geofences.terrain_grid import TerrainGrid
from groundstation.app.config import StationConfig
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.share.gateways import GatewayService, GatewaySettings


def gateway_settings(config: StationConfig) -> list[GatewaySettings]:
    """What the file says of gateways."""
    return [GatewaySettings(g.name, g.url, g.agreement, g.recipient, g.folder) for g in config.share.gateways]


def gateway_service(
    config: StationConfig, bus: Bus, clock: Clock, terrain: TerrainGrid | None
) -> GatewayService | None:
    """The service, not yet started; None for a station without gateways."""
    settings = gateway_settings(config)
    if not settings:
        return None
    sigma_m = config.area.terrain_sigma_m

    def ground(lat_deg: float, lon_deg: float) -> tuple[float, float]:
        assert terrain is not None
        return float(terrain.height(lat_deg, lon_deg)), sigma_m

    return GatewayService(
        bus,
        config.station.name,
        settings,
        config.station.data_dir,
        clock,
        None if terrain is None else ground,
        config.share.protected_areas,
    )
