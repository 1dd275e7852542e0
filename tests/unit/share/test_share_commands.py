"""``groundstation share agreement`` and ``share ledger``, as somebody types them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from groundstation.app.main import main
from groundstation.core.errors import ConfigError
from groundstation.share.agreement_signed import read_agreement
from groundstation.share.audit import Entry
from groundstation.share.ledger import Ledger
from groundstation.share.signing import open_share_key

NEW = ("--parties", "a", "b", "--border", "47.0,15.0", "47.0,15.1", "--width-m", "500")


def share(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:
    assert main(["share", *(str(a) for a in arguments), "--json"]) == code
    out = capsys.readouterr().out
    return json.loads(out) if out else {}


@pytest.fixture
def signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    file = tmp_path / "ab.json"
    share(capsys, "agreement", "new", file, *NEW)
    for name in ("a", "b", "a"):
        share(capsys, "agreement", "sign", file, "--station", name, "--data-dir", tmp_path / name)
    return file


def test_two_stations_come_to_an_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft, file = tmp_path / "draft.toml", tmp_path / "ab.json"
    assert share(capsys, "agreement", "new", draft, *NEW, "--delay-s", 30, "--rescue-reach-m", 900)["draft"]
    share(capsys, "agreement", "new", "--from", draft, "--out", file, "--grid-m", 100)
    first = share(capsys, "agreement", "sign", file, "--station", "a", "--data-dir", tmp_path / "a")
    assert (first["missing"], first["in_force"], first["standing"]) == (["b"], False, "waits for the signature of b")
    second = share(capsys, "agreement", "sign", file, "--station", "b", "--data-dir", tmp_path / "b")
    assert second["in_force"]
    again = share(capsys, "agreement", "sign", file, "--station", "a", "--data-dir", tmp_path / "a")
    assert again["in_force"]
    assert (again["key"], again["neighbour_key"]) == (second["neighbour_key"], second["key"])
    agreement = read_agreement(file)
    assert (agreement.delay_s, agreement.grid_m, agreement.purposes) == (30.0, 100.0, ("BorderMonitoring", "SAR"))
    shown = share(capsys, "agreement", "show", file)
    assert [c["number"] for c in shown["clauses"]] == list(range(1, 18))
    assert sorted(shown["signed_by"]) == ["a", "b"]
    noted = share(capsys, "ledger", "--data-dir", tmp_path / "a")
    assert [e["detail"] for e in noted["entries"]] == ["agreement signed by a"]


def test_a_dry_run_says_which_clause(signed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def tried(*arguments: object) -> dict[str, Any]:
        (result,) = share(capsys, "agreement", "dry-run", signed, *arguments)["results"]
        return dict(result)

    inside = tried("--position", "47.001,15.05", "--station", "b")
    assert (inside["shared"], inside["clause"]) == (True, 4)
    assert inside["fields"] == ["category", "position", "accuracy", "time"]
    outside = tried("--position", "47.008215,15.05")
    assert (outside["shared"], outside["clause"]) == (False, 4)
    assert outside["text"].startswith("not shared: 412 m outside")
    assert tried("--position", "47.001,15.05", "--category", "animal")["clause"] == 6
    assert tried("--position", "47.001,15.05", "--kind", "incident", "--incident-kind", "group")["clause"] == 5
    assert tried("--position", "47.001,15.05", "--via", "cot")["clause"] == 16
    assert tried("--position", "47.001,15.05", "--time", "2020-01-01T00:00:00Z")["clause"] == 2


@pytest.mark.parametrize("position", ["99,15", "47,181", "nan,15", "47", "a,b", "47,15,3"])
def test_a_dry_run_of_what_is_no_place_is_refused(
    signed: Path, position: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", "agreement", "dry-run", str(signed), "--position", position]) == ConfigError("", "").exit_code
    assert "--position" in capsys.readouterr().err


def test_the_status_before_anything_is_set_up_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["share", "status", "--station", "a", "--data-dir", str(tmp_path / "new")]) == 0
    assert "share init" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


def test_a_dry_run_of_exported_tracks(signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def feature(name: str, lat_deg: list[float]) -> dict[str, Any]:
        points = [[15.05, lat] for lat in lat_deg]
        properties = {"track_id": name, "class_per_point": ["person"] * len(points), "ce90_m": [3.0] * len(points)}
        return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": points}, "properties": properties}

    features = [feature("cam-1", [47.02, 47.003, 47.001]), feature("cam-2", [47.02, 47.03])]
    file = tmp_path / "tracks.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    first, second = share(capsys, "agreement", "dry-run", signed, "--tracks", file)["results"]
    assert (first["shared"], first["points"], first["points_shared"]) == (True, 3, 2)
    assert first["withheld"] == {"outside the corridor": 1}
    assert not second["shared"]
    file.write_text('{"features": [{"geometry": {"type": "Point", "coordinates": ["x"]}}]}')
    assert main(["share", "agreement", "dry-run", str(signed), "--tracks", str(file)]) == ConfigError("", "").exit_code


def test_one_party_ends_it(signed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = share(
        capsys, "agreement", "terminate", signed, "--station", "b", "--data-dir", tmp_path / "b", "--reason", "over"
    )
    assert (ended["terminated_by"], ended["already"]) == ("b", False)
    assert share(capsys, "agreement", "show", signed)["termination_reason"] == "over"
    with pytest.raises(ConfigError, match="b has ended"):
        read_agreement(signed)
    noted = share(capsys, "ledger", "--data-dir", tmp_path / "b")["entries"]
    assert noted[-1]["detail"] == "agreement ended by b: over"


@pytest.mark.parametrize(
    "arguments",
    [
        ("agreement", "new", "x.json", "--parties", "a", "b"),
        ("agreement", "new", "x.json", "--parties", "a", "b", "--border", "47", "48"),
        ("agreement", "new", "x.json", *NEW, "--valid-days", "1e300"),
        ("agreement", "new", "x.json", *NEW, "--valid-from", "tomorrow"),
        ("agreement", "new", "x.json", *NEW, "--grid-m", "9999"),
        ("agreement", "sign", "none.json", "--station", "a"),
        ("agreement", "show", "none.json"),
        ("ledger", "erase", "--track", "x"),
        ("ledger", "export"),
        ("ledger", "--data-dir", "none"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["share", *arguments]) > 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("groundstation: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("station", "text"), [("c", "c is no party"), ("", "as which party")])
def test_only_a_party_signs(signed: Path, station: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = signed.read_bytes()
    assert main(["share", "agreement", "sign", str(signed), "--station", station]) > 0
    assert text in capsys.readouterr().err
    assert signed.read_bytes() == before


def test_a_fingerprint_that_was_read_out_wrong_stops_the_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ab.json"
    share(capsys, "agreement", "new", file, *NEW)
    right = share(capsys, "agreement", "sign", file, "--station", "a", "--data-dir", tmp_path / "a")["fingerprint"]
    by_b = ("agreement", "sign", file, "--station", "b", "--data-dir", tmp_path / "b", "--fingerprint")
    share(capsys, *by_b, "0000 0000", code=ConfigError("", "").exit_code)
    assert share(capsys, "agreement", "show", file)["missing"] == ["b"]
    assert share(capsys, *by_b, right)["in_force"]


def test_what_did_we_tell_them_about_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a"
    ledger = Ledger(folder, "a", open_share_key(folder))
    now_us = time.time_ns() // 1000
    entry = Entry(
        now_us, "b", "00", 1, "track", "cam1-7", "q-1", "category,position", "AB-1", "ff", "BorderMonitoring", "clause 4",
        payload=b'{"body":{"class":"person"}}', retain_until_utc_us=now_us + 10**9,
    )  # fmt: skip
    ledger.record([entry])
    ledger.due_checkpoint(now_us, at_once=True)
    ledger.close()
    for name in ("cam1-7", "7", "q-1"):
        found = share(capsys, "ledger", "--track", name, "--data-dir", folder)
        assert (found["disclosures"], found["told_to"], found["whole"]) == (1, ["b"], True)
        assert found["entries"][0]["content"] == {"body": {"class": "person"}}
    assert share(capsys, "ledger", "--track", "8", "--data-dir", folder)["disclosures"] == 0
    checked = share(capsys, "ledger", "verify", "--data-dir", folder)
    assert (checked["whole"], checked["checkpoints"], checked["contents"]) == (True, 1, 1)
    files = share(capsys, "ledger", "export", "--data-dir", folder, "--out", tmp_path / "out")["files"]
    assert [Path(f).suffix for f in files] == [".csv", ".json", ".html"]
    assert share(capsys, "ledger", "checkpoints", "--data-dir", folder, "--of", "a", "--out", tmp_path / "w.json")
    assert share(capsys, "ledger", "verify", "--data-dir", folder, "--witness", tmp_path / "w.json")["checkpoints"] == 2
    erased = share(
        capsys, "ledger", "erase", "--track", "7", "--by", "Kranz", "--reason", "asked", "--data-dir", folder
    )
    assert erased["erased"] == 1
    after = share(capsys, "ledger", "--track", "7", "--data-dir", folder)
    assert [e["content_state"] for e in after["entries"] if e["what"] == "disclosure"] == ["erased"]
    assert share(capsys, "ledger", "retention", "--data-dir", folder)["erased"] == 0
