"""The process of an operator's script: connects DroneKit, runs the file, says how it ended by its exit code.

``python -m groundstation.app.script_process FILE URL SYSTEM_ID [ARGUMENT...]``; it ends when its standard input does, which is when
whoever started it has gone.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import Any

CONNECT_TIMEOUT_S = 30.0
ENDED, RAISED, NOT_CONNECTED, NO_DRONEKIT, PARENT_GONE = 0, 1, 70, 71, 72
_NOT_MAIN = "operator_script"


def _watch_parent() -> None:
    while os.read(0, 1024):
        pass
    # Threads of DroneKit may be in the middle of anything: there is nothing to wait for.
    os._exit(PARENT_GONE)


def _address_all(vehicle: Any, system_id: int) -> None:
    """Address what DroneKit sends to nobody in particular (``simple_goto`` does) to the script's own aircraft.

    Sent on as it is, it would be an order to every aircraft on the link; the router refuses it.
    """
    mav = vehicle._master.mav
    send = mav.send

    def addressed(message: Any, *rest: Any, **more: Any) -> Any:
        if getattr(message, "target_system", None) == 0:
            message.target_system = system_id
        return send(message, *rest, **more)

    mav.send = addressed


def main(argv: Sequence[str]) -> int:
    """Connect, run, disconnect; one of the codes above."""
    file, url, system_id = argv[0], argv[1], int(argv[2])
    threading.Thread(target=_watch_parent, daemon=True).start()
    # First, so that DroneKit's pymavlink speaks MAVLink 2.
    import missions.mavlink  # noqa: F401

    try:
        import dronekit
    except ImportError as error:
        print(f"DroneKit cannot be imported: {error}", file=sys.stderr)
        return NO_DRONEKIT
    try:
        vehicle = dronekit.connect(
            url, wait_ready=True, timeout=CONNECT_TIMEOUT_S, heartbeat_timeout=CONNECT_TIMEOUT_S, source_system=255
        )
    except Exception as error:
        print(f"DroneKit did not get ready: {error}", file=sys.stderr)
        return NOT_CONNECTED
    _address_all(vehicle, system_id)
    sys.argv = [file, *argv[3:]]
    sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    try:
        found = runpy.run_path(file, init_globals={"vehicle": vehicle}, run_name=_NOT_MAIN)
        entry = found.get("main")
        if callable(entry):
            entry(vehicle)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return RAISED
    finally:
        vehicle.close()
    return ENDED


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # DroneKit's threads are not all daemons of their own accord.
    os._exit(code)
