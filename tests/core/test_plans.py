"""What the engine offers to the layers above it: plans that are kept, and many rows for one plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    delete,
    event,
    exc,
    insert,
    select,
    update,
)
from relvar.engine.prepared import (
    fetch_all,
    plan_for,
    run,
    run_counted,
    run_each,
    run_many,
    run_result,
    run_returning,
    run_rows,
)
from relvar.expr.node import statement_key

t = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20)),
    Column("n", Integer),
)


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    t.create(engine)
    with engine.connect() as connection:
        connection.execute(insert(t), [{"name": name, "n": i} for i, name in enumerate("abc")])
        yield connection


def plan_select(conn: Any, statement: Any, built: list[Any]) -> tuple[Any, Any]:
    key, binds = statement_key(statement)

    def build() -> tuple[Any, Any]:
        built.append(statement)
        return statement, "what was planned"

    return plan_for(conn, key, build, binds=binds), binds


def test_plan_is_built_once_and_takes_the_values_at_hand(conn: Any) -> None:
    built: list[Any] = []
    for n, name in ((0, "a"), (2, "c"), (1, "b")):
        plan, binds = plan_select(conn, select(t.c.name).where(t.c.n == n), built)
        assert run_rows(conn, plan, binds) == [(name,)]
        assert plan.load == "what was planned" and plan.layout.keys == ("name",)
    assert len(built) == 1


def test_plan_with_lists(conn: Any) -> None:
    built: list[Any] = []
    for ns, names in (
        ([0, 1], ["a", "b"]),
        ([2], ["c"]),
        ([], []),
        ([1, 2], ["b", "c"]),
        ([0, 1, 2], ["a", "b", "c"]),
    ):
        statement = select(t.c.name).where(t.c.n.in_(ns), t.c.id > 0).order_by(t.c.name)
        plan, binds = plan_select(conn, statement, built)
        assert [row[0] for row in run_rows(conn, plan, binds)] == names
    assert len(built) == 1


def test_plan_with_binds_of_its_own(conn: Any) -> None:
    """Binds that planning adds are constants of the plan; those of the statement are not."""
    built: list[Any] = []

    def names(n: int) -> list[str]:
        statement = select(t.c.name).where(t.c.n >= n)
        key, binds = statement_key(statement)

        def build() -> tuple[Any, Any]:
            built.append(n)
            return statement.where(t.c.name != "c").order_by(t.c.name), None

        return [row[0] for row in run_rows(conn, plan_for(conn, ("own", key), build, binds=binds), binds)]

    assert names(0) == ["a", "b"] and names(1) == ["b"] and names(2) == []
    assert len(built) == 1


def test_cursor_and_result(conn: Any) -> None:
    plan, binds = plan_select(conn, select(t).order_by(t.c.id), [])
    cursor = run(conn, plan, binds)
    layout = plan.layout_for(cursor)
    assert layout.keys == ("id", "name", "n") and layout.index_of(t.c.name) == 1
    assert len(fetch_all(conn, cursor)) == 3
    assert run_result(conn, plan, binds).scalars("name").all() == ["a", "b", "c"]


def test_no_key_is_not_kept(conn: Any) -> None:
    plan = plan_for(conn, None, lambda: (select(t.c.n), None))
    assert plan_for(conn, None, lambda: (select(t.c.n), None)) is not plan


def plan_insert(conn: Any, statement: Any = None) -> Any:
    made = insert(t) if statement is None else statement
    return plan_for(conn, ("insert", id(made)), lambda: (made, None), column_keys=["name", "n"], many=True)


def rows_in_order(plan: Any, *rows: tuple[str, int]) -> list[tuple[Any, ...]]:
    """Give (name, n) pairs in the order the plan wants."""
    assert set(plan.names) == {"name", "n"}
    return [tuple({"name": name, "n": n}[key] for key in plan.names) for name, n in rows]


def test_many_rows(conn: Any) -> None:
    plan = plan_insert(conn)
    run_many(conn, plan, rows_in_order(plan, ("x", 10), ("y", 11), ("z", 12)))
    run_many(conn, plan, rows_in_order(plan, ("w", 13)))
    assert conn.scalars(select(t.c.name).where(t.c.n >= 10).order_by(t.c.n)).all() == ["x", "y", "z", "w"]


@pytest.mark.backends("sqlite", "mariadb")
def test_one_execution_per_row_gives_the_keys(conn: Any) -> None:
    plan = plan_insert(conn)
    ids = run_each(conn, plan, rows_in_order(plan, ("x", 10), ("y", 11)))
    assert conn.execute(select(t.c.id, t.c.n).where(t.c.n >= 10).order_by(t.c.n)).all() == list(
        zip(ids, (10, 11))
    )


@pytest.mark.parametrize("count", [1, 2, 7])
def test_returning_keeps_the_order(conn: Any, count: int) -> None:
    plan = plan_insert(conn, insert(t).returning(t.c.id, sort_by_parameter_order=True))
    rows = rows_in_order(plan, *[(f"r{i}", 100 - i) for i in range(count)])
    ids = [row[0] for row in run_returning(conn, plan, rows)]
    stored = dict(conn.execute(select(t.c.id, t.c.n)).all())
    assert [stored[id_] for id_ in ids] == [100 - i for i in range(count)]


def test_update_and_delete_by_row(conn: Any) -> None:
    changed = update(t).where(t.c.n == bindparam("which"))
    plan = plan_for(conn, ("update",), lambda: (changed, None), column_keys=["name", "which"], many=True)
    rows = [tuple({"name": f"new{n}", "which": n}[key] for key in plan.names) for n in (0, 1, 99)]
    assert run_counted(conn, plan, rows) == [1, 1, 0]
    assert conn.scalars(select(t.c.name).order_by(t.c.n)).all() == ["new0", "new1", "c"]
    gone = delete(t).where(t.c.n == bindparam("which"))
    plan = plan_for(conn, ("delete",), lambda: (gone, None), column_keys=["which"], many=True)
    run_many(conn, plan, [(0,), (2,)])
    assert conn.scalars(select(t.c.name)).all() == ["new1"]


def test_rows_are_counted_where_somebody_listens(conn: Any) -> None:
    heard: list[Any] = []
    event.listen(conn, "before_cursor_execute", lambda *args: heard.append(args[3]))
    gone = delete(t).where(t.c.n == bindparam("which"))
    plan = plan_for(conn, ("delete",), lambda: (gone, None), column_keys=["which"], many=True)
    assert run_counted(conn, plan, [(0,), (99,)]) == [1, 0] and len(heard) == 2


def test_errors_are_wrapped(conn: Any) -> None:
    plan = plan_for(conn, ("keys",), lambda: (insert(t), None), column_keys=["id"], many=True)
    for attempt in (run_many, run_counted):
        with pytest.raises(exc.IntegrityError) as caught, conn.begin_nested():
            attempt(conn, plan, [(77,), (77,)])
        assert "INSERT INTO things" in str(caught.value.statement)
        conn.rollback()


def test_plans_of_statements_without_values_differ_by_engine_options(engine: Any, conn: Any) -> None:
    other = engine.execution_options(compiled_cache={})
    with other.connect() as separate:
        cache = other.get_execution_options()["compiled_cache"]
        assert separate.scalar(select(1)) == 1 and len(cache) == 1


def test_listeners_hear_of_prepared_plans(engine: Any, conn: Any) -> None:
    heard: list[Any] = []
    event.listen(engine, "before_execute", lambda *args: heard.append(("before", args[2], args[3])))
    event.listen(engine, "after_execute", lambda *args: heard.append(("after", args[2], args[3])))
    plan = plan_insert(conn)
    rows = rows_in_order(plan, ("x", 10), ("y", 11))
    expected = [dict(zip(plan.names, row)) for row in rows]
    run_many(conn, plan, rows)
    run_many(conn, plan, rows[:1])
    select_plan, binds = plan_select(conn, select(t.c.name).where(t.c.n == 10), [])
    run_rows(conn, select_plan, binds)
    assert heard == [
        (when, *parameters)
        for parameters in ((expected, {}), ([], expected[0]), ([], {}))
        for when in ("before", "after")
    ]
