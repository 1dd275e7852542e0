"""The flight log survives being cut, damaged and a disk that takes no more."""

import errno
import os
import signal
import subprocess
import sys
import time

import pytest
from pymavlink import mavutil

from groundstation.core.errors import LinkError
from groundstation.link.tlog import TlogRecorder, read_tlog
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat


def _write(path, count=5):
    recorder, sender = TlogRecorder(path), Sender()
    packets = [sender.packet(heartbeat(custom_mode=n)) for n in range(count)]
    for n, packet in enumerate(packets):
        recorder.write(START_UTC_US + n, packet, n)
    recorder.close()
    return packets


def test_what_was_written_is_read(tmp_path):
    packets = _write(tmp_path / "f.tlog")
    records = list(read_tlog(tmp_path / "f.tlog"))
    assert [r.packet for r in records] == packets
    assert [r.t_utc_us for r in records] == [START_UTC_US + n for n in range(5)]


def test_pymavlink_reads_it(tmp_path):
    _write(tmp_path / "f.tlog")
    log = mavutil.mavlink_connection(str(tmp_path / "f.tlog"))
    modes = []
    while (message := log.recv_match(type="HEARTBEAT")) is not None:
        modes.append(message.custom_mode)
        assert message._timestamp == pytest.approx(START_UTC_US / 1e6, abs=0.001)
    log.close()
    assert modes == [0, 1, 2, 3, 4]


def test_a_cut_record_is_left_out(tmp_path):
    packets = _write(tmp_path / "f.tlog")
    data = (tmp_path / "f.tlog").read_bytes()
    for cut in (1, len(packets[-1]), len(packets[-1]) + 7):
        (tmp_path / "cut.tlog").write_bytes(data[:-cut])
        assert [r.packet for r in read_tlog(tmp_path / "cut.tlog")] == packets[:4]


def test_damage_in_the_middle_costs_one_record(tmp_path, caplog):
    packets = _write(tmp_path / "f.tlog")
    data = bytearray((tmp_path / "f.tlog").read_bytes())
    data[8 + len(packets[0]) + 8] ^= 0xFF  # the second packet's first byte
    (tmp_path / "bad.tlog").write_bytes(bytes(data))
    assert [r.packet for r in read_tlog(tmp_path / "bad.tlog")] == [packets[0], *packets[2:]]
    assert "damaged bytes" in caplog.text


def test_a_second_start_keeps_what_the_first_recorded(tmp_path):
    packets = _write(tmp_path / "f.tlog") + _write(tmp_path / "f.tlog", 2)
    assert [r.packet for r in read_tlog(tmp_path / "f.tlog")] == packets


@pytest.mark.parametrize("content", [b"", b"not a log at all, but long enough to hold a packet"])
def test_a_file_without_packets_is_an_error(tmp_path, content):
    (tmp_path / "f.tlog").write_bytes(content)
    with pytest.raises(LinkError, match="holds no MAVLink packet"):
        list(read_tlog(tmp_path / "f.tlog"))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(LinkError, match="cannot be read"):
        list(read_tlog(tmp_path / "nothing.tlog"))


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LinkError, match="cannot be written"):
        TlogRecorder(tmp_path / "file" / "f.tlog")


class _FullDisk(TlogRecorder):
    """Takes half of what it is given, then nothing more while ``full``."""

    full = False
    _half_done = False

    def _write(self, view):
        if not self.full:
            return super()._write(view)
        if not self._half_done:
            self._half_done = True
            return os.write(self._fd, view[: len(view) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_a_fault_and_not_the_end(tmp_path):
    faults, sender = [], Sender()
    recorder = _FullDisk(tmp_path / "f.tlog", faults.append)
    first, lost, last = (sender.packet(heartbeat(custom_mode=n)) for n in range(3))
    recorder.write(START_UTC_US, first, 2_000_000_000)
    recorder.full = True
    recorder.write(START_UTC_US + 1, lost, 4_000_000_000)
    recorder.write(START_UTC_US + 1, lost, 6_000_000_000)
    assert len(faults) == 1
    assert "No space left" in faults[0]
    recorder.full = False
    recorder.write(START_UTC_US + 2, last, 20_000_000_000)
    assert faults[-1] == ""
    recorder.close()
    packets = [r.packet for r in read_tlog(tmp_path / "f.tlog")]
    assert (packets[0], packets[-1]) == (first, last)
    assert recorder.dropped >= 1


_VICTIM = """
import sys, time
from pathlib import Path
from groundstation.link.tlog import TlogRecorder
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat
recorder, sender = TlogRecorder(Path(sys.argv[1])), Sender()
recorder.write(START_UTC_US, sender.packet(heartbeat()), 0)
recorder.flush(1_000_000_000)
recorder.write(START_UTC_US, sender.packet(heartbeat()), 1_500_000_000)
print("ready", flush=True)
time.sleep(60)
"""


def test_kill_costs_at_most_what_was_not_flushed(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", _VICTIM, str(tmp_path / "f.tlog")], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate(timeout=60)
    time.sleep(0.01)
    assert len(list(read_tlog(tmp_path / "f.tlog"))) == 1
