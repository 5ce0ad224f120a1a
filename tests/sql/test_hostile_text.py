"""
Inlined text cannot change meaning, whatever is in it; and strings become text nowhere by accident.

What SQLAlchemy writes otherwise is in docs/sql-safety.md.
"""

from __future__ import annotations

import datetime
import decimal
import re
from collections.abc import Callable
from typing import Any

import pytest
from hostile import NAMES, STRINGS
from hypothesis import given, settings
from hypothesis import strategies as st
from styles import STYLES, styled_engine

from relvar import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Sequence,
    String,
    Table,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    desc,
    exc,
    extract,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    union,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.engine.default import DefaultDialect
from relvar.schema import CreateIndex, CreateSequence, CreateTable

quickly = settings(max_examples=150, deadline=None)

DIALECTS = {
    "default": DefaultDialect(),
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mssql": mssql.dialect(),
}
INLINED = {"literal_binds": True}
BAD = "a; DROP TABLE t --"

t = Table("t", MetaData(), Column("a", Integer, primary_key=True), Column("s", String), Column("d", DateTime))


def inlined(element: Any, dialect: str) -> str:
    return str(element.compile(dialect=DIALECTS[dialect], compile_kwargs=INLINED))


# Numbers ---------------------------------------------------------------------------------------------

numbers = st.one_of(
    st.integers(-9, 9).map(lambda n: (literal(n, Integer), n)),
    st.integers(-9, 9).map(lambda n: (literal(n, Integer, literal_execute=True), n)),
    st.integers(-9, 0).map(lambda n: (literal_column(str(n), Integer), n)),
)


def _deeper(inner: Any) -> Any:
    return st.one_of(
        inner.map(lambda e: (-e[0], -e[1])),
        inner.map(lambda e: (e[0].bitwise_not(), ~e[1])),
        st.tuples(inner, inner).map(lambda es: (es[0][0] - es[1][0], es[0][1] - es[1][1])),
        st.tuples(inner, inner).map(lambda es: (es[0][0] + es[1][0], es[0][1] + es[1][1])),
        # the program says how an operator of its own binds
        st.tuples(inner, numbers).map(lambda es: (es[0][0].op("-")(es[1][0]), es[0][1] - es[1][1])),
        inner.map(lambda e: (func.abs(-e[0]), abs(e[1]))),
        inner.map(lambda e: (case((literal_column("1") == 1, -e[0])), -e[1])),
    )


@quickly
@given(st.recursive(numbers, _deeper, max_leaves=8))
def test_no_two_dashes(pair: tuple[Any, int]) -> None:
    """Negative numbers behind minus signs: no comment begins, and SQL computes what Python does."""
    expression, expected = pair
    statement = select(expression.label("x"))
    engine = styled_engine("qmark")
    with engine.connect() as conn:
        assert conn.scalar(statement) == expected
        plain = str(statement.compile(conn, compile_kwargs=INLINED))
        assert conn.exec_driver_sql(plain).scalar() == expected
        now = statement.compile(conn, compile_kwargs={"render_postcompile": True})
        assert "--" not in plain and "--" not in str(now)
    engine.dispose()
    for dialect in DIALECTS:
        assert "--" not in inlined(statement, dialect)
    ddl = CreateIndex(Index("i", expression, func.abs(-expression), _table=t))
    check = CreateTable(
        Table("x", MetaData(), Column("a", Integer), CheckConstraint(-expression < column("a")))
    )
    for element in (ddl, check):
        assert "--" not in str(element.compile(dialect=DIALECTS["postgresql"]))


@quickly
@given(
    st.one_of(
        st.floats(),
        st.decimals(),
        st.integers(-(10**40), 10**40),
        st.floats().map(str),
        st.integers(-9, 9).map(lambda n: f" {n}\n"),
    )
)
def test_literals_of_numbers_are_numbers(value: Any) -> None:
    """A number's literal is a number to the database, or there is none."""
    number = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|NULL|-?9e999|'-?(NaN|Infinity)'::DOUBLE PRECISION")
    for dialect in ("sqlite", "postgresql", "mysql", "mssql"):
        for type_ in (Numeric(), Float()):
            try:
                written = inlined(literal(value, type_), dialect)
            except exc.CompileError:
                assert not decimal.Decimal(str(value)).is_finite()
                continue
            assert number.fullmatch(written), (dialect, value, written)


