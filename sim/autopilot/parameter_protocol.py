"""PARAM_REQUEST_LIST, PARAM_REQUEST_READ and PARAM_SET over the parameter table."""

from __future__ import annotations

from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameter, Parameters

_PER_STEP = 20
_NO_INDEX = 65535


class ParameterProtocol:
    """A list goes out in portions, so that a channel's telemetry is not held up by it."""

    def __init__(self, parameters: Parameters, outbox: Outbox) -> None:
        self._parameters, self._out = parameters, outbox
        self._queue: list[tuple[int, int]] = []

    @property
    def sending(self) -> bool:
        """A list is going out."""
        return bool(self._queue)

    def handle(self, channel: int, msg: Any) -> None:
        """Take a ``PARAM_...`` message."""
        kind = msg.get_type()
        if kind == "PARAM_REQUEST_LIST":
            self.drop_channel(channel)
            self._queue += [(channel, index) for index in range(len(self._parameters))]
        elif kind == "PARAM_REQUEST_READ":
            by_index = msg.param_index >= 0
            table = self._parameters
            parameter = table.by_index(msg.param_index) if by_index else table.by_name(msg.param_id)
            if parameter is not None:
                # By name the index is not told: ArduPilot echoes the -1 of the request.
                self._send(channel, parameter, parameter.index if by_index else _NO_INDEX)
            else:
                self._refuse(channel, msg)
        elif kind == "PARAM_SET":
            parameter = self._parameters.set(msg.param_id, msg.param_value)
            if parameter is not None:
                self._send(None, parameter, _NO_INDEX)
            else:
                self._refuse(channel, msg)

    def drop_channel(self, channel: int) -> None:
        """Stop a list that is going out to this channel."""
        self._queue = [entry for entry in self._queue if entry[0] != channel]

    def step(self) -> None:
        """Send the next portion."""
        for channel, index in self._queue[:_PER_STEP]:
            parameter = self._parameters.by_index(index)
            assert parameter is not None
            self._send(channel, parameter, index)
        del self._queue[:_PER_STEP]

    def clear(self) -> None:
        """Forget all that was asked."""
        self._queue.clear()

    def _refuse(self, channel: int, msg: Any) -> None:
        """PARAM_ERROR, as newer ArduPilot answers; older clients do not know it and wait for their time-out."""
        index = getattr(msg, "param_index", -1)
        name = msg.param_id.encode("ascii", "replace")
        error = m.MAV_PARAM_ERROR_DOES_NOT_EXIST
        self._out.send(
            channel, m.MAVLink_param_error_message(msg.get_srcSystem(), msg.get_srcComponent(), name, index, error)
        )

    def _send(self, channel: int | None, parameter: Parameter, index: int) -> None:
        self._out.send(
            channel,
            m.MAVLink_param_value_message(
                parameter.name.encode("ascii"), parameter.value, parameter.kind, len(self._parameters), index
            ),
        )
