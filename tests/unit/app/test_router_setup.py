"""The router's section of a station file."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.app.config import RouterPortSection, StationConfig, read_config
from groundstation.app.router_setup import client_permissions, event_recorder
from groundstation.app.station import Station
from groundstation.core.errors import ConfigError
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router_records import RouterEvent


def _port(**words: object) -> RouterPortSection:
    return RouterPortSection.model_validate({"url": "tcpin://127.0.0.1:5790", "name": "qgc", **words})


def test_without_words_a_port_is_read_only() -> None:
    permissions = client_permissions(_port())
    assert permissions == ClientPermissions(name="qgc")
    assert permissions.read_only


def test_names_and_numbers() -> None:
    permissions = client_permissions(
        _port(
            commands=["NAV_RETURN_TO_LAUNCH", "mav_cmd_nav_land", 400], messages=["GPS_RTCM_DATA", 70], systems=[1, 2]
        )
    )
    assert permissions.commands == {20, 21, 400}
    assert permissions.messages == {233, 70}
    assert permissions.systems == {1, 2}
    assert not permissions.read_only


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ({"commands": ["NAV_RETURN_TO_LUNCH"]}, "NAV_RETURN_TO_LAUNCH"),
        ({"messages": ["GPS_RTCM"]}, "GPS_RTCM_DATA"),
        ({"commands": ["?"]}, "write a name"),
    ],
)
def test_a_name_that_is_none_is_told_before_anything_is_opened(
    words: dict[str, object], hint: str, tmp_path: Path
) -> None:
    config = StationConfig.model_validate(
        {"station": {"data_dir": tmp_path}, "router": {"ports": [_port(**words).model_dump()]}}
    )
    with pytest.raises(ConfigError) as caught:
        Station(config).check()
    assert "qgc" in caught.value.message
    assert hint in str(caught.value)


def test_in_a_file_with_faults_and_their_places(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text('[[router.ports]]\nurl = "tcpin://127.0.0.1:1"\nname = "a"\nmision = true\nsystems = [0]\n')
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    assert "router.ports.0.mision: unknown name, did you mean 'mission'?" in str(caught.value)
    assert "router.ports.0.systems.0" in str(caught.value)


def test_what_clients_do_is_kept_among_the_actions() -> None:
    kept: list[tuple[str, ...]] = []
    record = event_recorder(lambda *words: kept.append(words))
    record(RouterEvent(1, "refused", "qgc", "PARAM_SET RTL_ALT", 3, 4))
    assert kept == [("client qgc", "router refused", "3", "PARAM_SET RTL_ALT (4 times more)")]
