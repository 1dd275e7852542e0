"""What the one picture and the gateways tell the console: which tracks are one, and who gets what without a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PairVerdict = Literal["undecided", "agree", "disagree"]
PairState = Literal["same", "undecided", "different", "not_comparable"]


@dataclass(frozen=True)
class GatewayStatus:
    """One gateway in numbers. ``limits``: what its receiver cannot honour, in words, to be shown before anybody relies on it.

    ``sent`` and ``withheld`` count updates since the start, ``waiting`` what is kept for the next connection.
    ``exercise``: it carries exercise data only.
    """

    name: str
    t_utc_us: int
    address: str
    connected: bool
    sent: int = 0
    withheld: int = 0
    waiting: int = 0
    last_sent_utc_us: int = 0
    limits: tuple[str, ...] = ()
    detail: str = ""
    exercise: bool = False


@dataclass(frozen=True)
class TrackPair:
    """A neighbour's track beside one of ours: are they the same? For the panel "same or different".

    ``distance_m`` and ``statistic`` (mean squared distance in its own sigmas over ``samples`` common times spread over
    ``span_s``; 2 is expected of the same track) say what was found, ``same_below`` and ``different_above`` the limits.
    ``state`` is what the station makes of it, ``verdict`` what an operator said, ``their_verdict`` what the neighbour's did.
    ``clock_uncertainty_us`` is in the
    statistic already. ``fused_*``: place and CE90 by both together, NaN when not fused.
    """

    peer: str
    remote_track_id: str
    own_track_id: str
    t_utc_us: int
    state: PairState
    distance_m: float
    statistic: float
    same_below: float
    different_above: float
    samples: int
    span_s: float
    clock_offset_us: float
    clock_uncertainty_us: float
    verdict: PairVerdict = "undecided"
    verdict_by: str = ""
    fused_lat_deg: float = float("nan")
    fused_lon_deg: float = float("nan")
    fused_ce90_m: float = float("nan")
    lineage: tuple[str, ...] = ()
    detail: str = ""
    their_verdict: PairVerdict = "undecided"

    @property
    def pair_id(self) -> str:
        """What :meth:`groundstation.core.share_commands.ShareCommands.judge_pair` takes; "" without a track of ours."""
        return f"{self.peer}/{self.remote_track_id}/{self.own_track_id}" if self.own_track_id else ""


@dataclass(frozen=True)
class PairJudgement:
    """What an operator says of a pair: the same, or not. It holds until the next one, or the end of either track.

    ``theirs``: an operator of the neighbour said it; it is shown beside the pair and decides nothing here.
    """

    peer: str
    remote_track_id: str
    own_track_id: str
    verdict: PairVerdict
    operator: str
    t_utc_us: int
    theirs: bool = False
