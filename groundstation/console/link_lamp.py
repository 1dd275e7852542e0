"""The link's lamp: good, poor or lost, and in its hint what that is judged by."""

from __future__ import annotations

from groundstation.console import i18n
from groundstation.core.records import VehicleState

# Above these an order still comes through, but an operator should know why it takes a moment.
_MUCH_LOSS = 0.10
_LONG_ROUND_TRIP_S = 1.0


def _tr(source: str) -> str:
    return i18n.text("link", source)


def link_lamp(state: VehicleState) -> tuple[str, str, str]:
    """State, word and hint for the link that is used for an aircraft which is heard."""
    lost, round_trip_s = state.link_loss_fraction, state.round_trip_s
    measured = round_trip_s == round_trip_s
    round_trip = f"{1000 * round_trip_s:.0f} ms" if measured else _tr("not measured")
    percent = f"{100 * lost:.0f}"
    hint = i18n.fill(_tr("{percent} % lost, round trip {time}"), percent=percent, time=round_trip)
    if state.link_name:
        hint = i18n.fill(_tr("{hint}, over {name}"), hint=hint, name=state.link_name)
    if lost > _MUCH_LOSS:
        return "caution", i18n.fill(_tr("{percent} % lost"), percent=percent), hint
    if measured and round_trip_s > _LONG_ROUND_TRIP_S:
        return "caution", i18n.fill(_tr("slow, {seconds} s"), seconds=f"{round_trip_s:.1f}"), hint
    return "ok", _tr("alive"), hint
