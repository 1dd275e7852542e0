"""``groundstation evidence``: what an operator or a court does with packages, by its exit codes and words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from groundstation.app.evidence import ExportOrder, export_package
from groundstation.app.main import main
from groundstation.core.errors import ConfigError
from groundstation.store.evidence_archive import EXIT_CODES, PackageError
from groundstation.store.evidence_chain import EvidenceBook, exports
from groundstation.store.evidence_key import open_signing_key
from groundstation.store.evidence_package import open_package, write_package
from tests.unit.evidence.footage import Scene, clip_of, part, pictures
from vision.evidence_boxes import LookedAt, sidecar_of


class Boxes:
    """Writes the boxes of a clip as the recorder does."""

    @staticmethod
    def beside(clip, looked: list[LookedAt]) -> bytes:
        from vision.evidence_boxes import BoxRecorder

        recorder = BoxRecorder()
        recorder._pictures.extend(looked)
        recorder.save(clip, clip.from_utc_us, clip.to_utc_us)
        return sidecar_of(clip.path).read_bytes()


SCENE = Scene(count=12)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station's data with two packages, the first with a clip."""
    data_dir = tmp_path_factory.mktemp("station")
    key, book = open_signing_key(data_dir), EvidenceBook(data_dir)
    clip = clip_of(SCENE, data_dir / "clip.ts")
    boxes = Boxes.beside(clip, [SCENE.looked(k) for k in range(12)])
    documents = [
        ("incident.json", json.dumps({"incident_id": "INC-1", "track_id": "cam1-7"}).encode()),
        ("track.json", b'{"track_id":"cam1-7","positions":[]}'),
        ("telemetry.json", b'{"aircraft":[],"camera_poses":[]}'),
        ("rule.json", b'{"kind":"crossing"}'),
        ("model.json", b'{"sha256":"ab"}'),
        ("clock.json", b'{"frame_times_from":{"klv":12},"station_utc":{"synchronised":true}}'),
    ]
    for number, members in ((1, [("clip.ts", clip.path.read_bytes()), ("boxes.json", boxes)]), (2, [])):
        facts = {
            "content": "incident", "kind": "crossing", "incident_id": f"INC-{number}", "flight_id": "f", "notes": [],
            "station": "arvenia", "created_utc_us": 1_790_000_000_000_000, "complete": True, "sentence": "Person crossed",
            "clip": {"from_utc_us": 1, "to_utc_us": 2, "pictures": 12} if members else None,
        }  # fmt: skip
        link = book.head()
        path = data_dir / "evidence" / f"INC-{number}.evidence.zip"
        digest = write_package(path, facts, [*members, *documents], key, link)
        book.enter(f"INC-{number}", path.name, digest, link, 1)
    book.close()
    return data_dir


@pytest.fixture
def package(station: Path) -> Path:
    return station / "evidence" / "INC-1.evidence.zip"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["evidence", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_verify_in_the_stations_own_folder_uses_its_key(package: Path, capsys) -> None:
    code, out, _ = run(capsys, "verify", package)
    assert code == 0
    assert "valid" in out
    assert "the one that was expected" in out


def test_verify_says_when_nobody_vouches_for_the_signer(package: Path, tmp_path: Path, capsys) -> None:
    copy = shutil.copy(package, tmp_path / "copy.evidence.zip")
    code, out, _ = run(capsys, "verify", copy)
    assert code == 0
    assert "NOT checked" in out
    code, out, _ = run(capsys, "verify", copy, "--json")
    assert json.loads(out)["known_signer"] is False


def test_verify_with_the_key_and_with_another(package: Path, station: Path, tmp_path: Path, capsys) -> None:
    assert run(capsys, "verify", package, "--key", station / "keys" / "evidence.pub")[0] == 0
    open_signing_key(tmp_path)
    code, _, err = run(capsys, "verify", package, "--key", tmp_path / "keys" / "evidence.pub")
    assert code == EXIT_CODES["key"]
    assert "NOT VALID" in err


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda b: b[:-1], "truncated"),
        (lambda b: b[: len(b) // 2], "truncated"),
        (lambda b: b[:5000] + bytes([b[5000] ^ 1]) + b[5001:], "changed"),
        (lambda b: b + b"\0", "format"),
        (lambda b: b"MZ" + b, "format"),
    ],
)
def test_every_fault_has_its_exit_code_and_one_message(package: Path, tmp_path: Path, capsys, damage, fault) -> None:
    path = tmp_path / "damaged.evidence.zip"
    path.write_bytes(damage(package.read_bytes()))
    code, out, err = run(capsys, "verify", path)
    assert code == EXIT_CODES[fault]
    assert err.startswith("NOT VALID: ")
    assert (len(err.splitlines()), out) == (1, "")
    code, out, _ = run(capsys, "verify", path, "--json")
    told = json.loads(out)
    assert (told["valid"], told["fault"], told["exit_code"]) == (False, fault, code)


def test_no_such_package(tmp_path: Path, capsys) -> None:
    assert run(capsys, "verify", tmp_path / "none.zip")[0] == EXIT_CODES["unreadable"]
    assert run(capsys, "show", tmp_path / "none.zip")[0] == EXIT_CODES["unreadable"]


def test_a_certificate_is_not_a_key(package: Path, station: Path, capsys) -> None:
    assert run(capsys, "verify", package, "--certificate", station / "keys" / "evidence.pub")[0] == 2


