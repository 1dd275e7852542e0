"""What an evidence package needs to know of the station: its model and the rule that raised an incident."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from geofences.area import BorderLine
from groundstation.core.errors import ConfigError
from groundstation.core.records import Incident
from groundstation.incidents.rule_file import RuleSet, parse_rules
from groundstation.store import queries
from groundstation.store.evidence_service import EvidenceContext
from vision.records import CLASS_NAMES


def model_facts(model: Path) -> dict[str, Any]:
    """Name, size and SHA-256 of a detector: of its file, or of all files of a folder in the order of their names."""
    digest = hashlib.sha256()
    files = sorted(p for p in model.rglob("*") if p.is_file()) if model.is_dir() else [model]
    size = 0
    for file in files:
        content = file.read_bytes()
        size += len(content)
        digest.update(content)
    return {"name": model.name, "sha256": digest.hexdigest(), "bytes": size, "classes": list(CLASS_NAMES)}


def rule_facts(incident: Incident, rules: RuleSet, border: BorderLine) -> dict[str, Any]:
    """The rule that raised an incident, its parameters and sentence, and the whole file that it stands in."""
    spec = next((r for r in rules.rules if r.name == incident.rule), None)
    spec = spec or next((r for r in rules.rules if r.kind == incident.kind), None)
    facts: dict[str, Any] = {
        "kind": incident.kind,
        "name": incident.rule,
        "told_as": incident.text,
        "rule_file_sha256": hashlib.sha256(rules.text.encode()).hexdigest(),
        "rule_file": rules.text,
        "border": asdict(border),
    }
    if spec is not None:
        facts["name"] = spec.name
        facts["urgency"] = spec.urgency
        facts["classes"] = [CLASS_NAMES[i] for i in sorted(spec.class_ids)]
        facts["sentence"] = spec.sentence
        facts["parameters"] = {
            name: asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
            for name, value in dict(spec.parameters).items()
        }
    return facts


def evidence_context(
    station: str,
    model: Path,
    rules: RuleSet,
    border: BorderLine,
    data_dir: Path,
    flight_id: str,
    keep_days: float | None = None,
) -> EvidenceContext:
    """For this flight. An incident of an earlier one is described by the rules that were in force then."""

    def describe(incident: Incident) -> Mapping[str, Any]:
        if incident.flight_id == flight_id:
            return rule_facts(incident, rules, border)
        text = queries.document(data_dir, incident.flight_id, queries.RULES_DOCUMENT)
        if text is None:
            return {"kind": incident.kind, "name": incident.rule, "told_as": incident.text, "rule_file": None}
        try:
            return rule_facts(incident, parse_rules(text, queries.RULES_DOCUMENT), border)
        except ConfigError:  # of another version of the program
            return {"kind": incident.kind, "name": incident.rule, "told_as": incident.text, "rule_file": text}

    return EvidenceContext(station, model_facts(model), describe, keep_days)
