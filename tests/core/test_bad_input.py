"""Wrong input gets an error that says what was wrong and what would be right."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    column,
    create_engine,
    exc,
    insert,
    make_url,
    select,
    text,
)
from relvar.orm import Session, configure_mappers, declarative_base, relationship
from relvar.pool import QueuePool

# URLs and engines ------------------------------------------------------------------------------------


def test_unknown_dialect_says_which_are_known() -> None:
    with pytest.raises(exc.NoSuchModuleError) as caught:
        create_engine("postgres://localhost/x")
    text = str(caught.value)
    assert "Can't load plugin: sqlalchemy.dialects:postgres" in text
    assert "postgresql" in text and "sqlite" in text and "mysql" in text


def test_unknown_driver_says_which_are_known() -> None:
    with pytest.raises(exc.NoSuchModuleError) as caught:
        create_engine("postgresql+nodriver://localhost/x")
    text = str(caught.value)
    assert "postgresql.nodriver" in text
    assert "psycopg" in text


def test_driver_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)  # on some machines it is
    with pytest.raises(ModuleNotFoundError) as caught:
        create_engine("mssql+pyodbc://user:geheim@localhost/x")
    assert "pip install pyodbc" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("bad", ["", "sqlite", "not a url", "postgresql:/localhost/x", "://x"])
def test_malformed_url(bad: str) -> None:
    with pytest.raises(exc.ArgumentError, match="Could not parse SQLAlchemy URL"):
        make_url(bad)


def test_malformed_url_does_not_show_a_password() -> None:
    with pytest.raises((exc.ArgumentError, ValueError)) as caught:
        create_engine("postgresql//scott:geheim@localhost/x")
    assert (
        "geheim"
        not in "".join(traceback.format_exception(caught.value))
        .split("create_engine(")[-1]
        .split("\n", 1)[-1]
    )


def test_port_that_is_no_number() -> None:
    with pytest.raises((exc.ArgumentError, ValueError)):
        make_url("postgresql://u:geheim@localhost:port/x")


def test_unknown_keyword() -> None:
    with pytest.raises(TypeError) as caught:
        create_engine("sqlite://", pool_sizes=3)
    assert "pool_sizes" in str(caught.value)
    assert "create_engine()" in str(caught.value)


def test_password_is_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    url = make_url("postgresql://scott:geheim@127.0.0.1:1/x?sslpassword=alsogeheim")
    engine = create_engine(url, echo="debug", echo_pool="debug")
    shown = [repr(url), str(url), f"{url}", repr(engine), repr(engine.pool), repr(engine.url)]
    with caplog.at_level(logging.DEBUG), pytest.raises(exc.OperationalError) as caught:
        engine.connect()
    shown += [str(caught.value), repr(caught.value), caplog.text]
    for place in shown:
        assert "scott:geheim" not in place and "=geheim" not in place, place
    assert url.render_as_string(hide_password=False).startswith("postgresql://scott:geheim@")


def test_pool_exhausted() -> None:
    engine = create_engine(
        "sqlite:///file:x?mode=memory&uri=true",
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.05,
    )
    with engine.connect():
        with pytest.raises(exc.TimeoutError) as caught:
            engine.connect()
    text = str(caught.value)
    assert "QueuePool limit of size 1 overflow 0 reached, connection timed out, timeout 0.05" in text
    engine.connect().close()
    engine.dispose()


def test_closed_connection(sqlite_engine: Any) -> None:
    connection = sqlite_engine.connect()
    connection.close()
    with pytest.raises(exc.ResourceClosedError, match="This Connection is closed"):
        connection.execute(select(1))


def test_string_is_not_executable(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection, pytest.raises(exc.ObjectNotExecutableError, match="select 1"):
        connection.execute("select 1")


def test_missing_parameter(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as connection, pytest.raises(exc.StatementError, match="bind parameter 'x'"):
        connection.execute(text("select :x"))


def test_unknown_column_in_values(sqlite_engine: Any) -> None:
    t = Table("t", MetaData(), Column("a", Integer))
    with pytest.raises(exc.CompileError, match="Unconsumed column names: b"):
        insert(t).values(a=1, b=2).compile(sqlite_engine)


def test_duplicate_key_leaves_the_connection_usable(engine: Any) -> None:
    t = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("name", String(10)))
    t.create(engine)
    with engine.connect() as connection:
        connection.execute(insert(t), {"id": 1, "name": "a"})
        connection.commit()
        with pytest.raises(exc.IntegrityError) as caught:
            connection.execute(insert(t), {"id": 1, "name": "b"})
        assert caught.value.orig is not None
        assert "INSERT INTO t" in str(caught.value)
        connection.rollback()
        assert connection.execute(select(t.c.name)).all() == [("a",)]


# Statements ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", [object(), {"a": 1}, [1, 2]])
def test_wrong_thing_in_select(thing: Any) -> None:
    with pytest.raises(
        exc.ArgumentError,
        match="Column expression, FROM clause, or other columns clause element expected, got",
    ):
        select(thing)


def test_string_in_select_suggests_text() -> None:
    with pytest.raises(
        exc.ArgumentError, match="Textual column expression 'id' should be explicitly declared with text"
    ):
        select("id")


def test_list_in_select_says_to_unpack() -> None:
    with pytest.raises(exc.ArgumentError, match="Did you mean to say select"):
        select([column("a")])


@pytest.mark.parametrize("thing", [5, object(), {"a": 1}])
def test_wrong_thing_in_where(thing: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="SQL expression for WHERE/HAVING role expected, got"):
        select(column("a")).where(thing)


def test_string_in_where_suggests_text() -> None:
    with pytest.raises(exc.ArgumentError, match="should be explicitly declared as text"):
        select(column("a")).where("a = 1")


@pytest.mark.parametrize("thing", [5, object(), {"a": 1}])
def test_wrong_thing_in_order_by(thing: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="ORDER BY"):
        select(column("a")).order_by(thing)


def test_string_in_order_by_that_is_no_label() -> None:
    with pytest.raises(
        exc.CompileError, match="Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT"
    ):
        str(select(column("a")).order_by("nothing; drop table x"))


def test_expression_has_no_truth() -> None:
    with pytest.raises(TypeError, match="Boolean value of this clause is not defined"):
        bool(column("a") < 5)


# Mappings --------------------------------------------------------------------------------------------


def test_class_without_primary_key() -> None:
    Base = declarative_base()
    with pytest.raises(
        exc.ArgumentError, match="could not assemble any primary key columns for mapped table 'x'"
    ):

        class X(Base):
            __tablename__ = "x"
            a = Column(Integer)


def test_class_without_table() -> None:
    Base = declarative_base()
    with pytest.raises(exc.InvalidRequestError, match="does not have a __table__ or __tablename__"):

        class X(Base):
            a = Column(Integer, primary_key=True)


def test_relationship_without_a_path() -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parent"
        id = Column(Integer, primary_key=True)
        children = relationship("Child")

    class Child(Base):
        __tablename__ = "child"
        id = Column(Integer, primary_key=True)

    with pytest.raises(exc.NoForeignKeysError) as caught:
        configure_mappers()
    text = str(caught.value)
    assert (
        "Could not determine join condition between parent/child tables on relationship Parent.children"
        in text
    )
    assert "no foreign keys linking these tables" in text
    assert "primaryjoin" in text
    Base.registry.dispose()


def test_relationship_with_several_paths() -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parent"
        id = Column(Integer, primary_key=True)
        children = relationship("Child")

    class Child(Base):
        __tablename__ = "child"
        id = Column(Integer, primary_key=True)
        a_id = Column(ForeignKey("parent.id"))
        b_id = Column(ForeignKey("parent.id"))

    with pytest.raises(exc.AmbiguousForeignKeysError) as caught:
        configure_mappers()
    text = str(caught.value)
    assert "Parent.children" in text
    assert "multiple foreign key paths" in text
    assert "foreign_keys" in text
    Base.registry.dispose()


def test_primaryjoin_without_foreign_columns() -> None:
    Base = declarative_base()

    class Parent(Base):
        __tablename__ = "parent"
        id = Column(Integer, primary_key=True)
        children = relationship("Child", primaryjoin="Parent.id == Child.other")

    class Child(Base):
        __tablename__ = "child"
        id = Column(Integer, primary_key=True)
        other = Column(Integer)

    with pytest.raises(exc.ArgumentError, match="Could not locate any relevant foreign key columns"):
        configure_mappers()
    Base.registry.dispose()


def test_foreign_key_to_a_table_that_is_not_there() -> None:
    Base = declarative_base()

    class Child(Base):
        __tablename__ = "child"
        id = Column(Integer, primary_key=True)
        parent_id = Column(ForeignKey("nowhere.id"))

    with pytest.raises(exc.NoReferencedTableError, match="could not find table 'nowhere'"):
        Base.metadata.create_all(create_engine("sqlite://"))


def test_unknown_constructor_keyword() -> None:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)

    with pytest.raises(TypeError, match="'nmae' is an invalid keyword argument for User"):
        User(nmae="x")


# Sessions --------------------------------------------------------------------------------------------


def user() -> Any:
    Base = declarative_base()

    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))

    return Base, User


def test_thing_that_is_not_mapped(sqlite_engine: Any) -> None:
    from relvar.orm.exc import UnmappedInstanceError

    with Session(sqlite_engine) as session:
        for wrong in (object(), "text", user()[1]):
            with pytest.raises(UnmappedInstanceError):
                session.add(wrong)


def test_closed_session() -> None:
    session = Session(create_engine("sqlite://"), close_resets_only=False)
    session.close()
    with pytest.raises(exc.InvalidRequestError, match="This Session has been permanently closed"):
        session.execute(select(1))


def test_session_without_an_engine() -> None:
    from relvar.exc import UnboundExecutionError

    Base, User = user()
    with pytest.raises(UnboundExecutionError, match="not bound to an Engine|Could not locate a bind"):
        Session().scalars(select(User)).all()


def test_duplicate_key_leaves_the_session_usable(engine: Any) -> None:
    Base, User = user()
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(id=1, name="a"))
        session.commit()
    with Session(engine) as session:
        session.add(User(id=1, name="b"))
        with pytest.raises(exc.IntegrityError):
            session.commit()
        with pytest.raises(
            exc.PendingRollbackError, match="rolled back due to a previous exception during flush"
        ):
            session.execute(select(User)).all()
        session.rollback()
        assert session.scalars(select(User.name)).all() == ["a"]
        session.add(User(id=2, name="c"))
        session.commit()
        assert session.scalars(select(User.name).order_by(User.id)).all() == ["a", "c"]


def test_object_of_another_session(sqlite_engine: Any) -> None:
    _, User = user()
    one, two = Session(sqlite_engine), Session(sqlite_engine)
    made = User()
    one.add(made)
    with pytest.raises(exc.InvalidRequestError, match="is already attached to session"):
        two.add(made)


def test_lazy_load_of_a_detached_object(sqlite_engine: Any) -> None:
    from relvar.orm.exc import DetachedInstanceError

    Base, User = user()
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        made = User(name="x")
        session.add(made)
        session.commit()
    with pytest.raises(
        DetachedInstanceError, match="is not bound to a Session; attribute refresh operation cannot proceed"
    ):
        made.name
