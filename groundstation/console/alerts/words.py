"""Alerts in words: titles, verdicts, ages. Words are looked up when they are shown, so that the language can change."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from groundstation.console import i18n
from groundstation.console.alerts.queue import Alert
from groundstation.console.i18n import mark
from groundstation.core.alert_records import VERDICTS

_URGENCY = {
    "alarm": mark("alerts", "ALARM"),
    "help": mark("alerts", "CALL FOR HELP"),
    "notice": mark("alerts", "WATCH"),
}
_KIND = {
    "crossing": mark("alerts", "Crossing"),
    "approach": mark("alerts", "Approaching the border"),
    "loitering": mark("alerts", "Loitering"),
    "group": mark("alerts", "Group"),
    "vehicle_stopped": mark("alerts", "Vehicle stopped"),
    "person_down": mark("alerts", "Person down: help needed?"),
}
_CLASS = {
    "person": mark("alerts", "person"),
    "vehicle": mark("alerts", "vehicle"),
    "two-wheeler": mark("alerts", "two-wheeler"),
}
_VERDICT = {
    "confirmed": mark("alerts", "Confirmed"),
    "false": mark("alerts", "False alarm"),
    "animal": mark("alerts", "Animal"),
    "own_patrol": mark("alerts", "Own patrol"),
    "help": mark("alerts", "Needs help"),
}
assert set(_VERDICT) == set(VERDICTS)


def urgency(alert: Alert) -> str:
    """ALARM, CALL FOR HELP or WATCH."""
    return i18n.text("alerts", _URGENCY[alert.urgency])


def kind(name: str) -> str:
    """A kind of incident; one that this program does not know as it was told."""
    return i18n.text("alerts", _KIND[name]) if name in _KIND else name.replace("_", " ")


def class_name(name: str) -> str:
    """A class of what was seen."""
    return i18n.text("alerts", _CLASS[name]) if name in _CLASS else name


def verdict(name: str) -> str:
    """What an operator found."""
    return i18n.text("alerts", _VERDICT[name]) if name in _VERDICT else name


def title(alert: Alert) -> str:
    """What it is, in one line: "Crossing: person, Belmark → Arvenia"."""
    from_side, _, to_side = alert.direction.partition("->")
    way = f", {from_side} → {to_side}" if to_side else ""
    if alert.kind == "person_down":
        return kind(alert.kind)
    return f"{kind(alert.kind)}: {class_name(alert.class_name)}{way}"


def clock(t_utc_us: int) -> str:
    """Time of day, UTC."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%H:%M:%S Z")


def duration(seconds: float) -> str:
    """ "0:42", "12:05", "3 h 10"."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600} h {whole % 3600 // 60:02d}"


def place(alert: Alert) -> str:
    """Latitude and longitude as they are read out, with the radius that holds the true place with 90 %."""
    if not (math.isfinite(alert.lat_deg) and math.isfinite(alert.lon_deg)):
        return i18n.text("alerts", "place unknown")
    north, east = ("N" if alert.lat_deg >= 0 else "S"), ("E" if alert.lon_deg >= 0 else "W")
    radius = f" ±{alert.ce90_m:.0f} m" if math.isfinite(alert.ce90_m) else ""
    return f"{abs(alert.lat_deg):.5f} {north} {abs(alert.lon_deg):.5f} {east}{radius}"


def probability(alert: Alert) -> str:
    """In percent; never 100, as nothing is certain; a dash where it is not told."""
    if not math.isfinite(alert.probability):
        return i18n.text("alerts", "probability not told")
    return f"{min(99, round(100 * alert.probability))} %"


def spoken(alert: Alert) -> str:
    """What the loudspeaker says."""
    whose = i18n.fill(i18n.text("alerts", "{peer} tells: "), peer=alert.peer) if alert.peer else ""
    return f"{urgency(alert).capitalize()}. {whose}{title(alert).replace('→', i18n.text('alerts', 'to'))}."
