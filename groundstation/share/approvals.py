"""Which subjects wait for officers before a third country may be told of them (clause 13). Pure; used by one thread."""

from __future__ import annotations

from dataclasses import replace

from groundstation.share.agreement import Agreement, Reason, Release, Subject, Withheld, release

GONE_US = 30_000_000
"""A track that has not asked for this long waits no more."""
_ANYBODY = ("first officer", "second officer")


class Awaiting:
    """The list of one neighbour."""

    def __init__(self) -> None:
        self._waits: dict[tuple[str, str], tuple[Subject, int]] = {}
        self._news: list[tuple[Subject, bool]] = []

    def decided(
        self,
        agreement: Agreement | None,
        parties: tuple[str, str],
        subject: Subject,
        decision: Release | Withheld,
        now_utc_us: int,
    ) -> None:
        """Take a decision of the policy: on the list stands only what approvals alone keep here."""
        key = (subject.kind, subject.subject_id)
        waits = isinstance(decision, Withheld) and decision.reason is Reason.APPROVAL
        if waits:
            approved = release(agreement, *parties, replace(subject, approved_by=_ANYBODY), now_utc_us)
            waits = isinstance(approved, Release)
        if waits:
            self._waits[key] = subject, now_utc_us
            self._news.append((subject, True))
        else:
            self.over(*key)

    def over(self, kind: str, subject_id: str) -> None:
        """It waits no more: told, withdrawn, or not to be told at all."""
        known = self._waits.pop((kind, subject_id), None)
        if known is not None:
            self._news.append((known[0], False))

    def take(self, now_utc_us: int) -> list[tuple[Subject, bool]]:
        """What has come onto the list (or stands on it still) and what has left it since the last call."""
        late = [key for key, (s, t) in self._waits.items() if s.kind != "incident" and now_utc_us - t > GONE_US]
        for key in late:
            self.over(*key)
        news, self._news = self._news, []
        return news
