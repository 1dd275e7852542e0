"""What is wrong with a plan before anybody flies it. Findings name their place; errors forbid the upload.

ArduPilot checks none of this when it takes a plan. See ``docs/plan_checks.md`` for every code.
"""

from __future__ import annotations

from missions.checks.findings import (
    NAVIGATION_COMMANDS,
    CheckLimits,
    Circumstances,
    Finding,
    errors_of,
    limits_for,
    require_ok,
)
from missions.checks.override import Override
from missions.checks.run import check_plan
from missions.checks.separation import check_plans

__all__ = [
    "NAVIGATION_COMMANDS",
    "CheckLimits",
    "Circumstances",
    "Finding",
    "Override",
    "check_plan",
    "check_plans",
    "errors_of",
    "limits_for",
    "require_ok",
]
