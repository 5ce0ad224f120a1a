"""Statements run: their rows are those that the same computation in Python gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    desc,
    distinct,
    exc,
    exists,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    type_coerce,
    union_all,
    update,
)

metadata = MetaData()
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)),
    Column("age", Integer),
    Column("active", Boolean),
    Column("select", String(20), key="reserved"),
)
addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", ForeignKey("users.id")),
    Column("email", String(20)),
)
u, a = users.c, addresses.c

USERS = [
    {"id": 1, "name": "ann", "age": 30, "active": True, "reserved": "x"},
    {"id": 2, "name": "bob", "age": 40, "active": False, "reserved": "y%"},
    {"id": 3, "name": "cat", "age": None, "active": True, "reserved": None},
    {"id": 4, "name": "d_n", "age": 20, "active": None, "reserved": "100%_"},
]
ADDRESSES = [
    {"id": 1, "user_id": 1, "email": "a@x"},
    {"id": 2, "user_id": 1, "email": "a@y"},
    {"id": 3, "user_id": 2, "email": "b@x"},
    {"id": 4, "user_id": None, "email": "nobody@x"},
]


@pytest.fixture
def connection(engine: Any) -> Iterator[Any]:
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(users), USERS)
        connection.execute(insert(addresses), ADDRESSES)
        connection.commit()
        yield connection
        connection.rollback()


def ids(connection: Any, *criteria: Any) -> list[int]:
    """Return the ids of the users that meet the criteria."""
    return list(connection.scalars(select(u.id).where(*criteria).order_by(u.id)))


@pytest.mark.feature("D001", "D002", "D004", "D005")
def test_select_where_order(connection: Any) -> None:
    run = connection.execute
    assert run(select(users).order_by(u.id)).mappings().all()[1] == {
        "id": 2,
        "name": "bob",
        "age": 40,
        "active": False,
        "select": "y%",
    }
    assert run(select(u.id, u.name.label("who")).order_by(u.id.desc())).first() == (4, "d_n")
    assert run(select(u.id, literal(5).label("five"), null(), true()).where(u.id == 1)).one()[:3] == (
        1,
        5,
        None,
    )
    assert run(select(func.count()).select_from(users)).scalar() == 4
    assert ids(connection, u.age > 20, u.name != "bob") == [1]
    assert connection.scalars(select(users).filter_by(name="bob", age=40)).all() == [2]
    by = (
        select(u.id).order_by(u.age.desc().nulls_last(), u.id)
        if connection.dialect.name != "mariadb"
        else select(u.id).order_by(u.age.is_(None), u.age.desc())
    )
    assert run(by).scalars().all() == [2, 1, 4, 3]
    assert run(select((u.id * -1).label("n")).order_by("n")).scalars().all() == [-4, -3, -2, -1]
    assert run(select(u.id).order_by(desc(u.id)).order_by(None).order_by(u.id)).scalars().all() == [
        1,
        2,
        3,
        4,
    ]
    grouped = select(u.active, func.count(u.id).label("n")).group_by(u.active).having(func.count(u.id) > 1)
    assert run(grouped).all() == [(True, 2)]
    with pytest.raises(
        exc.InvalidRequestError, match='None of the FROM clause entities have a property "nonsense"'
    ):
        select(users).filter_by(nonsense=1)


@pytest.mark.feature("D003")
def test_joins(connection: Any) -> None:
    run = connection.execute
    pairs = select(u.name, a.email).order_by(u.id, a.id)
    inner = [("ann", "a@x"), ("ann", "a@y"), ("bob", "b@x")]
    assert run(pairs.join_from(users, addresses)).all() == inner
    assert run(pairs.select_from(users.join(addresses, u.id == a.user_id))).all() == inner
    outer = run(pairs.select_from(users.outerjoin(addresses))).all()
    assert outer == [*inner, ("cat", None), ("d_n", None)]
    if connection.dialect.name == "postgresql":
        everything = run(
            select(u.name, a.email).select_from(users.join(addresses, full=True)).order_by(u.id, a.id)
        ).all()
        assert everything == [*outer, (None, "nobody@x")]
    other = users.alias("other")
    older = select(u.name, other.c.name).join(other, other.c.age > u.age).order_by(u.id, other.c.id)
    assert run(older).all() == [("ann", "bob"), ("d_n", "ann"), ("d_n", "bob")]
    with pytest.raises(exc.InvalidRequestError, match="Don't know how to join to"):
        str(select(users).join(Table("lonely", MetaData(), Column("id", Integer))))


@pytest.mark.feature("D006", "D007")
def test_limit_offset_distinct(connection: Any) -> None:
    run = connection.scalars
    ordered = select(u.id).order_by(u.id)
    assert run(ordered.limit(2)).all() == [1, 2]
    assert run(ordered.offset(3)).all() == [4]
    assert run(ordered.limit(2).offset(1)).all() == [2, 3]
    assert run(ordered.slice(1, 3)).all() == [2, 3]
    assert run(ordered.limit(0)).all() == []
    assert run(ordered.limit(2), {"param_1": 3}).all() in ([1, 2], [1, 2, 3])
    if connection.dialect.name != "sqlite":
        assert run(ordered.fetch(2)).all() == [1, 2]
        with_ties = select(u.id).order_by(u.active.is_(None)).fetch(1, with_ties=True)
        assert len(run(with_ties).all()) == 3
    assert run(select(a.user_id).where(a.user_id > 0).distinct().order_by(a.user_id)).all() == [1, 2]
    assert run(select(func.count(distinct(a.user_id)))).all() == [2]
    if connection.dialect.name == "postgresql":
        from relvar.dialects.postgresql import distinct_on

        first = select(a.email).where(a.user_id > 0).ext(distinct_on(a.user_id)).order_by(a.user_id, a.id)
        assert run(first).all() == ["a@x", "b@x"]


@pytest.mark.feature("D009", "D011")
def test_subqueries_and_exists(connection: Any) -> None:
    run = connection.execute
    sub = select(a.user_id, func.count(a.id).label("n")).group_by(a.user_id).subquery()
    assert run(select(u.name, sub.c.n).join(sub, sub.c.user_id == u.id).order_by(u.id)).all() == [
        ("ann", 2),
        ("bob", 1),
    ]
    count = select(func.count(a.id)).where(a.user_id == u.id).scalar_subquery()
    assert run(select(u.name, count.label("n")).order_by(u.id)).all() == [
        ("ann", 2),
        ("bob", 1),
        ("cat", 0),
        ("d_n", 0),
    ]
    assert ids(connection, u.age == select(func.max(u.age)).scalar_subquery()) == [2]
    assert ids(connection, exists().where(a.user_id == u.id)) == [1, 2]
    assert ids(connection, ~exists(a.id).where(a.user_id == u.id)) == [3, 4]
    assert ids(connection, u.id.in_(select(a.user_id).where(a.email.like("b%")))) == [2]
    assert run(select(select(users).where(u.age > 25).subquery("x").alias("y").c.name)).scalars().all() == [
        "ann",
        "bob",
    ]


@pytest.mark.feature("D024")
def test_text(connection: Any) -> None:
    run = connection.execute
    assert run(text("select name from users where id = :id"), {"id": 2}).scalar_one() == "bob"
    assert run(text(r"select '\:x', :y"), {"y": 5}).one() == (":x", 5)
    typed = text("select id, active from users where id = 1").columns(id=Integer, active=Boolean)
    assert run(typed).one() == (1, True)
    sub = (
        text("select id as k, name from users")
        .columns(column("k", Integer), column("name", String))
        .subquery("t")
    )
    assert run(select(sub.c.name).where(sub.c.k == 3)).scalars().all() == ["cat"]
    many = text("select id from users where id in :ids order by id").bindparams(
        bindparam("ids", expanding=True)
    )
    assert run(many, {"ids": [1, 3]}).scalars().all() == [1, 3]
    assert run(text("select 7 % 4, '50%'")).one() == (3, "50%")


@pytest.mark.feature("D027", "D028", "D029")
def test_changes(connection: Any) -> None:
    run = connection.execute
    run(insert(users).values(id=10, name="new", age=1))
    run(insert(users).values([{"id": 11, "name": "m1"}, {"id": 12, "name": "m2"}]))
    run(insert(users).values({u.id: 13, u.reserved: "res"}))
    run(
        insert(addresses).from_select(
            ["id", "user_id", "email"], select(u.id + 100, u.id, u.name).where(u.id >= 10)
        )
    )
    got = run(select(a.id, a.user_id, a.email).where(a.id >= 100).order_by(a.id)).all()
    assert got == [(110, 10, "new"), (111, 11, "m1"), (112, 12, "m2"), (113, 13, None)]
    assert run(update(users).where(u.id >= 10).values(age=u.id * 2, name=func.upper("x"))).rowcount == 4
    assert run(select(u.age, u.name).where(u.id == 12)).one() == (24, "X")
    counted = select(func.count(a.id)).where(a.user_id == u.id).scalar_subquery()
    run(update(users).where(u.id < 3).values(age=counted))
    assert run(select(u.age).order_by(u.id)).scalars().all()[:2] == [2, 1]
    if connection.dialect.name in ("mysql", "mariadb"):
        run(
            update(users)
            .where(u.id == 10)
            .ordered_values(("age", 5), ("reserved", cast(u.age + 1, String(5))))
        )
        assert run(select(u.age, u.reserved).where(u.id == 10)).one() == (5, "6")
    run(update(users), {"name": "all"})
    assert set(run(select(u.name)).scalars()) == {"all"}
    by_key = update(users).where(u.id == bindparam("key")).values(name=bindparam("new"))
    run(by_key, [{"key": 1, "new": "one"}, {"key": 2, "new": "two"}])
    assert run(select(u.name).where(u.id < 3).order_by(u.id)).scalars().all() == ["one", "two"]
    assert run(delete(addresses).where(a.id >= 100)).rowcount == 4
    run(delete(users).where(u.id.in_([10, 11]), ~exists().where(a.user_id == u.id)))
    assert ids(connection, u.id >= 10) == [12, 13]
    if connection.dialect.name == "postgresql":
        run(update(addresses).where(a.user_id == u.id, u.id == 1).values(email=u.name))
        assert run(select(a.email).where(a.user_id == 1)).scalars().all() == ["one", "one"]
    if connection.dialect.name != "sqlite":
        run(delete(addresses).where(a.user_id == u.id).where(u.id == 1))
        assert run(select(a.id).where(a.user_id == 1)).all() == []


@pytest.mark.feature("D030")
def test_returning(connection: Any) -> None:
    run = connection.execute
    made = run(insert(users).values(id=20, name="r").returning(u.id, u.name, (u.id + 1).label("next"))).one()
    assert made == (20, "r", 21)
    rows = run(
        insert(users).returning(u.id, u.name, sort_by_parameter_order=True),
        [{"id": i, "name": f"n{i}"} for i in range(30, 20, -1)],
    ).all()
    assert rows == [(i, f"n{i}") for i in range(30, 20, -1)]
    deleted = run(delete(users).where(u.id > 25).returning(u.id)).scalars().all()
    assert sorted(deleted) == [26, 27, 28, 29, 30]
    if connection.dialect.update_returning:
        changed = run(update(users).where(u.id == 20).values(name="changed").returning(users)).one()
        assert changed.name == "changed" and changed.id == 20
        defaults = run(update(users).where(u.id == 20).values(age=u.id + 1).return_defaults(u.age))
        assert defaults.returned_defaults.age == 21


@pytest.mark.feature("D036", "D037", "D040", "D041")
def test_criteria(connection: Any) -> None:
    for criteria, expected in [
        (u.age == 30, [1]),
        (u.age != 30, [2, 4]),
        (u.age < 30, [4]),
        (u.age <= 30, [1, 4]),
        (u.age > 30, [2]),
        (u.age >= 30, [1, 2]),
        (u.age == None, [3]),
        (u.age != None, [1, 2, 4]),
        (u.age.is_(None), [3]),
        (u.age.is_not(None), [1, 2, 4]),
        (u.age.is_distinct_from(30), [2, 3, 4]),
        (u.age.is_not_distinct_from(None), [3]),
        (u.active.is_(True), [1, 3]),
        (u.active, [1, 3]),
        (~u.active, [2]),
        (not_(u.age > 20), [4]),
        (and_(u.age > 20, u.active), [1]),
        (or_(u.age > 30, u.id == 3), [2, 3]),
        (~or_(u.age > 30, u.id == 1), [4]),
        ((u.id == 1) | (u.id == 2) & (u.age == 40), [1, 2]),
        (and_(true(), u.id == 1), [1]),
        (u.id.in_([1, 3, 99]), [1, 3]),
        (u.id.in_([]), []),
        (u.id.not_in([1, 3]), [2, 4]),
        (u.id.not_in([]), [1, 2, 3, 4]),
        (tuple_(u.id, u.name).in_([(1, "ann"), (2, "x")]), [1]),
        (u.id.in_(select(a.user_id)), [1, 2]),
        (u.age.between(20, 30), [1, 4]),
        (~u.age.between(20, 30), [2]),
        (u.age.between(u.id, 30), [1, 4]),
    ]:
        assert ids(connection, criteria) == expected, str(criteria)
    if connection.dialect.name == "postgresql":
        assert ids(connection, u.age.between(30, 20, symmetric=True)) == [1, 4]
        assert ids(connection, tuple_(u.id, u.name).in_([])) == []


@pytest.mark.feature("D038")
def test_like(connection: Any) -> None:
    for criteria, expected in [
        (u.name.like("a%"), [1]),
        (
            u.name.like("d\\_n", escape="\\")
            if connection.dialect.name == "sqlite"
            else u.name.like("d/_n", escape="/"),
            [4],
        ),
        (u.name.ilike("AN_"), [1]),
        (u.name.not_like("%a%"), [2, 4]),
        (u.name.not_ilike("%A%"), [2, 4]),
        (u.name.startswith("c"), [3]),
        (u.name.endswith("b"), [2]),
        (u.name.contains("a"), [1, 3]),
        (~u.name.contains("a"), [2, 4]),
        (u.reserved.contains("%", autoescape=True), [2, 4]),
        (u.reserved.startswith("100%_", autoescape=True), [4]),
        (u.reserved.endswith("%_", autoescape=True, escape="#"), [4]),
        (u.name.contains("_", autoescape=True), [4]),
        (u.name.istartswith("A"), [1]),
        (u.name.iendswith("B"), [2]),
        (u.name.icontains("A"), [1, 3]),
        (u.name.icontains("_N", autoescape=True), [4]),
    ]:
        assert ids(connection, criteria) == expected, str(criteria)


@pytest.mark.feature("D042", "D045", "D046", "D048", "D049")
def test_expressions(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression).where(u.id == 1))

    from decimal import Decimal

    assert value(u.age + 5) == 35 and value(5 - u.age) == -25 and value(u.age * u.id * 2) == 60
    assert float(value(u.age / 4)) == 7.5 and value(u.age // 4) == 7 and value(u.age % 4) == 2
    assert float(value(7 / (u.id + 1))) == 3.5 and value(-(u.age + 1)) == -31 and value((u.age + 1) * 2) == 62
    assert value(u.name + "!" + u.name) == "ann!ann" and value("<" + u.name) == "<ann"
    assert value(u.age - (u.id - 5)) == 34
    assert value(u.age.bitwise_and(6)) == 6 and value(u.age.bitwise_or(1)) == 31
    old = case((u.age > 35, "old"), (u.age > 25, "middle"), else_="young")
    assert connection.scalars(select(old).order_by(u.id)).all() == ["middle", "old", "young", "young"]
    assert value(case({1: "one", 2: "two"}, value=u.id, else_="many")) == "one"
    assert value(case((u.id == 5, 1))) is None
    assert value(cast(u.age, String(10))) == "30" and value(cast("12", Integer) + 1) == 13
    assert value(cast(u.age, Numeric(10, 2))) == Decimal("30.00")
    assert value(type_coerce(u.active, Integer) if connection.dialect.name != "postgresql" else u.id) == 1
    row = connection.execute(
        select(
            literal(5),
            literal("it's"),
            literal(None),
            literal(Decimal("1.5"), Numeric(5, 2)),
            u.age.label("Mixed Case"),
        ).where(u.id == bindparam("key"), u.name == bindparam("who", "ann")),
        {"key": 1},
    ).one()
    assert tuple(row) == (5, "it's", None, Decimal("1.5"), 30)
    assert row._mapping["Mixed Case"] == 30
    with pytest.raises(exc.StatementError, match="A value is required for bind parameter 'key'"):
        connection.execute(select(u.id).where(u.id == bindparam("key")))
    assert value(bindparam("x", callable_=lambda: 11, type_=Integer)) == 11
    assert value(literal(6, literal_execute=True)) == 6


@pytest.mark.feature("D058", "D059")
def test_functions(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression))

    import datetime

    assert connection.execute(
        select(func.count(), func.sum(u.age), func.min(u.age), func.max(u.age)).select_from(users)
    ).one() == (4, 90, 20, 40)
    assert value(func.lower("ABC")) == "abc" and value(func.coalesce(None, 5)) == 5
    assert isinstance(value(func.now()), datetime.datetime)
    assert isinstance(value(func.current_date()), datetime.date)
    assert isinstance(value(func.current_timestamp()), datetime.datetime)
    assert (
        value(func.char_length("four") if connection.dialect.name != "sqlite" else func.length("four")) == 4
    )
    assert value(func.concat("a", "b") if connection.dialect.name != "sqlite" else literal("a") + "b") == "ab"
    joined = connection.scalar(select(func.aggregate_strings(u.name, ",")).where(u.id < 3))
    assert sorted(joined.split(",")) == ["ann", "bob"]
    ranked = select(u.name, func.row_number().over(order_by=u.id.desc())).order_by(u.id)
    assert connection.execute(ranked).all() == [("ann", 4), ("bob", 3), ("cat", 2), ("d_n", 1)]
    if connection.dialect.name != "mariadb":
        assert connection.scalar(select(func.count(u.id).filter(u.age > 20))) == 2
    assert connection.scalar(select(func.length(func.upper(u.name), type_=Integer) + 1).where(u.id == 1)) == 4


@pytest.mark.feature("D022", "D023")
def test_statements_are_immutable_and_carry_options(connection: Any) -> None:
    base = select(u.id).order_by(u.id)
    narrowed = base.where(u.id > 2)
    limited = narrowed.limit(1)
    assert [connection.scalars(s).all() for s in (base, narrowed, limited)] == [[1, 2, 3, 4], [3, 4], [3]]
    optioned = base.execution_options(mine=1)
    assert base.get_execution_options() == {} and optioned.get_execution_options() == {"mine": 1}
    assert optioned.execution_options(other=2).get_execution_options() == {"mine": 1, "other": 2}
    assert connection.scalars(optioned.options()).all() == [1, 2, 3, 4]
    one = insert(users).values(id=50)
    two = one.values(name="x")
    connection.execute(one)
    assert connection.execute(select(u.name).where(u.id == 50)).scalar() is None
    assert "name" in str(two) and "name" not in str(one)


def test_ctes_and_unions(connection: Any) -> None:
    old = select(u.id, u.name).where(u.age >= 30).cte("old")
    assert connection.execute(
        select(old.c.name, a.email).join(a.id.table, a.user_id == old.c.id).order_by(a.id)
    ).all() == [
        ("ann", "a@x"),
        ("ann", "a@y"),
        ("bob", "b@x"),
    ]
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 5))
    assert connection.scalars(select(numbers.c.n)).all() == [1, 2, 3, 4, 5]
    both = union_all(select(u.name), select(a.email).where(a.user_id.is_(None)))
    assert sorted(connection.scalars(both)) == ["ann", "bob", "cat", "d_n", "nobody@x"]
