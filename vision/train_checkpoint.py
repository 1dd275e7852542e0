"""Everything that a training run needs to go on after it was killed, in one file that is whole or not there."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch

from geofences.errors import ModelError
from vision.train_run import write_whole

VERSION = 1


def save_checkpoint(file: Path, content: dict[str, Any]) -> None:
    """Writes ``content`` (tensors, numbers, texts, lists and dictionaries of them)."""
    buffer = io.BytesIO()
    torch.save({"version": VERSION, **content}, buffer)
    write_whole(file, buffer.getvalue())


def load_checkpoint(file: Path) -> dict[str, Any]:
    """What ``save_checkpoint`` wrote. Runs nothing that the file holds. Raises ModelError when it is another file."""
    try:
        content = torch.load(file, map_location="cpu", weights_only=True)
        if not isinstance(content, dict) or content.get("version") != VERSION:
            raise ValueError("no checkpoint of this version")
    except FileNotFoundError:
        raise ModelError(f"{file}: there is no checkpoint yet", "start the run again, with --out") from None
    except Exception as error:  # torch raises errors of many kinds for a damaged file
        raise ModelError(f"{file}: cannot be read ({error})", "start from NAME.pt beside it with --weights") from error
    return content
