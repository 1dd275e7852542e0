"""The tables of ``exchange.db`` and ``audit.db``. Steps are only ever appended."""

from __future__ import annotations

from groundstation.core.database import SchemaStep

EXCHANGE_FILE = "exchange.db"
AUDIT_FILE = "audit.db"

EXCHANGE_SCHEMA: tuple[SchemaStep, ...] = (
    (
        # The state of each outbox: the epoch names this database's life, so that a lost or restored one is noticed.
        """CREATE TABLE outbox_state (
            peer TEXT PRIMARY KEY, epoch BLOB NOT NULL, last_seq INTEGER NOT NULL, last_hash BLOB NOT NULL,
            base_seq INTEGER NOT NULL, base_hash BLOB NOT NULL,
            acked_seq INTEGER NOT NULL, acked_utc_us INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE outbox (
            peer TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
            t_source_utc_us INTEGER NOT NULL, t_sent_utc_us INTEGER NOT NULL, acked_utc_us INTEGER NOT NULL DEFAULT 0,
            previous BLOB NOT NULL, envelope BLOB NOT NULL, body_sha256 TEXT NOT NULL,
            PRIMARY KEY (peer, epoch, seq)) WITHOUT ROWID""",
        "CREATE INDEX outbox_incidents ON outbox (peer, subject) WHERE kind = 'incident'",
        """CREATE TABLE inbox_state (
            peer TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
            skipped INTEGER NOT NULL, current INTEGER NOT NULL, t_utc_us INTEGER NOT NULL,
            PRIMARY KEY (peer, epoch)) WITHOUT ROWID""",
        """CREATE TABLE inbox (
            peer TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
            received_utc_us INTEGER NOT NULL, retain_until_utc_us INTEGER NOT NULL, refused TEXT NOT NULL,
            envelope BLOB NOT NULL, PRIMARY KEY (peer, epoch, seq)) WITHOUT ROWID""",
        # The head of the disclosure log, kept in another file: a log cut off at its end is noticed.
        "CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL, hash TEXT NOT NULL)",
    ),
    (
        "ALTER TABLE outbox ADD COLUMN signature BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE inbox ADD COLUMN signature BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE inbox ADD COLUMN digest BLOB NOT NULL DEFAULT x''",
        "CREATE INDEX inbox_subjects ON inbox (peer, subject)",
        # What a neighbour has signed under a number that it had used for something else: the proof of a fork.
        """CREATE TABLE contradiction (
            peer TEXT NOT NULL, epoch BLOB NOT NULL, seq INTEGER NOT NULL, held BLOB NOT NULL, t_utc_us INTEGER NOT NULL,
            record BLOB NOT NULL, PRIMARY KEY (peer, epoch, seq)) WITHOUT ROWID""",
        # Subjects that must not come back: who told them has withdrawn them ('in'), or we have ('out').
        """CREATE TABLE tombstone (
            peer TEXT NOT NULL, way TEXT NOT NULL, subject TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
            t_utc_us INTEGER NOT NULL, until_utc_us INTEGER NOT NULL, PRIMARY KEY (peer, way, subject)) WITHOUT ROWID""",
        """CREATE TABLE lead (
            peer TEXT NOT NULL, originator TEXT NOT NULL, subject TEXT NOT NULL, of TEXT NOT NULL, state TEXT NOT NULL,
            t_utc_us INTEGER NOT NULL, PRIMARY KEY (peer, originator, subject)) WITHOUT ROWID""",
        """CREATE TABLE receipt (
            peer TEXT NOT NULL, way TEXT NOT NULL, subject TEXT NOT NULL, level TEXT NOT NULL, of TEXT NOT NULL,
            t_there_utc_us INTEGER NOT NULL, t_utc_us INTEGER NOT NULL,
            PRIMARY KEY (peer, way, subject, level)) WITHOUT ROWID""",
        # The names that our subjects have on the wire, for as long as somebody there may speak of them.
        """CREATE TABLE wire_name (
            peer TEXT NOT NULL, name TEXT NOT NULL, local TEXT NOT NULL, kind TEXT NOT NULL, t_utc_us INTEGER NOT NULL,
            PRIMARY KEY (peer, name)) WITHOUT ROWID""",
        "CREATE INDEX wire_name_local ON wire_name (peer, local)",
        """CREATE TABLE erasure (
            peer TEXT NOT NULL, way TEXT NOT NULL, subject TEXT NOT NULL, of TEXT NOT NULL, asked_utc_us INTEGER NOT NULL,
            done_utc_us INTEGER NOT NULL, records INTEGER NOT NULL, proof_sha256 TEXT NOT NULL, holds INTEGER NOT NULL,
            PRIMARY KEY (peer, way, subject)) WITHOUT ROWID""",
        """CREATE TABLE question (
            peer TEXT NOT NULL, way TEXT NOT NULL, reference TEXT NOT NULL, body TEXT NOT NULL, answer TEXT NOT NULL,
            t_utc_us INTEGER NOT NULL, PRIMARY KEY (peer, way, reference)) WITHOUT ROWID""",
    ),
    (
        # With the peer in front, the planner takes the primary key's peer instead and reads the whole outbox.
        "DROP INDEX outbox_incidents",
        "CREATE INDEX outbox_incidents ON outbox (subject) WHERE kind = 'incident'",
        # Entries of the disclosure log that are not in its chain yet.
        """CREATE TABLE ledger_due (
            n INTEGER PRIMARY KEY, t_utc_us INTEGER NOT NULL, peer TEXT NOT NULL, epoch TEXT NOT NULL,
            seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, told_as TEXT NOT NULL, fields TEXT NOT NULL,
            agreement_id TEXT NOT NULL, agreement_sha256 TEXT NOT NULL, purpose TEXT NOT NULL, clause TEXT NOT NULL,
            envelope_sha256 TEXT NOT NULL, payload BLOB NOT NULL, via TEXT NOT NULL, authorised_by TEXT NOT NULL,
            retain_until_utc_us INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL)""",
    ),
)

