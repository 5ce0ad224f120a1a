"""
What a statement takes for its places: elements as they are, mapped classes and attributes for their element.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, exc, func, select, table, text, union
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from relvar.sql import coercions, roles
from relvar.sql.expression import ColumnClause, ColumnElement, column


class Base(DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owner"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    things: Mapped[list[Thing]] = relationship(back_populates="owner")


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("owner.id"))
    owner: Mapped[Owner] = relationship(back_populates="things")


def flat(statement: Any) -> str:
    return " ".join(str(statement).split())


@pytest.mark.parametrize(
    "make",
    [
        lambda s: s.where(Owner.id == 1),
        lambda s: s.having(Owner.id == 1),
        lambda s: s.order_by(Owner.id),
        lambda s: s.order_by(text("1"), Owner.name.desc()),
        lambda s: s.group_by(Owner.id),
        lambda s: s.select_from(Owner),
    ],
    ids=["where", "having", "order", "order second", "group", "from"],
)
def test_an_attribute_anywhere_makes_a_statement_the_orms(make: Any) -> None:
    core = select(text("1"))
    assert not core._propagate_attrs
    assert make(core)._propagate_attrs["compile_state_plugin"] == "orm"
    assert not core._propagate_attrs, "the statement itself is not changed"


def test_the_first_entity_stays_the_subject() -> None:
    statement = select(Thing.id).join(Owner, Owner.id == Thing.owner_id).order_by(Owner.name)
    assert statement._propagate_attrs["plugin_subject"] is Thing.__mapper__


def test_ordered_by_an_attribute_alone(any_session: Session) -> None:
    statement = select(text("owner.name")).select_from(Owner.__table__).order_by(Owner.id.desc())
    assert any_session.execute(statement).all() == [("bob",), ("ann",)]
    assert any_session.scalars(statement).all() == ["bob", "ann"]


@pytest.fixture
def any_session() -> Any:
    from relvar import create_engine

    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Owner(id=1, name="ann"), Owner(id=2, name="bob")])
        session.commit()
        yield session
    engine.dispose()


def test_what_an_order_says_of_labels() -> None:
    size = func.length(column("a")).label("size")
    statement = select(size).order_by(size, size.desc(), column("b"))
    assert flat(statement) == "SELECT length(a) AS size ORDER BY size, size DESC, b"
    assert flat(select(size).group_by(size)) == "SELECT length(a) AS size GROUP BY length(a)"


def test_nothing_none_and_more() -> None:
    statement = select(column("a")).order_by("a").group_by("a")
    assert flat(statement.order_by().group_by()) == "SELECT a GROUP BY a ORDER BY a"
    assert flat(statement.order_by(None).group_by(None)) == "SELECT a"
    assert flat(statement.order_by(column("b"))) == "SELECT a GROUP BY a ORDER BY a, b"
    assert flat(union(select(column("a")), select(column("a"))).order_by("a", column("b"))).endswith(
        "ORDER BY a, b"
    )


def test_elements_of_programs_are_taken_by_their_class() -> None:
    class Own(ColumnClause[Any]):
        inherit_cache = True

    class Labelled(ColumnClause[Any]):
        inherit_cache = True

        @property
        def _order_by_label_element(self) -> Any:
            return None

    own, other = Own("own"), Labelled("other")
    t = table("t", own)
    statement = select(own, other).join(t, own).where(own).having(own).order_by(own, other).group_by(own)
    assert statement.selected_columns["own"] is own
    assert flat(statement).endswith("GROUP BY t.own HAVING t.own ORDER BY t.own, other")


class Expression:
    """Stands for a column, as a program's own objects may."""

    def __init__(self, stands_for: Any) -> None:
        self.stands_for = stands_for

    def __clause_element__(self) -> Any:
        return self.stands_for


class HasEveryName:
    """Answers to every name, as `func` does."""

    def __getattr__(self, name: str) -> Any:
        return "anything"


def test_what_stands_for_an_element() -> None:
    a = column("a")
    assert flat(select(Expression(a)).where(Expression(a == 1)).order_by(Expression(a))) == (
        "SELECT a WHERE a = :a_1 ORDER BY a"
    )
    for place in (select, select(a).where, select(a).order_by, select(a).join):
        with pytest.raises((exc.ArgumentError, TypeError)):
            place(HasEveryName())


def test_mapped_classes_and_attributes() -> None:
    assert flat(select(Owner)) == "SELECT owner.id, owner.name FROM owner"
    assert flat(select(Owner.id, Owner.name)) == "SELECT owner.id, owner.name FROM owner"
    joined = "FROM owner JOIN thing ON owner.id = thing.owner_id"
    assert flat(select(Owner.id).join(Thing)).endswith(joined)
    assert flat(select(Owner.id).join(Owner.things)).endswith(joined)
    assert flat(select(Owner.id).join(Thing, Owner.things)).endswith(joined)
    assert flat(select(Owner.id).join_from(Owner, Thing)).endswith(joined)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: select(Owner.id).where(Owner), "WHERE/HAVING"),
        (lambda: select(Owner.id).order_by(Owner), "ORDER BY"),
        (lambda: select(Owner.id).join(Owner.name), "Join target"),
        (lambda: select(Owner.id).join("thing"), "Join target"),
        (lambda: select(Base), "Column expression"),
    ],
)
def test_what_a_place_does_not_take(make: Any, message: str) -> None:
    with pytest.raises(exc.ArgumentError, match=message):
        make()


def test_a_class_that_is_not_configured_yet() -> None:
    class Later(DeclarativeBase):
        pass

    class Early(Later):
        __tablename__ = "early"
        id = Column(Integer, primary_key=True)

    assert flat(select(Early)) == "SELECT early.id FROM early"
    assert flat(select(Early).where(Early.id == 1).order_by(Early.id)).endswith(
        "WHERE early.id = :id_1 ORDER BY early.id"
    )


def test_by_role() -> None:
    a: ColumnElement[Any] = column("a")
    assert coercions.expect(roles.OrderByRole, a) is a
    assert coercions.expect(roles.WhereHavingRole, a == 1).compare(a == 1)
    statement = select(text("1"))
    coercions.expect(roles.ColumnsClauseRole, Owner, apply_propagate_attrs=statement)
    assert statement._propagate_attrs["plugin_subject"] is Owner.__mapper__
