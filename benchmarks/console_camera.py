"""A 720p camera for the console's benchmarks: live H.264 with metadata over UDP at next to no cost for the machine.

    python benchmarks/console_camera.py --url udp://127.0.0.1:5600 --folder out/console_camera

The pictures are the simulator's, rendered and encoded once and kept; they are sent again and again, with metadata made at the
moment of sending, so that a vision worker has live work to do beside what is measured. Ends when its input does.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from sim.klv import encode, measure
from sim.projection import Pinhole
from sim.scenario import load_scenario
from sim.state import SensorErrors, VehicleTruth
from sim.video import FrameMaker, TransportStream
from sim.world import World, write_area_folder

SCENARIO, SEED, FPS, SECONDS = "border_day", 11, 25.0, 8.0


def hover(world: World, t_s: float, t_utc_us: int) -> VehicleTruth:
    """70 m above the launch point, looking at the border."""
    launch = world.area().launch
    alt_m = world.ground_amsl_m(launch.lat_deg, launch.lon_deg) + 70.0
    return VehicleTruth(
        t_s, t_utc_us, launch.lat_deg, launch.lon_deg, alt_m, 0.0, 0.0, 0.0, (0.0, 0.0, 0.0), 170.0, -35.0, 0.0, True,
        "AUTO",
    )  # fmt: skip


def render(world: World, path: Path) -> None:
    """The pictures, as an MPEG-TS file; takes some twenty seconds."""
    camera = replace(world.scenario.camera, fps=FPS)
    maker, part = FrameMaker(world), path.with_suffix(".part.ts")
    stream = TransportStream(str(part), camera)
    for k in range(round(FPS * SECONDS)):
        t_s = k / FPS
        image, klv, _ = maker.make(hover(world, t_s, 1_700_000_000_000_000 + round(t_s * 1e6)), SensorErrors())
        stream.write(image, klv, round(t_s * 1e6))
    stream.close()
    part.replace(path)


def send(world: World, path: Path, url: str, ended: threading.Event) -> None:
    """Send them round and round, at their pace."""
    with av.open(str(path)) as source:
        video: Any = source.streams.video[0]
        pictures = [bytes(p) for p in source.demux(video) if p.size]
        options = {"flush_packets": "1", "omit_video_pes_length": "0"}
        out: Any = av.open(f"{url}?pkt_size=1316", "w", format="mpegts", options=options)
        stream: Any = out.add_stream_from_template(video)
        data: Any = out.add_data_stream("klv")
        out.start_encoding()
        clock, began_s, count = Fraction(1, 90_000), time.monotonic(), 0
        told_of = world.scenario.camera
        camera = Pinhole(told_of.width_px, told_of.height_px, told_of.hfov_deg)
        while not ended.wait(max(0.0, began_s + count / FPS - time.monotonic())):
            truth = hover(world, count / FPS, time.time_ns() // 1000)
            told = measure(truth, SensorErrors(), camera.hfov_deg, camera.vfov_deg, world.ground_amsl_m, sensor="EO")
            pts = round(count / FPS * 90_000)
            for content, to in ((encode(told), data), (pictures[count % len(pictures)], stream)):
                packet = av.Packet(content)
                packet.stream, packet.time_base = to, clock
                packet.pts = packet.dts = pts
                packet.is_keyframe = to is stream and count % len(pictures) == 0
                out.mux(packet)
            count += 1
        out.close()


def main() -> int:
    """Render when nothing is kept, say that it is ready, and send."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    world = World(load_scenario(SCENARIO), SEED)
    path = options.folder / "camera.ts"
    write_area_folder(world, options.folder / "area")
    if not path.exists():
        render(world, path)
    print("CAMERA READY", flush=True)
    ended = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    send(world, path, options.url, ended)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
