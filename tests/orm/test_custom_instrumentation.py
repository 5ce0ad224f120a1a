"""
Classes that keep values and states of their objects in places of their own (``relvar.ext.instrumentation``).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, Table, Text, inspect, select
from relvar.ext import instrumentation
from relvar.ext.instrumentation import (
    ExtendedInstrumentationRegistry,
    InstrumentationManager,
    instrumentation_finders,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    composite,
    mapped_column,
    registry,
    relationship,
)
from relvar.orm.attributes import del_attribute, get_attribute, get_history, set_attribute
from relvar.orm.exc import UnmappedClassError
from relvar.orm.instrumentation import (
    ClassManager,
    instance_dict,
    instance_state,
    is_instrumented,
    manager_of_class,
    register_class,
    unregister_class,
)


class Drawer(InstrumentationManager):
    """Keep values and state in a dictionary that the object has anyway."""

    def initialize_instance_dict(self, class_: type[Any], instance: Any) -> None:
        instance.__dict__["drawer"] = {}

    def get_instance_dict(self, class_: type[Any], instance: Any) -> dict[str, Any]:
        return instance.__dict__["drawer"]  # type: ignore[no-any-return]

    def install_state(self, class_: type[Any], instance: Any, state: Any) -> None:
        instance.__dict__["drawer_state"] = state

    def state_getter(self, class_: type[Any]) -> Any:
        return lambda instance: instance.__dict__["drawer_state"]


class Hands(Drawer):
    """Leave the class as it is: the program asks for each attribute itself."""

    def install_descriptor(self, class_: type[Any], key: str, inst: Any) -> None: ...

    def uninstall_descriptor(self, class_: type[Any], key: str) -> None: ...


@pytest.fixture
def mapped() -> Iterator[registry]:
    made = registry()
    yield made
    made.dispose()


def drawer_classes(mapped: registry) -> tuple[Any, Any]:
    @mapped.mapped
    class Parent:
        __tablename__ = "parent"
        __sa_instrumentation_manager__ = Drawer
        id = Column(Integer, primary_key=True)
        name = Column(Text)
        children = relationship("Child", back_populates="parent")

    @mapped.mapped
    class Child:
        __tablename__ = "child"
        __sa_instrumentation_manager__ = Drawer
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("parent.id"))
        name = Column(Text)
        parent = relationship("Parent", back_populates="children")

    return Parent, Child


@pytest.mark.feature("K010")
def test_values_and_states_are_where_the_class_keeps_them(mapped: registry, engine: Any) -> None:
    Parent, Child = drawer_classes(mapped)
    mapped.metadata.create_all(engine)
    try:
        ann = Parent(name="ann", children=[Child(name="bob"), Child(name="cleo")])
        assert set(ann.__dict__) == {"drawer", "drawer_state"}
        assert ann.__dict__["drawer"]["name"] == "ann"
        assert instance_dict(ann) is ann.__dict__["drawer"] is inspect(ann).dict
        assert instance_state(ann) is ann.__dict__["drawer_state"] is inspect(ann)
        with Session(engine) as session:
            session.add(ann)
            session.commit()
            # expired: there is nothing left to read but from the row
            assert "name" not in ann.__dict__["drawer"]
            assert (ann.name, [child.name for child in ann.children]) == ("ann", ["bob", "cleo"])
            ann.name = "anna"
            assert get_history(ann, "name") == (["anna"], (), ["ann"])
            session.rollback()
            assert ann.name == "ann"
            ann.children.pop().name = "dora"
            session.commit()
        with Session(engine) as session:
            found = session.scalars(select(Child).order_by(Child.id)).all()
            assert [(child.name, child.parent and child.parent.name) for child in found] == [
                ("bob", "ann"),
                ("dora", None),
            ]
            assert all("name" not in child.__dict__ for child in found)
            del found[0].name
            session.delete(found[1])
            session.commit()
            assert session.execute(select(Child.name)).all() == [(None,)]
    finally:
        mapped.metadata.drop_all(engine)


@pytest.mark.feature("K010")
def test_a_class_without_descriptors_is_read_and_written_by_functions(
    mapped: registry, sqlite_engine: Any
) -> None:
    class Record:
        __sa_instrumentation_manager__ = Hands

        def __getattr__(self, key: str) -> Any:
            if is_instrumented(self, key):
                return get_attribute(self, key)
            raise AttributeError(key)

        def __setattr__(self, key: str, value: Any) -> None:
            if is_instrumented(self, key):
                set_attribute(self, key, value, None)
            else:
                object.__setattr__(self, key, value)

        def __delattr__(self, key: str) -> None:
            del_attribute(self, key)

    id_ = Column("id", Integer, primary_key=True)
    mapped.map_imperatively(Record, Table("record", mapped.metadata, id_, Column("title", Text)))
    mapped.metadata.create_all(sqlite_engine)
    record: Any = Record()
    record.title = "first"
    assert "title" not in vars(Record)
    with Session(sqlite_engine) as session:
        session.add(record)
        session.commit()
        assert record.title == "first"
        record.title = "second"
        session.commit()
        del record.title
        session.commit()
        assert session.scalars(select(id_)).all() == [1]
        assert record.title is None


@pytest.mark.feature("K010")
def test_finders_choose_for_classes_that_say_nothing(mapped: registry, sqlite_engine: Any) -> None:
    def special(cls: type[Any]) -> Any:
        return Drawer if getattr(cls, "is_special", False) else None

    instrumentation_finders.insert(0, special)
    try:

        @mapped.mapped
        class Chosen:
            __tablename__ = "chosen"
            is_special = True
            id = Column(Integer, primary_key=True)

        @mapped.mapped
        class Plain:
            __tablename__ = "plain"
            id = Column(Integer, primary_key=True)
    finally:
        instrumentation_finders.remove(special)
    assert Chosen(id=1).__dict__["drawer"] == {"id": 1}
    assert Plain(id=1).__dict__["id"] == 1
    assert type(manager_of_class(Plain)) is ClassManager


def test_a_manager_class_can_be_given(mapped: registry) -> None:
    class Counting(ClassManager):
        instrumented: list[str] = []

        def instrument_attribute(self, key: str, *rest: Any) -> None:
            self.instrumented.append(key)
            super().instrument_attribute(key, *rest)

    @mapped.mapped
    class Thing:
        __tablename__ = "thing"
        __sa_instrumentation_manager__ = Counting
        id = Column(Integer, primary_key=True)

    assert isinstance(manager_of_class(Thing), Counting)
    assert Counting.instrumented == ["id"]


def test_the_manager_hears_of_attributes_and_collections(mapped: registry) -> None:
    heard: list[tuple[str, str]] = []

    class Seen(InstrumentationManager):
        def instrument_attribute(self, class_: type[Any], key: str, inst: Any) -> None:
            heard.append(("attribute", f"{class_.__name__}.{key}"))

        def post_configure_attribute(self, class_: type[Any], key: str, inst: Any) -> None:
            heard.append(("complete", f"{class_.__name__}.{key}"))

        def instrument_collection_class(self, class_: type[Any], key: str, collection_class: Any) -> Any:
            heard.append(("collection", f"{class_.__name__}.{key}"))
            return super().instrument_collection_class(class_, key, set)

    @mapped.mapped
    class Owner:
        __tablename__ = "owner"
        __sa_instrumentation_manager__ = Seen
        id = Column(Integer, primary_key=True)
        items = relationship("Item")

    @mapped.mapped
    class Item:
        __tablename__ = "item"
        id = Column(Integer, primary_key=True)
        owner_id = Column(ForeignKey("owner.id"))

    assert sorted(heard) == [("attribute", "Owner.id"), ("attribute", "Owner.items")]
    heard.clear()
    mapped.configure()
    assert sorted(heard) == [
        ("collection", "Owner.items"),
        ("complete", "Owner.id"),
        ("complete", "Owner.items"),
    ]
    assert isinstance(Owner().items, set)


def test_declarative_classes_and_composites(sqlite_engine: Any) -> None:
    class Base(DeclarativeBase): ...

    class Point:
        def __init__(self, x: int, y: int) -> None:
            self.x, self.y = x, y

        def __composite_values__(self) -> tuple[int, int]:
            return self.x, self.y

    class Corner(Base):
        __tablename__ = "corner"
        __sa_instrumentation_manager__ = Drawer
        id: Mapped[int] = mapped_column(primary_key=True)
        x: Mapped[int]
        y: Mapped[int]
        place: Mapped[Any] = composite(Point, "x", "y")

    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(Corner(place=Point(3, 4)))
        session.commit()
        corner = session.scalars(select(Corner)).one()
        assert (corner.place.x, corner.place.y) == (3, 4)
        assert {"x", "y", "place"}.isdisjoint(corner.__dict__)
        session.expunge_all()
        del corner
        gc.collect()
        assert session.get_one(Corner, 1).x == 3


def test_one_hierarchy_has_one_instrumentation() -> None:
    class Above:
        __sa_instrumentation_manager__ = Drawer

    class Below(Above):
        __sa_instrumentation_manager__ = Hands

    with pytest.raises(TypeError, match="multiple instrumentation implementations specified in Above"):
        register_class(Above)
    del Below.__sa_instrumentation_manager__
    register_class(Above)
    register_class(Below)
    assert manager_of_class(Below) is not manager_of_class(Above)
    unregister_class(Below)
    with pytest.raises(UnmappedClassError, match="Can't locate an instrumentation manager"):
        manager_of_class(Below)

    class Plain: ...

    register_class(Plain)

    class Late(Plain):
        __sa_instrumentation_manager__ = Drawer

    with pytest.raises(TypeError, match=r"ClassManager'>\] of Plain; all its classes take the same"):
        register_class(Late)


def test_what_is_no_instrumentation_is_refused() -> None:
    class Wrong:
        __sa_instrumentation_manager__ = staticmethod(lambda cls: 5)

    with pytest.raises(TypeError, match="the instrumentation of Wrong is 5, which has no manage"):
        register_class(Wrong)


def test_the_registry_answers_for_classes_and_objects() -> None:
    class Kept:
        __sa_instrumentation_manager__ = InstrumentationManager

    found = ExtendedInstrumentationRegistry()
    manager = register_class(Kept)
    assert found.manager_of_class(Kept) is found.opt_manager_of_class(Kept) is manager
    kept = manager.new_instance()
    assert found.state_of(kept) is kept._default_state
    assert found.dict_of(kept) is kept.__dict__
    manager.teardown_instance(kept)  # type: ignore[attr-defined]  # of a class instrumented by itself
    assert not hasattr(kept, "_sa_instance_state")
    found.unregister(Kept)
    assert found.opt_manager_of_class(Kept) is None
    assert instrumentation.find_native_user_instrumentation_hook(Kept) is InstrumentationManager
