"""
Hostile strings where a program hands SQL more than values: DDL, paths, patterns, names of schemas, modes.

Each test looks at what the database has afterwards: the objects that were named, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hostile import NAMES, STRINGS
from styles import STYLES, styled_engine

from relvar import (
    DDL,
    JSON,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    exc,
    extract,
    from_dml_column,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from relvar.dialects import postgresql, sqlite
from relvar.orm import (
    Session,
    aliased,
    joinedload,
    registry,
    relationship,
    selectinload,
    subqueryload,
)
from relvar.schema import CreateSchema, DropSchema

SHORT = [word for word in STRINGS if len(word) < 60]


def texts_of(dialect: Any) -> list[str]:
    """The strings that can stand in DDL: MariaDB keeps that in three bytes per character."""
    if dialect.name in ("mysql", "mariadb"):
        return [word for word in SHORT if max(word, default="") <= "\uffff"]
    return SHORT


def names_of(dialect: Any) -> list[str]:
    """The names that the database itself allows."""
    if dialect.name in ("mysql", "mariadb"):
        return [name for name in NAMES if max(name) <= "\uffff" and name == name.strip() and name[0] > " "]
    return NAMES


@pytest.fixture(params=["pymysql", "mysqldb"])
def mariadb_driver(request: pytest.FixtureRequest, mariadb_engine: Any) -> Iterator[Any]:
    """The URL of an empty MariaDB database, per driver."""
    if request.param == "mysqldb":
        pytest.importorskip("MySQLdb")
    yield mariadb_engine.url.set(drivername=f"mariadb+{request.param}")


# Text of DDL -----------------------------------------------------------------------------------------


def test_defaults_checks_and_computed_columns(engine: Any) -> None:
    """Values in DDL are literals: the database evaluates them to what they were."""
    for i, word in enumerate(texts_of(engine.dialect)):
        table = Table(
            f"t{i}",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column("a", String(200), server_default=word),
            Column("b", String(200), server_default=text("'x'")),
            CheckConstraint(column("a") != word + "!"),
            CheckConstraint(or_(column("b") == "x", column("b") == word), name="ck"),
        )
        if word and engine.name != "postgresql":
            table.append_column(Column("c", String(200), Computed(func.coalesce(column("b"), word))))
        with engine.begin() as conn:
            table.create(conn)
            conn.execute(insert(table), [{"id": 1, "b": word}])
            assert conn.scalar(select(table.c.a)) == word, word
            assert conn.scalar(select(table.c.b)) == word, word
        with pytest.raises(exc.DBAPIError), engine.begin() as conn:
            conn.execute(insert(table), {"id": 2, "a": word + "!"})
        with pytest.raises(exc.DBAPIError), engine.begin() as conn:
            conn.execute(insert(table), {"id": 2, "b": word + "?"})
        table.drop(engine)
    assert inspect(engine).get_table_names() == []


def test_indexes_with_values(engine: Any) -> None:
    if engine.name == "mariadb":
        pytest.skip("MariaDB has no indexes on expressions")
    for i, word in enumerate(texts_of(engine.dialect)):
        table = Table(f"t{i}", MetaData(), Column("a", String(200)), Column("n", Integer))
        where = and_(table.c.a != word, table.c.n > -1, table.c.n - literal(-5) > 0, -literal(-5) > table.c.n)
        Index(f"ix{i}", table.c.n - literal(-1), postgresql_where=where, sqlite_where=where)
        table.create(engine)
        with engine.begin() as conn:
            conn.execute(insert(table), [{"a": word, "n": 1}, {"a": "other", "n": 2}])
            assert conn.scalars(select(table.c.n).where(where)).all() == [2]
            if engine.name == "sqlite":
                names = conn.scalars(text("select name from sqlite_master where type = 'index'")).all()
            else:
                names = [index["name"] for index in inspect(conn).get_indexes(f"t{i}")]
            assert names == [f"ix{i}"]
        table.drop(engine)


def test_members_of_enums(engine: Any) -> None:
    """Members come back, and the database takes no others."""
    members = [word for word in texts_of(engine.dialect) if word and word == word.strip()]
    if engine.name == "mariadb":
        # Its collation takes some for others.
        members = [w for w in members if w.isascii() and w == w.lower() and w.isprintable()]
    native, checked = Enum(*members, name="odd"), Enum(*members, native_enum=False, create_constraint=True)
    metadata = MetaData()
    table = Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", native))
    table.append_column(Column("b", checked.copy() if hasattr(checked, "copy") else checked))
    with engine.begin() as conn:
        metadata.create_all(conn)
        conn.execute(insert(table), [{"id": i, "a": m, "b": m} for i, m in enumerate(members, 1)])
        assert conn.execute(select(table.c.a, table.c.b).order_by(table.c.id)).all() == [
            (m, m) for m in members
        ]
        for i, member in enumerate(members, 1):
            assert conn.scalars(select(table.c.id).where(table.c.a == member)).all() == [i]
    reflected = Table("t", MetaData(), autoload_with=engine).c.a.type
    if engine.name != "sqlite":
        assert list(reflected.enums) == members


def test_comments_can_be_changed(engine: Any) -> None:
    if not engine.dialect.supports_comments:
        pytest.skip("no comments")
    from relvar.schema import SetColumnComment, SetTableComment

    table = Table("t", MetaData(), Column("a", Integer, comment="x"), comment="x")
    table.create(engine)
    for word in texts_of(engine.dialect):
        if not word:
            continue
        table.comment = table.c.a.comment = word
        with engine.begin() as conn:
            conn.execute(SetTableComment(table))
            conn.execute(SetColumnComment(table.c.a))
            assert inspect(conn).get_table_comment("t")["text"] == word
            assert inspect(conn).get_columns("t")[0]["comment"] == word


def test_templates_of_ddl(engine: Any) -> None:
    """``DDL("... %(fullname)s")`` names the table, whatever it is called."""
    for name in names_of(engine.dialect):
        table = Table(f"t{name}", MetaData(), Column("id", Integer))
        event.listen(table, "after_create", DDL("INSERT INTO %(fullname)s (id) VALUES (5 %% 3)"))
        event.listen(table, "after_create", DDL("INSERT INTO %(table)s (id) VALUES (%(x)s)", {"x": "7"}))
        with engine.begin() as conn:
            table.create(conn)
            assert conn.scalars(select(table.c.id).order_by(table.c.id)).all() == [2, 7], name
            table.drop(conn)
    with engine.connect() as conn:
        assert conn.execute(DDL("SELECT 1")).returns_rows in (True, False)


# Names of other things ----------------------------------------------------------------------------------


@pytest.mark.backends("postgresql", "mariadb")
def test_names_of_schemas(engine: Any) -> None:
    before = set(inspect(engine).get_schema_names())
    for name in names_of(engine.dialect):
        if engine.name == "mariadb":
            name = f"odd{name}"
        translated = {"mapped": name}
        if "[" in name or "]" in name:
            continue  # refused in a map, as in SQLAlchemy
        table = Table("t", MetaData(), Column("id", Integer, primary_key=True), schema=name)
        free = Table("t", MetaData(), Column("id", Integer), schema="mapped")
        with engine.begin() as conn:
            conn.execute(CreateSchema(name))
            table.create(conn)
            conn.execute(insert(table), [{"id": 4}, {"id": 5}])
            assert conn.scalars(select(table.c.id).where(table.c.id == 5)).all() == [5]
            mapped = conn.execution_options(schema_translate_map=translated)
            found = select(
                free.c.id, literal("__[SCHEMA_mapped]"), literal("__[SCHEMA_x]", literal_execute=True)
            )
            assert mapped.execute(found.where(free.c.id.in_([5, 6]))).all() == [
                (5, "__[SCHEMA_mapped]", "__[SCHEMA_x]")
            ]
            assert inspect(conn).get_table_names(schema=name) == ["t"]
            table.drop(conn)
            conn.execute(DropSchema(name))
    assert set(inspect(engine).get_schema_names()) == before


def test_marks_of_schemas_stay_data(sqlite_engine: Any) -> None:
    looks = "__[SCHEMA_far]"
    table = Table("t", MetaData(), Column("id", Integer), Column(looks, String(40)), schema="far")
    with sqlite_engine.connect() as conn:
        conn.exec_driver_sql("attach ':memory:' as near")
        mapped = conn.execution_options(schema_translate_map={"far": "near"})
        table.create(mapped)
        mapped.execute(insert(table), {"id": 1, looks: looks})
        inlined = literal(looks, literal_execute=True)
        statement = select(table, inlined, text(f"'{looks}'"), literal_column(f"'{looks}'")).where(
            table.c.id.in_([1, 2]), table.c[looks] == inlined
        )
        for _ in range(2):
            row = mapped.execute(statement).one()
            assert tuple(row) == (1, looks, looks, looks, looks) and row._mapping[looks] == looks
        with pytest.raises(exc.CompileError, match="Square bracket"):
            mapped.execute(select(Table("t", MetaData(), Column("x", Integer), schema="a[b]")))


@pytest.mark.backends("postgresql", "mariadb")
def test_names_of_sequences(engine: Any) -> None:
    for name in names_of(engine.dialect):
        metadata = MetaData()
        sequence = Sequence(f"s{name}", start=7, metadata=metadata)
        table = Table("t", metadata, Column("id", Integer, sequence, primary_key=True), Column("x", Integer))
        with engine.begin() as conn:
            metadata.create_all(conn)
            assert conn.scalar(sequence) == 7
            assert conn.execute(insert(table).values(x=1)).inserted_primary_key == (8,)
            assert conn.scalar(select(sequence.next_value())) == 9
            metadata.drop_all(conn)


def test_sequences_in_mapped_schemas(pg_engine: Any) -> None:
    """A schema name inside of ``nextval('...')`` cannot end the literal."""
    for name in ["it's", '"', "\\", "a.b", "%s", "x"]:
        sequence = Sequence("s'\"%", schema="mapped", start=3)
        table = Table("t", MetaData(), Column("id", Integer, sequence, primary_key=True), schema="mapped")
        with pg_engine.begin() as conn:
            conn.execute(CreateSchema(name))
            mapped = conn.execution_options(schema_translate_map={"mapped": name})
            mapped.execute(select(1))
            table.metadata.create_all(mapped)
            assert mapped.scalar(select(sequence.next_value())) == 3
            assert mapped.scalar(sequence) == 4
            assert mapped.execute(insert(table)).inserted_primary_key == (5,)
            conn.execute(DropSchema(name, cascade=True))


def test_serial_columns_of_odd_tables(pg_engine: Any) -> None:
    for name in NAMES:
        table = Table(
            name, MetaData(), Column(name, Integer, primary_key=True, key="id"), Column("x", Integer)
        )
        with pg_engine.begin() as conn:
            table.create(conn)
            assert conn.execute(insert(table).inline().values(x=1)).rowcount == 1
            assert conn.execute(insert(table).values(x=1)).inserted_primary_key == (2,)
            table.drop(conn)


@pytest.mark.backends("postgresql")
def test_names_of_types_and_collations(engine: Any) -> None:
    with engine.begin() as conn:
        for i, name in enumerate(NAMES):
            kind = postgresql.ENUM("a", "b", name=f"e{name} COLLATE x")
            kind.create(conn)
            assert conn.scalar(select(cast("a", kind))) == "a"
            listed = cast(["a", "b"], postgresql.ARRAY(kind))
            assert conn.scalar(select(listed)) == ["a", "b"]
            quoted = conn.dialect.identifier_preparer.quote_identifier(f"c{name}")
            conn.exec_driver_sql(f'create collation {quoted} from "C"')
            assert conn.scalar(select(literal("a").collate(f"c{name}") < "b")) is True
            table = Table(
                f"t{i}", MetaData(), Column("a", String(5, collation=f"c{name}")), Column("k", kind)
            )
            table.create(conn)
            found = Table(f"t{i}", MetaData(), autoload_with=conn).c
            assert found.a.type.collation == f"c{name}" and found.k.type.name == f"e{name} COLLATE x"
            assert conn.scalar(select(cast("a", String(3, collation=f"c{name}")))) == "a"


def test_constraints_and_objects_of_any_name(engine: Any) -> None:
    """Keys, constraints and indexes are reflected under their names; objects load and flush."""
    # servers take their time for DDL
    for name in names_of(engine.dialect)[:: 1 if engine.name == "sqlite" else 4]:
        metadata, mapped = MetaData(), registry()
        parents = Table(
            f"p{name}",
            metadata,
            Column(f"id{name}", Integer),
            Column(f"n{name}", String(300)),
            PrimaryKeyConstraint(f"id{name}", name=f"pk{name}"),
        )
        children = Table(
            f"c{name}",
            metadata,
            Column("id", Integer, primary_key=True),
            Column(f"r{name}", Integer),
            Column("s", String(40)),
            ForeignKeyConstraint([f"r{name}"], [parents.c[0]], name=f"fk{name}", ondelete="CASCADE"),
            UniqueConstraint(f"r{name}", "s", name=f"uq{name}"),
            CheckConstraint(column(f"r{name}") > 0, name=f"ck{name}"),
            Index(f"ix{name}", f"r{name}", "s"),
        )
        metadata.create_all(engine)
        found = inspect(engine)
        (key,) = found.get_foreign_keys(children.name)
        assert (key["name"], key["referred_table"]) == (f"fk{name}", f"p{name}")
        assert (key["constrained_columns"], key["referred_columns"]) == ([f"r{name}"], [f"id{name}"])
        assert f"uq{name}" in [u["name"] for u in found.get_unique_constraints(children.name)]
        assert [c["name"] for c in found.get_check_constraints(children.name)] == [f"ck{name}"]
        assert f"ix{name}" in [i["name"] for i in found.get_indexes(children.name)]
        primary = found.get_pk_constraint(parents.name)
        assert primary["constrained_columns"] == [f"id{name}"]
        assert primary["name"] == f"pk{name}" or engine.name == "mariadb"

        class Parent:
            pass

        class Child:
            pass

        columns = {"id": parents.c[0], "n": parents.c[1]}
        children_of = relationship(Child, backref="parent", order_by=children.c.id)
        mapped.map_imperatively(Parent, parents, properties={**columns, "children": children_of})
        mapped.map_imperatively(Child, children, properties={"r": children.c[1]})
        with Session(engine) as session:
            parent: Any = Parent()
            parent.n, parent.children = name, [Child(), Child()]
            parent.children[0].s, parent.children[1].s = "x", name[:30]
            session.add(parent)
            session.commit()
            for load in (joinedload, selectinload, subqueryload):
                session.expunge_all()
                wanted = select(Parent).options(load(Parent.children)).where(Parent.n == name)
                parent = session.scalars(wanted).unique().one()
                assert [child.s for child in parent.children] == ["x", name[:30]]
            parent.n = f"{name}!"
            session.delete(parent.children[0])
            session.commit()
            other = aliased(Parent, name=f"al{name}")
            assert session.scalars(select(other.n).join(other.children)).all() == [f"{name}!"]
        mapped.dispose()
        metadata.drop_all(engine)
        assert inspect(engine).get_table_names() == []


def test_text_that_looks_like_constraints(sqlite_engine: Any) -> None:
    """SQLite keeps only the text of CREATE TABLE: strings and names in it are no constraints."""
    odd = "CONSTRAINT x CHECK (1), UNIQUE (a), CONSTRAINT y PRIMARY KEY (a)"
    table = Table(
        "t",
        MetaData(),
        Column("a", String, server_default=odd),
        Column(odd, String, server_default="-- CHECK ("),
        Column("b", Integer, CheckConstraint("b != ')' AND b > 0", name="real")),
        UniqueConstraint("b", name="one"),
        PrimaryKeyConstraint("a", name="key"),
    )
    table.create(sqlite_engine)
    found = inspect(sqlite_engine)
    assert found.get_check_constraints("t") == [{"name": "real", "sqltext": "b != ')' AND b > 0"}]
    assert found.get_unique_constraints("t") == [{"name": "one", "column_names": ["b"]}]
    assert found.get_pk_constraint("t") == {"name": "key", "constrained_columns": ["a"]}
    assert [c["name"] for c in found.get_columns("t")] == ["a", odd, "b"]


@pytest.mark.backends("postgresql", "mariadb")
def test_locks_of_odd_tables(engine: Any) -> None:
    for name in names_of(engine.dialect):
        table = Table(f"t{name}", MetaData(), Column("id", Integer, primary_key=True))
        alias = table.alias(f"a{name}")
        with engine.begin() as conn:
            table.create(conn)
            conn.execute(insert(table), {"id": 1})
            locked = select(alias, table.c.id).where(table.c.id == alias.c.id)
            assert conn.execute(locked.with_for_update(of=[table, alias])).all() == [(1, 1)]
            table.drop(conn)


@pytest.mark.backends("postgresql")
def test_names_of_transactions(engine: Any) -> None:
    with engine.connect() as conn:
        conn.execute(select(1))
        conn.rollback()
        for xid in ["it's", "\\", "%", "%s", "%(x)s", "a'; DROP TABLE x; --", "$$", '"']:
            transaction = conn.begin_twophase(xid)
            conn.execute(select(1))
            try:
                transaction.prepare()
            except exc.DBAPIError as err:
                assert "max_prepared_transactions" in str(err)
                pytest.skip("the server prepares no transactions")
            with engine.connect() as other:
                assert other.recover_twophase() == [xid]
            transaction.rollback()


# Expressions ------------------------------------------------------------------------------------------


def test_keys_and_paths_of_json(engine: Any) -> None:
    """A key finds its own element, or none: never another one."""
    table = Table("docs", MetaData(), Column("id", Integer, primary_key=True), Column("doc", JSON))
    table.create(engine)
    # MariaDB 10.11 finds no key that begins with a dash
    keys = [word for word in SHORT if engine.name != "mariadb" or word[:1] != "-"]
    with engine.begin() as conn:
        for i, key in enumerate(keys, 1):
            doc = {"a": {"b": "no", "x": "no"}, "x": "no", "l": [{key: "three"}]}
            conn.execute(insert(table), {"id": i, "doc": {**doc, key: "one", "deep": {key: "two"}}})
            row = table.c.id == i
            paths = (table.c.doc[key], table.c.doc[("deep", key)], table.c.doc[("l", 0, key)])
            if engine.name == "sqlite" and '"' in key and ("." in key or "[" in key):
                with pytest.raises(exc.StatementError, match="can't have the key"):
                    conn.execute(select(*paths).where(row))
                continue
            expected = ("one", "two", "three")
            for path in (paths, tuple(path.as_string() for path in paths)):
                statement = select(*path).where(row)
                assert tuple(conn.execute(statement).one()) == expected, key
                inlined = statement.compile(conn, compile_kwargs={"literal_binds": True})
                values = conn.exec_driver_sql(str(inlined)).one()
                assert [str(value).strip('"') for value in values] == list(expected), key
            assert conn.scalar(select(table.c.doc[key + "!"].as_string()).where(row)) is None, key
    with engine.begin() as conn:
        nested = 'a"."b'
        statement = select(table.c.doc[nested].as_string()).where(table.c.id == 1)
        if engine.name == "sqlite":
            with pytest.raises(exc.StatementError, match="can't have the key"):
                conn.execute(statement)
        else:
            assert conn.scalar(statement) is None


def test_fields_of_extract(engine: Any) -> None:
    when = func.current_timestamp()
    with engine.connect() as conn:
        assert conn.scalar(select(extract("year", when))) >= 2024
        for field in [*NAMES, "year FROM now()) --", "year month", ""]:
            if field.isidentifier() or field.isalnum():
                continue
            with pytest.raises(exc.CompileError, match="is not a valid extract argument"):
                conn.execute(select(extract(field, when)))


@pytest.mark.backends("postgresql", "mariadb")
def test_regular_expressions(engine: Any) -> None:
    """Patterns, replacements and flags are values."""
    plain = [
        word for word in SHORT if word and all(char.isalnum() or char in "'\"`;%:@!-/#& " for char in word)
    ]
    with engine.connect() as conn:
        for word in plain:
            if word.startswith("#") or (engine.name == "mariadb" and not word.isascii()):
                continue
            subject = f"<{word}>"
            assert conn.scalar(select(literal(subject).regexp_match(f"^<{word}>$"))), word
            assert not conn.scalar(select(literal("other").regexp_match(f"^<{word}>$"))), word
            assert conn.scalar(select(literal(subject).regexp_replace(word, ""))) == "<>", word
        assert conn.scalar(select(literal("ABC").regexp_match("b", flags="i")))
        for flags in ["i') or 1=1 --", "'", "%s", "\\"]:
            statement = select(literal("x").regexp_match("y", flags=flags))
            try:
                assert not conn.scalar(statement)
            except exc.DBAPIError as err:
                assert "egular expression" in str(err) or "regex" in str(err).lower()
            conn.rollback()


def test_names_of_time_zones(pg_engine: Any) -> None:
    with pg_engine.connect() as conn:
        assert conn.scalar(select(func.timezone("UTC", func.now())))
        for zone in ["it's", "UTC'; DROP TABLE x; --", "%s", "\\"]:
            with pytest.raises(exc.DBAPIError, match="time zone"):
                conn.execute(select(func.timezone(zone, func.now())))
            conn.rollback()


def test_isolation_levels(engine: Any) -> None:
    for level in ["SERIALIZABLE; DROP TABLE x", "it's", "READ COMMITTED --", "%s", ""]:
        with pytest.raises(exc.ArgumentError, match="Invalid value"), engine.connect() as conn:
            conn.execution_options(isolation_level=level)


def test_bytes(engine: Any) -> None:
    values = [
        b"'",
        b"\\",
        b"\\\\001",
        b"\x00",
        b"\xff\xfe",
        b"%s",
        b"a'; --",
        b"",
        bytes(range(256)),
        b"\\x41",
    ]
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("raw", LargeBinary))
    table.create(engine)
    with engine.begin() as conn:
        for i, value in enumerate(values, 1):
            made = insert(table).values(id=i, raw=value)
            conn.exec_driver_sql(str(made.compile(conn, compile_kwargs={"literal_binds": True})))
            assert conn.scalar(select(table.c.raw).where(table.c.id == i)) == value
            same = select(table.c.id).where(table.c.raw == value, table.c.id == i)
            assert conn.scalar(same) == i
            assert (
                conn.exec_driver_sql(str(same.compile(conn, compile_kwargs={"literal_binds": True}))).scalar()
                == i
            )


def test_nul_in_literals(engine: Any) -> None:
    """Where a NUL would end the statement it is refused; elsewhere it is a character."""
    with engine.connect() as conn:
        for word in ["\0", "a\0b", "'\0; --"]:
            statement = select(literal(word, literal_execute=True))
            if engine.name == "mariadb":
                assert conn.scalar(statement) == word
            else:
                with pytest.raises(exc.StatementError, match="Could not render literal value"):
                    conn.execute(statement)


@pytest.mark.parametrize(
    "method", ["startswith", "endswith", "contains", "istartswith", "iendswith", "icontains"]
)
def test_escapes_that_would_not_escape(method: str) -> None:
    x = column("x", String)
    for escape in ["%", "_", "", "ab", "\0\0"]:
        with pytest.raises(exc.ArgumentError, match="needs one character as escape"):
            getattr(x, method)("a", autoescape=True, escape=escape)
    if method.startswith("i"):
        with pytest.raises(exc.ArgumentError, match="nor a letter"):
            getattr(x, method)("a", autoescape=True, escape="X")
    with pytest.raises(exc.ArgumentError, match="NUL"):
        getattr(x, method)("a\0", autoescape=True)


def test_every_escape_character(engine: Any) -> None:
    """Whatever escapes, patterns find what Python finds."""
    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("word", String(400)))
    table.create(engine)
    found_by_like = [word for word in STRINGS if word.isascii() and word == word.lower()]
    column_ = table.c.word.collate("utf8mb4_bin") if engine.name == "mariadb" else table.c.word
    escapes = [chr(code) for code in range(33, 127) if chr(code) not in "%_" and not chr(code).isupper()]
    with engine.begin() as conn:
        conn.execute(insert(table), [{"id": i, "word": word} for i, word in enumerate(found_by_like, 1)])
        for escape in [*escapes, "\x01", "\x7f"]:
            for word in ("%", "_", f"{escape}", f"a{escape}%", "a_b", "\\", "x\\", "100%"):
                criterion = column_.contains(word, autoescape=True, escape=escape)
                found = conn.scalars(select(table.c.word).where(criterion).order_by(table.c.id)).all()
                assert found == [w for w in found_by_like if word in w], (escape, word)


# Modes of servers ---------------------------------------------------------------------------------------


def check_modes(engine: Any) -> None:
    """Names and inlined values under the server's mode."""
    table = Table(
        "odd\"`'t", MetaData(), Column("id", Integer, primary_key=True), Column("w\"`'", String(400))
    )
    with engine.begin() as conn:
        table.create(conn)
        for i, word in enumerate(STRINGS, 1):
            made = insert(table).values({"id": i, "w\"`'": word})
            conn.exec_driver_sql(str(made.compile(conn, compile_kwargs={"literal_binds": True})))
            statement = select(table.c[1], literal(word, literal_execute=True), literal(word)).where(
                table.c.id == i, table.c[1] == word
            )
            assert tuple(conn.execute(statement).one()) == (word, word, word)
            assert conn.scalar(select(table.c.id).where(table.c.id == i, table.c[1].in_([word]))) == i
        assert conn.scalar(select(func.count()).select_from(table)) == len(STRINGS)
        escaped = table.c[1].contains("\\", autoescape=True, escape="\\")
        found = set(conn.scalars(select(table.c[1]).where(escaped)))
        assert found == {word for word in STRINGS if "\\" in word}
        other = Table("d", MetaData(), Column("a", String(20), server_default="a\\'b"), Column("b", Integer))
        other.create(conn)
        conn.execute(insert(other), {"b": 1})
        assert conn.scalar(select(other.c.a)) == "a\\'b"


