"""Link URLs: what they mean, and what is said about those that mean nothing."""

import pytest

from groundstation.core.errors import LinkError
from groundstation.link.url import parse_link_url


def test_a_listening_udp_link():
    spec = parse_link_url("udpin://0.0.0.0:14550")
    assert (spec.scheme, spec.host, spec.port, spec.words) == ("udpin", "0.0.0.0", 14550, ())


def test_words_and_their_options():
    spec = parse_link_url("tcp+lossy+delay+record://127.0.0.1:5760?loss=0.05&seed=7&delay_ms=40&record=a/b.tlog")
    assert spec.words == ("lossy", "delay", "record")
    assert (spec.loss, spec.seed, spec.delay_s, spec.record) == (0.05, 7, 0.04, "a/b.tlog")


def test_a_serial_device_and_a_recording_keep_their_paths():
    assert (parse_link_url("serial:/dev/ttyUSB0?baud=115200").path, parse_link_url("replay:a b.tlog").path) == (
        "/dev/ttyUSB0",
        "a b.tlog",
    )
    assert parse_link_url("serial:/dev/ttyUSB0?baud=115200").baud == 115_200
    assert parse_link_url("replay:/x/f.tlog?speed=0").speed == 0.0


def test_an_ipv6_host():
    assert parse_link_url("udpout://[::1]:14550").host == "::1"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("upd://1.2.3.4:5", ["unknown scheme 'upd'", "did you mean"]),
        ("udpn://0.0.0.0:14550", ["did you mean 'udpin'"]),
        ("udpin+recrod://0.0.0.0:1", ["'+recrod'", "did you mean 'record'"]),
        ("tcp://127.0.0.1", ["has no port"]),
        ("tcp://:5760", ["no host"]),
        ("tcp://127.0.0.1:70000", ["70000"]),
        ("tcp://127.0.0.1:http", ["'http'"]),
        ("tcp+lossy://127.0.0.1:5760", ["needs loss"]),
        ("tcp+lossy://127.0.0.1:5760?loss=2", ["not between 0 and 1"]),
        ("tcp+lossy://127.0.0.1:5760?loss=nan", ["not between 0 and 1"]),
        ("serial:?baud=57600", ["nothing after 'serial:'"]),
        ("serial:/dev/x?bad=1", ["unknown option 'bad'", "baud"]),
        ("tcp://h:1?baud=9600", ["unknown option 'baud'"]),
        ("127.0.0.1", ["no scheme"]),
        ("", ["no scheme"]),
    ],
)
def test_a_bad_url_is_explained(url, words):
    with pytest.raises(LinkError) as caught:
        parse_link_url(url)
    for word in words:
        assert word in str(caught.value)
    assert caught.value.remedy


def test_all_problems_are_told_at_once():
    with pytest.raises(LinkError) as caught:
        parse_link_url("tpc+losy://127.0.0.1?speed=3")
    for word in ("'tpc'", "'+losy'", "'speed'"):
        assert word in caught.value.message
