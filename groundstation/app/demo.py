"""``groundstation demo``: simulator, station, neighbour and console together on this machine, and a report at the end.

The station in it is the real one: it gets an area folder, a link URL and a video URL, and nothing of the truth. The
truth is read here, after the flight, to score what the station said.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geofences.area import Area, read_area
from geofences.terrain import read_geotiff
from groundstation.app.config import (
    AreaSection,
    LinkSection,
    PatrolSection,
    PeerSection,
    ShareSection,
    StationConfig,
    StationSection,
    VideoSection,
)
from groundstation.app.coverage_report import coverage_section
from groundstation.app.demo_share import DemoShare, agreement_words, share_report
from groundstation.app.pairing import write_neighbour
from groundstation.app.processes import ChildProcess
from groundstation.app.report import map_svg, write_html
from groundstation.app.score import score_crossings
from groundstation.app.station import Station
from groundstation.core.errors import ConfigError, MarchwardenError
from groundstation.core.records import CommandOutcome, CommandResult, Incident, PlanStatus, VehicleId
from groundstation.share.summary import PeerSummary, lost_between, share_summary
from groundstation.store import queries
from groundstation.store.export import export_incidents
from missions.plan import Plan
from sim.scenario import load_scenario

_log = logging.getLogger("groundstation.demo")

OWN_NAME, NEIGHBOUR_NAME = "arvenia", "belmark"
STRETCH_M = 400.0
"""Of the border: short enough that every place on it is passed several times in a demonstration."""
_ORDER_S = 60.0
_OURS = (
    "report.json", "report.html", "incidents.geojson", "tracks.geojson", "flight.tlog", "console.png", "evidence", "sim",
    "neighbour", "pairing", "logs", "neighbour.toml", "keys",
)  # fmt: skip


@dataclass(frozen=True)
class DemoOptions:
    """What the command line says."""

    scenario: str
    seed: int
    duration_s: float
    out: Path
    headless: bool


def free_port(kind: socket.SocketKind) -> int:
    """A port that nobody holds now on the loopback interface."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_folder(out: Path) -> None:
    """Make the output folder, or clear an earlier demo out of it; somebody else's folder is left alone.

    Raises :class:`ConfigError` when it holds other things or cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = {p.name for p in out.iterdir()}
        if names and not names & {"report.json", "sim", "logs"}:
            raise ConfigError(f"{out}: is not empty and not from an earlier demo", "give another folder with --out")
        for path in out.iterdir():
            if path.name in _OURS or path.suffix in (".db", ".db-wal", ".db-shm") or path.name.startswith("points-"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written: {error.strerror}", "give another folder with --out") from error


class Director(threading.Thread):
    """Plays the demonstration while the main thread runs Qt. ``finished`` is set at the end, ``error`` when it failed."""

    def __init__(self, options: DemoOptions, say: Callable[[str], None]) -> None:
        super().__init__(name="demo", daemon=True)
        self._options, self._say = options, say
        self.finished = threading.Event()
        self.station_ready = threading.Event()
        self.take_picture = threading.Event()
        self.abort = threading.Event()
        self.error: BaseException | None = None
        self.station: Station | None = None
        self.area: Area | None = None
        self.plan: Plan | None = None
        self._agreement: Path | None = None
        self.report: dict[str, Any] = {}
        self._simulator: ChildProcess | None = None
        self._neighbour: ChildProcess | None = None

    def run(self) -> None:
        """The whole demonstration."""
        try:
            self._play()
        except BaseException as error:  # handed to the main thread, which raises it
            self.error = error
        finally:
            for part in (self.station, self._neighbour, self._simulator):
                if part is not None:
                    try:
                        part.stop()
                    except Exception:
                        _log.exception("while ending %s", part)
            self.finished.set()

    def _play(self) -> None:
        started_s = time.monotonic()
        options, out = self._options, self._options.out
        mavlink_port, video_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
        self._simulator = ChildProcess(
            "simulator",
            ["sim", "--scenario", options.scenario, "--seed", str(options.seed), "--out", str(out / "sim"),
             "--mavlink", f"tcp://127.0.0.1:{mavlink_port}", "--video", f"udp://127.0.0.1:{video_port}"],
            out / "logs" / "sim.log",
        )  # fmt: skip
        load_scenario(options.scenario)  # a wrong name is told here, before anything is started
        self._simulator.start()
        self._simulator.wait_for("SIM READY", 60.0)
        self._say(f"simulator: scenario {options.scenario}, seed {options.seed}, flying and filming")
        area_folder = out / "sim" / "area"
        self.area = read_area(area_folder / "area.geojson")
        share_port = free_port(socket.SOCK_STREAM)
        paired = write_neighbour(out, self.area, OWN_NAME, NEIGHBOUR_NAME, share_port)
        self._agreement = paired.agreement
        self._say(agreement_words(paired.agreement))
        self._neighbour = ChildProcess(
            "neighbour",
            [
                "groundstation.app.main",
                "run",
                "--headless",
                "--stand-in-officer",
                "--config",
                str(paired.neighbour_config),
            ],
            out / "logs" / "neighbour.log",
            restart=True,
        )
        self._neighbour.start()
        station = self.station = Station(
            StationConfig(
                station=StationSection(name=OWN_NAME, data_dir=out, operator="demo"),
                area=AreaSection(folder=area_folder),
                link=LinkSection(url=f"tcp://127.0.0.1:{mavlink_port}"),
                video=VideoSection(url=f"udp://127.0.0.1:{video_port}"),
                patrol=PatrolSection(stretch_length_m=STRETCH_M),
                share=ShareSection(
                    certificate=paired.own_certificate,
                    key=paired.own_key,
                    peers=[
                        PeerSection(
                            name=NEIGHBOUR_NAME,
                            connect=f"127.0.0.1:{share_port}",
                            ca=paired.neighbour_ca,
                            agreement=paired.agreement,
                        )
                    ],
                ),
            )
        )
        station.start()
        self._neighbour.wait_for("STATION READY", 40.0)
        self._write_pids()
        vehicle_id = station.wait_for_vehicle(30.0)
        self.plan = station.plan_patrol(vehicle_id)
        self.station_ready.set()
        status = station.orders.upload_plan(vehicle_id, self.plan).result(90.0)
        if status.phase != "in_force":
            raise MarchwardenError(f"the plan is not in force: {status.detail}", f"see {out / 'logs'}")
        self._say(
            f"plan {status.plan_name!r}: {status.mission_items} mission and {status.fence_items} fence items uploaded, "
            f"read back and identical in {status.upload_s:.1f} s; fence in force"
        )
        self._fly(vehicle_id)
        self._finish(started_s, status)

    def _write_pids(self) -> None:
        """For tests that kill a part and see it come back."""
        assert self.station is not None
        assert self._neighbour is not None
        pids = {"neighbour": self._neighbour.pid, "vision": self.station.vision_pid}
        path = self._options.out / "logs" / "pids.json"
        if not path.exists() or json.loads(path.read_text()) != pids:
            part = path.with_suffix(".part")
            part.write_text(json.dumps(pids))
            part.replace(path)

    def _fly(self, vehicle_id: VehicleId) -> None:
        station = self.station
        assert station is not None
        self._make_ready(station, vehicle_id)
        outcome = self._order(lambda: station.orders.start_mission(vehicle_id))
        if not outcome.ok:
            raise MarchwardenError(f"the patrol was not started: {outcome.reason}", "see logs/sim.log")
        self._say("patrol started")
        began_s = time.monotonic()
        told: set[str] = set()
        sharing = DemoShare(station.bus, station.share, OWN_NAME, NEIGHBOUR_NAME, self._say)
        next_picture_s = began_s + 0.5 * self._options.duration_s
        while (now_s := time.monotonic()) - began_s < self._options.duration_s and not self.abort.is_set():
            self._watch_children()
            for incident in station.flight.incidents():
                if incident.incident_id not in told:
                    told.add(incident.incident_id)
                    sharing.on_incident(incident)
                    self._say(incident.text)
                    next_picture_s = now_s + 2.0
            sharing.step()
            if now_s >= next_picture_s:
                self.take_picture.set()
                next_picture_s = float("inf")
            time.sleep(0.1)
        outcome = self._order(lambda: station.orders.return_to_launch(vehicle_id))
        self._say(f"return to launch: {outcome.result.value}")
        if not outcome.ok:
            raise MarchwardenError(f"the aircraft did not accept the return: {outcome.reason}", "see logs/sim.log")
        landed_by_s = time.monotonic() + 150.0
        while time.monotonic() < landed_by_s and not station.is_home(vehicle_id, 30.0):
            self._watch_children()
            sharing.step()
            time.sleep(0.2)
        self._say("home" if station.is_home(vehicle_id, 30.0) else "still on its way home")

    def _make_ready(self, station: Station, vehicle_id: VehicleId) -> None:
        """What an operator does with an aircraft that comes with a Copter's defaults: nothing would bring it home."""
        result = station.orders.set_parameter(vehicle_id, "FS_GCS_ENABLE", 1.0).result(30.0)
        if not result.ok:
            raise MarchwardenError(f"the lost-link failsafe was not set: {result.reason}", "see logs/sim.log")
        # The video has only just begun: its worker may still be loading the network.
        ready_by_s = time.monotonic() + 120.0
        while not (report := station.orders.preflight(vehicle_id).result(60.0)).ok and time.monotonic() < ready_by_s:
            self._watch_children()
            time.sleep(0.5)
        told = f"{len(report.items)} items, {sum(i.state == 'warning' for i in report.items)} warnings"
        self._say(f"pre-flight list: {told}" if report.ok else f"pre-flight list: {told}, {len(report.failed)} failed")

    def _order(self, give: Callable[[], Future[CommandOutcome]]) -> CommandOutcome:
        """Give an order, again as long as the link is too slow for it: a loaded machine is like a bad radio."""
        until_s = time.monotonic() + _ORDER_S
        while True:
            outcome = give().result(60.0)
            if outcome.result is not CommandResult.NOT_SENT or time.monotonic() >= until_s:
                return outcome
            self._watch_children()
            time.sleep(1.0)

    def _watch_children(self) -> None:
        assert self._simulator is not None
        assert self._neighbour is not None
        self._neighbour.watch()
        if not self._simulator.alive:
            raise MarchwardenError(
                "the simulator ended during the flight", f"see {self._options.out / 'logs' / 'sim.log'}"
            )
        self._write_pids()

    def _finish(self, started_s: float, status: PlanStatus) -> None:
        station, out = self.station, self._options.out
        assert station is not None
        assert self.area is not None
        assert self.plan is not None
        # The neighbour must have everything before either side goes, or it would be told as lost.
        if not station.wait_for_neighbours(20.0):
            _log.warning("not everything had a receipt when the demo ended")
        latency, frames_processed = station.latency.as_report(), len(station.latency.frame_to_track_ms)
        breaches = station.flight.fence_breaches
        flown, tracks = station.flight.flown_path(), station.flight.track_paths()
        flight_id = station.flight_id
        station.flight.export(out)
        station.stop()
        assert self._neighbour is not None
        assert self._simulator is not None
        self._neighbour.stop()
        self._simulator.stop()
        export_incidents(out, out / "incidents.geojson", flight_id)  # again: the last clips came with the stop
        told = queries.incidents(out, flight_id)
        # The truth knows crossings only; what other rules said is shown and not scored.
        incidents, others = [i for i in told if i.kind == "crossing"], [i for i in told if i.kind != "crossing"]
        truth = json.loads((out / "sim" / "truth" / "truth.json").read_text(encoding="utf-8"))
        score = score_crossings(incidents, truth["crossings"])
        judgements = [score.judgement(row) for row in range(len(incidents))]
        neighbour = _compare_books(out)
        self.report = {
            "scenario": self._options.scenario,
            "seed": self._options.seed,
            "duration_s": self._options.duration_s,
            "wall_s": round(time.monotonic() - started_s, 1),
            "mission": {
                "items": status.mission_items,
                "verified": status.mission_verified,
                "upload_s": round(status.upload_s, 3),
            },
            "fence": {
                "items": status.fence_items,
                "verified": status.fence_verified,
                # What the aircraft reported and what really happened; the worse counts.
                "breaches": max(breaches, len(truth.get("fence_breaches", ()))),
            },
            "truth": {"crossings": truth["crossings"]},
            "incidents": [_incident_row(i) for i in incidents],
            "other_incidents": [{**_incident_row(i), "urgency": i.urgency, "text": i.text} for i in others],
            "score": score.as_report(),
            "latency_ms": latency,
            "neighbour": neighbour,
            "share": share_report(
                out,
                NEIGHBOUR_NAME,
                share_summary(out).get(NEIGHBOUR_NAME, PeerSummary()),
                neighbour["lost"],
                self._agreement,
            ),
            "video": {**truth["video"], "frames_processed": frames_processed},
            "restarts": {"vision": station.vision_restarts, "neighbour": self._neighbour.restarts},
        }
        (out / "report.json").write_text(json.dumps(self.report, indent=1), encoding="utf-8")
        patrol = [(i.x / 1e7, i.y / 1e7) for i in self.plan.items if i.x and i.y]
        svg = map_svg(self.area, patrol, flown, tracks, incidents, judgements, others)
        write_html(
            out / "report.html", self.report, incidents, judgements, svg, others, coverage_section(out, self.area)
        )