@pytest.mark.parametrize(
    "mode", ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "ANSI"]
)
def test_modes_of_mariadb(mariadb_driver: Any, mode: str) -> None:
    engine = create_engine(mariadb_driver, connect_args={"init_command": f"SET sql_mode='{mode}'"})
    try:
        check_modes(engine)
        with engine.begin() as conn:
            members = ["a\\b", "\\", "it's", 'q"', "\\'"]
            kinds = Table("kinds", MetaData(), Column("k", Enum(*members)))
            kinds.create(conn)
            conn.execute(insert(kinds), [{"k": member} for member in members])
            assert conn.scalars(select(kinds.c.k)).all() == members
    finally:
        engine.dispose()


def test_nonstandard_strings_of_postgresql(pg_engine: Any) -> None:
    """With ``standard_conforming_strings`` off a backslash in a literal means something."""
    engine = create_engine(pg_engine.url, connect_args={"options": "-c standard_conforming_strings=off"})
    try:
        with engine.connect() as conn:
            assert conn.exec_driver_sql("show standard_conforming_strings").scalar() == "off"
        check_modes(engine)
        with engine.begin() as conn:
            kind = postgresql.ENUM("\\", "\\'", "a\\b", name="k\\")
            kind.create(conn)
            assert conn.scalars(select(func.unnest(func.enum_range(cast(None, kind))))).all() == [
                "\\",
                "\\'",
                "a\\b",
            ]
            sequence = Sequence("s\\'", start=5)
            sequence.create(conn)
            assert conn.scalar(sequence) == 5 and conn.scalar(select(sequence.next_value())) == 6
    finally:
        engine.dispose()


