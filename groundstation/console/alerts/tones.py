"""The sounds of the alerts as WAV bytes: made here, so that no file has to be found. Pure."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence

import numpy as np

RATE_HZ = 22_050

# (frequency in Hz, seconds); 0 Hz is silence. They differ in rhythm as well as in pitch.
PATTERNS: dict[str, Sequence[tuple[float, float]]] = {
    "alarm": ((880.0, 0.14), (0.0, 0.05), (1175.0, 0.14), (0.0, 0.05), (1480.0, 0.28)),
    "help": ((740.0, 0.45), (554.0, 0.45), (740.0, 0.45)),
    "notice": ((660.0, 0.16),),
    "escalated": ((1480.0, 0.1), (0.0, 0.06)) * 6,
}
_EDGE_S = 0.008


def tone_wav(pattern: Sequence[tuple[float, float]], volume: float = 0.5) -> bytes:
    """16 bit mono WAV; soft edges, so that nothing clicks."""
    parts = []
    for frequency_hz, seconds in pattern:
        t_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
        edge = np.clip(np.minimum(t_s, seconds - t_s) / _EDGE_S, 0.0, 1.0)
        parts.append(edge * np.sin(2 * np.pi * frequency_hz * t_s))
    samples = (np.concatenate(parts) * volume * 32767).astype("<i2")
    memory = io.BytesIO()
    with wave.open(memory, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(samples.tobytes())
    return memory.getvalue()
