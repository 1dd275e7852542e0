"""From the bus's records to table rows. NaN becomes NULL."""

from __future__ import annotations

import math

from groundstation.core import records as r
from groundstation.core.alert_records import AlertAct
from groundstation.store.batch import Value

# A later record of the same incident replaces it, but what is already known of its clip, and that somebody has
# acknowledged it, is not undone by a record that does not know it yet.
UPSERT_INCIDENT = """INSERT INTO incident VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
    ON CONFLICT (incident_id) DO UPDATE SET kind=excluded.kind, t_utc_us=excluded.t_utc_us,
    t_raised_utc_us=excluded.t_raised_utc_us, lat_deg=excluded.lat_deg, lon_deg=excluded.lon_deg,
    ce90_m=excluded.ce90_m, direction=excluded.direction, class_name=excluded.class_name,
    probability=excluded.probability, track_id=excluded.track_id, system_id=excluded.system_id,
    component_id=excluded.component_id, flight_id=excluded.flight_id,
    evidence=CASE WHEN excluded.evidence <> '' THEN excluded.evidence ELSE incident.evidence END,
    acknowledged_utc_us=CASE WHEN excluded.acknowledged_utc_us <> 0 THEN excluded.acknowledged_utc_us
        ELSE incident.acknowledged_utc_us END,
    acknowledged_by=CASE WHEN excluded.acknowledged_by <> '' THEN excluded.acknowledged_by
        ELSE incident.acknowledged_by END,
    text=excluded.text, urgency=excluded.urgency, rule=excluded.rule"""
INSERT_ACKNOWLEDGEMENT = "INSERT OR IGNORE INTO acknowledgement VALUES (?,?,?)"
INSERT_ALERT_ACT = "INSERT OR IGNORE INTO alert_act VALUES (?,?,?,?,?,?,?,?)"
UPSERT_EVIDENCE = "INSERT OR REPLACE INTO evidence VALUES (?,?,?,?,?,?)"
INSERT_ACTION = (
    "INSERT INTO operator_action (t_utc_us, flight_id, operator, action, subject, detail) VALUES (?,?,?,?,?,?)"
)
INSERT_PLAN_STATUS = """INSERT INTO plan_status (flight_id, system_id, component_id, t_utc_us, phase, plan_name, detail,
    mission_items, fence_items, rally_items, mission_verified, fence_verified, rally_verified, upload_s)
    VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""
UPSERT_REMOTE_INCIDENT = "INSERT OR REPLACE INTO remote_incident VALUES (?,?,?,?,?,?,?,?,?,?,?)"
INSERT_TRACK_POINT = "INSERT OR REPLACE INTO track_point VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
INSERT_FRIEND_POSITION = "INSERT OR REPLACE INTO friend_position VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
INSERT_DOCUMENT = "INSERT OR REPLACE INTO flight_document VALUES (?,?,?,?)"
INSERT_TELEMETRY = "INSERT OR REPLACE INTO telemetry VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


def number(value: float) -> float | None:
    """A float for a REAL column: NaN and infinities are NULL."""
    return float(value) if math.isfinite(value) else None


def incident_row(incident: r.Incident, t_stored_utc_us: int) -> tuple[Value, ...]:
    """Values for :data:`UPSERT_INCIDENT`."""
    i = incident
    return (
        i.incident_id, i.kind, i.t_utc_us, i.t_raised_utc_us, float(i.lat_deg), float(i.lon_deg), number(i.ce90_m),
        i.direction, i.class_name, number(i.probability), i.track_id, i.vehicle_id.system_id,
        i.vehicle_id.component_id, i.flight_id, i.evidence, i.acknowledged_utc_us, i.acknowledged_by, i.text,
        t_stored_utc_us, i.urgency, i.rule,
    )  # fmt: skip


def alert_act_row(flight_id: str, act: AlertAct) -> tuple[Value, ...]:
    """Values for :data:`INSERT_ALERT_ACT`."""
    return (act.act_id, act.alert_id, act.t_utc_us, act.operator, act.kind, act.value, act.text, flight_id)


def friend_row(flight_id: str, position: r.FriendPosition, t_stored_utc_us: int) -> tuple[Value, ...]:
    """Values for :data:`INSERT_FRIEND_POSITION`."""
    p = position
    velocity = p.velocity_en_m_s or (math.nan, math.nan)
    return (
        flight_id, p.friend_id, p.t_utc_us, p.name, p.kind, number(p.lat_deg), number(p.lon_deg), number(p.sigma_m),
        number(velocity[0]), number(velocity[1]), p.people, t_stored_utc_us,
    )  # fmt: skip


def plan_status_row(flight_id: str, status: r.PlanStatus) -> tuple[Value, ...]:
    """Values for :data:`INSERT_PLAN_STATUS`."""
    s = status
    return (
        flight_id, s.vehicle_id.system_id, s.vehicle_id.component_id, s.t_utc_us, s.phase, s.plan_name, s.detail,
        s.mission_items, s.fence_items, s.rally_items, int(s.mission_verified), int(s.fence_verified),
        int(s.rally_verified), number(s.upload_s),
    )  # fmt: skip


def remote_incident_row(incident: r.RemoteIncident) -> tuple[Value, ...]:
    """Values for :data:`UPSERT_REMOTE_INCIDENT`."""
    i = incident
    return (
        i.peer, i.incident_id, i.kind, i.t_utc_us, i.received_utc_us, i.class_name, i.direction, number(i.lat_deg),
        number(i.lon_deg), number(i.ce90_m), i.agreement_id,
    )  # fmt: skip


def telemetry_row(flight_id: str, state: r.VehicleState) -> tuple[Value, ...]:
    """Values for :data:`INSERT_TELEMETRY`."""
    s = state
    return (
        flight_id, s.vehicle_id.system_id, s.vehicle_id.component_id, s.t_utc_us, number(s.lat_deg),
        number(s.lon_deg), number(s.alt_amsl_m), number(s.alt_rel_home_m), number(s.yaw_deg), number(s.speed_m_s),
        s.mode, int(s.armed), number(s.battery_percent), int(s.link_alive),
    )  # fmt: skip