AUDIT_SCHEMA: tuple[SchemaStep, ...] = (
    (
        """CREATE TABLE disclosure (
            n INTEGER PRIMARY KEY, t_utc_us INTEGER NOT NULL, peer TEXT NOT NULL, epoch TEXT NOT NULL,
            seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, told_as TEXT NOT NULL,
            fields TEXT NOT NULL, agreement_id TEXT NOT NULL, agreement_sha256 TEXT NOT NULL, purpose TEXT NOT NULL,
            clause TEXT NOT NULL, envelope_sha256 TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL)""",
        "CREATE INDEX disclosure_by_subject ON disclosure (subject)",
        """CREATE TRIGGER disclosure_no_update BEFORE UPDATE ON disclosure
            BEGIN SELECT raise(ABORT, 'the disclosure log is append-only'); END""",
        """CREATE TRIGGER disclosure_no_delete BEFORE DELETE ON disclosure
            BEGIN SELECT raise(ABORT, 'the disclosure log is append-only'); END""",
        # Counters, not records: what stayed here is nobody's disclosure.
        """CREATE TABLE withheld (
            peer TEXT NOT NULL, reason TEXT NOT NULL, subjects INTEGER NOT NULL, updates INTEGER NOT NULL,
            last_utc_us INTEGER NOT NULL, PRIMARY KEY (peer, reason)) WITHOUT ROWID""",
    ),
    (
        # From here on the chain goes on in this table, after the last row of `disclosure`. What was told itself lies in
        # `content` and can be erased: the chain holds only its salted hash.
        """CREATE TABLE ledger (
            n INTEGER PRIMARY KEY, t_utc_us INTEGER NOT NULL, what TEXT NOT NULL, peer TEXT NOT NULL, via TEXT NOT NULL,
            epoch TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, told_as TEXT NOT NULL,
            fields TEXT NOT NULL, agreement_id TEXT NOT NULL, agreement_sha256 TEXT NOT NULL, purpose TEXT NOT NULL,
            clause TEXT NOT NULL, authorised_by TEXT NOT NULL, retain_until_utc_us INTEGER NOT NULL,
            detail TEXT NOT NULL, salted INTEGER NOT NULL, content_sha256 TEXT NOT NULL, previous TEXT NOT NULL,
            hash TEXT NOT NULL)""",
        "CREATE INDEX ledger_by_subject ON ledger (subject)",
        "CREATE INDEX ledger_by_name ON ledger (told_as)",
        """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
            BEGIN SELECT raise(ABORT, 'the disclosure log is append-only'); END""",
        """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
            BEGIN SELECT raise(ABORT, 'the disclosure log is append-only'); END""",
        """CREATE TABLE content (
            n INTEGER PRIMARY KEY, salt BLOB NOT NULL, content BLOB NOT NULL, retain_until_utc_us INTEGER NOT NULL)""",
        "CREATE INDEX content_until ON content (retain_until_utc_us)",
        # Signed heads: our own, and those that the neighbours have given us of theirs.
        """CREATE TABLE checkpoint (
            station TEXT NOT NULL, n INTEGER NOT NULL, hash TEXT NOT NULL, t_utc_us INTEGER NOT NULL,
            previous_n INTEGER NOT NULL, previous_hash TEXT NOT NULL, signature BLOB NOT NULL,
            received_utc_us INTEGER NOT NULL, PRIMARY KEY (station, n, hash, t_utc_us)) WITHOUT ROWID""",
        """CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
            BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END""",
        """CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
            BEGIN SELECT raise(ABORT, 'checkpoints are append-only'); END""",
    ),
)
