"""The one picture of a station: the neighbours' tracks beside ours, judged once a second. Step-driven, pure but for the bus.

What comes out is shown (:class:`~groundstation.core.picture_records.TrackPair`) and never told on: a fused place holds the
neighbour's data, which are not ours to share (originator control). So no echo of ours can come back through us either;
the lineage sees to those that come through others.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from geofences.geodesy import LocalFrame
from groundstation.core import topics
from groundstation.core.accuracy import ce90_m
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.picture_records import PairJudgement, PairState, TrackPair
from groundstation.core.records import Fault, RemoteTrack, StationFault, VideoTracks
from groundstation.core.share_records import PeerClock
from groundstation.share.correlate.association import DIFFERENT_ABOVE, SAME_BELOW, Associator, Pairing
from groundstation.share.correlate.fusion import Estimate, fuse
from groundstation.share.correlate.history import History, Point
from groundstation.share.exercise import exercise_remote, exercise_stream
from vision.records import CLASS_NAMES, TrackStatus

_log = logging.getLogger("groundstation.share.correlate")

PERIOD_S = 1.0
GONE_US = 3_000_000
REMOTE_GONE_US = 10_000_000
CLOCK_TOO_OLD_US = 60_000_000
CLOCK_WAS_SET_US = 250_000.0
MAX_TRACKS = 150
"""Of each side, the newest: more are not compared (a step would take too long), and that is told."""
CE90_PER_SIGMA = 2.1460
_REANCHOR_M = 30_000.0


@dataclass
class _Peer:
    associator: Associator
    tracks: dict[str, tuple[RemoteTrack, History]]
    clock: PeerClock | None = None


class PictureService:
    """Own and remote tracks of one station. Used by one thread; :meth:`step` is called often and works once a second."""

    def __init__(self, bus: Bus, own_name: str, clock: Clock) -> None:
        self._bus, self._own_name, self._clock = bus, own_name, clock
        self._own_tracks = bus.subscribe(topics.VIDEO_TRACKS)
        self._remote_tracks = bus.subscribe(topics.REMOTE_TRACK)
        self._clocks = bus.subscribe(topics.PEER_CLOCK)
        self._judgements = bus.subscribe(topics.PAIR_JUDGEMENT)
        self._frame: LocalFrame | None = None
        self._own: dict[str, History] = {}
        self._peers: dict[str, _Peer] = {}
        self._judged: dict[tuple[str, str, str], PairJudgement] = {}
        self._judged_there: dict[tuple[str, str, str], PairJudgement] = {}
        self._faults: set[str] = set()
        self._at_s = 0.0

    def close(self) -> None:
        """Give the subscriptions back."""
        for subscription in (self._own_tracks, self._remote_tracks, self._clocks, self._judgements):
            self._bus.unsubscribe(subscription)

    def step(self) -> None:
        """Take what has come; once a second, judge. Some milliseconds for dozens of tracks."""
        now_s, now_us = self._clock.mono_ns() / 1e9, self._clock.utc_us()
        for record in self._own_tracks.drain():
            self._take_own(record)
        for track in self._remote_tracks.drain():
            self._take_remote(track)
        for clock in self._clocks.drain():
            self._take_clock(clock)
        for judgement in self._judgements.drain():
            key = (judgement.peer, judgement.remote_track_id, judgement.own_track_id)
            if judgement.theirs:
                self._judged_there[key] = judgement
            elif judgement.verdict == "undecided":
                self._judged.pop(key, None)
            else:
                self._judged[key] = judgement
        if now_s >= self._at_s:
            self._at_s = now_s + PERIOD_S
            self._forget(now_us)
            for name, peer in self._peers.items():
                self._judge(name, peer, now_us)

    # ------------------------------------------------------------------------------------------------------- taking

    def _peer(self, name: str) -> _Peer:
        return self._peers.setdefault(name, _Peer(Associator(), {}))

    def _plane(self, lat_deg: float, lon_deg: float) -> np.ndarray:
        """East and north; the plane is laid anew, and all history dropped, when the work moves far away."""
        if self._frame is not None:
            en_m = self._frame.to_plane(lat_deg, lon_deg)
            if np.hypot(*en_m) < _REANCHOR_M:
                return en_m
        self._frame = LocalFrame(lat_deg, lon_deg)
        self._own.clear()
        for peer in self._peers.values():
            peer.tracks.clear()
        return np.zeros(2)

    def _take_clock(self, clock: PeerClock) -> None:
        peer = self._peer(clock.peer)
        before = peer.clock
        if before is not None and abs(clock.offset_us - before.offset_us) > CLOCK_WAS_SET_US:
            # Times of before and after are not of one clock: what came before is let go.
            peer.tracks.clear()
        peer.clock = clock

    def _take_own(self, record: VideoTracks) -> None:
        t = record.tracks
        for i in range(len(t)):
            name = f"{record.stream}-{int(t.track_id[i])}"
            if t.status[i] == TrackStatus.DELETED:
                self._own.pop(name, None)
            if t.status[i] != TrackStatus.CONFIRMED or not np.isfinite([t.lat_deg[i], t.lon_deg[i]]).all():
                continue
            covariance = t.covariance_en[i, :2, :2]
            if not np.isfinite(covariance).all():
                continue
            en_m = self._plane(float(t.lat_deg[i]), float(t.lon_deg[i]))
            class_name = CLASS_NAMES[int(np.argmax(t.class_probability[i]))]
            history = self._own.setdefault(name, History(class_name))
            history.class_name = class_name
            history.add(Point(float(t.t_utc_us), en_m, covariance, t.velocity_en_m_s[i]))

    def _take_remote(self, track: RemoteTrack) -> None:
        if track.class_name not in CLASS_NAMES:
            return  # an own force of theirs: coarse and late, and nobody that a camera of ours would be asked about
        peer = self._peer(track.peer)
        if track.state != "live":
            peer.tracks.pop(track.track_id, None)
            return
        # Without an accuracy a place cannot be compared: none is made up.
        sigma_m = track.ce90_m / CE90_PER_SIGMA
        if not (np.isfinite([track.lat_deg, track.lon_deg]).all() and np.isfinite(sigma_m) and sigma_m > 0.0):
            return
        en_m = self._plane(track.lat_deg, track.lon_deg)
        known = peer.tracks.get(track.track_id)
        history = known[1] if known is not None else History(track.class_name)
        history.class_name = track.class_name
        velocity = np.array(track.velocity_en_m_s, dtype=np.float64)
        history.add(Point(float(track.t_utc_us), en_m, sigma_m**2 * np.eye(2), velocity))
        peer.tracks[track.track_id] = track, history

    def _forget(self, now_us: int) -> None:
        self._own = {n: h for n, h in self._own.items() if now_us - h.newest.t_us < GONE_US}
        for peer in self._peers.values():
            # By our own clock: theirs may show anything.
            peer.tracks = {n: v for n, v in peer.tracks.items() if now_us - v[0].received_utc_us < REMOTE_GONE_US}
        for judged in (self._judged, self._judged_there):
            for k, j in list(judged.items()):
                here = k[0] in self._peers and k[1] in self._peers[k[0]].tracks and k[2] in self._own
                if not here and now_us - j.t_utc_us >= REMOTE_GONE_US:
                    del judged[k]

    # ------------------------------------------------------------------------------------------------------ judging

    def _judge(self, name: str, peer: _Peer, now_us: int) -> None:
        if not peer.tracks:
            return
        clock = peer.clock
        reason = _unfit(clock, now_us)
        self._fault(f"clock-{name}", f"Tracks of {name} are not joined with ours: {reason}" if reason else "")
        if clock is None or reason:
            for track, _ in peer.tracks.values():
                self._publish_unpaired(name, track, now_us, clock, reason)
            return
        crowded = len(peer.tracks) > MAX_TRACKS or len(self._own) > MAX_TRACKS
        text = f"More than {MAX_TRACKS} tracks here or at {name}: only the newest are compared" if crowded else ""
        self._fault(f"crowd-{name}", text)
        # Exercise and real data are never in one comparison; whichever has the same mark is with its like.
        for marked in (False, True):
            own = _newest({n: h for n, h in self._own.items() if exercise_stream(n) is marked})
            remote = {n: v for n, v in peer.tracks.items() if exercise_remote(v[0]) is marked}
            theirs = _newest({n: h for n, (_, h) in remote.items()})
            if not theirs:
                continue
            agreed = {k[1]: k[2] for k, j in self._judged.items() if k[0] == name and j.verdict == "agree"}
            barred = frozenset(
                (k[1], k[2]) for k, j in self._judged.items() if k[0] == name and j.verdict == "disagree"
            )
            held = peer.associator.held
            pairings = peer.associator.step(own, theirs, clock.offset_us, clock.uncertainty_us, agreed, barred)
            peer.associator.held = {**{t: o for t, o in held.items() if t not in theirs}, **peer.associator.held}
            for remote_id, pairing in pairings.items():
                self._publish(name, remote[remote_id][0], theirs[remote_id], pairing, clock, now_us)

    def _publish_unpaired(
        self, name: str, track: RemoteTrack, now_us: int, clock: PeerClock | None, detail: str
    ) -> None:
        self._bus.publish(
            topics.TRACK_PAIR,
            TrackPair(
                peer=name,
                remote_track_id=track.track_id,
                own_track_id="",
                t_utc_us=now_us,
                state="not_comparable",
                distance_m=float("nan"),
                statistic=float("nan"),
                same_below=SAME_BELOW,
                different_above=DIFFERENT_ABOVE,
                samples=0,
                span_s=0.0,
                clock_offset_us=clock.offset_us if clock is not None else float("nan"),
                clock_uncertainty_us=clock.uncertainty_us if clock is not None else float("inf"),
                detail=detail,
            ),
        )

    def _publish(
        self, name: str, track: RemoteTrack, theirs: History, pairing: Pairing, clock: PeerClock, now_us: int
    ) -> None:
        comparison = pairing.comparison
        if comparison is None:
            self._publish_unpaired(name, track, now_us, clock, "no track of ours near it, or not for long enough")
            return
        judgement = self._judged.get((name, track.track_id, pairing.own))
        there = self._judged_there.get((name, track.track_id, pairing.own))
        state: PairState = pairing.state
        fused: tuple[float, float, float] = (float("nan"),) * 3
        lineage: tuple[str, ...] = ()
        if state == "same":
            estimate = self._fused(name, track.track_id, pairing.own, theirs, clock)
            if estimate is not None and self._frame is not None:
                lat, lon = self._frame.from_plane(estimate.state)
                fused = float(lat), float(lon), ce90_m(estimate.covariance)
                lineage = tuple(sorted(estimate.lineage))
        self._bus.publish(
            topics.TRACK_PAIR,
            TrackPair(
                peer=name,
                remote_track_id=track.track_id,
                own_track_id=pairing.own,
                t_utc_us=now_us,
                state=state,
                distance_m=comparison.distance_m,
                statistic=pairing.statistic,
                same_below=SAME_BELOW,
                different_above=DIFFERENT_ABOVE,
                samples=comparison.samples,
                span_s=comparison.span_s,
                clock_offset_us=clock.offset_us,
                clock_uncertainty_us=clock.uncertainty_us,
                verdict=judgement.verdict if judgement is not None else "undecided",
                verdict_by=judgement.operator if judgement is not None else "",
                fused_lat_deg=fused[0],
                fused_lon_deg=fused[1],
                fused_ce90_m=fused[2],
                lineage=lineage,
                their_verdict=there.verdict if there is not None else "undecided",
            ),
        )

    def _fused(self, name: str, remote_id: str, own_id: str, theirs: History, clock: PeerClock) -> Estimate | None:
        """Both tracks at the time of our newest place: theirs is carried there, and what that costs is added."""
        ours, told = self._own[own_id].newest, theirs.newest
        ahead_s = (ours.t_us - (told.t_us - clock.offset_us)) / 1e6
        if abs(ahead_s) > 5.0:
            return None
        velocity = np.where(np.isfinite(told.velocity_m_s), told.velocity_m_s, ours.velocity_m_s)
        velocity = np.nan_to_num(velocity)
        covariance = (
            told.covariance_m2
            + np.outer(velocity, velocity) * (clock.uncertainty_us / 1e6) ** 2
            + (0.5 * ahead_s**2 + 0.5 * abs(ahead_s)) ** 2 * np.eye(2)
        )
        mine = Estimate(ours.en_m, ours.covariance_m2, frozenset({f"{self._own_name}/{own_id}"}))
        return fuse(mine, Estimate(told.en_m + velocity * ahead_s, covariance, frozenset({f"{name}/{remote_id}"})))

    def _fault(self, key: str, text: str) -> None:
        if bool(text) == (key in self._faults):
            return
        (self._faults.add if text else self._faults.discard)(key)
        if text:
            _log.warning("%s", text)
        fault = Fault(f"picture-{key}", "warning", text or "Mended", "have both stations' clocks set, and look again")
        self._bus.publish(topics.STATION_FAULT, StationFault("share", fault, bool(text), self._clock.utc_us()))


def _newest(tracks: dict[str, History]) -> dict[str, History]:
    if len(tracks) <= MAX_TRACKS:
        return tracks
    order = sorted(tracks, key=lambda n: tracks[n].newest.t_us, reverse=True)
    return {n: tracks[n] for n in order[:MAX_TRACKS]}


def _unfit(clock: PeerClock | None, now_us: int) -> str:
    """Why nothing may be joined by this clock; "" when it may."""
    if clock is None:
        return "its clock has not been measured yet"
    if now_us - clock.t_utc_us > CLOCK_TOO_OLD_US:
        return "its clock has not been measured for a minute"
    if not clock.fit_to_fuse:
        return f"its clock shows {clock.offset_us / 1e6:+.1f} s, known to {clock.uncertainty_us / 1e6:.1f} s"
    return ""
