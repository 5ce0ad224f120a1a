"""
Listening: on objects, on classes, once, by name, first, not any more.
"""

import gc
import weakref

import pytest

from relvar import event, exc


def make_pump():
    class Pump:
        pass

    class PumpEvents(event.Events):
        _dispatch_target = Pump

        def started(self, pump, pressure):
            """It runs."""

        @event._legacy_signature("1.9", ["pump"])
        def stopped(self, pump, why):
            """It does not."""

    class SpecialPump(Pump):
        pass

    return Pump, SpecialPump


def test_nobody_listens_is_false():
    Pump, _ = make_pump()
    pump = Pump()
    assert not pump.dispatch.started
    assert not Pump.dispatch.started
    pump.dispatch.started(pump, 1)


def test_order_classes_first_then_the_object():
    Pump, SpecialPump = make_pump()
    pump = SpecialPump()
    log = []
    event.listen(pump, "started", lambda p, x: log.append("object"))
    event.listen(SpecialPump, "started", lambda p, x: log.append("class"))
    event.listen(Pump, "started", lambda p, x: log.append("base"))
    event.listen(pump, "started", lambda p, x: log.append("inserted"), insert=True)
    pump.dispatch.started(pump, 1)
    assert log == ["class", "base", "inserted", "object"]
    log.clear()
    Pump().dispatch.started(None, 1)
    assert log == ["base"]


def test_class_listeners_reach_objects_and_subclasses_made_before_and_after():
    Pump, SpecialPump = make_pump()
    before = SpecialPump()
    assert not before.dispatch.started
    log = []
    event.listen(Pump, "started", lambda p, x: log.append(x))
    before.dispatch.started(before, 1)

    class Later(SpecialPump):
        pass

    Later().dispatch.started(None, 2)
    assert log == [1, 2]


def test_once_named_and_twice():
    Pump, _ = make_pump()
    pump = Pump()
    log = []

    def note(p, x):
        log.append(x)

    event.listen(pump, "started", note)
    event.listen(pump, "started", note)
    event.listen(pump, "started", lambda p, x: log.append("once"), once=True)
    event.listen(pump, "started", lambda **kw: log.append(kw["pressure"]), named=True)
    pump.dispatch.started(pump, 1)
    pump.dispatch.started(pump, 2)
    assert log == [1, "once", 1, 2, 2]


def test_remove_and_contains():
    Pump, _ = make_pump()
    pump = Pump()

    class Handler:
        calls = 0

        def handle(self, p, x):
            self.calls += 1

    handler = Handler()
    event.listen(pump, "started", handler.handle)
    event.listen(Pump, "started", handler.handle)
    assert event.contains(pump, "started", handler.handle)
    event.remove(pump, "started", handler.handle)
    assert not event.contains(pump, "started", handler.handle)
    pump.dispatch.started(pump, 1)
    assert handler.calls == 1
    event.remove(Pump, "started", handler.handle)
    pump.dispatch.started(pump, 1)
    assert handler.calls == 1 and not pump.dispatch.started
    with pytest.raises(exc.InvalidRequestError, match="No listeners found for event"):
        event.remove(pump, "started", handler.handle)


def test_listens_for_and_unknown_events():
    Pump, _ = make_pump()
    pump = Pump()

    @event.listens_for(pump, "started")
    def on_start(p, x):
        pass

    assert list(pump.dispatch.started) == [on_start]
    with pytest.raises(exc.InvalidRequestError, match="No such event 'exploded' for target"):
        event.listen(pump, "exploded", on_start)
    with pytest.raises(exc.InvalidRequestError, match="No such event 'started' for target '5'"):
        event.listen(5, "started", on_start)
    with pytest.raises(AttributeError):
        pump.dispatch.exploded  # the access is what is tested


def test_joined_dispatch_runs_the_parent_first():
    Pump, _ = make_pump()
    parent, child = Pump(), Pump()
    log = []
    joined = child.dispatch._join(parent.dispatch)
    assert not joined.started
    event.listen(parent, "started", lambda p, x: log.append("parent"))
    assert joined.started
    joined.started(child, 1)
    assert log == ["parent"]


def test_update_takes_over_what_propagates():
    Pump, _ = make_pump()
    one, two, three = Pump(), Pump(), Pump()

    def stays(p, x):
        pass

    def goes(p, x):
        pass

    event.listen(one, "started", stays)
    event.listen(one, "started", goes, propagate=True)
    two.dispatch._update(one.dispatch)
    three.dispatch._update(one.dispatch, only_propagate=False)
    assert list(two.dispatch.started) == [goes]
    assert list(three.dispatch.started) == [stays, goes]
    event.remove(one, "started", goes)
    assert not two.dispatch.started


def test_exec_once():
    Pump, _ = make_pump()
    pump = Pump()
    log = []

    def fails_first(p, x):
        log.append(x)
        if len(log) == 1:
            raise ValueError

    event.listen(pump, "started", fails_first)
    with pytest.raises(ValueError):
        pump.dispatch.started.exec_once_unless_exception(pump, 1)
    pump.dispatch.started.exec_once_unless_exception(pump, 2)
    pump.dispatch.started.exec_once_unless_exception(pump, 3)
    assert log == [1, 2]


def test_older_signature_is_converted_with_a_warning():
    Pump, _ = make_pump()
    pump = Pump()
    log = []
    event.listen(pump, "stopped", lambda pump: log.append(pump))
    with pytest.warns(exc.SADeprecationWarning, match=r'"def stopped\(pump, why\)"'):
        pump.dispatch.stopped(pump, "empty")
    assert log == [pump]


def test_clock_ticks_when_listeners_change():
    Pump, _ = make_pump()
    pump = Pump()

    def fn(p, x):
        pass

    ticks = event.clock.ticks
    event.listen(pump, "started", fn)
    assert event.clock.ticks > ticks
    ticks = event.clock.ticks
    event.remove(pump, "started", fn)
    assert event.clock.ticks > ticks


def test_listeners_do_not_keep_their_target_alive():
    Pump, _ = make_pump()
    pump = Pump()
    event.listen(pump, "started", lambda p, x: None)
    gone = weakref.ref(pump)
    del pump
    gc.collect()
    assert gone() is None
