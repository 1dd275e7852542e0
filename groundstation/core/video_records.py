"""Records of what an operator asks of the video: a recording that goes on until it is ended. Frozen; times as DESIGN 5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Recording:
    """A recording of one stream as received, in consecutive files.

    ``files``: what was written so far, below the station's data folder. ``state`` "ending": the last file is awaited.
    ``detail``: why a part is missing, or "".
    """

    recording_id: str
    stream: str
    state: Literal["recording", "ending", "ended"]
    started_utc_us: int
    ended_utc_us: int = 0
    files: tuple[str, ...] = ()
    detail: str = ""