@quickly
@given(st.datetimes(), st.dates(), st.times())
def test_literals_of_dates(moment: Any, day: Any, time: Any) -> None:
    engine = styled_engine("qmark")
    with engine.connect() as conn:
        statement = select(
            literal(moment) == literal(moment, literal_execute=True),
            literal(day, literal_execute=True) == day,
        )
        assert tuple(conn.execute(statement).one()) == (True, True)
    engine.dispose()
    for dialect in ("postgresql", "mysql", "mssql"):
        assert inlined(literal(moment), dialect) == f"'{moment.isoformat(' ')}'"
        assert inlined(literal(time), dialect) in (f"'{time.isoformat()}'", f"'{time}'")


def test_objects_with_an_opinion() -> None:
    """The text of a literal is escaped although an object says what it is."""

    class Day(datetime.datetime):
        def isoformat(self, *args: Any) -> str:
            return "x' OR 1=1 --"

    class Number(int):
        def __str__(self) -> str:
            return "1 OR 1=1"

        __repr__ = __str__

    class Shown(str):
        def __str__(self) -> str:
            return "x' OR 1=1 --"

    for dialect in DIALECTS:
        for type_ in (DateTime(), Date()):
            written = inlined(literal(Day(2024, 1, 2), type_), dialect)
            assert re.fullmatch("'x'' OR 1=1 --'|'2024-01-02[ 0:.]*'", written)
        assert inlined(literal(Number(5), Integer), dialect) == "5"
        with pytest.raises(exc.CompileError):
            inlined(literal(Number(5), Numeric), dialect)
        assert inlined(literal(Shown("it's"), String), dialect) == "'it''s'"
        quoted = inlined(literal("x' OR '", Uuid(as_uuid=False)), dialect)
        assert quoted.removeprefix("N") in ("'x'' OR '''", "'x'' OR '''::UUID")


# Strings -------------------------------------------------------------------------------------------------

ALPHABET = "'\"`\\%?:;-#/*_[]{}()$@~,.=ab01 \n\t\x01\x02äʼ＇☃"
odd_text = st.one_of(st.sampled_from(STRINGS), st.text(ALPHABET, max_size=12), st.text(max_size=8))
words = odd_text.filter(lambda s: "\0" not in s and not any("\ud800" <= c <= "\udfff" for c in s))
# SQLite 3.40 takes the column "true" of a subquery for the constant
names = words.filter(lambda s: s and s.lower() not in ("true", "false"))


@pytest.fixture(scope="module", params=STYLES)
def conn(request: pytest.FixtureRequest) -> Any:
    engine = styled_engine(request.param)
    with engine.connect() as conn:
        yield conn
    engine.dispose()


@quickly
@given(word=words, other=words, name=names, key=names)
def test_strings_stay_data(conn: Any, word: str, other: str, name: str, key: str) -> None:
    """As values, literals, elements of lists, labels, aliases and names of parameters, twice in one shape."""
    inner = select(literal(1, Integer).label("id"), literal(word, literal_execute=True).label(name)).subquery(
        key
    )

    def statement(value: str) -> Any:
        return select(
            inner.c.id,
            inner.c[name],
            bindparam(key, type_=String).label("given"),
            bindparam(f"{key}_1", type_=String),
            literal(value).label(f"{name}!"),
            literal(value, literal_execute=True),
            text("'" + value.replace("'", "''").replace("\\", "\\\\").replace(":", "\\:") + "'"),
        ).where(inner.c.id.in_([1, 2]), literal(value).in_(bindparam(f"in{key}", expanding=True)))

    for value in (word, other):
        made = statement(value)
        parameters = {key: value, f"{key}_1": other, f"in{key}": [value, "no", other]}
        result = conn.execute(made, parameters)
        assert list(result.keys())[1] == name
        row = result.one()
        assert row[:6] == (1, word, value, other, value, value)


