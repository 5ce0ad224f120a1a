"""
``do_orm_execute``: listeners see, change and replace what a session executes, loads of attributes included.
"""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    ForeignKey,
    String,
    bindparam,
    delete,
    event,
    exc,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    UserDefinedOption,
    defer,
    immediateload,
    joinedload,
    lazyload,
    loading,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
    subqueryload,
    with_loader_criteria,
)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    notes: Mapped[str | None] = mapped_column(String(50), deferred=True)
    orders: Mapped[list[Order]] = relationship(back_populates="user", order_by="Order.id")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    item: Mapped[str] = mapped_column(String(20))
    user: Mapped[User | None] = relationship(back_populates="orders")


class Staff(Base):
    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "staff"}


class Manager(Staff):
    __tablename__ = "managers"
    id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    room: Mapped[str] = mapped_column(String(20))
    __mapper_args__ = {
        "polymorphic_identity": "manager",
        "polymorphic_load": "selectin",
    }


@pytest.fixture
def sessions(engine: Any) -> sessionmaker[Session]:
    """Sessions on a database of one user with two orders, one without, and a manager."""
    Base.metadata.create_all(engine)
    made = sessionmaker(engine)
    with made.begin() as session:
        session.add_all(
            [
                User(
                    id=1, name="ann", notes="long", orders=[Order(id=1, item="tea"), Order(id=2, item="milk")]
                ),
                User(id=2, name="bob"),
                Manager(id=1, room="12"),
            ]
        )
    return made


@pytest.fixture
def told(sessions: sessionmaker[Session]) -> list[ORMExecuteState]:
    """What listeners of these sessions got, since last cleared."""
    seen: list[ORMExecuteState] = []
    event.listen(sessions, "do_orm_execute", seen.append)
    return seen


def kinds(state: ORMExecuteState) -> set[str]:
    """Name the questions about its kind that a state says yes to."""
    names = (
        "is_select is_insert is_update is_delete is_relationship_load is_column_load is_orm_statement "
        "is_executemany is_from_statement"
    )
    return {name.removeprefix("is_") for name in names.split() if getattr(state, name)}


def facts(state: ORMExecuteState) -> tuple[Any, ...]:
    """What a state says besides its kind: mapper, all mappers, whose attribute, path."""
    owner = state.lazy_loaded_from
    path = state.loader_strategy_path
    return (
        state.bind_mapper and state.bind_mapper.class_,
        [mapper.class_ for mapper in state.all_mappers],
        owner and type(owner.obj()),
        None if path is None else [str(step) for step in path],
    )


STATEMENTS = {
    "select": (lambda: select(User), None, {"select", "orm_statement"}),
    "function": (lambda: select(func.count(User.id)), None, {"select", "orm_statement"}),
    "insert": (lambda: insert(User).values(id=8, name="x"), None, {"insert", "orm_statement"}),
    "inserts": (
        lambda: insert(User),
        [{"id": 8, "name": "x"}, {"id": 9, "name": "y"}],
        {"insert", "orm_statement", "executemany"},
    ),
    "update": (lambda: update(User).values(name="x"), None, {"update", "orm_statement"}),
    "updates": (lambda: update(User), [{"id": 1, "name": "x"}], {"update", "orm_statement", "executemany"}),
    "delete": (lambda: delete(Order), None, {"delete", "orm_statement"}),
    "text": (lambda: text("SELECT 1"), None, set()),
    "from_select": (
        lambda: select(User).from_statement(select(User).limit(1)),
        None,
        {"select", "orm_statement", "from_statement"},
    ),
    "from_statement": (
        lambda: select(User).from_statement(text("SELECT * FROM users")),
        None,
        {"orm_statement", "from_statement"},
    ),
}


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_tells_its_kind(sessions: Any, told: list[ORMExecuteState], name: str) -> None:
    make, params, expected = STATEMENTS[name]
    with sessions() as session:
        session.execute(make(), params)
    (state,) = told
    assert kinds(state) == expected
    assert state.session is session
    assert state.parameters == params
    if "orm_statement" in expected:
        subject = Order if name == "delete" else User
        assert facts(state) == (subject, [subject], None, None)
    else:
        assert facts(state) == (None, [], None, None)
    if "select" in expected:
        assert not state.load_options.is_column_load
    else:
        with pytest.raises(exc.InvalidRequestError, match="not against a SELECT statement"):
            _ = state.load_options
    if expected & {"update", "delete"}:
        assert state.update_delete_options is not None
    else:
        with pytest.raises(exc.InvalidRequestError, match="not against an UPDATE or DELETE"):
            _ = state.update_delete_options


