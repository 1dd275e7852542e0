"""Training itself, where torch is installed: a killed run goes on as if nothing had been, and what is unknown is unknown."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")
pytest.importorskip("ultralytics", reason="the extra [train] is not installed")

from geofences.errors import ConfigError, ModelError  # noqa: E402
from vision.dataset import LabelledPicture  # noqa: E402
from vision.detectors.model_file import describe  # noqa: E402
from vision.detectors.onnx import OnnxSession  # noqa: E402
from vision.train_checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from vision.train_data import TileSampler  # noqa: E402
from vision.train_export import export_onnx  # noqa: E402
from vision.train_loop import Machine, Schedule, Trainer, choose_machine, to_device  # noqa: E402
from vision.train_loss import DetectionLoss, anchor_keep  # noqa: E402
from vision.train_model import build_network, load_weights  # noqa: E402
from vision.train_run import LOG_COLUMNS, read_log  # noqa: E402
from vision.train_validate import validate, validation_part  # noqa: E402

CPU = Machine(torch.device("cpu"))


def sampler(folder: Path, **more: Any) -> TileSampler:
    image = np.full((128, 160, 3), 90, dtype=np.uint8)
    image[40:60, 60:70] = 250
    cv2.imwrite(str(folder / "p.png"), image)
    box = np.array([[60.0, 40, 70, 60]])
    picture = LabelledPicture(folder / "p.png", "test", "train", box, np.array([0], dtype=np.int64), **more)
    return TileSampler([([picture], 1.0)], 64, 2, seed=1)


def trainer(folder: Path, source: TileSampler, **more: Any) -> Trainer:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    folder.mkdir(exist_ok=True)
    ticks = itertools.count()
    schedule = Schedule(8, rate=1e-3, warm_up_steps=3, save_every=2, log_every=1)
    machine = more.pop("machine", CPU)
    return Trainer(build_network(), source, schedule, machine, folder, "n", clock=lambda: float(next(ticks)), **more)


class KilledError(Exception):
    """Stands for SIGKILL: nothing of the trainer runs after it."""


class DyingSampler:
    """A sampler whose process dies when batch ``at`` is asked for."""

    def __init__(self, source: TileSampler, at: int) -> None:
        self._source, self._at = source, at
        self.tiles_per_batch = source.tiles_per_batch

    def batch(self, number: int) -> Any:
        if number == self._at:
            raise KilledError
        return self._source.batch(number)


def test_a_killed_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    source = sampler(tmp_path)
    whole = trainer(tmp_path / "a", source)
    whole.run()
    broken = trainer(tmp_path / "b", DyingSampler(source, 5))  # type: ignore[arg-type]
    with pytest.raises(KilledError):
        broken.run()
    state = load_checkpoint(tmp_path / "b" / "checkpoint.pt")
    assert state["step"] == 4
    again = trainer(tmp_path / "b", source)
    again.restore(state)
    again.run()
    for name, value in whole.averaged.state_dict().items():
        assert torch.equal(value, again.averaged.state_dict()[name]), name
    losses = [[r["loss_box"] for r in read_log(tmp_path / f / "log.csv", LOG_COLUMNS)] for f in "ab"]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 8


def test_a_run_that_was_stopped_before_its_first_save_can_go_on(tmp_path: Path) -> None:
    source = sampler(tmp_path)
    with pytest.raises(KilledError):
        trainer(tmp_path / "r", DyingSampler(source, 0)).run()  # type: ignore[arg-type]
    assert load_checkpoint(tmp_path / "r" / "checkpoint.pt")["step"] == 0


def test_a_damaged_checkpoint_or_one_of_another_network_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.pt"
    with pytest.raises(ModelError, match="no checkpoint yet"):
        load_checkpoint(file)
    file.write_bytes(b"PK not a checkpoint")
    with pytest.raises(ModelError, match=r"checkpoint\.pt: cannot be read"):
        load_checkpoint(file)
    torch.save({"model": 1}, file)
    with pytest.raises(ModelError, match="version"):
        load_checkpoint(file)
    made = trainer(tmp_path, sampler(tmp_path))
    save_checkpoint(file, {**made.state(), "network": build_network("s-p2").state_dict()})
    with pytest.raises(ModelError, match="not of this network"):
        made.restore(load_checkpoint(file))


def test_a_loss_that_is_no_number_ends_the_run(tmp_path: Path) -> None:
    made = trainer(tmp_path / "r", sampler(tmp_path))
    next(iter(made.network.parameters())).data.fill_(float("nan"))
    with pytest.raises(ModelError, match="no number"):
        made.run()


def test_half_precision_learns_too(tmp_path: Path) -> None:
    made = trainer(tmp_path / "r", sampler(tmp_path), machine=Machine(torch.device("cpu"), mixed=True))
    made.run()
    assert all(np.isfinite(r["loss_box"]) for r in read_log(tmp_path / "r" / "log.csv", LOG_COLUMNS))
    assert next(made.averaged.parameters()).dtype is torch.float32


def test_anchors_in_an_ignored_region_do_not_count() -> None:
    boxes = torch.tensor([[16.0, 0, 32, 16], [0, 0, 64, 64]])
    keep = anchor_keep(boxes, torch.tensor([0, 2]), 3, (64, 64), [8, 16])
    assert keep.shape == (3, 64 + 16)
    fine = keep[0, :64].reshape(8, 8)
    assert torch.equal((~fine).nonzero(), torch.tensor([[0, 2], [0, 3], [1, 2], [1, 3]]))
    coarse = keep[0, 64:].reshape(4, 4)
    assert (~coarse).nonzero().tolist() == [[0, 1]]
    assert keep[1].all()
    assert not keep[2].any()


def test_what_nobody_labelled_neither_rewards_nor_punishes(tmp_path: Path) -> None:
    torch.manual_seed(0)
    region = np.array([[0.0, 0, 160, 128]])
    batch = to_device(sampler(tmp_path, ignore_xyxy=region).batch(0), CPU.device)
    network = build_network()
    network.args = trainer(tmp_path / "x", sampler(tmp_path)).network.args
    loss = DetectionLoss(network)
    predicted = network(batch["img"])
    masked, _ = loss(predicted, batch)
    open_batch = {**batch, "ignore_xyxy": batch["ignore_xyxy"][:0], "ignore_owner": batch["ignore_owner"][:0]}
    unmasked, _ = loss(predicted, open_batch)
    assert float(masked.detach()) < float(unmasked.detach())
    # Without any box nothing is left to learn from in a picture that is ignored as a whole.
    empty = {**batch, "bboxes": batch["bboxes"][:0], "cls": batch["cls"][:0], "batch_idx": batch["batch_idx"][:0]}
    whole = torch.tensor([[0.0, 0, 64, 64]] * 2)
    nothing, _ = loss(predicted, {**empty, "ignore_xyxy": whole, "ignore_owner": torch.tensor([0, 1])})
    assert float(nothing.detach()) == 0.0


def test_sizes_are_built_and_weights_of_another_size_refused(tmp_path: Path) -> None:
    strides = {size: build_network(size).model[-1].stride.tolist() for size in ("s", "m", "s-p2")}
    assert strides == {"s": [8, 16], "m": [8, 16], "s-p2": [4, 8, 16]}
    with pytest.raises(ConfigError, match="huge"):
        build_network("huge")
    torch.save(build_network("s").state_dict(), tmp_path / "s.pt")
    network = build_network("s")
    assert load_weights(network, tmp_path / "s.pt", "s") == "run"
    with pytest.raises(ModelError, match=r"s\.pt do not fit"):
        load_weights(build_network("m"), tmp_path / "s.pt", "m")
    (tmp_path / "x.pt").write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"x\.pt"):
        load_weights(network, tmp_path / "x.pt", "s")


def test_the_exported_file_says_what_the_network_says(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the extra [train] is not installed")
    pytest.importorskip("onnxslim", reason="the extra [train] is not installed")
    torch.manual_seed(3)
    network = build_network("s-p2").eval()
    file = export_onnx(network, tmp_path / "a.onnx", {"person": 0.4}, (0, 960))
    again = export_onnx(network, tmp_path / "b.onnx", {"person": 0.4})
    assert file.read_bytes() == again.read_bytes()
    told = describe(file, file.read_bytes())
    assert (told.thresholds, told.input_px, told.stride_px) == ({"person": 0.4}, (0, 960), 16)
    picture = np.random.default_rng(0).random((1, 3, 96, 160), dtype=np.float32)  # not the size it was exported at
    with torch.no_grad():
        expected = network(torch.from_numpy(picture))[0].numpy()[0]
    np.testing.assert_allclose(OnnxSession(file, file.read_bytes(), "cpu", 1).run(picture), expected, atol=2e-3)


def test_a_device_that_is_not_there_is_an_error() -> None:
    assert choose_machine("cpu", 0, 4).workers == 1
    with pytest.raises(ConfigError, match="device toaster"):
        choose_machine("toaster", 0, 4)


def test_validation_takes_the_same_few_pictures_of_every_source(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "v.png"), np.zeros((50, 70, 3), np.uint8))

    def pictures(split: Any, count: int) -> list[LabelledPicture]:
        return [
            LabelledPicture(tmp_path / "v.png", f"{i}", split, np.zeros((1, 4)), np.array([3])) for i in range(count)
        ]

    chosen = validation_part([pictures("val", 9), pictures("train", 5), pictures("val", 2)], 6)
    assert [p.source for p in chosen] == ["0", "4", "8", "0", "1"]
    assert all(len(p.xyxy) == 0 for p in chosen)  # animals are not scored
    assert validation_part([pictures("val", 3)], 0) == []
    row = validate(build_network().eval(), chosen)
    assert row["pictures"] == 5
