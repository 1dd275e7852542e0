"""ultralytics' detection loss, except that regions which nobody labelled neither reward nor punish."""

from __future__ import annotations

from typing import Any

import torch
from ultralytics.utils.loss import v8DetectionLoss


def anchor_keep(
    ignore_xyxy: torch.Tensor, ignore_owner: torch.Tensor, batch: int, size_px: tuple[int, int], strides: list[int]
) -> torch.Tensor:
    """Which anchors count: ``(batch, anchors)`` bool, False where the anchor's centre lies in an ignored region.

    ``ignore_xyxy`` ``(m, 4)`` pixels, ``ignore_owner`` ``(m,)`` the picture of each; ``size_px`` height and width.
    Anchors are in the network's order: level by level, each row by row.
    """
    centres = []
    for stride in strides:
        y = (torch.arange(size_px[0] // stride, device=ignore_xyxy.device) + 0.5) * stride
        x = (torch.arange(size_px[1] // stride, device=ignore_xyxy.device) + 0.5) * stride
        grid_y, grid_x = torch.meshgrid(y, x, indexing="ij")
        centres.append(torch.stack([grid_x.flatten(), grid_y.flatten()], 1))
    place = torch.cat(centres)
    box = ignore_xyxy[:, None]
    inside = ((place[None] >= box[..., :2]) & (place[None] < box[..., 2:])).all(-1)
    hit = torch.zeros(batch, len(place), dtype=torch.int32, device=place.device)
    hit.index_add_(0, ignore_owner, inside.int())
    return hit == 0


class MaskedBce:
    """Binary cross-entropy per anchor and class, zero where ``keep`` is False and no object is assigned."""

    def __init__(self) -> None:
        self.keep: torch.Tensor | None = None

    def __call__(self, predicted: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Both ``(batch, anchors, classes)``; predicted are logits."""
        loss = torch.nn.functional.binary_cross_entropy_with_logits(predicted, target, reduction="none")
        if self.keep is None:
            return loss
        counts = self.keep[..., None] | (target.amax(-1, keepdim=True) > 0)
        return loss * counts


class DetectionLoss:
    """Box, class and edge losses of a batch. The assignment of boxes to anchors is ultralytics' own."""

    def __init__(self, network: Any) -> None:
        """``network`` on its device, with ``args`` set."""
        self._loss = v8DetectionLoss(network)
        self._bce = MaskedBce()
        self._loss.bce = self._bce
        self._strides = [int(s) for s in network.model[-1].stride.tolist()]

    def __call__(self, predicted: Any, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """The loss to minimise (a scalar: sum over the batch) and its parts per picture ``(3,)``, detached."""
        image = batch["img"]
        owner = batch["ignore_owner"]
        size = (int(image.shape[2]), int(image.shape[3]))
        self._bce.keep = (
            anchor_keep(batch["ignore_xyxy"], owner, len(image), size, self._strides) if len(owner) else None
        )
        parts = self._loss(_as_float(predicted), batch)[0]
        return parts.sum(), parts.detach() / len(image)


def _as_float(value: Any) -> Any:
    """Losses are computed in full precision, whatever the network ran in."""
    if isinstance(value, torch.Tensor):
        return value.float()
    if isinstance(value, dict):
        return {k: _as_float(v) for k, v in value.items()}
    return type(value)(_as_float(v) for v in value) if isinstance(value, (list, tuple)) else value
