"""What the station does for its officers in sharing: their verdicts and ticks become marks, own forces become subjects.

The sources are what people do anyway: the verdict "somebody needs help" opens the rescue clause, a ticked step of a
procedure or a place inside a protected area protects, own patrols and aircraft come from the bus. What a third country may
be told only with approval is put on a list. Used by the sharing's thread; owns no clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from groundstation.core import topics
from groundstation.core.alert_records import THE_STATION, VERDICTS, AlertAct
from groundstation.core.bus import Bus
from groundstation.core.picture_records import PairJudgement
from groundstation.core.records import FriendPosition, Incident, VehicleState
from groundstation.core.share_records import ApprovalRequest, ShareNotice, ShareOutcome, ShareSubject
from groundstation.share.audit import NOTE, AuditLog, note
from groundstation.share.deconflict import volumes_body, volumes_text_of
from groundstation.share.marks import MAX_REMEMBERED, Marks, Waiting, What
from groundstation.share.neighbour import Neighbour
from groundstation.share.policy import Subject
from groundstation.share.wire import Envelope

OWN_PERIOD_US = 10_000_000
"""How often an own position is looked at for telling: it is told as a coarse circle anyway."""
OWN_GONE_US = 60_000_000
PROTECTION_STEPS = ("protection",)
_VEHICLE_SIGMA_M = 5.0
_CE90_PER_SIGMA = 2.146


class Duty:
    """One station's. ``steps``: the names of the procedure's steps whose tick protects."""

    def __init__(
        self, bus: Bus, own_name: str, marks: Marks, audit: AuditLog, steps: Sequence[str] = PROTECTION_STEPS
    ) -> None:
        self._bus, self._own_name, self.marks, self._audit = bus, own_name, marks, audit
        self._steps = frozenset(steps)
        self._acts = bus.subscribe(topics.ALERT_ACT)
        self._friends = bus.subscribe(topics.FRIEND_POSITION)
        self._vehicles = bus.subscribe(topics.VEHICLE_STATE)
        self._incidents: dict[str, Incident] = {}
        self._own: dict[str, Subject] = {}
        self._offered_us: dict[str, int] = {}
        self._requests: dict[tuple[str, str, str], ApprovalRequest] = {}

    def close(self) -> None:
        """Give the subscriptions back."""
        for subscription in (self._acts, self._friends, self._vehicles):
            self._bus.unsubscribe(subscription)

    def note(self, incidents: Iterable[Incident]) -> None:
        """Incidents as they are offered: what is said of them later finds them here."""
        for incident in incidents:
            self._incidents.pop(incident.incident_id, None)
            self._incidents[incident.incident_id] = incident
            self.marks.note_incident(incident)
            if len(self._incidents) > MAX_REMEMBERED:
                del self._incidents[next(iter(self._incidents))]

    def step(self, neighbours: Sequence[Neighbour], now_utc_us: int) -> None:
        """Take what people did, and carry out what was ordered from elsewhere. May raise ``sqlite3.Error``."""
        for act in self._acts.drain():
            self._take_act(act)
        for kind, subject_id in self.marks.look():
            incident = self._incidents.get(subject_id)
            if kind == "incident" and incident is not None:
                for neighbour in neighbours:
                    neighbour.offer_incident(incident)  # the same words are not told twice
        self._tell_own_forces(neighbours, now_utc_us)
        for neighbour in neighbours:
            self._list_waiting(neighbour, now_utc_us)
        self.carry_out(neighbours, now_utc_us)

    # ------------------------------------------------------------------------------------------------ what people did

    def _take_act(self, act: AlertAct) -> None:
        if act.operator == THE_STATION:
            return
        if act.kind == "verdict" and act.value in VERDICTS and "/" not in act.alert_id:
            if act.value == "help":
                self.mark("rescue", "incident", act.alert_id, act.operator, act.t_utc_us)
            elif self.marks.is_rescue(act.alert_id):
                self.mark("rescue", "incident", act.alert_id, act.operator, act.t_utc_us, "")
        elif act.kind in ("tick", "untick") and act.value.rpartition("/")[2] in self._steps:
            value = "1" if act.kind == "tick" else ""
            self.mark("protected", "incident", act.alert_id, act.operator, act.t_utc_us, value)

    def mark(
        self, what: What, kind: str, subject: str, by: str, now_utc_us: int, value: str = "1", peer: str = ""
    ) -> None:
        """Put a mark, and a note of who did into the disclosure log."""
        write_mark(self.marks, self._audit, what, kind, subject, by, now_utc_us, value, peer)

    def knows(self, incident_id: str) -> bool:
        """Whether it is an incident of ours that is offered to the neighbours."""
        return incident_id in self._incidents

    def approve(self, subject: ShareSubject, by: str, peer: str, now_utc_us: int) -> ShareOutcome:
        """One officer's approval; see :class:`~groundstation.core.share_commands.ShareCommands`."""
        waiting = [k for k in self._requests if k[1:] == (subject.kind, subject.subject_id) and peer in ("", k[0])]
        if len(waiting) != 1:
            named = ", ".join(k[0] for k in waiting)
            return ShareOutcome(False, f"{named} wait for it: say which" if waiting else "nobody waits for it")
        (key,) = waiting
        request = self._requests[key]
        if by.strip().casefold() in {n.strip().casefold() for n in request.approved_by}:
            return ShareOutcome(False, f"{by} has approved it already: it takes a second officer")
        self.mark("approved", subject.kind, subject.subject_id, by.strip(), now_utc_us, peer=key[0])
        approved = self.marks.approvals(*key)
        if len(approved) < request.needed:
            self._publish_request(key, request, approved, True)
        return ShareOutcome(True, f"{len(approved)} of {request.needed}", key[0])

    def take(self, neighbour: Neighbour, letter: Envelope, now_utc_us: int) -> ShareNotice | None:
        """A message of the neighbour about a pair or about volumes; what a person has to know of it."""
        body = letter.body
        if letter.kind == "judgement":
            own = neighbour.life.local_of(body["own"])
            if not own:
                return None
            verdict: Literal["agree", "disagree"] = "agree" if body["verdict"] == "agree" else "disagree"
            self.marks.judge(neighbour.name, letter.subject, own, verdict, neighbour.name, now_utc_us, True)
            judgement = PairJudgement(neighbour.name, letter.subject, own, verdict, neighbour.name, now_utc_us, True)
            self._bus.publish(topics.PAIR_JUDGEMENT, judgement)
            subject = ShareSubject(neighbour.name, letter.subject)
            return ShareNotice(neighbour.name, "judged", f"pair_{verdict}", now_utc_us, subject, text=own)
        if letter.kind == "volumes":
            document = volumes_text_of(neighbour.name, body)
            self.marks.add_volumes(neighbour.name, document, neighbour.name, now_utc_us, True)
            return ShareNotice(neighbour.name, "volumes", "volumes", now_utc_us, text=str(len(body["volumes"])))
        return None

    # ------------------------------------------------------------------------------------------------------ own forces

    def _tell_own_forces(self, neighbours: Sequence[Neighbour], now_utc_us: int) -> None:
        for state in self._vehicles.drain():
            self._take_vehicle(state)
        for friend in self._friends.drain():
            self._take_friend(friend)
        for subject_id, subject in list(self._own.items()):
            gone = now_utc_us - subject.t_utc_us > OWN_GONE_US
            if gone:
                del self._own[subject_id]
                self._offered_us.pop(subject_id, None)
            elif subject.t_utc_us - self._offered_us.get(subject_id, 0) < OWN_PERIOD_US:
                continue
            else:
                self._offered_us[subject_id] = subject.t_utc_us
            for neighbour in neighbours:
                agreement = neighbour.agreement
                if gone:
                    neighbour.telling.own_force_gone(subject_id)
                elif agreement is not None and agreement.own_forces is not None:
                    neighbour.telling.offer_own_force(subject)

    def _take_vehicle(self, state: VehicleState) -> None:
        if state.position_ok and state.armed:
            name = f"drone-{state.vehicle_id.system_id}-{state.vehicle_id.component_id}"
            self._take_own(name, "drone", state.t_utc_us, state.lat_deg, state.lon_deg, _VEHICLE_SIGMA_M)

    def _take_friend(self, friend: FriendPosition) -> None:
        # A device that somebody carries is a person, and no category of an agreement.
        name = {"patrol": "patrol", "vehicle": "patrol", "drone": "drone"}.get(friend.kind)
        if name is not None:
            self._take_own(
                f"friend-{friend.friend_id}", name, friend.t_utc_us, friend.lat_deg, friend.lon_deg, friend.sigma_m
            )

    def _take_own(self, name: str, class_name: str, t_utc_us: int, lat: float, lon: float, sigma_m: float) -> None:
        if math.isfinite(lat) and math.isfinite(lon):
            self._own[name] = Subject(
                kind="own_force", subject_id=name, t_utc_us=t_utc_us, class_name=class_name, lat_deg=lat, lon_deg=lon,
                ce90_m=sigma_m * _CE90_PER_SIGMA, confirmed=True,
            )  # fmt: skip

    # ------------------------------------------------------------------------------------------------------- approvals

    def _list_waiting(self, neighbour: Neighbour, now_utc_us: int) -> None:
        """What waits for officers, and what does no more."""
        for subject, waits in neighbour.telling.awaiting.take(now_utc_us):
            key = (neighbour.name, subject.kind, subject.subject_id)
            known = self._requests.get(key)
            approved = self.marks.approvals(*key)
            if not waits:
                if known is not None:
                    self._publish_request(key, known, approved, False)
                continue
            request = known or ApprovalRequest(
                neighbour.name,
                ShareSubject(self._own_name, subject.subject_id, "incident" if subject.kind == "incident" else "track"),
                now_utc_us,
                subject.class_name,
                subject.incident_kind,
            )
            if known is None or known.approved_by != approved:
                self._publish_request(key, request, approved, True)

    def _publish_request(
        self, key: tuple[str, str, str], request: ApprovalRequest, approved: tuple[str, ...], waits: bool
    ) -> None:
        made = ApprovalRequest(
            request.peer, request.subject, request.t_utc_us, request.class_name, request.kind_of_incident, approved,
            request.needed, waits,
        )  # fmt: skip
        peer, kind, subject_id = key
        self.marks.set_waiting(
            Waiting(peer, kind, subject_id, made.class_name, made.kind_of_incident, made.t_utc_us), waits
        )
        if waits:
            self._requests[key] = made
        else:
            self._requests.pop(key, None)
        self._bus.publish(topics.APPROVAL, made)

    # ----------------------------------------------------------------------------------------------- ordered elsewhere

    def carry_out(self, neighbours: Sequence[Neighbour], now_utc_us: int) -> str:
        """Tell what waits in the file to be told; the last reason why something was not, "" when all was."""
        why = ""
        for judged in self.marks.judgements(untold=True):
            neighbour = _one(neighbours, judged.peer)
            if neighbour is not None:
                why = self.tell_judgement(neighbour, judged.remote, judged.own, judged.verdict, now_utc_us)
            self._bus.publish(
                topics.PAIR_JUDGEMENT,
                PairJudgement(
                    judged.peer, judged.remote, judged.own, "agree" if judged.verdict == "agree" else "disagree",
                    judged.by, judged.t_utc_us,
                ),
            )  # fmt: skip
            self.marks.dealt_with("judgement", judged.n)
        for n, peer, document in self.marks.volumes_to_tell():
            neighbour = _one(neighbours, peer)
            if neighbour is not None:
                why = self.tell_volumes(neighbour, document, now_utc_us)
            self.marks.dealt_with("volumes", n)
        return why

    def tell_volumes(self, neighbour: Neighbour, document: str, now_utc_us: int) -> str:
        """Tell where our aircraft may be, as far as it is near the shared border; why not ("" = told)."""
        body, why = volumes_body(neighbour.agreement, self._own_name, document, now_utc_us)
        return why or neighbour.say("volumes", "volumes", "volumes", body, now_utc_us)

    def tell_judgement(self, neighbour: Neighbour, remote: str, own: str, verdict: str, now_utc_us: int) -> str:
        """Tell what our officer says of a pair; why not ("" = told). A track that the neighbour was not told stays ours."""
        names = neighbour.names_of(ShareSubject(self._own_name, own, "track"))
        if not names:
            return f"kept here: {neighbour.name} was never told of our track"
        values: dict[str, Any] = {"own": remote, "verdict": verdict, "t_utc_us": now_utc_us}
        return neighbour.say("judgement", own, names[-1], values, now_utc_us)


def write_mark(
    marks: Marks,
    audit: AuditLog,
    what: What,
    kind: str,
    subject: str,
    by: str,
    now_utc_us: int,
    value: str = "1",
    peer: str = "",
) -> None:
    """Put a mark; the disclosure log says who did it, and says so first."""
    detail = f"{what} {value}" if value != "1" else what
    audit.append([note(NOTE, now_utc_us, peer=peer, subject=subject, by=by, detail=detail if value else f"not {what}")])
    marks.mark(what, kind, subject, by, now_utc_us, value, peer)


def _one(neighbours: Sequence[Neighbour], name: str) -> Neighbour | None:
    return next((n for n in neighbours if n.name == name), None)