@quickly
@given(st.sampled_from(STYLES), names, names, st.lists(words, min_size=1, max_size=3))
def test_columns_of_any_name(style: str, name: str, other: str, words: list[str]) -> None:
    """INSERT, batches, UPDATE and SELECT on a table with odd names."""
    if len({name.casefold(), other.casefold(), "id"}) < 3:
        return  # one column to SQLite, which ignores the case of ASCII letters
    columns = [Column(name, String), Column(other, String)]
    odd = Table(f"t{name}", MetaData(), Column("id", Integer, primary_key=True), *columns)
    engine = styled_engine(style)
    with engine.connect() as conn:
        odd.create(conn)
        rows = [{"id": i, name: word, other: f"{word}!"} for i, word in enumerate(words, 1)]
        conn.execute(insert(odd), rows[0])
        conn.execute(insert(odd).returning(odd.c.id), [{**row, "id": row["id"] + 100} for row in rows])
        changed = update(odd).where(odd.c[name] == words[0]).values({other: words[0] + "?"})
        assert conn.execute(changed).rowcount == 1 + words.count(words[0])
        found = conn.execute(select(odd).where(odd.c.id == 1)).mappings().one()
        assert dict(found) == {"id": 1, name: words[0], other: words[0] + "?"}
        assert conn.execute(delete(odd).where(odd.c[name].in_(words))).rowcount == 1 + len(words)
    engine.dispose()


@quickly
@given(word=words)
def test_literals_are_one_token(word: str) -> None:
    """What each dialect writes for a string reads back as that string, by the rules of its database."""
    for dialect, written in [(name, inlined(literal(word, String), name)) for name in DIALECTS]:
        body = re.fullmatch(r"N?'(.*)'", written, re.S)
        assert body is not None
        inner = body.group(1)
        if dialect in ("mysql", "postgresql"):
            inner = inner.replace("%%", "%")
        if dialect == "mysql":
            inner = inner.replace("\\\\", "\\")
        assert re.fullmatch("(?:[^']|'')*", inner) and inner.replace("''", "'") == word, dialect


def test_names_are_one_token() -> None:
    for name in NAMES:
        for dialect, (first, last) in {
            "sqlite": '""',
            "postgresql": '""',
            "mysql": "``",
            "mssql": "[]",
        }.items():
            made = str(select(column(name).label(f"{name}'")).compile(dialect=DIALECTS[dialect]))
            made = made.replace("%%", "%") if dialect in ("postgresql", "mysql") else made
            quoted = f"{first}{name.replace(last, last * 2)}{last}"
            labelled = f"{first}{(name + chr(39)).replace(last, last * 2)}{last}"
            assert made == f"SELECT {quoted} AS {labelled}" or (
                re.fullmatch("[a-z_\u017f][a-z0-9_$]*", name) and made == f"SELECT {name} AS {labelled}"
            ), name


@pytest.mark.parametrize("length", [63, 64, 65, 128, 129, 255, 300])
def test_long_names(engine: Any, length: int) -> None:
    """Labels, aliases and parameters may be as long as anybody wants; tables are refused in time."""
    name = "é" + "x" * (length - 1)
    aliases = length <= engine.dialect.max_identifier_length or engine.name != "mariadb"
    with engine.connect() as conn:
        made = select(bindparam(name, type_=Integer), literal(5).label("l")).where(
            literal(1).in_(bindparam(f"{name}s", expanding=True))
        )
        assert tuple(conn.execute(made, {name: 3, f"{name}s": [1, 2]}).one()) == (3, 5)
        if aliases:
            inner = select(literal(1).label("id")).subquery(name)
            row = conn.execute(select(inner.c.id.label(name))).one()
            assert row._mapping[name] == 1
        long = Table(name, MetaData(), Column("id", Integer))
        if len(name) > engine.dialect.max_identifier_length:
            with pytest.raises(exc.IdentifierError, match="exceeds maximum length"):
                long.create(conn)


# Where ours differs ----------------------------------------------------------------------------------


def test_colons_in_inlined_values_of_text() -> None:
    made = text("SELECT :v, '\\:x', a::int").bindparams(v="\\:x \\:y")
    assert inlined(made, "sqlite") == "SELECT '\\:x \\:y', ':x', a::int"
    assert str(text("\\:a :b '\\:c'").compile(dialect=DIALECTS["sqlite"])) == ":a ? ':c'"


