"""A station that only shares, as a process of its own: ``python -m tests.system.share_station settings.json``.

Prints ``ready``, then one JSON line per remote incident; ends in order when its standard input is closed.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import MarchwardenError
from groundstation.share import PeerSettings, ShareService, ShareSettings


def read_settings(path: Path) -> ShareSettings:
    d: dict[str, Any] = json.loads(path.read_text())
    return ShareSettings(
        name=d["name"],
        certificate=Path(d["certificate"]),
        key=Path(d["key"]),
        data_dir=Path(d["data_dir"]),
        peers=(
            PeerSettings(
                d["peer"],
                d["peer_common_name"],
                Path(d["peer_authority"]),
                connect=d.get("connect", ""),
                listen=d.get("listen", ""),
                agreement=Path(d["agreement"]) if d.get("agreement") else None,
            ),
        ),
    )


def main() -> int:
    bus = Bus()
    incidents = bus.subscribe(topics.REMOTE_INCIDENT)
    service = ShareService(bus, read_settings(Path(sys.argv[1])), SystemClock())
    try:
        service.start()
    except MarchwardenError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return error.exit_code
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.02):
        for incident in incidents.drain():
            print(
                json.dumps({"incident_id": incident.incident_id, "received_utc_us": incident.received_utc_us}),
                flush=True,
            )
    if "--forget-stop" not in sys.argv:
        service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
