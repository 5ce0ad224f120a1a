"""
Secrets stay secret: in URLs, local variables of tracebacks and messages of servers; text runs no code.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import os
import pickle
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Named,  # noqa: F401  # for an annotation that is text
    String,
    Table,
    create_engine,
    event,
    exc,
    insert,
    make_url,
    select,
    text,
)
from relvar.engine import URL, create_pool_from_url, engine_from_config
from relvar.ext import serializer
from relvar.ext.asyncio import create_async_engine
from relvar.orm import DeclarativeBase, Mapped, Session, configure_mappers, mapped_column, relationship
from relvar.schema import TypedColumns
from relvar.util.secret import Secret, masked

SECRET = "s3cr3t!PW"
QUOTED = "s3cr3t%21PW"

# -- URLs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (f"postgresql://scott:{QUOTED}@host/db", "postgresql://scott:***@host/db"),
        (
            f"postgresql://host/db?password={QUOTED}&sslmode=require",
            "postgresql://host/db?password=***&sslmode=require",
        ),
        (f"postgresql://host/db?sslpassword={QUOTED}&a=1", "postgresql://host/db?a=1&sslpassword=***"),
        (
            f"mysql://host/db?auth_token={QUOTED}&auth_token=x",
            "mysql://host/db?auth_token=***&auth_token=***",
        ),
        (f"x://host/?apikey={QUOTED}&api_key={QUOTED}&client-secret={QUOTED}&PWD={QUOTED}", None),
        (
            f"mssql+pyodbc:///?odbc_connect=DRIVER%3D%7Bx%7D%3BUID%3Da%3BPWD%3D{QUOTED}%3BEncrypt%3Dyes",
            "mssql+pyodbc:///?odbc_connect=DRIVER%3D%7Bx%7D%3BUID%3Da%3BPWD%3D***%3BEncrypt%3Dyes",
        ),
        (f"mssql+pyodbc:///?odbc_connect=PWD%3D%7B{QUOTED}%3B%7D%7Dx%7D%3BUID%3Da", None),
        (f"postgresql://host/?sslkey=-----BEGIN PRIVATE KEY-----{QUOTED}", "postgresql://host/?sslkey=***"),
    ],
)
def test_what_a_url_shows(given: str, shown: str | None) -> None:
    made = make_url(given)
    same = URL.create(**made._asdict())
    assert same == made and hash(same) == hash(made)
    for one in made, same, made.set(host="other"), pickle.loads(pickle.dumps(made)), copy.deepcopy(made):
        forms = [str(one), repr(one), repr(tuple(one)), repr(one._asdict()), repr(one.query), f"{one}"]
        forms += [repr(one.normalized_query), repr(one.translate_connect_args()), repr(list(one))]
        assert not [form for form in forms if "s3cr3t" in form]
    if shown is not None:
        assert str(made) == shown
    assert "s3cr3t" in made.render_as_string(hide_password=False)
    assert make_url(made.render_as_string(hide_password=False)) == made


def test_a_secret_is_text() -> None:
    url = make_url(f"postgresql://scott:{QUOTED}@host/db?token={QUOTED}&x=1")
    assert url.password == SECRET and url.query["token"] == SECRET and url.query["x"] == "1"
    assert url.translate_connect_args()["password"] == SECRET
    assert isinstance(url.password, str) and f"{url.password}" == str(url.password) == SECRET
    assert url.password.encode() == SECRET.encode() and url.password + "" == SECRET
    assert pickle.loads(pickle.dumps(url.password)) == SECRET
    # what is no secret shows
    assert repr(url.query["x"]) == "'1'" and repr(make_url("x://h/?passfile=f").query["passfile"]) == "'f'"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("host=h password='it''s' user=u", "host=h password=*** user=u"),
        ("host=h password=p%20 user=u", "host=h password=*** user=u"),
        ("Server=h;Pwd={a;}}b};UID=u", "Server=h;Pwd=***;UID=u"),
        ("Server=h;Password=two words;UID=u", "Server=h;Password=***;UID=u"),
        ("mysql://u:p@w/d@host/db", "mysql://u:***@host/db"),
        ("mysql://u:p#w", "mysql://u:***"),
        ("mysql://host:3306/db", "mysql://host:3306/db"),
        ("mysql//u:pw@host", "mysql//u:***@host"),
        ("sqlite:///C:/path/file.db", "sqlite:///C:/path/file.db"),
        ("timeout=5", "timeout=5"),
    ],
)
def test_masked_text(given: str, shown: str) -> None:
    assert masked(given) == shown


# -- tracebacks ---------------------------------------------------------------------------------------


def leaks(error: BaseException) -> list[str]:
    """Find where a traceback that shows local variables, as error trackers do, has the secret."""
    found: list[str] = []
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        if "s3cr3t" in "".join([str(one), repr(one), repr(one.args)]):
            found.append(f"message of {type(one)}")
        shown = traceback.TracebackException.from_exception(one, capture_locals=True)
        for frame in shown.stack:
            if f"{os.sep}relvar{os.sep}" in frame.filename:
                found += [
                    f"{frame.filename}:{frame.lineno} {k}"
                    for k, v in (frame.locals or {}).items()
                    if "s3cr3t" in v
                ]
    return found


MODULES = {"mysqlconnector": "mysql.connector", "mysqldb": "MySQLdb", "mariadbconnector": "mariadb"}
DRIVERS = [
    "postgresql+psycopg",
    "postgresql+psycopg2",
    "postgresql+pg8000",
    "mysql+pymysql",
    "mysql+mysqldb",
    "mariadb+mariadbconnector",
    "mysql+mysqlconnector",
    "mysql+cymysql",
]


@pytest.fixture
def place(request: pytest.FixtureRequest, driver: str) -> str:
    """Where the server of a driver is: host and port."""
    engine = request.getfixturevalue("pg_engine" if driver.startswith("postgresql") else "mariadb_engine")
    return f"{engine.url.host}:{engine.url.port}"


@pytest.mark.parametrize("driver", DRIVERS)
def test_connecting_that_fails(driver: str, place: str) -> None:
    name = driver.partition("+")[2]
    pytest.importorskip(MODULES.get(name, name))
    ways: list[Callable[[], Any]] = [
        lambda: create_engine(f"{driver}://nobody:{QUOTED}@{place}/nothing"),
        lambda: create_engine(f"{driver}://nobody@{place}/nothing", connect_args={"password": SECRET}),
        lambda: engine_from_config({"sqlalchemy.url": f"{driver}://nobody:{QUOTED}@{place}/nothing"}),
    ]
    for make in ways:
        engine = make()
        assert "s3cr3t" not in repr(engine) + repr(vars(engine.pool)) + repr(vars(engine.dialect))
        # CyMySQL takes no "password" besides "passwd"
        with pytest.raises((exc.DBAPIError, TypeError)) as caught:
            engine.connect()
        assert leaks(caught.value) == []

    engine = create_engine(f"{driver}://nobody@{place}/nothing")

    @event.listens_for(engine, "do_connect")
    def fetch_token(dialect: Any, record: Any, cargs: Any, cparams: dict[str, Any]) -> None:
        cparams["password"] = "".join(SECRET)

    with pytest.raises((exc.DBAPIError, TypeError)) as caught:
        engine.connect()
    assert [leak for leak in leaks(caught.value) if not leak.startswith(__file__)] == []


@pytest.mark.parametrize("driver", ["postgresql+asyncpg", "mysql+aiomysql", "mysql+asyncmy"])
def test_connecting_of_asyncio_drivers_that_fails(driver: str, place: str) -> None:
    pytest.importorskip(driver.partition("+")[2])

    async def connect() -> None:
        async with create_async_engine(f"{driver}://nobody:{QUOTED}@{place}/nothing").connect():
            pass

    # in a thread of its own, as this one may have a loop already
    with ThreadPoolExecutor(1) as pool, pytest.raises(exc.DBAPIError) as caught:
        pool.submit(asyncio.run, connect()).result()
    assert leaks(caught.value) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: create_engine(f"postgresql://u:{SECRET}@h/", bad=1),
        lambda: create_engine(
            "postgresql://h/", connect_args={"password": SECRET, "x": {"token": SECRET}}, bad=1
        ),
        lambda: create_engine(f"postgresql://u:{SECRET}@h/", plugins=["none"]),
        lambda: create_engine(f"nothing://u:{SECRET}@h/"),
        lambda: create_engine(f"nothing//u:{SECRET}@h/"),
        lambda: create_engine(f"postgresql://u:{SECRET}"),
        lambda: make_url(f"postgresql://u:{SECRET}/x"),
        lambda: make_url(f"postgresql//u:{SECRET}@h/"),
        lambda: create_engine(f"mssql+pyodbc:///?odbc_connect=PWD={SECRET}", bad=1),
        lambda: create_pool_from_url(f"nothing://u:{SECRET}@h/", recycle=5),
        lambda: engine_from_config({"sqlalchemy.url": f"nothing://u:{SECRET}@h/", "sqlalchemy.echo": "x"}),
        lambda: engine_from_config({"sqlalchemy.url": "postgresql://h/", "sqlalchemy.password": SECRET}),
    ],
)
def test_engines_that_cannot_be_made(make: Callable[[], Any]) -> None:
    with pytest.raises(Exception) as caught:  # each its own
        make()
    assert leaks(caught.value) == []


def test_drivers_log_in_with_the_secret(mariadb_engine: Any) -> None:
    """The server compares the password; PostgreSQL's here trusts everybody."""
    with mariadb_engine.begin() as conn:
        conn.execute(text(f"CREATE USER secret_test IDENTIFIED BY '{SECRET}'"))
    try:
        for driver in "pymysql", "mysqldb", "mysqlconnector", "cymysql", "mariadbconnector":
            url = mariadb_engine.url.set(
                drivername=f"mysql+{driver}", username="secret_test", password=SECRET
            )
            try:
                engine = create_engine(url.set(database=""))
            except ModuleNotFoundError:
                continue
            with engine.connect() as conn:
                assert conn.scalar(text("SELECT current_user()")) == "secret_test@%"
            engine.dispose()
    finally:
        with mariadb_engine.begin() as conn:
            conn.execute(text("DROP USER secret_test"))


