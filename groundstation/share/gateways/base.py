"""What the gateways have in common: the thing that may leave, and what a way out has to do.

A gateway is a way out to a party that cannot acknowledge, cannot recall and knows no agreement (a TAK router, an
ASTERIX display, a map). So it is a *lossy release*: the policy function decides and the disclosure log is committed
before a byte leaves, and what the other side cannot honour is said in :attr:`Gateway.limits`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from groundstation.share.agreement import Kind

CE90_PER_SIGMA = 2.1460
"""Radius that holds 90 % of a circular normal distribution, in sigmas: sqrt(-2 ln 0.1)."""

NO_RECALL = "what was sent cannot be recalled or corrected there"
NO_RECEIPT = "nobody there confirms that it arrived or was seen"


@dataclass(frozen=True)
class Told:
    """One thing that was released and stands in the disclosure log. A gateway sends what is in ``body`` and nothing else.

    ``name`` is what it is called outside, never a name or number used here. Times in microseconds UTC;
    ``valid_until_utc_us`` is the end of the agreement.
    """

    name: str
    kind: Kind
    body: dict[str, Any]
    agreement_id: str
    purpose: str
    marking: str
    originator: str
    recipient: str
    t_released_utc_us: int
    retain_until_utc_us: int
    valid_until_utc_us: int
    exercise: bool = False


class Gateway(Protocol):
    """One way out. Used by one thread; no method takes longer than the timeouts it states."""

    limits: tuple[str, ...]
    repeat_s: float
    """How often a standing incident is sent again, because its receiver forgets; 0 for never."""

    @property
    def detail(self) -> str:
        """The state in words for the operator: why it is not ready, or ""."""
        ...

    def ready(self, now_s: float) -> bool:
        """Whether something given to :meth:`send` now would leave. Opens or reopens what is due; a few seconds at most."""
        ...

    def send(self, told: Sequence[Told], now_utc_us: int) -> None:
        """Send. Raises ``OSError`` when it broke; part of it may have left then."""
        ...

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """What is due without anything to send: reading away what others say, letting old things go."""
        ...

    def close(self) -> None:
        """Give everything back; harmless when called again."""
        ...


@dataclass
class Backoff:
    """When to try again: 0.5 s after the first failure, then twice as long each time up to ``longest_s``."""

    first_s: float = 0.5
    longest_s: float = 30.0
    _wait_s: float = field(default=0.0, init=False)
    _at_s: float = field(default=float("-inf"), init=False)

    def due(self, now_s: float) -> bool:
        """Whether the next try may begin."""
        return now_s >= self._at_s

    def failed(self, now_s: float) -> None:
        """A try has failed, or what was open broke."""
        self._wait_s = min(max(self._wait_s * 2.0, self.first_s), self.longest_s)
        self._at_s = now_s + self._wait_s

    def worked(self) -> None:
        """Something really went through: the next failure counts as the first."""
        self._wait_s = 0.0
