"""Relationships at their edges: circles of rows, ways back, what is read before the row is there."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

import relvar.orm
from relvar import Column, ForeignKey, Integer, String, Table, event, exc, insert, inspect, select, text
from relvar.orm import (
    Session,
    backref,
    configure_mappers,
    declarative_base,
    foreign,
    joinedload,
    registry,
    relationship,
    selectinload,
    subqueryload,
)
from relvar.orm.attributes import NO_KEY
from relvar.orm.collections import attribute_keyed_dict, collection
from relvar.orm.exc import DetachedInstanceError, FlushError, StaleDataError


def tree(engine: Any, sides: str = "both", **options: Any) -> Any:
    """Map nodes with ``parent``, ``children``, or both."""
    Base: Any = declarative_base()

    class Node(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "node"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("node.id"))
        x = Column(Integer)
        if sides == "children":
            children = relationship("Node", **options)
        else:
            way_back = backref("children", post_update=False) if sides == "both" else None
            parent = relationship("Node", remote_side=[id], backref=way_back, **options)

    Base.metadata.create_all(engine)
    return Node


def family(engine: Any, collection: dict[str, Any] | None = None, **options: Any) -> tuple[Any, Any]:
    """Map parents and children, with the other side."""
    Base: Any = declarative_base()

    class Parent(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "parent"
        id = Column(Integer, primary_key=True)
        children = relationship("Child", back_populates="parent", **(collection or {}))

    class Child(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "child"
        id = Column(Integer, primary_key=True)
        version = Column(Integer, nullable=False)
        x = Column(Integer)
        parent_id = Column(ForeignKey("parent.id"))
        parent = relationship("Parent", back_populates="children", **options)
        __mapper_args__ = {"version_id_col": version}

    Base.metadata.create_all(engine)
    return Parent, Child


# circles ---------------------------------------------------------------------------


@pytest.mark.parametrize("sides", ["both", "parent", "children"])
def test_stored_rows_may_come_to_refer_to_each_other(engine: Any, sides: str) -> None:
    Node = tree(engine, sides)

    def link(child: Any, parent: Any) -> None:
        if sides == "children":
            parent.children.append(child)
        else:
            child.parent = parent

    with Session(engine) as session:
        a, b, c = (Node(id=n) for n in (1, 2, 3))
        session.add_all([a, b, c])
        session.commit()
        link(a, b)
        link(b, a)
        link(c, c)
        session.commit()
        # a new one between them
        d = Node(id=4)
        session.add(d)
        link(d, a)
        link(a, d)
        session.commit()
        keys = session.execute(select(Node.id, Node.parent_id).order_by(Node.id)).all()
        assert keys == [(1, 4), (2, 1), (3, 3), (4, 1)]
        session.delete(c)
        session.commit()
        # two new rows: the key of one is written afterwards
        e, f = Node(id=5), Node(id=6)
        session.add_all([e, f])
        link(e, f)
        link(f, e)
        session.commit()
        assert (e.parent_id, f.parent_id) == (6, 5)


def test_rows_of_a_tree_are_inserted_before_others_are_deleted(engine: Any, sql_log: Any) -> None:
    Node = tree(engine)
    with Session(engine) as session:
        old = Node()
        session.add(old)
        session.commit()
        assert old.id is not None
        log = sql_log(engine)
        session.add(Node(parent=Node()))
        session.delete(old)
        session.flush()
        words = [statement.split()[0] for statement in log.texts()]
        assert [word for word in words if word != "SELECT"] == ["INSERT", "INSERT", "DELETE"]


# written afterwards --------------------------------------------------------------------


def test_what_is_written_afterwards_counts_versions_once(engine: Any, sql_log: Any) -> None:
    Parent, Child = family(engine, post_update=True)
    with Session(engine, expire_on_commit=False) as session:
        child = Child(parent=Parent())
        session.add(child)
        session.commit()
        assert child.version == 1
        log = sql_log(engine)
        child.parent = None
        session.flush()
        # the other side has written it with the row
        assert [statement.split()[0] for statement in log.texts()] == ["UPDATE"]
        assert child.version == 2
        session.commit()
        child.x, child.parent = 5, Parent()
        session.flush()
        assert child.version == 3
        session.commit()
        assert session.execute(select(Child.version, Child.x, Child.parent_id)).all() == [
            (3, 5, child.parent.id)
        ]
        session.execute(text("UPDATE child SET version = 9"))
        child.parent = Parent()
        with pytest.raises(StaleDataError, match=r"expected to update 1 row\(s\); 0 were matched"):
            session.flush()


def test_a_key_that_changes_is_written_afterwards_to_its_row(engine: Any) -> None:
    Node = tree(engine, "parent", post_update=True)
    with Session(engine) as session:
        a, b = Node(id=1), Node(id=2)
        session.add_all([a, b])
        session.commit()
        a.id = 5
        a.parent = b
        session.commit()
        assert session.execute(select(Node.id, Node.parent_id).order_by(Node.id)).all() == [(2, None), (5, 2)]


def test_a_row_comes_to_refer_to_itself_afterwards(engine: Any) -> None:
    # the other side writes with the row
    Node = tree(engine, "both", post_update=True, lazy="joined")
    with Session(engine) as session:
        node = Node()
        session.add(node)
        session.commit()
        node.parent = node
        session.commit()
        assert node.children == [node] and node.parent_id == node.id


def test_an_object_outside_the_session_is_not_written_afterwards(engine: Any, sql_log: Any) -> None:
    Node = tree(engine, "parent", post_update=True, cascade="")
    with Session(engine) as session:
        node = Node(parent=Node())
        session.add(node)
        log = sql_log(engine)
        with pytest.warns(
            exc.SAWarning, match="not in session, add operation along 'Node.parent' won't proceed"
        ):
            session.flush()
        assert [statement.split()[0] for statement in log.texts()] == ["INSERT"]


# what is not loaded ----------------------------------------------------------------------


@pytest.mark.parametrize("lazy", ["dynamic", "write_only"])
def test_new_members_of_an_unloaded_collection_leave_with_their_owner(engine: Any, lazy: str) -> None:
    options = {"lazy": lazy, "cascade": "all, delete-orphan", "passive_deletes": True}
    Parent, Child = family(engine, collection=options)
    with Session(engine) as session:
        parent = Parent()
        session.add(parent)
        session.commit()
        stored = Child(parent=parent)
        session.add(stored)
        session.flush()
        new = Child()
        parent.children.add(new)
        assert new in session
        session.expunge(parent)
        assert new not in session and stored in session
        parent.children.add(None)
        session.add(parent)
        with pytest.raises(FlushError, match="Can't flush None value found in collection Parent.children"):
            session.flush()


def test_a_collection_read_before_the_row_was_there_is_loaded_afterwards(engine: Any, sql_log: Any) -> None:
    Parent, Child = family(engine)
    with Session(engine) as session:
        parent = Parent()
        held = parent.children
        assert held == [] and "children" in inspect(parent).unloaded
        with pytest.raises(IndexError):
            held.pop()
        del parent.children
        session.add(parent)
        session.flush()
        session.execute(insert(Child).values(version=1, parent_id=parent.id))
        log = sql_log(engine)
        assert len(parent.children) == 1 and len(log) == 1
        assert parent.children is held
        held.append(Child())
        assert len(session.new) == 1
        other = Parent()
        held = other.children
        session.add(other)
        session.flush()
        # without a look at the database
        held.append(Child())
        assert len(other.children) == 1
        session.commit()
        assert len(other.children) == 1
        last = Parent(children=[])
        assert inspect(last).attrs.children.history == ([], [], [])
        unread = Parent()
        assert unread.children == []
        session.add(unread)
        session.flush()
        session.expunge(unread)
        with pytest.raises(DetachedInstanceError, match="lazy load operation of attribute 'children'"):
            len(unread.children)


def test_an_object_without_a_session_forgets_what_it_referred_to(engine: Any) -> None:
    Parent, Child = family(engine)
    with Session(engine) as session:
        child = Child(parent=Parent())
        session.add(child)
        session.commit()
        assert child.id
        session.expunge(child)
        del child.parent
        assert inspect(child).attrs.parent.history.added == () or child.parent is None


# loading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lazy", ["joined", "selectin", "immediate", "subquery"])
def test_the_way_back_is_not_joined_when_a_collection_is_read(engine: Any, sql_log: Any, lazy: str) -> None:
    Parent, Child = family(engine, collection={"lazy": "immediate"}, lazy=lazy)
    with Session(engine) as session:
        parent = Parent(children=[Child(), Child()])
        session.add(parent)
        session.commit()
        log = sql_log(engine)
        assert [child.parent for child in parent.children] == [parent, parent]
        assert [statement.count(" JOIN ") for statement in log.texts()] == [0, 0]
        session.expunge_all()
        child = session.scalars(select(Child)).unique().first()
        assert child is not None and child in child.parent.children


def test_objects_that_lead_back_to_each_other_are_loaded_at_once(engine: Any, sql_log: Any) -> None:
    Base: Any = declarative_base()
    ways = Table(
        "ways",
        Base.metadata,
        Column("a", ForeignKey("place.id"), primary_key=True),
        Column("b", ForeignKey("place.id"), primary_key=True),
    )

    class Place(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "place"
        id = Column(Integer, primary_key=True)
        onward = relationship(
            "Place",
            secondary=ways,
            primaryjoin=lambda: Place.id == ways.c.a,
            secondaryjoin=lambda: foreign(ways.c.b) == Place.id,
            lazy="immediate",
            order_by=id,
        )

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Place(id=1), Place(id=2)
        one.onward, two.onward = [one, two], [one]
        session.add(one)
        session.commit()
        session.expunge_all()
        log = sql_log(engine)
        one = session.get_one(Place, 1)
        assert len(log) == 3
        assert [place.id for place in one.onward] == [1, 2] and one.onward[1].onward == [one]
        session.refresh(one)
        session.expire_all()
        assert [place.id for place in one.onward] == [1, 2]
        assert len(session.scalars(select(Place).execution_options(populate_existing=True)).all()) == 2


def shelves(engine: Any, **options: Any) -> tuple[Any, Any, Any]:
    """Map items, a hierarchy of one table, each on a shelf; shelves know those of one subclass."""
    Base: Any = declarative_base()

    class Item(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "item"
        id = Column(Integer, primary_key=True)
        kind = Column(String(5))
        shelf_id = Column(ForeignKey("shelf.id"))
        shelf = relationship("Shelf", **options)
        __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "item"}

    class Book(Item):  # type: ignore[valid-type]  # made at run time
        __mapper_args__ = {"polymorphic_identity": "book"}

    class Novel(Book):
        __mapper_args__ = {"polymorphic_identity": "novel"}

    class Shelf(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "shelf"
        id = Column(Integer, primary_key=True)
        books = relationship(Book, viewonly=True, order_by=Book.id, **options)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        one, two = Shelf(id=1), Shelf(id=2)
        session.add_all([Book(shelf=one), Novel(shelf=two), Item(shelf=one), Item(shelf=Shelf(id=3))])
        session.commit()
    return Item, Book, Shelf


@pytest.mark.parametrize("option", [selectinload, subqueryload])
def test_what_is_joined_for_several_subclasses_goes_on_together(
    engine: Any, sql_log: Any, option: Any
) -> None:
    Item, Book, Shelf = shelves(engine)
    with Session(engine) as session:
        log = sql_log(engine)
        statement = select(Book).options(getattr(joinedload(Book.shelf), option.__name__)(Shelf.books))
        found = session.scalars(statement.order_by(Book.id)).all()
        assert [[type(book).__name__ for book in each.shelf.books] for each in found] == [["Book"], ["Novel"]]
        assert len(log) == 2


def test_a_subquery_asks_for_rows_of_the_subclass(engine: Any, sql_log: Any) -> None:
    _, Book, Shelf = shelves(engine)
    with Session(engine) as session:
        log = sql_log(engine)
        statement = select(Book).options(subqueryload(Book.shelf).subqueryload(Shelf.books))
        assert [len(book.shelf.books) for book in session.scalars(statement)] == [1, 1]
        assert len(session.identity_map) == 4 and len(log) == 3
        # rows of the subclass, both within the subquery and joined to it
        assert [text.count("kind IN") for text in log.texts()] == [1, 1, 2]
        assert log.texts()[2].rpartition(" ON ")[2].count("kind IN") == 1


def test_eager_joins_end_where_they_come_back_to_a_class(engine: Any) -> None:
    Item, Book, Shelf = shelves(engine, lazy="joined")
    # from an item to its shelf and the books there; these are items as well, whose shelf is known
    assert [str(select(cls)).count("LEFT OUTER JOIN") for cls in (Item, Book, Shelf)] == [2, 2, 1]
    with Session(engine) as session:
        found = session.scalars(select(Item).order_by(Item.id)).unique().all()
        assert [[book.id for book in item.shelf.books] for item in found] == [[1], [2], [1], []]


# owners ------------------------------------------------------------------------------------------


def test_an_only_parent_stays_one_when_nothing_was_stored(engine: Any) -> None:
    Node = tree(engine, "parent", cascade="all, delete-orphan", single_parent=True)
    with Session(engine) as session:
        child, parent = Node(), Node()
        with pytest.raises(AttributeError, match=r"Node.parent object does not have a value"):
            del child.parent
        child.parent = parent
        inspect(child).info["seen"] = True
        session.add(child)
        session.flush()
        session.rollback()
        assert inspect(child).transient and inspect(child).info == {"seen": True}
        with pytest.raises(exc.InvalidRequestError, match="is only allowed a single parent"):
            Node(parent=parent)


def test_members_of_a_collection_may_have_an_only_parent(engine: Any) -> None:
    Base: Any = declarative_base()
    table = Table(
        "box_thing",
        Base.metadata,
        Column("box_id", ForeignKey("box.id"), primary_key=True),
        Column("thing_id", ForeignKey("thing.id"), primary_key=True),
    )

    class Box(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "box"
        id = Column(Integer, primary_key=True)
        things = relationship(
            "Thing", secondary=table, cascade="all, delete-orphan", single_parent=True, backref="boxes"
        )

    class Thing(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "thing"
        id = Column(Integer, primary_key=True)

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        thing, other, one, two = Thing(), Thing(), Box(), Box()
        one.things.append(thing)
        for again in (two.things.append, one.things.append):
            with pytest.raises(exc.InvalidRequestError, match="is only allowed a single parent"):
                again(thing)
        session.add_all([one, two])
        session.commit()
        one.things = [thing, other]
        session.commit()
        with session.no_autoflush:
            one.things.remove(thing)
            two.things.append(thing)
        session.commit()
        assert (one.things, two.things, thing.boxes) == ([other], [thing], [two])
        two.things = []
        session.commit()
        assert session.scalars(select(Thing)).all() == [other]


# collections ---------------------------------------------------------------------------------------


class ByNumber(dict[int, Any]):
    """A dictionary that finds its members' keys itself."""

    @collection.appender
    def take(self, member: Any) -> None:
        self[member.x] = member

    @collection.remover
    def drop(self, member: Any) -> None:
        del self[member.x]

    @collection.iterator
    def each(self) -> Any:
        return iter(self.values())


