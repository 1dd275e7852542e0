"""Gateway URLs: what is odd is refused with the place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.core.errors import ConfigError
from groundstation.share.gateways.url import (
    AsterixDatagrams,
    CotDatagrams,
    CotStream,
    GeoJsonFile,
    GeoJsonHttp,
    Target,
    address_text,
    parse_gateway_url,
)

FOLDER = Path("/etc/marchwarden")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("cot+tcp://127.0.0.1:8087", CotStream("127.0.0.1", 8087)),
        (
            "cot+tls://tak.example:8089?ca=ca.pem&cert=/own.crt&key=own.key&name=takserver&stale_s=20&geoid_m=47.2",
            CotStream(
                "tak.example", 8089, FOLDER / "ca.pem", Path("/own.crt"), FOLDER / "own.key", "takserver", 20.0, 47.2
            ),
        ),
        ("cot+udp://239.2.3.1:6969?interface=192.0.2.4&ttl=3", CotDatagrams("239.2.3.1", 6969, "192.0.2.4", 3)),
        ("asterix+udp://127.0.0.1:8600?sac=213&sic=7", AsterixDatagrams("127.0.0.1", 8600, 213, 7)),
        ("geojson+file:///var/feed.geojson", GeoJsonFile(Path("/var/feed.geojson"))),
        ("geojson+file:feed.geojson", GeoJsonFile(FOLDER / "feed.geojson")),
        ("geojson+http://[::1]:8090", GeoJsonHttp("::1", 8090)),
    ],
)
def test_what_is_meant(url: str, target: Target) -> None:
    assert parse_gateway_url(url, "here", FOLDER) == target


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("cot+tsl://host:8089", "did you mean cot+tls"),
        ("tak.example:8089", "no kind of gateway"),
        ("cot+tls://host:8089?ca=a&cert=b", "key missing"),
        ("cot+tcp://host", "host and port"),
        ("cot+tcp://host:99999", "not a URL"),
        ("cot+tcp://user:pw@host:1", "password"),
        ("cot+tcp://host:1?stale_s=3600", "stale_s"),
        ("cot+tcp://host:1?stale_s=nan", "stale_s"),
        ("cot+tcp://host:1?stal_s=30", "did you mean stale_s"),
        ("cot+tcp://host:1?stale_s=30&stale_s=20", "twice"),
        ("cot+udp://239.2.3.1:6969?interface=eth0", "IPv4"),
        ("asterix+udp://127.0.0.1:8600?sac=213", "sic is missing"),
        ("asterix+udp://127.0.0.1:8600?sac=256&sic=1", "sac"),
        ("geojson+http://0.0.0.0:8090", "not this machine"),
        ("geojson+http://192.0.2.1:8090", "not this machine"),
        ("geojson+file://host/feed", "no path"),
        ("geojson+file:///folder/", "no path"),
        ("", "no kind of gateway"),
    ],
)
def test_what_is_odd(url: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_gateway_url(url, "gateway 'tak'", FOLDER)
    said = f"{caught.value} {getattr(caught.value, 'remedy', '')}"
    assert words in said
    assert "gateway 'tak'" in said


def test_keys_are_not_told_with_the_address() -> None:
    target = parse_gateway_url("cot+tls://h:1?ca=ca.pem&cert=own.crt&key=secret.key", "here", FOLDER)
    assert address_text(target) == "cot+tls://h:1"
