"""The clauses of a new agreement, from a draft and the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from geofences.area import read_area
from groundstation.core.errors import ConfigError
from groundstation.share.agreement_file import read_draft, read_terms
from groundstation.share.agreement_terms import FIELDS, Agreement

# Options whose name is the key of the clause.
_PLAIN = (
    "id", "parties", "valid_from", "valid_until", "side", "purposes", "kinds", "fields", "categories", "grid_m",
    "velocity_step_m_s", "delay_s", "max_rate_hz", "retention_days", "onward", "marking", "lawful_basis",
    "third_country",
)  # fmt: skip


def new_agreement(options: argparse.Namespace, now_utc_us: int) -> Agreement:
    """Raises :class:`ConfigError` naming the clause."""
    terms: dict[str, Any] = {} if options.draft is None else _terms(options.draft)
    for key in _PLAIN:
        value = getattr(options, key)
        if value not in (None, ""):
            terms[key] = value
    now_utc = datetime.fromtimestamp(now_utc_us // 1_000_000, UTC)
    terms.setdefault("valid_from", now_utc.isoformat())
    if options.valid_days is not None or "valid_until" not in terms:
        try:
            begin = datetime.fromisoformat(str(terms["valid_from"]))
            days = timedelta(days=365.0 if options.valid_days is None else options.valid_days)
            terms["valid_until"] = (begin + days).isoformat()
        except (OverflowError, ValueError) as error:
            raise ConfigError(
                f"time in force: {error}", "as --valid-from 2026-01-01T00:00:00Z --valid-days 90"
            ) from error
    terms.setdefault("kinds", ["track", "incident"])
    terms.setdefault("fields", list(FIELDS))
    if "parties" in terms and "id" not in terms:
        terms["id"] = f"{'-'.join(terms['parties'])}-{now_utc:%Y%m%d}"
    _corridor(options, terms)
    if options.rescue_reach_m is not None:
        terms["rescue"] = {"reach_m": options.rescue_reach_m}
        terms["purposes"] = list(dict.fromkeys([*terms.get("purposes", ["BorderMonitoring"]), "SAR"]))
    if options.own_forces:
        terms.setdefault("own_forces", {})
    if options.gateways:
        terms["gateways"] = {name: list(terms["fields"]) for name in options.gateways}
    if terms.get("third_country"):
        terms.setdefault("onward", "forbidden")
    # The clause is named in errors, with the place from which it may have come.
    agreement = read_terms(terms, options.draft or Path("agreement"))
    return replace(agreement, parties=(agreement.parties[0], agreement.parties[1]))


def _terms(draft: Path) -> dict[str, Any]:
    return read_draft(draft).terms()


def _corridor(options: argparse.Namespace, terms: dict[str, Any]) -> None:
    corridor: dict[str, Any] = terms.setdefault("corridor", {})
    if options.area is not None and options.border is not None:
        raise ConfigError("--area and --border both name the border", "give one of them")
    if options.area is not None:
        folder: Path = options.area
        line = read_area(folder / "area.geojson" if folder.is_dir() else folder).border
        corridor.update(border=[list(p) for p in line.points], left=line.left, right=line.right)
    elif options.border is not None:
        corridor["border"] = [list(_place(text)) for text in options.border]
    elif "border" not in corridor:
        raise ConfigError("which border?", "give --area FOLDER, --border LAT,LON LAT,LON ..., or --from DRAFT.toml")
    for key in ("width_m", "right_width_m", "left_party"):
        if getattr(options, key) is not None:
            corridor[key] = getattr(options, key)
    corridor.setdefault("width_m", 500.0)


def _place(text: str) -> tuple[float, float]:
    parts = text.split(",")
    try:
        lat_deg, lon_deg = (float(part) for part in parts)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not LAT,LON in degrees", "as 47.10,15.00") from error
    return lat_deg, lon_deg