def test_nobody_is_told_of_loaded_members(engine: Any) -> None:
    Parent, Child = family(engine, collection={"collection_class": ByNumber})
    with Session(engine) as session:
        session.add(Parent(id=1, children={4: Child(x=4), 5: Child(x=5)}))
        session.commit()
        session.expunge_all()
        told: list[Any] = []
        event.listen(Parent.children, "append", lambda parent, child, token: told.append(child))
        parent = session.get_one(Parent, 1)
        assert sorted(parent.children) == [4, 5]
        assert told == [] and not session.is_modified(parent)


def test_events_have_the_place_that_the_program_named(engine: Any) -> None:
    Parent, Child = family(engine)
    told: list[Any] = []
    event.listen(
        Parent.children, "append", lambda p, c, token, *, key: told.append((c.x, key)), include_key=True
    )
    parent = Parent(children=[Child(x=1)])
    parent.children.append(Child(x=2))
    parent.children.extend([Child(x=3)])
    parent.children.insert(0, Child(x=4))
    parent.children[1] = Child(x=5)
    assert told == [(1, NO_KEY), (2, NO_KEY), (3, NO_KEY), (4, 0), (5, 1)]


def test_a_member_with_another_key_is_let_go_by_its_own_side(engine: Any) -> None:
    Parent, Child = family(engine, collection={"collection_class": attribute_keyed_dict("x")})
    with Session(engine) as session:
        child = Child(x=1)
        parent = Parent(children={1: child})
        session.add(parent)
        session.commit()
        assert parent.children == {1: child}
        child.x = 2
        with pytest.raises(exc.InvalidRequestError, match="collection holds 'None' for key '2'"):
            parent.children.remove(child)
        child.parent = None
        session.commit()
        assert parent.children == {} and child.parent_id is None