# -- hide_parameters ----------------------------------------------------------------------------------

DATUM = "ann@secret.example"
metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(30), unique=True),
    Column("age", Integer, nullable=False, server_default="1"),
    Column("born", Date),
    Column("parent", ForeignKey("people.id")),
    CheckConstraint("age < 100", name="young"),
    mysql_engine="InnoDB",
)

WRONG: dict[str, tuple[Any, Any]] = {
    "unique": (insert(people), {"id": 2, "email": DATUM}),
    "many": (insert(people), [{"id": 2, "email": "b"}, {"id": 3, "email": DATUM}]),
    "null": (insert(people), {"id": 2, "email": f"b{DATUM}", "age": None}),
    "check": (insert(people), {"id": 2, "email": f"b{DATUM}", "age": 55512}),
    "key": (insert(people), {"id": 2, "email": f"b{DATUM}", "parent": 88777}),
    "number": (text("UPDATE people SET age = :v"), {"v": DATUM}),
    "date": (text("UPDATE people SET born = :v"), {"v": DATUM}),
    "long": (insert(people), {"id": 2, "email": DATUM * 4}),
    "type": (insert(people), {"id": 2, "born": DATUM}),
}


@pytest.fixture
def hiding(url: str) -> Iterator[Any]:
    engine = create_engine(url, hide_parameters=True)
    metadata.create_all(engine)
    with engine.begin() as conn:
        conn.execute(insert(people), {"id": 1, "email": DATUM})
    yield engine
    metadata.drop_all(engine)
    engine.dispose()


