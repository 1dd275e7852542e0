"""Signing: what pymavlink signs is believed, what it would not believe is not, and time stamps never go back."""

import hashlib
import os
import stat

import pytest

from groundstation.core.errors import LinkError
from groundstation.link.frame import build_frame, checksum_ok, read_header
from groundstation.link.signing import TICKS_PER_S, LinkSigner, SigningClock, Verdict, ticks_of
from groundstation.link.signing_keys import KeyFile, default_key_file, key_from_passphrase
from missions.mavlink import mavlink2
from tests.helpers.mavlink_fakes import FakeClock, Sender, heartbeat

KEY = key_from_passphrase("a border is a long line")


def _pymavlink(key=KEY, stamp=None, link_id=3, system_id=1):
    """The reference: another's implementation of both directions."""
    codec = mavlink2.MAVLink(None, srcSystem=system_id, srcComponent=1)
    codec.robust_parsing = True
    codec.signing.secret_key = key
    codec.signing.sign_outgoing = True
    codec.signing.link_id = link_id
    codec.signing.timestamp = ticks_of(FakeClock().utc_us()) if stamp is None else stamp
    return codec


def _packet(codec, custom_mode=0):
    packet = bytes(heartbeat(custom_mode=custom_mode).pack(codec))
    codec.seq = (codec.seq + 1) % 256
    return packet


def _signer(key=KEY, clock=None, link_id=7):
    return LinkSigner(key, SigningClock(clock or FakeClock()), link_id)


def test_the_passphrase_makes_mavproxys_key():
    assert key_from_passphrase("secret") == hashlib.sha256(b"secret").digest()


def test_pymavlink_believes_what_we_sign():
    signer, other, sender = _signer(), _pymavlink(), Sender(255, 190)
    for n in range(3):
        packet = signer.sign(sender.packet(heartbeat(custom_mode=n)))
        (message,) = other.parse_buffer(packet)
        assert (message.get_type(), message.get_signed(), message.get_link_id()) == ("HEARTBEAT", True, 7)
        assert message.custom_mode == n
    assert other.signing.goodsig_count == 3


def test_we_believe_what_pymavlink_signs():
    signer, other = _signer(), _pymavlink()
    assert [signer.check(_packet(other)) for _ in range(3)] == [Verdict.ACCEPTED] * 3


def test_a_mavlink_1_packet_becomes_a_signed_one():
    packet = bytes(heartbeat(custom_mode=4).pack(mavlink2.MAVLink(None, 9, 8), force_mavlink1=True))
    signed = _signer().sign(packet)
    assert checksum_ok(signed)
    header = read_header(signed)
    assert (header.source, header.signed) == ((9, 8), True)
    assert _signer().check(signed) is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("packet", "verdict"),
    [
        (_packet(_pymavlink(key_from_passphrase("another"))), Verdict.WRONG),
        (Sender().packet(heartbeat()), Verdict.UNSIGNED),
        (bytes(heartbeat().pack(mavlink2.MAVLink(None), force_mavlink1=True)), Verdict.UNSIGNED),
        (_packet(_pymavlink(stamp=ticks_of(FakeClock().utc_us()) - 61 * TICKS_PER_S)), Verdict.OLD),
        (_packet(_pymavlink(stamp=ticks_of(FakeClock().utc_us()) - 59 * TICKS_PER_S)), Verdict.ACCEPTED),
        (_packet(_pymavlink(stamp=ticks_of(FakeClock().utc_us()) + 3600 * TICKS_PER_S)), Verdict.ACCEPTED),
    ],
)
def test_verdicts(packet, verdict):
    assert _signer().check(packet) is verdict


def test_a_packet_is_believed_once():
    signer, packet = _signer(), _packet(_pymavlink())
    assert signer.check(packet) is Verdict.ACCEPTED
    assert signer.check(packet) is Verdict.REPLAYED


def test_an_older_packet_of_a_stream_is_refused():
    signer, other = _signer(), _pymavlink()
    old, new = _packet(other), _packet(other)
    assert signer.check(new) is Verdict.ACCEPTED
    assert signer.check(old) is Verdict.REPLAYED


def test_streams_are_kept_apart():
    signer = _signer()
    now = ticks_of(FakeClock().utc_us())
    assert signer.check(_packet(_pymavlink(stamp=now + 50))) is Verdict.ACCEPTED
    assert signer.check(_packet(_pymavlink(stamp=now, link_id=4))) is Verdict.ACCEPTED
    assert signer.check(_packet(_pymavlink(stamp=now, system_id=2))) is Verdict.ACCEPTED


