"""
What migration tools build on: a database is compared with a metadata, and changed until they are alike.

The tool here is small, but asks and says things the way Alembic does: all tables' facts at once, kept in
the inspector's cache and handed to ``reflect_table``; ALTER statements are elements of its own, compiled
with the pieces of the dialect's DDL compiler; names are final by ``conv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    UniqueConstraint,
    create_mock_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from relvar.engine.reflection import ReflectionInfo
from relvar.ext.compiler import compiles
from relvar.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DDLElement,
    DropConstraint,
    DropIndex,
    DropTable,
    SetColumnComment,
    SetTableComment,
    conv,
)

FACTS = (
    "columns",
    "pk_constraint",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "check_constraints",
    "table_comment",
    "table_options",
)
CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}


# Statements of the tool's own ------------------------------------------------------------------------


class _Alter(DDLElement):
    """``ALTER TABLE`` of one column."""

    def __init__(self, table: Table, column: Column[Any], name: str | None = None) -> None:
        self.table, self.column, self.name = table, column, name


class AddColumn(_Alter):
    """``ADD COLUMN``."""


class DropColumn(_Alter):
    """``DROP COLUMN``."""


class ChangeColumn(_Alter):
    """Give a column another type, default or NULL-ness."""


class RenameColumn(_Alter):
    """``RENAME COLUMN``."""


def _alter(element: _Alter, compiler: Any) -> str:
    return f"ALTER TABLE {compiler.preparer.format_table(element.table)}"


@compiles(AddColumn)
def _add_column(element: AddColumn, compiler: Any, **kw: Any) -> str:
    text = f"{_alter(element, compiler)} ADD COLUMN {compiler.get_column_specification(element.column, **kw)}"
    constraints = (compiler.process(c) for c in element.column.constraints)
    return " ".join((text, *constraints))


@compiles(DropColumn)
def _drop_column(element: DropColumn, compiler: Any, **kw: Any) -> str:
    return f"{_alter(element, compiler)} DROP COLUMN {compiler.preparer.format_column(element.column)}"


@compiles(RenameColumn)
def _rename_column(element: RenameColumn, compiler: Any, **kw: Any) -> str:
    old = compiler.preparer.format_column(element.column)
    return f"{_alter(element, compiler)} RENAME COLUMN {old} TO {compiler.preparer.quote(element.name)}"


@compiles(ChangeColumn, "mysql", "mariadb")
def _modify_column(element: ChangeColumn, compiler: Any, **kw: Any) -> str:
    return f"{_alter(element, compiler)} MODIFY {compiler.get_column_specification(element.column)}"


@compiles(ChangeColumn, "postgresql")
def _alter_column(element: ChangeColumn, compiler: Any, **kw: Any) -> str:
    column = element.column
    name = compiler.preparer.format_column(column)
    default = compiler.get_column_default_string(column)
    steps = (
        f"TYPE {compiler.dialect.type_compiler_instance.process(column.type, type_expression=column)}",
        "DROP DEFAULT" if default is None else f"SET DEFAULT {default}",
        "DROP NOT NULL" if column.nullable else "SET NOT NULL",
    )
    return f"{_alter(element, compiler)} {', '.join(f'ALTER COLUMN {name} {step}' for step in steps)}"


# Comparing -------------------------------------------------------------------------------------------


def _reflect(connection: Any, wanted: MetaData) -> MetaData:
    """Load all tables of the database, each fact asked for once."""
    inspector = inspect(connection)
    names = inspector.get_table_names()
    for fact in FACTS:
        try:
            inspector.info_cache[fact] = getattr(inspector, f"get_multi_{fact}")(filter_names=names)
        except NotImplementedError:
            inspector.info_cache[fact] = {}
    for fact in ("foreign_keys", "indexes", "unique_constraints", "check_constraints"):
        for items in inspector.info_cache[fact].values():
            for item in items:
                # a name of the database is final: the convention was applied to it already
                item["name"] = item["name"] and conv(item["name"])
    known = ReflectionInfo(**{fact: inspector.info_cache[fact] for fact in FACTS})
    found = MetaData(naming_convention=wanted.naming_convention)
    for name in names:
        table = Table(name, found)
        event.listen(table, "column_reflect", _keep_out_generics)
        inspector.reflect_table(table, include_columns=None, resolve_fks=False, _reflect_info=known)
    return found


def _keep_out_generics(inspector: Any, table: Table, column: Any) -> None:
    column["info"] = {"reflected": type(column["type"]).__name__}


def _differences(connection: Any, wanted: MetaData) -> Iterator[DDLElement]:
    """Give the statements that make the database as *wanted*, in an order in which they run."""
    found = _reflect(connection, wanted)
    dialect = connection.dialect
    gone = [found.tables[key] for key in found.tables if key not in wanted.tables]
    new = [table for table in wanted.sorted_tables if table.key not in found.tables]
    both = [(found.tables[key], wanted.tables[key]) for key in wanted.tables if key in found.tables]
    for old, table in both:
        yield from _dropped_items(old, table, dialect)
    for table in reversed(found.sorted_tables):
        if table in gone:
            yield DropTable(table)
    for table in new:
        yield CreateTable(table)
        yield from (CreateIndex(index) for index in table.indexes)
        if dialect.supports_comments and not dialect.inline_comments:
            yield from _comments(None, table)
    for old, table in both:
        yield from _changed_columns(connection, old, table)
        yield from _added_items(old, table, dialect)
        if dialect.supports_comments and not dialect.inline_comments:
            yield from _comments(old, table)


def _items(table: Table, dialect: Any) -> dict[Any, Any]:
    """Return a table's named constraints and indexes, by what they promise."""
    compiler = dialect.ddl_compiler(dialect, None)
    items: dict[Any, Any] = {}
    for item in (*table.constraints, *table.indexes):
        name = dialect.identifier_preparer.format_constraint(item) if item.name else None
        if isinstance(item, Index):
            kind = "unique" if item.unique else "index"
            items[kind, name, tuple(str(e) for e in item.expressions)] = item
        elif isinstance(item, UniqueConstraint):
            items["unique", name, tuple(str(c) for c in item.columns)] = item
        elif isinstance(item, ForeignKeyConstraint):
            target = tuple(element.target_fullname for element in item.elements)
            items["foreign key", name, tuple(item.column_keys), target, item.ondelete] = item
        elif isinstance(item, CheckConstraint) and item._should_create_for_compiler(compiler):
            items["check", name] = item
    return items


