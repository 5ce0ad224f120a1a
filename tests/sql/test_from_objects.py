"""What stands in FROM, and how it is used: run on each database, and its text where dialects differ."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from relvar import (
    ARRAY,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    all_,
    any_,
    bindparam,
    column,
    delete,
    exc,
    except_,
    func,
    insert,
    intersect,
    literal,
    literal_column,
    select,
    table,
    tablesample,
    text,
    true,
    tuple_,
    union,
    union_all,
    values,
)
from relvar.dialects import mssql, mysql, postgresql

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)),
    Column("boss_id", ForeignKey("people.id")),
    Column("pay", Integer),
)
tasks = Table(
    "tasks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("people.id")),
    Column("hours", Integer),
)
p, t = people.c, tasks.c

PEOPLE = [(1, "ann", None, 90), (2, "bob", 1, 50), (3, "cat", 1, 50), (4, "dan", 2, 20)]
TASKS = [(1, 1, 5), (2, 2, 3), (3, 2, 8), (4, 3, 1)]


@pytest.fixture
def connection(engine: Any) -> Any:
    metadata.create_all(engine)
    with engine.begin() as connection:
        names = people.c.keys()
        connection.execute(insert(people), [dict(zip(names, row)) for row in PEOPLE])
        connection.execute(insert(tasks), [dict(zip(tasks.c.keys(), row)) for row in TASKS])
        yield connection


def rows(connection: Any, statement: Any) -> list[Any]:
    return [tuple(row) for row in connection.execute(statement)]


@pytest.mark.feature("D008")
def test_locks(connection: Any) -> None:
    base = select(p.id).where(p.id == 1)
    assert rows(connection, base.with_for_update()) == [(1,)]
    if connection.dialect.name != "sqlite":
        for options in ({"nowait": True}, {"read": True}, {"skip_locked": True}):
            assert rows(connection, base.with_for_update(**options)) == [(1,)]
    if connection.dialect.name == "postgresql":
        for options in (
            {"key_share": True},
            {"read": True, "key_share": True},
            {"of": people},
            {"of": [p.id]},
        ):
            assert rows(connection, base.with_for_update(**options)) == [(1,)]
        pg = base.with_for_update(read=True, key_share=True, of=people, skip_locked=True)
        assert str(pg.compile(connection)).endswith("FOR KEY SHARE OF people SKIP LOCKED")
    assert str(base.with_for_update(read=True).compile(dialect=mysql.dialect())).endswith(
        "LOCK IN SHARE MODE"
    )


@pytest.mark.feature("D010")
def test_correlation(connection: Any) -> None:
    hours = select(func.sum(t.hours)).where(t.person_id == p.id)
    with_hours = select(p.name, hours.scalar_subquery()).order_by(p.id)
    assert [tuple(row) for row in rows(connection, with_hours)] == [
        ("ann", 5),
        ("bob", 11),
        ("cat", 1),
        ("dan", None),
    ]
    explicit = select(p.name, hours.correlate(people).scalar_subquery()).order_by(p.id)
    assert rows(connection, explicit) == rows(connection, with_hours)
    but_tasks = select(p.name, hours.correlate_except(tasks).scalar_subquery()).order_by(p.id)
    assert rows(connection, but_tasks) == rows(connection, with_hours)
    alone = select(p.name).where(p.id.in_(select(p.id).where(p.pay == 50).correlate(None))).order_by(p.id)
    assert rows(connection, alone) == [("bob",), ("cat",)]
    inner = select(p.id).where(p.id == 1)
    with pytest.raises(exc.InvalidRequestError, match="returned no FROM clauses due to auto-correlation"):
        str(select(people).where(select(t.id, p.id).exists(), t.id == 1))
    assert rows(connection, select(p.name).where(p.id == inner.scalar_subquery())) == [("ann",)]


@pytest.mark.feature("D012")
def test_common_tables(connection: Any) -> None:
    rich = select(p.id, p.name).where(p.pay >= 50).cte("rich")
    assert rows(connection, select(rich.c.name).order_by(rich.c.id)) == [("ann",), ("bob",), ("cat",)]
    other = rich.alias("other")
    pairs = select(rich.c.id, other.c.id).join(other, rich.c.id < other.c.id).order_by(rich.c.id, other.c.id)
    assert rows(connection, pairs) == [(1, 2), (1, 3), (2, 3)]
    chain = (
        select(p.id, p.name, literal(0).label("depth"))
        .where(p.boss_id.is_(None))
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(p.id, p.name, (chain.c.depth + 1).label("depth")).join(chain, p.boss_id == chain.c.id)
    )
    found = rows(connection, select(chain.c.name, chain.c.depth).order_by(chain.c.id))
    assert found == [("ann", 0), ("bob", 1), ("cat", 1), ("dan", 2)]
    added = select(p.id).where(p.id == 1).add_cte(rich)
    assert rows(connection, added) == [(1,)] and "WITH rich AS" in str(added)
    if connection.dialect.name == "postgresql":
        materialized = select(p.id).cte("m").prefix_with("MATERIALIZED")
        assert rows(connection, select(func.count()).select_from(materialized)) == [(4,)]
        gone = delete(tasks).where(t.hours < 2).returning(t.id).cte("gone")
        assert rows(connection, select(gone.c.id)) == [(4,)]
        inner = select(p.id).where(p.id > 2).cte("inner_cte", nesting=True)
        outer = select(inner.c.id).cte("outer_cte")
        assert sorted(rows(connection, select(outer.c.id))) == [(3,), (4,)]


@pytest.mark.feature("D013")
@pytest.mark.backends("postgresql")
def test_lateral(connection: Any) -> None:
    longest = select(t.hours).where(t.person_id == p.id).order_by(t.hours.desc()).limit(1).lateral("longest")
    statement = select(p.name, longest.c.hours).outerjoin(longest, true()).order_by(p.id)
    assert rows(connection, statement) == [("ann", 5), ("bob", 8), ("cat", 1), ("dan", None)]


@pytest.mark.feature("D014")
def test_set_operations(connection: Any) -> None:
    low, high = select(p.id).where(p.id < 3), select(p.id).where(p.id > 1)
    assert sorted(rows(connection, union(low, high))) == [(1,), (2,), (3,), (4,)]
    assert rows(connection, union_all(low, high).order_by("id")) == [(1,), (2,), (2,), (3,), (4,)]
    assert rows(connection, intersect(low, high)) == [(2,)] and rows(connection, except_(low, high)) == [(1,)]
    assert rows(connection, low.union(high).order_by("id").limit(2)) == [(1,), (2,)]
    assert rows(connection, low.union_all(high).order_by(p.id.desc()).offset(3).limit(5)) == [(2,), (1,)]
    both = low.union(high).subquery()
    assert rows(connection, select(func.count()).select_from(both)) == [(4,)]
    if connection.dialect.name == "postgresql":
        assert rows(connection, low.except_all(high)) == [(1,)] and rows(
            connection, low.intersect_all(high)
        ) == [(2,)]


@pytest.mark.feature("D015")
@pytest.mark.backends("postgresql")
def test_rows_of_values(connection: Any) -> None:
    given = values(column("id", Integer), column("word", String), name="given").data(
        [(1, "one"), (3, "three")]
    )
    joined = select(p.name, given.c.word).join(given, given.c.id == p.id).order_by(p.id)
    assert rows(connection, joined) == [("ann", "one"), ("cat", "three")]
    common = given.cte("common")
    assert rows(connection, select(common.c.word).order_by(common.c.id)) == [("one",), ("three",)]
    single = values(column("x", Integer)).data([(7,)]).scalar_values()
    assert rows(connection, select(single)) == [(7,)]
    shown = values(column("id", Integer), name="v", literal_binds=True).data([(5,)])
    assert rows(connection, select(shown)) == [(5,)] and "VALUES (5)" in str(
        select(shown).compile(connection)
    )


@pytest.mark.feature("D016")
@pytest.mark.backends("postgresql")
def test_samples(connection: Any) -> None:
    sample = tablesample(people, func.bernoulli(100), name="some", seed=literal(3))
    assert rows(connection, select(func.count()).select_from(sample)) == [(4,)]
    assert rows(connection, select(sample.c.id).order_by(sample.c.id))[0] == (1,)
    assert rows(connection, select(func.count()).select_from(people.tablesample(100))) == [(4,)]


@pytest.mark.feature("D017")
@pytest.mark.backends("postgresql")
def test_functions_as_tables(connection: Any) -> None:
    numbers = func.generate_series(1, 3).table_valued("n").render_derived(name="numbers")
    assert rows(connection, select(numbers.c.n).order_by(numbers.c.n.desc())) == [(3,), (2,), (1,)]
    assert rows(connection, select(func.generate_series(4, 5).column_valued("x"))) == [(4,), (5,)]
    numbered = func.unnest(postgresql.array(["a", "b"])).table_valued("word", with_ordinality="nr")
    derived = numbered.render_derived(name="d")
    assert rows(connection, select(derived.c.word, derived.c.nr)) == [("a", 1), ("b", 2)]
    typed = func.json_to_recordset('[{"a": 1, "b": "x"}]', type_=None)
    record = typed.table_valued(column("a", Integer), column("b", String)).render_derived(
        "r", with_types=True
    )
    assert "AS r(a INTEGER, b VARCHAR)" in str(select(record.c.a).compile(connection))
    assert (
        rows(connection, select(func.row_to_json(people.table_valued())).where(p.id == 1))[0][0]["name"]
        == "ann"
    )
    free = func.generate_series(1, 2).table_valued("n", joins_implicitly=True).render_derived(name="free")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", exc.SAWarning)
        assert len(rows(connection, select(p.id, free.c.n))) == 8


@pytest.mark.feature("D018")
def test_tables_without_metadata(connection: Any) -> None:
    light = table("people", column("id", Integer), column("name", String(20)))
    assert rows(connection, select(light.c.name).where(light.c.id == 2)) == [("bob",)]
    connection.execute(light.insert().values(id=9, name="new"))
    connection.execute(light.update().where(light.c.id == 9).values(name="newer"))
    assert rows(connection, select(light).where(light.c.id == 9)) == [(9, "newer")]
    connection.execute(light.delete().where(light.c.id == 9))
    assert rows(connection, select(column("id")).select_from(table("people")).where(column("pay") == 90)) == [
        (1,)
    ]
    assert rows(connection, select(literal_column("1 + 1", Integer).label("two"))) == [(2,)]
    assert str(table("a", column("b"), schema="c").select()) == "SELECT c.a.b \nFROM c.a"
    with pytest.raises(exc.ArgumentError, match="Unsupported argument"):
        table("a", nonsense=1)


@pytest.mark.feature("D019")
def test_hints(connection: Any) -> None:
    hinted = (
        select(p.id)
        .with_hint(people, "WITH (NOLOCK)", "mssql")
        .with_hint(people, "USE INDEX (PRIMARY)", "mysql")
        .with_hint(people, "USE INDEX (PRIMARY)", "mariadb")
        .with_statement_hint("OPTION (FAST 1)", "mssql")
        .prefix_with("SQL_NO_CACHE", dialect="mysql")
        .prefix_with("/* first */")
        .suffix_with("/* last */")
        .where(p.id == 1)
    )
    assert rows(connection, hinted) == [(1,)]
    assert str(hinted.compile(dialect=mssql.dialect())) == (
        "SELECT /* first */ people.id \nFROM people WITH (NOLOCK) "
        "\nWHERE people.id = :id_1 OPTION (FAST 1) /* last */ "
    )
    assert str(hinted.compile(dialect=mysql.dialect())) == (
        "SELECT SQL_NO_CACHE /* first */ people.id \nFROM people USE INDEX (PRIMARY) "
        "\nWHERE people.id = %s /* last */ "
    )


@pytest.mark.feature("D020")
def test_label_styles(connection: Any) -> None:
    both = select(people, tasks.c.id).join(tasks).where(t.id == 1)
    prefixed = both.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    assert list(connection.execute(prefixed).keys())[::4] == ["people_id", "tasks_id"]
    assert list(connection.execute(both).keys()) == ["id", "name", "boss_id", "pay", "id_1"]
    plain = both.set_label_style(LABEL_STYLE_NONE)
    assert str(plain).startswith("SELECT people.id, people.name, people.boss_id, people.pay, tasks.id \n")
    assert plain.get_label_style() is LABEL_STYLE_NONE
    row = connection.execute(both).one()
    assert row._mapping[people.c.id] == 1 and row._mapping[tasks.c.id] == 1


@pytest.mark.feature("D050")
@pytest.mark.backends("postgresql", "mariadb")
def test_any_and_all(connection: Any) -> None:
    pays = select(p.pay).where(p.pay < 90).scalar_subquery()
    assert rows(connection, select(p.id).where(p.pay > all_(pays))) == [(1,)]
    assert len(rows(connection, select(p.id).where(p.pay == any_(pays)))) == 3
    assert len(rows(connection, select(p.id).where(p.pay == pays.any_()))) == 3
    if connection.dialect.name == "postgresql":
        listed = literal([1, 4], ARRAY(Integer))
        assert rows(connection, select(p.id).where(p.id == any_(listed)).order_by(p.id)) == [(1,), (4,)]
        assert rows(connection, select(p.id).where(p.id != all_(listed)).order_by(p.id)) == [(2,), (3,)]


@pytest.mark.feature("D051")
def test_tuples(connection: Any) -> None:
    pair = tuple_(p.pay, p.id)
    assert rows(connection, select(p.name).where(pair == (50, 3))) == [("cat",)]
    assert rows(connection, select(p.name).where(pair > (50, 2)).order_by(p.id)) == [("ann",), ("cat",)]
    listed = bindparam("pairs", expanding=True)
    statement = select(p.name).where(pair.in_(listed)).order_by(p.id)
    assert connection.scalars(statement, {"pairs": [(50, 2), (20, 4), (1, 1)]}).all() == ["bob", "dan"]
    of_subquery = pair.in_(select(p.pay, p.id).where(p.id < 2))
    assert rows(connection, select(p.name).where(of_subquery)) == [("ann",)]


@pytest.mark.feature("D060")
def test_windows(connection: Any) -> None:
    def column_of(expression: Any) -> list[Any]:
        return list(connection.scalars(select(expression).order_by(p.id)))

    assert column_of(func.row_number().over(order_by=p.id.desc())) == [4, 3, 2, 1]
    assert column_of(func.rank().over(order_by=p.pay)) == [4, 2, 2, 1]
    assert column_of(func.count().over(partition_by=p.pay)) == [1, 2, 2, 1]
    assert column_of(func.sum(p.pay).over(order_by=p.id, rows=(None, 0))) == [90, 140, 190, 210]
    assert column_of(func.sum(p.pay).over(order_by=p.id, rows=(-1, 1))) == [140, 190, 120, 70]
    assert column_of(func.sum(p.pay).over(order_by=p.id, rows=(0, None))) == [210, 120, 70, 20]
    assert column_of(func.sum(p.id).over(order_by=p.pay, range_=(None, 0))) == [10, 9, 9, 4]
    if connection.dialect.name != "mariadb":
        assert column_of(func.sum(p.id).over(order_by=p.pay, groups=(-1, 0))) == [6, 9, 9, 4]
        excluded = func.sum(p.id).over(order_by=p.id, rows=(None, None), exclude="CURRENT ROW")
        assert column_of(excluded) == [9, 8, 7, 6]
    assert str(func.foo().over(partition_by=[p.id, p.pay], order_by=[p.id, p.pay.desc()])) == (
        "foo() OVER (PARTITION BY people.id, people.pay ORDER BY people.id, people.pay DESC)"
    )


@pytest.mark.feature("D061", "D062", "D063")
@pytest.mark.backends("postgresql")
def test_aggregates(connection: Any) -> None:
    def value(expression: Any) -> Any:
        return connection.scalar(select(expression))

    assert value(func.count(p.id).filter(p.pay == 50, p.id > 2)) == 1
    assert value(func.percentile_cont(0.5).within_group(p.pay)) == 50
    assert value(func.percentile_disc(0.1).within_group(p.pay.desc())) == 90
    assert value(func.mode().within_group(p.pay)) == 50
    assert value(func.rank(60).within_group(p.pay)) == 4
    assert value(func.array_agg(postgresql.aggregate_order_by(p.id, p.pay, p.id.desc()))) == [4, 3, 2, 1]
    assert (
        value(func.string_agg(p.name, literal_column("'-'")).aggregate_order_by(p.id.desc()))
        == "dan-cat-bob-ann"
    )


def test_text_as_rows(connection: Any) -> None:
    written = text("select id, name from people where id < :top").bindparams(top=3)
    found = written.columns(column("id", Integer), column("name", String)).subquery("w")
    assert rows(connection, select(found.c.name).order_by(found.c.id)) == [("ann",), ("bob",)]


def test_tables_are_found_however_deep_a_column_is() -> None:
    table = Table("t", MetaData(), Column("a", Integer))
    expression: Any = table.c.a
    for _ in range(60):
        expression = func.abs(expression * 2)
    statement = select(expression.label("deep"))
    assert list(statement.get_final_froms()) == [table]
    assert str(statement).endswith("\nFROM t")


def test_what_a_join_is_made_of() -> None:
    q = tasks.alias("q")
    joined = people.join(tasks, p.id == t.person_id)
    outer = joined.outerjoin(q, q.c.id == t.id)
    assert list(outer._from_objects) == [outer, joined, people, tasks, q]
    assert set(outer._hide_froms) == {joined, people, tasks, q}
    deep: Any = people
    for _ in range(30):
        deep = deep.join(tasks.alias(), true())
    assert len(deep._from_objects) == 61
    assert set(deep._hide_froms) == set(deep._from_objects) - {deep}


def test_a_join_finds_its_left_side() -> None:
    boss, q = people.alias("boss"), tasks.alias("q")
    on_tasks, on_boss = p.id == t.person_id, p.boss_id == boss.c.id
    by_hand = people.join(tasks, on_tasks)
    pairs = [
        # one element beside it, or one that is the other side of the condition
        (select(p.name).join(tasks, on_tasks), select(p.name).select_from(by_hand)),
        (select(p.name, t.hours).join(tasks, on_tasks), select(p.name, t.hours).select_from(by_hand)),
        # joins of joins
        (
            select(p.name, boss.c.name).join(tasks, on_tasks).outerjoin(boss, on_boss),
            select(p.name, boss.c.name).select_from(by_hand.outerjoin(boss, on_boss)),
        ),
        # elements of which only one has the column
        (
            select(p.name, q.c.id).join(tasks, on_tasks).where(q.c.id > 1),
            select(p.name, q.c.id).select_from(by_hand).where(q.c.id > 1),
        ),
        # several that were given
        (
            select(t.id).select_from(people, q).join(tasks, on_tasks),
            select(t.id).select_from(by_hand, q),
        ),
        (
            select(t.id).select_from(q, people).join(tasks, on_tasks, full=True),
            select(t.id).select_from(q, people.join(tasks, on_tasks, full=True)),
        ),
        # conditions that are more than a comparison of two columns
        (
            select(p.name, t.id).join(tasks, on_tasks & (t.hours > 1)),
            select(p.name, t.id).select_from(people.join(tasks, on_tasks & (t.hours > 1))),
        ),
        # columns that replaced others after the join
        (
            select(p.name).join(tasks, on_tasks).with_only_columns(t.hours),
            select(t.hours).select_from(by_hand),
        ),
    ]
    for found, said in pairs:
        assert str(found) == str(said)
    with pytest.raises(exc.InvalidRequestError, match="which FROM clause to join from"):
        str(select(p.id, q.c.id).join(tasks, (p.id == q.c.id) & (t.hours > 1)))
