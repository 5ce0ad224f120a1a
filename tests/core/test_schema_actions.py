"""Referential actions, deferral and match: what the databases do with them, and tell of them."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    delete,
    event,
    exc,
    insert,
    inspect,
    select,
    text,
    update,
)
from relvar.schema import AddConstraint, CreateTable, DropConstraint


@pytest.fixture
def keeping(engine: Any) -> Any:
    """An engine whose database minds foreign keys."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda dbapi, record: dbapi.execute("PRAGMA foreign_keys=ON"))
        engine.dispose()
    return engine


def _pair(**options: Any) -> tuple[Table, Table]:
    metadata = MetaData()
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True))
    key = ForeignKey("parent.id", name="fk", **options)
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("p", Integer, key, server_default=text("9")),
    )
    return parent, child


def _has(engine: Any, action: str) -> bool:
    return action != "SET DEFAULT" or engine.dialect.name != "mariadb"


@pytest.mark.feature("C008")
@pytest.mark.parametrize("event_", ["ondelete", "onupdate"])
@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("CASCADE", {"ondelete": [], "onupdate": [(1, 5)]}),
        ("SET NULL", {"ondelete": [(1, None)], "onupdate": [(1, None)]}),
        ("set default", {"ondelete": [(1, 9)], "onupdate": [(1, 9)]}),
        ("RESTRICT", None),
        ("NO ACTION", None),
        (None, None),
    ],
)
def test_actions(keeping: Any, event_: str, action: str | None, left: Any) -> None:
    if not _has(keeping, str(action).upper()):
        # InnoDB takes the words, and restricts
        left = None
    parent, child = _pair(**{event_: action})
    parent.metadata.create_all(keeping)
    with keeping.begin() as connection:
        connection.execute(insert(parent), [{"id": 1}, {"id": 9}])
        connection.execute(insert(child), {"id": 1, "p": 1})
    change = delete(parent) if event_ == "ondelete" else update(parent).values(id=5)
    with keeping.connect() as connection:
        if left is None:
            with pytest.raises(exc.IntegrityError):
                connection.execute(change.where(parent.c.id == 1))
        else:
            connection.execute(change.where(parent.c.id == 1))
            assert connection.execute(select(child)).all() == left[event_]
    (key,) = inspect(keeping).get_foreign_keys("child")
    told = key["options"].get(event_)
    # the default is not told; RESTRICT differs from it where checks can wait
    wanted = None if action is None else action.upper()
    silent = ("NO ACTION",) if keeping.dialect.name != "mariadb" else ("NO ACTION", "RESTRICT", "SET DEFAULT")
    assert told == (None if wanted in silent else wanted)


@pytest.mark.feature("C008")
@pytest.mark.backends("sqlite", "postgresql")
def test_deferred_checks(keeping: Any) -> None:
    parent, child = _pair(deferrable=True, initially="DEFERRED")
    parent.metadata.create_all(keeping)
    with keeping.begin() as connection:
        connection.execute(insert(child), {"id": 1, "p": 1})
        connection.execute(insert(parent), {"id": 1})
    connection = keeping.connect()
    transaction = connection.begin()
    connection.execute(insert(child), {"id": 2, "p": 2})
    with pytest.raises(exc.IntegrityError):
        transaction.commit()
    connection.close()
    (key,) = inspect(keeping).get_foreign_keys("child")
    assert key["options"] == {"deferrable": True, "initially": "DEFERRED"}
    copy = Table("child", MetaData(), autoload_with=keeping)
    assert "DEFERRABLE INITIALLY DEFERRED" in str(CreateTable(copy).compile(keeping))


@pytest.mark.feature("C008")
def test_checks_that_can_wait_but_do_not(pg_engine: Any) -> None:
    parent, child = _pair(deferrable=True, initially="IMMEDIATE")
    parent.metadata.create_all(pg_engine)
    with pg_engine.connect() as connection:
        with pytest.raises(exc.IntegrityError), connection.begin():
            connection.execute(insert(child), {"id": 1, "p": 1})
        with connection.begin():
            connection.execute(text("SET CONSTRAINTS fk DEFERRED"))
            connection.execute(insert(child), {"id": 1, "p": 1})
            connection.execute(insert(parent), {"id": 1})
    (key,) = inspect(pg_engine).get_foreign_keys("child")
    assert key["options"] == {"deferrable": True}
    parent.metadata.drop_all(pg_engine)
    parent, child = _pair(deferrable=False)
    parent.metadata.create_all(pg_engine)
    with pg_engine.connect() as connection, pytest.raises(exc.ProgrammingError, match="not deferrable"):
        connection.execute(text("SET CONSTRAINTS fk DEFERRED"))


