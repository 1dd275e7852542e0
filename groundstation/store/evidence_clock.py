"""Whether this machine's UTC was right, as far as the machine knows."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from typing import Any

_STA_UNSYNC = 0x0040
_STA_NANO = 0x2000
_TIME_ERROR = 5


class _TimeValue(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("fraction", ctypes.c_long))


class _Timex(ctypes.Structure):
    """``struct timex`` of Linux, see adjtimex(2); the reserve at its end is larger than any system's."""

    _fields_ = (
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("frequency", ctypes.c_long),
        ("maximum_error", ctypes.c_long), ("estimated_error", ctypes.c_long), ("status", ctypes.c_int),
        ("constant", ctypes.c_long), ("precision", ctypes.c_long), ("tolerance", ctypes.c_long), ("time", _TimeValue),
        ("tick", ctypes.c_long), ("reserve", ctypes.c_byte * 256),
    )  # fmt: skip


def synchronisation() -> dict[str, Any]:
    """``synchronised`` (None: not known), how it is known, and the kernel's own bounds of the error in microseconds.

    Reads the kernel's clock discipline (Linux), which a running NTP, PTP or GNSS time service keeps; changes nothing.
    """
    if not sys.platform.startswith("linux"):
        return {"synchronised": None, "how": f"not known on {sys.platform}"}
    timex = _Timex()
    try:
        state = int(ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True).adjtimex(ctypes.byref(timex)))
    except (OSError, AttributeError) as error:
        return {"synchronised": None, "how": f"the kernel does not tell: {error}"}
    if state < 0:
        return {"synchronised": None, "how": f"the kernel does not tell: error {ctypes.get_errno()}"}
    right = state != _TIME_ERROR and not timex.status & _STA_UNSYNC
    offset_us = timex.offset / 1000.0 if timex.status & _STA_NANO else float(timex.offset)
    return {
        "synchronised": right,
        "how": "adjtimex",
        "offset_us": offset_us,
        "estimated_error_us": int(timex.estimated_error),
        "maximum_error_us": int(timex.maximum_error),
    }
