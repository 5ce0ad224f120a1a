"""A dialect of another package overrides what it must, and everything it overrides is called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import Column, Integer, MetaData, String, Table, create_engine, insert, select
from relvar.dialect.context import DefaultExecutionContext
from relvar.dialect.interface import BindTyping
from relvar.dialects import registry
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite

calls: list[str] = []


class Context(DefaultExecutionContext):
    def pre_exec(self) -> None:
        calls.append(f"pre_exec {self.statement.split()[0]}")
        self.statement = self.statement.replace("INTO things", "INTO real_things")

    def post_exec(self) -> None:
        calls.append("post_exec")

    def create_cursor(self) -> Any:
        calls.append("create_cursor")
        return super().create_cursor()

    def get_lastrowid(self) -> Any:
        calls.append("get_lastrowid")
        return super().get_lastrowid()


class HookedDialect(SQLiteDialect_pysqlite):
    driver = "hooked"
    supports_statement_cache = True
    execution_ctx_cls = Context

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        calls.append("do_execute")
        super().do_execute(cursor, statement, parameters, context)


class Driver:
    """The driver's module, with the type objects of PEP 249 that it lacks."""

    STRING, NUMBER = "text", "number"

    def __getattr__(self, name: str) -> Any:
        return getattr(sqlite3, name)


class SizedDialect(SQLiteDialect_pysqlite):
    driver = "sized"
    supports_statement_cache = True
    bind_typing = BindTyping.SETINPUTSIZES

    @classmethod
    def import_dbapi(cls) -> Any:
        return Driver()

    def do_set_input_sizes(self, cursor: Any, list_of_tuples: Any, context: Any) -> None:
        calls.append(f"sizes {[(name, kind, str(type_)) for name, kind, type_ in list_of_tuples]}")


t = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(20)))


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    registry.register("sqlite.hooked", __name__, "HookedDialect")
    registry.impls["sqlite.hooked"] = lambda: HookedDialect
    registry.impls["sqlite.sized"] = lambda: SizedDialect
    calls.clear()
    yield
    registry.deregister("sqlite.hooked")
    registry.deregister("sqlite.sized")


def test_context_hooks_are_called() -> None:
    with create_engine("sqlite+hooked://").connect() as conn:
        for name in ("things", "real_things"):
            conn.exec_driver_sql(f"create table {name} (id integer primary key, name varchar(20))")
        calls.clear()
        assert conn.execute(insert(t), {"name": "a"}).inserted_primary_key == (1,)
        assert calls == ["create_cursor", "pre_exec INSERT", "do_execute", "post_exec", "get_lastrowid"]
        calls.clear()
        assert conn.execute(select(t.c.id).select_from(t)).all() == []
        assert calls == ["create_cursor", "pre_exec SELECT", "do_execute", "post_exec"]


def test_input_sizes_are_set() -> None:
    with create_engine("sqlite+sized://").connect() as conn:
        conn.exec_driver_sql("create table things (id integer primary key, name varchar(20))")
        conn.execute(select(t).where(t.c.name == "a", t.c.id == 1))
    assert calls == ["sizes [('name_1', 'text', 'VARCHAR(20)'), ('id_1', 'number', 'INTEGER')]"]
