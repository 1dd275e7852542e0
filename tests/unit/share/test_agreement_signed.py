from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundstation.core.errors import CertificateError, ConfigError
from groundstation.share.agreement_file import write_draft
from groundstation.share.agreement_signed import (
    SignedAgreement,
    make_signed,
    read_agreement,
    read_signed,
    sign,
    standing,
    terminate,
    write_signed,
)
from groundstation.share.agreement_terms import GatewayAllowance, OwnForceClause, RescueClause
from groundstation.share.agreement_text import clauses, signature_lines
from groundstation.share.agreement_watch import LOOK_PERIOD_S, READ_PERIOD_S, AgreementWatch
from groundstation.share.corridor import Corridor
from groundstation.share.signing import neighbour_key, open_share_key, pin_neighbour_key
from tests.unit.share.things import BORDER, T0_UTC_US, agreement

FULL = agreement(
    corridor=Corridor(BORDER, 500.0, 300.0, "a", "Arvenia", "Belmark"),
    purposes=("BorderOperation", "SAR"),
    side="own",
    grid_m=50.0,
    velocity_step_m_s=0.5,
    delay_s=30.0,
    retention_by_kind=(("incident", 90.0), ("track", 1.0)),
    onward="forbidden",
    third_country=True,
    rescue=RescueClause(5_000.0),
    own_forces=OwnForceClause(200.0, 600.0, ("drone",)),
    gateways=(GatewayAllowance("cot", ("category", "position", "time")),),
)


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    return {"a": tmp_path / "a", "b": tmp_path / "b"}


@pytest.fixture
def path(tmp_path: Path, folders: dict[str, Path]) -> Path:
    make_signed(FULL, tmp_path / "ab.json", folders, T0_UTC_US)
    return tmp_path / "ab.json"


def watch(path: Path, folders: dict[str, Path], own: str = "a") -> AgreementWatch:
    made = AgreementWatch(path, own, "b" if own == "a" else "a", folders[own])
    made.open(0.0)
    return made


def change(path: Path, **changes: Any) -> None:
    document = json.loads(path.read_text())
    document.update(changes)
    path.write_text(json.dumps(document))


def test_every_clause_comes_back_and_the_hash_with_it(path: Path) -> None:
    assert read_agreement(path) == FULL
    assert read_signed(path).agreement.digest() == FULL.digest()
    assert [c.number for c in clauses(FULL)] == list(range(1, 18))
    assert all("has not signed" not in line for line in signature_lines(read_signed(path)))


def test_keys_are_private(path: Path, folders: dict[str, Path]) -> None:
    assert (folders["a"] / "keys" / "share.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("key", "value"),
    [("delay_s", 0.0), ("third_country", False), ("fields", ["category", "position", "accuracy", "time"])],
)
def test_a_clause_that_was_changed_after_signing_is_noticed(path: Path, key: str, value: object) -> None:
    document = json.loads(path.read_text())
    document["agreement"][key] = value
    path.write_text(json.dumps(document))
    with pytest.raises(ConfigError, match="not those of its hash"):
        read_signed(path)


def test_changed_clauses_with_a_new_hash_have_no_signatures(path: Path) -> None:
    other = replace(FULL, delay_s=0.0)
    change(path, agreement=other.terms(), sha256=other.digest())
    with pytest.raises(ConfigError, match="signature of a is not for these clauses"):
        read_signed(path)


def test_a_draft_is_told_as_one_with_the_remedy(tmp_path: Path, folders: dict[str, Path]) -> None:
    write_draft(agreement(), tmp_path / "agreement.toml")
    with pytest.raises(ConfigError, match=r"draft that nobody has signed.*share agreement new --from"):
        watch(tmp_path / "agreement.toml", folders)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"format": "other"}', '{"format": "marchwarden-agreement-1"}', "[" * 9999]
)
def test_anything_odd_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ConfigError, match=r"x\.json"):
        read_signed(tmp_path / "x.json")


