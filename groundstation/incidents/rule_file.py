"""The rule file (TOML): which rules are on, with which numbers, how urgent, and the operator's sentence for each.

All faults of a file are told at once, each with its line. ``rules.toml`` beside this module is the shipped default and
explains every name.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from geofences.crossing import CrossingSettings
from groundstation.core.errors import ConfigError
from groundstation.core.records import IncidentKind, Urgency
from groundstation.incidents.rules.approach import ApproachParameters
from groundstation.incidents.rules.crossing import CrossingParameters
from groundstation.incidents.rules.group import GroupParameters
from groundstation.incidents.rules.loitering import LoiteringParameters
from groundstation.incidents.rules.stopped import PersonDownParameters, VehicleStoppedParameters
from vision.records import CLASS_NAMES

KINDS: tuple[IncidentKind, ...] = get_args(IncidentKind)
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)

PARAMETERS: Mapping[str, type[BaseModel]] = {
    "crossing": CrossingParameters,
    "approach": ApproachParameters,
    "loitering": LoiteringParameters,
    "group": GroupParameters,
    "vehicle_stopped": VehicleStoppedParameters,
    "person_down": PersonDownParameters,
}

_COMMON: dict[str, Any] = {
    "subject": "person", "class": "person", "time": "12:00:00Z", "place": "0.00000 N 0.00000 E", "lat_deg": 0.0,
    "lon_deg": 0.0, "ce90_m": 1.0, "probability": 1.0, "distance_m": 1.0,
}  # fmt: skip
_SENTENCE_VALUES: Mapping[str, dict[str, Any]] = {
    "crossing": _COMMON | {"from": "a", "to": "b"},
    "approach": _COMMON | {"from": "a", "to": "b", "seconds": 1.0, "speed_m_s": 1.0},
    "loitering": _COMMON | {"duration_s": 1.0, "radius_m": 1.0},
    "group": _COMMON | {"count": 5, "speed_m_s": 1.0},
    "vehicle_stopped": _COMMON | {"duration_s": 1.0, "since": "12:00:00Z"},
    "person_down": _COMMON | {"duration_s": 1.0, "since": "12:00:00Z"},
}
_RULE_KEYS = ("kind", "name", "on", "urgency", "classes", "sentence", "repeat_after_s", "parameters")
_DETECTOR_KEYS = tuple(f.name for f in dataclasses.fields(CrossingSettings))


@dataclass(frozen=True)
class RuleSpec:
    """One rule of a file. ``sentence`` is a ``str.format`` template, checked when loaded.

    ``repeat_after_s``: the same kind is not told again of the same track sooner (crossings: never in one direction).
    """

    name: str
    kind: IncidentKind
    on: bool
    urgency: Urgency
    class_ids: frozenset[int]
    sentence: str
    parameters: BaseModel
    repeat_after_s: float = 600.0


@dataclass(frozen=True)
class RuleSet:
    """All rules of a file in its order, and the file's text, for the flight's record."""

    rules: tuple[RuleSpec, ...]
    text: str = ""

    @property
    def active(self) -> tuple[RuleSpec, ...]:
        """The rules that are on."""
        return tuple(r for r in self.rules if r.on)


def fill(sentence: str, values: Mapping[str, Any]) -> str:
    """The sentence with its names filled in, beginning with a capital letter."""
    text = sentence.format_map(values)
    return text[:1].upper() + text[1:]


def default_rules() -> RuleSet:
    """The shipped rules."""
    source = resources.files("groundstation.incidents").joinpath("rules.toml")
    return parse_rules(source.read_text(encoding="utf-8"), "rules.toml")


def read_rules(path: Path) -> RuleSet:
    """Read a rule file. Raises :class:`ConfigError` with every fault of it, one a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {reason}", "check the path of the rule file") from error
    return parse_rules(text, str(path))