# mapping -----------------------------------------------------------------------------------------


def test_a_class_is_inspected_before_those_it_names_are_there(engine: Any) -> None:
    Base: Any = declarative_base()

    class First(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "first"
        id = Column(Integer, primary_key=True)
        seconds = relationship("Second", backref=backref("first"))

    mapper = inspect(First)
    assert not mapper.configured and mapper.primary_key == (First.__table__.c.id,)

    class Second(Base):  # type: ignore[misc]  # made at run time
        __tablename__ = "second"
        id = Column(Integer, primary_key=True)
        first_id = Column(ForeignKey("first.id"))

    # what names other classes is asked for
    assert inspect(Second).relationships.keys() == ["first"] and mapper.configured


def test_a_cell_of_a_notebook_can_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = """
class Base(orm.DeclarativeBase):
    pass

class Owner(Base):
    __tablename__ = "owner"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    pets: orm.Mapped[list["Pet"]] = orm.relationship(back_populates="owner")
    last: "orm.Mapped[Pet | None]" = orm.relationship(viewonly=True)

class Pet(Base):
    __tablename__ = "pet"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    owner_id: orm.Mapped[int] = orm.mapped_column(relvar.ForeignKey("owner.id"))
    owner: orm.Mapped[Owner] = orm.relationship(back_populates="pets")
"""
    notebook: Any = ModuleType("a_notebook")
    monkeypatch.setitem(sys.modules, "a_notebook", notebook)
    vars(notebook).update(relvar=relvar, orm=relvar.orm)
    for _ in range(2):
        exec(compile(cell, "a_notebook", "exec", dont_inherit=True), vars(notebook))
        attributes = inspect(notebook.Owner).relationships
        assert [attribute.mapper.class_ for attribute in attributes] == [notebook.Pet, notebook.Pet]
        assert notebook.Pet(owner=notebook.Owner()).owner.pets


@pytest.mark.parametrize("active_history", [False, True])
def test_none_on_a_new_object_is_a_change_unless_the_attribute_looks(
    engine: Any, active_history: bool
) -> None:
    Parent, Child = family(engine, active_history=active_history)
    with Session(engine) as session:
        session.add(Parent(id=1))
        session.flush()
        child = Child(parent=None, parent_id=1)
        history = inspect(child).attrs.parent.history
        assert history == (((), [None], ()) if active_history else ([None], (), ()))
        session.add(child)
        session.commit()
        assert child.parent_id == (1 if active_history else None)


def test_both_sides_can_be_added_to_mappers_one_after_the_other(engine: Any) -> None:
    mapped = registry()
    left = Table("l", mapped.metadata, Column("id", Integer, primary_key=True))
    right = Table(
        "r", mapped.metadata, Column("id", Integer, primary_key=True), Column("l", ForeignKey("l.id"))
    )
    Left: Any = type("Left", (), {})
    Right: Any = type("Right", (), {})
    mapped.map_imperatively(Left, left)
    mapped.map_imperatively(Right, right)
    inspect(Left).add_property("rights", relationship(Right, back_populates="left"))
    inspect(Right).add_property("left", relationship(Left, back_populates="rights"))
    configure_mappers()
    mapped.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Left(rights=[Right()]))
        session.commit()
        assert session.scalars(select(Right)).one().left is session.scalars(select(Left)).one()
