"""The configuration file: all faults at once, each with its place and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.app.config import read_config
from groundstation.core.errors import ConfigError

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_faults_come_all_at_once_with_hints(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text('[station]\nnmae = "x"\n[patrol]\nspeed_m_s = -3\n[[share.peers]]\nname = "b"\n')
    with pytest.raises(ConfigError) as caught:
        read_config(path)
    text = str(caught.value)
    assert "station.toml" in text
    assert "station.nmae: unknown name, did you mean 'name'?" in text
    assert "patrol.speed_m_s" in text
    assert "share.peers.0.ca" in text
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("content", ["[station\n", "\x00", 'log_level = "loud"\n'])
def test_broken_files_are_refused_with_the_place(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        read_config(path)


def test_missing_file_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config"):
        read_config(tmp_path / "none.toml")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text('[area]\nfolder = "area"\n'
                    '[[share.peers]]\nname = "b"\nca = "ca.pem"\nagreement = "/x/agreement.toml"\n')  # fmt: skip
    config = read_config(path)
    assert config.area.folder == tmp_path / "area"
    assert config.share.peers[0].ca == tmp_path / "ca.pem"
    assert config.share.peers[0].agreement == Path("/x/agreement.toml")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda p: p.name)
def test_examples_that_are_station_files_are_valid(path: Path) -> None:
    if "agreement" in path.name:
        pytest.skip("an agreement, read by groundstation.share")
    read_config(path)