def _dropped_items(old: Table, table: Table, dialect: Any) -> Iterator[DDLElement]:
    wanted = _items(table, dialect)
    dropped = [(what, item) for what, item in _items(old, dialect).items() if what not in wanted]
    # an index may serve a foreign key
    for _, item in sorted(dropped, key=lambda pair: pair[0][0] != "foreign key"):
        if not isinstance(item, Index):
            yield DropConstraint(item)
        elif dialect.name != "mariadb" or not _serves(item, table):
            yield DropIndex(item)


def _serves(index: Index, table: Table) -> bool:
    return any(key.name == index.name for key in table.foreign_key_constraints)


def _added_items(old: Table, table: Table, dialect: Any) -> Iterator[DDLElement]:
    found = _items(old, dialect)
    for what, item in _items(table, dialect).items():
        if what not in found:
            is_index = isinstance(item, Index)
            yield CreateIndex(item) if is_index else AddConstraint(item, isolate_from_table=False)


def _changed_columns(connection: Any, old: Table, table: Table) -> Iterator[DDLElement]:
    for column in table.c:
        if column.name not in old.c:
            yield AddColumn(table, column)
        elif _shape(connection, column) != _shape(connection, old.c[column.name]):
            yield ChangeColumn(table, column)
    yield from (DropColumn(old, column) for column in old.c if column.name not in table.c)


def _shape(connection: Any, column: Column[Any]) -> Any:
    """Return what is compared of a column: type family and length, NULL-ness, whether it has a default."""
    type_ = column.type.dialect_impl(connection.dialect)
    size = getattr(type_, "length", None), getattr(type_, "precision", None) and getattr(type_, "scale", None)
    has_default = column.server_default is not None and not column.primary_key
    # a Boolean of MySQL and MariaDB is a small integer
    family = Integer if isinstance(column.type, Boolean) else column.type._type_affinity
    return family, size, column.nullable, has_default, column.computed is not None


def _comments(old: Table | None, table: Table) -> Iterator[DDLElement]:
    if table.comment != (old is not None and old.comment or None):
        yield SetTableComment(table)
    for column in table.c:
        before = old.c.get(column.name) if old is not None else None
        if column.comment != (before.comment if before is not None else None):
            yield SetColumnComment(column)


# The test --------------------------------------------------------------------------------------------


def _first(backend: str) -> MetaData:
    metadata = MetaData(naming_convention=CONVENTION)
    Table(
        "user",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(30), nullable=False, index=True),
        Column("dropped", Double),
        Column("at", DateTime, server_default=func.now()),
    )
    Table("gone", metadata, Column("id", Integer, primary_key=True), Column("u", ForeignKey("user.id")))
    Table(
        "post",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("u", Integer),
        Column("title", String(20)),
        CheckConstraint("title <> ':x'", name="titled"),
    )
    return metadata


