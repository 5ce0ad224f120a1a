"""
The legacy ``Query``: its text (columns labelled by table), and that it gives what ``select()`` gives.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import Column, ForeignKey, Integer, String, exc, func, inspect, literal, text
from relvar.orm import Bundle, Query, Session, aliased, declarative_base, joinedload, relationship
from relvar.orm.query import lookedinto

Base: Any = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
    addresses = relationship("Address", back_populates="user", order_by="Address.id")


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    user = relationship("User", back_populates="addresses")


LABELS = "SELECT users.id AS users_id, users.name AS users_name FROM users"


@pytest.fixture
def session(engine: Any) -> Any:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            [User(id=1, name="ann", addresses=[Address(id=1), Address(id=2)]), User(id=2, name="bob")]
        )
        session.commit()
        yield session


def folded(query: Any) -> str:
    return " ".join(str(query).split())


def test_text_has_labels() -> None:
    query: Any = Query([User])
    assert folded(query) == LABELS
    assert folded(query.filter(User.id > 1).order_by(User.name).limit(3)) == (
        LABELS + " WHERE users.id > :id_1 ORDER BY users.name LIMIT :param_1"
    )
    assert folded(query.filter_by(name="x").statement) == (
        "SELECT users.id, users.name FROM users WHERE users.name = :name_1"
    )
    assert folded(Query([User.id, func.count(Address.id)]).join(User.addresses).group_by(User.id)) == (
        "SELECT users.id AS users_id, count(addresses.id) AS count_1 "
        "FROM users JOIN addresses ON users.id = addresses.user_id GROUP BY users.id"
    )
    assert folded(query.filter(User.id == 1).union(query.filter(User.id == 2)).order_by(User.id)) == (
        "SELECT anon_1.users_id AS anon_1_users_id, anon_1.users_name AS anon_1_users_name FROM ("
        + LABELS
        + " WHERE users.id = :id_1 UNION "
        + LABELS
        + " WHERE users.id = :id_2) AS anon_1 ORDER BY anon_1.users_id"
    )
    assert folded(query.filter(Query([Address]).filter(Address.user_id == User.id).exists())) == (
        LABELS + " WHERE EXISTS (SELECT 1 FROM addresses WHERE addresses.user_id = users.id)"
    )


def test_reading(session: Any) -> None:
    query = session.query(User).order_by(User.id)
    assert [user.name for user in query] == ["ann", "bob"]
    assert query.first().name == "ann"
    assert query[1].name == "bob"
    assert [user.name for user in query[0:1]] == ["ann"]
    assert query.count() == 2
    assert query.filter_by(name="bob").one().id == 2
    assert query.filter(User.name == "zoe").one_or_none() is None
    assert session.query(func.max(User.id)).scalar() == 2
    assert session.query(User.name).order_by(User.name.desc()).all() == [("bob",), ("ann",)]
    assert session.query(session.query(User).filter_by(name="ann").exists()).scalar()
    with pytest.raises(exc.NoResultFound):
        query.filter(User.id == 9).one()
    with pytest.raises(exc.MultipleResultsFound):
        query.one()
    with pytest.raises(IndexError):
        query[-1]


def test_objects_come_once(session: Any) -> None:
    assert len(session.query(User).join(User.addresses).all()) == 1
    assert len(session.query(User).options(joinedload(User.addresses)).all()) == 2
    assert len(session.query(User, Address).join(User.addresses).all()) == 2


def test_get_is_legacy(session: Any) -> None:
    with pytest.warns(exc.LegacyAPIWarning):
        user = session.query(User).get(1)
    assert user is session.get(User, 1)
    with (
        pytest.warns(exc.LegacyAPIWarning),
        pytest.raises(exc.InvalidRequestError, match="existing criterion"),
    ):
        session.query(User).filter_by(name="x").get(1)


def test_criteria_after_limit_are_refused(session: Any) -> None:
    query = session.query(User).limit(1)
    with pytest.raises(
        exc.InvalidRequestError, match=r"Query.filter\(\) being called on a Query which already has LIMIT"
    ):
        query.filter(User.id == 1)


def test_changing(session: Any) -> None:
    ann = session.get(User, 1)
    assert session.query(User).filter(User.id == 1).update({User.name: "anna"}) == 1
    assert ann.name == "anna"
    assert session.query(Address).filter(Address.user_id == 1).delete() == 2
    assert session.query(Address).count() == 0
    with pytest.raises(exc.InvalidRequestError, match=r"Query.delete\(\) when limit\(\) has been called"):
        session.query(User).limit(1).delete()


def test_parts(session: Any) -> None:
    late = session.query(User).filter(User.id > 1).subquery()
    assert [user.name for user in session.query(aliased(User, late))] == ["bob"]
    statement = text("select id as users_id, name as users_name from users where id = :id").bindparams(id=2)
    assert [user.name for user in session.query(User).from_statement(statement)] == ["bob"]
    names = session.query(User.name).filter(User.id == Address.user_id).scalar_subquery()
    assert session.query(Address.id, names).order_by(Address.id).all() == [(1, "ann"), (2, "ann")]
    union = session.query(User.id).filter(User.id == 1).union_all(session.query(Address.id))
    assert sorted(union.all()) == [(1,), (1,), (2,)]
    assert session.query(User).with_entities(User.id).order_by(User.id).all() == [(1,), (2,)]


def test_a_query_can_be_looked_into() -> None:

    query = (
        Session()
        .query(User, User.name, func.count(User.id), Bundle("pair", User.id), literal(1).label("one"))
        .filter(User.id > 1)
        .order_by(User.name, User.id.desc())
        .limit(3)
    )
    assert [str(clause) for clause in query._order_by_clauses] == ["users.name", "users.id DESC"]
    assert [str(clause) for clause in query._where_criteria] == ["users.id > :id_1"]
    assert query._limit_clause is not None
    assert query._offset_clause is None
    assert query._group_by_clauses == query._having_criteria == ()
    state = query._compile_state()
    entity, column, count, bundle, number = state._entities
    assert isinstance(entity, lookedinto._MapperEntity)
    assert (entity.expr, entity.mapper, entity.is_aliased_class) == (User, inspect(User), False)
    assert entity.selectable is User.__table__
    assert isinstance(column, lookedinto._ColumnEntity)
    assert (column.expr, column._label_name) == (User.name, "name")
    assert (count._label_name, count.mapper) == (None, inspect(User))
    assert isinstance(bundle, lookedinto._BundleEntity)
    assert bundle.expr is bundle.bundle
    assert (number._label_name, number.mapper, number.entity_zero_or_selectable) == ("one", None, None)
    assert state._mapper_zero() is state._entity_zero() is inspect(User)
    assert state._has_mapper_entities
    assert str(state.statement) == str(query.statement)
    assert Session().query(literal(1), User)._compile_state()._mapper_zero() is None
    assert Session().query(aliased(User))._compile_state()._entities[0].mapper is inspect(User)