def test_collations_in_names_of_types() -> None:
    odd = Enum("a", name="x COLLATE y")
    assert inlined(cast(t.c.s, odd), "postgresql") == 'CAST(t.s AS "x COLLATE y")'
    listed = postgresql.ARRAY(odd)
    assert str(listed.compile(dialect=DIALECTS["postgresql"])) == '"x COLLATE y"[]'
    assert inlined(cast(t.c.s, String(collation="a COLLATE b")), "postgresql") == (
        'CAST(t.s AS VARCHAR) COLLATE "a COLLATE b"'
    )
    with pytest.raises(exc.CompileError, match="no name of a collation"):
        inlined(t.c.s.collate(BAD), "mssql")
    assert inlined(cast(t.c.s, mysql.VARCHAR(5, charset="x y")), "mysql").endswith("CHARACTER SET `x y`)")


def test_names_that_end_in_a_newline_are_quoted() -> None:
    for name in ("abc\n", "", "\n"):
        for dialect in ("default", "sqlite", "postgresql"):
            assert inlined(column(name), dialect) == f'"{name}"'
    assert inlined(getattr(func, "f\n")(1), "sqlite") == '"f\n"(1)'


def test_names_of_functions() -> None:
    for name in [*NAMES, BAD, "f%(expr)s"]:
        if name.endswith("_") or name.startswith("__"):
            continue  # func.not_ is NOT, and others are Python's own attributes
        for dialect, quote in {"sqlite": '"', "postgresql": '"', "mysql": "`"}.items():
            made = inlined(getattr(getattr(func, name), name)(1), dialect)
            if dialect != "sqlite":
                made = made.replace("%%", "%")
            escaped = name.replace(quote, quote * 2)
            plain = re.fullmatch(r"[A-Za-z0-9_$\u017f\u212a]+", name) is not None
            quoted = name if plain else f"{quote}{escaped}{quote}"
            assert made == f"{quoted}.{quoted}(1)", name


def test_placeholders_by_name_are_words() -> None:
    """With ``:name`` placeholders every other character of a name is replaced, and names stay apart."""
    dialect = sqlite.dialect(paramstyle="named")
    made = [f"x{name}" for name in NAMES]
    compiled = select(*[bindparam(name) for name in made]).compile(dialect=dialect)
    found = re.findall(r":(\w+)", str(compiled))
    assert len(set(found)) == len(made)
    assert re.fullmatch(r"SELECT (:\w+ AS \w+(, )?)+", str(compiled))
    assert sorted(compiled.construct_params({name: name for name in made}).values()) == sorted(made)


def test_pyformat_placeholders() -> None:
    made = [f"{name}" for name in NAMES]
    compiled = select(*[bindparam(name).label(f"c{i}") for i, name in enumerate(made)]).compile(
        dialect=postgresql.dialect()
    )
    values = compiled.construct_params({name: i for i, name in enumerate(made)})
    filled = str(compiled) % values
    assert filled == "SELECT " + ", ".join(f"{i} AS c{i}" for i in range(len(made)))


# Strings where a program might expect text ------------------------------------------------------------

