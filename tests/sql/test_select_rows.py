"""What SELECT brings back, compared with the same computed in Python."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
    and_,
    case,
    cast,
    column,
    cte,
    desc,
    distinct,
    exc,
    except_,
    exists,
    func,
    insert,
    intersect,
    lateral,
    literal,
    literal_column,
    not_,
    nulls_first,
    nulls_last,
    or_,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    union_all,
    values,
)

metadata = MetaData()
boss = Table(
    "select_boss",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("boss_id", ForeignKey("select_boss.id")),
    Column("name", String(20)),
    Column("level", Integer),
)
task = Table(
    "select_task",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("boss_id", Integer),
    Column("cost", Integer),
    Column("full title", String(20), key="title"),
)
b, t = boss.c, task.c

BOSSES: list[tuple[Any, ...]] = [
    (1, None, "ann", 5),
    (2, 1, "bob", 3),
    (3, 1, "cid", 3),
    (4, 2, "dan", None),
    (5, 2, None, 1),
]
TASKS: list[tuple[Any, ...]] = [
    (1, 1, 10, "a"),
    (2, 1, 20, "b"),
    (3, 2, 10, None),
    (4, 2, 30, "d"),
    (5, 3, None, "e"),
    (6, 9, 50, "f"),
]


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.execute(insert(boss), [dict(zip(boss.c.keys(), row, strict=True)) for row in BOSSES])
        connection.execute(insert(task), [dict(zip(task.c.keys(), row, strict=True)) for row in TASKS])
        yield connection
        connection.rollback()
        metadata.drop_all(connection)
        connection.commit()


def rows(conn: Any, statement: Any, **params: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.execute(statement, params or None)]


def ordered(found: list[Any]) -> list[Any]:
    return sorted(found, key=repr)


@pytest.mark.feature("D001", "D004", "D026")
def test_columns(conn: Any) -> None:
    assert ordered(rows(conn, select(boss))) == ordered(BOSSES)
    assert rows(conn, select(boss.c["name", "id"]).order_by(b.id)) == [(r[2], r[0]) for r in BOSSES]
    assert rows(conn, select(b.id, b.id, (b.id + 1).label("n"), literal("x")).order_by(b.id)) == [
        (r[0], r[0], r[0] + 1, "x") for r in BOSSES
    ]
    result = conn.execute(select(b.id, b.name, b.id, t.id, t.title).join(task, t.boss_id == b.id))
    assert list(result.keys()) == ["id", "name", "id__1", "id_1", "full title"]
    for row in result:
        assert row._mapping[t.title] == row[4] and row._mapping[b.name] == row[1]
    count = select(b.id).where(b.level == 3).with_only_columns(func.count(), maintain_column_froms=True)
    assert rows(conn, count) == [(2,)]
    added = select(b.id).add_columns(b.level).where(b.id < 3).order_by(b.id)
    assert rows(conn, added) == [(1, 5), (2, 3)]
    reduced = select(boss, task).join(task, t.id == b.id).reduce_columns()
    # boss.boss_id is equal to boss.id, which is called otherwise, and not to task.boss_id
    assert reduced.selected_columns.keys() == [*boss.c.keys(), "id_1", "boss_id_1", "cost", "title"]
    assert all(len(row) == 8 for row in rows(conn, reduced))
    assert rows(conn, select(func.count()).select_from(boss)) == [(5,)]
    assert rows(conn, select(literal(1)).select_from(boss).where(b.id > 3)) == [(1,), (1,)]
    crossed = select(b.id, t.id).select_from(boss, task).where(b.id == 1, t.id != b.id + 10)
    assert len(rows(conn, crossed)) == len(TASKS)
    described = select(b.id, b.name.label("n"), boss).column_descriptions
    assert [d["name"] for d in described] == ["id", "n", "id_1", "boss_id", "name", "level"]


@pytest.mark.feature("D002")
def test_criteria(conn: Any) -> None:
    def ids(*criteria: Any) -> list[Any]:
        return [row[0] for row in rows(conn, select(b.id).where(*criteria).order_by(b.id))]

    assert ids(b.level == 3, b.name == "bob") == [2]
    assert ids(or_(b.level == 5, and_(b.level == 3, b.id > 2))) == [1, 3]
    assert ids(not_(or_(b.level == 5, b.level == 3))) == [5]
    assert ids(b.name.is_(None)) == ids(b.name == None) == [5]  # SQL's comparison
    assert ids(True) == [r[0] for r in BOSSES] and ids(False) == []
    assert ids(tuple_(b.id, b.level).in_([(2, 3), (3, 1)])) == [2]
    assert ids(text("level > :least").bindparams(least=3)) == [1]
    filtered = select(b.id).filter(b.level == 3).filter_by(name="cid")
    assert rows(conn, filtered) == [(3,)]
    joined = select(boss.c.id).join(task, t.boss_id == b.id).filter_by(title="b", level=5)
    assert rows(conn, joined) == [(1,)]
    with pytest.raises(exc.AmbiguousColumnError, match=r'"id" is ambiguous; .*\(select_boss, select_task\)'):
        select(boss).join(task, t.boss_id == b.id).filter_by(id=5)
    with pytest.raises(exc.InvalidRequestError, match='have a property "nope".*select_boss'):
        select(boss).filter_by(nope=5)


@pytest.mark.feature("D003")
def test_joins(conn: Any) -> None:
    inner = [(x[0], y[0]) for x in BOSSES for y in TASKS if y[1] == x[0]]
    on = t.boss_id == b.id
    assert ordered(rows(conn, select(b.id, t.id).join(task, on))) == ordered(inner)
    assert ordered(rows(conn, select(b.id, t.id).join_from(boss, task, on))) == ordered(inner)
    assert ordered(rows(conn, select(b.id, t.id).select_from(boss.join(task, on)))) == ordered(inner)
    busy = {x for x, _ in inner}
    left = inner + [(r[0], None) for r in BOSSES if r[0] not in busy]
    assert ordered(rows(conn, select(b.id, t.id).outerjoin(task, on))) == ordered(left)
    assert ordered(rows(conn, select(b.id, t.id).join(task, on, isouter=True))) == ordered(left)
    assert ordered(rows(conn, select(b.id, t.id).outerjoin_from(boss, task, on))) == ordered(left)
    up = boss.alias("up")
    pairs = [(x[0], y[0]) for x in BOSSES for y in BOSSES if x[1] == y[0]]
    assert ordered(rows(conn, select(b.id, up.c.id).join(up, b.boss_id == up.c.id))) == ordered(pairs)
    three = select(b.id, up.c.id, t.id).join(up, b.boss_id == up.c.id).join(task, t.boss_id == up.c.id)
    expected = [(x, y, z[0]) for x, y in pairs for z in TASKS if z[1] == y]
    assert ordered(rows(conn, three)) == ordered(expected)
    nested = select(up.c.id, b.id, t.id).select_from(
        up.outerjoin(boss.join(task, on), and_(up.c.id == b.boss_id, t.cost > 10))
    )
    found = [
        (x[0], y, z)
        for x in BOSSES
        for y, z in inner
        for w in TASKS
        if w[0] == z and (w[2] or 0) > 10
        for v in BOSSES
        if v[0] == y and v[1] == x[0]
    ]
    found += [(x[0], None, None) for x in BOSSES if x[0] not in {f[0] for f in found}]
    assert ordered(rows(conn, nested)) == ordered(found)
    with pytest.raises(exc.NoForeignKeysError, match="between 'select_boss' and 'select_task'"):
        boss.join(task)


@pytest.mark.feature("D003")
def test_a_join_is_made_to_the_side_that_is_named(engine: Any) -> None:
    made = MetaData()
    a = Table("left_a", made, Column("id", Integer, primary_key=True, autoincrement=False))
    ab = Table("left_ab", made, Column("id", Integer, primary_key=True, autoincrement=False))
    ab.append_column(Column("a_id", ForeignKey(a.c.id)))
    loop = Table("left_loop", made, Column("a_id", ForeignKey(a.c.id)), Column("ab_id", ForeignKey(ab.c.id)))
    with engine.connect() as connection:
        made.create_all(connection)
        connection.execute(insert(a), [{"id": 1}, {"id": 2}])
        connection.execute(insert(ab), [{"id": 7, "a_id": 1}])
        connection.execute(insert(loop), [{"a_id": 1, "ab_id": None}, {"a_id": 2, "ab_id": 7}])
        by_first = select(loop.c.ab_id).join_from(a, ab).join_from(a, loop)
        assert rows(connection, by_first) == [(None,)]
        by_second = select(loop.c.ab_id).join_from(a, ab).join_from(ab, loop)
        assert rows(connection, by_second) == [(7,)]
        assert rows(connection, select(loop.c.ab_id).select_from(a).join(ab).join(loop)) == [(7,)]
        connection.rollback()
        made.drop_all(connection)
        connection.commit()


@pytest.mark.feature("D003")
@pytest.mark.backends("sqlite", "postgresql")
def test_full_join(conn: Any) -> None:
    found = rows(conn, select(b.id, t.id).join(task, t.boss_id == b.id, full=True))
    inner = [(x[0], y[0]) for x in BOSSES for y in TASKS if y[1] == x[0]]
    left = [(r[0], None) for r in BOSSES if r[0] not in {x for x, _ in inner}]
    right = [(None, r[0]) for r in TASKS if r[0] not in {y for _, y in inner}]
    assert ordered(found) == ordered(inner + left + right)


@pytest.mark.feature("D005")
def test_order_and_groups(conn: Any) -> None:
    assert rows(conn, select(b.id).order_by(b.level.is_(None), b.level.desc(), b.id)) == [
        (r[0],) for r in sorted(BOSSES, key=lambda r: (r[3] is None, -(r[3] or 0), r[0]))
    ]
    label = (b.id * -1).label("below")
    assert rows(conn, select(label).order_by("below")) == rows(conn, select(label).order_by(label))
    assert rows(conn, select(label).order_by(desc("below"))) == [(-n,) for n in range(1, 6)]
    assert len(rows(conn, select(b.id).order_by(b.id).order_by(None))) == 5
    groups = Counter(r[3] for r in BOSSES)
    counted = select(b.level, func.count().label("n")).group_by(b.level)
    assert ordered(rows(conn, counted)) == ordered(list(groups.items()))
    assert rows(conn, counted.having(func.count() > 1)) == [(3, 2)]
    assert rows(conn, select(func.count()).select_from(boss).group_by(b.level).group_by(None)) == [(5,)]
    parity = case((b.id % 2 == 0, "even"), else_="odd").label("parity")
    by_label = select(parity, func.sum(b.id)).group_by(parity).order_by(parity)
    assert [(p, int(s)) for p, s in rows(conn, by_label)] == [("even", 6), ("odd", 9)]


@pytest.mark.feature("D005")
@pytest.mark.backends("sqlite", "postgresql")
def test_nulls_first_and_last(conn: Any) -> None:
    none_last = [(r[0],) for r in sorted(BOSSES, key=lambda r: (r[3] is None, r[3] or 0, r[0]))]
    none_first = [(r[0],) for r in sorted(BOSSES, key=lambda r: (r[3] is not None, r[3] or 0, r[0]))]
    assert rows(conn, select(b.id).order_by(nulls_last(b.level), b.id)) == none_last
    assert rows(conn, select(b.id).order_by(b.level.asc().nulls_first(), b.id)) == none_first
    assert rows(conn, select(b.id).order_by(nulls_first(b.level), b.id)) == none_first


@pytest.mark.feature("D006")
def test_pages(conn: Any) -> None:
    query = select(b.id).order_by(b.id)
    everything = [(n,) for n in range(1, 6)]
    for limit, offset in itertools.product((None, 0, 1, 3, 10), (None, 0, 2, 10)):
        start = offset or 0
        expected = everything[start:] if limit is None else everything[start : start + limit]
        assert rows(conn, query.limit(limit).offset(offset)) == expected
    assert rows(conn, query.slice(1, 3)) == everything[1:3]
    assert rows(conn, select(query.limit(3).subquery()).order_by(text("1 DESC")).limit(2)) == [(3,), (2,)]


@pytest.mark.feature("D006")
@pytest.mark.backends("postgresql")
def test_fetch(conn: Any) -> None:
    query = select(b.level).where(b.level.is_not(None)).order_by(b.level)
    assert rows(conn, query.fetch(2)) == [(1,), (3,)]
    assert rows(conn, query.fetch(2, with_ties=True)) == [(1,), (3,), (3,)]
    assert rows(conn, query.fetch(2).offset(1)) == [(3,), (3,)]


@pytest.mark.feature("D007")
def test_distinct(conn: Any) -> None:
    assert ordered(rows(conn, select(b.level).distinct())) == ordered([(x,) for x in {r[3] for r in BOSSES}])
    assert rows(conn, select(func.count(distinct(b.level)), func.count(b.level.distinct()))) == [(3, 3)]


@pytest.mark.feature("D007")
@pytest.mark.backends("postgresql")
def test_distinct_on(conn: Any) -> None:
    from relvar.dialects.postgresql import distinct_on

    query = select(t.boss_id, t.id).order_by(t.boss_id, t.id.desc())
    last = {r[1]: r[0] for r in sorted(TASKS)}
    assert rows(conn, query.ext(distinct_on(t.boss_id))) == sorted(last.items())


@pytest.mark.feature("D008")
@pytest.mark.backends("postgresql", "mariadb")
def test_locked_rows_are_left_out_or_refused(conn: Any, engine: Any) -> None:
    conn.commit()
    query = select(b.id).where(b.id.in_([1, 2])).order_by(b.id)
    assert rows(conn, query.with_for_update()) == [(1,), (2,)]
    with engine.connect() as other:
        with pytest.raises(exc.DBAPIError):
            rows(other, query.with_for_update(nowait=True))
        other.rollback()
        if conn.dialect.name == "postgresql":
            both = select(b.id).order_by(b.id)
            assert rows(other, both.with_for_update(skip_locked=True)) == [(3,), (4,), (5,)]
            assert rows(other, query.with_for_update(read=True, skip_locked=True, of=b.id)) == []
            assert rows(other, query.with_for_update(read=True, key_share=True, skip_locked=True)) == []
    conn.rollback()


@pytest.mark.feature("D009", "D010", "D011")
def test_subqueries(conn: Any) -> None:
    costs = {r[0]: sum(y[2] or 0 for y in TASKS if y[1] == r[0]) for r in BOSSES}
    total = select(func.coalesce(func.sum(t.cost), 0)).where(t.boss_id == b.id).scalar_subquery()
    found = rows(conn, select(b.id, total.label("total")).order_by(b.id))
    assert [(i, int(s)) for i, s in found] == list(costs.items())
    derived = select(t.boss_id, func.count().label("n")).group_by(t.boss_id).subquery("d")
    joined = select(b.id, derived.c.n).outerjoin(derived, derived.c.boss_id == b.id).order_by(b.id)
    counts = Counter(r[1] for r in TASKS)
    assert rows(conn, joined) == [(r[0], counts.get(r[0])) for r in BOSSES]
    busy = exists().where(t.boss_id == b.id)
    assert rows(conn, select(b.id).where(busy).order_by(b.id)) == [(1,), (2,), (3,)]
    assert rows(conn, select(b.id).where(~busy).order_by(b.id)) == [(4,), (5,)]
    assert rows(conn, select(b.id).where(select(t.id).where(t.boss_id == b.id, t.cost > 20).exists())) == [
        (2,)
    ]
    assert rows(conn, select(b.id).where(b.id.in_(select(t.boss_id))).order_by(b.id)) == [(1,), (2,), (3,)]
    highest = select(func.max(b.level)).correlate(None).scalar_subquery()
    assert rows(conn, select(b.name).where(b.level == highest)) == [("ann",)]
    deep = exists().where(t.boss_id == b.id, exists().where(boss.alias("z").c.id == t.cost - 9))
    assert rows(conn, select(b.id).where(deep).order_by(b.id)) == [(1,), (2,)]
    alias = select(b.id, b.level).where(b.level == 3).subquery().alias("again")
    assert ordered(rows(conn, select(alias))) == [(2, 3), (3, 3)]
    assert rows(conn, select(exists().where(b.id == 5), exists().where(b.id == 6))) == [(True, False)]
    except_tasks = select(t.id).where(t.boss_id == b.id).correlate_except(task).exists()
    assert rows(conn, select(b.id).where(except_tasks).order_by(b.id)) == [(1,), (2,), (3,)]


@pytest.mark.feature("D012")
def test_ctes(conn: Any) -> None:
    start = select(b.id, b.boss_id, literal(0).label("depth")).where(b.boss_id.is_(None))
    tree = start.cte("tree", recursive=True)
    below = boss.alias("below")
    tree = tree.union_all(
        select(below.c.id, below.c.boss_id, tree.c.depth + 1).where(below.c.boss_id == tree.c.id)
    )
    depth: dict[Any, int] = {None: -1}
    for row in BOSSES:
        depth[row[0]] = depth[row[1]] + 1
    found = rows(conn, select(tree.c.id, tree.c.depth).order_by(tree.c.id))
    assert found == [(r[0], depth[r[0]]) for r in BOSSES]
    counter = cte(select(literal(1).label("n")), "counter", recursive=True)
    counter = counter.union_all(select(counter.c.n + 1).where(counter.c.n < 5))
    assert rows(conn, select(func.sum(counter.c.n))) == [(15,)]
    cheap = select(t.id, t.boss_id).where(t.cost <= 10).cte("cheap")
    both = select(cheap.c.id).where(
        cheap.c.boss_id.in_(select(select(b.id).where(b.level == 5).cte("top").c.id))
    )
    assert rows(conn, both) == [(1,)]
    one, two = cheap.alias("one"), cheap.alias("two")
    assert rows(conn, select(one.c.id, two.c.id).where(one.c.id < two.c.id)) == [(1, 3)]
    nested = select(select(b.id).where(b.level == 3).cte("n", nesting=True)).subquery("q")
    assert ordered(rows(conn, select(nested))) == [(2,), (3,)]
    unused = select(b.id).where(b.id == 1).add_cte(cheap)
    assert rows(conn, unused) == [(1,)]


@pytest.mark.feature("D012")
@pytest.mark.backends("postgresql")
def test_statements_that_change_rows_in_ctes(conn: Any) -> None:
    from relvar import delete, update

    gone = delete(task).where(t.boss_id == 9).returning(t.id, t.cost).cte("gone")
    assert rows(conn, select(gone.c.id, gone.c.cost)) == [(6, 50)]
    changed = update(task).where(t.id == 1).values(cost=t.cost + 5).returning(t.cost).cte("changed")
    assert rows(conn, select(changed)) == [(15,)]
    made = insert(task).values(id=7, boss_id=4).returning(t.id).cte("made")
    assert rows(conn, select(b.name).add_cte(made).where(b.id == 4)) == [("dan",)]
    assert rows(conn, select(t.boss_id).where(t.id == 7)) == [(4,)]
    moved = insert(task).from_select(
        ["id"], select(delete(task).where(t.id == 7).returning(t.id + 1).cte("m"))
    )
    conn.execute(moved)
    assert rows(conn, select(t.id).where(t.id > 6)) == [(8,)]
    kept = select(t.id).where(t.id == 8).cte("kept").prefix_with("MATERIALIZED")
    assert rows(conn, select(kept)) == [(8,)]


@pytest.mark.feature("D013")
@pytest.mark.backends("postgresql")
def test_lateral(conn: Any) -> None:
    dearest = (
        select(t.id, t.cost).where(t.boss_id == b.id, t.cost.is_not(None)).order_by(t.cost.desc()).limit(1)
    )
    expected = []
    for row in BOSSES:
        mine = [y for y in TASKS if y[1] == row[0] and y[2] is not None]
        if mine:
            expected.append((row[0], max(mine, key=lambda y: y[2])[0]))
    joined = dearest.lateral("top")
    assert rows(conn, select(b.id, joined.c.id).join(joined, true()).order_by(b.id)) == expected
    function = lateral(dearest, "top")
    assert rows(conn, select(b.id, function.c.id).order_by(b.id)) == expected


@pytest.mark.feature("D014")
def test_set_operations(conn: Any) -> None:
    one, two, three = select(b.id), select(t.id), select(b.level).where(b.level.is_not(None))
    left, right = [r[0] for r in BOSSES], [r[0] for r in TASKS]
    third = [r[3] for r in BOSSES if r[3] is not None]

    def ids(statement: Any) -> list[Any]:
        return sorted(row[0] for row in rows(conn, statement))

    assert ids(union(one, two)) == sorted({*left, *right})
    assert ids(union_all(one, two, three)) == sorted([*left, *right, *third])
    assert ids(intersect(one, three)) == sorted(set(left) & set(third))
    assert ids(except_(two, three)) == sorted(set(right) - set(third))
    assert ids(one.union(three)) == sorted({*left, *third})
    assert rows(conn, union(one, two).order_by(desc("id")).limit(2)) == [(6,), (5,)]
    assert ids(select(union(one, two).subquery("u").c.id).where(literal_column("u.id") > 3)) == [4, 5, 6]
    assert ids(select(b.id).where(b.id.in_(union(three, select(literal(2)))))) == [1, 2, 3, 5]
    if conn.dialect.name != "sqlite":
        assert ids(union(except_(two, three), intersect(one, three))) == [1, 2, 3, 4, 5, 6]
        assert ids(except_(union(one, two), union(three, select(literal(2))))) == [4, 6]
        paged = union_all(one.order_by(b.id).limit(1), two.order_by(t.id.desc()).limit(1))
        assert ids(paged) == [1, 6]


@pytest.mark.feature("D014")
@pytest.mark.backends("postgresql", "mariadb")
def test_set_operations_that_keep_duplicates(conn: Any) -> None:
    from relvar import except_all, intersect_all

    levels = select(b.level).where(b.level.is_not(None))
    threes = select(b.level).where(b.id == 2)
    assert sorted(rows(conn, except_all(levels, threes))) == [(1,), (3,), (5,)]
    assert sorted(rows(conn, intersect_all(levels, levels))) == [(1,), (3,), (3,), (5,)]


@pytest.mark.feature("D015")
@pytest.mark.backends("postgresql")
def test_values(conn: Any) -> None:
    pairs = values(column("n", Integer), column("word", String), name="pairs").data([(1, "x"), (2, None)])
    assert ordered(rows(conn, select(pairs))) == [(1, "x"), (2, None)]
    assert rows(conn, select(b.name, pairs.c.word).join(pairs, pairs.c.n == b.id).order_by(b.id)) == [
        ("ann", "x"),
        ("bob", None),
    ]
    assert rows(conn, select(pairs.data([(3, "it's")]).alias("w").c.word).where(column("n") == 3)) == [
        ("it's",)
    ]
    inline = values(column("n", Integer), name="i", literal_binds=True).data([(1,), (-2,)])
    assert ordered(rows(conn, select(inline))) == [(-2,), (1,)]
    assert rows(conn, select(func.sum(pairs.cte("c").c.n))) == [(3,)]
    wanted = values(column("a", Integer), column("b", String)).data([(2, "bob"), (3, "x")]).scalar_values()
    assert rows(conn, select(b.id).where(tuple_(b.id, b.name).in_(wanted))) == [(2,)]


@pytest.mark.feature("D016")
@pytest.mark.backends("postgresql")
def test_samples(conn: Any) -> None:
    assert len(rows(conn, select(boss.tablesample(100, name="s")))) == 5
    some = select(boss.tablesample(func.bernoulli(50), name="s", seed=1).c.id)
    assert rows(conn, some) == rows(conn, some)
    assert rows(conn, select(boss.tablesample(0, name="s").c.id)) == []


@pytest.mark.feature("D017")
@pytest.mark.backends("postgresql", "sqlite")
def test_functions_as_tables(conn: Any) -> None:
    if conn.dialect.name == "sqlite":
        each = func.json_each('["a", "b"]').table_valued("value", name="e")
        assert rows(conn, select(each.c.value)) == [("a",), ("b",)]
        keyed = func.json_each('{"x": 1}').table_valued("key", column("value", Integer))
        assert rows(conn, select(keyed.c.key, keyed.c.value + 1)) == [("x", 2)]
        return
    numbers = func.generate_series(1, 3).table_valued("n", name="g").render_derived()
    assert rows(conn, select(numbers.c.n).order_by(numbers.c.n)) == [(1,), (2,), (3,)]
    assert rows(conn, select(func.generate_series(1, 2, type_=Integer).column_valued("x") + 1)) == [
        (2,),
        (3,),
    ]
    counted = func.unnest(literal_column("ARRAY['a','b']")).table_valued("v", with_ordinality="o")
    assert rows(conn, select(counted.render_derived())) == [("a", 1), ("b", 2)]
    records = func.json_to_recordset(cast([{"a": 1, "b": "x"}], JSON))
    pairs = records.table_valued(column("a", Integer), column("b", String))
    assert rows(conn, select(pairs.render_derived(with_types=True))) == [(1, "x")]
    per_row = func.generate_series(1, b.level).table_valued("n").render_derived()
    assert len(rows(conn, select(b.id, per_row.c.n).join(per_row, true()))) == 12
    as_row = select(func.row_to_json(boss.table_valued())).where(b.id == 1)
    assert rows(conn, as_row)[0][0] == {"id": 1, "boss_id": None, "name": "ann", "level": 5}
    assert rows(conn, select(func.json_each(cast({"k": 1}, JSON)).scalar_table_valued("key"))) == [("k",)]


@pytest.mark.feature("D018")
def test_tables_without_metadata(conn: Any) -> None:
    light = table("select_boss", column("id", Integer), column("name", String))
    assert rows(conn, select(light.c.id + 1).where(light.c.name == "bob")) == [(3,)]
    assert rows(conn, select(column("level", Integer)).select_from(light).where(column("id") == 1)) == [(5,)]
    assert rows(conn, select(literal_column("1 + 1", Integer).label("two"))) == [(2,)]
    conn.execute(light.insert().values(id=9, name="new"))
    conn.execute(light.update().where(light.c.id == 9).values(name="newer"))
    assert rows(conn, light.select().where(light.c.id == 9)) == [(9, "newer")]
    conn.execute(light.delete().where(light.c.id == 9))
    assert rows(conn, select(func.count()).select_from(light)) == [(5,)]


@pytest.mark.feature("D019")
def test_hints_are_read(conn: Any) -> None:
    query = select(b.id).where(b.id == 1)
    assert rows(conn, query.prefix_with("/* hello */").suffix_with("/* bye */")) == [(1,)]
    assert rows(conn, query.with_statement_hint("/* hint */")) == [(1,)]
    assert rows(
        conn, query.with_hint(boss, "USE INDEX (PRIMARY)", "mariadb").with_hint(boss, "USE", "x")
    ) == [(1,)]
    assert rows(conn, select(b.level).prefix_with("SQL_NO_CACHE", dialect="mariadb").where(b.id == 1)) == [
        (5,)
    ]


@pytest.mark.feature("D020")
def test_names_of_columns(conn: Any) -> None:
    from relvar import LABEL_STYLE_NONE, LABEL_STYLE_TABLENAME_PLUS_COL

    both = select(boss, task).join(task, t.boss_id == b.id).where(t.id == 3)
    names = conn.execute(both.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)).mappings().one()
    assert names["select_boss_id"] == 2 and names["select_task_id"] == 3 and names[task.c.title] is None
    plain = conn.execute(both.set_label_style(LABEL_STYLE_NONE))
    assert list(plain.keys()) == [*(c.name for c in boss.c), *(c.name for c in task.c)]
    inner = both.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()
    assert rows(conn, select(inner.c.select_task_title, inner.c.select_boss_name)) == [(None, "bob")]
    assert rows(conn, select(both.subquery().c.id_1)) == [(3,)]


@pytest.mark.feature("D022", "D023")
def test_statements_do_not_change(conn: Any) -> None:
    base = select(b.id)
    before = str(base)
    base.where(b.id == 1).order_by(b.id).limit(1).with_for_update().prefix_with("x").distinct()
    base.join(task, t.boss_id == b.id).group_by(b.id).having(b.id > 1).execution_options(a=1)
    assert str(base) == before and base.get_execution_options() == {}
    assert rows(conn, base.where(b.id == 1)) == [(1,)] and len(rows(conn, base)) == 5
    streamed = conn.execute(base.order_by(b.id).execution_options(yield_per=2))
    assert [[row[0] for row in part] for part in streamed.partitions()] == [[1, 2], [3, 4], [5]]


@pytest.mark.feature("D024")
def test_text(conn: Any) -> None:
    statement = text("SELECT id, level FROM select_boss WHERE id > :least AND name = :name")
    assert rows(conn, statement.bindparams(name="cid"), least=1) == [(3, 3)]
    typed = text("SELECT id, level FROM select_boss").columns(b.id, b.level)
    assert rows(conn, select(typed.subquery("q").c.level + 1).where(column("id") == 1)) == [(6,)]
    assert conn.execute(typed).mappings().first()[b.id] == 1
    assert rows(conn, select(typed.cte("q")).where(text("q.level = 5"))) == [(1, 5)]
    assert rows(conn, select(text("count(*)")).select_from(text("select_boss"))) == [(5,)]
    colon = text(r"SELECT concat('\:x', :x)" if conn.dialect.name == "mariadb" else r"SELECT '\:x' || :x")
    assert rows(conn, colon, x="y") == [(":xy",)]


@pytest.mark.feature("D026")
def test_collections_of_columns() -> None:
    assert boss.c.keys() == ["id", "boss_id", "name", "level"]
    assert [name for name, _ in boss.c.items()] == boss.c.keys() and list(boss.c) == boss.c.values()
    assert boss.c.contains_column(b.id) and not boss.c.contains_column(t.id)
    assert "name" in boss.c and "nope" not in boss.c and len(boss.c) == 4
    assert boss.c["id", "name"].keys() == ["id", "name"] and boss.c[0] is b.id
    odd = table("odd", column("add"), column("update"), column("keys"))
    assert str(select(odd.c.add, odd.c.update, odd.c["keys"])).startswith(
        "SELECT odd.add, odd.update, odd.keys"
    )
    with pytest.raises(KeyError):
        boss.c["nope"]
    with pytest.raises(AttributeError, match="nope"):
        boss.c.nope  # the error is the point


def test_columns_of_a_subquery_that_are_called_after_one_column(conn: Any) -> None:
    """A cast, or NOT, of a column is called like it: the subquery must not give that instead."""
    flags = Table("flags", MetaData(), Column("id", Integer, primary_key=True), Column("b", Boolean))
    flags.create(conn)
    conn.execute(insert(flags), [{"id": 1, "b": True}, {"id": 2, "b": False}])
    b, number, spelled = flags.c.b, flags.c.id, cast(flags.c.id, String(5))
    for columns in ((b, ~b), (b, ~b, ~b), (~b, b)):
        for relation in (select(*columns).subquery(), select(*columns).cte()):
            found = sorted(tuple(map(bool, row)) for row in conn.execute(select(relation)))
            assert found == sorted(tuple((c is b) is value for c in columns) for value in (True, False))
    for inner in (
        select(number, spelled, spelled, number),
        select(number, spelled, spelled, number).limit(5),
    ):
        for relation in (inner.subquery(), inner.cte()):
            assert sorted(conn.execute(select(relation))) == [(1, "1", "1", 1), (2, "2", "2", 2)]
    flags.drop(conn)


def test_rows_of_in_have_the_types_of_their_columns(conn: Any) -> None:
    day = datetime.date(2026, 11, 25)
    days = Table(
        "days", MetaData(), Column("id", Integer, primary_key=True), Column("d", Date), Column("u", Uuid)
    )
    days.create(conn)
    conn.execute(insert(days), [{"id": i, "d": day, "u": uuid.UUID(int=i)} for i in (1, 2)])
    by_day, by_uuid = tuple_(days.c.id, days.c.d), tuple_(days.c.u, days.c.id)
    found = select(days.c.id)
    assert conn.scalars(found.where(by_day.in_([(None, None), (2, day)]))).all() == [2]
    assert conn.scalars(found.where(by_day.in_([(1, None)]))).all() == []
    assert conn.scalars(found.where(by_uuid.in_([(uuid.UUID(int=1), 1)]))).all() == [1]
    if conn.dialect.name == "sqlite":
        # as days.c.d.in_([1]): a value of another type is sent as it is
        assert conn.scalars(found.where(by_day.in_([(1, 1)]))).all() == []
    days.drop(conn)


def test_two_aliases_of_one_table_are_told_apart(conn: Any) -> None:
    def pairs() -> list[tuple[Any, Any]]:
        one, two = boss.alias(), boss.alias()
        query = select(one.c.id, two.c.id).where(one.c.boss_id == two.c.id)
        return sorted((row._mapping[one.c.id], row._mapping[two.c.id]) for row in conn.execute(query))

    assert pairs() == pairs() == [(2, 1), (3, 1), (4, 2), (5, 2)]
    one, two = select(boss).subquery(), select(boss).subquery()
    query = select(one.c.name, two.c.name).where(one.c.id == 1, two.c.id == one.c.id + 1)
    for _ in range(2):
        narrowed = conn.execute(query).columns(1, 0).one()
        assert narrowed._mapping[one.c.name] == "ann" and narrowed._mapping[two.c.name] == "bob"