def _compare_books(out: Path) -> dict[str, int]:
    """What the neighbour got, from both stations' own databases."""
    ours = share_summary(out).get(NEIGHBOUR_NAME, PeerSummary())
    theirs = share_summary(out / "neighbour").get(OWN_NAME, PeerSummary())
    return {
        "tracks_received": theirs.tracks_received,
        "incidents_received": theirs.incidents_received,
        "records_received": theirs.records_received,
        "records_sent": ours.sent_seq,
        "disclosures": ours.disclosures,
        "withheld": ours.withheld,
        "refused": theirs.refused,
        "lost": lost_between(ours, theirs),
    }


def _incident_row(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.incident_id,
        "kind": incident.kind,
        "t_utc_us": incident.t_utc_us,
        "lat": incident.lat_deg,
        "lon": incident.lon_deg,
        "ce90_m": round(incident.ce90_m, 2),
        "direction": incident.direction,
        "class": incident.class_name,
        "probability": round(incident.probability, 4),
        "track_id": incident.track_id,
        "t_raised_utc_us": incident.t_raised_utc_us,
        "evidence": incident.evidence,
    }


def _has_display() -> bool:
    platform: str = sys.platform
    if platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def run_demo(options: DemoOptions) -> int:
    """Play the demonstration; 0 when the main job was done from end to end."""
    if not 10.0 <= options.duration_s <= 3600.0:
        raise ConfigError(f"--duration-s {options.duration_s:g} is out of range", "give 10 to 3600 seconds")
    headless = options.headless or not _has_display()
    prepare_folder(options.out)
    from PyQt6.QtCore import QTimer

    from groundstation.console.qt import make_application
    from groundstation.console.window import ConsoleWindow

    application = make_application(headless)
    (options.out / "evidence").mkdir(exist_ok=True)
    began_s = time.monotonic()
    director = Director(options, lambda text: print(f"[{time.monotonic() - began_s:6.1f} s] {text}", flush=True))
    window: ConsoleWindow | None = None
    picture = options.out / "console.png"

    def tick() -> None:
        nonlocal window
        if window is None and director.station_ready.is_set() and director.station is not None:
            station = director.station
            terrain = read_geotiff(options.out / "sim" / "area" / "terrain.tif")
            window = ConsoleWindow(
                station.bus,
                station.orders,
                director.area,
                terrain,
                operator="demo",
                title=f"Marchwarden · {OWN_NAME}",
                corridors=station.shared_corridors(),
                data_dir=station.data_dir,
                services=station.services(),
            )
            if director.plan is not None:
                window.set_plan(director.plan)
            window.start()
            if not headless:
                window.show()
        if window is not None:
            if headless:
                window.bridge.drain()
            elif not window.isVisible():
                director.abort.set()
            if director.take_picture.is_set():
                director.take_picture.clear()
                window.grab().save(str(picture))
        if director.finished.is_set():
            application.quit()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(100)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: director.abort.set())
    director.start()
    application.exec()
    director.join(60.0)
    if window is not None:
        if not picture.exists():
            window.grab().save(str(picture))
        window.close()
    if director.error is not None:
        raise director.error
    _print_summary(director.report, options.out)
    return 0


def _print_summary(report: dict[str, Any], out: Path) -> None:
    score, latency, neighbour = report["score"], report["latency_ms"], report["neighbour"]
    found, missed = score["true_positives"], score["missed"]
    median_m = score["position_error_m"]["median"]
    print(f"crossings in view found {found} of {found + missed}, false {score['false_positives']}"
          + (f", median position error {median_m:.1f} m" if median_m is not None else ""))  # fmt: skip
    print(f"fence breaches {report['fence']['breaches']}; frame to track {latency['frame_to_track']['p50']} ms (median); "
          f"neighbour got {neighbour['tracks_received']} tracks and {neighbour['incidents_received']} incidents, "
          f"lost {neighbour['lost']}")  # fmt: skip
    print(f"report: {out / 'report.html'}")