REFUSED: dict[str, Callable[[], Any]] = {
    "columns": lambda: select(BAD),
    "where": lambda: select(t).where(BAD),
    "having": lambda: select(t).having(BAD),
    "order by": lambda: select(t).order_by(BAD),
    "order by desc": lambda: select(t).order_by(desc(BAD)),
    "group by": lambda: select(t).group_by(BAD),
    "order by of a union": lambda: union(select(t.c.a), select(t.c.a)).order_by(BAD),
    "join": lambda: select(t).join(BAD),
    "on": lambda: select(t).join(table("u"), BAD),
    "from": lambda: select(t).select_from(BAD),
    "limit": lambda: select(t).limit(BAD),
    "offset": lambda: select(t).offset(BAD),
    "for update of": lambda: select(t).with_for_update(of=BAD),
    "filter_by": lambda: select(t).filter_by(**{BAD: 1}),
    "insert": lambda: insert(t).values({BAD: 1}),
    "insert from select": lambda: insert(t).from_select([BAD], select(t.c.a)),
    "update": lambda: update(t).values({BAD: 1}),
    "update where": lambda: update(t).where(BAD),
    "delete where": lambda: delete(t).where(BAD),
    "returning": lambda: insert(t).returning(BAD),
    "cast": lambda: select(cast(t.c.a, BAD)),
    "partition by": lambda: select(func.f().over(partition_by=BAD)),
    "window order by": lambda: select(func.f().over(order_by=BAD)),
    "within group": lambda: select(func.f().within_group(BAD)),
    "filter": lambda: select(func.f().filter(BAD)),
    "frame": lambda: select(func.f().over(rows=(BAD, 1))),
    "exclude": lambda: select(func.f().over(rows=(1, 1), exclude=BAD)),
    "extract": lambda: select(extract(BAD, t.c.d)),
    "length": lambda: select(cast(t.c.a, String(BAD))),  # type: ignore[arg-type]  # what is tried
    "precision": lambda: select(cast(t.c.a, Numeric(BAD, 2))),  # type: ignore[arg-type]  # what is tried
    "size of bytes": lambda: CreateTable(Table("x", MetaData(), Column("a", mysql.VARBINARY(BAD)))),
    "interval": lambda: select(cast(t.c.a, postgresql.INTERVAL(fields=BAD))),
    "on delete": lambda: CreateTable(Table("x", MetaData(), Column("a", ForeignKey(t.c.a, ondelete=BAD)))),
    "match": lambda: CreateTable(Table("x", MetaData(), Column("a", ForeignKey(t.c.a, match=BAD)))),
    "initially": lambda: CreateTable(Table("x", MetaData(), Column("a", ForeignKey(t.c.a, initially=BAD)))),
    "index method": lambda: CreateIndex(Index("i", t.c.a, postgresql_using=BAD)),
    "sequence": lambda: CreateSequence(Sequence("s", start=BAD)),  # type: ignore[arg-type]  # what is tried
}


@pytest.mark.parametrize("case_", list(REFUSED))
def test_strings_are_not_taken_for_text(case_: str) -> None:
    dialect = "mysql" if case_ == "size of bytes" else "postgresql"
    # a type that is a string has no methods of types
    with pytest.raises((exc.SQLAlchemyError, ValueError, TypeError, KeyError, AttributeError)):
        REFUSED[case_]().compile(dialect=DIALECTS[dialect])


def test_strings_become_parameters() -> None:
    for made in (
        select(literal(BAD), func.f(BAD), case((t.c.a == 1, BAD), else_=BAD), case((BAD, 1))),
        select(t).where(t.c.s == BAD, t.c.s.in_([BAD]), t.c.s.between(BAD, BAD), t.c.s.like(BAD)),
        select(func.date_trunc(BAD, t.c.d), func.strftime(BAD, t.c.d)),
        insert(t).values(s=BAD),
        update(t).values(s=BAD).where(t.c.s.regexp_match(BAD)),
    ):
        for name in ("sqlite", "postgresql"):
            compiled = made.compile(dialect=DIALECTS[name])
            assert "DROP" not in str(compiled) and BAD in str(compiled.params.values())


def test_bytes_are_hexadecimal() -> None:
    value = b"a'\\%s\x00\xff"
    expected = {"sqlite": "X'61275c257300ff'", "mysql": "X'61275c257300ff'", "mssql": "0x61275c257300ff"}
    for dialect, written in expected.items():
        assert inlined(literal(value, LargeBinary), dialect).lower() == written.lower()
    assert inlined(literal(value, LargeBinary), "postgresql") == r"'\x61275c257300ff'::BYTEA"


def test_markers_are_shown_as_ever() -> None:
    """What people see has no secrets in it."""
    made = select(t.c.a).where(t.c.a.in_([1]), t.c.s == literal("x", literal_execute=True))
    assert str(made) == (
        "SELECT t.a \nFROM t \nWHERE t.a IN (__[POSTCOMPILE_a_1]) AND t.s = __[POSTCOMPILE_param_1]"
    )
    far = Table("u", MetaData(), Column("x", Integer), schema="far")
    compiled = select(far).compile(schema_translate_map={"far": "near"})
    assert str(compiled) == "SELECT __[SCHEMA_far].u.x \nFROM __[SCHEMA_far].u"
    shown = select(far).compile(schema_translate_map={"far": "near"}, render_schema_translate=True)
    assert str(shown) == "SELECT near.u.x \nFROM near.u"
    state = made.compile().construct_expanded_state()
    assert state.statement == "SELECT t.a \nFROM t \nWHERE t.a IN (:a_1_1) AND t.s = 'x'"
