"""The MAVLink 2 dialect, imported in the one way that gives MAVLink 2.

pymavlink starts in MAVLink 1 unless ``MAVLINK20`` is set before its first import.
"""

from __future__ import annotations

import os

os.environ["MAVLINK20"] = "1"

from pymavlink.dialects.v20 import ardupilotmega as mavlink2

__all__ = ["mavlink2"]