def parse_rules(text: str, name: str) -> RuleSet:
    """Rules from the text of a file called ``name``. Raises :class:`ConfigError` like :func:`read_rules`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not TOML: {error}", "mend the line that it names") from error
    reader = _Reader(text)
    rules = reader.read(document)
    if reader.faults:
        faults = "\n  ".join(reader.faults)
        raise ConfigError(f"{name}:\n  {faults}\n", "mend these; the shipped rules.toml explains every name")
    return RuleSet(tuple(rules), text)


class _Reader:
    """One reading of one file; collects faults."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self.faults: list[str] = []

    def read(self, document: dict[str, Any]) -> list[RuleSpec]:
        self._unknown(document, ("language", "rule"), None)
        language = document.get("language", "en")
        if not isinstance(language, str):
            self._fault(None, "language", f"is not a text (it is {language!r})")
            language = "en"
        tables = document.get("rule", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            self._fault(None, "rule", "is not a list of tables: write [[rule]]")
            return []
        if not tables:
            self.faults.append("no rule: a station without any rule would tell nothing; write [[rule]]")
        rules = [r for i, t in enumerate(tables) if (r := self._rule(i, t, language)) is not None]
        names = [r.name for r in rules]
        for rule_name in sorted({n for n in names if names.count(n) > 1}):
            self.faults.append(f'two rules are called {rule_name!r}: give each its own name = "..."')
        return rules

    def _rule(self, index: int, table: dict[str, Any], language: str) -> RuleSpec | None:
        before = len(self.faults)
        self._unknown(table, _RULE_KEYS, index)
        kind = table.get("kind")
        if kind not in KINDS:
            self._fault(index, "kind", f"{kind!r} is none of {', '.join(KINDS)}" + _meant(str(kind), KINDS))
            return None
        on = table.get("on", True)
        if not isinstance(on, bool):
            self._fault(index, "on", f"is neither true nor false (it is {on!r})")
        urgency = table.get("urgency", "notice")
        if urgency not in URGENCIES:
            self._fault(index, "urgency", f"{urgency!r} is none of {', '.join(URGENCIES)}")
        name = table.get("name", kind)
        if not isinstance(name, str) or not re.fullmatch(r"[\w][\w .-]{0,63}", name):
            self._fault(index, "name", f"{name!r} is not a short name")
        repeat = table.get("repeat_after_s", 600.0)
        if isinstance(repeat, bool) or not isinstance(repeat, int | float) or not 0.0 <= repeat <= 1e6:
            self._fault(index, "repeat_after_s", f"{repeat!r} is not a time from 0 to 1000000 s")
        classes = self._classes(index, table.get("classes", list(CLASS_NAMES)))
        sentence = self._sentence(index, kind, table.get("sentence"), language)
        parameters = self._parameters(index, kind, table.get("parameters", {}))
        if len(self.faults) > before or parameters is None:
            return None
        return RuleSpec(name, kind, on, urgency, classes, sentence, parameters, float(repeat))

    def _classes(self, index: int, names: Any) -> frozenset[int]:
        if not isinstance(names, list) or not names:
            self._fault(index, "classes", f"is not a list of {', '.join(CLASS_NAMES)}")
            return frozenset()
        for name in names:
            if name not in CLASS_NAMES:
                hint = _meant(str(name), CLASS_NAMES)
                self._fault(index, "classes", f"{name!r} is none of {', '.join(CLASS_NAMES)}{hint}")
        return frozenset(CLASS_NAMES.index(n) for n in names if n in CLASS_NAMES)

    def _sentence(self, index: int, kind: str, given: Any, language: str) -> str:
        texts = {language: given} if isinstance(given, str) else given
        if not isinstance(texts, dict) or not texts or not all(isinstance(t, str) for t in texts.values()):
            self._fault(index, "sentence", "is missing, or neither a text nor a table of texts by language")
            return ""
        if language not in texts:
            self._fault(index, "sentence", f"has no text in the file's language {language!r}")
            return ""
        known = _SENTENCE_VALUES[kind]
        for text in texts.values():
            fault = _template_fault(text, known)
            if fault:
                self._fault(index, "sentence", fault)
        return str(texts[language])

    def _parameters(self, index: int, kind: str, table: Any) -> BaseModel | None:
        if not isinstance(table, dict):
            self._fault(index, "parameters", "is not a table: write [rule.parameters]")
            return None
        model = PARAMETERS[kind]
        own = [n for n in model.model_fields if n != "detector"]
        known = (*own, *_DETECTOR_KEYS) if kind == "crossing" else tuple(own)
        faults = len(self.faults)
        self._unknown(table, known, index, "parameters.")
        if len(self.faults) > faults:
            return None
        values: dict[str, Any] = {k: v for k, v in table.items() if k in own}
        try:
            if kind == "crossing":
                values["detector"] = _detector({k: v for k, v in table.items() if k in _DETECTOR_KEYS})
            return model.model_validate(values)
        except ValidationError as error:
            for fault in error.errors():
                key = str(fault["loc"][0]) if fault["loc"] else ""
                self._fault(index, key, f"{fault['msg'].lower()} (it is {fault['input']!r})", "parameters.")
        return None

    # -- places ----------------------------------------------------------------------------------------------------

    def _unknown(self, table: dict[str, Any], known: tuple[str, ...], index: int | None, prefix: str = "") -> None:
        for key in table:
            if key not in known:
                self._fault(index, key, "unknown name" + _meant(key, known), prefix)

    def _fault(self, index: int | None, key: str, text: str, prefix: str = "") -> None:
        place = f"line {self._line(index, key)}: "
        if index is not None:
            place += f"rule {index + 1}: "
        self.faults.append(f"{place}{prefix}{key}: {text}")

    def _line(self, index: int | None, key: str) -> int:
        """Where the key stands, or its rule begins; the TOML parser itself does not tell."""
        first, last, seen = 0, len(self._lines), -1
        for number, line in enumerate(self._lines):
            if re.match(r"\s*\[\[\s*rule\s*\]\]", line):
                seen += 1
                if index is None or seen == index + 1:
                    last = number
                    break
                if seen == index:
                    first = number
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        for number in range(first, last):
            if pattern.match(self._lines[number]):
                return number + 1
        return first + 1


def _detector(values: dict[str, Any]) -> CrossingSettings:
    settings = TypeAdapter(CrossingSettings).validate_python(values)
    for name, value in values.items():
        if isinstance(value, int | float) and not 0.0 <= value < 1e6:
            # The settings are a plain dataclass and take any number.
            raise ValidationError.from_exception_data(
                "parameters",
                [{"type": "greater_than_equal", "loc": (name,), "input": value, "ctx": {"ge": 0}}],
            )
    return settings


def _meant(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _template_fault(text: str, known: Mapping[str, Any]) -> str:
    """What is wrong with a sentence, "" for nothing. Only plain names are allowed, no attributes and no indices."""
    try:
        for _, name, _, conversion in string.Formatter().parse(text):
            if name is None:
                continue
            if name not in known:
                return f"unknown name {{{name}}}" + _meant(name, tuple(known))
            if conversion:
                return f"{{{name}!{conversion}}}: no conversions, please"
        if not fill(text, known).strip():
            return "is empty"
    except (ValueError, KeyError, IndexError) as error:
        return f"cannot be filled in: {error}"
    return ""
