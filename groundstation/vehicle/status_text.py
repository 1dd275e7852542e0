"""Texts from the aircraft: those over 50 characters come in pieces and are joined before anybody sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PIECE_CHARACTERS = 50
_WAIT_S = 2.0


@dataclass(frozen=True)
class JoinedText:
    """A whole text; ``severity`` 0 emergency .. 7 debug."""

    severity: int
    text: str


@dataclass
class _Parts:
    severity: int
    first_s: float
    pieces: dict[int, str] = field(default_factory=dict)
    last: int = -1

    def text(self) -> str:
        """All pieces in order, a lost one shown as an ellipsis."""
        end = self.last if self.last >= 0 else max(self.pieces)
        return "".join(self.pieces.get(n, "…") for n in range(end + 1))

    @property
    def whole(self) -> bool:
        return self.last >= 0 and len(self.pieces) == self.last + 1


class StatusTextJoiner:
    """Joins the texts of one component. ``id`` 0 is a text in one piece; one with a lost piece comes late, not never."""

    def __init__(self) -> None:
        self._open: dict[int, _Parts] = {}

    def on_message(self, message: Any, now_s: float) -> list[JoinedText]:
        """Texts that are complete now."""
        texts = self.on_time(now_s)
        text = message.text.decode(errors="replace") if isinstance(message.text, bytes) else str(message.text)
        text = text.rstrip("\0")
        if message.id == 0:
            return [*texts, JoinedText(message.severity, text)]
        parts = self._open.setdefault(message.id, _Parts(message.severity, now_s))
        parts.pieces[message.chunk_seq] = text
        if len(text) < PIECE_CHARACTERS:
            parts.last = message.chunk_seq
        if parts.whole:
            del self._open[message.id]
            texts.append(JoinedText(parts.severity, parts.text()))
        return texts

    @property
    def waiting(self) -> bool:
        """Whether a text waits for more of its pieces."""
        return bool(self._open)

    def on_time(self, now_s: float) -> list[JoinedText]:
        """Texts that have waited too long for a lost piece."""
        late = [key for key, parts in self._open.items() if now_s - parts.first_s > _WAIT_S]
        return [JoinedText(parts.severity, parts.text()) for parts in (self._open.pop(key) for key in late)]
