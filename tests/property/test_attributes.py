"""Attributes behave as a small model says, whatever is done to them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from relvar import Column, Integer
from relvar.inspection import inspect
from relvar.orm import attributes, declarative_base

Base = declarative_base()


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    a = Column(Integer)
    b = Column(Integer)


NAMES = st.sampled_from(["a", "b"])
VALUES = st.integers(0, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), NAMES, VALUES),
        st.tuples(st.just("load"), NAMES, VALUES),
        st.tuples(st.just("delete"), NAMES, VALUES),
        st.tuples(st.just("flush"), NAMES, VALUES),
    ),
    max_size=12,
)

GONE: Any = object()


class Model:
    """What an attribute holds now, and held after the last flush."""

    def __init__(self) -> None:
        self.now: dict[str, Any] = {"a": 0, "b": 0}
        self.then: dict[str, Any] = dict(self.now)

    def step(self, what: str, name: str, value: int) -> None:
        if what == "set":
            self.now[name] = value
        elif what == "load":
            self.now[name] = self.then[name] = value
        elif what == "delete":
            self.now[name] = GONE
        else:
            self.then = dict(self.now)

    def history(self, name: str) -> tuple[list[int], list[int], list[int]]:
        now, then = self.now[name], self.then[name]
        if now == then:
            return [], [now], []
        return ([] if now is GONE else [now]), [], ([] if then is GONE else [then])


@given(STEPS)
def test_history_is_the_difference_to_the_last_flush(steps: list[tuple[str, str, int]]) -> None:
    thing = Thing(a=0, b=0)
    state = inspect(thing)
    state.pk = 1
    state.commit_all()
    model = Model()
    for what, name, value in steps:
        if model.now[name] is GONE and what in ("delete", "flush"):
            continue
        if what == "flush" and GONE in model.now.values():
            continue
        model.step(what, name, value)
        if what == "set":
            setattr(thing, name, value)
        elif what == "load":
            attributes.set_committed_value(thing, name, value)
        elif what == "delete":
            delattr(thing, name)
        else:
            state.commit_all()
    for name in ("a", "b"):
        history = attributes.get_history(thing, name, attributes.PASSIVE_NO_INITIALIZE)
        assert tuple(map(list, history)) == model.history(name)
        if model.now[name] is not GONE:
            assert getattr(thing, name) == model.now[name]
    assert state.modified == (state.old is not None)