def test_nothing_is_in_force_before_both_have_signed(tmp_path: Path, folders: dict[str, Path]) -> None:
    keys = {n: open_share_key(f) for n, f in folders.items()}
    signed = sign(SignedAgreement(agreement()), "a", keys["a"], T0_UTC_US)
    file = tmp_path / "ab.json"
    write_signed(signed, file)
    here = watch(file, folders)
    assert (here.agreement, here.words) == (None, "waits for the signature of b")
    with pytest.raises(ConfigError, match="b has not signed"):
        read_agreement(file)
    write_signed(sign(signed, "b", keys["b"], T0_UTC_US), file)
    assert here.look(LOOK_PERIOD_S + 1.0)
    assert here.agreement is None, "whose key that is, is not known here"
    assert "key of b is not known" in here.words
    pin_neighbour_key(folders["a"], "b", keys["b"].public)
    assert here.look(READ_PERIOD_S + LOOK_PERIOD_S + 2.0)
    assert here.agreement == agreement()


def test_somebody_elses_signature_in_the_neighbours_name_is_none(
    path: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    stranger = open_share_key(tmp_path / "c")
    forged = sign(read_signed(path), "b", stranger, T0_UTC_US)
    write_signed(forged, path)
    found = watch(path, folders)
    assert found.agreement is None
    assert stranger.public.fingerprint in found.words
    with pytest.raises(CertificateError, match="telephone"):
        pin_neighbour_key(folders["a"], "b", stranger.public)


def test_either_party_ends_it_alone_and_the_other_takes_it(
    path: Path, folders: dict[str, Path], tmp_path: Path
) -> None:
    theirs = tmp_path / "theirs.json"
    theirs.write_bytes(path.read_bytes())
    here, there = watch(path, folders), watch(theirs, folders, "b")
    assert here.agreement == there.agreement == FULL
    write_signed(terminate(read_signed(path), "a", open_share_key(folders["a"]), T0_UTC_US, "no trust"), path)
    assert not here.look(1.0), "not due"
    assert here.look(LOOK_PERIOD_S + 1.0)
    assert here.agreement is None
    assert "ended by a" in here.words
    assert "no trust" in here.words
    document = here.termination
    assert document is not None
    assert not there.take_termination(document | {"reason": "another"})
    assert there.agreement == FULL
    assert there.take_termination(document)
    assert there.agreement is None
    assert read_signed(theirs).termination is not None
    with pytest.raises(ConfigError, match="a has ended"):
        sign(read_signed(path), "a", open_share_key(folders["a"]), T0_UTC_US)


def test_a_termination_holds_even_if_the_disk_has_not_kept_it(path: Path, folders: dict[str, Path]) -> None:
    there, before = watch(path, folders, "b"), path.read_bytes()
    ended = terminate(read_signed(path), "a", open_share_key(folders["a"]), T0_UTC_US)
    write_signed(ended, path)
    other = watch(path, folders, "a")
    assert other.termination is not None
    path.write_bytes(before)
    assert there.take_termination(other.termination)
    path.write_bytes(before)
    there.look(100.0)
    assert there.agreement is None


def test_a_file_that_goes_or_breaks_while_the_station_runs_closes(path: Path, folders: dict[str, Path]) -> None:
    here, good = watch(path, folders), path.read_bytes()
    path.write_bytes(good[:100])
    assert here.look(10.0)
    assert here.agreement is None
    path.write_bytes(good)
    assert here.look(20.0)
    assert here.agreement == FULL
    path.unlink()
    assert here.look(30.0)
    assert here.agreement is None


def test_an_agreement_of_others_is_refused(path: Path, folders: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match="not between a and c"):
        AgreementWatch(path, "a", "c", folders["a"]).open(0.0)
    key = open_share_key(folders["a"]).public
    assert standing(read_signed(path), "a", "c", key, key).agreement is None


def test_signing_twice_leaves_one_signature(path: Path, folders: dict[str, Path]) -> None:
    again = sign(read_signed(path), "a", open_share_key(folders["a"]), T0_UTC_US + 1)
    assert [s.party for s in again.signatures].count("a") == 1
    assert neighbour_key(folders["b"], "a") == open_share_key(folders["a"]).public
