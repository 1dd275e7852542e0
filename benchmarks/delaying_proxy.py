"""A TCP proxy between a ground station and an aircraft that delays whole MAVLink packets, loses some, and watches uploads.

Run ``python benchmarks/delaying_proxy.py HOST PORT --one-way-s 0.15 --loss 0.05 --seed 1``. The first line on stdout is the
port to connect to. Then one JSON object a line: ``{"event": "begin" | "end", "t": seconds, "how": "items" | "ftp N"}`` when an
upload's first packet came from the station, and when the packet that confirms it went to the station.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable

_COUNT, _ACK, _FTP = 44, 47, 110
_CREATE, _OPEN_WRITE, _TERMINATE, _FTP_ACK = 6, 11, 1, 128


class Frames:
    """Bytes into whole packets; noise between them is passed on with the next one."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Packets that are complete now."""
        self._buffer += data
        out: list[bytes] = []
        while len(self._buffer) >= 12:
            start = self._buffer[0]
            if start == 0xFD:
                length = 12 + self._buffer[1] + (13 if self._buffer[2] & 1 else 0)
            elif start == 0xFE:
                length = 8 + self._buffer[1]
            else:
                del self._buffer[0]
                continue
            if len(self._buffer) < length:
                break
            out.append(bytes(self._buffer[:length]))
            del self._buffer[:length]
        return out


def _content(packet: bytes) -> tuple[int, bytes]:
    """Message number and payload, zeros that MAVLink 2 leaves out put back."""
    if packet[0] == 0xFE:
        return packet[5], packet[6:-2].ljust(260, b"\0")
    return int.from_bytes(packet[7:10], "little"), packet[10 : 10 + packet[1]].ljust(260, b"\0")


def begins(packet: bytes) -> str:
    """How an upload of a mission begins with this packet of the station; "" when none does."""
    number, payload = _content(packet)
    if number == _COUNT and payload[4] == 0:
        return "items"
    return f"ftp {payload[5]}" if number == _FTP and payload[6] in (_CREATE, _OPEN_WRITE) else ""


def ends(packet: bytes) -> str:
    """How an upload of a mission is confirmed by this packet of the aircraft; "" when it is not."""
    number, payload = _content(packet)
    if number == _ACK and payload[2] == 0 and payload[3] == 0:
        return "items"
    return f"ftp {payload[5]}" if number == _FTP and payload[6] == _FTP_ACK and payload[8] == _TERMINATE else ""


def _tell(event: str, how: str) -> None:
    print(json.dumps({"event": event, "t": time.monotonic(), "how": how}), flush=True)


class Proxy:
    """One station at a time."""

    def __init__(self, host: str, port: int, one_way_s: float, loss: float, seed: int) -> None:
        self._target, self._one_way_s, self._loss = (host, port), one_way_s, loss
        self._random = random.Random(seed)

    async def serve(self) -> None:
        server = await asyncio.start_server(self._station, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()

    async def _station(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        ways = [
            asyncio.create_task(self._carry(reader, far_writer, begins, None)),
            asyncio.create_task(self._carry(far_reader, writer, None, ends)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for each in (writer, far_writer):
            each.close()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_read: Callable[[bytes], str] | None,
        on_written: Callable[[bytes], str] | None,
    ) -> None:
        frames, loop = Frames(), asyncio.get_running_loop()

        def deliver(packet: bytes) -> None:
            if not writer.is_closing():
                writer.write(packet)
            if on_written is not None and (how := on_written(packet)):
                _tell("end", how)

        while data := await reader.read(65536):
            for packet in frames.feed(data):
                if on_read is not None and (how := on_read(packet)):
                    _tell("begin", how)
                if self._loss and self._random.random() < self._loss:
                    continue
                if self._one_way_s:
                    loop.call_later(self._one_way_s, deliver, packet)
                else:
                    deliver(packet)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--one-way-s", type=float, default=0.0)
    parser.add_argument("--loss", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    o = parser.parse_args()
    asyncio.run(Proxy(o.host, o.port, o.one_way_s, o.loss, o.seed).serve())
