"""Encrypted databases, with sqlcipher3."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    exc,
    inspect,
    literal,
    make_url,
    select,
)
from relvar.dialects.sqlite import pysqlcipher
from relvar.pool import SingletonThreadPool

pytest.importorskip("sqlcipher3")

t = Table(
    "t",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("x", String),
    Column("at", DateTime),
    Column("on", Date),
)
ROW = {"id": 1, "x": "a", "at": dt.datetime(2020, 1, 2, 3), "on": dt.date(2020, 1, 2)}


def filled(url: str) -> Any:
    engine = create_engine(url)
    with engine.begin() as connection:
        t.create(connection)
        assert connection.execute(t.insert().returning(t), ROW).all() == [tuple(ROW.values())]
    return engine


def read(url: str, **options: Any) -> Any:
    engine = create_engine(url, **options)
    try:
        with engine.connect() as connection:
            return connection.execute(t.select()).one()
    finally:
        engine.dispose()


def test_what_is_stored_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    engine = filled(f"sqlite+pysqlcipher://:secret@/{path}")
    assert (engine.dialect.name, engine.driver) == ("sqlite", "pysqlcipher")
    assert type(engine.pool) is SingletonThreadPool
    engine.dispose()
    assert not path.read_bytes().startswith(b"SQLite format 3")
    assert read(f"sqlite+pysqlcipher://:secret@/{path}") == tuple(ROW.values())
    with pytest.raises(exc.DatabaseError, match="file is not a database"):
        read(f"sqlite+pysqlcipher://:wrong@/{path}")
    with pytest.raises(exc.DatabaseError, match="file is not a database"):
        read(f"sqlite:///{path}")


@pytest.mark.parametrize("passphrase", ["it's", 'a "quoted" one', "%", "x'" + "00" * 32 + "'"])
def test_passphrases_of_any_characters(passphrase: str, tmp_path: Path) -> None:
    url = make_url("sqlite+pysqlcipher://").set(password=passphrase, database=str(tmp_path / "x.db"))
    filled(url).dispose()
    assert read(url) == tuple(ROW.values())
    assert passphrase not in str(url)


def test_settings_of_the_cipher(tmp_path: Path) -> None:
    url = f"sqlite+pysqlcipher://:secret@/{tmp_path}/x.db?kdf_iter=64000&cipher_page_size=1024&timeout=3"
    engine = filled(url)
    with engine.connect() as connection:
        asked = [connection.exec_driver_sql(f"PRAGMA {n}").scalar() for n in ("kdf_iter", "cipher_page_size")]
        assert [int(number) for number in asked] == [64000, 1024]
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 3000
    engine.dispose()
    assert read(url) == tuple(ROW.values())
    with pytest.raises(exc.DatabaseError):
        read(f"sqlite+pysqlcipher://:secret@/{tmp_path}/x.db")


@pytest.mark.feature("E005")
def test_everything_else_is_as_with_the_standard_driver(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite+pysqlcipher://:secret@/{tmp_path}/x.db", sqlite_concurrent=True)
    with engine.begin() as connection:
        t.create(connection)
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.scalar(select(literal("abc").regexp_match("^a"))) == 1
        assert connection.connection.dbapi_connection.in_transaction
        with connection.begin_nested() as savepoint:
            connection.execute(t.insert(), ROW)
            savepoint.rollback()
        assert connection.execute(t.select()).all() == []
    assert [column["name"] for column in inspect(engine).get_columns("t")] == ["id", "x", "at", "on"]
    assert engine.dialect.server_version_info >= (3, 30)
    engine.dispose()
    # the driver may be given, as any other
    assert issubclass(pysqlcipher.dialect, pysqlcipher.SQLiteDialect_pysqlcipher)
    assert (
        create_engine("sqlite+pysqlcipher://:x@/", module=sys.modules["sqlcipher3"]).dialect.driver
        == "pysqlcipher"
    )


def test_urls_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the driver makes the file before it is asked for its key
    for url in (
        "sqlite+pysqlcipher://",
        f"sqlite+pysqlcipher:///{tmp_path}/x.db",
        "sqlite+pysqlcipher://:@/x.db",
    ):
        with pytest.raises(exc.ArgumentError, match="has no passphrase; it is the password"):
            create_engine(url).connect()
    for url in ("sqlite+pysqlcipher://u:secret@/x.db", "sqlite+pysqlcipher://:secret@host/x.db"):
        with pytest.raises(exc.ArgumentError, match="Invalid SQLite URL") as caught:
            create_engine(url)
        assert "secret" not in str(caught.value)


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sqlcipher3", "pysqlcipher3", "pysqlcipher3.dbapi2"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError, match="pip install sqlcipher3"):
        create_engine("sqlite+pysqlcipher://:x@/")
