"""The parameters that make an ArduPilot aircraft keep the fence it was given, and nothing else.

Traps avoided: a polygon does nothing unless its bit is in ``FENCE_TYPE``; the default type also switches on a circle of
300 m around home and a ceiling of 100 m; several inclusion polygons are intersected unless ``FENCE_OPTIONS`` says so;
the kinds of fence in force are those of the moment of enabling, so the fence is switched off first and on last.
"""

from __future__ import annotations

from dataclasses import dataclass

from missions.plan import FencePlan

_TYPE_ALT_MAX = 1
_TYPE_POLYGON = 4
_ACTION_RETURN = 1
_OPTION_UNION = 2


@dataclass(frozen=True)
class FenceParameter:
    """One setting. ``required`` false: an aircraft without it is as safe. ``keep_mask``: bits of the old value to keep."""

    name: str
    value: float
    required: bool = True
    keep_mask: int = 0

    def wanted(self, old: float) -> float:
        """The value to set, given the one that is there."""
        return float(int(self.value) | (int(old) & self.keep_mask)) if self.keep_mask else self.value


def fence_parameters(fence: FencePlan) -> tuple[FenceParameter, ...]:
    """All settings but ``FENCE_ENABLE``, in the order in which to set them."""
    union = fence.union_of_inclusions and fence.inclusion_count > 1
    return (
        FenceParameter("FENCE_TYPE", float(_TYPE_ALT_MAX | (_TYPE_POLYGON if fence.has_areas else 0))),
        FenceParameter("FENCE_ALT_MAX", fence.alt_max_rel_home_m),
        FenceParameter("FENCE_MARGIN", fence.margin_m),
        # Newer firmware: a horizontal margin of its own, 0 = the same as FENCE_MARGIN.
        FenceParameter("FENCE_MARGIN_XY", 0.0, required=False),
        FenceParameter("FENCE_ACTION", float(_ACTION_RETURN)),
        # Without it several inclusions cannot be joined, which matters only where the plan joins them.
        FenceParameter("FENCE_OPTIONS", float(_OPTION_UNION if union else 0), required=union, keep_mask=~_OPTION_UNION),
        # Else the aircraft switches its fence off by itself when it lands.
        FenceParameter("FENCE_AUTOENABLE", 0.0, required=False),
    )


FENCE_ENABLE = "FENCE_ENABLE"
