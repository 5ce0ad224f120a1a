"""
Mapped classes selected from subqueries that leave out some of their columns.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, exc, inspect, select
from relvar.orm import Session, aliased, column_property, contains_eager, declarative_base, relationship

Base: Any = declarative_base()


class Node(Base):
    __tablename__ = "node"
    id = Column(Integer, primary_key=True)
    name = Column(String(10))
    next_id = column_property(id + 1)
    leaves = relationship("Leaf", order_by="Leaf.id")


class Leaf(Base):
    __tablename__ = "leaf"
    id = Column(Integer, primary_key=True)
    node_id = Column(ForeignKey("node.id"))
    size = Column(Integer)


class Kind(Base):
    __tablename__ = "kind"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "kind"}


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    try:
        with Session(engine) as session:
            session.add_all([Node(name=name, leaves=[Leaf(size=1), Leaf(size=2)]) for name in "ab"])
            session.commit()
            yield session
    finally:
        Base.metadata.drop_all(engine)


def text_of(statement: Any) -> str:
    return " ".join(str(statement).split())


def test_columns_that_are_left_out_are_not_taken_from_the_table_beside() -> None:
    only = aliased(Leaf, select(Leaf.id).subquery("s"))
    assert text_of(select(only)) == "SELECT s.id FROM (SELECT leaf.id AS id FROM leaf) AS s"
    inner = select(only).subquery("t")
    assert text_of(select(inner)) == (
        "SELECT t.id FROM (SELECT s.id AS id FROM (SELECT leaf.id AS id FROM leaf) AS s) AS t"
    )


def test_what_is_left_out_is_loaded_when_asked_for(session: Any) -> None:
    only = aliased(Node, select(Node.id, Node.next_id).where(Node.name == "b").subquery())
    (node,) = session.scalars(select(only))
    assert "name" in inspect(node).unloaded
    assert (node.next_id, node.name) == (node.id + 1, "b")


def test_eager_loads_from_a_subquery_that_leaves_out_columns(session: Any) -> None:
    few = select(Leaf.id, Leaf.node_id).where(Leaf.size == 2).subquery()
    leaf = aliased(Leaf, few)
    statement = (
        select(Node).join(Node.leaves.of_type(leaf)).options(contains_eager(Node.leaves.of_type(leaf)))
    )
    nodes = session.scalars(statement.order_by(Node.id)).unique().all()
    assert [[leaf.size for leaf in node.leaves] for node in nodes] == [[2], [2]]


def test_what_tells_rows_apart_must_be_there() -> None:
    with pytest.raises(exc.NoSuchColumnError, match=r"column 'node\.id'"):
        str(select(aliased(Node, select(Node.name).subquery())))
    with pytest.raises(exc.NoSuchColumnError, match=r"column 'kind\.kind'"):
        str(select(aliased(Kind, select(Kind.id).subquery())))


def test_an_attribute_that_is_left_out_is_warned_of() -> None:
    only = aliased(Leaf, select(Leaf.id).subquery())
    with pytest.warns(exc.SAWarning, match="Did not locate an expression in selectable for attribute 'size'"):
        select(only.size)


def test_an_alias_of_an_alias_is_of_the_same_rows(session: Any) -> None:
    for few in (select(Node).where(Node.name == "b").subquery(), select(Node).where(Node.name == "b").cte()):
        only = aliased(Node, few)
        again = aliased(only)
        assert [node.name for node in session.scalars(select(again))] == ["b"]
        # the two are told apart
        pairs = select(only, again).where(only.id == again.id)
        assert [(one is other, one.name) for one, other in session.execute(pairs)] == [(True, "b")]
        leaves = select(Leaf.size).join(again.leaves).order_by(Leaf.id)
        assert session.scalars(leaves.select_from(again)).all() == [1, 2]
    named = aliased(aliased(Kind, select(Kind).subquery()), name="nn")
    assert text_of(select(named.id)) == (
        "SELECT nn.id FROM (SELECT kind.id AS id, kind.kind AS kind FROM kind) AS nn"
    )
    # that of a table is just another one
    assert text_of(select(aliased(aliased(Leaf)).id)) == "SELECT leaf_1.id FROM leaf AS leaf_1"
