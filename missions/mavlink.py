"""The MAVLink 2 dialect, imported in the one way that gives MAVLink 2.

pymavlink starts in MAVLink 1 unless ``MAVLINK20`` is set before its first import.
"""

from __future__ import annotations

import os

os.environ["MAVLINK20"] = "1"

from pymavlink.dialects.v20 import ardupilotmega as mavlink2
from pymavlink.dialects.v20 import development

# AVAILABLE_MODES, CURRENT_MODE and AVAILABLE_MODES_MONITOR: ArduPilot sends them, pymavlink's dialect of it (2.4.50) has
# them under "development" only. Without an entry in the map a parser passes them over as unknown.
MODE_MESSAGES = (
    development.MAVLink_available_modes_message,
    development.MAVLink_current_mode_message,
    development.MAVLink_available_modes_monitor_message,
)
for _message in MODE_MESSAGES:
    mavlink2.mavlink_map.setdefault(_message.id, _message)

__all__ = ["MODE_MESSAGES", "mavlink2"]
