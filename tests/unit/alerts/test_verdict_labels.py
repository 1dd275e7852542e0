"""An operator's verdict becomes labels that the training's own reader takes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from groundstation.app.main import main
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct, Verdict
from groundstation.core.bus import Bus
from groundstation.core.errors import StoreError
from groundstation.store import StoreService
from groundstation.store.verdict_labels import export_verdicts
from tests.unit.evidence.footage import T_US, Scene, clip_of
from tests.unit.store.records import FakeClock, incident
from vision.dataset import read_verdicts
from vision.evidence_boxes import BoxRecorder, LookedAt


def beside(clip_info: object, looked: list[LookedAt]) -> None:
    recorder = BoxRecorder()
    recorder._pictures.extend(looked)
    recorder.save(clip_info, T_US, T_US + 2_400_000)  # type: ignore[arg-type]


def station(folder: Path, verdicts: list[Verdict], looked: list[LookedAt] | None = None) -> Path:
    """A station's folder with one incident that was judged ``verdicts`` one after the other."""
    scene = Scene()
    info = clip_of(scene, folder / "evidence" / "i1.ts")
    beside(info, looked if looked is not None else [scene.looked(k) for k in range(24)])
    bus = Bus()
    store = StoreService(bus, folder, "f1", FakeClock())
    store.start()
    bus.publish(topics.INCIDENT, incident(t_utc_us=T_US + 1_200_000, evidence="evidence/i1.ts"))
    bus.publish(topics.INCIDENT, incident("i2"))
    bus.publish(topics.INCIDENT, incident("i3", evidence="../../etc/passwd"))
    for number, verdict in enumerate(verdicts):
        store.keep_act(AlertAct(f"a{number}", "i1", T_US + number, "anna", "verdict", verdict)).result(60.0)
    for number in (2, 3):
        store.keep_act(AlertAct(f"b{number}", f"i{number}", T_US, "bert", "verdict", "confirmed")).result(60.0)
    assert store.stop()
    return folder


@pytest.mark.parametrize(
    ("verdict", "class_ids"), [("confirmed", [0]), ("help", [0]), ("own_patrol", [0]), ("animal", [3]), ("false", [])]
)
def test_a_verdict_comes_back_from_the_readers_side(tmp_path: Path, verdict: Verdict, class_ids: list[int]) -> None:
    done = export_verdicts(station(tmp_path / "data", [verdict]), tmp_path / "out")
    by_id = {d.incident_id: d for d in done}
    one, without, outside = by_id["i1"], by_id["i2"], by_id["i3"]
    assert (one.verdict, one.operator, len(one.pictures)) == (verdict, "anna", 3)
    assert (without.lack, outside.lack) == ("there is no clip", "its clip lies outside the station's folder")
    pictures = read_verdicts(tmp_path / "out")
    assert len(pictures) == 3
    scene = Scene()
    for labelled in pictures:
        assert labelled.class_id.tolist() == class_ids
        k = round((int(labelled.path.stem.rpartition("-")[2]) * 1000 - T_US) / 100_000)
        # The picture is a part of the frame of its own time, and is found there.
        fit = cv2.matchTemplate(scene.image(k), labelled.read_bgr(), cv2.TM_CCOEFF_NORMED)
        _, best, _, (x, y) = cv2.minMaxLoc(fit)
        assert best > 0.8
        if class_ids:
            expected = np.array(scene.box(7, k)) - [x, y, x, y]
            assert np.abs(labelled.xyxy[0] - expected).max() < 0.6


def test_the_last_verdict_counts_and_replaces_what_an_earlier_export_wrote(tmp_path: Path) -> None:
    data = station(tmp_path / "data", ["confirmed"])
    export_verdicts(data, tmp_path / "out")
    (tmp_path / "out" / "labels" / "other-1.txt").write_text("")
    store = StoreService(Bus(), data, "f2", FakeClock())
    store.start()
    store.keep_act(AlertAct("z", "i1", T_US + 99, "bert", "verdict", "animal")).result(60.0)
    store.stop()
    export_verdicts(data, tmp_path / "out")
    assert {tuple(p.class_id.tolist()) for p in read_verdicts(tmp_path / "out")} == {(3,)}
    assert (tmp_path / "out" / "labels" / "other-1.txt").exists()
    written = json.loads((tmp_path / "out" / "verdicts.json").read_text())["verdicts"]
    assert next((v["incident_id"], v["verdict"], v["operator"]) for v in written) == ("i1", "animal", "bert")


def test_nobody_whom_nobody_judged_comes_into_a_picture(tmp_path: Path) -> None:
    scene = Scene()
    crowded = []
    for k in range(24):
        seen = scene.looked(k)
        x0, y0, x1, y1 = seen.tracks[0][2]
        other = (x0 + 30, y0, x1 + 30, y1)
        crowded.append(replace(seen, detections=(*seen.detections, (other, 0, 0.6))))
    done = export_verdicts(station(tmp_path / "data", ["confirmed"], crowded), tmp_path / "out")
    assert (
        next(d for d in done if d.incident_id == "i1").pictures,
        next(d for d in done if d.incident_id == "i1").lack,
    ) == ((), "no picture shows it alone")
    far = [replace(s, detections=(((125.0, 60.0, 143.0, 96.0), 0, 0.6),)) for s in map(scene.looked, range(24))]
    done = export_verdicts(station(tmp_path / "more", ["confirmed"], far), tmp_path / "out2")
    assert next(d for d in done if d.incident_id == "i1").pictures
    for labelled in read_verdicts(tmp_path / "out2"):
        assert labelled.read_bgr().shape[0] < 144


def test_what_was_not_looked_at_is_not_in_a_picture(tmp_path: Path) -> None:
    scene = Scene()
    part = [scene.looked(k, region=(30, 30, 140, 140)) for k in range(24)]
    export_verdicts(station(tmp_path / "data", ["confirmed"], part), tmp_path / "out")
    assert {p.read_bgr().shape[:2] for p in read_verdicts(tmp_path / "out")} == {(96, 96)}


def test_a_damaged_clip_is_said_and_the_command_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = station(tmp_path / "data", ["confirmed"])
    (data / "evidence" / "i1.boxes.json").write_text("{")
    assert main(["verdicts", str(data), "--out", str(tmp_path / "out"), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["pictures"] == 0
    assert "cannot be read" in next(v for v in said["verdicts"] if v["incident_id"] == "i1")["lack"]
    with pytest.raises(StoreError):
        export_verdicts(tmp_path / "nothing", tmp_path / "out")
    assert main(["verdicts", str(data), "--out", str(tmp_path / "out"), "--most", "0"]) != 0
