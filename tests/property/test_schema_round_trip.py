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
    cast,
    create_engine,
    func,
    inspect,
    text,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.types import JSON, UUID, Enum, Time, TypeEngine

NAMES = ("a", "b", "Odd Name", "select", 'qu"ote', "it's", "per%cent", "ünï", "x.y", "back`tick")
COMMENTS = (None, "plain", "it's 100% \\ odd\nline")

Kind = Callable[[], TypeEngine[Any]]

_ANY: tuple[Kind, ...] = (
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
# Each type that a dialect has a name for, bare and with its arguments.
TYPES: dict[str, tuple[Kind, ...]] = {
    "sqlite": (
        *_ANY,
        JSON,
        sqlite.REAL,
        sqlite.FLOAT,
        sqlite.BLOB,
        sqlite.CHAR,
        sqlite.TIMESTAMP,
        sqlite.NUMERIC,
        sqlite.VARCHAR,
        lambda: sqlite.CHAR(3),
        lambda: sqlite.DECIMAL(10, 2),
        lambda: sqlite.VARCHAR(4, collation="NOCASE"),
        lambda: sqlite.TEXT(collation="RTRIM"),
    ),
    "postgresql": (
        *_ANY,
        JSON,
        postgresql.JSONB,
        postgresql.JSONPATH,
        postgresql.UUID,
        postgresql.INET,
        postgresql.CIDR,
        postgresql.MACADDR,
        postgresql.MACADDR8,
        postgresql.MONEY,
        postgresql.OID,
        postgresql.REGCLASS,
        postgresql.REGCONFIG,
        postgresql.TSVECTOR,
        postgresql.TSQUERY,
        postgresql.REAL,
        postgresql.BYTEA,
        postgresql.NUMERIC,
        postgresql.VARCHAR,
        postgresql.BIT,
        postgresql.INTERVAL,
        postgresql.HSTORE,
        postgresql.CITEXT,
        postgresql.INT4RANGE,
        postgresql.INT8RANGE,
        postgresql.NUMRANGE,
        postgresql.DATERANGE,
        postgresql.TSRANGE,
        postgresql.TSTZRANGE,
        postgresql.INT4MULTIRANGE,
        postgresql.INT8MULTIRANGE,
        postgresql.NUMMULTIRANGE,
        postgresql.DATEMULTIRANGE,
        postgresql.TSMULTIRANGE,
        postgresql.TSTZMULTIRANGE,
        lambda: postgresql.CHAR(3),
        lambda: postgresql.TIME(timezone=True, precision=0),
        lambda: postgresql.TIMESTAMP(timezone=True, precision=3),
        lambda: postgresql.INTERVAL(fields="DAY TO SECOND", precision=2),
        lambda: postgresql.INTERVAL(fields="YEAR"),
        lambda: postgresql.BIT(4),
        lambda: postgresql.BIT(3, varying=True),
        lambda: postgresql.ARRAY(String(4)),
        lambda: postgresql.ARRAY(postgresql.TIMESTAMP(precision=1)),
        lambda: postgresql.ARRAY(Enum("x", "it's", name="letters", metadata=None)),
        lambda: String(9, collation="C"),
        lambda: Enum("x", "it's", name="letters", metadata=None),
        lambda: postgresql.DOMAIN("small", Integer, check="VALUE < 10", constraint_name="is_small"),
    ),
    "mariadb": (
        *_ANY,
        mysql.YEAR,
        mysql.TINYTEXT,
        mysql.MEDIUMTEXT,
        mysql.LONGTEXT,
        mysql.TINYBLOB,
        mysql.BLOB,
        mysql.MEDIUMBLOB,
        mysql.LONGBLOB,
        mysql.INET4,
        mysql.INET6,
        mysql.FLOAT,
        mysql.REAL,
        mysql.CHAR,
        mysql.NCHAR,
        mysql.MEDIUMINT,
        UUID,
        lambda: mysql.INTEGER(unsigned=True),
        lambda: mysql.MEDIUMINT(6, zerofill=True),
        lambda: mysql.SMALLINT(unsigned=True),
        lambda: mysql.BIGINT(20, unsigned=True, zerofill=True),
        lambda: mysql.TINYINT(1),
        lambda: mysql.FLOAT(7, 3),
        lambda: mysql.DOUBLE(10, 4, unsigned=True),
        lambda: mysql.DECIMAL(9, 2, unsigned=True, zerofill=True),
        lambda: mysql.DATETIME(fsp=3),
        lambda: mysql.TIME(fsp=6),
        lambda: mysql.ENUM("x", "it's", "a,b"),
        lambda: mysql.ENUM("x", "y", charset="latin1", collation="latin1_bin"),
        lambda: mysql.SET("p", "q"),
        lambda: mysql.VARCHAR(5, charset="latin1", collation="latin1_bin"),
        lambda: mysql.NVARCHAR(6),
        lambda: mysql.TEXT(charset="utf8mb4", collation="utf8mb4_bin"),
        lambda: mysql.BINARY(4),
        lambda: mysql.VARBINARY(7),
        lambda: mysql.BIT(5),
    ),
}
# What a STRICT table of SQLite may have.
STRICT = (Integer, Text, sqlite.REAL, sqlite.BLOB)
OPTIONS: dict[str, tuple[dict[str, Any], ...]] = {
    "sqlite": (
        {},
        {"sqlite_with_rowid": False},
        {"sqlite_strict": True},
        {"sqlite_strict": True, "sqlite_with_rowid": False},
        {"sqlite_autoincrement": True},
    ),
    "postgresql": ({}, {"postgresql_with": {"fillfactor": "70"}}),
    "mariadb": (
        {},
        {"mariadb_engine": "MyISAM"},
        {"mariadb_engine": "InnoDB", "mariadb_row_format": "DYNAMIC", "mariadb_stats_persistent": "1"},
        {"mariadb_default_charset": "latin1", "mariadb_collate": "latin1_bin"},
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
    options = draw(st.sampled_from(OPTIONS[backend]))
    types = STRICT if "sqlite_strict" in options else TYPES[backend]
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    comments = st.sampled_from(COMMENTS if backend != "sqlite" else (None,))
    kinds = [draw(st.sampled_from(types)) for _ in names]
    has_composite_key = draw(st.booleans()) and "sqlite_autoincrement" not in options
    columns = [
        Column(
            "id",
            Integer,
            *_identity(draw, backend),
            # SQLite counts no key of two columns
            autoincrement=not (backend == "sqlite" and has_composite_key),
            comment=draw(comments),
        ),
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
    key = ["id", "other"] if has_composite_key else ["id"]
    items: list[Any] = [PrimaryKeyConstraint(*key, name=f"pk_{name}")]
    # a foreign key of two columns needs it
    items.append(UniqueConstraint("other", "id", name=f"uq {name}", **_unique_options(draw, backend)))
    if draw(st.booleans()):
        check = {"postgresql": ({}, {"postgresql_not_valid": True}, {"postgresql_no_inherit": True})}
        chosen = draw(st.sampled_from(check.get(backend, ({},))))
        condition = "other > 3 AND (other < 100 OR other = 777)"
        items.append(CheckConstraint(condition, name=f"ck {name}", **chosen))
    if draw(st.booleans()):
        stored = backend == "postgresql" or draw(st.booleans())
        columns.append(Column("twice", Integer, Computed("other * 2", persisted=stored)))
    # MyISAM has no foreign keys
    targets = [] if _is_myisam(options) else [each for each in before if not _is_myisam(each.dialect_kwargs)]
    if targets and draw(st.booleans()):
        _refer(draw, backend, name, draw(st.sampled_from(targets)), columns, items)
    table = Table(name, metadata, *columns, *items, comment=draw(comments), **options)
    _indexes(draw, backend, table)
    return table


def _is_myisam(options: Any) -> bool:
    return bool(options.get("mariadb_engine") == "MyISAM")


def _unique_options(draw: Any, backend: str) -> dict[str, Any]:
    return dict(
        draw(
            st.sampled_from(
                {
                    "sqlite": ({}, {"sqlite_on_conflict": "IGNORE"}),
                    # what is deferrable, or leaves NULLs alone, can't be referred to by all
                    "postgresql": ({}, {"postgresql_nulls_not_distinct": True}),
                    "mariadb": ({},),
                }[backend]
            )
        )
    )


def _refer(draw: Any, backend: str, name: str, target: Table, columns: list[Any], items: list[Any]) -> None:
    """Add a foreign key, of one column or two."""
    actions = st.sampled_from((None, "CASCADE", "SET NULL") if backend != "mariadb" else (None, "CASCADE"))
    options: dict[str, Any] = {"ondelete": draw(actions), "onupdate": draw(actions)}
    if backend != "mariadb" and draw(st.booleans()):
        options |= {"deferrable": True, "initially": "DEFERRED"}
    if backend == "postgresql":
        options |= draw(st.sampled_from(({}, {"match": "FULL"}, {"postgresql_not_valid": True})))
    local, remote = ["parent"], [target.c.id]
    columns.append(Column("parent", Integer))
    if len(target.primary_key) == 2 or draw(st.booleans()):
        columns.append(Column("parent other", Integer))
        local, remote = ["parent other", "parent"], [target.c.other, target.c.id]
    items.append(ForeignKeyConstraint(local, remote, name=f"fk_{name}", **options))


def _identity(draw: Any, backend: str) -> list[Identity]:
    if backend != "postgresql" or draw(st.booleans()):
        return []
    limits = draw(st.sampled_from(({}, {"minvalue": -5, "maxvalue": 500, "cache": 7})))
    always, start = draw(st.booleans()), draw(st.integers(1, 9))
    return [Identity(always=always, start=start, increment=2, cycle=True, **limits)]


def _indexes(draw: Any, backend: str, table: Table) -> None:
    other = table.c.other
    if draw(st.booleans()):
        Index(f"ix plain {table.name}", other, table.c.id.desc(), unique=draw(st.booleans()))
    if backend == "mariadb":
        _mariadb_indexes(draw, table)
        return
    if not draw(st.booleans()):
        return
    where = {f"{backend}_where": other > 5}
    if backend == "postgresql":
        where |= draw(
            st.sampled_from(
                (
                    {"postgresql_include": ["id"]},
                    {"postgresql_using": "brin"},
                    {"postgresql_using": "hash"},
                    {"postgresql_with": {"fillfactor": "50"}},
                    {"postgresql_ops": {"other": "int4_minmax_ops"}, "postgresql_using": "brin"},
                    {"postgresql_nulls_not_distinct": True},
                )
            )
        )
    Index(f"ix_where_{table.name}", other, unique=where.get("postgresql_nulls_not_distinct", False), **where)
    Index(f"ix_expr_{table.name}", func.abs(other).desc(), other.desc(), table.c.id)
    if backend == "postgresql":
        Index(
            f"ix_ops_{table.name}",
            func.lower(cast(other, Text)).label("low").desc().nulls_last(),
            other.desc().nulls_last(),
            postgresql_ops={"low": "text_pattern_ops"},
        )
        if draw(st.booleans()):
            table.append_constraint(
                postgresql.ExcludeConstraint(
                    (func.int4range(0, other), "&&"),
                    name=f"ex_{table.name}",
                    where=other > 9,
                    deferrable=draw(st.sampled_from((None, True))),
                )
            )


def _mariadb_indexes(draw: Any, table: Table) -> None:
    for column in table.c:
        if type(column.type) is Text and draw(st.booleans()):
            Index(f"ft {column.key}", column, mariadb_prefix="FULLTEXT")
        elif type(column.type) in (Text, LargeBinary) and draw(st.booleans()):
            Index(f"px {column.key}", column, mariadb_length={column.key: 9})


QUESTIONS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "exclude_constraints",
    "table_comment",
    "table_options",
)


def _facts(engine: Any) -> dict[str, Any]:
    """Everything the inspector says of all tables, as comparable data."""
    inspector = inspect(engine)
    facts: dict[str, Any] = {}
    for question in QUESTIONS:
        ask = getattr(inspector, f"get_multi_{question}", None)
        if ask is None:
            continue
        try:
            found = ask()
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

    if backend == "postgresql":
        with engine.begin() as connection:
            for extension in ("hstore", "citext"):
                connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
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
