"""
A session against a model of it, with failures: after each step, objects, session and database agree with it.

The model is plain data, kept per level of transactions: what is committed, what each savepoint began with,
and what there is now.  A flush may fail at any of its statements (the driver, an interrupt) or by a
constraint; a failed flush undoes its level, which the program then rolls back.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from relvar import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    create_engine,
    event,
    exc,
    inspect,
    select,
)
from relvar.orm import Session, declarative_base, relationship

Base: Any = declarative_base()


class Box(Base):
    __tablename__ = "boxes"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True, nullable=False)
    size = Column(Integer)
    version = Column(Integer, nullable=False)
    things = relationship("Thing", back_populates="box", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class Thing(Base):
    __tablename__ = "things"
    id = Column(Integer, primary_key=True)
    name = Column(String(20), unique=True, nullable=False)
    weight = Column(Integer, CheckConstraint("weight < 100"))
    box_id = Column(ForeignKey("boxes.id"), nullable=False)
    box = relationship(Box, back_populates="things")


Boxes = dict[str, "int | None"]
"Label -> size."
Things = dict[str, "tuple[int | None, str]"]
"Label -> weight and the box it is in."

NAMES = st.sampled_from("pqrst")
NUMBERS = st.integers(0, 9)


class Level:
    """What there was when a transaction or savepoint began."""

    def __init__(self, boxes: Boxes, things: Things, names: dict[str, str], objects: dict[str, Any]) -> None:
        self.boxes, self.things = dict(boxes), dict(things)
        self.names, self.objects = dict(names), dict(objects)


class SessionModel(RuleBasedStateMachine):
    engine: Any

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        self.session = Session(self.engine)
        self.boxes: Boxes = {}
        self.things: Things = {}
        # what is unique goes from object to object, so labels are apart from names
        self.names: dict[str, str] = {}
        self.objects: dict[str, Any] = {}
        self.count = 0
        self.levels = [self.level()]
        self.savepoints: list[Any] = []

    def teardown(self) -> None:
        self.session.close()

    # the model

    def level(self) -> Level:
        return Level(self.boxes, self.things, self.names, self.objects)

    def go_back(self, level: Level) -> None:
        gone = {label: obj for label, obj in self.objects.items() if label not in level.objects}
        self.boxes, self.things, self.names = dict(level.boxes), dict(level.things), dict(level.names)
        self.objects = dict(level.objects)
        for obj in gone.values():
            assert obj not in self.session and not inspect(obj).persistent

    def label(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def pick(self, among: Any, n: int) -> str:
        labels = sorted(among)
        return labels[n % len(labels)]

    def free_name(self, kind: Any, wish: str) -> str:
        taken = {self.names[label] for label in kind}
        return next(name for name in (wish, *"abcdefghijklmnopqrstuvwxyz", self.label()) if name not in taken)

    # changes

    @precondition(lambda self: len(self.boxes) < 5)
    @rule(size=st.one_of(st.none(), NUMBERS), wish=NAMES)
    def add_box(self, size: int | None, wish: str) -> None:
        label, name = self.label(), self.free_name(self.boxes, wish)
        self.objects[label] = box = Box(name=name, size=size)
        self.session.add(box)
        self.boxes[label], self.names[label] = size, name

    @precondition(lambda self: self.boxes and len(self.things) < 8)
    @rule(n=NUMBERS, wish=NAMES, by_collection=st.booleans())
    def add_thing(self, n: int, wish: str, by_collection: bool) -> None:
        label, name, box = self.label(), self.free_name(self.things, wish), self.pick(self.boxes, n)
        self.objects[label] = thing = Thing(name=name, weight=n)
        with self.session.no_autoflush:
            if by_collection:
                self.objects[box].things.append(thing)
            else:
                thing.box = self.objects[box]
        self.session.add(thing)
        self.things[label], self.names[label] = (n, box), name

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS, size=st.one_of(st.none(), NUMBERS))
    def resize(self, n: int, size: int | None) -> None:
        label = self.pick(self.boxes, n)
        self.objects[label].size = self.boxes[label] = size

    @precondition(lambda self: len(self.things) > 1)
    @rule(n=NUMBERS, m=NUMBERS)
    def swap_names(self, n: int, m: int) -> None:
        one, two = self.pick(self.things, n), self.pick(self.things, m)
        with self.session.no_autoflush:
            first, second = self.objects[one], self.objects[two]
            first.name, second.name = second.name, first.name
        self.names[one], self.names[two] = self.names[two], self.names[one]

    @precondition(lambda self: self.things)
    @rule(n=NUMBERS, m=NUMBERS, by_collection=st.booleans())
    def move(self, n: int, m: int, by_collection: bool) -> None:
        label, box = self.pick(self.things, n), self.pick(self.boxes, m)
        with self.session.no_autoflush:
            if by_collection and self.things[label][1] != box:
                self.objects[box].things.append(self.objects[label])
            else:
                self.objects[label].box = self.objects[box]
        self.things[label] = (self.things[label][0], box)

    @precondition(lambda self: self.things)
    @rule(n=NUMBERS, by_collection=st.booleans())
    def drop_thing(self, n: int, by_collection: bool) -> None:
        if not by_collection:
            # a collection that has just taken a thing in keeps it
            self.flush()
        label = self.pick(self.things, n)
        thing = self.objects.pop(label)
        with self.session.no_autoflush:
            if by_collection or thing in self.session.new:
                self.objects[self.things[label][1]].things.remove(thing)
            else:
                self.session.delete(thing)
        del self.things[label], self.names[label]
        if not by_collection:
            self.flush()
            self.session.expire_all()

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS)
    def delete_box(self, n: int) -> None:
        self.flush()
        label = self.pick(self.boxes, n)
        self.session.delete(self.objects.pop(label))
        for thing in [t for t, (_, box) in self.things.items() if box == label]:
            del self.things[thing], self.objects[thing], self.names[thing]
        del self.boxes[label], self.names[label]
        self.flush()

    # what a session does

    @rule()
    def flush(self) -> None:
        self.session.flush()
        assert not self.session.new and not self.session.deleted

    @rule(some=st.booleans(), n=NUMBERS)
    def expire(self, some: bool, n: int) -> None:
        self.flush()
        if some and self.boxes:
            self.session.expire(self.objects[self.pick(self.boxes, n)])
        else:
            self.session.expire_all()

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS)
    def refresh(self, n: int) -> None:
        self.flush()
        self.session.refresh(self.objects[self.pick(self.boxes, n)])

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS, size=NUMBERS)
    def merge(self, n: int, size: int) -> None:
        label = self.pick(self.boxes, n)
        self.flush()
        box = self.objects[label]
        assert self.session.merge(Box(id=box.id, size=size)) is box
        self.boxes[label] = size

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS)
    def expunge(self, n: int) -> None:
        """An object goes and comes back as another one; what was loaded is nothing that a rollback undoes."""
        self.flush()
        label = self.pick(self.boxes, n)
        mine = [t for t, (_, b) in self.things.items() if b == label]
        if not all(each in level.objects for level in self.levels for each in (label, *mine)):
            return
        box = self.objects[label]
        number = box.id
        self.session.expunge(box)
        assert inspect(box).detached
        self.session.expire_all()
        things = {t: self.objects[t].id for t in mine}
        assert self.session.get(Box, number) is not box
        self.objects[label] = self.session.get_one(Box, number)
        for thing, key in things.items():
            self.objects[thing] = self.session.get_one(Thing, key)
        # an expunged object is no part of what a rollback restores
        for level in self.levels:
            if label in level.objects:
                level.objects[label] = self.objects[label]
            for thing in things:
                if thing in level.objects:
                    level.objects[thing] = self.objects[thing]

    # transactions

    @rule()
    def commit(self) -> None:
        self.session.commit()
        self.savepoints.clear()
        self.levels = [self.level()]

    @rule()
    def rollback(self) -> None:
        self.session.rollback()
        self.savepoints.clear()
        self.go_back(self.levels[0])
        self.levels = self.levels[:1]

    @precondition(lambda self: len(self.savepoints) < 3)
    @rule()
    def begin_nested(self) -> None:
        self.savepoints.append(self.session.begin_nested())
        self.levels.append(self.level())

    @precondition(lambda self: self.savepoints)
    @rule()
    def release(self) -> None:
        self.savepoints.pop().commit()
        self.levels.pop()

    @precondition(lambda self: self.savepoints)
    @rule()
    def roll_back_savepoint(self) -> None:
        self.savepoints.pop().rollback()
        self.go_back(self.levels.pop())
        # what was loaded inside of objects that did not change, or were deleted, stays as it is
        self.session.expire_all()

    # failures

    @rule(at=st.integers(1, 4), interrupted=st.booleans())
    def fail(self, at: int, interrupted: bool) -> None:
        """The flush of whatever is pending fails at a statement, if it has as many."""
        left = [at]
        error: type[BaseException] = KeyboardInterrupt if interrupted else RuntimeError

        def break_off(*_: Any) -> None:
            left[0] -= 1
            if not left[0]:
                raise error

        event.listen(self.engine, "before_cursor_execute", break_off)
        try:
            self.session.flush()
        except error:
            self.after_failure()
        finally:
            event.remove(self.engine, "before_cursor_execute", break_off)

    @precondition(lambda self: self.boxes)
    @rule(n=NUMBERS, by_commit=st.booleans())
    def violate(self, n: int, by_commit: bool) -> None:
        """A constraint of the database fails, among whatever else is pending."""
        thing = Thing(name="too heavy", weight=100)
        with self.session.no_autoflush:
            thing.box = self.objects[self.pick(self.boxes, n)]
        self.session.add(thing)
        with pytest.raises(exc.DBAPIError):  # MariaDB calls it operational
            self.session.commit() if by_commit and not self.savepoints else self.session.flush()
        self.after_failure()
        assert inspect(thing).transient

    def after_failure(self) -> None:
        with pytest.raises(exc.PendingRollbackError):
            self.session.scalar(select(1))
        if self.savepoints:
            self.roll_back_savepoint()
        else:
            self.rollback()

    # the truth

    @invariant()
    def objects_agree(self) -> None:
        with self.session.no_autoflush:
            for label, size in self.boxes.items():
                box = self.objects[label]
                assert box in self.session and (box.name, box.size) == (self.names[label], size)
                mine = {self.objects[t] for t, (_, b) in self.things.items() if b == label}
                assert set(box.things) == mine and len(box.things) == len(mine)
            for label, (weight, in_box) in self.things.items():
                thing = self.objects[label]
                assert thing in self.session and (thing.name, thing.weight) == (self.names[label], weight)
                assert thing.box is self.objects[in_box]
            known = set(self.objects.values())
            assert all(obj in known for obj in self.session.new)
        assert self.session.in_nested_transaction() == bool(self.savepoints)

    @invariant()
    def database_agrees(self) -> None:
        """What is flushed is what the session's connection sees; what is committed, what others see."""
        if not (self.session.new or self.session.deleted or self.session.dirty):
            self.compare(self.session.connection(), self.boxes, self.things, self.names)
        if self.engine.dialect.name != "sqlite" or not self.session.in_transaction():
            with self.engine.connect() as other:
                first = self.levels[0]
                self.compare(other, first.boxes, first.things, first.names)

    def compare(self, connection: Any, boxes: Boxes, things: Things, names: dict[str, str]) -> None:
        b, t = Box.__table__, Thing.__table__
        rows = connection.execute(select(b.c.name, b.c.size)).all()
        assert sorted(map(repr, rows)) == sorted(repr((names[x], size)) for x, size in boxes.items())
        rows = connection.execute(select(t.c.name, t.c.weight, b.c.name).join(b)).all()
        assert sorted(map(repr, rows)) == sorted(
            repr((names[x], weight, names[box])) for x, (weight, box) in things.items()
        )
        assert len(connection.execute(select(t.c.id)).all()) == len(things)


@pytest.mark.feature("H030")
@pytest.mark.parametrize("examples", [15])
def test_sessions_are_as_their_model(url: str, examples: int) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    model = type("Model", (SessionModel,), {"engine": engine})
    run_state_machine_as_test(
        model,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    engine.dispose()
