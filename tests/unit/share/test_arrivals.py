"""What is urgent comes out of a wire's queue first and alone, and nothing waits for ever behind it."""

from __future__ import annotations

from groundstation.share.transport import AckReceived, Arrivals, Live


def test_what_is_urgent_comes_first_and_alone_and_then_everything() -> None:
    woken: list[int] = []
    arrivals = Arrivals(lambda: woken.append(1))
    arrivals.put_position(Live(b"position"))
    assert woken == [], "a position waits for the next tick"
    arrivals.put(AckReceived(b"ack"))
    arrivals.put_urgent(Live(b"alarm"))
    assert len(woken) == 2
    assert arrivals.poll(10) == [Live(b"alarm")]
    arrivals.put_urgent(Live(b"second"))
    assert arrivals.poll(10) == [Live(b"second"), Live(b"position"), AckReceived(b"ack")]
    arrivals.put_urgent(Live(b"third"))
    assert arrivals.poll(10) == [Live(b"third")]
    assert arrivals.poll(10) == []


def test_at_most_as_many_as_are_wanted() -> None:
    arrivals = Arrivals(lambda: None)
    for n in range(5):
        arrivals.put_position(Live(bytes([n])))
    assert [e.payload for e in arrivals.poll(2) if isinstance(e, Live)] == [b"\x00", b"\x01"]
    assert len(arrivals.poll(10)) == 3
