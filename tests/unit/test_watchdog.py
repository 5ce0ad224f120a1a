"""Watching calls: who is told when the time is up, and who is not."""

from __future__ import annotations

import os
import threading
import time

import pytest

from relvar.util.watchdog import Watch, _watchdog


def waits_for(event: threading.Event) -> bool:
    return event.wait(10)


def test_acts_once_when_the_time_is_up() -> None:
    acted = threading.Event()
    watch = Watch(0.01, lambda times: acted.set())
    assert waits_for(acted)
    assert watch.end()
    assert watch.acted == 1


def test_what_ends_in_time_is_left_alone() -> None:
    seen: list[int] = []
    with Watch(0.02, seen.append):
        pass
    time.sleep(0.06)
    assert seen == []


def test_acts_again_after_the_seconds_the_action_says() -> None:
    seen: list[int] = []
    third = threading.Event()

    def action(times: int) -> float | None:
        seen.append(times)
        if times == 2:
            third.set()
            return None
        return 0.01

    watch = Watch(0.01, action)
    assert waits_for(third)
    watch.end()
    assert (seen, watch.acted) == ([0, 1, 2], 3)


def test_the_end_waits_for_an_action_that_runs() -> None:
    begun, finished = threading.Event(), threading.Event()

    def action(times: int) -> None:
        begun.set()
        time.sleep(0.05)
        finished.set()

    watch = Watch(0.001, action)
    assert waits_for(begun)
    assert not watch.end(patience=0)
    assert watch.end()
    assert finished.is_set()


def test_a_watch_that_was_lost_never_acts() -> None:
    seen: list[int] = []
    watch = Watch(0.02, seen.append)
    del watch
    time.sleep(0.06)
    assert seen == []


def test_an_action_that_blocks_holds_up_no_other() -> None:
    release, acted = threading.Event(), threading.Event()
    blocking = Watch(0.001, lambda times: release.wait(10) and None)
    other = Watch(0.005, lambda times: acted.set())
    assert waits_for(acted)
    release.set()
    assert blocking.end() and other.end()


def test_a_shorter_limit_is_not_held_up_by_a_longer_one() -> None:
    acted = threading.Event()
    with Watch(60, lambda times: None):
        started = time.monotonic()
        with Watch(0.01, lambda times: acted.set()):
            assert waits_for(acted)
        assert time.monotonic() - started < 5


def test_ended_watches_do_not_pile_up() -> None:
    for _ in range(2_000):
        with Watch(3600, lambda times: None):
            pass
    assert len(_watchdog._heap) < 500


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_watches_by_itself() -> None:
    with Watch(60, lambda times: None):
        child = os.fork()
        if child == 0:
            acted = threading.Event()
            watch = Watch(0.01, lambda times: acted.set())
            os._exit(0 if acted.wait(5) and watch.end() else 1)
        assert os.waitpid(child, 0)[1] == 0
