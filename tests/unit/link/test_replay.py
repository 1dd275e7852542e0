"""A replay can be paused, wound and hurried while it runs, from any thread."""

import asyncio
import threading

import pytest

from groundstation.core.clock import SystemClock
from groundstation.core.errors import LinkError
from groundstation.link.base import LinkState
from groundstation.link.open import open_replay
from groundstation.link.tlog import TlogRecorder
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat
from tests.helpers.waiting import until

MINUTE_US = 60_000_000


@pytest.fixture
def recording(tmp_path):
    """Ten minutes: a heartbeat a second whose mode counts, and a home position once, at 4:58."""
    path = tmp_path / "f.tlog"
    recorder, sender = TlogRecorder(path), Sender()
    for n in range(600):
        t = START_UTC_US + n * 1_000_000
        if n == 298:
            home = m.MAVLink_home_position_message(7, 8, 9, 0, 0, 0, [1, 0, 0, 0], 0, 0, 0)
            recorder.write(t, sender.packet(home), 0)
        recorder.write(t, sender.packet(heartbeat(custom_mode=n)), 0)
    recorder.close()
    return path


class Player:
    """A replay with what it has played."""

    def __init__(self, path, speed):
        self.link, self.control = open_replay(path, SystemClock(), speed)
        self.played = []
        self.stop_at = None
        """Pause at this mode as soon as it is played."""
        self.link.add_listener(self._on_message)

    def _on_message(self, message, t_mono_ns, t_utc_us):
        self.played.append((message, t_utc_us))
        if message.get_type() == "HEARTBEAT" and message.custom_mode == self.stop_at:
            self.control.pause()

    @property
    def modes(self):
        return [x.custom_mode for x, _ in self.played if x.get_type() == "HEARTBEAT"]

    async def __aenter__(self):
        await self.link.open()
        return self

    async def __aexit__(self, *_):
        await self.link.close()


def test_pause_and_go_on(recording):
    async def main():
        async with Player(recording, 100) as player:
            await until(lambda: len(player.modes) > 5)
            player.control.pause()
            await asyncio.sleep(0.03)
            count = len(player.modes)
            await asyncio.sleep(0.1)
            assert len(player.modes) == count
            place = player.control.position
            assert place.paused
            assert place.t_utc_us == START_UTC_US + player.modes[-1] * 1_000_000
            player.control.play()
            await until(lambda: len(player.modes) > count + 5)
            assert player.modes == list(range(len(player.modes))), "nothing was left out, nothing came twice"

    asyncio.run(main())


def test_winding_forward_and_back(recording):
    async def main():
        async with Player(recording, 50) as player:
            await until(lambda: len(player.modes) > 2)
            player.control.seek(START_UTC_US + 5 * MINUTE_US)
            await until(lambda: 305 in player.modes)
            kinds = {x.get_type() for x, _ in player.played}
            assert "HOME_POSITION" in kinds, "what was told shortly before is played first"
            after = [n for n in player.modes if n >= 290]
            assert after[:3] == [299, 300, 301], "the newest before the place, then on from it"
            player.stop_at = 33
            player.control.seek(START_UTC_US + 30 * 1_000_000)
            await until(lambda: player.modes[-1] == 33)
            assert player.control.position.fraction == pytest.approx(33 / 599, abs=0.001)
            assert player.link.state is LinkState.OPEN

    asyncio.run(main())


def test_winding_while_paused_and_after_the_end(recording):
    async def main():
        async with Player(recording, 0) as player:
            await until(lambda: player.control.position.finished)
            assert player.modes == list(range(600))
            assert player.link.state is LinkState.CONNECTING
            player.control.pause()
            player.control.seek_fraction(0.5)
            await until(lambda: player.modes[-1] == 298 or player.modes[-1] == 299)
            await asyncio.sleep(0.05)
            count = len(player.modes)
            assert count <= 602
            player.control.set_speed(200)
            player.control.play()
            await until(lambda: len(player.modes) > count + 5)
            assert not player.control.position.finished

    asyncio.run(main())


def test_the_pace_is_changed_while_it_runs(recording):
    async def main():
        async with Player(recording, 1) as player:
            began_s = asyncio.get_running_loop().time()
            await until(lambda: player.modes)
            await asyncio.sleep(0.2)
            assert len(player.modes) <= 2 + asyncio.get_running_loop().time() - began_s
            player.control.set_speed(0)
            await until(lambda: player.control.position.finished)
            assert len(player.modes) == 600

    asyncio.run(main())


def test_from_another_thread_and_outside_the_recording(recording):
    async def main():
        async with Player(recording, 100) as player:
            thread = threading.Thread(target=lambda: player.control.seek(START_UTC_US + 999 * MINUTE_US))
            thread.start()
            await until(lambda: player.control.position.finished)
            thread.join()
            count = len(player.modes)
            player.control.seek(0)
            await until(lambda: player.modes[count : count + 3] == [0, 1, 2])

    asyncio.run(main())


def test_a_speed_that_is_none(recording):
    _, control = open_replay(recording, SystemClock())
    with pytest.raises(LinkError, match="speed"):
        control.set_speed(-1)
    with pytest.raises(LinkError, match="speed"):
        control.set_speed(float("nan"))


def test_set_before_it_begins(recording):
    async def main():
        player = Player(recording, 0)
        player.control.seek(START_UTC_US + 9 * MINUTE_US)
        async with player:
            await until(lambda: player.control.position.finished)
            assert min(player.modes) >= 530

    asyncio.run(main())