@pytest.mark.feature("L007")
def test_loads_of_attributes_are_told(sessions: Any, told: list[ORMExecuteState]) -> None:
    def heard() -> tuple[Any, ...]:
        (state,) = told
        told.clear()
        return kinds(state) - {"select", "orm_statement"}, *facts(state)

    with sessions() as session:
        user = session.get(User, 1)
        assert heard() == (set(), User, [User], None, [])
        assert session.get(User, 1) is user
        assert told == []
        assert session.get(User, 99) is None
        assert heard() == (set(), User, [User], None, [])
        assert [order.item for order in user.orders] == ["tea", "milk"]
        assert heard() == ({"relationship_load"}, Order, [Order], User, [str(inspect(User)), "User.orders"])
        assert user.notes == "long"
        assert heard() == ({"column_load"}, User, [User], None, [])
        session.expire(user)
        assert user.name == "ann"
        assert heard() == ({"column_load"}, User, [User], None, [])
        session.refresh(user, ["name"])
        assert heard() == ({"column_load"}, User, [User], None, [])
        session.expunge_all()
        order = session.get(Order, 1)
        told.clear()
        assert order.user.name == "ann"
        assert heard() == ({"relationship_load"}, User, [User], Order, [str(inspect(Order)), "Order.user"])
        assert [staff.room for staff in session.scalars(select(Staff))] == ["12"]
        assert [kinds(state) for state in told] == [
            {"select", "orm_statement"},
            {"select", "orm_statement", "column_load"},
        ]


@pytest.mark.feature("L007")
@pytest.mark.parametrize("load", [selectinload, subqueryload, immediateload, lazyload])
def test_loads_of_strategies_are_told(sessions: Any, told: list[ORMExecuteState], load: Any) -> None:
    with sessions() as session:
        users = session.scalars(select(User).options(load(User.orders)).order_by(User.id)).all()
        assert [len(user.orders) for user in users] == [2, 0]
    further = told[1:]
    assert {frozenset(kinds(state)) for state in further} == {
        frozenset({"select", "orm_statement", "relationship_load"})
    }
    assert [str(step) for step in further[0].loader_strategy_path] == [str(inspect(User)), "User.orders"]
    assert further[0].loader_strategy_path[-1] is User.orders.property
    by_object = load in (immediateload, lazyload)
    assert [state.lazy_loaded_from is not None for state in further] == [by_object] * (2 if by_object else 1)
    assert "FROM orders" in " ".join(str(further[0].statement).split()) or load is subqueryload


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_joins_and_flushes_are_not_told(sessions: Any, told: list[ORMExecuteState]) -> None:
    with sessions() as session:
        session.scalars(select(User).options(joinedload(User.orders))).unique().all()
        assert len(told) == 1
        session.add(Order(id=3, item="bread"))
        session.flush()
        session.connection().execute(select(User.id))
        assert len(told) == 1


class Marked(UserDefinedOption):
    propagate_to_loaders = True


