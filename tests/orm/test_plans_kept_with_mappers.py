"""
What planning keeps with mappers and aliases is right for each statement, and after a class is mapped further.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, create_engine, event, inspect, literal_column, select
from relvar.orm import (
    Session,
    aliased,
    column_property,
    contains_eager,
    declarative_base,
    defer,
    deferred,
    joinedload,
    lazyload,
    load_only,
    query_expression,
    relationship,
    selectinload,
    with_expression,
    with_polymorphic,
)
from relvar.orm.exc import LoaderStrategyException
from relvar.orm.load.items import item_of
from relvar.orm.load.plan import plan_select
from relvar.orm.mapping.steps import ColumnStep, LazyStep


class Model:
    """Nodes that refer to others by two relationships, and classes that inherit."""

    def __init__(self) -> None:
        self.Base: Any = declarative_base()

        class Node(self.Base):  # type: ignore[name-defined,misc]  # made above
            __tablename__ = "node"
            id = Column(Integer, primary_key=True)
            name = Column(String(20))
            note = deferred(Column(String(20)))
            up_id = Column(ForeignKey("node.id"))
            other_id = Column(ForeignKey("node.id"))
            up = relationship("Node", foreign_keys=up_id, remote_side=id)
            other = relationship("Node", foreign_keys=other_id, remote_side=id)

        class Animal(self.Base):  # type: ignore[name-defined,misc]  # made above
            __tablename__ = "animal"
            id = Column(Integer, primary_key=True)
            kind = Column(String(10))
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "animal"}

        class Dog(Animal):
            __tablename__ = "dog"
            id = Column(ForeignKey("animal.id"), primary_key=True)
            tricks = Column(Integer)
            node_id = Column(ForeignKey("node.id"))
            node = relationship(Node)
            __mapper_args__ = {"polymorphic_identity": "dog"}

        self.Node: Any = Node
        self.Animal: Any = Animal
        self.Dog: Any = Dog
        self.engine = create_engine("sqlite://")
        self.Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            top = Node(id=1, name="top", note="n1")
            aside = Node(id=2, name="aside", note="n2")
            session.add(Node(id=3, name="below", note="n3", up=top, other=aside))
            session.add_all([Animal(id=1), Dog(id=2, tricks=4, node=top)])
            session.commit()


@pytest.fixture
def model() -> Iterator[Model]:
    made = Model()
    yield made
    made.engine.dispose()
    made.Base.registry.dispose()


def steps_of(entity: Any) -> list[Any]:
    return [
        (type(step).__name__, list(step.keys)) if isinstance(step, (ColumnStep, LazyStep)) else step.key
        for step in inspect(entity)._loading_steps
    ]


def test_attributes_that_are_loaded_alike_are_one_step(model: Model) -> None:
    assert steps_of(model.Node) == [
        ("LazyStep", ["up", "other"]),
        ("ColumnStep", ["id", "name"]),
        "note",
        ("ColumnStep", ["up_id", "other_id"]),
    ]
    # the key of a joined subclass is two columns
    rest = ("ColumnStep", ["kind", "tricks", "node_id"])
    assert steps_of(model.Dog) == [("LazyStep", ["node"]), "id", rest]


def test_what_is_added_to_a_class_is_loaded(model: Model) -> None:
    """A column and an expression, after statements of the class were planned."""
    other = aliased(model.Node)
    for entity in (model.Node, other, model.Animal):
        str(select(entity))
    joined = select(model.Node).options(joinedload(model.Node.up))
    assert "double" not in str(joined)
    model.Node.double = column_property(model.Node.__table__.c.id * 2)
    model.Animal.loud = column_property(literal_column("1"))
    with Session(model.engine) as session:
        assert {node.id: node.__dict__["double"] for node in session.scalars(select(model.Node))} == {
            1: 2,
            2: 4,
            3: 6,
        }
        session.expunge_all()
        below = session.scalars(joined.where(model.Node.id == 3)).one()
        assert below.__dict__["up"].__dict__["double"] == 2
        session.expunge_all()
        assert session.scalars(select(other).where(other.id == 2)).one().__dict__["double"] == 4
        assert [animal.__dict__["loud"] for animal in session.scalars(select(model.Animal))] == [1, 1]


def test_joined_loads_of_one_class_have_an_alias_each(model: Model) -> None:
    Node = model.Node
    both = select(Node).options(joinedload(Node.up), joinedload(Node.other))
    deep = select(Node).options(joinedload(Node.up).joinedload(Node.up))
    for _ in range(2):
        assert [str(statement).count(" JOIN node AS ") for statement in (both, deep)] == [2, 2]
        for statement in (both, deep):
            assert "node AS node_1" in str(statement) and "node AS node_2" in str(statement)
    with Session(model.engine) as session:
        below = session.scalars(both.where(Node.id == 3)).one()
        assert (below.__dict__["up"].name, below.__dict__["other"].name) == ("top", "aside")


def test_aliases_of_joined_loads_are_used_again(model: Model) -> None:
    Node = model.Node
    targets = []
    for _ in range(2):
        core, _plan = plan_select(select(Node).options(joinedload(Node.up)))
        targets.append(core._from_obj[0].right)
    assert targets[0] is targets[1]
    # beside aliases of the program's own
    own = aliased(Node)
    statement = select(Node, own).join(own, own.id == Node.up_id).options(joinedload(Node.up))
    assert "node AS node_1" in str(statement) and "node AS node_2" in str(statement)
    with Session(model.engine) as session:
        below, top = session.execute(statement).one()
        assert below.__dict__["up"] is top


def test_threads_that_plan_joined_loads_at_once(model: Model) -> None:
    Node = model.Node
    start = Barrier(4)

    def text(_: int) -> str:
        start.wait()
        return str(select(Node).options(joinedload(Node.up), joinedload(Node.other)))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(text, range(4)))) == 1


def test_options_name_attributes_among_others(model: Model) -> None:
    Node = model.Node
    other = aliased(Node)
    with Session(model.engine) as session:

        def loaded(statement: Any) -> set[str]:
            session.expunge_all()
            found = session.scalars(statement).unique().one()
            return {*found.__dict__} - {"_sa_instance_state"}

        whole = {"id", "name", "up_id", "other_id"}
        assert loaded(select(Node).where(Node.id == 3)) == whole
        assert loaded(select(Node).where(Node.id == 3).options(defer(Node.name))) == whole - {"name"}
        assert loaded(select(Node).where(Node.id == 3).options(load_only(Node.name))) == {"id", "name"}
        assert loaded(select(Node).where(Node.id == 3).options(selectinload(Node.up))) == {*whole, "up"}
        assert loaded(select(Node).where(Node.id == 3).options(lazyload("*"))) == whole
        assert loaded(select(other).where(other.id == 3).options(defer(other.name))) == whole - {"name"}
        assert loaded(select(other).where(other.id == 3)) == whole
        joined = select(Node).join(Node.up.of_type(other)).options(contains_eager(Node.up.of_type(other)))
        assert loaded(joined) == {*whole, "up"}


def test_rows_of_subclasses(model: Model) -> None:
    statements: list[str] = []
    event.listen(model.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with Session(model.engine) as session:
        for options in ((), (selectinload(model.Dog.node),)):
            session.expunge_all()
            statements.clear()
            animal, dog = session.scalars(select(model.Animal).options(*options).order_by(model.Animal.id))
            assert type(animal) is model.Animal and type(dog) is model.Dog
            assert ("node" in dog.__dict__) is bool(options)
            assert (dog.tricks, dog.node.name) == (4, "top")


def test_attributes_of_subclasses_are_not_those_of_the_class(model: Model) -> None:
    everyone = with_polymorphic(model.Animal, [model.Dog])
    with Session(model.engine) as session:
        animal, dog = session.scalars(select(everyone).order_by(everyone.id))
        assert {"tricks", "node_id"}.isdisjoint(animal.__dict__)
        assert (animal.id, animal.kind) == (1, "animal")
        assert {"id", "kind", "tricks", "node_id"} <= dog.__dict__.keys()
        assert not hasattr(animal, "tricks")


def test_an_option_that_does_not_fit_is_refused_each_time(model: Model) -> None:
    Node = model.Node
    for option in (defer(Node.up), selectinload(Node.up).defer(Node.other)):
        for _ in range(2):
            with Session(model.engine) as session, pytest.raises(LoaderStrategyException):
                session.scalars(select(Node).where(Node.id == 3).options(option)).all()


def test_an_alias_is_asked_for_each_column_once(model: Model) -> None:
    """What stands for a column in an alias is the same column in each statement and clause."""
    other = aliased(model.Node)
    cores = [plan_select(select(other).join(model.Node.up.of_type(other)))[0] for _ in range(2)]
    columns = [list(core._raw_columns) for core in cores]
    assert all(a is b for a, b in zip(*columns, strict=True))
    assert all(column is inspect(other).selectable.c[column.key] for column in columns[0])


def test_statements_share_what_an_entity_came_to(model: Model) -> None:
    Node, other = model.Node, aliased(model.Node)

    def drafts(statement: Any) -> list[Any]:
        return list(plan_select(statement)[1].items)

    (first,), (again,) = drafts(select(Node)), drafts(select(Node).where(Node.id > 1).order_by(Node.name))
    assert again is first
    _, behind = drafts(select(Node.note, Node))
    assert behind is not first and behind.pk == (1,)
    # a column that is there already is not selected again
    _, shared = drafts(select(Node.id, Node))
    assert shared.pk == (0,) and shared.columns == {"id": 0, "name": 1, "up_id": 2, "other_id": 3}
    (alone,), (_, beside) = drafts(select(other)), drafts(select(Node, aliased(Node)))
    assert alone is not first and alone.path != first.path and beside.pk == (4,)
    assert drafts(select(Node, aliased(Node)))[1] is beside


def test_what_is_loaded_after_the_rows_follows_the_statement_at_hand(model: Model) -> None:
    Node, posts = model.Node, []
    for number in (1, 2):
        statement = select(Node).where(Node.id > number).options(selectinload(Node.up))
        plan = plan_select(statement, binds=(number,))[1]
        posts.extend(plan.items[0].posts)
    assert [post.followed.binds for post in posts] == [(1,), (2,)]
    assert posts[0].prepared is not posts[1].prepared
    kept = [
        draft.draft
        for tree in selectinload(Node.up)._trees.values()
        for _root, branch in tree.roots
        for draft in (branch.kept_drafts or {}).values()
    ]
    # and no statement is held by what is kept
    assert [post.followed for draft in kept for post in draft.posts] == [None]


def test_few_places_of_an_entity_are_kept(model: Model) -> None:
    columns = [literal_column(str(number)).label(f"c{number}") for number in range(40)]
    for count in range(40):
        _, plan = plan_select(select(*columns[:count], model.Node))
        assert plan.items[-1].pk == (count,)
    assert 0 < len(item_of(inspect(model.Node)).drafts or ()) <= 16


def test_expressions_of_options_are_found_at_any_place(model: Model) -> None:
    class Place(model.Base):  # type: ignore[name-defined,misc]  # made above
        __tablename__ = "place"
        id = Column(Integer, primary_key=True)
        said = query_expression()

    Node = model.Node
    model.Base.metadata.create_all(model.engine)
    option = with_expression(Place.said, Node.name)
    with Session(model.engine) as session:
        session.add(Place(id=1))
        session.commit()
        for columns in ((Node.name, Node.id), (Node.id, Node.name), (Node.id, Node.id, Node.name)):
            session.expunge_all()
            statement = select(*columns, Place).join(Node, Node.id == Place.id).options(option)
            assert session.execute(statement).one()[-1].said == "top"


def test_a_subclass_that_is_mapped_later(model: Model) -> None:
    with Session(model.engine) as session:
        assert len(session.scalars(select(model.Animal)).all()) == 2

        class Cat(model.Animal):  # type: ignore[name-defined,misc]  # made above
            claws = Column(Integer)
            __mapper_args__ = {"polymorphic_identity": "cat"}

        model.Base.metadata.drop_all(model.engine)
        model.Base.metadata.create_all(model.engine)
        session.expunge_all()
        session.add(Cat(id=7, claws=18))
        session.flush()
        session.expunge_all()
        found = session.scalars(select(model.Animal).order_by(model.Animal.id)).one()
        assert type(found) is Cat and found.claws == 18


def test_options_of_an_alias_are_kept_with_it(model: Model) -> None:
    Node, other = model.Node, aliased(model.Node)
    with Session(model.engine) as session:
        for alias in (other, other, aliased(Node)):
            for condition in (alias.id == 3, alias.name == "below"):
                session.expunge_all()
                statement = select(Node, alias).join(alias, alias.up_id == Node.id).where(condition)
                top, below = session.execute(statement.options(selectinload(alias.up))).one()
                assert "up" in below.__dict__ and "up" not in top.__dict__ and below.up is top
