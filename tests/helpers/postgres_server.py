"""A real PostgreSQL of one's own on a Unix socket in a test's folder: made, bounded, ended by process id."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest


def _program(name: str) -> str:
    folders = [os.environ.get("POSTGRES_BIN", ""), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))]
    for folder in folders:
        if folder and (Path(folder) / name).exists():
            return str(Path(folder) / name)
    found = shutil.which(name)
    if found is None:
        pytest.skip("no PostgreSQL: install postgresql, or set POSTGRES_BIN to its folder of programs")
    return found


class PostgresServer:
    """One cluster below the folder for temporary files; as root its programs run as the user ``postgres`` or ``nobody``."""

    def __init__(self) -> None:
        pytest.importorskip("psycopg", reason="no psycopg: pip install marchwarden[scale]")
        self._initdb, self._postgres = _program("initdb"), _program("postgres")
        # A socket's path is short, and the server's user must reach it: not below pytest's own folder.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._user: dict[str, object] = {}
        if os.geteuid() == 0:
            import pwd

            try:
                name = "postgres" if pwd.getpwnam("postgres") else ""
            except KeyError:
                name = "nobody"
            shutil.chown(self.folder, name)
            self._user = {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        data = self.folder / "data"
        subprocess.run(
            [self._initdb, "-D", str(data), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, timeout=120, **self._user,  # type: ignore[call-overload]
        )  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def url(self, station: str) -> str:
        """For a station's file."""
        return f"postgresql+psycopg:///postgres?host={self.folder}&user=test&station={station}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        import psycopg

        arguments = [
            "-D",
            str(self.folder / "data"),
            "-k",
            str(self.folder),
            "-c",
            "listen_addresses=",
            "-c",
            "fsync=off",
        ]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([self._postgres, *arguments], stdout=log, stderr=log, **self._user)  # type: ignore[call-overload]
        deadline_s = time.monotonic() + 60.0
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline_s:
            try:
                psycopg.connect(f"host={self.folder} user=test dbname=postgres", connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError((self.folder / "log").read_text())

    def kill(self) -> None:
        """End it at once (SIGQUIT: without a shutdown, as after a crash)."""
        if self.process is not None:
            self.process.send_signal(3)
            self.process.wait(30)
            self.process = None

    def stop(self) -> None:
        """End it, and remove what it kept."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
