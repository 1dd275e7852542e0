"""What a console may ask of the video part. Implemented by ``groundstation.video.recording``."""

from __future__ import annotations

from typing import Protocol


class VideoCommands(Protocol):
    """Calls return at once and may come from any thread; what became of them comes as
    :class:`~groundstation.core.video_records.Recording` over the bus."""

    def start_recording(self, stream: str, operator: str) -> None:
        """Record a stream as received from now on; nothing happens when it is being recorded."""
        ...

    def stop_recording(self, stream: str, operator: str) -> None:
        """End the recording at what is received now."""
        ...
