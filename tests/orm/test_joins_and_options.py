"""Joins of entities, loader options, bundles, statements that change rows: what comes back."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    exc,
    func,
    insert,
    inspect,
    literal,
    not_,
    or_,
    select,
    text,
    true,
    union,
    union_all,
    update,
)
from relvar import join as core_join
from relvar.orm import (
    Bundle,
    DictBundle,
    Load,
    Session,
    aliased,
    contains_eager,
    declarative_base,
    defaultload,
    defer,
    immediateload,
    join,
    joinedload,
    lazyload,
    load_only,
    outerjoin,
    raiseload,
    relationship,
    selectinload,
    subqueryload,
    undefer,
    with_expression,
    with_loader_criteria,
)
from relvar.orm.exc import LoaderStrategyException

Base = declarative_base()

tagged = Table(
    "tagged",
    Base.metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String(9))
    orders = relationship("Order", back_populates="user", order_by="Order.id")
    addresses = relationship("Address", order_by="Address.id")


class Order(Base):
    __tablename__ = "orders"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    address_id = Column(ForeignKey("addresses.id"))
    code = Column(String(5))
    user = relationship(User, back_populates="orders")
    tags = relationship("Tag", secondary=tagged, order_by="Tag.id", backref="orders")
    address = relationship("Address")


class Tag(Base):
    __tablename__ = "tags"
    id = Column(Integer, primary_key=True)
    name = Column(String(5))


class Address(Base):
    __tablename__ = "addresses"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("users.id"))
    email = Column(String(5))


def fill(engine: Any) -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        x, y = Address(id=1, email="x"), Address(id=2, email="y")
        p, q = Tag(id=1, name="p"), Tag(id=2, name="q")
        session.add_all(
            [
                User(
                    id=1,
                    name="jack",
                    addresses=[x],
                    orders=[
                        Order(id=1, code="a", address=x, tags=[p, q]),
                        Order(id=2, code="b", tags=[p]),
                    ],
                ),
                User(id=2, name="ed", addresses=[y], orders=[Order(id=3, code="c", address=y)]),
                User(id=3, name="zz"),
            ]
        )
        session.commit()


@pytest.fixture
def session(engine: Any) -> Any:
    fill(engine)
    with Session(engine) as made:
        yield made


ALL = [("ed", "c"), ("jack", "a"), ("jack", "b")]
TAGGED = [("jack", "a"), ("jack", "a"), ("jack", "b")]


def rows(session: Session, statement: Any) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in session.execute(statement)), key=repr)


# joins ------------------------------


def test_joins_of_two(session: Session) -> None:
    order, user = aliased(Order), aliased(User)
    pair = select(User.name, Order.code)
    for statement in (
        pair.join(Order),
        pair.join(User.orders),
        pair.join(Order, User.id == Order.user_id),
        pair.join(Order, User.orders),
        pair.join(Order.user),
        pair.join_from(User, Order),
        pair.join_from(User, Order, User.id == Order.user_id),
        pair.join_from(User, User.orders),
        pair.select_from(join(User, Order)),
        pair.select_from(join(User, Order, User.orders)),
        pair.select_from(core_join(User.__table__, Order.__table__)),
        pair.join(Order.__table__),
        select(User.__table__.c.name, Order.code).join_from(User.__table__, Order),
        select(User.name, order.code).join(order, User.orders),
        select(User.name, order.code).join(User.orders.of_type(order)),
        select(user.name, order.code).join(user.orders.of_type(order)),
        select(user.name, order.code).join(order.user.of_type(user)),
        pair.join(User.orders).join(User.addresses),
    ):
        assert rows(session, statement) == ALL, str(statement)
    for statement in (
        pair.outerjoin(User.orders),
        pair.join(User.orders, isouter=True),
        pair.outerjoin_from(User, Order),
        pair.select_from(outerjoin(User, Order, User.orders)),
        pair.select_from(outerjoin(User, Order)),
    ):
        assert rows(session, statement) == sorted([*ALL, ("zz", None)], key=repr), str(statement)
    some = pair.join(User.orders.and_(Order.code == "a"))
    assert rows(session, some) == [("jack", "a")]
    some = pair.join(Order, User.orders.and_(Order.code != "a"))
    assert rows(session, some) == [("ed", "c"), ("jack", "b")]


def test_joins_of_several(session: Session) -> None:
    order, user, address = aliased(Order), aliased(User), aliased(Address)
    pair = select(User.name, Order.code)
    assert rows(session, pair.join(User.orders).join(Order.tags)) == TAGGED
    assert rows(session, pair.join(Order.user).join(Order.tags)) == TAGGED
    assert rows(session, pair.join(User.orders).join(Order.tags.and_(Tag.name == "q"))) == [("jack", "a")]
    deep = select(user.name, order.code).join(user.orders.of_type(order)).join(order.tags)
    assert rows(session, deep) == TAGGED
    emails = [("a", "x"), ("c", "y")]
    both = select(Order.code, Address.email)
    for statement in (
        both.join(Address),
        both.select_from(join(User, Order, User.orders).join(Address, Order.address)),
        both.select_from(join(User, Order).join(Address, Order.address_id == Address.id)),
        both.join_from(User, Order).join_from(Order, Address, Order.address),
    ):
        assert rows(session, statement) == emails, str(statement)
    kept = select(Order.code).select_from(join(User, Order).outerjoin(Address, Order.address))
    assert rows(session, kept) == [("a",), ("b",), ("c",)]
    two = select(User.name).join(User.orders).join(Order.address).join(address, User.addresses)
    assert rows(session, two) == [("ed",), ("jack",)]
    greater = select(user.name, User.name).join(user, user.id > User.id)
    assert rows(session, greater) == [("ed", "jack"), ("zz", "ed"), ("zz", "jack")]


def test_joins_to_subqueries(session: Session) -> None:
    counts = select(Order.user_id, func.count().label("n")).group_by(Order.user_id).subquery()
    assert rows(session, select(User.name, counts.c.n).join(counts, User.id == counts.c.user_id)) == [
        ("ed", 1),
        ("jack", 2),
    ]
    assert rows(session, select(User.name, counts.c.n).join(counts)) == [("ed", 1), ("jack", 2)]
    late = aliased(Order, select(Order).where(Order.code != "a").subquery())
    for statement in (
        select(User.name, late.code).join(User.orders.of_type(late)),
        select(User.name, late.code).join(late, late.user_id == User.id),
        select(User.name, late.code).join(late.user),
    ):
        assert rows(session, statement) == [("ed", "c"), ("jack", "b")], str(statement)
    newest = select(Order.user_id, func.max(Order.id).label("m")).group_by(Order.user_id).cte("newest")
    statement = select(User.name, newest.c.m).join(newest, newest.c.user_id == User.id)
    assert rows(session, statement) == [("ed", 3), ("jack", 2)]


@pytest.mark.backends("postgresql")
def test_lateral_joins(session: Session) -> None:
    first = select(Order.code).where(Order.user_id == User.id).order_by(Order.id).limit(1).lateral()
    assert rows(session, select(User.name, first.c.code).join(first, true())) == [("ed", "c"), ("jack", "a")]
    statement = select(User.name, Order.code).join(User.orders, full=True)
    assert rows(session, statement) == sorted([*ALL, ("zz", None)], key=repr)


def test_joins_that_cannot_be() -> None:
    wrong = {
        "Don't know how to join to .*Tag": select(User).join(Tag),
        "Can't determine which FROM clause to join from": select(User, Order).join(Address),
        "Don't know how to join to .*Mapper|Don't know how to join to Table": select(literal(1)).join(User),
    }
    for message, statement in wrong.items():
        with pytest.raises(exc.InvalidRequestError, match=message):
            str(statement)
    for target in ("orders", 5):
        with pytest.raises(exc.ArgumentError, match="Join target, typically a FROM expression, or ORM rela"):
            select(User).join(target)
    with pytest.raises(exc.ArgumentError, match="does not have the relationship"):
        join(User, Order, Order.address)


def test_conditions_on_related_rows(session: Session) -> None:
    names, codes = select(User.name), select(Order.code)
    user = session.get(User, 1)
    for statement, expected in (
        (names.where(User.orders.any()), ["ed", "jack"]),
        (names.where(~User.orders.any()), ["zz"]),
        (names.where(User.orders.any(Order.tags.any(Tag.name == "q"))), ["jack"]),
        (codes.where(Order.user.has(User.name == "ed")), ["c"]),
        (codes.where(Order.user.has(name="ed")), ["c"]),
        (codes.where(~Order.user.has(User.addresses.any(email="x"))), ["c"]),
        (codes.where(Order.address == None), ["b"]),
        (codes.where(Order.address != None), ["a", "c"]),
        (codes.where(Order.user == user), ["a", "b"]),
        (codes.where(Order.user != user), ["c"]),
        (names.where(User.id.in_(select(Order.user_id))), ["ed", "jack"]),
        (names.filter_by(id=1), ["jack"]),
        (names.join(User.orders).filter_by(code="c"), ["ed"]),
        (names.where(User.id == bindparam("i")).params(i=2), ["ed"]),
    ):
        assert sorted(session.scalars(statement)) == expected, str(statement)
    with pytest.raises(
        exc.InvalidRequestError, match='None of the FROM clause entities have a property "nope"'
    ):
        names.filter_by(nope=1)


# loading ------------------------------


def graph(users: Any) -> Any:
    return [
        (
            u.name,
            [(o.code, [t.name for t in o.tags], o.address.email if o.address else None) for o in u.orders],
        )
        for u in users
    ]


GRAPH = [
    ("jack", [("a", ["p", "q"], "x"), ("b", ["p"], None)]),
    ("ed", [("c", [], "y")]),
    ("zz", []),
]


@pytest.mark.parametrize(
    ("option", "statements"),
    [
        (joinedload(User.orders).joinedload(Order.tags), 1),
        (joinedload(User.orders).options(joinedload(Order.tags), joinedload(Order.address)), 1),
        (joinedload(User.orders).joinedload(Order.address, innerjoin=True), 1),
        (joinedload(User.orders).joinedload(Order.address, innerjoin="unnested"), 1),
        (joinedload(User.orders).subqueryload(Order.tags), 2),
        (joinedload(User.orders).selectinload(Order.tags), 2),
        (selectinload(User.orders).joinedload(Order.tags), 2),
        (selectinload(User.orders).options(selectinload(Order.tags), selectinload(Order.address)), 4),
        (selectinload(User.orders).selectinload(Order.user), 3),
        (subqueryload(User.orders).subqueryload(Order.tags), 3),
        (immediateload(User.orders), 4),
        (Load(User).joinedload(User.orders), 1),
        (defaultload(User.orders).joinedload(Order.address), 1),
        (lazyload("*"), 1),
        (load_only(User.name), 1),
        (defer(User.name), 1),
        (joinedload(User.orders).load_only(Order.code), 1),
        (selectinload(User.orders).defer(Order.code), 2),
    ],
    ids=str,
)
def test_what_options_send(sqlite_engine: Any, sql_log: Any, option: Any, statements: int) -> None:
    fill(sqlite_engine)
    log = sql_log(sqlite_engine)
    with Session(sqlite_engine) as session:
        everything = select(User).options(option).order_by(User.id)
        users = session.scalars(everything).unique().all()
        loaded = len(log)
        if "innerjoin" not in str(option.elements):
            assert graph(users) == GRAPH
        assert loaded == statements, log.texts()


def test_conditions_on_what_is_loaded(session: Session) -> None:
    for load in (joinedload, selectinload, subqueryload, immediateload, lazyload):
        session.expunge_all()
        option = load(User.orders.and_(Order.code == "a"))
        users = session.scalars(select(User).options(option).order_by(User.id)).unique()
        assert [[o.code for o in u.orders] for u in users] == [["a"], [], []], load
        session.expunge_all()
        options = (load(User.orders), with_loader_criteria(Order, Order.code != "a"))
        users = session.scalars(select(User).options(*options).order_by(User.id)).unique()
        assert [[o.code for o in u.orders] for u in users] == [["b"], ["c"], []], load


def test_limits_count_the_parents(session: Session) -> None:
    for load in (joinedload, selectinload, subqueryload):
        session.expunge_all()
        some = select(User).options(load(User.orders)).order_by(User.id).limit(2)
        users = session.scalars(some).unique().all()
        assert [[o.code for o in u.orders] for u in users] == [["a", "b"], ["c"]]
        session.expunge_all()
        some = select(User).options(load(User.orders)).order_by(User.name.desc()).limit(2).offset(1)
        users = session.scalars(some).unique().all()
        assert [[o.code for o in u.orders] for u in users] == [["a", "b"], ["c"]]
        session.expunge_all()
        distinct = session.scalars(select(User).options(load(User.orders)).distinct()).unique()
        assert sorted(len(u.orders) for u in distinct) == [0, 1, 2]


def test_joins_that_load(session: Session) -> None:
    order = aliased(Order)
    joined = select(User).join(User.orders).order_by(Order.id)
    again = select(User).join(order, User.orders).order_by(order.id)
    for statement in (
        joined.options(contains_eager(User.orders)),
        again.options(contains_eager(User.orders.of_type(order))),
    ):
        session.expunge_all()
        users = session.scalars(statement).unique().all()
        assert [[o.code for o in u.__dict__["orders"]] for u in users] == [["a", "b"], ["c"]]
    session.expunge_all()
    some = joined.where(Order.code == "b").options(contains_eager(User.orders))
    assert [o.code for o in session.scalars(some).unique().one().orders] == ["b"]
    session.expunge_all()
    deep = joined.join(Order.tags).options(contains_eager(User.orders).contains_eager(Order.tags))
    (user,) = session.scalars(deep.order_by(Tag.id)).unique()
    assert [[t.name for t in o.__dict__["tags"]] for o in user.__dict__["orders"]] == [["p", "q"], ["p"]]
    session.expunge_all()
    up = select(Order).join(Order.user).options(contains_eager(Order.user).joinedload(User.addresses))
    orders = session.scalars(up.order_by(Order.id)).unique().all()
    assert [o.__dict__["user"].name for o in orders] == ["jack", "jack", "ed"]
    one = aliased(User)
    for option in (joinedload(one.orders), selectinload(one.orders).joinedload(Order.address)):
        session.expunge_all()
        users = session.scalars(select(one).options(option).order_by(one.id)).unique()
        assert [len(u.__dict__["orders"]) for u in users] == [2, 1, 0]


def test_options_that_do_not_fit(sqlite_engine: Any) -> None:
    fill(sqlite_engine)
    one = aliased(User)
    only_columns = (
        'which is a "relationship"; this loader strategy is intended to be used with a "column prop'
    )
    only_relations = 'which is a "column property"; this loader strategy is intended to be used with a "relat'
    with Session(sqlite_engine) as session:
        for option, message in (
            (load_only(User.orders), f'"column loader" strategy to property "User.orders", {only_columns}'),
            (undefer(User.orders), f'"column loader" strategy to property "User.orders", {only_columns}'),
            (defer(User.orders), f'"deferred column loader" .*"User.orders", {only_columns}'),
            (with_expression(User.orders, User.id), f'"expression column loader" .*{only_columns}'),
            (
                joinedload(User.orders).load_only(Order.user),
                f'"column loader" .*"Order.user", {only_columns}',
            ),
            (joinedload(User.name), f'"joined loader" strategy to property "User.name", {only_relations}'),
            (selectinload(User.name), f'"select in loader" .*{only_relations}'),
            (raiseload(User.name), f'"lazy loader" .*{only_relations}'),
            (subqueryload(User.name), f'"subquery loader" .*{only_relations}'),
            (immediateload(User.name), f'"immediate loader" .*{only_relations}'),
        ):
            with pytest.raises(LoaderStrategyException, match=message):
                session.execute(select(User).options(option))
        does_not_apply = r"does not apply to any of the root entities in this query, e.g. "
        for entity, option, message in (
            (
                one,
                joinedload(User.orders),
                rf"Mapped class User referenced .*{does_not_apply}aliased\(User\)",
            ),
            (one, load_only(User.name), rf"Mapped class User referenced .*{does_not_apply}aliased\(User\)"),
            (User, joinedload(one.orders), rf"Mapped class aliased\(User\) .*{does_not_apply}User"),
            (User, joinedload(Order.address), rf"Mapped class Order referenced .*{does_not_apply}User"),
            (User.name, joinedload(User.orders), "Query has only expression-based entities"),
        ):
            with pytest.raises(exc.ArgumentError, match=message):
                session.execute(select(entity).options(option))
        with pytest.raises(
            exc.ArgumentError, match='"User.addresses" does not link from relationship "User.o'
        ):
            joinedload(User.orders).joinedload(User.addresses)
        with pytest.raises(exc.ArgumentError, match="Strings are not accepted for attribute names"):
            joinedload("orders")
        eager = select(User).options(joinedload(User.orders))
        with pytest.raises(exc.InvalidRequestError, match=r"The unique\(\) method must be invoked"):
            session.scalars(eager).all()
        session.expunge_all()
        user = session.scalars(select(User).options(raiseload("*"))).first()
        with pytest.raises(
            exc.InvalidRequestError, match="'User.orders' is not available due to lazy='raise'"
        ):
            user.orders


# bundles and other things to select ------------------------------


def test_bundles(session: Session) -> None:
    pair = Bundle("pair", User.name, Order.code)
    assert [
        tuple(row.pair) for row in session.execute(select(pair).join(User.orders).order_by(Order.id))
    ] == [
        ("jack", "a"),
        ("jack", "b"),
        ("ed", "c"),
    ]
    one = session.execute(select(User.id, pair).join(User.orders).where(pair.c.code == "c")).one()
    assert one.id == 2 and one.pair.name == "ed" and one.pair.code == "c"
    first = session.query(Bundle("n", User.name, single_entity=True)).filter(User.id == 1).one()
    assert first.name == "jack"
    nested = Bundle("outer", User.name, Bundle("inner", User.id, User.name))
    row = session.execute(select(nested).where(User.id == 2)).one()
    assert row.outer.name == "ed" and tuple(row.outer.inner) == (2, "ed")
    plain = Bundle("plain", User.__table__.c.name, User.__table__.c.id)
    assert tuple(session.execute(select(plain).where(User.id == 1)).one().plain) == ("jack", 1)
    as_dict = DictBundle("d", User.id, User.name)
    assert session.execute(select(as_dict).where(User.id == 1)).one().d == {"id": 1, "name": "jack"}

    class Shouting(Bundle[Any]):
        def create_row_processor(self, query: Any, procs: Any, labels: Any) -> Any:
            return lambda row: "/".join(str(proc(row)).upper() for proc in procs)

    shouted = select(Shouting("s", User.id, User.name)).where(User.id == 1)
    # over the same columns as the one before
    assert session.scalars(shouted).all() == ["1/JACK"]
    again = Bundle("again", User.id, User.name)
    assert tuple(session.execute(select(again).where(User.id == 1)).one().again) == (1, "jack")
    assert pair.label("other").name == "other" and pair.entity is inspect(User)
    with pytest.raises(AttributeError):
        pair.nope


def test_statements_that_give_entities(session: Session) -> None:
    names = [
        select(User).from_statement(text("SELECT * FROM users ORDER BY id")),
        select(User).from_statement(select(User.__table__).order_by(User.id)),
        select(User).from_statement(
            union_all(*[select(User).where(User.id == i) for i in (1, 2, 3)]).order_by("id")
        ),
    ]
    for statement in names:
        session.expunge_all()
        assert [user.name for user in session.scalars(statement)] == ["jack", "ed", "zz"]
    both = union(select(User).where(User.id == 1), select(User).where(User.id == 2))
    user = aliased(User, both.subquery())
    assert [u.name for u in session.scalars(select(user).order_by(user.id))] == ["jack", "ed"]
    descriptions = select(User, User.name, Order.code.label("l"), aliased(User, name="u")).column_descriptions
    assert [d["name"] for d in descriptions] == ["User", "name", "l", "u"]
    assert [d["entity"] for d in descriptions[:3]] == [User, User, Order] and descriptions[3]["aliased"]
    only = select(User).with_only_columns(User.name, func.count(Order.id)).join(User.orders)
    assert rows(session, only.group_by(User.name).having(func.count(Order.id) > 1)) == [("jack", 2)]
    some = select(User).where(User.id.in_(bindparam("ids", expanding=True)))
    assert len(session.scalars(some, {"ids": [1, 2]}).all()) == 2


# statements that change rows ------------------------------


@pytest.mark.parametrize("sync", ["auto", "evaluate", "fetch"])
def test_objects_follow_updates_and_deletes(session: Session, sync: str) -> None:
    options = {"synchronize_session": sync}
    jack, ed, zz = (session.get(User, i) for i in (1, 2, 3))
    session.execute(update(User).where(User.name == "jack").values(name="j"), execution_options=options)
    assert (jack.name, ed.name) == ("j", "ed")
    conditions = (
        User.id.in_([1, 2]),
        User.id.not_in([7]),
        or_(User.name == "j", User.name.is_(None)),
        not_(User.id == 5),
        User.name != "q",
        User.name.is_not(None),
        User.id + 1 > 0,
        User.id - 1 < 5,
        User.id * 2 <= 5,
        User.id >= 1,
        User.name.startswith("j") if sync == "fetch" else User.name == "j",
    )
    session.execute(update(User).where(*conditions).values(name=User.name + "x"), execution_options=options)
    assert (jack.name, ed.name) == ("jx", "ed")
    session.execute(delete(User).where(User.id == 3), execution_options=options)
    assert inspect(zz).deleted and zz not in session
    lower = update(User).where(func.lower(User.name) == "jx").values(name="low")
    if sync == "evaluate":
        with pytest.raises(
            exc.InvalidRequestError, match="Could not evaluate current criteria in Python: .*Specify 'fetch'"
        ):
            session.execute(lower, execution_options=options)
    else:
        session.execute(lower, execution_options=options)
        assert jack.name == "low"
    session.rollback()
    assert (jack.name, zz.name) == ("jack", "zz")


def test_without_synchronisation_objects_are_stale(session: Session) -> None:
    jack = session.get(User, 1)
    statement = update(User).where(User.id == 1).values(name="j")
    session.execute(statement, execution_options={"synchronize_session": False})
    assert jack.name == "jack"
    session.refresh(jack)
    assert jack.name == "j"
    with pytest.raises(exc.ArgumentError, match="Valid strategies for session synchronization"):
        session.execute(statement, execution_options={"synchronize_session": "nope"})


def test_updates_over_two_tables(session: Session) -> None:
    ed = session.get(User, 2)
    statement = update(User).where(User.id == Order.user_id, Order.code == "c").values({User.name: "m"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        session.execute(statement)
    assert ed.name == "m"
    with pytest.raises(exc.InvalidRequestError, match="Could not evaluate current criteria in Python"):
        session.execute(statement, execution_options={"synchronize_session": "evaluate"})


@pytest.mark.backends("sqlite", "postgresql")
def test_rows_that_changes_return(session: Session) -> None:
    jack = session.get(User, 1)
    changed = update(User).where(User.id == 1).values(name="r").returning(User.id, User.name)
    assert session.execute(changed).all() == [(1, "r")] and jack.name == "r"
    several = session.scalars(update(User).where(User.id < 3).values(name="rr").returning(User))
    assert [user.name for user in several] == ["rr", "rr"] and jack.name == "rr"
    session.execute(tagged.delete())
    assert session.execute(delete(Order).where(Order.id == 1).returning(Order.code)).all() == [("a",)]
    added = session.scalars(insert(User).values(id=9, name="i").returning(User)).one()
    assert added.name == "i" and added in session
    session.execute(insert(User).from_select(["id", "name"], select(User.id + 100, User.name)))
    assert session.scalar(select(func.count()).select_from(User)) == 8


def test_query_update_and_delete(session: Session) -> None:
    jack = session.get(User, 1)
    query = session.query(User)
    assert query.filter(User.id == 1).update({"name": "k"}) == 1 and jack.name == "k"
    changed = query.filter(User.id == 1).update({User.name: User.name + "p"}, synchronize_session="fetch")
    assert changed == 1 and jack.name == "kp"
    assert query.filter(User.id == 3).delete() == 1
    with pytest.raises(exc.InvalidRequestError, match=r"when join\(\), outerjoin\(\), select_from\(\), or"):
        query.join(User.orders).update({"name": "x"})
    with pytest.raises(exc.InvalidRequestError, match=r"when limit\(\) has been called"):
        query.limit(1).delete()


@pytest.mark.feature("G012")
def test_global_criteria_reach_statements_within(engine: Any) -> None:
    """Subqueries of every place, whatever stands around them, again and again with other values."""
    fill(engine)
    users, orders = select(User.id), Order.__table__
    statements = {
        "IN": select(Order.id).where(Order.user_id.in_(users)),
        "entities": select(Order.id, Order).where(Order.user_id.in_(users)).options(joinedload(Order.tags)),
        "EXISTS": select(Order.id).where(select(User.id).where(User.id == Order.user_id).exists()),
        "Core": select(orders.c.id).where(orders.c.user_id.in_(users)),
        "join": select(Order.id).join(users.subquery("u"), text("u.id = orders.user_id")),
    }
    with Session(engine) as session:
        for number in (1, 2, 9, 1):
            only = with_loader_criteria(User, User.id == number)
            expected = set(session.scalars(select(orders.c.id).where(orders.c.user_id == number)))
            for name, statement in statements.items():
                found = session.scalars(statement.options(only)).unique()
                assert set(found) == expected, (name, number)
            of_users = {number} & set(session.scalars(users))
            scalar = select(select(func.max(User.id)).scalar_subquery())
            assert {session.scalar(scalar.options(only))} - {None} == of_users
            assert set(session.scalars(union(users, users).options(only))) == of_users
            query = session.query(Order).filter(Order.user_id.in_(users)).options(only)
            assert query.count() == len(expected)
            changed = update(Order).where(Order.user_id.in_(users)).values(code="made").options(only)
            unsynchronized = {"synchronize_session": False}
            assert session.execute(changed, execution_options=unsynchronized).rowcount == len(expected)
        assert set(session.scalars(statements["IN"])) > expected, "without the option all are found"
