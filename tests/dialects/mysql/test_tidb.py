"""
TiDB: no server of it is to be had, so what it is sent is compared as text.

``RELVAR_TEST_TIDB`` is the URL of one, where somebody has it.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from relvar import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exc,
    insert,
    select,
)
from relvar.dialects.mysql.drivers.pymysql import MySQLDialect_pymysql
from relvar.dialects.mysql.variants import variant
from relvar.schema import CreateTable

TIDB = variant("tidb", MySQLDialect_pymysql)


def created(*columns: Any, dialect: Any = None) -> str:
    """What creates a table of these columns, white space folded."""
    table = Table("t", MetaData(), *columns)
    return " ".join(str(CreateTable(table).compile(dialect=dialect or TIDB())).split())


def test_urls_find_it() -> None:
    engine = create_engine("tidb+pymysql://h/d")
    assert (engine.dialect.variant, engine.dialect.name, engine.dialect.driver) == (
        "tidb",
        "mysql",
        "pymysql",
    )


def test_keys_are_spread_by_auto_random() -> None:
    # https://docs.pingcap.com/tidb/stable/auto-random/
    key = Column("id", BigInteger, primary_key=True, tidb_auto_random=True)
    assert "id BIGINT NOT NULL AUTO_RANDOM," in created(key)
    key = Column("id", BigInteger, primary_key=True, tidb_auto_random=6)
    assert "id BIGINT NOT NULL AUTO_RANDOM(6)," in created(key)
    key = Column("id", BigInteger, primary_key=True, tidb_auto_random=True)
    assert "AUTO_INCREMENT" in created(key, dialect=MySQLDialect_pymysql())
    with pytest.raises(exc.CompileError, match="for a primary key of BigInteger, and t.id is Integer"):
        created(Column("id", Integer, primary_key=True, tidb_auto_random=True))


@pytest.mark.parametrize("code", [8002, 8005, 8022, 8028, 9007, 1213])
def test_conflicts_are_tried_again(code: int) -> None:
    # https://docs.pingcap.com/tidb/stable/error-codes/
    pymysql = pytest.importorskip("pymysql")
    dialect = TIDB(dbapi=pymysql)
    assert dialect.is_retryable(pymysql.err.OperationalError(code, "conflict"))
    assert not dialect.is_retryable(pymysql.err.OperationalError(8001, "out of memory"))


def test_a_url_of_mysql_that_meets_it_tries_again_as_well() -> None:
    pymysql = pytest.importorskip("pymysql")
    dialect = MySQLDialect_pymysql(dbapi=pymysql)
    conflict = pymysql.err.OperationalError(9007, "Write conflict")
    assert dialect._parse_server_version("8.0.36") == (8, 0, 36)
    assert not dialect.is_retryable(conflict)
    assert dialect._parse_server_version("8.0.11-TiDB-v7.5.0") == (8, 0, 11)
    assert dialect.is_tidb and dialect.is_retryable(conflict)


def test_there_is_no_xa() -> None:
    with pytest.raises(NotImplementedError, match="TiDB has no XA transactions; use begin"):
        TIDB().do_begin_twophase(None, "x")


def test_another_server_is_refused(mariadb_engine: Any) -> None:
    engine = create_engine(mariadb_engine.url.set(drivername="tidb+pymysql"))
    with pytest.raises(exc.InvalidRequestError, match=r"is for TiDB.*take mysql:// or mariadb://"):
        engine.connect()
    engine.dispose()


def test_on_a_real_one() -> None:
    given = os.environ.get("RELVAR_TEST_TIDB")
    if not given:
        pytest.skip("RELVAR_TEST_TIDB is not set: there is no TiDB to be had")
    engine = create_engine(given)
    metadata = MetaData()
    key = Column("id", BigInteger, primary_key=True, tidb_auto_random=True)
    things = Table("relvar_probe", metadata, key, Column("name", String(20)))
    metadata.drop_all(engine)
    metadata.create_all(engine)
    try:
        engine.run(lambda conn: conn.execute(insert(things).values(name="a")).rowcount)
        with engine.connect() as conn:
            assert conn.scalars(select(things.c.name)).all() == ["a"]
        found = Table("relvar_probe", MetaData(), autoload_with=engine)
        assert found.c.keys() == ["id", "name"] and found.primary_key.columns.keys() == ["id"]
    finally:
        metadata.drop_all(engine)
        engine.dispose()