@pytest.mark.feature("C008", "C011")
def test_unique_constraints_that_wait(pg_engine: Any) -> None:
    table = Table(
        "t",
        MetaData(),
        Column("n", Integer),
        UniqueConstraint("n", name="uq", deferrable=True, initially="DEFERRED"),
    )
    table.create(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(table), [{"n": 1}, {"n": 2}])
        connection.execute(update(table).values(n=3 - table.c.n))
        assert connection.execute(select(table.c.n).order_by(table.c.n)).scalars().all() == [1, 2]


@pytest.mark.feature("C007", "C008")
def test_matching_of_composite_keys(pg_engine: Any) -> None:
    def tables(match: str | None) -> tuple[Table, Table]:
        metadata = MetaData()
        columns = [Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)]
        parent = Table("parent", metadata, *columns)
        key = ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], match=match)
        return parent, Table("child", metadata, Column("a", Integer), Column("b", Integer), key)

    for match, is_refused in ((None, False), ("SIMPLE", False), ("FULL", True)):
        parent, child = tables(match)
        parent.metadata.create_all(pg_engine)
        with pg_engine.connect() as connection:
            half = insert(child).values(a=1, b=None)
            if is_refused:
                with pytest.raises(exc.IntegrityError, match="MATCH FULL does not allow mixing"):
                    connection.execute(half)
            else:
                connection.execute(half)
        (key,) = inspect(pg_engine).get_foreign_keys("child")
        # SIMPLE is the default
        assert key["options"] == ({"match": "FULL"} if is_refused else {})
        parent.metadata.drop_all(pg_engine)


@pytest.mark.feature("C008")
def test_columns_that_are_set(pg_engine: Any) -> None:
    metadata = MetaData()
    columns = [Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)]
    parent = Table("parent", metadata, *columns)
    child = Table(
        "child",
        metadata,
        Column("a", Integer),
        Column("b", Integer),
        ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], ondelete="SET NULL (b)"),
    )
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        connection.execute(insert(parent), {"a": 1, "b": 2})
        connection.execute(insert(child), {"a": 1, "b": 2})
        connection.execute(delete(parent))
        assert connection.execute(select(child)).all() == [(1, None)]
    (key,) = inspect(pg_engine).get_foreign_keys("child")
    assert key["options"]["ondelete"] == "SET NULL (b)"


@pytest.mark.feature("C008")
def test_keys_that_are_added_and_dropped_carry_their_actions(keeping: Any) -> None:
    name = keeping.dialect.name
    parent, child = _pair(ondelete="CASCADE", onupdate="CASCADE", use_alter=True)
    parent.metadata.create_all(keeping)
    (key,) = inspect(keeping).get_foreign_keys("child")
    assert key["options"] == {"ondelete": "CASCADE", "onupdate": "CASCADE"}
    if name != "sqlite":
        constraint = next(iter(child.foreign_key_constraints))
        with keeping.begin() as connection:
            connection.execute(DropConstraint(constraint))
            assert inspect(connection).get_foreign_keys("child") == []
            connection.execute(AddConstraint(constraint))
        assert inspect(keeping).get_foreign_keys("child") == [key]


@pytest.mark.feature("C008")
def test_what_databases_do_not_have_is_refused(mariadb_engine: Any) -> None:
    parent, child = _pair(match="FULL")
    parent.create(mariadb_engine)
    with pytest.raises(exc.CompileError, match="MySQL ignores the 'MATCH' keyword"):
        child.create(mariadb_engine)
    for option in ({"ondelete": "CASCADE; DROP"}, {"onupdate": "x(y)"}, {"initially": "a;b"}):
        _, child = _pair(**option)
        with pytest.raises(exc.CompileError, match="Unexpected SQL phrase: "):
            child.create(mariadb_engine)
