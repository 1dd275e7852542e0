"""Two NATS servers of two agencies, joined by a leaf node, as docs/scale.md says: accounts, exports, TLS with certificates."""

from __future__ import annotations

from pathlib import Path

from groundstation.share.certificates import CertificateFiles
from tests.helpers.nats_server import NatsServer, free_port


class LeafPair:
    """Agency A's server with an account for its stations ``a`` and ``c`` and one for agency B; B's server with station ``b``
    and somebody ``spy`` who may do everything there.

    B's server links up as a leaf whose certificate, by an authority of B's own, binds it to the account for B. Of what A's
    stations say only what is for ``b`` crosses, and of what B's side says only what ``b`` says to ``a``.
    """

    def __init__(self, folder: Path, pki: dict[str, CertificateFiles]) -> None:
        leaf_port = free_port()
        server, theirs = pki["server"], pki["b"]
        self.a = NatsServer(
            folder / "a",
            server,
            {n: pki[n] for n in "ac"},
            f"""
accounts {{
  AGENCY_A {{
    users: [ %s ]
    jetstream: enabled
    exports: [ {{ stream: "bg.a.to.b.>", accounts: [AGENCY_B] }} ]
    imports: [ {{ stream: {{ account: AGENCY_B, subject: "bg.b.to.a.>" }} }} ]
  }}
  AGENCY_B {{
    exports: [ {{ stream: "bg.b.to.a.>", accounts: [AGENCY_A] }} ]
    imports: [ {{ stream: {{ account: AGENCY_A, subject: "bg.a.to.b.>" }} }} ]
  }}
}}
leafnodes {{
  listen: "127.0.0.1:{leaf_port}"
  tls {{ cert_file: "{server.certificate}", key_file: "{server.key}", ca_file: "{theirs.authority}", verify_and_map: true }}
  authorization {{ users: [ {{ user: "CN=station-b", account: AGENCY_B }} ] }}
}}
""",
        )
        self.b = NatsServer(
            folder / "b",
            server,
            {n: pki[n] for n in ("b", "spy")},
            f"""
accounts {{ OWN {{ users: [ %s ], jetstream: enabled }} }}
leafnodes {{
  reconnect: "1s"
  remotes: [ {{
    url: "tls://127.0.0.1:{leaf_port}", account: OWN
    tls {{ cert_file: "{theirs.certificate}", key_file: "{theirs.key}", ca_file: "{server.authority}" }}
  }} ]
}}
""",
            unlimited="spy",
        )

    def stop(self) -> None:
        """End both."""
        self.b.stop()
        self.a.stop()
