from __future__ import annotations

from pathlib import Path

import pytest

from geofences.errors import ConfigError
from sim.scenario import SCENARIO_FOLDER, load_scenario, shipped_scenarios


def test_the_three_scenarios_are_shipped() -> None:
    assert shipped_scenarios() == ["border_day", "border_night", "calm"]
    assert load_scenario("border_day").camera.sensor == "colour"
    assert load_scenario("border_night").camera.sensor == "thermal"
    assert load_scenario("calm").population.crossings_per_min == 0


def test_the_stated_sensor_noise_is_in_every_scenario() -> None:
    for name in shipped_scenarios():
        noise = load_scenario(name).noise
        assert (noise.gps_sigma_m, noise.attitude_sigma_deg, noise.gimbal_sigma_deg) == (1.5, 0.5, 0.3)


def test_an_unknown_name_is_met_with_a_suggestion() -> None:
    with pytest.raises(ConfigError, match="did you mean 'border_night'") as caught:
        load_scenario("border_nigth")
    assert caught.value.exit_code == 2
    assert "calm" in caught.value.remedy


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (SCENARIO_FOLDER / "calm.toml").read_text(encoding="utf-8")
    text = text.replace("fps = 15.0", 'fps = "fast"').replace("hfov_deg = 40.0", "hfov_deg = 400.0")
    text = text.replace('sensor = "colour"', 'sensor = "color"').replace("gps_sigma_m", "gps_sigma")
    text = text.replace("[wind]", "[winds]").replace("crossings_per_min = 0.0\n", "")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    said = str(caught.value)
    for part in ("fps", "hfov_deg", "did you mean 'colour'", "did you mean 'gps_sigma_m'", "did you mean 'wind'"):
        assert part in said
    assert "lacks 'crossings_per_min'" in said
    assert str(path) in said


def test_both_sides_with_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.toml"
    path.write_text((SCENARIO_FOLDER / "calm.toml").read_text().replace("Belmark", "Arvenia"), encoding="utf-8")
    with pytest.raises(ConfigError, match="both sides"):
        load_scenario(path)


@pytest.mark.parametrize("content", [b"[place", b"\xff\xfe\x00"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="is not TOML"):
        load_scenario(str(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_scenario(tmp_path / "none.toml")
