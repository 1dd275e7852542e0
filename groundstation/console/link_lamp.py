"""The link's lamp: good, poor or lost, and in its hint what that is judged by."""

from __future__ import annotations

from groundstation.core.records import VehicleState

# Above these an order still comes through, but an operator should know why it takes a moment.
_MUCH_LOSS = 0.10
_LONG_ROUND_TRIP_S = 1.0


def link_lamp(state: VehicleState) -> tuple[str, str, str]:
    """State, word and hint for the link that is used for an aircraft which is heard."""
    lost, round_trip_s = state.link_loss_fraction, state.round_trip_s
    measured = round_trip_s == round_trip_s
    round_trip = f"{1000 * round_trip_s:.0f} ms" if measured else "not measured"
    hint = f"{100 * lost:.0f} % lost, round trip {round_trip}" + (
        f", over {state.link_name}" if state.link_name else ""
    )
    if lost > _MUCH_LOSS:
        return "caution", f"{100 * lost:.0f} % lost", hint
    if measured and round_trip_s > _LONG_ROUND_TRIP_S:
        return "caution", f"slow, {round_trip_s:.1f} s", hint
    return "ok", "alive", hint
