"""``groundstation signing``: keys are made and named, never shown; none goes in clear unless somebody vouches for it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from groundstation.app.main import main
from groundstation.app.signing_command import require_private
from groundstation.core.errors import ConfigError
from groundstation.link.signing_keys import KeyFile, key_from_passphrase
from groundstation.link.url import parse_link_url


def test_keys_are_made_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.json"
    assert main(["signing", "new", "patrol", "--keys", str(keys)]) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("pass phrase\n"))
    assert main(["signing", "new", "spare", "--passphrase-stdin", "--keys", str(keys)]) == 0
    assert KeyFile(keys).get("spare") == key_from_passphrase("pass phrase")
    capsys.readouterr()
    assert main(["signing", "keys", "--json", "--keys", str(keys)]) == 0
    shown = capsys.readouterr().out
    assert json.loads(shown)["keys"] == ["patrol", "spare"]
    assert KeyFile(keys).get("patrol").hex() not in shown
    assert main(["signing", "new", "patrol", "--keys", str(keys)]) != 0


def test_an_empty_passphrase_makes_no_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    keys = tmp_path / "keys.json"
    assert main(["signing", "new", "a", "--passphrase-stdin", "--keys", str(keys)]) == 2
    assert not keys.exists()


@pytest.mark.parametrize("url", ["tcp://10.0.0.5:5760", "udpin://0.0.0.0:14550", "udpout://127.0.0.1:1"])
def test_a_key_does_not_go_over_a_network_by_itself(url: str) -> None:
    with pytest.raises(ConfigError, match="in clear") as caught:
        require_private(parse_link_url(url), False)
    assert "--link-is-private" in caught.value.remedy
    require_private(parse_link_url(url), True)


def test_a_cable_needs_no_word() -> None:
    require_private(parse_link_url("serial:/dev/ttyACM0?baud=115200"), False)


def test_setup_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ["--keys", str(tmp_path / "keys.json")]
    assert main(["signing", "setup", "x", "--link", "tcp://127.0.0.1:1", *keys]) == 2
    assert "--link-is-private" in capsys.readouterr().err
    assert main(["signing", "setup", "x", "--link", "tcp://127.0.0.1:1", "--link-is-private", *keys]) != 0
    assert "no signing key 'x'" in capsys.readouterr().err
