"""The station's bus: publish from any thread, drain from the consumer's own.

A consumer subscribes, then drains when it likes (the console by a timer) or when ``on_ready`` tells it (a service hands
in ``loop.call_soon_threadsafe``-style wake-ups). Nothing is called back with data on the publisher's thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from groundstation.core.topics import ALL_TOPICS, Delivery, Topic

T = TypeVar("T")
_log = logging.getLogger("groundstation.bus")


class Subscription(Generic[T]):
    """One consumer's view of one topic. ``overflowed`` counts records that an EVERY queue had to drop.

    ``newest_by`` gives a consumer of an EVERY topic the newest record of each key only: nothing waits for one that stalls.
    """

    def __init__(
        self,
        topic: Topic[T],
        on_ready: Callable[[], None] | None,
        newest_by: Callable[[T], Hashable] | None = None,
    ) -> None:
        self.topic = topic
        self._key = topic.key if topic.delivery is Delivery.LATEST else newest_by
        self.overflowed = 0
        self._on_ready = on_ready
        self._lock = threading.Lock()
        self._latest: dict[Hashable, T] = {}
        self._queue: deque[T] = deque()
        self._announced = False

    def _put(self, record: T) -> bool:
        """Take a record; False when a full EVERY queue dropped its oldest one for it."""
        whole = True
        with self._lock:
            if self._key is not None:
                key = self._key(record)
                self._latest.pop(key, None)  # the order is that of the newest
                self._latest[key] = record
            else:
                if len(self._queue) >= self.topic.capacity:
                    self._queue.popleft()
                    self.overflowed += 1
                    whole = False
                self._queue.append(record)
            announce = not self._announced
            self._announced = True
        if announce and self._on_ready is not None:
            self._on_ready()
        return whole

    def drain(self) -> list[T]:
        """All records since the last drain, oldest first (LATEST: the newest per key)."""
        with self._lock:
            self._announced = False
            if self._key is not None:
                records = list(self._latest.values())
                self._latest.clear()
            else:
                records = list(self._queue)
                self._queue.clear()
        return records


@dataclass
class TopicStatistics:
    """What the debug page shows of a topic."""

    count: int = 0
    last_mono_ns: int = 0
    rate_hz: float = 0.0


class Bus:
    """All topics of one station."""

    def __init__(self, on_overflow: Callable[[Topic[Any]], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._subscriptions: dict[str, list[Subscription[Any]]] = {t.name: [] for t in ALL_TOPICS}
        self._last: dict[str, dict[Hashable, Any]] = {t.name: {} for t in ALL_TOPICS}
        self._statistics = {t.name: TopicStatistics() for t in ALL_TOPICS}
        self._on_overflow = on_overflow

    def subscribe(
        self,
        topic: Topic[T],
        on_ready: Callable[[], None] | None = None,
        newest_by: Callable[[T], Hashable] | None = None,
    ) -> Subscription[T]:
        """A new subscription; ``on_ready`` is called on the publisher's thread when it goes from empty to not empty.

        ``newest_by``: of an EVERY topic, too, only the newest record of each key is wanted.
        """
        subscription = Subscription(topic, on_ready, newest_by)
        with self._lock:
            self._subscriptions[topic.name].append(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription[Any]) -> None:
        """Stop delivering to a subscription."""
        with self._lock:
            listeners = self._subscriptions[subscription.topic.name]
            if subscription in listeners:
                listeners.remove(subscription)

    def publish(self, topic: Topic[T], record: T) -> None:
        """Hand a record to every subscriber; callable from any thread, never blocks."""
        now_ns = time.monotonic_ns()
        with self._lock:
            statistics = self._statistics[topic.name]
            if statistics.last_mono_ns:
                interval_s = max((now_ns - statistics.last_mono_ns) / 1e9, 1e-6)
                statistics.rate_hz += 0.1 * (1.0 / interval_s - statistics.rate_hz)
            statistics.count += 1
            statistics.last_mono_ns = now_ns
            if topic.delivery is Delivery.LATEST:
                self._last[topic.name][topic.key(record)] = record
            subscriptions = tuple(self._subscriptions[topic.name])
        for subscription in subscriptions:
            if not subscription._put(record):
                if subscription.overflowed == 1:
                    _log.error("topic %s overflowed: a consumer does not keep up", topic.name)
                if self._on_overflow is not None:
                    self._on_overflow(topic)

    def latest(self, topic: Topic[T], key: Hashable = None) -> T | None:
        """The newest record of a LATEST topic, whatever its age: the caller checks that."""
        with self._lock:
            return cast("T | None", self._last[topic.name].get(key))

    def latest_all(self, topic: Topic[T]) -> list[T]:
        """The newest record of every key of a LATEST topic."""
        with self._lock:
            return list(self._last[topic.name].values())

    def statistics(self) -> dict[str, TopicStatistics]:
        """A copy of the counters, by topic name."""
        with self._lock:
            return {n: TopicStatistics(s.count, s.last_mono_ns, s.rate_hz) for n, s in self._statistics.items()}
