"""``kill -9`` at the worst moments: afterwards every incident has exactly one package, and the chain is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from groundstation.store.evidence_chain import verify_folder
from groundstation.store.evidence_key import public_key_file, read_public_key
from tests.unit.evidence.test_service import crashed_station, running

_CHILD = """
import os, signal, sys
from pathlib import Path
from groundstation.store import evidence_archive, evidence_service
from groundstation.store.evidence_chain import EvidenceBook
from tests.unit.evidence.test_service import running

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

moment = sys.argv[2]
if moment == "before the file":
    evidence_service.write_package = die
elif moment == "the file is half there":
    Path.replace = die
elif moment == "between file and book":
    EvidenceBook.enter = die
with running(Path(sys.argv[1])) as bench:
    bench.until(lambda: False)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("moment", ["before the file", "the file is half there", "between file and book"])
def test_after_a_kill_there_is_one_whole_package(tmp_path: Path, moment: str) -> None:
    crashed_station(tmp_path, with_clip=True)
    # The key is there already: the kill is to come with the package, not with the key.
    from groundstation.store.evidence_key import open_signing_key

    open_signing_key(tmp_path)
    child = subprocess.run([sys.executable, "-c", _CHILD, str(tmp_path), moment], timeout=60, check=False)
    assert child.returncode == -signal.SIGKILL
    with running(tmp_path):
        pass
    report = verify_folder(tmp_path / "evidence", read_public_key(public_key_file(tmp_path)))
    assert report.faults == ()
    assert [(p.incident_id, p.link and p.link.number) for p in report.packages] == [("INC-1", 1)]
    assert [p for p in (tmp_path / "evidence").iterdir() if p.suffix == ".part"] == []
