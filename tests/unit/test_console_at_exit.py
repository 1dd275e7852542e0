"""A program that ends while a thread of the console works ends in order."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import time
from groundstation.console.map.base.opener import Opener
opener = Opener()
def work():
    time.sleep(0.5)
    print("done", flush=True)
opener.ask("slow", work)
time.sleep(0.1)
print("ends", flush=True)
"""


def test_what_a_thread_is_at_is_finished_before_the_interpreter_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["ends", "done"]
