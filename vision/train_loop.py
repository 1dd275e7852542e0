"""The training loop: ultralytics' network and loss, batches of native-scale tiles, a schedule that ends on time."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from ultralytics.cfg import get_cfg
from ultralytics.utils.torch_utils import ModelEMA

from vision.train_data import Batch, TileSampler
from vision.train_model import Network

log = logging.getLogger(__name__)

SAVE_EVERY_STEPS = 50


@dataclass(frozen=True)
class Schedule:
    """When to stop (whichever comes first) and how fast to learn. The rate falls as a cosine of the part done."""

    max_steps: int
    max_s: float
    rate: float = 2e-3
    final_rate: float = 0.02
    warm_up_steps: int = 60
    weight_decay: float = 5e-4
    frozen_modules: int = 0
    """The first so many modules stay as they are: their backward pass is a third of the work."""


def to_ultralytics(batch: Batch) -> dict[str, torch.Tensor]:
    """The dictionary that ultralytics' detection loss takes."""
    return {
        # Channels last is a fifth faster on a CPU.
        "img": torch.from_numpy(batch.image).contiguous(memory_format=torch.channels_last),
        "bboxes": torch.from_numpy(batch.box),
        "cls": torch.from_numpy(batch.class_id)[:, None],
        "batch_idx": torch.from_numpy(batch.owner),
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
        for _ in range(batches):
            network(torch.from_numpy(sampler.next_batch().image))
        for hook in hooks:
            hook.remove()
        for bn, (mean_sum, square_sum) in sums.items():
            mean = mean_sum / batches
            variance = (square_sum / batches - mean**2).clamp_min(1e-5)
            bn.running_mean.copy_(mean)
            bn.running_var.copy_(variance)
            bn.bias.add_(mean)
            bn.weight.copy_((variance + bn.eps).sqrt())


def train(
    network: Network,
    sampler: TileSampler,
    schedule: Schedule,
    checkpoint: Path,
    clock: Callable[[], float] = time.monotonic,
) -> Network:
    """Trains until the schedule ends; returns the averaged (EMA) network and leaves it in ``checkpoint``.

    The checkpoint is also written every ``SAVE_EVERY_STEPS`` steps, whole or not at all.
    """
    network.args = get_cfg()
    network.criterion = None
    network.to(memory_format=torch.channels_last)
    network.train()
    for module in list(network.model)[: schedule.frozen_modules]:
        module.eval().requires_grad_(False)
    decay: list[Any] = []
    plain: list[Any] = []
    for parameter in network.parameters():
        if parameter.requires_grad:
            (decay if parameter.ndim > 1 else plain).append(parameter)
    groups = [{"params": decay, "weight_decay": schedule.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.99))
    average = ModelEMA(network, decay=0.998, tau=200)
    started, running = clock(), 0.0
    with ThreadPoolExecutor(1, "tiles") as ahead:  # tiles are cut while the network computes
        waiting = ahead.submit(sampler.next_batch)
        for step in range(schedule.max_steps):
            elapsed_s = clock() - started
            done = max(step / schedule.max_steps, elapsed_s / schedule.max_s)
            if done >= 1:
                break
            fall = schedule.final_rate + (1 - schedule.final_rate) * (1 + math.cos(math.pi * done)) / 2
            for group in optimiser.param_groups:
                group["lr"] = schedule.rate * fall * min(1.0, (step + 1) / schedule.warm_up_steps)
            batch, waiting = waiting.result(), ahead.submit(sampler.next_batch)
            loss, _parts = network(to_ultralytics(batch))
            total = loss.sum()
            optimiser.zero_grad(set_to_none=True)
            total.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 10.0)
            optimiser.step()
            average.update(network)
            value = float(total.detach())
            running = value if step == 0 else 0.97 * running + 0.03 * value
            if step % 25 == 0:
                log.info("step %d, %.0f s, %.0f %% done, loss %.2f", step, elapsed_s, 100 * done, running)
            if step % SAVE_EVERY_STEPS == SAVE_EVERY_STEPS - 1:
                save(average.ema, checkpoint)
    save(average.ema, checkpoint)
    result: Network = average.ema
    result.eval()
    return result


def save(network: Network, file: Path) -> None:
    """Writes the weights (a state dict) to ``file``, whole or not at all."""
    part = file.with_suffix(".part")
    torch.save(network.state_dict(), part)
    part.replace(file)
