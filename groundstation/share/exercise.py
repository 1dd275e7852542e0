"""Joint exercises: synthetic data carry a mark from birth, and nothing marked ever meets anything that is not.

The mark is in the names themselves, so that it goes wherever a name goes and no code can forget to pass it on: an
exercise's video streams begin with ``ex-`` (and with them every track of theirs), its flights and its agreements with
``EX-``. All functions are pure; what they raise or return is closed by default: what is half marked is barred.
"""

from __future__ import annotations

from collections.abc import Iterable

from groundstation.core.errors import ConfigError
from groundstation.core.records import Incident, RemoteIncident, RemoteTrack, VideoTracks
from groundstation.share.agreement import Agreement

STREAM_MARK = "ex-"
NAME_MARK = "EX-"


def exercise_agreement(agreement: Agreement) -> bool:
    """Whether an agreement is for an exercise."""
    return agreement.agreement_id.startswith(NAME_MARK)


def exercise_stream(stream: str) -> bool:
    """Whether a video stream, or a track of one by its station-wide id, is an exercise's."""
    return stream.startswith(STREAM_MARK)


def exercise_tracks(record: VideoTracks) -> bool:
    """Whether tracks are an exercise's."""
    return exercise_stream(record.stream)


def exercise_incident(incident: Incident) -> bool | None:
    """Whether an incident is an exercise's; None where its flight and its track disagree, and it may go nowhere."""
    by_flight, by_track = incident.flight_id.startswith(NAME_MARK), exercise_stream(incident.track_id)
    return by_flight if by_flight == by_track else None


def exercise_remote(record: RemoteTrack | RemoteIncident) -> bool:
    """Whether what a neighbour told is an exercise's: it came under an exercise's agreement."""
    return record.agreement_id.startswith(NAME_MARK)


def may_pass(marked: bool | None, agreement: Agreement | None) -> bool:
    """Whether data may go out under an agreement: exercise data under an exercise's, real data under a real one only."""
    return marked is not None and agreement is not None and marked is exercise_agreement(agreement)


def may_meet(first: bool | None, second: bool | None) -> bool:
    """Whether two things may be associated, fused, or shown in one picture."""
    return first is not None and first is second


def check_session(exercise: bool, streams: Iterable[str], agreements: Iterable[Agreement]) -> None:
    """Raise :class:`ConfigError` when a station's session holds both: an exercise has a station file of its own."""
    for stream in streams:
        if exercise_stream(stream) is not exercise:
            what = "is not an exercise's" if exercise else "is an exercise's"
            raise ConfigError(
                f"stream {stream!r} {what}",
                f"an exercise's streams begin with {STREAM_MARK}, and only they; start the exercise with a file of its own",
            )
    for agreement in agreements:
        if exercise_agreement(agreement) is not exercise:
            what = "is not for an exercise" if exercise else "is for an exercise"
            raise ConfigError(
                f"agreement {agreement.agreement_id!r} {what}",
                f"an exercise's agreements begin with {NAME_MARK}, and only they; start the exercise with a file of its own",
            )
