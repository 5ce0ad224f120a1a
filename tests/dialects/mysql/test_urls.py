"""What each driver is told: URLs as arguments of connect(), and which errors mean a lost connection."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import create_engine, exc, make_url
from relvar.dialects.mysql import cymysql, mariadbconnector, mysqlconnector, mysqldb, pymysql, pyodbc
from relvar.util.secret import Secret

BY_MYSQLCLIENT = {"host": "h", "port": 33, "user": "u", "passwd": "p@", "db": "d", "client_flag": 2}
BY_PYMYSQL = {"host": "h", "port": 33, "user": "u", "password": "p@", "database": "d", "client_flag": 2}
BY_MARIADB = {"host": "h", "port": 33, "username": "u", "password": "p@", "database": "d", "client_flag": 2}
BY_CONNECTOR = {"host": "h", "port": 33, "user": "u", "password": "p@", "database": "d", "buffered": True}

ARGUMENTS: list[tuple[str, str, dict[str, Any]]] = [
    ("mysqldb", "", BY_MYSQLCLIENT),
    (
        "mysqldb",
        "charset=utf8mb4&use_unicode=0",
        BY_MYSQLCLIENT | {"charset": "utf8mb4", "use_unicode": False},
    ),
    ("mysqldb", "client_flag=8&compress=1", BY_MYSQLCLIENT | {"client_flag": 10, "compress": True}),
    (
        "mysqldb",
        "connect_timeout=10&read_timeout=3&write_timeout=4&local_infile=1",
        BY_MYSQLCLIENT | {"connect_timeout": 10, "read_timeout": 3, "write_timeout": 4, "local_infile": True},
    ),
    (
        "mysqldb",
        "ssl_ca=/a&ssl_cert=/b&ssl_key=/c&ssl_capath=/p&ssl_cipher=AES&ssl_check_hostname=false",
        BY_MYSQLCLIENT
        | {
            "ssl": {
                "ca": "/a",
                "cert": "/b",
                "key": "/c",
                "capath": "/p",
                "cipher": "AES",
                "check_hostname": False,
            }
        },
    ),
    ("pymysql", "", BY_PYMYSQL),
    ("pymysql", "ssl_ca=/a", BY_PYMYSQL | {"ssl": {"ca": "/a"}}),
    ("pymysql", "unix_socket=/s", BY_PYMYSQL | {"unix_socket": "/s"}),
    ("cymysql", "charset=utf8mb4", BY_MYSQLCLIENT | {"charset": "utf8mb4"}),
    (
        "mariadbconnector",
        "ssl=true&ssl_verify_cert=1&ssl_ca=/a&connect_timeout=3&read_timeout=4&reconnect=1",
        BY_MARIADB
        | {
            "ssl": True,
            "ssl_verify_cert": True,
            "ssl_ca": "/a",
            "connect_timeout": 3,
            "read_timeout": 4,
            "reconnect": "1",
        },
    ),
    (
        "mysqlconnector",
        "ssl_verify_cert=1&ssl_ca=/a&use_pure=1&connection_timeout=4&get_warnings=1&charset=utf8mb4",
        BY_CONNECTOR
        | {
            "ssl_verify_cert": True,
            "ssl_ca": "/a",
            "use_pure": True,
            "connection_timeout": 4,
            "get_warnings": True,
            "charset": "utf8mb4",
        },
    ),
    ("mysqlconnector", "buffered=0&autocommit=1", BY_CONNECTOR | {"buffered": False, "autocommit": True}),
]
DIALECTS: dict[str, Any] = {
    "cymysql": cymysql.dialect,
    "mariadbconnector": mariadbconnector.dialect,
    "mysqlconnector": mysqlconnector.dialect,
    "mysqldb": mysqldb.dialect,
    "pymysql": pymysql.dialect,
    "pyodbc": pyodbc.dialect,
}


@pytest.mark.feature("E045")
@pytest.mark.parametrize("name", ["mysql", "mariadb"])
@pytest.mark.parametrize(("driver", "query", "expected"), ARGUMENTS)
def test_arguments(name: str, driver: str, query: str, expected: dict[str, Any]) -> None:
    url = make_url(f"{name}+{driver}://u:p%40@h:33/d?{query}")
    positional, named = url.get_dialect()().create_connect_args(url)
    assert list(positional) == []
    assert named == expected
    for key, value in expected.items():
        # a password is text that does not show itself
        assert isinstance(named[key], type(value)) and type(named[key]) in (type(value), Secret), key


def test_flags_of_mysql_connector() -> None:
    connector = pytest.importorskip("mysql.connector")
    flags = pytest.importorskip("mysql.connector.constants").ClientFlag
    dialect = mysqlconnector.dialect(dbapi=connector)

    def asked(query: str) -> int:
        return int(dialect.create_connect_args(make_url(f"mysql://h/d?{query}"))[1]["client_flags"])

    assert asked("") == flags.get_default() | flags.FOUND_ROWS
    assert asked("client_flags=4") == 4 | flags.FOUND_ROWS


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("u:p@h:33/d", "DRIVER={MySQL};Server=h;Port=33;Option=2;Database=d;UID=u;PWD=p"),
        ("u:p%3B@h/d?driver=My+Own", "DRIVER={My Own};Server=h;Option=2;Database=d;UID=u;PWD={p;}"),
        ("h/d?driver=X&charset=utf8", "DRIVER={X};Server=h;Option=2;Database=d;charset=utf8"),
        ("source", "dsn=source"),
        ("u:p@source", "dsn=source;UID=u;PWD=p"),
        ("/?odbc_connect=DRIVER%3D%7BM%7D%3BSERVER%3Dh", "DRIVER={M};SERVER=h"),
    ],
)
def test_odbc_strings(rest: str, expected: str) -> None:
    assert pyodbc.dialect().create_connect_args(make_url(f"mysql+pyodbc://{rest}")) == ((expected,), {})


def test_arguments_of_pyodbc_itself() -> None:
    url = make_url("mysql+pyodbc://h/d?driver=X&autocommit=true&ansi=0")
    assert pyodbc.dialect().create_connect_args(url)[1] == {"autocommit": True, "ansi": False}


@pytest.mark.parametrize("driver", DIALECTS)
def test_addresses(driver: str) -> None:
    for name in ("mysql", "mariadb"):
        cls = make_url(f"{name}+{driver}://h/d").get_dialect()
        assert issubclass(cls, DIALECTS[driver])
        assert (cls.name, cls.driver) == (name, driver)
        assert cls.__name__ == f"{'MariaDB' if name == 'mariadb' else 'MySQL'}Dialect_{driver}"


def test_default_drivers() -> None:
    assert make_url("mysql://h/d").get_dialect() is mysqldb.dialect
    assert make_url("mariadb://h/d").get_dialect() is mysqldb.MariaDBDialect_mysqldb
    with pytest.raises(exc.NoSuchModuleError, match="known drivers of mysql: aiomysql, asyncmy, cymysql, "):
        create_engine("mysql+nothing://h/d")


class Module:
    """The errors of PEP 249, as a driver has them."""

    class Error(Exception):
        errno: int | None = None

    class InterfaceError(Error):
        pass

    class DatabaseError(Error):
        pass

    class OperationalError(DatabaseError):
        pass

    class ProgrammingError(DatabaseError):
        pass

    class InternalError(DatabaseError):
        pass

    class IntegrityError(DatabaseError):
        pass


def error(driver: str, kind: type[Module.Error], number: int) -> Module.Error:
    """Make an error as the driver makes it: the number in its place."""
    if driver == "pyodbc":
        return kind("HY000", f"[HY000] [ma-3.1.15]Some text (about) it ({number}) (SQLExecDirectW)")
    made = (
        kind("some text") if driver in ("mysqlconnector", "mariadbconnector") else kind(number, "some text")
    )
    made.errno = number
    return made


# killed, gone away, lost during the query, out of sync, lost, lost, idle for too long
LOST = (1927, 2006, 2013, 2014, 2045, 2055, 4031)


@pytest.mark.parametrize("driver", DIALECTS)
def test_numbers_of_lost_connections(driver: str) -> None:
    dialect = DIALECTS[driver](dbapi=_module())
    for number in LOST:
        assert dialect.is_disconnect(error(driver, Module.OperationalError, number), None, None), number
        assert not dialect.is_disconnect(error(driver, Module.IntegrityError, number), None, None), number
    for number in (1062, 1064, 1146, 1205, 1213, 2002):
        assert not dialect.is_disconnect(error(driver, Module.OperationalError, number), None, None), number
    assert not dialect.is_disconnect(ValueError(2006), None, None)


@pytest.mark.parametrize(
    ("driver", "kind", "words"),
    [
        ("mysqldb", Module.InterfaceError, "(0, '')"),
        ("pymysql", Module.InternalError, "(0, '')"),
        ("pymysql", Module.Error, "Already closed"),
        ("cymysql", Module.InterfaceError, "socket not found"),
        ("mysqlconnector", Module.OperationalError, "MySQL Connection not available."),
        ("mysqlconnector", Module.InterfaceError, "Connection to MySQL is not available"),
        ("mariadbconnector", Module.ProgrammingError, "Invalid connection or not connected"),
        ("mariadbconnector", Module.InterfaceError, "Connection isn't valid anymore"),
        ("pyodbc", Module.ProgrammingError, "Attempt to use a closed connection."),
        ("pyodbc", Module.OperationalError, "08S01"),
    ],
)
def test_words_of_lost_connections(driver: str, kind: type[Module.Error], words: str) -> None:
    dialect = DIALECTS[driver](dbapi=_module())
    assert dialect.is_disconnect(kind(words), None, None)
    assert not dialect.is_disconnect(Module.IntegrityError("(1, 'x')"), None, None)


def _module() -> Any:
    module: Any = Module
    module.paramstyle = "format"
    return module
