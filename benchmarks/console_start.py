"""How long from the start of a process to a console that can be used: ``python benchmarks/console_start.py [--runs N]``.

Each run is a process of its own. "Usable": the window is shown and its first paint is done, with an area, a terrain model and
a plan. The first run is cold or lukewarm (files not in memory) and is told apart; the goal of 2 s is for a warm one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

_CHILD = """
import sys, time
from pathlib import Path
began = time.perf_counter()
from groundstation.console.qt import make_application
application = make_application()
from groundstation.console.window import ConsoleWindow
from groundstation.core.bus import Bus
from geofences.area import read_area
from geofences.terrain import read_geotiff
imported = time.perf_counter()
folder = Path(sys.argv[1])
area, terrain = read_area(folder / "area.geojson"), read_geotiff(folder / "terrain.tif")
read = time.perf_counter()
window = ConsoleWindow(Bus(), None, area, terrain)
made = time.perf_counter()
window.start(); window.show(); application.processEvents(); window.grab()
usable = time.perf_counter()
print(imported - began, read - imported, made - read, usable - made, time.process_time())
window.close()
"""


def _area_folder(folder: Path) -> Path:
    from sim.scenario import load_scenario
    from sim.world import World, write_area_folder

    write_area_folder(World(load_scenario("border_day"), 1), folder)
    return folder


def main() -> int:
    """Print the figures; 1 when the warm median is over 2 s."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("out/console_start"))
    options = parser.parse_args()
    area = _area_folder(options.out / "area")
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    rows = []
    for _ in range(options.runs + 1):
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(area)], env=environment, capture_output=True, text=True, timeout=120,
            check=True,
        )  # fmt: skip
        rows.append([float(value) for value in done.stdout.split()[-5:]])
    names = ("imports_s", "area_s", "window_s", "first_paint_s", "cpu_of_all_s")
    warm = rows[1:]
    median = {name: round(statistics.median(row[i] for row in warm), 3) for i, name in enumerate(names)}
    total = round(statistics.median(sum(row[:4]) for row in warm), 3)
    print(
        json.dumps(
            {"first_run_s": round(sum(rows[0][:4]), 3), "warm_median_s": total, "parts": median, "runs": options.runs,
             "platform": environment["QT_QPA_PLATFORM"]},
            indent=1,
        )
    )  # fmt: skip
    return 0 if total < 2.0 else 1


if __name__ == "__main__":
    sys.exit(main())
