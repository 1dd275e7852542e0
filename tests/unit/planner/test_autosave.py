"""What is kept against a crash: by a console that is really killed, by two at a time, and when it is damaged."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from groundstation.console.planner.autosave import Autosave
from groundstation.console.planner.saved import document_text
from tests.unit.planner.places import full_document

_CONSOLE = """
import sys, time
from pathlib import Path
from groundstation.console.planner.autosave import Autosave
from groundstation.console.planner.saved import document_text
from tests.unit.planner.places import full_document
kept = Autosave(Path(sys.argv[1]))
assert kept.keep(document_text(full_document()))
print("kept", flush=True)
time.sleep(60)
"""


def test_a_killed_console_leaves_its_drawing_to_the_next(tmp_path: Path) -> None:
    """While it lives nobody takes it; after ``kill -9`` the next one does, and puts it aside when it is given up."""
    process = subprocess.Popen([sys.executable, "-c", _CONSOLE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "kept"
        beside = Autosave(tmp_path)
        assert beside.left_behind() is None
        assert beside.file is not None
        assert beside.file.name == "unsaved-1.patrol"
        beside.close()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()
    after = Autosave(tmp_path)
    assert after.left_behind() == full_document()
    assert not after.keep("x"), "what was left must not be written over before somebody has decided"
    after.decided()
    assert after.left_behind() is None
    assert (tmp_path / "unsaved-0.given-up").exists()
    assert after.keep(document_text(full_document()))
    after.forget()
    assert not (tmp_path / "unsaved-0.patrol").exists()
    after.close()


def test_a_damaged_one_is_put_aside_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The planner opens all the same."""
    (tmp_path / "unsaved-0.patrol").write_text('{"fileType": "Marchwarden patrol", "version": 1, "shapes": [')
    kept = Autosave(tmp_path)
    assert kept.left_behind() is None
    assert (tmp_path / "unsaved-0.damaged").exists()
    assert "put aside" in caplog.text
    assert kept.keep(document_text(full_document()))
    kept.close()


def test_without_a_folder_nothing_is_kept_and_nothing_breaks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "planner").write_text("")
    kept = Autosave(tmp_path / "planner")
    assert not kept.keep("x")
    assert kept.left_behind() is None
    kept.forget()
    kept.close()
    assert "cannot be kept" in caplog.text
