"""What pyodbc is told is what SQLAlchemy tells it; and what happens around errors."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from relvar import FetchedValue, Unicode, create_engine, event, exc, insert, select, text, upsert
from relvar.dialects import mssql
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from relvar.pool import StaticPool

sys.path.insert(0, str(Path(__file__).parent))

import mssql_calls as calls  # beside this file, not a package
import mssql_recorder as recorder

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "mssql_calls.json").read_text())


def make_engine(**options: Any) -> Any:
    recorder.answers[:] = calls.ANSWERS
    return create_engine("mssql+pyodbc://u:p@h/db?driver=D", module=recorder, **options)


@pytest.mark.feature("E059", "E061", "E064")
@pytest.mark.filterwarnings("ignore::relvar.exc.SAWarning")
def test_calls() -> None:
    found = json.loads(json.dumps(calls.every_call()))
    wrong = [
        (engine, case, found[engine][case], expected)
        for engine, cases in RECORDED.items()
        for case, expected in cases.items()
        if found[engine][case] != expected
    ]
    assert not wrong, "\n".join(f"{e} {c}:\n  found    {f}\n  expected {x}" for e, c, f, x in wrong)


def told() -> list[str]:
    return [entry[1] for entry in recorder.log if entry[0].startswith("execute")]


def test_identity_insert_ends_with_a_failure() -> None:
    engine = make_engine()
    with engine.connect() as connection:
        recorder.log.clear()
        recorder.answers.insert(0, ("INSERT INTO t", recorder.IntegrityError("23000", "twice (2627) (SQL)")))
        with pytest.raises(exc.IntegrityError, match="twice"):
            connection.execute(insert(calls.t), {"id": 5, "x": 1})
        assert told() == [
            "SET IDENTITY_INSERT t ON",
            "INSERT INTO t (id, x) VALUES (?, ?)",
            "SET IDENTITY_INSERT t OFF",
        ]


def test_events_see_all_statements() -> None:
    engine = make_engine()
    seen: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        seen.append(statement)

    with engine.connect() as connection:
        connection.execute(insert(calls.w), {"id": 5, "x": 1})
        result = connection.execute(insert(calls.n), {"x": 1})
        assert (result.rowcount, result.inserted_primary_key) == (1, (7,))
    assert seen == [
        "SET IDENTITY_INSERT db.[own er].[w w] ON",
        "INSERT INTO db.[own er].[w w] (id, x) VALUES (?, ?)",
        "SET IDENTITY_INSERT db.[own er].[w w] OFF",
        "INSERT INTO n (x) VALUES (?); select scope_identity()",
    ]


def test_a_session() -> None:
    """The flush of an ORM session takes the same ways."""
    mapper_registry = registry()

    class Thing:
        def __init__(self, **values: Any) -> None:
            for name, value in values.items():
                setattr(self, name, value)

    class Triggered(Thing):
        pass

    class Plain(Thing):
        pass

    mapper_registry.map_imperatively(Plain, calls.t)
    mapper_registry.map_imperatively(Triggered, calls.n)
    engine = make_engine(poolclass=StaticPool)
    with Session(engine) as session:
        session.connection()
        recorder.log.clear()
        plain, given, triggered = Plain(x=1), Plain(id=5, x=2), Triggered(x=1)
        recorder.answers.insert(0, ("OUTPUT inserted.id", [(3,)]))
        session.add_all([plain, given, triggered])
        session.flush()
        assert (plain.id, given.id, triggered.id) == (3, 5, 7)
    assert sorted(told()) == [
        "INSERT INTO n (x) VALUES (?); select scope_identity()",
        "INSERT INTO t (id, x, s, u) VALUES (?, ?, ?, ?)",
        "INSERT INTO t (x, s, u) OUTPUT inserted.id VALUES (?, ?, ?)",
        "SET IDENTITY_INSERT t OFF",
        "SET IDENTITY_INSERT t ON",
    ]
    mapper_registry.dispose()


def test_a_rowversion_is_the_version_of_an_object() -> None:
    class Base(DeclarativeBase): ...

    class Doc(Base):
        __tablename__ = "docs"
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(Unicode(30))
        version: Mapped[bytes] = mapped_column(
            mssql.ROWVERSION, server_default=FetchedValue(), server_onupdate=FetchedValue()
        )
        __mapper_args__ = {
            "version_id_col": version,
            "version_id_generator": False,
            "eager_defaults": True,
        }

    engine = make_engine()
    first, second = b"\0" * 7 + b"\1", b"\0" * 7 + b"\2"
    recorder.answers[:0] = [("INSERT INTO docs", [(1, first)]), ("UPDATE docs", [(second,)])]
    with Session(engine) as session:
        doc = Doc(title="a")
        session.add(doc)
        session.flush()
        assert doc.version == first
        doc.title = "b"
        recorder.log.clear()
        session.flush()
        assert doc.version == second
    (changed,) = [entry for entry in recorder.log if entry[0] == "execute"]
    assert changed[1] == (
        "UPDATE docs SET title=? OUTPUT inserted.version WHERE docs.id = ? AND docs.version = ?"
    )
    assert changed[2] == ("b", 1, first)


def test_upsert() -> None:
    engine = make_engine()
    put = upsert(calls.t)
    with engine.connect() as connection:
        recorder.log.clear()
        connection.execute(put, {"id": 5, "x": 1})
        first, merge, last = told()
        assert (first, last) == ("SET IDENTITY_INSERT t ON", "SET IDENTITY_INSERT t OFF")
        assert merge.startswith("MERGE INTO t WITH (HOLDLOCK)")
        recorder.answers.insert(0, ("^MERGE", [(5,)]))
        assert connection.execute(put.returning(calls.t.c.id), {"id": 5, "x": 1}).all() == [(5,)]
        with pytest.raises(exc.StatementError, match="executemany"):
            connection.execute(put.returning(calls.t.c.id), [{"id": 5, "x": 1}, {"id": 6, "x": 1}])


@pytest.mark.feature("E065")
def test_versions_and_settings() -> None:
    """What the server is, decides what is written; limits go to the driver."""
    for version, offset, large in [
        ("10.50.1600", False, False),
        ("11.0.2100", True, True),
        ("17.0.1", True, True),
    ]:
        engine = make_engine(query_timeout=7, isolation_level="SNAPSHOT")
        recorder.answers.insert(0, ("SERVERPROPERTY", [(version,)]))
        recorder.log.clear()
        engine.connect().close()
        dialect = engine.dialect
        assert dialect.server_version_info == tuple(map(int, version.split(".")))
        assert (dialect._supports_offset_fetch, dialect.deprecate_large_types) == (offset, large)
        assert dialect.default_schema_name == "dbo"
        assert ("timeout = 7",) in recorder.log
        assert "SET TRANSACTION ISOLATION LEVEL SNAPSHOT" in told()
        assert dialect.supports_comments
    # Azure Synapse keeps no comments, and says so
    engine = make_engine()
    recorder.answers.insert(0, ("fn_listextended", recorder.ProgrammingError("42000", "no such function")))
    engine.connect().close()
    assert not engine.dialect.supports_comments
    engine = make_engine(deprecate_large_types=False, supports_comments=True)
    engine.connect().close()
    assert (engine.dialect.deprecate_large_types, engine.dialect.supports_comments) == (False, True)


@pytest.mark.parametrize("ignore", [False, True])
def test_a_rollback_of_nothing(ignore: bool) -> None:
    class Nothing(recorder.Connection):
        def rollback(self) -> None:
            if refuses:
                raise recorder.ProgrammingError("42000", "no corresponding transaction found (111214)")

    refuses: list[bool] = []
    engine = make_engine(
        ignore_no_transaction_on_rollback=ignore,
        creator=Nothing,
        poolclass=StaticPool,
        pool_reset_on_return=None,
    )
    with engine.connect() as connection:
        connection.execute(select(calls.t.c.x))
        refuses.append(True)
        if ignore:
            with pytest.warns(exc.SAWarning, match="111214 .* has been suppressed"):
                connection.rollback()
        else:
            with pytest.raises(exc.ProgrammingError, match="111214"):
                connection.rollback()


def test_a_level_that_can_not_be_read() -> None:
    engine = make_engine()
    recorder.answers.insert(0, ("sys.system_views", []))
    with engine.connect() as connection:
        assert connection.default_isolation_level is None
        assert connection.scalar(text("SELECT 1")) == 1
        with pytest.raises(NotImplementedError, match="there is no sys.dm_exec_sessions"):
            connection.get_isolation_level()
