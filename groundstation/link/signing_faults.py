"""What an operator is told about the signing of a link: packets that were refused, and clocks that are off."""

from __future__ import annotations

from collections.abc import Callable

from groundstation.core.records import Fault
from groundstation.link.signing import LinkSigner, Verdict
from groundstation.link.statistics import LinkStatistics, Source

_STANDS_S = 10.0
_CLOCK_BEHIND_S = 60.0
# ArduPilot begins a minute ahead of the newest stamp that it kept, at every start and when it is given a key.
_CLOCK_AHEAD_S = 120.0

_REMEDY = {
    Verdict.UNSIGNED: "set the key up on the aircraft (groundstation signing setup), or somebody else is sending here",
    Verdict.WRONG: "the other side has another key: check sign=NAME; or somebody is forging packets",
    Verdict.REPLAYED: "packets arrive twice or out of order, or somebody sends recorded ones: use one way for a link id",
    Verdict.OLD: "check the clocks (NTP or GPS) of this computer and of the aircraft",
}


class SigningFaults:
    """Turns counts into standing faults; each stands until ten seconds have passed without a new cause."""

    def __init__(self, link_name: str) -> None:
        self._name = link_name
        self._listeners: list[Callable[[Fault, bool], None]] = []
        self._sources: dict[Verdict, Source] = {}
        self._told_counts: dict[Verdict, int] = {}
        self._unchecked_told = 0
        self._standing: dict[str, tuple[float, Fault]] = {}

    def add_listener(self, listener: Callable[[Fault, bool], None]) -> None:
        """Tell ``listener`` of every fault that begins or ends."""
        self._listeners.append(listener)

    def refused(self, verdict: Verdict, statistics: LinkStatistics, source: Source) -> None:
        """Count a packet that was refused."""
        self._sources[verdict] = source
        if verdict is Verdict.UNSIGNED:
            statistics.refused_unsigned += 1
        elif verdict is Verdict.WRONG:
            statistics.refused_signature += 1
        elif verdict is Verdict.REPLAYED:
            statistics.refused_replayed += 1
        else:
            statistics.refused_clock += 1

    def on_time(self, now_s: float, statistics: LinkStatistics, signer: LinkSigner | None) -> None:
        """Tell what is new; called once a second. ``signer`` None is a link without a key."""
        if signer is not None:
            self._look(now_s, statistics, signer)
        elif statistics.signed_unchecked > self._unchecked_told:
            self._unchecked_told = statistics.signed_unchecked
            text = f"Link {self._name}: the aircraft signs its packets, and this link has no key"
            remedy = "add ?sign=NAME with its key to the link's URL: it may take no command without"
            self._stand(f"signing no key {self._name}", text, remedy, now_s)
        for key, (until_s, fault) in tuple(self._standing.items()):
            if now_s >= until_s:
                del self._standing[key]
                self._tell(fault, False)

    def _look(self, now_s: float, statistics: LinkStatistics, signer: LinkSigner) -> None:
        counts = {
            Verdict.UNSIGNED: statistics.refused_unsigned,
            Verdict.WRONG: statistics.refused_signature,
            Verdict.REPLAYED: statistics.refused_replayed,
            Verdict.OLD: statistics.refused_clock,
        }
        for verdict, count in counts.items():
            if count > self._told_counts.get(verdict, 0):
                self._told_counts[verdict] = count
                source = "{}.{}".format(*self._sources.get(verdict, (0, 0)))
                text = f"Link {self._name}: packets from {source} are refused: {verdict.value}"
                if verdict is Verdict.OLD:
                    text += f" (signed {-signer.refused_offset_s:.0f} s before this computer's time)"
                self._stand(f"signing {verdict.name.lower()} {self._name}", text, _REMEDY[verdict], now_s)
        offset_s = signer.offset_s
        if offset_s < -_CLOCK_BEHIND_S or offset_s > _CLOCK_AHEAD_S:
            way = "ahead of" if offset_s > 0 else "behind"
            text = f"Link {self._name}: signatures are {abs(offset_s):.0f} s {way} this computer's clock"
            self._stand(f"signing clock {self._name}", text, _REMEDY[Verdict.OLD], now_s)

    def _stand(self, key: str, text: str, remedy: str, now_s: float) -> None:
        fault = Fault(key, "warning", text, remedy)
        new = key not in self._standing
        self._standing[key] = (now_s + _STANDS_S, fault)
        if new:
            self._tell(fault, True)

    def _tell(self, fault: Fault, active: bool) -> None:
        for listener in self._listeners:
            listener(fault, active)
