"""
What a program gives and nothing takes: a warning by default, an error where it asked for strictness.

Each case of the tables runs three ways: as it is (warned of), strict (refused), and set right (not a word).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Column,
    Enum,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    exc,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from relvar.engine import engine_from_config, register_execution_options
from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

t = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("a", String(10)),
    Column("b", String(10)),
)
by_id = t.c.id == bindparam("i")


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    a: Mapped[str | None] = mapped_column(String(10))
    b: Mapped[str | None] = mapped_column("col_b", String(10))
    kind: Mapped[str] = mapped_column(String(10), default="item")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "item"}

    label = None

    def method(self) -> None: ...

    @property
    def shout(self) -> str:
        return str(self.a)

    @shout.setter
    def shout(self, value: str) -> None:
        self.a = value.upper()


class Special(Item):
    __tablename__ = "specials"
    id: Mapped[int] = mapped_column(ForeignKey(Item.id), primary_key=True)
    c: Mapped[str | None] = mapped_column(String(10))
    __mapper_args__ = {"polymorphic_identity": "special"}


def drop_all(engine: Any) -> None:
    Base.metadata.drop_all(engine)
    t.metadata.drop_all(engine)


@pytest.fixture
def made(url: str) -> Iterator[str]:
    """The URL of a database that has the tables."""
    engine = create_engine(url)
    t.metadata.create_all(engine)
    Base.metadata.create_all(engine)
    yield url
    drop_all(engine)
    engine.dispose()


# statement, parameters with something that nothing takes, what the message says, parameters set right
CORE: dict[str, tuple[Any, Any, str, Any]] = {
    "insert": (insert(t), {"a": "x", "zz": 1}, "'zz': table 'things' has no column", {"a": "x"}),
    "insert, only that": (insert(t), {"zz": 1}, "Its columns are 'a', 'b', 'id'", {"id": 2}),
    "insert, by attribute of values()": (insert(t).values(a="x"), {"zz": 1}, "'zz'", {"b": "y"}),
    "insert from select": (
        insert(t).from_select(["a"], select(literal("x"))),
        {"b": "y"},
        "takes 'b', though table 'things' has such a column",
        None,
    ),
    "many, in each": (
        insert(t),
        [{"a": "x", "zz": 1}, {"a": "y", "zz": 2}],
        "'zz'",
        [{"a": "x"}, {"a": "y"}],
    ),
    "many, unknown in a later": (
        insert(t),
        [{"a": "x"}, {"a": "y"}, {"a": "z", "zz": 1}],
        "Parameter set 2 has 'zz'",
        [{"a": "x"}, {"a": "y"}],
    ),
    "many, known in a later": (
        insert(t),
        [{"a": "x"}, {"a": "y", "b": "z"}],
        "Parameter set 1 has 'b', which the first set does not have",
        [{"a": "x", "b": None}, {"a": "y", "b": "z"}],
    ),
    "returning, many": (
        insert(t).returning(t.c.id),
        [{"a": "x"}, {"a": "y", "b": "z"}],
        "set 1 has 'b'",
        [{"a": "x"}, {"a": "y"}],
    ),
    "values of many rows": (insert(t).values([{"a": "x"}, {"a": "y", "zz": 1}]), None, "'zz'", None),
    "update": (update(t), {"a": "x", "zz": 1}, "'zz'", {"a": "x"}),
    "update by values()": (update(t).values(a="x"), {"zz": 1}, "'zz'", {"b": "x"}),
    "update, many": (
        update(t).where(by_id),
        [{"i": 1, "a": "x"}, {"i": 2, "a": "y", "b": "z"}],
        "set 1 has 'b'",
        [{"i": 1, "a": "x"}, {"i": 2, "a": "y"}],
    ),
    "update, many, where the criterion has its value": (
        update(t).where(t.c.id == 1),
        [{"a": "x"}, {"a": "y", "zz": 1}],
        "set 1 has 'zz'",
        [{"a": "x"}, {"a": "y"}],
    ),
    "delete": (
        delete(t).where(by_id),
        {"i": 1, "zz": 1},
        "bind parameter 'zz': the value is lost. It has 'i'",
        {"i": 1},
    ),
    "delete, many": (
        delete(t).where(by_id),
        [{"i": 1}, {"i": 2, "zz": 1}],
        "set 1 has 'zz'",
        [{"i": 1}, {"i": 2}],
    ),
    "select": (select(t), {"zz": 1}, "bind parameter 'zz': the value is lost. It has none", None),
    "params()": (select(t).where(by_id).params(i=1, zz=1), None, "'zz'", None),
    "text": (
        text("SELECT :a"),
        {"a": 1, "b": 2},
        "bind parameter 'b': the value is lost. It has 'a'",
        {"a": 1},
    ),
    "text, many": (
        text("DELETE FROM things WHERE id = :a"),
        [{"a": 1}, {"a": 2, "b": 3}],
        "set 1 has 'b'",
        [{"a": 1}, {"a": 2}],
    ),
    "function": (func.lower("A"), {"zz": 1}, "'zz'", None),
}


@pytest.mark.parametrize("case", CORE)
def test_names_that_no_statement_takes(made: str, case: str) -> None:
    statement, wrong, message, right = CORE[case]
    engine, strict = create_engine(made), create_engine(made, strict=True)
    has_parameters = wrong is not None
    if case.startswith("returning") and not engine.dialect.insert_returning:
        pytest.skip("no RETURNING")
    for _ in range(2):  # planned, and found again
        with engine.connect() as conn, pytest.warns(exc.LossWarning) as caught:
            conn.execute(statement, wrong)
        assert len(caught) == 1
        assert message in str(caught[0].message)
        assert caught[0].filename == __file__
        with strict.connect() as conn, pytest.raises(exc.LossError) as refused:
            conn.execute(statement, wrong)
        assert message in str(refused.value)
    if has_parameters:
        with strict.connect() as conn:
            conn.execute(statement, right)
    engine.dispose()
    strict.dispose()


# how, a row with something that the class does not have, what the message says
BULK: dict[str, tuple[Any, Any, str]] = {
    "insert": (
        lambda s, rows: s.execute(insert(Item), rows),
        [{"a": "x", "zz": 1}],
        "Class 'Item' has no column attribute 'zz'",
    ),
    "insert, column name": (
        lambda s, rows: s.execute(insert(Item), rows),
        [{"a": "x", "col_b": 1}],
        "Rows of a bulk operation can have 'id', 'a', 'b', 'kind'",
    ),
    "insert, one": (lambda s, rows: s.execute(insert(Item), rows[0]), [{"a": "x", "zz": 1}], "'zz'"),
    "insert, later": (
        lambda s, rows: s.execute(insert(Item), rows),
        [{"a": "x"}, {"a": "y", "zz": 1}],
        "'zz'",
    ),
    "insert, of a subclass": (lambda s, rows: s.execute(insert(Item), rows), [{"a": "x", "c": "y"}], "'c'"),
    "insert, two tables": (
        lambda s, rows: s.execute(insert(Special), rows),
        [{"a": "x", "c": "y", "zz": 1}],
        "'zz'",
    ),
    "insert returning": (
        lambda s, rows: s.scalars(insert(Item).returning(Item), rows).all(),
        [{"a": "x", "zz": 1}],
        "'zz'",
    ),
    "bulk_insert_mappings": (
        lambda s, rows: s.bulk_insert_mappings(Item, rows),
        [{"a": "x", "zz": 1}],
        "'zz'",
    ),
    "update": (lambda s, rows: s.execute(update(Item), rows), [{"id": 1, "a": "y", "zz": 1}], "'zz'"),
    "bulk_update_mappings": (
        lambda s, rows: s.bulk_update_mappings(Item, rows),
        [{"id": 1, "a": "y", "zz": 1}],
        "'zz'",
    ),
    "select": (lambda s, rows: s.execute(select(Item), rows[0]), [{"zz": 1}], "no bind parameter 'zz'"),
    "query": (lambda s, rows: s.query(Item).params(**rows[0]).all(), [{"zz": 1}], "no bind parameter 'zz'"),
    "update by criteria": (
        lambda s, rows: s.execute(update(Item).where(Item.id == bindparam("i")).values(a="y"), rows[0]),
        [{"i": 1, "zz": 1}],
        "'zz'",
    ),
}


@pytest.mark.parametrize("case", BULK)
def test_names_that_no_mapping_takes(sqlite_engine: Any, case: str) -> None:
    do, rows, message = BULK[case]
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine) as session:
        session.add(Item(id=1))
        session.commit()
        with pytest.warns(exc.LossWarning) as caught:
            do(session, rows)
    assert len(caught) == 1
    assert message in str(caught[0].message)
    with Session(sqlite_engine, strict=True) as session, pytest.raises(exc.LossError) as refused:
        do(session, rows)
    assert message in str(refused.value)


def test_rows_read_off_objects_and_keys_of_each_table_are_right(sqlite_engine: Any) -> None:
    Base.metadata.create_all(sqlite_engine)
    with Session(sqlite_engine, strict=True) as session:
        session.bulk_insert_mappings(Item, [Item(a="x").__dict__])  # type: ignore[arg-type]  # its Mapper
        session.execute(insert(Special), [{"a": "y", "b": "z", "c": "s"}])
        session.execute(update(Special), [{"id": 2, "b": "b2", "c": "c2"}])
        assert session.execute(select(Item.a, Item.b).order_by(Item.id)).all() == [("x", None), ("y", "b2")]
        assert session.scalars(select(Special.c)).all() == ["c2"]


def test_a_strict_session_on_a_connection_leaves_it_as_it_was(sqlite_engine: Any) -> None:
    with sqlite_engine.connect() as conn:
        with Session(conn, strict=True) as session, pytest.raises(exc.LossError):
            session.execute(text("SELECT 1"), {"a": 1})
        assert not conn.is_strict
        with pytest.warns(exc.LossWarning):
            conn.execute(text("SELECT 1"), {"a": 1})
    with create_engine("sqlite://", strict=True).connect() as conn:
        with sessionmaker(conn, strict=True)() as session:
            session.execute(text("SELECT 1"))
        assert conn.is_strict


def test_strictness_comes_from_a_configuration() -> None:
    engine = engine_from_config({"sqlalchemy.url": "sqlite://", "sqlalchemy.strict": "true"})
    with engine.connect() as conn, pytest.raises(exc.LossError):
        conn.execute(text("SELECT 1"), {"a": 1})


def test_the_warning_as_an_error_comes_as_it_is(sqlite_engine: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", exc.LossWarning)
        with sqlite_engine.connect() as conn, pytest.raises(exc.LossWarning, match="no bind parameter 'b'"):
            conn.execute(text("SELECT :a"), [{"a": 1, "b": 2}, {"a": 2, "b": 2}])


# -- execution options --------------------------------------------------------------------------------


OPTIONS = {
    "engine": lambda engine, o: engine.execution_options(**o),
    "create_engine": lambda engine, o: create_engine(
        "sqlite://", execution_options=o, strict=engine.dialect.strict
    ),
    "connection": lambda engine, o: engine.connect().execution_options(**o),
    "execution": lambda engine, o: engine.connect().execute(select(1), execution_options=o),
    "statement": lambda engine, o: engine.connect().execute(select(1).execution_options(**o)),
    "driver's text": lambda engine, o: engine.connect().exec_driver_sql("SELECT 1", execution_options=o),
    "session": lambda engine, o: Session(engine, execution_options=o, strict=engine.dialect.strict),
    "session's execution": lambda engine, o: Session(engine).execute(select(Item), execution_options=o),
    "query": lambda engine, o: Session(engine).query(Item).execution_options(**o).all(),
    "get": lambda engine, o: Session(engine, strict=engine.dialect.strict).get(Item, 1, execution_options=o),
}


@pytest.mark.parametrize("where", OPTIONS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_options_that_are_nearly_known(sqlite_engine: Any, where: str) -> None:
    Base.metadata.create_all(sqlite_engine)
    strict = create_engine("sqlite://", strict=True)
    Base.metadata.create_all(strict)
    use = OPTIONS[where]
    for wrong, near in ("steam_results", "stream_results"), ("popluate_existing", "populate_existing"):
        with pytest.warns(exc.LossWarning, match=f"named '{wrong}'.*nearest name is '{near}'"):
            use(sqlite_engine, {wrong: True})
        with (
            warnings.catch_warnings(),
            pytest.raises(exc.LossError, match=f"named '{wrong}'.*nearest name is '{near}'"),
        ):
            warnings.simplefilter("ignore", exc.LossWarning)  # a statement is built without an engine
            use(strict, {wrong: True})


def test_options_of_the_program_itself(sqlite_engine: Any) -> None:
    heard: list[Any] = []

    @event.listens_for(sqlite_engine, "before_cursor_execute")
    def note(conn: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        heard.append(context.execution_options.get("tenant_of_test"))

    options = {"tenant_of_test": 5, "postgresql_something": 1, "myapp_of_test_user": "ann"}
    with sqlite_engine.connect() as conn:
        conn.execute(select(1), execution_options=options)
    assert heard == [5]
    strict = create_engine("sqlite://", strict=True)
    with strict.connect() as conn:
        with pytest.raises(exc.LossError, match="'tenant_of_test'.*register_execution_options"):
            conn.execute(select(1), execution_options=options)
        register_execution_options("tenant_of_test", prefix="myapp_of_test_")
        conn.execute(select(1).execution_options(**options), execution_options=options)
        register_execution_options("steam_result_of_test", "stream_result")
        conn.execute(select(1), execution_options={"stream_result": 1})
    with pytest.raises(exc.ArgumentError, match="must not be empty"):
        register_execution_options(prefix="")


def test_a_listener_may_take_an_option_away() -> None:
    engine = create_engine("sqlite://", strict=True)

    @event.listens_for(engine, "set_connection_execution_options")
    def take(conn: Any, opts: dict[str, Any]) -> None:
        conn.info["tenant"] = opts.pop("tenant_that_is_taken")

    with engine.connect() as conn:
        conn.execution_options(tenant_that_is_taken=5)
        assert conn.info["tenant"] == 5


def test_bind_arguments_that_are_nearly_known(sqlite_engine: Any) -> None:
    with Session(sqlite_engine) as session:
        with pytest.warns(exc.LossWarning, match="'mappper'.*nearest name is 'mapper'"):
            session.execute(select(1), bind_arguments={"mappper": Item})
        session.execute(select(1), bind_arguments={"shard": 1})


# -- constructors -------------------------------------------------------------------------------------


def test_keywords_of_a_mapped_class() -> None:
    for name in "__class__", "__dict__", "__init__", "__tablename__", "__mapper__", "zz":
        with pytest.raises(TypeError, match=f"'{name}' is an invalid keyword argument for Item"):
            Item(**{name: {}})
    for name, what in ("metadata", "MetaData"), ("registry", "registry"), ("method", "method"):
        with pytest.warns(exc.LossWarning, match=f"'{name}' is no mapped attribute of Item but its {what}"):
            Item(**{name: 1})
    item = Item(a="x", label="l")  # a plain attribute that the class has
    assert (item.a, item.label) == ("x", "l")
    assert Item(shout="x").a == "X"


def test_arguments_that_have_no_effect() -> None:
    with pytest.warns(exc.LossWarning, match="Enum has no argument 'nam'"):
        Enum("a", "b", nam="letters")
    with pytest.warns(exc.LossWarning, match="no use for the key 'uk'"):
        MetaData(naming_convention={"uk": "uk_%(table_name)s"})
    MetaData(naming_convention={"uq": "uq_%(token)s", "token": lambda constraint, table: "x"})
