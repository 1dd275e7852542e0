"""The command line: ``groundstation demo | sim | run | watch | replay | doctor``. Imports late, so that ``--help`` is quick."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from groundstation import __version__
from groundstation.app.console_options import (
    add_console_arguments,
    add_guide_arguments,
    add_screenshots_arguments,
)
from groundstation.app.coverage_options import add_coverage_arguments
from groundstation.app.evidence_options import add_evidence_arguments
from groundstation.app.link_options import add_signing_arguments, add_tlog_arguments
from groundstation.app.plan_options import add_plan_arguments
from groundstation.app.preflight_options import add_preflight_arguments
from groundstation.app.script_options import add_script_arguments
from groundstation.app.share_options import add_share_arguments
from groundstation.app.vehicle_options import add_vehicle_arguments
from groundstation.app.verdicts_command import add_arguments as add_verdicts_arguments
from groundstation.app.watch_options import add_watch_arguments, watch_options
from groundstation.core.errors import MarchwardenError


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="groundstation", description="Ground station for border patrol with drones.")
    parser.add_argument("--version", action="version", version=f"marchwarden {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="a whole patrol end to end on this machine, with a report")
    demo.add_argument(
        "--headless", action="store_true", help="without a window (the default where there is no display)"
    )
    demo.add_argument("--scenario", default="border_day", help="border_day, border_night, calm, or a TOML file")
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--duration-s", type=float, default=180.0, help="time on patrol, take-off included")
    demo.add_argument("--out", type=Path, default=Path("out/demo"), help="folder for the report")

    sim = commands.add_parser("sim", help="the simulator alone: a MAVLink aircraft and its video", add_help=False)
    sim.add_argument("arguments", nargs=argparse.REMAINDER)

    run = commands.add_parser("run", help="the station itself")
    run.add_argument("--headless", action="store_true", help="without the console")
    run.add_argument("--link", metavar="URL", help="MAVLink link, e.g. tcp://127.0.0.1:5760 or udpin://0.0.0.0:14550")
    run.add_argument("--video", metavar="URL", help="video, e.g. udp://127.0.0.1:5600 or rtsp://...")
    run.add_argument("--config", type=Path, help="TOML file, see examples/station.toml")
    run.add_argument("--parent-pid", type=int, default=0, help=argparse.SUPPRESS)
    # For the neighbour of a demonstration only: it gives receipts that no person gave.
    run.add_argument("--stand-in-officer", action="store_true", help=argparse.SUPPRESS)

    watch = commands.add_parser("watch", help="look through recorded footage: tracks, incidents, annotated video")
    add_watch_arguments(watch)

    evidence = commands.add_parser("evidence", help="check, read and export evidence packages")
    add_evidence_arguments(evidence)

    add_verdicts_arguments(commands.add_parser("verdicts", help="operators' verdicts on alerts as training labels"))

    replay = commands.add_parser("replay", help="what would these rules have said of a past flight?")
    replay.add_argument("flight", type=Path, metavar="FLIGHT", help="a station's data folder, or a folder of the demo")
    replay.add_argument("--rules", type=Path, metavar="FILE", help="rule file; the shipped rules without it")
    replay.add_argument("--flight", dest="flight_id", default="", metavar="ID", help="the newest without it")
    replay.add_argument("--area", type=Path, metavar="FOLDER", help="for a flight that kept no area of its own")
    replay.add_argument("--json", action="store_true")
    replay.add_argument("--out", type=Path, metavar="DIR", help="also write replay.json and incidents.geojson there")

    add_tlog_arguments(commands.add_parser("tlog", help="what is in a flight's MAVLink recording"))
    add_signing_arguments(commands.add_parser("signing", help="keys for signed links, and giving them to aircraft"))

    script = commands.add_parser("script", help="run an operator's DroneKit script, with the permissions it is given")
    add_script_arguments(script)

    vehicle = commands.add_parser("vehicle", help="look at an aircraft or give it one order, for scripts")
    add_vehicle_arguments(vehicle)

    plan = commands.add_parser("plan", help="put a .plan file onto an aircraft, or write one from it; always verified")
    add_plan_arguments(plan)

    preflight = commands.add_parser("preflight", help="the list before a flight, read from the aircraft")
    add_preflight_arguments(preflight)

    coverage = commands.add_parser("coverage", help="what of the border was really seen, and what to look at next")
    add_coverage_arguments(coverage)

    share = commands.add_parser("share", help="neighbouring stations: pairing, agreements, what was told")
    add_share_arguments(share)

    add_console_arguments(commands.add_parser("console", help="another console on a station that runs on this machine"))
    add_guide_arguments(commands.add_parser("guide", help="first steps: the console with a simulated aircraft to fly"))
    add_screenshots_arguments(commands.add_parser("screenshots", help="make the pictures of the console in the docs"))

    doctor = commands.add_parser("doctor", help="check this machine and say what to do")
    doctor.add_argument("--json", action="store_true")
    doctor.add_argument("--config", type=Path, metavar="FILE", help="try the model of this station's file")
    doctor.add_argument("--out", type=Path, default=Path(), help="the folder whose disk is checked")
    return parser


# Actions of `plan` that talk to no aircraft: whatever keeps them from an answer is bad input.
_PLAN_ON_PAPER = ("make", "check", "convert", "show", "simulate")


def _exit_code(arguments: Sequence[str], error: MarchwardenError) -> int:
    on_paper = arguments[:1] == ["plan"] and len(arguments) > 1 and arguments[1] in _PLAN_ON_PAPER
    return 2 if on_paper else error.exit_code


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see :mod:`geofences.errors` for the codes."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(name)s: %(message)s", level=logging.WARNING)
    try:
        if arguments and arguments[0] == "sim":
            # The simulator has its own command line, also as `python -m sim`.
            from sim.runner import main as sim_main

            return sim_main(arguments[1:])
        options = _parser().parse_args(arguments)
        if options.command == "doctor":
            from groundstation.app.doctor import run_doctor

            return run_doctor(options.out, options.json, options.config)
        if options.command == "console":
            from groundstation.app.console_command import run as run_console

            return run_console(options)
        if options.command == "guide":
            from groundstation.app.guide_command import run as run_guide

            return run_guide(options)
        if options.command == "screenshots":
            from groundstation.app.screenshots_command import run as run_screenshots

            return run_screenshots(options)
        if options.command == "verdicts":
            from groundstation.app.verdicts_command import run as run_verdicts

            return run_verdicts(options)
        if options.command == "share":
            from groundstation.app.share_command import run as run_share

            return run_share(options)
        if options.command == "tlog":
            from groundstation.app.tlog_command import run as run_tlog

            return run_tlog(options)
        if options.command == "signing":
            from groundstation.app.signing_command import run as run_signing

            return run_signing(options)
        if options.command == "script":
            from groundstation.app.script_command import run as run_script

            return run_script(options)
        if options.command == "preflight":
            from groundstation.app.preflight_command import run as run_preflight

            return run_preflight(options)
        if options.command == "vehicle":
            from groundstation.app.vehicle_command import run as run_vehicle

            return run_vehicle(options)
        if options.command == "coverage":
            from groundstation.app.coverage_command import run as run_coverage

            return run_coverage(options)
        if options.command == "plan":
            from groundstation.app.plan_command import run as run_plan

            return run_plan(options)
        if options.command == "watch":
            from groundstation.app.watch import run_watch

            return run_watch(watch_options(options))
        if options.command == "evidence":
            from groundstation.app.evidence import run_evidence

            return run_evidence(options)
        if options.command == "replay":
            from groundstation.app.replay import ReplayOptions, run_replay

            return run_replay(
                ReplayOptions(options.flight, options.rules, options.flight_id, options.area, options.json, options.out)
            )
        if options.command == "demo":
            from groundstation.app.demo import DemoOptions, run_demo

            return run_demo(
                DemoOptions(options.scenario, options.seed, options.duration_s, options.out.resolve(), options.headless)
            )
        from groundstation.app.run import RunOptions, run_station

        return run_station(
            RunOptions(
                options.headless,
                options.link,
                options.video,
                options.config,
                options.parent_pid,
                options.stand_in_officer,
            )
        )
    except MarchwardenError as error:
        print(f"groundstation: {error}", file=sys.stderr)
        return _exit_code(arguments, error)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
