"""A state of a flying copter for tests."""

from dataclasses import replace

from groundstation.core.records import FenceState, VehicleId, VehicleState

LAT, LON, ALT = 49.0, 20.0, 300.0


def flying(**changes) -> VehicleState:
    """Armed, healthy, 50 m above home, standing still."""
    state = VehicleState(
        VehicleId(1), 0, 1_790_000_000_000_000, link_alive=True, heartbeat_age_s=0.2, autopilot="ArduPilot",
        vehicle_type="quadrotor", mode="AUTO", armed=True, lat_deg=LAT, lon_deg=LON, alt_amsl_m=ALT + 50.0,
        alt_rel_home_m=50.0, roll_deg=0.0, pitch_deg=0.0, yaw_deg=0.0, velocity_ned_m_s=(0.0, 0.0, 0.0),
        battery_percent=80.0, battery_v=24.0, gps_fix_type=3, satellites=14, position_ok=True,
        home_lat_deg=LAT, home_lon_deg=LON, home_alt_amsl_m=ALT, fence=FenceState(True, True, True),
    )  # fmt: skip
    return replace(state, **changes)