def test_messages_of_servers(hiding: Any, caplog: pytest.LogCaptureFixture) -> None:
    failed = 0
    caplog.set_level(logging.INFO, "relvar.engine")
    for name, (statement, parameters) in WRONG.items():
        with hiding.connect() as conn:
            try:
                conn.execute(statement, parameters)
            except exc.StatementError as err:
                failed += 1
                again = pickle.loads(pickle.dumps(err))
                assert str(again) == str(err) and "hidden due to hide_parameters" in str(err)
                whole = "".join(traceback.format_exception(err))
                shown = [
                    str(err),
                    repr(err),
                    whole,
                    str(err.orig),
                    repr(err.orig),
                    str(pickle.dumps(err)),
                    repr(again.params),
                ]
                for datum in "secret.example", "88777", "55512":
                    assert not [form for form in shown if datum in form], f"{datum} in {name}: {shown}"
                assert type(again.orig) is type(err.orig)
    assert failed >= (3 if hiding.dialect.name == "sqlite" else 8)
    assert "secret.example" not in caplog.text


def test_what_may_be_known_stays(hiding: Any) -> None:
    with hiding.connect() as conn, pytest.raises(exc.IntegrityError) as caught:
        conn.execute(*WRONG["unique"])
    assert "email" in str(caught.value.orig)  # the constraint or column that says no
    if hiding.dialect.name == "postgresql":
        assert caught.value.orig.diag.constraint_name == "people_email_key"  # type: ignore[attr-defined]  # psycopg's
    if hiding.dialect.name in ("mysql", "mariadb"):
        assert caught.value.orig.args[0] == 1062


def test_errors_of_sessions(hiding: Any) -> None:
    class Base(DeclarativeBase):
        pass

    class Person(Base):
        __table__ = people

    with Session(hiding) as session:
        session.add(Person(id=2, email=DATUM))
        with pytest.raises(exc.IntegrityError) as first:
            session.flush()
        session.rollback()
        session.add(Person(id=2, email=DATUM))
        with session.no_autoflush, pytest.raises(exc.IntegrityError):
            session.flush()
        assert "secret.example" not in "".join(traceback.format_exception(first.value))


def test_an_error_the_program_was_dealing_with_is_left_alone(hiding: Any) -> None:
    try:
        try:
            raise ValueError("'mine'")
        except ValueError as mine:
            kept = mine
            with hiding.connect() as conn:
                conn.execute(*WRONG["unique"])
    except exc.IntegrityError:
        assert kept.args == ("'mine'",)


