"""Whether alerts can be heard on this machine. Tried in a process of its own: a broken sound system may end or hang it."""

from __future__ import annotations

import os
import subprocess
import sys

_PROGRAM = """
from PyQt6.QtWidgets import QApplication
a = QApplication([])
from PyQt6.QtMultimedia import QMediaDevices
outputs = [d.description() for d in QMediaDevices.audioOutputs()]
try:
    from PyQt6.QtTextToSpeech import QTextToSpeech
    engines = [e for e in QTextToSpeech.availableEngines() if e != "mock"]
except ImportError:
    engines = []
print("SOUND:" + "; ".join(outputs))
print("SPEECH:" + "; ".join(engines))
"""


def sound_found(timeout_s: float = 20.0) -> tuple[str, str]:
    """What was found in words, and what to do about what is missing ("" when all is there). Raises nothing."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            capture_output=True, text=True, timeout=timeout_s, check=False, env=environment,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        return f"the sound system does not answer ({type(error).__name__})", "alerts are shown, but not heard"
    found = dict(line.partition(":")[::2] for line in done.stdout.splitlines() if ":" in line)
    if done.returncode != 0 or "SOUND" not in found:
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return f"no sound: {last}", "alerts are shown, but not heard; install Qt's multimedia libraries"
    if not found["SOUND"]:
        return "no audio output", "alerts are shown, but not heard; connect a loudspeaker"
    if not found.get("SPEECH"):
        return f"{found['SOUND']}; no speech engine", "alerts are heard, not spoken; install speech-dispatcher"
    return f"{found['SOUND']}; speech by {found['SPEECH']}", ""