def _second(backend: str) -> MetaData:
    metadata = MetaData(naming_convention=CONVENTION)
    comment = {"comment": "it's 100% new"} if backend == "postgresql" else {}
    alters = backend != "sqlite"
    Table(
        "user",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(60 if alters else 30), nullable=alters),
        Column("at", DateTime, server_default=func.now()),
        Column("added", Integer, server_default=text("5"), nullable=False, **comment),
        Column("Odd Name", Numeric(10, 2)),
        **comment,
    )
    Table(
        "extra",
        metadata,
        Column("id", Integer, Identity() if backend == "postgresql" else None, primary_key=True),
        Column("u", Integer, ForeignKey("user.id", ondelete="CASCADE")),
        Column("flag", Boolean),
        Column("kind", Enum("a", "b", native_enum=False, length=9)),
        Column("sum", Integer, Computed("id2 + 1", persisted=True)),
        Column("id2", Integer, index=True),
        UniqueConstraint("u", "id2"),
        CheckConstraint("id2 > 3", name="pos"),
        CheckConstraint("id2 > 4", name=conv("as_it_is")),
        **comment,
    )
    post = Table(
        "post",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("u", Integer, ForeignKey("user.id", ondelete="SET NULL") if alters else None),
        Column("title", String(20)),
    )
    Index("ix_title", post.c.title, post.c.u, unique=True)
    if not alters:
        post.append_constraint(CheckConstraint("title <> ':x'", name="titled"))
    return metadata


@pytest.mark.feature("C041")
def test_a_database_is_compared_and_changed(engine: Any) -> None:
    backend = engine.dialect.name
    _first(backend).create_all(engine)
    users, wanted = _first(backend).tables["user"], _second(backend)
    with engine.begin() as connection:
        assert list(_differences(connection, _first(backend))) == []
        connection.execute(insert(users), {"id": 1, "name": "ann"})
        kinds = []
        for statement in _differences(connection, wanted):
            kinds.append(type(statement).__name__)
            connection.execute(statement)
        assert {"AddColumn", "DropColumn", "CreateTable", "CreateIndex", "DropTable"} <= set(kinds)
        if backend != "sqlite":
            assert {"ChangeColumn", "AddConstraint", "DropConstraint"} <= set(kinds)
        assert [str(s.compile(engine)) for s in _differences(connection, wanted)] == []
        assert connection.execute(select(wanted.tables["user"].c["name", "added", "Odd Name"])).all() == [
            ("ann", 5, None)
        ]
        found = _reflect(connection, wanted)
    named = {c.name for table in found.tables.values() for c in (*table.constraints, *table.indexes)}
    assert {"uq_extra_u_id2", "ck_extra_pos", "as_it_is", "ix_extra_id2", "ix_title"} <= named
    assert found.tables["post"].c.id.info == {"reflected": type(found.tables["post"].c.id.type).__name__}


@pytest.mark.feature("C041")
def test_renaming_and_copying_a_table_as_where_alter_is_missing(sqlite_engine: Any) -> None:
    first = _first("sqlite")
    first.create_all(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(insert(first.tables["user"]), {"id": 1, "name": "ann"})
        found = _reflect(connection, first)
        old = found.tables["user"]
        connection.execute(RenameColumn(old, old.c.name, "full name"))
        # a copy with another type takes the rows over, then the name
        old = _reflect(connection, first).tables["user"]
        copied = MetaData()
        columns = [column._copy() for column in old.c if column.name != "dropped"]
        next(c for c in columns if c.name == "full name").type = String(99)
        new = Table("_tmp_user", copied, *columns)
        for constraint in old.constraints:
            if constraint.name is not None:
                new.append_constraint(constraint._copy())
        new.create(connection)
        common = [c.name for c in new.c]
        connection.execute(insert(new).from_select(common, select(*(old.c[n] for n in common))))
        connection.execute(DropTable(old))
        connection.exec_driver_sql("ALTER TABLE _tmp_user RENAME TO user")
    metadata = MetaData()
    metadata.reflect(sqlite_engine, only=["user"])
    table = metadata.tables["user"]
    assert table.c["full name"].type.length == 99
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(table.c.id, table.c["full name"])).all() == [(1, "ann")]


@pytest.mark.feature("C041")
@pytest.mark.parametrize(
    ("backend", "expected"),
    [
        ("postgresql://", "ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(5), ALTER COLUMN a SET DEFAULT 'x',"),
        ("mysql://", "ALTER TABLE t MODIFY a VARCHAR(5) NOT NULL DEFAULT 'x'"),
    ],
)
def test_statements_are_written_offline(backend: str, expected: str) -> None:
    written: list[str] = []

    def write(statement: Any, *args: Any, **kw: Any) -> None:
        written.append(" ".join(str(statement.compile(dialect=engine.dialect)).split()))

    engine = create_mock_engine(backend, write)
    table = Table("t", MetaData(), Column("a", String(5), nullable=False, server_default="x"))
    engine.execute(ChangeColumn(table, table.c.a))
    engine.execute(AddColumn(table, Column("b", Integer, CheckConstraint("b > 3"))))
    assert written[0].startswith(expected)
    assert written[1] == "ALTER TABLE t ADD COLUMN b INTEGER CHECK (b > 3)"