class Once(UserDefinedOption):
    pass


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_user_defined_options(sessions: Any, told: list[ORMExecuteState]) -> None:
    def payloads() -> list[Any]:
        found = [option.payload for state in told for option in state.user_defined_options]
        told.clear()
        return found

    with sessions() as session:
        user = session.scalars(select(User).options(Marked("m"), Once("o"), defer(User.name))).first()
        assert payloads() == ["m", "o"]
        assert len(user.orders) == 2
        assert payloads() == ["m"]
        assert user.name == "ann"
        assert payloads() == ["m"]
        session.execute(select(User))
        assert payloads() == []
        session.get(User, 2, options=[Once("by key")])
        assert payloads() == ["by key"]
        # a statement that is about tables alone may have them as well
        users = User.__table__
        for statement in (select(users.c.id), update(users).values(name="x"), text("SELECT 1")):
            session.execute(statement.options(Once("of tables"), Marked("m")))
            assert payloads() == ["of tables", "m"]
    assert (Once().payload, Once.propagate_to_loaders) == (None, False)
    with pytest.raises(exc.ArgumentError, match="Core or ORM object expected"):
        select(User).options("marked")


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_options_do_not_hinder_the_cache(sessions: Any, engine: Any) -> None:
    with sessions() as session:
        session.execute(select(User).options(Marked(1)))
        kept = len(engine._compiled_cache)
        session.execute(select(User).options(Marked(2)))
        assert len(engine._compiled_cache) == kept


@pytest.mark.feature("L007")
def test_listener_changes_every_select(sessions: Any, sql_log: Any, engine: Any) -> None:
    @event.listens_for(sessions, "do_orm_execute")
    def hide_milk(state: ORMExecuteState) -> None:
        if state.is_select and not state.is_column_load:
            state.statement = state.statement.options(
                with_loader_criteria(Order, lambda cls: cls.item != "milk", include_aliases=True)
            )

    with sessions() as session:
        assert session.scalars(select(Order.item)).all() == ["tea"]
        for load in (lazyload, selectinload, subqueryload, joinedload, immediateload):
            session.expunge_all()
            query = select(User).where(User.id == 1).options(load(User.orders))
            assert [order.item for order in session.scalars(query).unique().one().orders] == ["tea"]


@pytest.mark.feature("L007")
def test_listener_changes_one_lazy_load(sessions: Any, engine: Any) -> None:
    least = [0]

    @event.listens_for(sessions, "do_orm_execute")
    def latest(state: ORMExecuteState) -> None:
        if state.is_relationship_load:
            state.statement = state.statement.where(Order.id > least[0])

    for _ in range(2):
        for least[0], expected in ((1, ["milk"]), (0, ["tea", "milk"])):
            with sessions() as session:
                assert [order.item for order in session.get(User, 1).orders] == expected


@pytest.mark.feature("L007")
def test_invoke_statement_with_everything_changed(sessions: Any) -> None:
    @event.listens_for(sessions, "do_orm_execute")
    def other(state: ORMExecuteState) -> Any:
        heard.append(dict(state.execution_options))
        if state.execution_options.get("swap"):
            return state.invoke_statement(
                statement=select(User).where(User.id == bindparam("x") + bindparam("y")),
                params={"x": 1},
                execution_options={"added": 1},
                bind_arguments={"mapper": inspect(User)},
            )
        return None

    @event.listens_for(sessions, "do_orm_execute")
    def further(state: ORMExecuteState) -> None:
        heard.append((state.parameters, state.execution_options.get("added"), state.bind_mapper.class_))

    heard: list[Any] = []
    with sessions() as session:
        found = session.scalars(select(Order), {"y": 1}, execution_options={"swap": True})
        assert [user.name for user in found] == ["bob"]
    assert heard == [{"swap": True}, ({"y": 1, "x": 1}, 1, User)]


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_invoke_statement_for_many_parameters(sessions: Any) -> None:
    @event.listens_for(sessions, "do_orm_execute")
    def named(state: ORMExecuteState) -> Any:
        if state.is_insert:
            return state.invoke_statement(params=[{"name": "n"}] * len(state.parameters))
        return None

    with sessions() as session:
        session.execute(insert(User), [{"id": 8}, {"id": 9}])
        assert session.scalars(select(User.name).where(User.id > 2)).all() == ["n", "n"]
        event.remove(sessions, "do_orm_execute", named)

        @event.listens_for(session, "do_orm_execute")
        def wrong(state: ORMExecuteState) -> Any:
            return state.invoke_statement(params=[{}])

        with pytest.raises(exc.InvalidRequestError, match="number of parameter sets"):
            session.execute(insert(User), [{"id": 10}, {"id": 11}])


