"""What a console may do with alerts: the only way in for it. Implemented by ``groundstation.incidents.alert_service``."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from groundstation.core.alert_records import AlertAct, AlertSnapshot, Verdict
from groundstation.core.procedure_records import Procedure


class AlertCommands(Protocol):
    """All calls return at once and may come from any thread.

    A future ends when the act is on the disk, with the act as it was kept; as long as it has not ended, nothing was done.
    It fails with :class:`~groundstation.core.errors.StoreError` when the station was stopped before. Calls raise
    :class:`~groundstation.core.errors.ConfigError` for an alert, a verdict, a step or a neighbour that does not exist and
    for an operator without a name.
    """

    def snapshot(self) -> AlertSnapshot:
        """What is known now; later acts and incidents come over the bus."""
        ...

    def procedures(self) -> Sequence[Procedure]:
        """The standing procedures in force."""
        ...

    def acknowledge(self, alert_id: str, operator: str) -> Future[AlertAct]:
        """An operator has seen it. The first acknowledgement counts; a second one is kept too."""
        ...

    def classify(self, alert_id: str, verdict: Verdict, operator: str, text: str = "") -> Future[AlertAct]:
        """What it was found to be; the last verdict counts."""
        ...

    def tick(self, alert_id: str, step: str, operator: str, done: bool = True) -> Future[AlertAct]:
        """A step of the procedure ("procedure/step") is done, or not done after all."""
        ...

    def note(self, alert_id: str, operator: str, text: str) -> Future[AlertAct]:
        """Something to remember, in the operator's words."""
        ...

    def hand_over(self, alert_id: str, peer: str, operator: str, text: str = "") -> Future[AlertAct]:
        """Note that it was handed to a neighbour. What leaves the station is decided by the sharing part, not here."""
        ...
