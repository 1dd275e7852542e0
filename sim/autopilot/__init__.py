"""An autopilot that behaves to a ground station as ArduCopter does, and flies a kinematic multicopter.

:class:`Autopilot` owns no socket and no clock: ``on_message(channel, message, now_s)`` and ``step(now_s)`` return what is
to be sent, as ``(channel or None for all, message)``.
"""

from sim.autopilot.core import AUTOPILOT_COMPONENT, STEP_S, Autopilot
from sim.autopilot.outgoing import Outgoing
from sim.autopilot.sensors import ErrorSizes

__all__ = ["AUTOPILOT_COMPONENT", "STEP_S", "Autopilot", "ErrorSizes", "Outgoing"]
