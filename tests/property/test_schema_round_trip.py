"""
Random schemas are created, reflected, created again elsewhere from what was reflected, and reflect the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relvar import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    func,
    inspect,
    text,
)
from relvar.dialects import mysql, postgresql
from relvar.types import JSON, Enum, Time, TypeEngine

NAMES = ("a", "b", "Odd Name", "select", 'qu"ote', "it's", "per%cent", "ünï", "x.y", "back`tick")
COMMENTS = (None, "plain", "it's 100% \\ odd\nline")

_ANY: tuple[Callable[[], TypeEngine[Any]], ...] = (
    Integer,
    BigInteger,
    SmallInteger,
    Date,
    DateTime,
    Time,
    Boolean,
    Double,
    Text,
    LargeBinary,
    lambda: String(7),
    lambda: Numeric(8, 3),
    lambda: Numeric(5),
)
TYPES: dict[str, tuple[Callable[[], TypeEngine[Any]], ...]] = {
    "sqlite": (*_ANY, JSON),
    "postgresql": (
        *_ANY,
        JSON,
        postgresql.JSONB,
        postgresql.UUID,
        postgresql.INET,
        postgresql.TSVECTOR,
        postgresql.INT4RANGE,
        postgresql.TSTZMULTIRANGE,
        postgresql.REGCONFIG,
        lambda: postgresql.TIMESTAMP(timezone=True, precision=3),
        lambda: postgresql.INTERVAL(fields="DAY TO SECOND", precision=2),
        lambda: postgresql.BIT(3, varying=True),
        lambda: postgresql.ARRAY(String(4)),
        lambda: String(9, collation="C"),
        lambda: Enum("x", "it's", name="letters", metadata=None),
        lambda: postgresql.DOMAIN("small", Integer, check="VALUE < 10", constraint_name="is_small"),
    ),
    "mariadb": (
        *_ANY,
        mysql.YEAR,
        mysql.MEDIUMTEXT,
        mysql.LONGBLOB,
        mysql.INET6,
        lambda: mysql.INTEGER(unsigned=True),
        lambda: mysql.BIGINT(20, unsigned=True, zerofill=True),
        lambda: mysql.TINYINT(1),
        lambda: mysql.DATETIME(fsp=3),
        lambda: mysql.ENUM("x", "it's", "a,b"),
        lambda: mysql.SET("p", "q"),
        lambda: mysql.VARCHAR(5, charset="latin1", collation="latin1_bin"),
        lambda: mysql.DECIMAL(9, 2, unsigned=True),
        lambda: mysql.BIT(5),
    ),
}
DEFAULTS = {Integer: "5", BigInteger: "-7", SmallInteger: "0", Boolean: "true"}


@st.composite
def schemas(draw: Any, backend: str) -> MetaData:
    """Draw a few tables with what the backend can do."""
    metadata = MetaData()
    made: list[Table] = []
    for number in range(draw(st.integers(1, 3))):
        made.append(_table(draw, backend, metadata, f"t{number}", made))
    return metadata


def _table(draw: Any, backend: str, metadata: MetaData, name: str, before: list[Table]) -> Table:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    comments = st.sampled_from(COMMENTS if backend != "sqlite" else (None,))
    kinds = [draw(st.sampled_from(TYPES[backend])) for _ in names]
    columns = [
        Column("id", Integer, *_identity(draw, backend), autoincrement=True, comment=draw(comments)),
        Column("other", Integer, nullable=False),
    ]
    for column_name, kind in zip(names, kinds):
        default = DEFAULTS.get(kind) if draw(st.booleans()) else None  # type: ignore[call-overload]  # by class
        columns.append(
            Column(
                column_name,
                kind(),
                nullable=draw(st.booleans()),
                server_default=None if default is None else text(default),
                comment=draw(comments),
            )
        )
    items: list[Any] = [PrimaryKeyConstraint("id", name=f"pk_{name}")]
    if draw(st.booleans()):
        items.append(UniqueConstraint("other", "id", name=f"uq {name}"))
    if draw(st.booleans()):
        items.append(CheckConstraint("other > 3 AND (other < 100 OR other = 777)", name=f"ck {name}"))
    if draw(st.booleans()):
        columns.append(Column("twice", Integer, Computed("other * 2", persisted=True)))
    if before and draw(st.booleans()):
        target = draw(st.sampled_from(before))
        columns.append(Column("parent", Integer))
        actions = st.sampled_from((None, "CASCADE"))
        items.append(
            ForeignKeyConstraint(
                ["parent"], [target.c.id], name=f"fk_{name}", ondelete=draw(actions), onupdate=draw(actions)
            )
        )
    table = Table(name, metadata, *columns, *items, comment=draw(comments))
    _indexes(draw, backend, table)
    return table


def _identity(draw: Any, backend: str) -> list[Identity]:
    if backend != "postgresql" or draw(st.booleans()):
        return []
    return [Identity(always=draw(st.booleans()), start=draw(st.integers(1, 9)), increment=2, cycle=True)]


def _indexes(draw: Any, backend: str, table: Table) -> None:
    other = table.c.other
    if draw(st.booleans()):
        Index(f"ix plain {table.name}", other, table.c.id, unique=draw(st.booleans()))
    if backend == "mariadb" or not draw(st.booleans()):
        return
    where = {f"{backend}_where": other > 5}
    if backend == "postgresql":
        where |= draw(
            st.sampled_from(
                (
                    {"postgresql_include": ["id"]},
                    {"postgresql_using": "brin"},
                    {"postgresql_with": {"fillfactor": "50"}},
                    {"postgresql_ops": {"other": "int4_minmax_ops"}, "postgresql_using": "brin"},
                    {"postgresql_nulls_not_distinct": True},
                )
            )
        )
    Index(f"ix_where_{table.name}", other, unique=where.get("postgresql_nulls_not_distinct", False), **where)
    if backend == "postgresql":
        Index(f"ix_expr_{table.name}", func.abs(other).desc(), other.desc().nulls_last(), table.c.id)


QUESTIONS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_comment",
    "table_options",
)


def _facts(engine: Any) -> dict[str, Any]:
    """Everything the inspector says of all tables, as comparable data."""
    inspector = inspect(engine)
    facts: dict[str, Any] = {}
    for question in QUESTIONS:
        try:
            found = getattr(inspector, f"get_multi_{question}")()
        except NotImplementedError:
            continue
        facts[question] = {name: _plain(answer) for (_, name), answer in found.items()}
    return facts


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, TypeEngine):
        return repr(value)
    return value if value is None or isinstance(value, (str, int)) else str(value)


@pytest.mark.feature("C031", "C032", "C034")
@pytest.mark.parametrize("backend", ["sqlite", "postgresql", "mariadb"])
def test_what_was_reflected_makes_the_same_schema(backend: str, request: pytest.FixtureRequest) -> None:
    engine = request.getfixturevalue(
        {"sqlite": "sqlite_engine", "postgresql": "pg_engine", "mariadb": "mariadb_engine"}[backend]
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(schemas(backend))
    def check(metadata: MetaData) -> None:
        place = create_engine("sqlite://") if backend == "sqlite" else engine
        metadata.create_all(place)
        reflected = MetaData()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reflected.reflect(place)
        try:
            first = _facts(place)
        finally:
            metadata.drop_all(place)
        assert sorted(reflected.tables) == sorted(metadata.tables)
        # domains that were reflected are not created with the tables
        columns = [column for table in reflected.tables.values() for column in table.c]
        domains = [c.type for c in columns if isinstance(c.type, postgresql.DOMAIN)]
        for domain in domains:
            domain.create(place, checkfirst=True)
        reflected.create_all(place)
        try:
            assert _facts(place) == first
        finally:
            reflected.drop_all(place)
            for domain in domains:
                domain.drop(place, checkfirst=True)

    check()
