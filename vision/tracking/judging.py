"""How much each track is believed: whether it is confirmed, told, or held back as doubtful.

What only looks like one of the classes (a deer, a bush) is found now and then; what is one is found in nearly every
frame, be it weakly. Three figures of a track say so: ``rate``, how often it was found in its last frames in view;
``support``, its mean confidence there, unseen counting as 0; ``animal``, the log-odds of it being an animal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.tracking.association import candidates
from vision.tracking.base import GroundMeasurements
from vision.tracking.settings import TrackerSettings
from vision.tracking.table import PRIOR_ANIMAL, TrackTable, bits

_FRAMES = 30
_HIDDEN_AFTER_S = 0.7
# Rendered patrols, 78 persons and 13 animals: persons are seen as an animal in 2 to 3 % of their frames, but some in 10 to 30 %;
# animals in 74 % (day and night, four fifths of them in 60 to 100 %, the least in 16 and 35 %). What differs between objects
# does not average out over frames, so the two weights stand for the share that tells them apart best, one in five.
_SEEN_AS_ANIMAL = 1.35
_HIT_SAYS_PERSON = 0.34
_MOST_ANIMAL = 6.0
_PERSON = 0


def note_found(
    t: TrackTable, settings: TrackerSettings, t_utc_us: int, confidence: NDArray[np.float64], looked: NDArray[np.bool_]
) -> None:
    """Take one frame into ``rate``, ``support`` and ``told``.

    ``confidence`` ``(n,)`` of what each track was found by, 0 where it was not; ``looked`` ``(n,)``: where it could have
    been. One who is hidden for a while is not found for a while: only the first misses in a row count.
    """
    lately = (t_utc_us - t.seen_us) < _HIDDEN_AFTER_S * 1e6
    counted = t.hit | (lately & looked)
    share = np.maximum(1.0 / np.maximum(t.frames + 1, 1), 1.0 / _FRAMES)
    t.support += np.where(counted, share * (confidence - t.support), 0.0)
    t.rate += np.where(counted, share * (t.hit - t.rate), 0.0)
    class_id = t.log_class.argmax(axis=1)
    t.told = np.where(
        t.told, t.rate >= np.array(settings.rate_lost)[class_id], t.rate >= np.array(settings.rate_enough)[class_id]
    )


def note_animals(t: TrackTable, animals: GroundMeasurements | None, shift_variance: float) -> None:
    """Take where animals were seen in one frame into ``animal``.

    An animal that is now and then seen as one, and mostly as a person, is told from a person by those frames.
    ``shift_variance``: of the camera's angles since the last frame, in squared sigmas.
    """
    np.copyto(t.animal, np.maximum(t.animal - _HIT_SAYS_PERSON, PRIOR_ANIMAL), where=t.hit)
    if animals is None or not len(animals):
        return
    missed = np.flatnonzero(~t.hit)
    if not len(missed):
        return
    common = shift_variance * (animals.angle_factor_m @ animals.angle_factor_m.transpose(0, 2, 1))
    near = candidates(
        t.x[:2, missed].T, t.p[:2, :2, missed].transpose(2, 0, 1), animals.en_m, animals.covariance_m2 + common
    )
    # Each animal is evidence against the one track that it fits best.
    order = np.argsort(near.distance, kind="stable")
    _, first = np.unique(near.measurement[order], return_index=True)
    against = missed[np.unique(near.track[order][first])]
    t.animal[against] = np.minimum(t.animal[against] + _SEEN_AS_ANIMAL, _MOST_ANIMAL)


def confirm(t: TrackTable, settings: TrackerSettings, t_utc_us: int) -> None:
    """Confirm the new tracks that were found often enough, for long enough."""
    seen = np.flatnonzero(~t.confirmed & t.hit)
    if len(seen):
        often = bits(t.history[seen] & 0b11111) >= settings.confirm_hits
        t.confirmed[seen] = often & (t_utc_us - t.born_us[seen] >= settings.confirm_s * 1e6 - 1)


def doubtful(t: TrackTable, settings: TrackerSettings, class_id: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which tracks are told as tentative; ``class_id`` ``(n,)`` is what each most probably is."""
    weak = t.support < np.array(settings.min_support)[class_id]
    return np.asarray(~t.confirmed | ~t.told | weak | ((class_id == _PERSON) & (t.animal > 0.0)))
