"""
Hostile strings in DDL, and as names of whatever a database has.

Each test looks at what the database has afterwards: the objects that were named, and nothing else.
"""

from __future__ import annotations

from typing import Any

import pytest
from hostile import NAMES, names_of, texts_of

from relvar import (
    DDL,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    and_,
    cast,
    column,
    event,
    exc,
    func,
    insert,
    inspect,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from relvar.dialects import postgresql
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

# Text of DDL ------------------------------------------------------------------------------------------


def test_defaults_checks_and_computed_columns(engine: Any) -> None:
    """Values in DDL are literals: the database evaluates them to what they were."""
    words = texts_of(engine.dialect)
    for start in range(0, len(words), 16):
        some = dict(enumerate(words[start : start + 16]))
        table = Table(f"t{start}", MetaData(), Column("id", Integer, primary_key=True))
        for i, word in some.items():
            table.append_column(Column(f"a{i}", String(80), server_default=word, comment=word))
            table.append_column(Column(f"b{i}", String(80), server_default=text("'x'")))
            table.append_constraint(CheckConstraint(column(f"a{i}") != word + "!"))
            table.append_constraint(CheckConstraint(or_(column(f"b{i}") == "x", column(f"b{i}") == word)))
            if word and engine.name != "postgresql":
                computed = Computed(func.coalesce(column(f"b{i}"), word))
                table.append_column(Column(f"c{i}", String(80), computed))
        with engine.begin() as conn:
            table.create(conn)
            conn.execute(insert(table), {"id": 1, **{f"b{i}": word for i, word in some.items()}})
            row = conn.execute(select(table)).mappings().one()
            described = {c["name"]: c.get("comment") for c in inspect(conn).get_columns(table.name)}
            for i, word in some.items():
                assert row[f"a{i}"] == row[f"b{i}"] == row.get(f"c{i}", word) == word
                assert described[f"a{i}"] == (word or None) or not engine.dialect.supports_comments
        for i, word in list(some.items())[::5]:
            for column_, value in ((f"a{i}", word + "!"), (f"b{i}", word + "?")):
                with pytest.raises(exc.DBAPIError), engine.begin() as conn:
                    conn.execute(insert(table), {"id": 2, column_: value})
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
    for word in filter(None, texts_of(engine.dialect)[::2]):
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


# Names of other things --------------------------------------------------------------------------------


@pytest.mark.backends("postgresql", "mariadb")
def test_names_of_schemas(engine: Any) -> None:
    def schemas() -> set[str]:
        """On MariaDB a schema is a database, and other runs of the tests make and drop theirs."""
        return {name for name in inspect(engine).get_schema_names() if not name.startswith("relvar_test")}

    before = schemas()
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
    assert schemas() == before


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
    # DDL takes its time
    for name in names_of(engine.dialect)[::4]:
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