@pytest.mark.feature("L007")
def test_results_kept_in_a_cache_serve_other_sessions(sessions: Any, engine: Any, sql_log: Any) -> None:
    kept: dict[Any, Any] = {}

    @event.listens_for(sessions, "do_orm_execute")
    def cached(state: ORMExecuteState) -> Any:
        for option in state.user_defined_options:
            key = (option.payload, str(state.statement))
            if key not in kept:
                kept[key] = state.invoke_statement().freeze()
            return loading.merge_frozen_result(state.session, state.statement, kept[key], load=False)()
        return None

    query = select(User).where(User.id == 1).options(Marked("region"))
    for turn in range(2):
        with sessions() as session:
            log = sql_log(engine)
            user = session.scalars(query).one()
            assert (user.name, [order.item for order in user.orders]) == ("ann", ["tea", "milk"])
            assert user in session and user.orders[0] in session
            pairs = session.execute(select(User.name, Order).join(User.orders).options(Marked("pairs"))).all()
            assert [(name, order.item) for name, order in pairs] == [("ann", "tea"), ("ann", "milk")]
            assert len(log) == (0 if turn else 3)
    assert len(kept) == 3


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_update_execution_options(sessions: Any) -> None:
    @event.listens_for(sessions, "do_orm_execute")
    def afresh(state: ORMExecuteState) -> None:
        state.update_execution_options(populate_existing=True, mine=1)
        assert state.local_execution_options["mine"] == 1

    with sessions() as session:
        user = session.get(User, 1)
        user.name = "changed"
        with session.no_autoflush:
            session.scalars(select(User)).all()
        assert user.name == "ann"


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_identity_token_and_bind_arguments(sessions: Any, told: list[ORMExecuteState]) -> None:
    with sessions() as session:
        session.scalars(select(User), execution_options={"identity_token": "shard1"}).all()
        session.scalars(select(User)).all()
    assert [state.identity_token for state in told] == ["shard1", None]
    assert told[0].bind_arguments["clause"] is told[0].statement


@pytest.mark.feature("L007")
@pytest.mark.backends("sqlite")
def test_nothing_is_made_for_listeners_where_none_is(sessions: Any) -> None:
    """Sessions of another factory load as before while one is listened to."""
    seen: list[Any] = []
    other = sessionmaker(sessions.kw["bind"])
    event.listen(other, "do_orm_execute", seen.append)
    with sessions() as session:
        assert len(session.get(User, 1).orders) == 2
    assert seen == []
    with other() as session:
        assert len(session.get(User, 1).orders) == 2
    assert len(seen) == 2


@pytest.mark.feature("L007")
def test_criteria_of_a_listener_reach_what_is_counted(sessions: Any) -> None:
    """What counts the rows of a select of entities is a Core statement; with other values each time."""
    least = [0]

    @event.listens_for(sessions, "do_orm_execute")
    def above(state: ORMExecuteState) -> None:
        option = with_loader_criteria(Order, Order.id > least[0])
        state.statement = state.statement.options(option)

    with sessions() as session:
        for least[0], expected in ((0, 2), (1, 1), (2, 0)):
            assert session.query(Order).count() == expected
            inner = select(Order).subquery()
            assert session.scalar(select(func.count()).select_from(inner)) == expected
