"""
What dialects of others take from SQLAlchemy's inner modules does what they take it for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from relvar import (
    JSON,
    Column,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    create_engine,
    exc,
    insert,
    select,
    update,
)
from relvar.compat import dialects as names
from relvar.dialect.answers import cache
from relvar.dialects import sqlite
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite
from relvar.engine.default import DefaultDialect
from relvar.engine.fetching import NO_CURSOR_DML, FullyBufferedCursorFetchStrategy
from relvar.sql import crud
from relvar.sql.compiler import SQLCompiler

t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(9)))


class Compiler(SQLCompiler):
    """Puts columns of UPDATE together in steps, and columns of RETURNING as columns only."""

    def visit_update(self, update_stmt: Any, **kw: Any) -> str:
        state = update_stmt._compile_state_factory(update_stmt, self, **kw)
        assert not state._no_parameters and not state.is_multitable
        assert list(state._dict_parameters) == ["name"]
        getters = crud._key_getters_for_crud_column(self, update_stmt, state)
        assert [get(t.c.name) for get in getters] == ["name"] * 3
        values: list[Any] = []
        self.stack.append({"correlate_froms": {t}, "asfrom_froms": {t}, "selectable": update_stmt})
        crud._get_stmt_parameter_tuples_params(self, state, {}, [], getters[1], values, kw)
        crud._scan_cols(self, update_stmt, state, {}, *getters, {}, values, True, kw)
        self.stack.pop()
        return f"UPDATE {', '.join(f'{name} TO {text}' for _, name, text, _ in values)}"

    def returning_clause(self, stmt: Any, returning_cols: Any, **kw: Any) -> str:
        columns = [self._label_select_column(None, c, True, False, {}) for c in returning_cols]
        return f"THEN RETURN {', '.join(columns)}"


class Dialect(DefaultDialect):
    name = "steps"
    statement_compiler = Compiler
    insert_returning = True


def test_compilers_that_put_columns_together_themselves() -> None:
    assert str(update(t).values(name="a").compile(dialect=Dialect())) == "UPDATE name TO :name"
    written = insert(t).values(name="a").returning(t.c.id).compile(dialect=Dialect())
    assert str(written) == "INSERT INTO t (name) VALUES (:name) THEN RETURN t.id"
    with pytest.raises(NotImplementedError, match="_create_bind_param"):
        crud._create_bind_param()


def test_contexts_that_have_read_the_rows() -> None:
    with create_engine("sqlite://").connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT 1 AS a UNION SELECT 2")
        read = FullyBufferedCursorFetchStrategy(cursor).over(cursor)
        assert (read.description[0][0], read.fetchone(), read.fetchmany(1), read.fetchall()) == (
            "a",
            (1,),
            [(2,)],
            [],
        )
        none = NO_CURSOR_DML.over(cursor)
        assert (none.description, none.fetchone(), none.rowcount) == (None, None, cursor.rowcount)
        cursor.close()


def test_answers_are_kept_however_the_connection_is_given() -> None:
    class Asked(DefaultDialect):
        count = 0

        @cache
        def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
            self.count += 1
            return ["v"]

    dialect, kept = Asked(), {}
    assert dialect.get_view_names(None, info_cache=kept) == ["v"]
    assert dialect.get_view_names(connection=None, info_cache=kept) == ["v"] and dialect.count == 1


def test_sequences_that_a_dialect_has_not() -> None:
    with create_engine("sqlite://").connect() as connection, pytest.raises(NotImplementedError):
        connection.scalar(Sequence("q"))


def test_where_a_driver_connects() -> None:
    class Theirs(DefaultDialect):
        @classmethod
        def import_dbapi(cls) -> Any: ...

    class Derived(SQLiteDialect_pysqlite): ...

    # connections of a driver that is not known may belong to the thread that makes them
    assert Theirs().connects_in_place and not Derived().connects_in_place
    assert not type("Free", (Theirs,), {"connects_in_place": False})().connects_in_place


def test_flags_and_keys_are_there_though_not_given() -> None:
    assert dict(t.c.name.regexp_match("a").modifiers) == {"flags": None}
    assert dict(t.c.name.regexp_replace("a", "b", flags="i").modifiers) == {"flags": "i"}
    assert t.dialect_kwargs["sqlite_autoincrement"] is False and list(t.dialect_kwargs) == []
    process = JSON.JSONPathType().string_literal_processor(sqlite.dialect())
    assert process is not None and process("it's") == "'it''s'"
    assert JSON.JSONIndexType().string_bind_processor(sqlite.dialect()) is None


def test_methods_that_exclude_each_other() -> None:
    class Put:
        clause = None

        @names._exclusive_against("clause", msgs={"clause": "There is a clause"})
        def on_clash(self) -> Put:
            self.clause = "CLASH"
            return self

    with pytest.raises(exc.InvalidRequestError, match="There is a clause on this Put construct"):
        Put().on_clash().on_clash()


def test_small_things() -> None:
    more = names.counter()
    assert (more(), more()) == (1, 2)
    assert names.to_decimal_processor_factory(Decimal, 2)(1.5) == Decimal("1.50")
    assert names.BIND_PARAMS.sub("?", "a = :a AND b::int = 1") == "a = ? AND b::int = 1"
    assert names.BIND_PARAMS_ESC.sub(r"\1", r"a = '\:b'") == "a = ':b'"
    assert names._is_literal(5) and not names._is_literal(t.c.id)
    assert (names.expect_as_key(None, "a"), names.expect_as_key(None, t.c.id)) == ("a", "id")
    assert list(names._from_objects(t.c.id, t.c.name)) == [t, t]
    inner = select(t).subquery()
    assert names._corresponding_column_or_error(inner, t.c.id) is inner.c.id
    with pytest.raises(exc.InvalidRequestError, match="failed to locate a corresponding column"):
        names._corresponding_column_or_error(t.alias(), Column("other", Integer))
    assert names.FUNCTIONS[names.functions.current_date] == "CURRENT_DATE"
    assert names.class_logger(type("A", (), {})).logger.name.endswith(".A")
    assert names._NoArg.NO_ARG is names.NO_ARG
    assert names._DecodingRow((b"\xc3\xa9", 1), None)[0] == "é"
    assert names._re_compile("a").match("A")
    with pytest.raises(NotImplementedError, match="SHOW CREATE TABLE"):
        names.MySQLTableDefinitionParser(None, None).parse("", None)
    assert names.ReflectedState().columns == []
    assert names._is_native_for_emulated(names.NativeForEmulated)