def test_verify_a_folder(station: Path, package: Path, tmp_path: Path, capsys) -> None:
    code, out, _ = run(capsys, "verify", station / "evidence")
    assert code == 0
    assert "2 packages whole" in out
    assert run(capsys, "verify", package, "--folder", "--json")[0] == 0
    (tmp_path / "evidence").mkdir()
    shutil.copy(station / "evidence" / "INC-2.evidence.zip", tmp_path / "evidence")
    code, out, err = run(capsys, "verify", tmp_path / "evidence")
    assert code == EXIT_CODES["chain"]
    assert "package 1 is missing" in err
    assert "is not noticed" in out


def test_show_tells_what_is_in_it(package: Path, capsys) -> None:
    code, out, _ = run(capsys, "show", package)
    assert code == 0
    for words in ("INC-1", "arvenia", "Person crossed", "12 pictures", "crossing", "ab", "synchronised"):
        assert words in out
    code, out, _ = run(capsys, "show", package, "--json")
    assert json.loads(out)["track"]["track_id"] == "cam1-7"


def test_an_export_shows_the_subject_only_and_is_signed_and_noted(
    package: Path, station: Path, tmp_path, capsys
) -> None:
    out = tmp_path / "for-the-court.evidence.zip"
    code, told, _ = run(capsys, "export", package, "--out", out, "--recorded-only", "--operator", "ada")
    assert code == 0
    assert "12 pictures" in told
    exported = open_package(out, open_signing_key(station).public)
    names = [e.name for e in exported.entries]
    assert "clip.ts" not in names
    assert "boxes.json" not in names, "where the others were is nobody's business either"
    assert exported.manifest["unblurred"] is None
    assert exported.manifest["blurred"]["pictures"] == 12
    (tmp_path / "clip.mp4").write_bytes(exported.read("clip.mp4"))
    (tmp_path / "clip.ts").write_bytes(open_package(package).read("clip.ts"))
    for before, after, k in zip(
        pictures(tmp_path / "clip.ts"), pictures(tmp_path / "clip.mp4"), range(12), strict=True
    ):
        assert abs(part(before, SCENE.box(7, k)) - part(after, SCENE.box(7, k))).mean() < 6.0
        assert part(after, SCENE.box(8, k)).var() < 0.2 * part(before, SCENE.box(8, k)).var()
    # What the station had signed can still be compared with what is in the export.
    source = json.loads(exported.read("source-manifest.json"))
    signed = {m["name"]: m["sha256"] for m in source["members"]}
    assert all(e.sha256 == signed[e.name] for e in exported.entries if e.name in signed)
    (noted,) = [e for e in exports(station) if e.file == str(out)]
    assert (noted.operator, noted.unblurred, noted.incident_id) == ("ada", False, "INC-1")


def test_unblurred_only_with_a_reason_that_is_kept(package: Path, station: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "all.evidence.zip"
    for reason in ((), ("--reason", "  ")):
        assert run(capsys, "export", package, "--out", out, "--unblurred", *reason)[0] == 2
        assert not out.exists()
    code, _, _ = run(
        capsys, "export", package, "--out", out, "--unblurred", "--reason", "court order 7", "--operator", "ada"
    )
    assert code == 0
    exported = open_package(out, open_signing_key(station).public)
    assert exported.read("clip.ts") == open_package(package).read("clip.ts")
    told = exported.manifest["unblurred"]
    assert (told["reason"], told["operator"]) == ("court order 7", "ada")
    assert told["t_utc_us"] > 1_700_000_000_000_000
    (noted,) = [e for e in exports(station) if e.file == str(out)]
    assert (noted.reason, noted.unblurred, noted.t_utc_us) == ("court order 7", True, told["t_utc_us"])
    code, words, _ = run(capsys, "exports", station)
    assert "UNBLURRED because: court order 7" in words


def test_a_reason_without_unblurred_is_a_mistake(package: Path, tmp_path: Path, capsys) -> None:
    assert run(capsys, "export", package, "--out", tmp_path / "a.zip", "--reason", "why not")[0] == 2


def test_what_cannot_be_noted_is_not_exported(package: Path, tmp_path: Path, station: Path, monkeypatch) -> None:
    import sqlite3

    def refuse(self: EvidenceBook, export: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(EvidenceBook, "note_export", refuse)
    with pytest.raises(Exception, match="cannot be logged"):
        export_package(ExportOrder(package, tmp_path / "a.zip", True, "court order 7", "ada"), None)
    assert not (tmp_path / "a.zip").exists()


def test_orders_that_cannot_be_followed(package: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_bytes(b"something")
    with pytest.raises(ConfigError, match="is there already"):
        export_package(ExportOrder(package, there, True, "r", "ada"), None)
    assert there.read_bytes() == b"something"
    copy = Path(shutil.copy(package, tmp_path / "copy.evidence.zip"))
    with pytest.raises(ConfigError, match="--data-dir"):
        export_package(ExportOrder(copy, tmp_path / "b.zip", True, "r", "ada"), None)
    damaged = package.parent / "damaged.evidence.zip"
    damaged.write_bytes(package.read_bytes()[:-9])
    try:
        with pytest.raises(PackageError):
            export_package(ExportOrder(damaged, tmp_path / "b.zip", True, "r", "ada"), None)
    finally:
        damaged.unlink()


def test_an_incident_without_a_clip_can_be_exported_too(station: Path, tmp_path: Path, capsys) -> None:
    path = station / "evidence" / "INC-2.evidence.zip"
    assert run(capsys, "export", path, "--out", tmp_path / "b.zip", "--recorded-only")[0] == 0
    assert not open_package(tmp_path / "b.zip").has("clip.mp4")
    with pytest.raises(ConfigError, match="is an export already"):
        export_package(ExportOrder(tmp_path / "b.zip", tmp_path / "c.zip", False, "", "ada"), None)
