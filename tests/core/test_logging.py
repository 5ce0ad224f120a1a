"""What engines, pools and mappers write into the log, line by line, and what they keep out of it."""

from __future__ import annotations

import logging
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    exc,
    insert,
    literal,
    select,
    text,
)
from relvar.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column, relationship
from relvar.pool import QueuePool
from relvar.util.log import enabled

metadata = MetaData()
t = Table("logged", metadata, Column("id", Integer, primary_key=True), Column("name", String(2000)))

ENGINE = "sqlalchemy.engine.Engine"
POOL = "sqlalchemy.pool.impl.QueuePool"


class Lines:
    """The lines logged since last read, times left out."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog

    def read(self, name: str = ENGINE) -> list[str]:
        found = [record.getMessage() for record in self.caplog.records if record.name == name]
        self.caplog.clear()
        return [re.sub(r"[\d.]+(e-\d+)?s( ago)?", "Ns", " ".join(line.split())) for line in found]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    caplog.set_level(logging.INFO, "sqlalchemy.engine")
    return Lines(caplog)


@pytest.fixture
def none(engine: Any) -> str:
    """How no parameters look."""
    return "()" if engine.dialect.positional else "{}"


@pytest.mark.feature("A037")
def test_lines_of_transactions(engine: Any, lines: Lines, none: str) -> None:
    metadata.create_all(engine)
    with engine.connect() as conn:
        lines.read()
        conn.execute(select(literal(1).label("x")))
        first = lines.read()
        assert first[0] == "BEGIN (implicit)" and first[1].startswith("SELECT ")
        assert first[2].startswith("[generated in Ns] ") and len(first) == 3
        conn.execute(select(literal(1).label("x")))
        assert lines.read()[1].startswith("[cached since Ns] ")
        conn.exec_driver_sql("SELECT 1")
        assert lines.read() == ["SELECT 1", f"[raw sql] {none}"]
        conn.execute(text("SELECT 1"), execution_options={"compiled_cache": None})
        assert lines.read() == ["SELECT 1", f"[caching disabled Ns] {none}"]
        conn.begin_nested().rollback()
        conn.begin_nested().commit()
        assert lines.read() == [
            "SAVEPOINT sa_savepoint_1",
            f"[no key Ns] {none}",
            "ROLLBACK TO SAVEPOINT sa_savepoint_1",
            f"[no key Ns] {none}",
            "SAVEPOINT sa_savepoint_2",
            f"[no key Ns] {none}",
            "RELEASE SAVEPOINT sa_savepoint_2",
            f"[no key Ns] {none}",
        ]
        conn.commit()
        assert lines.read() == ["COMMIT"]
        with conn.begin():
            pass
        assert lines.read() == ["BEGIN (implicit)", "COMMIT"]
        conn.begin()
        conn.rollback()
        assert lines.read() == ["BEGIN (implicit)", "ROLLBACK"]
        conn.execution_options(isolation_level="AUTOCOMMIT")
        conn.execute(text("SELECT 1"))
        conn.commit()
        conn.begin()
        conn.rollback()
        assert lines.read() == [
            "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)",
            "SELECT 1",
            f"[generated in Ns] {none}",
            "COMMIT using DBAPI connection.commit(), has no effect due to autocommit mode",
            "BEGIN (implicit; DBAPI should not BEGIN due to autocommit mode)",
            "ROLLBACK using DBAPI connection.rollback(); set skip_autocommit_rollback to prevent fully",
        ]
        with pytest.raises(exc.ProgrammingError if engine.name != "sqlite" else exc.OperationalError):
            conn.exec_driver_sql("SELECT * FROM nowhere")
        assert lines.read()[-1] == f"[raw sql] {none}"
    skipping = create_engine(engine.url, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    with skipping.connect() as conn:
        conn.begin()
        lines.read()
        conn.rollback()
        assert lines.read() == ["ROLLBACK will be skipped by skip_autocommit_rollback"]
    skipping.dispose()


@pytest.mark.feature("A037")
@pytest.mark.backends("mariadb")
def test_lines_of_two_phases(engine: Any, lines: Lines) -> None:
    with engine.connect() as conn:
        lines.read()
        with conn.begin_twophase("abc") as transaction:
            transaction.prepare()
        with conn.begin_twophase("abd"):
            pass
        conn.begin_twophase("abe").rollback()
    told = [line for line in lines.read() if not line.startswith("[")]
    assert told == [
        "BEGIN TWOPHASE (implicit)",
        "XA BEGIN %(xid)s",
        "XA END %(xid)s",
        "XA PREPARE %(xid)s",
        "XA COMMIT %(xid)s",
        "BEGIN TWOPHASE (implicit)",
        "XA BEGIN %(xid)s",
        "XA END %(xid)s",
        "XA PREPARE %(xid)s",
        "XA COMMIT %(xid)s",
        "BEGIN TWOPHASE (implicit)",
        "XA BEGIN %(xid)s",
        "XA END %(xid)s",
        "XA ROLLBACK %(xid)s",
    ]


@pytest.mark.feature("A037")
def test_rows_are_logged_as_they_are_read(
    engine: Any, lines: Lines, caplog: pytest.LogCaptureFixture
) -> None:
    metadata.create_all(engine)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")

    def rows() -> list[str]:
        return [
            line for line in lines.read() if line.startswith(("Col", "Row", "[token] Col", "[token] Row"))
        ]

    query = select(t.c.id, t.c.name).order_by(t.c.id)
    with engine.connect() as conn:
        conn.execute(
            insert(t), [{"id": 1, "name": "a"}, {"id": 2, "name": "b" * 500}, {"id": 3, "name": None}]
        )
        rows()
        result = conn.execute(query)
        assert rows() == ["Col ('id', 'name')"]
        result.fetchone()
        assert rows() == ["Row (1, 'a')"]
        result.fetchone()
        (long,) = rows()
        assert re.fullmatch(r"Row \(2, 'b+ \.\.\. \(202 characters truncated\) \.\.\. b+'\)", long)
        result.close()
        assert rows() == []
        assert conn.execute(query.where(t.c.id != 2)).all() == [(1, "a"), (3, None)]
        assert rows() == ["Col ('id', 'name')", "Row (1, 'a')", "Row (3, None)"]
        assert [row.id for row in conn.execute(query.where(t.c.id != 2))] == [1, 3]
        assert rows()[1:] == ["Row (1, 'a')", "Row (3, None)"]
        assert list(conn.execute(query).scalars().partitions(2)) == [[1, 2], [3]]
        assert rows()[-1] == "Row (3, None)"
        conn.execution_options(logging_token="token").execute(select(t.c.id).where(t.c.id == 1)).scalar()
        assert rows() == ["[token] Col ('id',)", "[token] Row (1,)"]


@pytest.mark.feature("A037")
@pytest.mark.backends("postgresql", "mariadb")
def test_lines_of_batches(engine: Any, lines: Lines, caplog: pytest.LogCaptureFixture) -> None:
    metadata.create_all(engine)
    caplog.set_level(logging.DEBUG, "sqlalchemy.engine")
    values = [{"name": f"n{i}"} for i in range(5)]
    with engine.connect() as conn:
        for is_sorted, word in ((True, "ordered"), (False, "unordered")):
            statement = insert(t).returning(t.c.id, sort_by_parameter_order=is_sorted)
            conn.execute(select(1))
            lines.read()
            ids = conn.execute(statement, values, execution_options={"insertmanyvalues_page_size": 2}).all()
            told = lines.read()
            stats = [line for line in told if "insertmanyvalues" in line]
            assert stats[0].startswith(f"[generated in Ns (insertmanyvalues) 1/3 ({word})] ")
            assert stats[1].startswith(f"[insertmanyvalues 2/3 ({word})] ") and "n2" in stats[1]
            assert stats[2].startswith(f"[insertmanyvalues 3/3 ({word})] ") and len(stats) == 3
            assert sum(line.startswith("INSERT INTO logged") for line in told) == 3
            assert [line for line in told if line.startswith("Row ")] == [f"Row ({id_},)" for (id_,) in ids]


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
def test_long_parameters_are_shortened(engine: Any, lines: Lines) -> None:
    metadata.create_all(engine)
    with engine.begin() as conn:
        lines.read()
        conn.execute(insert(t), [{"name": f"n{i}"} for i in range(40)])
        (line,) = [line for line in lines.read() if line.startswith("[generated")]
        assert "('n0',), ('n1',)" in line and "('n39',)" in line and "('n20',)" not in line
        assert "displaying 10 of 40 total bound parameter sets" in line
        conn.execute(insert(t), {"name": "x" * 1000})
        (line,) = [line for line in lines.read() if "xxx" in line]
        assert "(702 characters truncated)" in line and len(line) < 400
        many = {f"a{i}": i for i in range(60)}
        conn.execute(text("SELECT " + ", ".join(f":a{i}" for i in range(60))), many)
        line = lines.read()[-1]
        assert "(0, 1, 2" in line and "58, 59)" in line
        with pytest.raises(exc.OperationalError) as caught:
            conn.execute(text("INSERT INTO nowhere VALUES (:a)"), [{"a": i} for i in range(40)])
        assert "displaying 10 of 40 total bound parameter sets" in str(caught.value)


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
def test_hidden_parameters(url: str, lines: Lines) -> None:
    engine = create_engine(url, hide_parameters=True)
    metadata.create_all(engine)
    with engine.begin() as conn:
        lines.read()
        conn.execute(insert(t), {"name": "secret"})
        conn.execute(insert(t), [{"name": "secret"}] * 2)
        conn.exec_driver_sql("INSERT INTO logged (name) VALUES (?)", ("secret",))
        told = lines.read()
        assert [line for line in told if "hidden" in line] == [
            f"[{how}] [SQL parameters hidden due to hide_parameters=True]"
            for how in ("generated in Ns", "generated in Ns", "raw sql")
        ]
        assert not any("secret" in line for line in told)
        with pytest.raises(exc.OperationalError) as caught:
            conn.execute(text("INSERT INTO nowhere VALUES (:a)"), {"a": "secret"})
        assert "secret" not in str(caught.value) and "hide_parameters=True" in str(caught.value)
    engine.dispose()


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
@pytest.mark.parametrize(
    ("echo", "levels"),
    [(None, set()), (False, set()), (True, {"INFO"}), ("debug", {"INFO", "DEBUG"})],
)
def test_echo_says_how_much(url: str, caplog: pytest.LogCaptureFixture, echo: Any, levels: set[str]) -> None:
    engine = create_engine(url, echo=echo, echo_pool=echo, poolclass=QueuePool)
    assert engine.echo is echo and engine.pool.echo is echo
    with engine.connect() as conn:
        assert conn.scalar(text("SELECT 1")) == 1
    found: dict[str, set[str]] = {}
    for record in caplog.records:
        found.setdefault(record.name, set()).add(record.levelname)
    assert found.get(ENGINE, set()) == levels
    # of the pool, INFO has only what goes wrong
    assert found.get(POOL, set()) == levels - {"INFO"}
    caplog.clear()
    engine.echo = not echo
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert bool([record for record in caplog.records if record.name == ENGINE]) is not echo or echo == "debug"
    engine.dispose()


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
def test_names_of_loggers(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "sqlalchemy")
    engine = create_engine(url, logging_name="mine", pool_logging_name="pool1", poolclass=QueuePool)
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    tagged = engine.execution_options(logging_token="tag")
    with tagged.connect() as conn:
        conn.execute(text("SELECT 1"))
        conn.execution_options(logging_token="other").execute(text("SELECT 1"))
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
    assert {record.name for record in caplog.records} == {f"{ENGINE}.mine", f"{POOL}.pool1"}
    selects = [record.getMessage() for record in caplog.records if record.getMessage().endswith("SELECT 1")]
    assert selects == ["SELECT 1", "[tag] SELECT 1", "[other] SELECT 1", "SELECT 1"]
    pool = [record.getMessage() for record in caplog.records if record.name == f"{POOL}.pool1"]
    shape = [re.sub(r"<.*>", "it", line) for line in pool]
    assert shape[:4] == [
        "Created new connection it",
        "Connection it checked out from pool",
        "Connection it being returned to pool",
        "Connection it reset, transaction already reset",
    ]
    caplog.clear()
    with engine.connect() as conn:
        conn.invalidate()
    engine.dispose()
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "Invalidate connection" in told and "Pool disposed" in told


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
def test_echo_without_handlers_writes_to_standard_output(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger("sqlalchemy")
    before = list(root.handlers)
    try:
        engine = create_engine(url, echo=True)
        with engine.connect() as conn:
            conn.execute(text("SELECT 42"))
        engine.dispose()
        added = [handler for handler in root.handlers if handler not in before]
        assert before or len(added) == 1
        if added:
            assert re.search(
                r"^\d{4}-\d\d-\d\d .* INFO sqlalchemy.engine.Engine SELECT 42$", capsys.readouterr().out, re.M
            )
    finally:
        root.handlers[:] = before


@pytest.mark.feature("A037")
def test_mappers_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sqlalchemy.orm")

    class Base(DeclarativeBase):
        pass

    class Parent(Base):
        __tablename__ = "parents"
        id: Mapped[int] = mapped_column(primary_key=True)
        children: Mapped[list[Child]] = relationship()

    class Child(Base):
        __tablename__ = "children"
        id: Mapped[int] = mapped_column(primary_key=True)
        parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id"))

    configure_mappers()
    told = [(record.name, record.getMessage()) for record in caplog.records]
    mapper, relationships = (
        "sqlalchemy.orm.mapper.Mapper",
        "sqlalchemy.orm.relationships.RelationshipProperty",
    )
    assert (mapper, "(Parent|parents) constructed") in told
    assert (mapper, "(Parent|parents) initialize prop children") in told
    assert (relationships, "Parent.children setup primary join parents.id = children.parent_id") in told
    assert (relationships, "Parent.children relationship direction RelationshipDirection.ONETOMANY") in told


@pytest.mark.feature("A037")
@pytest.mark.backends("sqlite")
def test_listeners_and_logging_go_together(engine: Any, lines: Lines) -> None:
    event.listen(
        engine, "before_cursor_execute", lambda *args: (args[2] + " /* why */", args[3]), retval=True
    )
    with engine.connect() as conn:
        lines.read()
        conn.execute(text("SELECT 1"))
    assert lines.read()[1] == "SELECT 1 /* why */"


def test_what_is_not_logged_takes_no_lock_of_logging(tmp_path: Path) -> None:
    # before Python 3.13 an exception that a signal raises in `Logger.isEnabledFor` may
    # leave the lock of all of logging taken: no connection may wait for it
    engine = create_engine(f"sqlite:///{tmp_path / 'quiet.db'}", pool_pre_ping=True, pool_size=1)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # all answers are forgotten
    done: list[int] = []

    def work() -> None:
        with engine.begin() as conn:
            done.append(conn.scalar(text("select 41 + 1")))
        with engine.connect() as conn:
            done.append(conn.scalar(text("select 43")))
            conn.invalidate()

    lock: Any = getattr(logging, "_lock")  # noqa: B009 - it has no type
    with lock:
        worker = threading.Thread(target=work, daemon=True)
        worker.start()
        worker.join(20)
        assert not worker.is_alive()
    assert done == [42, 43]
    engine.dispose()
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)


def test_a_level_set_while_it_is_asked_for_counts() -> None:
    logger = logging.getLogger("sqlalchemy.test_a_level_set")
    logger.setLevel(logging.WARNING)
    assert not enabled(logger, logging.INFO)
    logger.setLevel(logging.INFO)
    assert enabled(logger, logging.INFO)
    logging.disable(logging.INFO)
    try:
        assert not enabled(logger, logging.INFO)
        assert enabled(logger, logging.WARNING)
    finally:
        logging.disable(logging.NOTSET)
    logger.disabled = True
    assert not enabled(logger, logging.CRITICAL)