# Parameters ---------------------------------------------------------------------------------------------


@pytest.fixture(params=[*(f"sqlite {style}" for style in STYLES), "postgresql", "mariadb"])
def every(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A connection per style of parameters."""
    backend, _, style = request.param.partition(" ")
    engine = (
        styled_engine(style)
        if style
        else request.getfixturevalue({"postgresql": "pg_engine", "mariadb": "mariadb_engine"}[backend])
    )
    with engine.connect() as conn:
        yield conn
    engine.dispose()


def test_parameters_with_names_that_meet(every: Any) -> None:
    """Names that would become one in the text stay apart."""
    names = [
        "a b",
        "a_b",
        "a.b",
        "a:b",
        "a_b_1",
        "a[b",
        "a b_1",
        "aPb",
        "a%b",
        "aAb",
        "a(b",
        "aZb",
        "a)b",
        "aCb",
    ]
    columns = [bindparam(name, type_=Integer).label(f"c{i}") for i, name in enumerate(names)]
    values = {name: i for i, name in enumerate(names)}
    for order in (1, -1):
        statement = select(*columns[::order])
        for _ in range(2):
            assert tuple(every.execute(statement, values).one()) == tuple(range(len(names)))[::order]
    table = Table(
        "t", MetaData(), Column("id", Integer, primary_key=True), *[Column(n, Integer) for n in names]
    )
    table.create(every)
    rows = [{"id": row, **{name: row * 100 + i for i, name in enumerate(names)}} for row in (1, 2, 3)]
    every.execute(insert(table), rows[0])
    every.execute(insert(table).returning(table.c.id), rows[1:])
    found = every.execute(select(table).order_by(table.c.id)).mappings().all()
    assert [dict(row) for row in found] == rows
    every.execute(update(table).where(table.c.id == 2).values({name: i for i, name in enumerate(names)}))
    assert dict(every.execute(select(table).where(table.c.id == 2)).mappings().one()) == {"id": 2, **values}


def test_lists_beside_parameters_of_the_same_name(every: Any) -> None:
    """The elements of a list have names of their own."""
    t = select(
        literal_column("1", Integer).label("id"),
        literal_column("5", Integer).label("id_1"),
        literal_column("7", Integer).label("id_1_1"),
    ).subquery("t")
    statement = select(t).where(t.c.id.in_([1, 2, 3]), t.c.id_1 == 5, t.c.id_1_1.in_([6, 7]), t.c.id != 2)
    for _ in range(2):
        assert every.execute(statement).all() == [(1, 5, 7)]
    named = select(t.c.id).where(
        t.c.id.in_(bindparam("x", expanding=True)),
        t.c.id_1 == bindparam("x_1"),
        t.c.id_1_1 == bindparam("x 2"),
        tuple_(t.c.id, t.c.id_1).in_(bindparam("y", expanding=True)),
        t.c.id == bindparam("y_1_1"),
    )
    values = {"x": [1, 9], "x_1": 5, "x 2": 7, "y": [(1, 5), (2, 6)], "y_1_1": 1}
    for _ in range(2):
        assert every.scalars(named, values).all() == [1]
    assert every.scalars(named, {**values, "x": [9, 8, 7]}).all() == []


def test_data_that_looks_like_marks(every: Any) -> None:
    t = select(literal_column("1", Integer).label("id")).subquery("t")
    for mark in [word for word in STRINGS if "[" in word or "~~" in word or "\x01" in word]:
        quoted = "'" + mark.replace(":", "\\:") + "'"
        raw = "'" + mark + "'"
        statement = select(
            t.c.id.label(mark),
            literal(mark, literal_execute=True).label("a"),
            text(quoted),
            literal_column(raw),
            literal(mark).label("b"),
        ).where(t.c.id.in_([1, 2]), t.c.id != bindparam("word_1", 5), literal(mark) == mark)
        for _ in range(2):
            result = every.execute(statement)
            if mark[0] > " " or every.dialect.name != "mariadb":
                assert list(result.keys())[0] == mark
            assert tuple(result.one()) == (1, mark, mark, mark, mark), mark


def test_batches_of_odd_values(every: Any) -> None:
    """What looks like the values of a batched INSERT is repeated nowhere, and changed nowhere."""
    looks = [
        "VALUES (?, ?)",
        "VALUES (:1, :2)",
        "VALUES ($1, $2)",
        "VALUES (%(id)s, %(w)s)",
        ":id",
        "%(id)s",
        "$1",
    ]
    dialect = every.dialect
    if dialect.name == "mariadb":
        looks = looks[3:]
    for number, name in enumerate(looks):
        table = Table(
            f"t{number}",
            MetaData(),
            Column("id", Integer, primary_key=True),
            Column(name, String(40)),
            Column("c", String(40)),
            Column("d", Integer),
        )
        table.create(every)
        copied = {"c": literal_column("'" + name + "'"), "d": from_dml_column(table.c.id)}
        made = (
            insert(table).values(**copied).returning(table.c.id, table.c[name], sort_by_parameter_order=True)
        )
        rows = [{"id": i, name: f"{name}{i}"} for i in range(1, 6)]
        assert every.execute(made, rows).all() == [(i, f"{name}{i}") for i in range(1, 6)]
        found = every.execute(select(table).order_by(table.c.id)).all()
        assert found == [(i, f"{name}{i}", name, i) for i in range(1, 6)]


def test_batches_whose_rows_differ_elsewhere(every: Any) -> None:
    """A parameter of ON CONFLICT or RETURNING has each row's value, though a batch has it once."""
    table = Table("t", MetaData(), Column("a", Integer, primary_key=True), Column("b", Integer))
    table.create(every)
    added = insert(table).returning(table.c.a, (table.c.b + bindparam("a__0")).label("c"))
    rows = [{"a": 1, "b": 1, "a__0": 10}, {"a": 2, "b": 2, "a__0": 20}, {"a": 3, "b": 3, "a__0": 30}]
    assert every.execute(added, rows).all() == [(1, 11), (2, 22), (3, 33)]
    same = [{"a": i, "b": i, "a__0": 5} for i in (4, 5)]
    assert every.execute(added, same).all() == [(4, 9), (5, 10)]
    if every.dialect.name != "mariadb":
        upsert = {"sqlite": sqlite, "postgresql": postgresql}[every.dialect.name].insert(table)
        changed = upsert.on_conflict_do_update(index_elements=["a"], set_={"b": bindparam("b__1")})
        values = [{"a": i, "b": 0, "b__1": i * 7} for i in (1, 2, 9)]
        every.execute(changed.returning(table.c.a), values)
        found = every.execute(select(table).where(table.c.a.in_([1, 2, 9])).order_by(table.c.a)).all()
        assert found == [(1, 7), (2, 14), (9, 0)]


def test_the_same_shape_with_other_values(every: Any) -> None:
    """A cached statement takes the values of the call, in lists, literals and paths."""

    def shape(word: str) -> Any:
        return select(
            literal(word),
            literal(word, literal_execute=True),
            type_coerce(word, String).label("x"),
        ).where(literal(word).in_([word, word + "!"]), literal(word) != word + "!")

    before = None
    for word in SHORT:
        assert tuple(every.execute(shape(word)).one()) == (word, word, word)
        if word.isascii():  # others are of another type, Unicode
            key = shape(word)._generate_cache_key().key
            assert before in (None, key)
            before = key
