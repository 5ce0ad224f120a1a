"""Full text search, DISTINCT ON, ONLY, row locks, and functions that give tables, on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    cast,
    column,
    delete,
    exc,
    func,
    insert,
    literal,
    literal_column,
    select,
    true,
    tuple_,
    update,
)
from relvar.dialects import postgresql
from relvar.dialects.postgresql import (
    ENUM,
    JSONB,
    REGCONFIG,
    TSQUERY,
    TSVECTOR,
    aggregate_order_by,
    array,
    distinct_on,
    phraseto_tsquery,
    plainto_tsquery,
    to_tsquery,
    to_tsvector,
    ts_headline,
    websearch_to_tsquery,
)
from relvar.orm import DeclarativeBase, Mapped, aliased, mapped_column

DIALECT = postgresql.dialect()
metadata = MetaData()
pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(10)),
    Column("body", Text),
    Column("words", TSVECTOR),
    Column("data", JSONB),
)
links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", ForeignKey("pages.id")),
)
p = pages.c


def written(statement: Any) -> str:
    return " ".join(str(statement.compile(dialect=DIALECT)).split())


@pytest.fixture
def connection(pg_engine: Any) -> Any:
    metadata.create_all(pg_engine)
    with pg_engine.begin() as connection:
        bodies = ["The quick brown foxes jumped", "A lazy dog", "Dogs and a fox; it's 100% quick"]
        connection.execute(
            insert(pages),
            [
                {"id": n, "kind": "odd" if n % 2 else "even", "body": body, "data": [n, n * 10]}
                for n, body in enumerate(bodies, 1)
            ],
        )
        connection.execute(update(pages).values(words=func.to_tsvector("english", p.body)))
        connection.execute(insert(links), [{"id": n, "page_id": n % 3 + 1} for n in range(1, 5)])
    with pg_engine.connect() as connection:
        yield connection


# -- full text search --------------------------------------------------------------


@pytest.mark.feature("E028")
def test_search(connection: Any) -> None:
    def found(condition: Any) -> list[int]:
        return list(connection.scalars(select(p.id).where(condition).order_by(p.id)))

    for condition, expected in [
        (p.body.match("fox"), [1, 3]),
        (p.body.match("dog", postgresql_regconfig="english"), [2, 3]),
        (p.body.match("dogs", postgresql_regconfig="simple"), []),
        (p.words.match("fox quick"), [1, 3]),
        (~p.words.match("fox"), [2]),
        (p.words.bool_op("@@")(func.to_tsquery("english", "fox & !lazy")), [1, 3]),
        (p.words.op("@@")(to_tsquery("fox | lazy")), [1, 2, 3]),
        (to_tsvector("english", p.body).bool_op("@@")(plainto_tsquery("english", "lazy dogs")), [2]),
        (func.to_tsvector(p.body).op("@@")(phraseto_tsquery("english", "brown foxes")), [1]),
        (p.words.op("@@")(websearch_to_tsquery("english", 'quick -"brown fox"')), [3]),
        (p.words.op("@@")(cast("fox", TSQUERY)), [1, 3]),
        (p.words.op("@@")(literal("dog", TSQUERY)), [2, 3]),
        (
            func.to_tsvector(cast("simple", REGCONFIG), p.body).op("@@")(func.to_tsquery("simple", "dogs")),
            [3],
        ),
        (p.words.op("@@")(func.websearch_to_tsquery("it's 100%")), [3]),
    ]:
        assert found(condition) == expected, str(condition)


@pytest.mark.feature("E028")
def test_search_functions(connection: Any) -> None:
    def ask(expression: Any) -> Any:
        return connection.scalar(select(expression).where(p.id == 1))

    options = "StartSel=[, StopSel=]"
    for expression, type_, expected in [
        (func.to_tsvector("english", "foxes run"), TSVECTOR, "'fox':1 'run':2"),
        (func.to_tsvector("simple", p.kind), TSVECTOR, "'odd':1"),
        (to_tsvector("running"), TSVECTOR, "'run':1"),
        (func.to_tsquery("english", "foxes & run"), TSQUERY, "'fox' & 'run'"),
        (plainto_tsquery("simple", "a b"), TSQUERY, "'a' & 'b'"),
        (phraseto_tsquery("simple", "a b"), TSQUERY, "'a' <-> 'b'"),
        (websearch_to_tsquery("simple", "a or b"), TSQUERY, "'a' | 'b'"),
        (ts_headline("english", p.body, to_tsquery("fox"), options), Text, "The quick brown [foxes] jumped"),
        (ts_headline(p.body, to_tsquery("fox"), options), Text, "The quick brown [foxes] jumped"),
        (func.ts_headline("simple", "a b", func.to_tsquery("b")), Text, "a <b>b</b>"),
    ]:
        assert isinstance(expression.type, type_), str(expression)
        found = ask(expression)
        assert expected in (None, found), str(expression)
    assert ask(func.ts_rank(p.words, func.to_tsquery("fox"))) > 0
    assert (
        written(func.to_tsvector("english", p.body))
        == "to_tsvector(%(to_tsvector_1)s::REGCONFIG, pages.body)"
    )
    by_words = Index("ix", func.to_tsvector("english", p.body), _table=pages.to_metadata(MetaData()))
    assert by_words.name == "ix"
    inline = select(p.id).where(func.to_tsvector("english", p.body).match("fox"))
    text = str(inline.compile(connection, compile_kwargs={"literal_binds": True}))
    assert "to_tsvector('english', pages.body) @@ plainto_tsquery('fox')" in text
    assert connection.exec_driver_sql(text).all() == [(1,), (3,)]


# -- DISTINCT ON, ONLY -------------------------------------------------------------


@pytest.mark.feature("E029")
def test_distinct_on(connection: Any) -> None:
    first = select(p.kind, p.id).order_by(p.kind, p.id.desc())
    with pytest.deprecated_call(match="postgresql.distinct_on"):
        old = first.distinct(p.kind)
    for statement in (old, first.ext(distinct_on(p.kind))):
        assert written(statement) == (
            "SELECT DISTINCT ON (pages.kind) pages.kind, pages.id FROM pages "
            "ORDER BY pages.kind, pages.id DESC"
        )
        assert connection.execute(statement).all() == [("even", 2), ("odd", 3)]
    two = first.ext(distinct_on(p.kind, func.lower(p.kind)))
    assert written(two).startswith("SELECT DISTINCT ON (pages.kind, lower(pages.kind)) ")
    assert len(connection.execute(two.order_by(None).order_by(p.kind)).all()) == 2
    labelled = select(p.kind.label("k")).ext(distinct_on("k")).order_by("k").limit(1)
    assert connection.scalars(labelled).all() == ["even"]
    with pytest.raises(exc.InvalidRequestError, match="Cannot mix"):
        old.ext(distinct_on(p.id))


@pytest.mark.feature("E029")
def test_only(connection: Any) -> None:
    child = Table("special_pages", MetaData(), postgresql_inherits="pages")
    child.create(connection)
    connection.execute(
        insert(pages.to_metadata(MetaData(), name="special_pages")), {"id": 9, "kind": "child"}
    )
    everything = select(p.id).order_by(p.id)
    only = everything.with_hint(pages, "ONLY", "postgresql")
    assert written(only) == "SELECT pages.id FROM ONLY pages ORDER BY pages.id"
    assert connection.scalars(everything).all() == [1, 2, 3, 9]
    assert connection.scalars(only).all() == [1, 2, 3]
    named = pages.alias("q")
    aliased_only = select(named.c.id).with_hint(named, "ONLY", "postgresql")
    assert written(aliased_only) == "SELECT q.id FROM ONLY pages AS q"
    changed = update(pages).values(kind="x").with_hint("ONLY", dialect_name="postgresql")
    assert written(changed) == "UPDATE ONLY pages SET kind=%(kind)s::VARCHAR"
    assert connection.execute(changed).rowcount == 3
    connection.execute(delete(links))
    gone = delete(pages).with_hint("ONLY", dialect_name="postgresql")
    assert written(gone) == "DELETE FROM ONLY pages"
    assert connection.execute(gone).rowcount == 3
    assert connection.scalars(everything).all() == [9]
    with pytest.raises(exc.CompileError, match="Unrecognized hint: 'FOO'"):
        written(select(p.id).with_hint(pages, "FOO", "postgresql"))


# -- locks -------------------------------------------------------------------------


@pytest.mark.feature("E029")
@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, "FOR UPDATE"),
        ({"read": True}, "FOR SHARE"),
        ({"key_share": True}, "FOR NO KEY UPDATE"),
        ({"read": True, "key_share": True}, "FOR KEY SHARE"),
        ({"nowait": True}, "FOR UPDATE NOWAIT"),
        ({"skip_locked": True, "read": True}, "FOR SHARE SKIP LOCKED"),
        ({"of": pages}, "FOR UPDATE OF pages"),
        ({"of": [pages, links]}, "FOR UPDATE OF pages, links"),
        ({"of": p.kind, "key_share": True, "nowait": True}, "FOR NO KEY UPDATE OF pages NOWAIT"),
        ({"of": [p.kind, p.id, links.c.id], "skip_locked": True}, "FOR UPDATE OF pages, links SKIP LOCKED"),
    ],
)
def test_locks_are_written(connection: Any, options: Any, expected: str) -> None:
    statement = select(p.id, links.c.id.label("link")).join(links).with_for_update(**options)
    assert written(statement).endswith(f"links.page_id {expected}")
    assert len(connection.execute(statement).all()) == 4


@pytest.mark.feature("E029")
def test_locks_hold(connection: Any, pg_engine: Any) -> None:
    one = select(p.id).where(p.id == 1)
    connection.execute(one.with_for_update(key_share=True))
    with pg_engine.connect() as other:
        rest = select(p.id).order_by(p.id).with_for_update(skip_locked=True)
        assert other.scalars(rest).all() == [2, 3]
        other.rollback()
        # the key does not change: others may refer to it
        assert other.scalar(one.with_for_update(read=True, key_share=True, nowait=True)) == 1
        other.execute(insert(links), {"id": 9, "page_id": 1})
        other.rollback()
        with pytest.raises(exc.OperationalError, match="could not obtain lock"):
            other.execute(one.with_for_update(nowait=True))
        other.rollback()
        joined = select(links.c.id).join(pages).where(p.id == 1)
        assert other.scalars(joined.with_for_update(of=links, nowait=True)).all() == [3]
        with pytest.raises(exc.OperationalError, match="could not obtain lock"):
            other.execute(joined.with_for_update(of=[links, pages], nowait=True))
        other.rollback()
    connection.rollback()
    connection.execute(one.with_for_update(read=True))
    with pg_engine.connect() as other:
        assert other.scalar(one.with_for_update(read=True, nowait=True)) == 1
        with pytest.raises(exc.OperationalError, match="could not obtain lock"):
            other.execute(one.with_for_update(key_share=True, nowait=True))


def test_locks_of_entities() -> None:
    class Base(DeclarativeBase):
        pass

    class Page(Base):
        __tablename__ = "page"
        id: Mapped[int] = mapped_column(primary_key=True)

    other = aliased(Page, name="other")
    for entity, name in [(Page, "page"), (other, "other")]:
        assert written(select(entity).with_for_update(of=entity)).endswith(f"FOR UPDATE OF {name}")
        assert written(select(entity).with_for_update(of=entity.id)).endswith(f"FOR UPDATE OF {name}")


# -- functions that give tables, rows ----------------------------------------------


@pytest.mark.feature("E030")
def test_functions_as_tables(connection: Any) -> None:
    numbers = func.generate_series(1, 3)
    values = array([7, 8])
    pairs = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    records = func.json_to_recordset(cast(pairs, postgresql.JSON))
    typed = records.table_valued(column("a", Integer), column("b", String))
    derived = typed.render_derived(name="r", with_types=True)
    ordinal = func.unnest(values).table_valued("v", with_ordinality="n").render_derived()
    both = func.unnest(values, array(["x", "y"])).table_valued("n", "s").render_derived(name="both")
    each = func.jsonb_array_elements(p.data).table_valued("value", joins_implicitly=True)
    for statement, text, expected in [
        (
            select(numbers.column_valued("n")),
            (
                "SELECT n FROM generate_series(%(generate_series_1)s::INTEGER, "
                "%(generate_series_2)s::INTEGER) AS n"
            ),
            [(1,), (2,), (3,)],
        ),
        (select(numbers.table_valued("value").render_derived().c.value + 1), None, [(2,), (3,), (4,)]),
        (
            select(derived),
            (
                "SELECT r.a, r.b FROM json_to_recordset(CAST(%(param_1)s::JSON AS JSON)) "
                "AS r(a INTEGER, b VARCHAR)"
            ),
            [(1, "x"), (2, None)],
        ),
        (
            select(ordinal),
            (
                "SELECT anon_1.v, anon_1.n FROM unnest(ARRAY[%(param_1)s::INTEGER, %(param_2)s::INTEGER]) "
                "WITH ORDINALITY AS anon_1(v, n)"
            ),
            [(7, 1), (8, 2)],
        ),
        (select(both), None, [(7, "x"), (8, "y")]),
        (select(func.unnest(values)), None, [(7,), (8,)]),
        (
            select(p.id, each.c.value).where(p.id == 2),
            (
                "SELECT pages.id, anon_1.value FROM pages, jsonb_array_elements(pages.data) AS anon_1 "
                "WHERE pages.id = %(id_1)s::INTEGER"
            ),
            [(2, 2), (2, 20)],
        ),
        (select(func.count()).select_from(numbers.table_valued("n")), None, [(3,)]),
        (
            select(func.jsonb_each_text(cast({"k": "v"}, JSONB)).table_valued("key", "value")),
            None,
            [("k", "v")],
        ),
    ]:
        if text is not None:
            assert written(statement) == text
        assert connection.execute(statement).all() == expected, str(statement)


@pytest.mark.feature("E030")
def test_lateral(connection: Any) -> None:
    each = func.unnest(func.string_to_array(p.body, " ")).table_valued("word").render_derived("w").lateral()
    words = select(p.id, func.count()).join(each, true()).group_by(p.id).order_by(p.id)
    assert connection.execute(words).all() == [(1, 5), (2, 3), (3, 7)]
    newest = (
        select(links.c.id).where(links.c.page_id == p.id).order_by(links.c.id.desc()).limit(1).lateral("l")
    )
    last = select(p.id, newest.c.id).join(newest, true()).order_by(p.id)
    assert connection.execute(last).all() == [(1, 3), (2, 4), (3, 2)]


@pytest.mark.feature("E030")
def test_rows(connection: Any) -> None:
    link = select(func.row_to_json(links.table_valued())).where(links.c.id == 1)
    assert written(link) == (
        "SELECT row_to_json(links) AS row_to_json_1 FROM links WHERE links.id = %(id_1)s::INTEGER"
    )
    assert connection.scalar(link) == {"id": 1, "page_id": 2}
    sub = select(p.id, p.kind).where(p.id == 1).subquery("q")
    assert connection.scalar(select(func.row_to_json(sub.table_valued()))) == {"id": 1, "kind": "odd"}
    pair = tuple_(p.id, p.kind)
    assert connection.scalars(select(p.id).where(pair.in_([(1, "odd"), (2, "odd")]))).all() == [1]
    assert connection.scalars(select(p.id).where(pair > tuple_(2, "a")).order_by(p.id)).all() == [2, 3]
    same = func.row(1, "a").op("=")(func.row(literal(1), "a"))
    assert connection.scalar(select(same)) is True
    record = func.jsonb_populate_record(
        literal_column("NULL::links"), cast({"id": 5, "page_id": 6}, JSONB)
    ).scalar_table_valued("page_id", Integer)
    assert written(select(record)) == (
        "SELECT (jsonb_populate_record(NULL::links, CAST(%(param_1)s::JSONB AS JSONB))).page_id"
    )
    assert connection.scalar(select(record)) == 6
    ENUM("x", "y", name="letter").create(connection)
    typed = func.jsonb_to_record(cast({"a": [1], "b": "x"}, JSONB)).table_valued(
        column("a", postgresql.ARRAY(Integer)), column("b", ENUM("x", "y", name="letter"))
    )
    assert connection.execute(select(typed.render_derived(with_types=True))).all() == [([1], "x")]


@pytest.mark.feature("E030")
def test_aggregates_in_order(connection: Any) -> None:
    joined = func.string_agg(p.kind, aggregate_order_by(literal_column("','"), p.id.desc()))
    assert connection.scalar(select(joined)) == "odd,even,odd"
    new = func.string_agg(p.kind, ",").aggregate_order_by(p.kind, p.id)
    assert connection.scalar(select(new)) == "even,odd,odd"
    median = func.percentile_disc(0.5).within_group(p.id.desc())
    assert connection.scalar(select(median)) == 2
    counted = func.count().filter(p.kind == "odd")
    assert connection.scalar(select(counted)) == 2
    with pytest.raises(TypeError, match="at least one ORDER BY element"):
        aggregate_order_by(p.id)
