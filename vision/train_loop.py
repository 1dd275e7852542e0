"""The training loop: ultralytics' network and loss, batches of native-scale tiles, a schedule that ends on time.

A run can be killed at any time: the checkpoint holds network, average, optimiser, step, time and random state, and batch
number n is always the same, so a resumed run does what an unbroken one would have done.
"""

from __future__ import annotations

import contextlib
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from ultralytics.cfg import get_cfg
from ultralytics.utils.torch_utils import ModelEMA

from geofences.errors import ConfigError, ModelError
from vision.train_checkpoint import save_checkpoint
from vision.train_data import Batch, TileSampler
from vision.train_loss import DetectionLoss
from vision.train_model import Network
from vision.train_run import CHECKPOINT, LOG, LOG_COLUMNS, VALIDATION, VALIDATION_COLUMNS, CsvLog

log = logging.getLogger(__name__)

Validate = Callable[[Network], dict[str, float]]


@dataclass(frozen=True)
class Schedule:
    """When to stop (whichever comes first) and how fast to learn. The rate falls as a cosine of the part done."""

    max_steps: int
    max_s: float = math.inf
    rate: float = 2e-3
    final_rate: float = 0.02
    warm_up_steps: int = 60
    weight_decay: float = 5e-4
    frozen_modules: int = 0
    """The first so many modules stay as they are: their backward pass is a third of the work."""
    save_every: int = 50
    log_every: int = 25
    validate_every: int = 0

    def part_done(self, step: int, elapsed_s: float) -> float:
        """0 at the beginning, 1 or more at the end."""
        return max(step / self.max_steps, elapsed_s / self.max_s)

    def rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step."""
        fall = self.final_rate + (1 - self.final_rate) * (1 + math.cos(math.pi * min(done, 1.0))) / 2
        return self.rate * fall * min(1.0, (step + 1) / self.warm_up_steps)


@dataclass(frozen=True)
class Machine:
    """Where the network runs. ``mixed``: in half precision where that is safe; ``workers``: threads that cut tiles."""

    device: torch.device
    mixed: bool = False
    workers: int = 1

    @property
    def half(self) -> torch.dtype:
        """bfloat16 where there is hardware for it: its range needs no scaling of the loss."""
        good = self.device.type == "cpu" or torch.cuda.is_bf16_supported()
        return torch.bfloat16 if good else torch.float16


def choose_machine(wanted: str, workers: int, cpus: int) -> Machine:
    """The device that an option names; ``auto`` is the first GPU, else the CPU. Raises ConfigError for one not there."""
    name = ("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except Exception as error:  # torch raises RuntimeError or AssertionError, by kind of device
        first = str(error).splitlines()[0] if str(error) else repr(error)
        raise ConfigError(f"device {wanted}: {first}", "use auto, cpu, cuda, cuda:N or mps") from error
    on_gpu = device.type == "cuda"
    return Machine(device, on_gpu, workers or (min(8, max(cpus - 1, 1)) if on_gpu else 1))


def to_device(batch: Batch, device: torch.device) -> dict[str, torch.Tensor]:
    """The dictionary that the detection loss takes, on the device."""
    image = torch.from_numpy(batch.image).to(device).float().div_(255.0)
    rest = {
        "bboxes": torch.from_numpy(batch.box),
        "cls": torch.from_numpy(batch.class_id)[:, None],
        "batch_idx": torch.from_numpy(batch.owner),
        "ignore_xyxy": torch.from_numpy(batch.ignore_xyxy),
        "ignore_owner": torch.from_numpy(batch.ignore_owner),
    }
    # Channels last is a fifth faster on a CPU, and what a GPU's tensor cores want.
    return {
        "img": image.contiguous(memory_format=torch.channels_last),
        **{key: value.to(device) for key, value in rest.items()},
    }


def calibrate_batch_norm(network: Network, sampler: TileSampler, batches: int = 4) -> None:
    """Gives every folded batch norm (mean 0, variance 1) the statistics of real pictures, its function unchanged.

    Without this the first training step would normalise activations that the folded weights mean to be as they are.
    """
    sums: dict[Any, list[torch.Tensor]] = {}
    hooks = []
    for module in network.modules():
        bn, conv = getattr(module, "bn", None), getattr(module, "conv", None)
        if (
            not isinstance(bn, torch.nn.BatchNorm2d)
            or conv is None
            or abs(bn.running_var[0].item() + bn.eps - 1) > 1e-6
        ):
            continue
        if not bn.bias.detach().any():
            continue  # random weights: nothing folded in

        def note(_m: torch.nn.Module, _i: object, out: torch.Tensor, bn: torch.nn.Module = bn) -> None:
            mean, square = out.mean((0, 2, 3)), (out**2).mean((0, 2, 3))
            sums[bn] = [a + b for a, b in zip(sums.get(bn, [mean * 0, mean * 0]), (mean, square), strict=True)]

        hooks.append(conv.register_forward_hook(note))
    network.eval()
    with torch.no_grad():
        for number in range(batches):
            network(torch.from_numpy(sampler.batch(number).image).float() / 255.0)
        for hook in hooks:
            hook.remove()
        for bn, (mean_sum, square_sum) in sums.items():
            mean = mean_sum / batches
            variance = (square_sum / batches - mean**2).clamp_min(1e-5)
            bn.running_mean.copy_(mean)
            bn.running_var.copy_(variance)
            bn.bias.add_(mean)
            bn.weight.copy_((variance + bn.eps).sqrt())


class Trainer:
    """One run: its network, average and optimiser, and where it stands."""

    def __init__(
        self,
        network: Network,
        sampler: TileSampler,
        schedule: Schedule,
        machine: Machine,
        folder: Path,
        name: str,
        validate: Validate | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``folder`` receives checkpoint, logs and ``NAME.pt``."""
        self._sampler, self._schedule, self._machine = sampler, schedule, machine
        self._folder, self._name, self._validate, self._clock = folder, name, validate, clock
        network.args = get_cfg()
        network.to(machine.device, memory_format=torch.channels_last)
        network.train()
        for module in list(network.model)[: schedule.frozen_modules]:
            module.eval().requires_grad_(False)
        self.network = network
        self._loss = DetectionLoss(network)
        decay: list[Any] = []
        plain: list[Any] = []
        for parameter in network.parameters():
            if parameter.requires_grad:
                (decay if parameter.ndim > 1 else plain).append(parameter)
        groups = [{"params": decay, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}]
        self._optimiser = torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.99))
        self._average = ModelEMA(network, decay=0.998, tau=200)
        scaling = machine.mixed and machine.half is torch.float16
        self._scaler = torch.amp.GradScaler(machine.device.type, enabled=scaling)
        self.step = 0
        self.elapsed_s = 0.0

    @property
    def averaged(self) -> Network:
        """The averaged network, the one that is used."""
        result: Network = self._average.ema
        return result

    def state(self) -> dict[str, Any]:
        """All of it, for a checkpoint."""
        return {
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "network": self.network.state_dict(),
            "average": self._average.ema.state_dict(),
            "updates": self._average.updates,
            "optimiser": self._optimiser.state_dict(),
            "scaler": self._scaler.state_dict(),
            "random": torch.get_rng_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from a checkpoint. Raises ModelError when it is another network's."""
        try:
            self.network.load_state_dict(state["network"])
            self._average.ema.load_state_dict(state["average"])
            self._optimiser.load_state_dict(state["optimiser"])
            self._scaler.load_state_dict(state["scaler"])
            torch.set_rng_state(state["random"])
            self._average.updates, self.step = int(state["updates"]), int(state["step"])
            self.elapsed_s = float(state["elapsed_s"])
        except (KeyError, ValueError, TypeError, RuntimeError) as error:
            raise ModelError(f"{self._folder / CHECKPOINT} is not of this network ({error})") from error

    def save(self) -> None:
        """Writes the checkpoint, then the averaged weights; each whole or not at all."""
        save_checkpoint(self._folder / CHECKPOINT, self.state())
        save_weights(self.averaged, self._folder / f"{self._name}.pt")

    def run(self) -> Network:
        """Trains until the schedule ends and returns the averaged network. Raises ModelError when the loss is no number."""
        s = self._schedule
        rows = CsvLog(self._folder / LOG, LOG_COLUMNS, self.step)
        validations = CsvLog(self._folder / VALIDATION, VALIDATION_COLUMNS, self.step)
        if self.step == 0:
            self.save()  # from here on a killed run can go on
        before_s, started = self.elapsed_s, self._clock()
        parts = torch.zeros(3, device=self._machine.device)
        noted_step, noted_s, validated_step = self.step, self.elapsed_s, validations.last_step
        with self._batches(self.step) as next_batch:
            while (done := s.part_done(self.step, self.elapsed_s)) < 1:
                rate = s.rate_at(self.step, done)
                parts += self._learn(to_device(next_batch(), self._machine.device), rate)
                self.step += 1
                self.elapsed_s = before_s + self._clock() - started
                if self.step % s.log_every == 0:
                    count, took_s = self.step - noted_step, self.elapsed_s - noted_s
                    tiles_per_s = count * self._sampler.tiles_per_batch / took_s if took_s > 0 else math.nan
                    box, kind, edge = (parts / count).tolist()
                    values = (self.step, self.elapsed_s, rate, box + kind + edge, box, kind, edge, tiles_per_s)
                    rows.add(dict(zip(LOG_COLUMNS, values, strict=True)))
                    log.info(
                        "step %d, %.0f s, %.0f %% done, loss box %.3f class %.3f edge %.3f, %.1f tiles/s",
                        *(self.step, self.elapsed_s, 100 * done, box, kind, edge, tiles_per_s),
                    )
                    parts.zero_()
                    noted_step, noted_s = self.step, self.elapsed_s
                if s.validate_every and self.step % s.validate_every == 0:
                    validated_step = self._note_validation(validations)
                    self.elapsed_s = before_s + self._clock() - started
                if self.step % s.save_every == 0:
                    self.save()
        if validated_step != self.step:
            self._note_validation(validations)
        self.save()
        self.averaged.eval()
        return self.averaged

    def _learn(self, batch: dict[str, torch.Tensor], rate: float) -> torch.Tensor:
        """One step; returns the parts of its loss."""
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        m = self._machine
        with torch.autocast(m.device.type, m.half, enabled=m.mixed):
            predicted = self.network(batch["img"])
        total, parts = self._loss(predicted, batch)
        if not math.isfinite(float(total.detach())):
            raise ModelError(
                f"step {self.step}: the loss is no number any more",
                "the last checkpoint is whole; start again with a lower --rate from its .pt file",
            )
        self._optimiser.zero_grad(set_to_none=True)
        self._scaler.scale(total).backward()
        self._scaler.unscale_(self._optimiser)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 10.0)
        self._scaler.step(self._optimiser)
        self._scaler.update()
        self._average.update(self.network)
        return parts

    def _note_validation(self, validations: CsvLog) -> int:
        if self._validate is None:
            return self.step
        row = self._validate(self.averaged)
        validations.add({"step": self.step, "elapsed_s": self.elapsed_s, **row})
        log.info("step %d, validation: %s", self.step, ", ".join(f"{k} {v:.3f}" for k, v in row.items()))
        return self.step

    @contextlib.contextmanager
    def _batches(self, first: int) -> Iterator[Callable[[], Batch]]:
        """Tiles are cut ahead in threads while the network computes, and come in their order."""
        with ThreadPoolExecutor(self._machine.workers, "tiles") as pool:
            ahead: deque[Future[Batch]] = deque()
            number = first

            def take() -> Batch:
                nonlocal number
                while len(ahead) <= self._machine.workers and number < self._schedule.max_steps:
                    ahead.append(pool.submit(self._sampler.batch, number))
                    number += 1
                return ahead.popleft().result()

            try:
                yield take
            finally:
                for waiting in ahead:
                    waiting.cancel()


def save_weights(network: Network, file: Path) -> None:
    """Writes the weights (a state dict) to ``file``, whole or not at all."""
    part = file.with_suffix(".part")
    torch.save(network.state_dict(), part)
    part.replace(file)
