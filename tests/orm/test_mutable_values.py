"""
Values that are changed in place: dicts, lists, sets, composites, elements of JSON columns.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from relvar import JSON, ForeignKey, Integer, PickleType, String, TypeDecorator, select, update
from relvar.ext.indexable import index_property
from relvar.ext.mutable import Mutable, MutableComposite, MutableDict, MutableList, MutableSet
from relvar.ext.orderinglist import OrderingList, count_from_n_factory, ordering_list
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    composite,
    configure_mappers,
    mapped_column,
    relationship,
)


class Base(DeclarativeBase): ...


@dataclass
class Point(MutableComposite):
    x: int
    y: int

    def __setattr__(self, key: str, value: Any) -> None:
        object.__setattr__(self, key, value)
        self.changed()

    @classmethod
    def coerce(cls, key: str, value: Any) -> Any:
        return cls(*value) if isinstance(value, tuple) else super().coerce(key, value)


class Marked(TypeDecorator[Any]):
    impl = PickleType
    cache_ok = True


class MarkedDict(MutableDict[str, Any]): ...


MarkedDict.associate_with(Marked)


class HasData:
    data: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSON), default=dict)


class Thing(HasData, Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    names = mapped_column(MutableList.as_mutable(JSON()))
    tags = mapped_column(MutableSet.as_mutable(PickleType))
    marked = mapped_column(Marked)
    plain = mapped_column(PickleType)
    note: Mapped[str | None] = mapped_column(String(10))
    late = mapped_column(MutableDict.as_mutable(JSON), deferred=True)
    at: Mapped[Point | None] = composite(mapped_column("x", nullable=True), mapped_column("y", nullable=True))


class Other(HasData, Base):
    __tablename__ = "other"
    id: Mapped[int] = mapped_column(primary_key=True)


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


CHANGES: list[tuple[str, Callable[[Any], Any]]] = [
    ("data", lambda d: d.__setitem__("b", 2)),
    ("data", lambda d: d.__delitem__("a")),
    ("data", lambda d: d.setdefault("c", 3)),
    ("data", lambda d: d.update(a=5, z=6)),
    ("data", lambda d: d.pop("a")),
    ("data", lambda d: d.popitem()),
    ("data", lambda d: d.__ior__({"q": 1})),
    ("data", lambda d: d.clear()),
    ("names", lambda v: v.append("c")),
    ("names", lambda v: v.extend(["c", "d"])),
    ("names", lambda v: v.__iadd__(["c"])),
    ("names", lambda v: v.__imul__(2)),
    ("names", lambda v: v.insert(0, "0")),
    ("names", lambda v: v.pop()),
    ("names", lambda v: v.remove("a")),
    ("names", lambda v: v.sort(reverse=True)),
    ("names", lambda v: v.reverse()),
    ("names", lambda v: v.__setitem__(0, "z")),
    ("names", lambda v: v.__setitem__(slice(0, 1), iter("xy"))),
    ("names", lambda v: v.__delitem__(slice(0, 1))),
    ("names", lambda v: v.clear()),
    ("tags", lambda s: s.add(9)),
    ("tags", lambda s: s.update([7], [8])),
    ("tags", lambda s: s.discard(1)),
    ("tags", lambda s: s.remove(1)),
    ("tags", lambda s: s.pop()),
    ("tags", lambda s: s.clear()),
    ("tags", lambda s: s.__ior__({7})),
    ("tags", lambda s: s.__iand__({1})),
    ("tags", lambda s: s.__ixor__({1})),
    ("tags", lambda s: s.__isub__({1})),
    ("tags", lambda s: s.intersection_update({1})),
    ("tags", lambda s: s.difference_update({1})),
    ("tags", lambda s: s.symmetric_difference_update({5})),
]


@pytest.mark.feature("K011")
def test_each_change_in_place_is_written(session: Session, sql_log: Any) -> None:
    thing = Thing()
    session.add(thing)
    log = sql_log(session.bind)
    for name, change in CHANGES:
        thing.data, thing.names, thing.tags = {"a": 1}, ["a", "b"], {1, 2}
        session.flush()
        value = getattr(thing, name)
        change(value)
        assert thing in session.dirty, (name, value)
        expected = type(value)(value)
        log.clear()
        session.flush()
        session.expire(thing)
        (sent,) = [text for text in log.texts() if text.startswith("UPDATE")]
        assert sent.startswith(f"UPDATE thing SET {name}=")
        assert getattr(thing, name) == expected
    for name, refused in (("data", "pop"), ("names", "remove"), ("tags", "remove")):
        with pytest.raises((KeyError, ValueError)):
            getattr(getattr(thing, name), refused)("missing")
        assert thing not in session.dirty


@pytest.mark.feature("K011")
def test_a_flow_with_every_way_to_a_value(session: Session) -> None:
    thing = Thing(names=["a"], tags={1}, marked={"m": 1}, plain={"p": 1}, at=(1, 2), late={"l": 1})
    session.add(thing)
    session.flush()
    # a default comes while the row is written
    assert type(thing.data) is MutableDict and type(thing.marked) is MarkedDict and type(thing.plain) is dict
    thing.data["first"] = 1
    session.commit()
    session.expunge_all()

    loaded = session.scalars(select(Thing)).one()
    assert (loaded.data, loaded.names, loaded.tags, loaded.at) == ({"first": 1}, ["a"], {1}, Point(1, 2))
    loaded.plain["p"] = 2
    assert loaded not in session.dirty
    loaded.late["l"] = 2
    loaded.marked["m"] = 2
    loaded.at.y = 5
    session.commit()
    assert (loaded.late, loaded.marked, loaded.y) == ({"l": 2}, {"m": 2}, 5)

    loaded.data["lost"] = 1
    session.rollback()
    assert loaded.data == {"first": 1}
    loaded.data["lost"] = 1
    session.refresh(loaded)
    loaded.data["kept"] = 1
    assert loaded in session.dirty

    merged = session.merge(Thing(id=loaded.id, data={"merged": 1}))
    merged.data["more"] = 2
    session.commit()
    assert loaded.data == {"merged": 1, "more": 2}
    session.execute(update(Thing).values(data={"bulk": 1}))
    loaded.data["after"] = 1
    session.commit()
    assert session.scalar(select(Thing.data)) == {"bulk": 1, "after": 1}

    loaded.data = None
    session.commit()
    assert loaded.data is None
    session.delete(loaded)
    session.commit()
    assert session.scalars(select(Thing)).all() == []


@pytest.mark.feature("K011")
def test_a_value_tells_all_who_hold_it_and_nobody_else(session: Session) -> None:
    shared = MutableDict(a=1)
    one, two = Thing(data=shared), Other(data=shared)
    session.add_all([one, two])
    session.flush()
    shared["a"] = 2
    assert {one, two} <= set(session.dirty)
    session.flush()
    one.data = {}
    session.flush()
    shared["a"] = 3
    assert one not in session.dirty and two in session.dirty
    assert list(shared._parents.items()) == [(two._sa_instance_state, "data")]
    session.expunge(two)
    del two
    shared["a"] = 4
    assert len(shared._parents) == 0


@pytest.mark.feature("K011")
def test_links_are_in_pickles(session: Session) -> None:
    thing = Thing(data={"a": 1}, names=["a"], tags={1}, at=(1, 2))
    session.add(thing)
    session.commit()
    for name in ("data", "names", "tags", "at"):
        getattr(thing, name)
        session.expunge(thing)
        thing = pickle.loads(pickle.dumps(thing))
        session.add(thing)
        assert thing not in session.dirty
        value = getattr(thing, name)
        if name == "data":
            value["b"] = 2
        elif name == "names":
            value.append("b")
        elif name == "tags":
            value.add(2)
        else:
            value.y = 7
        assert thing in session.dirty
        session.commit()
    assert (thing.data, thing.names, thing.tags, thing.at) == (
        {"a": 1, "b": 2},
        ["a", "b"],
        {1, 2},
        Point(1, 7),
    )
    for value in (thing.data, thing.names, thing.tags):
        copy = pickle.loads(pickle.dumps(value))
        assert (copy, type(copy), len(copy._parents)) == (value, type(value), 0)


@pytest.mark.feature("K011")
def test_values_that_do_not_fit_are_refused() -> None:
    for name, value in (("data", 5), ("names", "xy"), ("tags", [1]), ("at", "xy")):
        with pytest.raises(ValueError, match=f"Attribute '{name}' does not accept objects of type"):
            Thing(**{name: value})
    with pytest.raises(ValueError, match="'key' does not accept"):
        Mutable.coerce("key", {})
    assert Mutable.coerce("key", None) is None


@pytest.mark.feature("K011")
def test_one_attribute_is_made_mutable_afterwards() -> None:
    class Late(DeclarativeBase): ...

    class Row(Late):
        __tablename__ = "row"
        id: Mapped[int] = mapped_column(primary_key=True)
        kind: Mapped[str]
        plain = mapped_column(PickleType)
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "row"}

    class SubRow(Row):
        __mapper_args__ = {"polymorphic_identity": "sub"}

    configure_mappers()
    MutableDict.associate_with_attribute(Row.plain)
    assert type(Row(plain={}).plain) is type(SubRow(plain={}).plain) is MutableDict


# places in a list ---------------------------------------------------------------------------------------


class Slide(Base):
    __tablename__ = "slide"
    id: Mapped[int] = mapped_column(primary_key=True)
    bullets: Mapped[list[Bullet]] = relationship(
        order_by="Bullet.position", collection_class=ordering_list("position"), cascade="all, delete-orphan"
    )


class Bullet(Base):
    __tablename__ = "bullet"
    id: Mapped[int] = mapped_column(primary_key=True)
    slide_id: Mapped[int] = mapped_column(ForeignKey("slide.id"))
    position: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(5))


def bullets(texts: str) -> list[Bullet]:
    return [Bullet(text=text) for text in texts]


def places(slide: Slide) -> list[tuple[str, int | None]]:
    return [(bullet.text, bullet.position) for bullet in slide.bullets]


@pytest.mark.feature("F058")
@pytest.mark.feature("K012")
def test_members_are_numbered(session: Session, sql_log: Any) -> None:
    slide = Slide(bullets=bullets("abc"))
    session.add(slide)
    session.commit()
    session.expunge_all()
    slide = session.scalars(select(Slide)).one()
    assert places(slide) == [("a", 0), ("b", 1), ("c", 2)]
    log = sql_log(session.bind)
    slide.bullets.insert(1, Bullet(text="d"))
    session.commit()
    sent = [(text.split(" ")[0], params) for text, params in log if text.startswith(("INSERT", "UPDATE"))]
    assert [kind for kind, _ in sent] in (["UPDATE", "INSERT"], ["INSERT", "UPDATE"])
    assert places(slide) == [("a", 0), ("d", 1), ("b", 2), ("c", 3)]

    taken = slide.bullets.pop(0)
    assert (taken.text, taken.position) == ("a", 0)
    slide.bullets.remove(slide.bullets[1])
    slide.bullets += bullets("xy")
    slide.bullets.extend(bullets("z"))
    assert places(slide) == [("d", 0), ("c", 1), ("x", 2), ("y", 3), ("z", 4)]
    slide.bullets[0] = Bullet(text="S")
    slide.bullets[-1] = Bullet(text="E")
    slide.bullets[1:3] = bullets("123")
    assert places(slide) == [("S", 0), ("1", 1), ("2", 2), ("3", 3), ("y", 4), ("E", 5)]
    del slide.bullets[0]
    del slide.bullets[0:2]
    assert places(slide) == [("3", 0), ("y", 1), ("E", 2)]
    slide.bullets.reverse()
    assert places(slide) == [("E", 2), ("y", 1), ("3", 0)]
    slide.bullets.reorder()
    session.commit()
    assert places(slide) == [("E", 0), ("y", 1), ("3", 2)]
    slide.bullets = bullets("pq")
    session.commit()
    session.expunge_all()
    assert session.execute(select(Bullet.text, Bullet.position).order_by(Bullet.position)).all() == [
        ("p", 0),
        ("q", 1),
    ]


@pytest.mark.feature("F058")
@pytest.mark.feature("K012")
def test_how_members_are_numbered() -> None:
    numbered = {
        "position": [50, 1, 2],
        "from 1": [50, 2, 3],
        "from 5": [50, 6, 7],
        "tens": [50, 10, 20],
        "again": [0, 1, 2],
    }
    factories = {
        "position": ordering_list("position"),
        "from 1": ordering_list("position", count_from=1),
        "from 5": ordering_list("position", count_from=5),
        "tens": ordering_list("position", ordering_func=lambda index, members: index * 10),
        "again": ordering_list("position", reorder_on_append=True),
    }
    for name, factory in factories.items():
        members = factory()
        for bullet in [Bullet(text="a", position=50), *bullets("bc")]:
            members.append(bullet)
        assert [bullet.position for bullet in members] == numbered[name], name
        members.reorder()
        assert [b.position for b in members] == [members.ordering_func(i, members) for i in range(3)]
    assert count_from_n_factory(7)(1, []) == 8


@pytest.mark.feature("F058")
@pytest.mark.feature("K012")
def test_a_pickle_has_the_numbering(session: Session) -> None:
    session.add(Slide(bullets=bullets("ab")))
    session.commit()
    slide = session.scalars(select(Slide)).one()
    slide.bullets[0].text  # loads it
    again = pickle.loads(pickle.dumps(slide))
    assert isinstance(again.bullets, OrderingList)
    again.bullets.insert(0, Bullet(text="n"))
    assert [bullet.position for bullet in again.bullets] == [0, 1, 2]


# elements of a column ------------------------------------------------------------------------------------


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    data = mapped_column(JSON)
    scores = mapped_column(JSON)
    name = index_property("data", "name")
    age = index_property("data", "age", default=None)
    fixed = index_property("data", "fixed", mutable=False, default="no")
    home = index_property("data", "home", datatype=dict)
    city = index_property("home", "city")
    best = index_property("scores", 0, onebased=False)
    third = index_property("scores", 2, onebased=False)


@pytest.mark.feature("K009")
def test_elements_of_a_json_column(session: Session) -> None:
    person = Person()
    with pytest.raises(AttributeError, match="data"):
        person.name  # it is not there
    assert (person.age, person.fixed) == (None, "no")
    person.name, person.third = "Ann", 7
    person.home = {}
    person.city = "Ulm"
    assert (person.data, person.scores) == ({"name": "Ann", "home": {"city": "Ulm"}}, [None, None, 7])
    session.add(person)
    session.commit()
    session.expunge_all()

    person = session.scalars(select(Person).where(Person.name.as_string() == "Ann")).one()
    person.age = 5
    person.best = 9
    assert person in session.dirty
    session.commit()
    assert session.scalar(select(Person.id).where(Person.age.as_integer() == 5)) == person.id
    assert session.scalar(select(Person.best.as_integer())) == 9
    assert session.scalar(select(Person.city.as_string())) == "Ulm"
    del person.name
    session.commit()
    with pytest.raises(AttributeError, match="data"):
        person.name  # it is gone
    with pytest.raises(AttributeError):
        person.fixed = "yes"
    with pytest.raises(AttributeError):
        del person.fixed
    with pytest.raises(AttributeError, match="data"):
        del person.name
    with pytest.raises(AttributeError, match="data"):
        del Person().name


@pytest.mark.feature("K009")
def test_positions_are_those_of_the_database(pg_engine: Any) -> None:
    from relvar import ARRAY
    from relvar.dialects.postgresql import HSTORE

    class Arrays(DeclarativeBase): ...

    class Row(Arrays):
        __tablename__ = "row_of_arrays"
        id: Mapped[int] = mapped_column(primary_key=True)
        values = mapped_column(ARRAY(Integer))
        words = mapped_column(HSTORE)
        first = index_property("values", 0)
        word = index_property("words", "word")

    text = " ".join(str(select(Row.word).compile(pg_engine)).split())
    assert text.startswith("SELECT row_of_arrays.words[")
    Row.__table__.c.words.type = PickleType()  # the extension is not on every server
    Arrays.metadata.create_all(pg_engine)
    with Session(pg_engine) as session:
        session.add(Row(values=[5, 6]))
        session.commit()
        assert session.scalars(select(Row.first)).all() == [5] == [session.scalars(select(Row)).one().first]
