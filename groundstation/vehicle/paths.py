"""One aircraft over each of its links: when it was heard there, how quick it is, and what it was asked to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from groundstation.core.link_quality import LinkQuality
from groundstation.core.records import Fault, VehicleId
from groundstation.link.base import Link
from groundstation.vehicle.link_choice import SILENT_AFTER_S, LinkChange, LinkChooser, PathFigures
from groundstation.vehicle.streams import StreamWishes
from groundstation.vehicle.timesync import RoundTrips

_LOST_AFTER_S = 5.0
_USED_AGE_S = 1.5


class LinkPath:
    """One aircraft over one link."""

    def __init__(self, link: Link, vehicle_id: VehicleId, rates_hz: Mapping[int, float], t_mono_ns: int) -> None:
        self.link = link
        self.heard_mono_ns = t_mono_ns
        self.trips = RoundTrips()
        self.streams = StreamWishes(vehicle_id, link.name, rates_hz)
        self._source = (vehicle_id.system_id, vehicle_id.component_id)

    def age_s(self, now_mono_ns: int) -> float:
        """Seconds since anything of the aircraft came on this link."""
        return (now_mono_ns - self.heard_mono_ns) / 1e9

    def figures(self, now_mono_ns: int) -> PathFigures:
        """What the choice between links goes by."""
        loss = self.link.statistics.loss_fraction(self._source)
        return PathFigures(self.link.name, self.age_s(now_mono_ns), loss, self.trips.worst_s(now_mono_ns / 1e9))


class Paths:
    """All links on which one aircraft was heard, the one in use among them."""

    def __init__(
        self,
        vehicle_id: VehicleId,
        link: Link,
        rates_of: Callable[[Link], Mapping[int, float]],
        t_mono_ns: int,
    ) -> None:
        self._vehicle_id, self._rates_of = vehicle_id, rates_of
        self._paths: dict[str, LinkPath] = {}
        self._chooser = LinkChooser(link.name)
        self.used = self.on_heard(link, t_mono_ns)

    def __iter__(self) -> Iterator[LinkPath]:
        return iter(self._paths.values())

    def __len__(self) -> int:
        return len(self._paths)

    def on_heard(self, link: Link, t_mono_ns: int) -> LinkPath:
        """A message of the aircraft came on ``link``."""
        path = self._paths.get(link.name)
        if path is None:
            path = self._paths[link.name] = LinkPath(link, self._vehicle_id, self._rates_of(link), t_mono_ns)
        elif path.age_s(t_mono_ns) > SILENT_AFTER_S:
            path.streams.returned()
        path.heard_mono_ns = t_mono_ns
        return path

    def tells(self, path: LinkPath, now_mono_ns: int) -> bool:
        """Whether what comes on ``path`` is taken for the state: on a slower link the same is told again, later.

        Another than the one in use counts while that one is silent, so that nothing waits for the choice.
        """
        return path is self.used or self.used.age_s(now_mono_ns) > _USED_AGE_S

    def choose(self, now_mono_ns: int) -> LinkChange | None:
        """Look at all links; the change when another is used from now on."""
        if len(self._paths) == 1:
            return None
        figures = [path.figures(now_mono_ns) for path in self._paths.values()]
        change = self._chooser.choose(figures, now_mono_ns / 1e9)
        if change is not None:
            self.used = self._paths[change.new]
        return change

    def qualities(self, now_s: float) -> list[LinkQuality]:
        """How good each of them is."""
        return [path.link.statistics.quality(self._vehicle_id, now_s) for path in self._paths.values()]

    def faults(self, now_mono_ns: int) -> tuple[Fault, ...]:
        """Links that have fallen silent while another is heard: no reason to think the aircraft lost."""
        silent = [p for p in self._paths.values() if p.age_s(now_mono_ns) > _LOST_AFTER_S]
        if not silent or len(silent) == len(self._paths):
            return ()
        return tuple(
            Fault(
                f"path {p.link.name}", "warning",
                f"Not heard over {p.link.name} for {p.age_s(now_mono_ns):.0f} s; {self.used.link.name} is used",
                "check that radio; the aircraft itself is heard",
            )
            for p in silent
        )  # fmt: skip

    def restarted(self) -> None:
        """The aircraft has restarted: intervals are lost, and round trips must be shown again."""
        for path in self._paths.values():
            path.trips.clear()
            path.streams.restart()
