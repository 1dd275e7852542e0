"""One holder at a time, and it can always be got."""

from groundstation.vehicle.camera_holder import CameraHolder


def test_the_first_who_uses_it_has_it_and_another_is_told_who():
    holder = CameraHolder(idle_s=60.0, answer_s=15.0)
    assert holder.use("Anna", 0.0).ok
    refused = holder.use("Ben", 1.0)
    assert not refused.ok
    assert "Anna holds the camera" in refused.reason
    assert "15 s" in refused.reason
    assert holder.asked_by == "Ben"


def test_who_does_not_answer_loses_it_to_the_first_who_asked():
    holder = CameraHolder(idle_s=60.0, answer_s=15.0)
    holder.use("Anna", 0.0)
    holder.use("Ben", 1.0)
    holder.use("Cora", 2.0)
    holder.on_time(15.9)
    assert holder.holder == "Anna"
    holder.on_time(16.0)
    assert (holder.holder, holder.asked_by) == ("Ben", "")


def test_using_it_does_not_silence_who_asks_but_keeping_it_does():
    holder = CameraHolder(idle_s=60.0, answer_s=15.0)
    holder.use("Anna", 0.0)
    holder.use("Ben", 1.0)
    holder.use("Anna", 10.0)
    assert holder.asked_by == "Ben"
    assert holder.keep("Anna", 12.0).ok
    holder.on_time(30.0)
    assert holder.holder == "Anna"
    assert not holder.keep("Ben", 30.0).ok


def test_it_is_free_after_a_while_unused():
    holder = CameraHolder(idle_s=60.0)
    holder.use("Anna", 0.0)
    holder.on_time(59.9)
    assert holder.holder == "Anna"
    assert holder.use("Ben", 60.0).ok


def test_hand_over_release_and_take():
    holder = CameraHolder()
    holder.use("Anna", 0.0)
    assert not holder.hand_over("Ben", "Cora", 1.0).ok
    assert holder.hand_over("Anna", "Ben", 1.0).ok
    assert holder.holder == "Ben"
    assert not holder.hand_over("Ben", "", 2.0).ok
    holder.use("Anna", 2.0)
    assert holder.release("Ben", 3.0).ok
    assert holder.holder == "Anna", "who asked gets it"
    assert not holder.take("Ben", " ", 4.0).ok
    assert holder.take("Ben", "person down", 4.0).ok
    assert holder.holder == "Ben"
