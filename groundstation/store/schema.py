"""The tables of ``station.db`` and ``points-YYYYMMDD.db``. Steps are only ever appended.

Columns are named as the fields of :mod:`groundstation.core.records`.
"""

from __future__ import annotations

from groundstation.core.database import SchemaStep

STATION_SCHEMA: tuple[SchemaStep, ...] = (
    (
        """CREATE TABLE flight (
            flight_id TEXT PRIMARY KEY, started_utc_us INTEGER NOT NULL, ended_utc_us INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'interrupted'))) WITHOUT ROWID""",
        """CREATE TABLE incident (
            incident_id TEXT PRIMARY KEY, kind TEXT NOT NULL, t_utc_us INTEGER NOT NULL,
            t_raised_utc_us INTEGER NOT NULL, lat_deg REAL NOT NULL, lon_deg REAL NOT NULL, ce90_m REAL,
            direction TEXT NOT NULL, class_name TEXT NOT NULL, probability REAL, track_id TEXT NOT NULL,
            system_id INTEGER NOT NULL, component_id INTEGER NOT NULL, flight_id TEXT NOT NULL,
            evidence TEXT NOT NULL, acknowledged_utc_us INTEGER NOT NULL, acknowledged_by TEXT NOT NULL,
            text TEXT NOT NULL, t_stored_utc_us INTEGER NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX incident_by_flight ON incident (flight_id, t_utc_us)",
        # Evidence and acknowledgements stand apart from the incident: they may arrive before it, and more than once.
        """CREATE TABLE evidence (
            incident_id TEXT NOT NULL, stream TEXT NOT NULL, path TEXT NOT NULL, ok INTEGER NOT NULL,
            detail TEXT NOT NULL, t_utc_us INTEGER NOT NULL, PRIMARY KEY (incident_id, stream, path)) WITHOUT ROWID""",
        """CREATE TABLE acknowledgement (
            incident_id TEXT NOT NULL, t_utc_us INTEGER NOT NULL, operator TEXT NOT NULL,
            PRIMARY KEY (incident_id, t_utc_us, operator)) WITHOUT ROWID""",
        """CREATE TABLE operator_action (
            id INTEGER PRIMARY KEY, t_utc_us INTEGER NOT NULL, flight_id TEXT NOT NULL, operator TEXT NOT NULL,
            action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL)""",
        """CREATE TABLE plan_status (
            id INTEGER PRIMARY KEY, flight_id TEXT NOT NULL, system_id INTEGER NOT NULL,
            component_id INTEGER NOT NULL, t_utc_us INTEGER NOT NULL, phase TEXT NOT NULL, plan_name TEXT NOT NULL,
            detail TEXT NOT NULL, mission_items INTEGER NOT NULL, fence_items INTEGER NOT NULL,
            rally_items INTEGER NOT NULL, mission_verified INTEGER NOT NULL, fence_verified INTEGER NOT NULL,
            rally_verified INTEGER NOT NULL, upload_s REAL)""",
        """CREATE TABLE remote_incident (
            peer TEXT NOT NULL, incident_id TEXT NOT NULL, kind TEXT NOT NULL, t_utc_us INTEGER NOT NULL,
            received_utc_us INTEGER NOT NULL, class_name TEXT NOT NULL, direction TEXT NOT NULL,
            lat_deg REAL, lon_deg REAL, ce90_m REAL, agreement_id TEXT NOT NULL,
            PRIMARY KEY (peer, incident_id)) WITHOUT ROWID""",
    ),
    (
        "ALTER TABLE incident ADD COLUMN urgency TEXT NOT NULL DEFAULT 'alarm'",
        "ALTER TABLE incident ADD COLUMN rule TEXT NOT NULL DEFAULT ''",
        # What was in force on a flight, by name: the area, the rules.
        """CREATE TABLE flight_document (
            flight_id TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, t_utc_us INTEGER NOT NULL,
            PRIMARY KEY (flight_id, name)) WITHOUT ROWID""",
    ),
    (
        # What operators did with alerts. Append only: the database itself refuses to change or remove a row.
        """CREATE TABLE alert_act (
            act_id TEXT PRIMARY KEY, alert_id TEXT NOT NULL, t_utc_us INTEGER NOT NULL, operator TEXT NOT NULL,
            kind TEXT NOT NULL, value TEXT NOT NULL, text TEXT NOT NULL, flight_id TEXT NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX alert_act_by_alert ON alert_act (alert_id, t_utc_us)",
        "CREATE INDEX alert_act_by_time ON alert_act (t_utc_us)",
        """CREATE TRIGGER alert_act_unchanged BEFORE UPDATE ON alert_act
            BEGIN SELECT RAISE(ABORT, 'what an operator did is not changed'); END""",
        """CREATE TRIGGER alert_act_kept BEFORE DELETE ON alert_act
            BEGIN SELECT RAISE(ABORT, 'what an operator did is not removed'); END""",
    ),
)

POINTS_SCHEMA: tuple[SchemaStep, ...] = (
    (
        # Clustered by track: a track is read in one sweep, and a repeated point is one row.
        """CREATE TABLE track_point (
            flight_id TEXT NOT NULL, track_id TEXT NOT NULL, t_utc_us INTEGER NOT NULL, lat_deg REAL NOT NULL,
            lon_deg REAL NOT NULL, alt_amsl_m REAL, velocity_east_m_s REAL, velocity_north_m_s REAL,
            covariance_ee_m2 REAL, covariance_en_m2 REAL, covariance_nn_m2 REAL, class_name TEXT NOT NULL,
            class_probability REAL, status INTEGER NOT NULL,
            PRIMARY KEY (flight_id, track_id, t_utc_us)) WITHOUT ROWID""",
        """CREATE TABLE telemetry (
            flight_id TEXT NOT NULL, system_id INTEGER NOT NULL, component_id INTEGER NOT NULL,
            t_utc_us INTEGER NOT NULL, lat_deg REAL, lon_deg REAL, alt_amsl_m REAL, alt_rel_home_m REAL,
            yaw_deg REAL, speed_m_s REAL, mode TEXT NOT NULL, armed INTEGER NOT NULL, battery_percent REAL,
            link_alive INTEGER NOT NULL,
            PRIMARY KEY (flight_id, system_id, component_id, t_utc_us)) WITHOUT ROWID""",
    ),
    (
        # Every confirmed update of every track, in chunks, for running rules again: see track_log.py.
        """CREATE TABLE track_log (
            id INTEGER PRIMARY KEY, flight_id TEXT NOT NULL, stream TEXT NOT NULL, system_id INTEGER NOT NULL,
            component_id INTEGER NOT NULL, from_utc_us INTEGER NOT NULL, to_utc_us INTEGER NOT NULL,
            frames INTEGER NOT NULL, updates INTEGER NOT NULL, data BLOB NOT NULL)""",
        "CREATE INDEX track_log_by_flight ON track_log (flight_id, id)",
        """CREATE TABLE friend_position (
            flight_id TEXT NOT NULL, friend_id TEXT NOT NULL, t_utc_us INTEGER NOT NULL, name TEXT NOT NULL,
            kind TEXT NOT NULL, lat_deg REAL NOT NULL, lon_deg REAL NOT NULL, sigma_m REAL NOT NULL,
            velocity_east_m_s REAL, velocity_north_m_s REAL, people INTEGER NOT NULL, t_stored_utc_us INTEGER NOT NULL,
            PRIMARY KEY (flight_id, friend_id, t_utc_us)) WITHOUT ROWID""",
    ),
)