def test_a_forged_packet_does_not_stop_the_real_ones():
    """A far time stamp with a wrong signature must not make the right packets look old."""
    signer, other = _signer(), _pymavlink()
    assert signer.check(_packet(other)) is Verdict.ACCEPTED
    forged = _packet(_pymavlink(key_from_passphrase("x"), stamp=(1 << 48) - 2))
    assert signer.check(forged) is Verdict.WRONG
    assert signer.check(_packet(other)) is Verdict.ACCEPTED
    assert abs(signer.offset_s) < 1.0


def test_a_radios_report_is_exempt_but_not_in_the_name_of_who_signs():
    signer, other = _signer(), _pymavlink()
    radio = build_frame(109, bytes(9), 51, 68, 0)
    assert signer.check(radio) is Verdict.EXEMPT
    in_its_name = build_frame(109, bytes(9), 1, 1, 0)
    assert signer.check(in_its_name) is Verdict.EXEMPT
    signer.check(_packet(other))
    assert signer.check(in_its_name) is Verdict.UNSIGNED
    assert signer.check(radio) is Verdict.EXEMPT


def test_we_follow_an_aircraft_that_is_ahead():
    """ArduPilot begins a minute ahead of what it kept; a station a minute behind would be refused."""
    clock = FakeClock()
    signer, stamp = _signer(clock=clock), ticks_of(clock.utc_us()) + 3600 * TICKS_PER_S
    signer.check(_packet(_pymavlink(stamp=stamp)))
    assert signer.offset_s == pytest.approx(3600, abs=1)
    ours = signer.sign(Sender(255, 190).packet(heartbeat()))
    assert int.from_bytes(ours[-12:-6], "little") >= stamp


def test_stamps_follow_the_clock_and_never_repeat():
    clock = FakeClock()
    stamps = SigningClock(clock)
    first = [stamps.next() for _ in range(5)]
    assert first == list(range(first[0], first[0] + 5))
    clock.now_s += 1.0
    assert stamps.next() == first[0] + TICKS_PER_S
    clock.now_s -= 100.0
    assert stamps.next() == first[0] + TICKS_PER_S + 1


def test_stamps_rise_over_a_restart_with_a_clock_that_was_set_back(tmp_path):
    clock = FakeClock()
    stamps = SigningClock(clock, tmp_path / "k.timestamp")
    for _ in range(25):
        clock.now_s += 1.0
        newest = stamps.next()
    clock.now_s -= 3600.0
    again = SigningClock(clock, tmp_path / "k.timestamp")
    assert again.next() > newest
    assert again.stepped_back_s == pytest.approx(3600, abs=15)


@pytest.mark.parametrize("content", ["", "x", "-1", "99999999999999999999"])
def test_a_damaged_clock_file_is_not_the_end(tmp_path, content, caplog):
    (tmp_path / "k.timestamp").write_text(content)
    clock = FakeClock()
    assert SigningClock(clock, tmp_path / "k.timestamp").next() == ticks_of(clock.utc_us())
    assert "cannot be used" in caplog.text


def test_keys_are_kept_and_private(tmp_path):
    keys = KeyFile(tmp_path / "sub" / "keys.json")
    assert keys.names() == ()
    random_key = keys.add("patrol")
    assert keys.add("spare", "pass phrase") == key_from_passphrase("pass phrase")
    assert len(random_key) == 32
    again = KeyFile(tmp_path / "sub" / "keys.json")
    assert again.names() == ("patrol", "spare")
    assert again.get("patrol") == random_key
    if os.name == "posix":
        assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    again.remove("spare")
    assert keys.names() == ("patrol",)


def test_a_key_is_not_overwritten(tmp_path):
    keys = KeyFile(tmp_path / "keys.json")
    first = keys.add("patrol")
    with pytest.raises(LinkError, match="already"):
        keys.add("patrol")
    assert keys.get("patrol") == first


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "x" * 65])
def test_bad_names(tmp_path, name):
    with pytest.raises(LinkError, match="not a name"):
        KeyFile(tmp_path / "keys.json").add(name)


def test_a_missing_key_is_named_with_the_known_ones(tmp_path):
    keys = KeyFile(tmp_path / "keys.json")
    keys.add("patrol")
    with pytest.raises(LinkError, match="patrol") as caught:
        keys.get("patol")
    assert "signing new" in caught.value.remedy


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    keys = KeyFile(tmp_path / "keys.json")
    keys.add("patrol")
    keys.path.chmod(0o644)
    with pytest.raises(LinkError, match="others can read") as caught:
        keys.get("patrol")
    assert "chmod 600" in caught.value.remedy


@pytest.mark.parametrize("content", ["{", "[]", '{"keys": {"a": "zz"}}', '{"keys": {"a": "00"}}', '{"keys": []}'])
def test_a_damaged_key_file_is_told(tmp_path, content):
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(LinkError, match="damaged"):
        KeyFile(path).names()


def test_the_key_file_can_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("MARCHWARDEN_SIGNING_KEYS", str(tmp_path / "k.json"))
    assert default_key_file() == tmp_path / "k.json"