# -- text that is evaluated ---------------------------------------------------------------------------


def mapped_with(condition: str) -> Any:
    class Base(DeclarativeBase):
        pass

    class A(Base):
        __tablename__ = "a"
        id: Mapped[int] = mapped_column(primary_key=True)
        bs = relationship("B", primaryjoin=condition, foreign_keys="[B.a_id]")

    class B(Base):
        __tablename__ = "b"
        id: Mapped[int] = mapped_column(primary_key=True)
        a_id: Mapped[int]
        city: Mapped[str]

    try:
        configure_mappers()
        return A.bs.property.primaryjoin
    finally:
        Base.registry.dispose()


@pytest.mark.parametrize(
    ("condition", "sql"),
    [
        ("A.id == B.a_id", "a.id = b.a_id"),
        ("and_(A.id == foreign(B.a_id), B.city.like('x%'))", "a.id = b.a_id AND b.city LIKE :city_1"),
        ("(A.id == B.a_id) & (func.lower(B.city) == 'x')", "a.id = b.a_id AND lower(b.city) = :lower_1"),
        ("and_(A.id == b.c.a_id, B.id > -5 + 3)", "a.id = b.a_id AND b.id > :id_1"),
        ("(A.id == B.a_id) if True else None", "a.id = b.a_id"),
    ],
)
def test_conditions_in_text(condition: str, sql: str) -> None:
    assert str(mapped_with(condition)) == sql


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').getpid()",
        "().__class__.__mro__",
        "A.id.__init__",
        "[x for x in (1,)]",
        "(lambda: 1)()",
        "f'{A}'",
        "open('x')",
        "getattr(A, 'id')",
        "exec('1')",
        "(x := 1)",
        "(yield)",
    ],
)
def test_text_that_is_no_condition(condition: str) -> None:
    with pytest.raises((exc.InvalidRequestError, SyntaxError)):
        mapped_with(condition)


def test_annotations_in_text() -> None:
    class Base(DeclarativeBase):
        pass

    for text_ in "__import__('os').getpid()", "open('x')", "().__class__", "f'{1}'":
        for kind, make in (
            ("Mapped", lambda names: type("C", (Base,), {"__tablename__": "c", **names})),
            ("Named", lambda names: Table("t", MetaData(), type("T", (TypedColumns,), names))),
        ):
            with pytest.raises(exc.ArgumentError):
                make({"__annotations__": {"id": f"{kind}[{text_}]"}, "__module__": __name__})
    Base.registry.dispose()


# -- pickles ------------------------------------------------------------------------------------------


class Runs:
    def __init__(self, call: Any, *args: Any) -> None:
        self.call = (call, args)

    def __reduce__(self) -> Any:
        return self.call


def shout() -> str:
    return "called"


@pytest.mark.parametrize("protocol", [0, 2, 4])
@pytest.mark.parametrize(
    "evil",
    [
        Runs(os.getpid),
        Runs(eval, "1"),
        Runs(getattr, Session, "execute"),
        Runs(getattr, [], "__class__"),
        Runs(create_engine, "sqlite://"),
        Runs(pickle.loads, b"N."),
        Runs(shout),
        Runs(Runs, 1),
    ],
)
def test_pickles_that_run_code(evil: Runs, protocol: int) -> None:
    with pytest.raises(pickle.UnpicklingError):
        serializer.loads(pickle.dumps(evil, protocol), metadata)


def test_pickles_that_name_more(sqlite_engine: Any) -> None:
    for name in (
        "relvar.ext.serializer\nio.BytesIO",
        "os.path\njoin",
        "relvar.engine\nEngine",
        "no.such\nthing",
    ):
        with pytest.raises(pickle.UnpicklingError, match=r"no part of a statement.*allow="):
            serializer.loads(b"c" + name.encode() + b"\n.", metadata)
    restore = b"crelvar.orm.mapping.attribute\n_restore_attribute\n"
    with pytest.raises((pickle.UnpicklingError, AttributeError)):
        serializer.loads(restore + b"(Vexecute\ncrelvar.schema.table\nTable\nNNtR.", metadata)
    called = pickle.dumps(Runs(shout))
    assert serializer.loads(called, metadata, allow=[shout]) == "called"
    assert serializer.loads(pickle.dumps(Runs(os.getpid)), metadata, allow=True) == os.getpid()
    plain = Table("plain", MetaData(), Column("x", Integer))
    statement = select(plain.c.x).where(plain.c.x > 5)
    assert str(serializer.loads(serializer.dumps(statement), plain.metadata)) == str(statement)


def test_secrets_are_shown_by_nobody() -> None:
    assert repr(Secret("x")) == repr([Secret("x")])[1:-1] == "'***'"
