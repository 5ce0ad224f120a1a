"""
Hostile strings, wherever a program may let them in: they come back as they were and do nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hostile import NAMES, STRINGS, names_of
from styles import STYLES, styled_engine

from relvar import (
    JSON,
    Column,
    Enum,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Unicode,
    and_,
    bindparam,
    case,
    create_engine,
    delete,
    exc,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
)
from relvar.orm import Session, declarative_base

CORPUS = STRINGS
DRIVERS = [
    *(f"sqlite {style}" for style in STYLES),
    *("postgresql", "postgresql psycopg2", "postgresql pg8000"),
    *("mariadb", "mariadb mysqldb"),
]

words = Table(
    "words",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("word", String(400)),
    Column("body", Text),
)


@pytest.fixture(params=DRIVERS)
def engine(request: pytest.FixtureRequest) -> Iterator[Any]:
    """An engine on an empty database, once per style of parameters and driver that is here."""
    backend, _, driver = request.param.partition(" ")
    if backend == "sqlite":
        made = styled_engine(driver)
    else:
        made = request.getfixturevalue({"postgresql": "pg_engine", "mariadb": "mariadb_engine"}[backend])
        if driver:
            pytest.importorskip({"mysqldb": "MySQLdb"}.get(driver, driver))
            made = create_engine(made.url.set(drivername=f"{backend}+{driver}"))
    yield made
    made.dispose()


def collation(engine: Any) -> Any:
    return words.c.word.collate("utf8mb4_bin") if engine.name in ("mysql", "mariadb") else words.c.word


@pytest.fixture
def conn(engine: Any) -> Iterator[Any]:
    words.create(engine)
    with engine.connect() as conn:
        rows = [{"id": i, "word": word, "body": word} for i, word in enumerate(CORPUS, 1)]
        conn.execute(insert(words), rows)
        conn.commit()
        yield conn


# Values ----------------------------------------------------------------------------------------------


def test_values_come_back(conn: Any) -> None:
    assert conn.scalars(select(words.c.word).order_by(words.c.id)).all() == CORPUS
    assert conn.scalars(select(words.c.body).order_by(words.c.id)).all() == CORPUS
    for i, word in enumerate(CORPUS, 1):
        row = conn.execute(select(words).where(words.c.word == word, words.c.id == i)).one()
        assert row == (i, word, word)
        assert conn.scalar(select(literal(word))) == word
        assert conn.scalar(text("select :value"), {"value": word}) == word


def test_nothing_else_matches(conn: Any) -> None:
    column = collation(conn.engine)
    for i, word in enumerate(CORPUS, 1):
        if word == " " and conn.dialect.name in ("mysql", "mariadb"):
            continue  # its collations ignore blanks at the end, so '' and ' ' are equal
        if word == "" and conn.dialect.name in ("mysql", "mariadb"):
            continue
        found = conn.scalars(select(words.c.id).where(column == word)).all()
        assert found == [i], word
    listed = select(words.c.id).where(words.c.word.in_(CORPUS)).order_by(words.c.id)
    assert conn.scalars(listed).all() == list(range(1, len(CORPUS) + 1))
    pairs = tuple_(words.c.id, words.c.word).in_(list(enumerate(CORPUS, 1)))
    assert len(conn.scalars(select(words.c.id).where(pairs)).all()) == len(CORPUS)


def test_literal_values(conn: Any) -> None:
    for i, word in enumerate(CORPUS, 1):
        statement = select(words.c.id, literal(word)).where(words.c.word == word, words.c.id == i)
        compiled = statement.compile(conn, compile_kwargs={"literal_binds": True})
        assert not compiled.params
        assert conn.exec_driver_sql(str(compiled)).one() == (i, word), word
        executed = literal(word, literal_execute=True)
        assert conn.scalar(select(executed)) == word
        assert conn.execute(select(words.c.id).where(words.c.id == i, words.c.word == executed)).one() == (i,)
    inline = select(words.c.id).where(words.c.word.in_(bindparam("w", expanding=True, literal_execute=True)))
    assert len(conn.scalars(inline, {"w": CORPUS}).all()) == len(CORPUS)


def test_changes(conn: Any) -> None:
    for i, word in enumerate(CORPUS, 1):
        changed = update(words).where(words.c.id == i, words.c.word == word).values(body=word + word)
        assert conn.execute(changed).rowcount == 1
    assert conn.scalars(select(words.c.body).order_by(words.c.id)).all() == [word * 2 for word in CORPUS]
    rows = [{"b_id": i, "b_word": word} for i, word in enumerate(CORPUS, 1)]
    by_name = update(words).where(words.c.id == bindparam("b_id")).values(body=bindparam("b_word"))
    conn.execute(by_name, rows)
    assert conn.scalars(select(words.c.body).order_by(words.c.id)).all() == CORPUS
    for i, word in enumerate(CORPUS, 1):
        assert conn.execute(delete(words).where(words.c.body == word, words.c.id == i)).rowcount == 1
    assert conn.scalar(select(func.count()).select_from(words)) == 0
    many = insert(words).values([{"id": i, "word": word} for i, word in enumerate(CORPUS, 1)])
    conn.execute(many)
    assert conn.scalars(select(words.c.word).order_by(words.c.id)).all() == CORPUS


def test_values_inside_expressions(conn: Any) -> None:
    for word in CORPUS:
        assert conn.scalar(select(literal(word) + literal(word))) == word * 2
        assert conn.scalar(select(func.coalesce(None, literal(word)))) == word
        choice = case((literal(1) == 1, literal(word)), else_=literal("no"))
        assert conn.scalar(select(choice)) == word
    nested = select(words.c.word).where(words.c.word == CORPUS[14]).subquery()
    assert conn.scalars(select(nested.c.word)).all() == [CORPUS[14]]
    both = or_(*[and_(words.c.id == i, words.c.word == word) for i, word in enumerate(CORPUS[:40], 1)])
    assert len(conn.scalars(select(words.c.id).where(both)).all()) == 40


# Patterns --------------------------------------------------------------------------------------------


def test_patterns_mean_what_they_say(conn: Any) -> None:
    """With ``autoescape`` a pattern finds exactly the words that Python finds."""
    column = collation(conn.engine)
    for word in CORPUS:
        if conn.dialect.name == "sqlite" and (not word.isascii() or word.lower() != word.upper()):
            continue  # its LIKE folds case of ASCII letters
        for method, expected in [
            ("contains", [w for w in CORPUS if word in w]),
            ("startswith", [w for w in CORPUS if w.startswith(word)]),
            ("endswith", [w for w in CORPUS if w.endswith(word)]),
        ]:
            criterion = getattr(column, method)(word, autoescape=True)
            found = conn.scalars(select(words.c.word).where(criterion).order_by(words.c.id)).all()
            assert found == expected, (method, word)


def test_patterns_that_ignore_case(conn: Any) -> None:
    for word in ("%", "_", "/", "a_b", "100%", "'", "\\", "%(X)S", "NULL"):
        criterion = words.c.word.icontains(word, autoescape=True)
        found = conn.scalars(select(words.c.word).where(criterion).order_by(words.c.id)).all()
        assert [w for w in CORPUS if word.lower() in w.lower() and w.isascii()] == [
            w for w in found if w.isascii()
        ]


@pytest.mark.parametrize("escape", ["/", "!", "^", "~", "#"])
def test_other_escape_characters(conn: Any, escape: str) -> None:
    column = collation(conn.engine)
    for word in ("%", "_", "/", "a_b", "100%", "'", f"{escape}%"):
        criterion = column.contains(word, autoescape=True, escape=escape)
        found = conn.scalars(select(words.c.word).where(criterion).order_by(words.c.id)).all()
        assert found == [w for w in CORPUS if word in w], word


# Names -----------------------------------------------------------------------------------------------


def test_names_of_columns_and_tables(engine: Any) -> None:
    with engine.connect() as conn:
        for name in names_of(engine.dialect):
            check_table(conn, name)


def check_table(conn: Any, name: str) -> None:
    table_name = f"t {name}"
    table = Table(
        table_name,
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column(name, String(50), key="odd"),
        Column(f"{name}_2", String(50), key="odd2"),
    )
    table.create(conn)
    conn.execute(insert(table), {"id": 1, "odd": "a", "odd2": "b"})
    conn.execute(insert(table), [{"id": 2, "odd": "c", "odd2": "d"}, {"id": 3, "odd": "e", "odd2": "f"}])
    row = conn.execute(select(table).where(table.c.odd == "a")).one()
    assert tuple(row) == (1, "a", "b") and row._mapping[name] == "a" and row._mapping[table.c.odd] == "a"
    assert list(row._mapping) == ["id", name, f"{name}_2"]
    assert conn.execute(update(table).where(table.c.odd == "a").values(odd="z")).rowcount == 1
    alias = table.alias(f"alias {name}")
    statement = select(alias.c.odd, table.c.odd2).join_from(alias, table, alias.c.id == table.c.id)
    assert conn.execute(statement.where(alias.c.odd == "z")).all() == [("z", "b")]
    assert conn.scalars(select(table.c.odd).where(table.c.odd.in_(["c", "e"]))).all() == ["c", "e"]
    assert conn.execute(delete(table).where(table.c.odd == "c")).rowcount == 1
    assert inspect(conn).has_table(table_name)
    assert [c["name"] for c in inspect(conn).get_columns(table_name)] == ["id", name, f"{name}_2"]
    again = Table(table_name, MetaData(), autoload_with=conn)
    assert conn.scalar(select(again.c[name]).where(again.c.id == 1)) == "z"
    table.drop(conn)
    assert not inspect(conn).has_table(table_name)


def test_names_of_labels_and_aliases(conn: Any) -> None:
    for name in names_of(conn.dialect):
        check_labels(conn, name)


def check_labels(conn: Any, name: str) -> None:
    row = conn.execute(
        select(words.c.word.label(name), literal(5).label(f"{name}x")).where(words.c.id == 1)
    ).one()
    assert row == ("'", 5) and row._mapping[name] == "'" and list(row._mapping) == [name, f"{name}x"]
    labelled = select(words.c.id.label(name)).where(words.c.id < 3).subquery(f"sub {name}")
    assert conn.scalars(select(labelled.c[name]).order_by(labelled.c[name])).all() == [1, 2]
    cte = select(words.c.id.label(name)).where(words.c.id == 2).cte(f"cte {name}")
    assert conn.scalars(select(cte.c[name])).all() == [2]
    ordered = select(words.c.id.label(name)).where(words.c.id < 4).order_by(text("1 desc"))
    assert conn.scalars(ordered).all() == [3, 2, 1]
    by_label = select(words.c.id.label(name)).where(words.c.id < 4).order_by(literal_column("1").desc())
    assert len(conn.scalars(by_label).all()) == 3


def test_names_of_parameters(conn: Any) -> None:
    for name in NAMES:
        check_parameters(conn, name)


def check_parameters(conn: Any, name: str) -> None:
    statement = select(words.c.id).where(
        words.c.word == bindparam(name), words.c.id == bindparam(f"{name} 2")
    )
    assert conn.scalars(statement, {name: "?", f"{name} 2": CORPUS.index("?") + 1}).all() == [
        CORPUS.index("?") + 1
    ]
    listed = select(words.c.id).where(words.c.word.in_(bindparam(name, expanding=True)))
    assert len(conn.scalars(listed.where(words.c.id < 10), {name: CORPUS[:5]}).all()) == 5
    literally = select(bindparam(name, literal_execute=True, type_=String))
    assert conn.scalar(literally, {name: "it's"}) == "it's"


def test_names_of_constraints_and_indexes(engine: Any) -> None:
    from relvar import CheckConstraint, Index, UniqueConstraint

    for i, name in enumerate(names_of(engine.dialect)):
        table = Table(
            f"t{i}",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("a", Integer),
            UniqueConstraint("a", name=f"uq {name}"),
            CheckConstraint("a > 0", name=f"ck {name}"),
            Index(f"ix {name}", "a"),
        )
        with engine.begin() as conn:
            table.create(conn)
            found = {index["name"] for index in inspect(conn).get_indexes(f"t{i}")}
            assert f"ix {name}" in found
            table.drop(conn)


def test_names_of_savepoints(engine: Any) -> None:
    with engine.connect() as conn, conn.begin():
        for name in names_of(engine.dialect):
            conn.dialect.do_savepoint(conn, name)
            conn.dialect.do_release_savepoint(conn, name)


# Other ways in ---------------------------------------------------------------------------------------


def test_other_types(engine: Any) -> None:
    table = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("u", Unicode(400)),
        Column("raw", LargeBinary),
        Column("doc", JSON),
        Column("kind", Enum(*[w for w in CORPUS if w.strip() == w and 0 < len(w) < 60], native_enum=False)),
    )
    kinds = table.c.kind.type.enums
    with engine.begin() as conn:
        table.create(conn)
        for i, word in enumerate(CORPUS, 1):
            values = {
                "u": word,
                "raw": word.encode(),
                "doc": {word: [word, {"k": word}]},
                "kind": word if word in kinds else None,
            }
            conn.execute(insert(table), {"id": i, **values})
            row = conn.execute(select(table).where(table.c.id == i)).one()
            assert row._asdict() == {"id": i, **values}
            assert conn.scalar(
                select(table.c.doc[word][1]["k"].as_string()).where(table.c.id == i)
            ) == word or (engine.name != "postgresql")


def test_enum_names_in_ddl(engine: Any) -> None:
    """Members of a native enum, and those in a CHECK, are part of the text."""
    members = ["it's", 'a"b', "per%cent", "%s", ":x", "semi;", "ä☃", "-- x", "?"]
    for i, enum in enumerate(
        [
            Enum(*members, name="odd enum"),
            Enum(*members, native_enum=False, create_constraint=True, name="ck"),
        ]
    ):
        metadata = MetaData()
        table = Table(f"t{i}", metadata, Column("id", Integer, primary_key=True), Column("e", enum))
        with engine.begin() as conn:
            metadata.create_all(conn)
            conn.execute(insert(table), [{"id": i, "e": member} for i, member in enumerate(members, 1)])
            assert conn.scalars(select(table.c.e).order_by(table.c.id)).all() == members
            for member in members:
                assert conn.scalar(select(func.count()).select_from(table).where(table.c.e == member)) == 1


def test_null_characters(engine: Any) -> None:
    words.create(engine)
    with engine.connect() as conn:
        if engine.name == "postgresql":
            # pg8000 raises one class for nearly all errors of the server
            refused = exc.ProgrammingError if engine.driver == "pg8000" else exc.DataError
            with pytest.raises((refused, ValueError), match="0x00|NUL"):
                conn.execute(insert(words), {"id": 1, "word": "a\0b"})
            return
        conn.execute(insert(words), {"id": 1, "word": "a\0b", "body": "\0"})
        assert conn.execute(select(words).where(words.c.word == "a\0b")).one() == (1, "a\0b", "\0")
        assert conn.scalars(select(words.c.id).where(words.c.word == "a")).all() == []


def test_objects(engine: Any) -> None:
    base: Any = declarative_base()

    class Word(base):
        __tablename__ = "hostile words"
        text = Column("the %(text)s", String(400), primary_key=True)
        number = Column("num:ber", Integer)

    base.metadata.create_all(engine)
    corpus = [word for word in CORPUS if word == word.rstrip(" ")]
    if engine.name in ("mysql", "mariadb"):
        # Keys are compared by a collation that sees no difference between some of these.
        corpus = ["'; DROP TABLE words; --", "%s", "%(x)s", ":x", "?", "\\", "\\'", "`", '"', "☃", "/*"]
    with Session(engine) as session:
        session.add_all([Word(text=word, number=i) for i, word in enumerate(corpus)])
        session.commit()
        session.expunge_all()
        for i, word in enumerate(corpus):
            found = session.get(Word, word)
            assert found.number == i
            found.number += 1000
        session.commit()
        assert session.scalar(select(func.min(Word.number))) == 1000
        for word in corpus[::2]:
            session.delete(session.get(Word, word))
        session.commit()
        assert session.scalar(select(func.count()).select_from(Word)) == len(corpus) // 2
        assert session.query(Word).filter(Word.text.in_(corpus)).count() == len(corpus) // 2


def test_passwords_of_urls() -> None:
    for word in ["p@ss", "a:b", "a/b", "a?b", "a#b", "%41", "ä☃", "a b", "[x]", "it's", "a&b=c", "@", "%"]:
        from relvar import URL, make_url

        url = URL.create("postgresql", word, word, "host", 1, "db", {word: word})
        again = make_url(url.render_as_string(hide_password=False))
        assert again == url and again.password == word and again.username == word
        assert word not in repr(url).split("@")[0].rpartition(":")[2]


def test_schema_names() -> None:
    for name in NAMES:
        table = Table("t", MetaData(), Column("id", Integer, primary_key=True), schema=name)
        engine = create_engine("sqlite://")
        with engine.connect() as conn:
            conn.exec_driver_sql(
                f"attach database ':memory:' as {conn.dialect.identifier_preparer.quote_identifier(name)}"
                if "%" not in name
                else "attach database ':memory:' as " + '"' + name.replace('"', '""') + '"'
            )
            table.create(conn)
            conn.execute(insert(table), {"id": 5})
            assert conn.scalars(select(table.c.id)).all() == [5]
            free = Table("t", MetaData(), Column("id", Integer, primary_key=True), schema="mapped")
            mapped = conn.execution_options(schema_translate_map={"mapped": name})
            assert mapped.scalars(select(free.c.id).where(free.c.id == 5)).all() == [5]
            assert inspect(conn).get_table_names(schema=name) == ["t"]
        engine.dispose()
