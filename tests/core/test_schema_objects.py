"""Tables, columns and constraints as objects: no database."""

from __future__ import annotations

import pickle
import warnings
from typing import Any

import pytest

from relvar import (
    BLANK_SCHEMA,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    event,
    exc,
    func,
    insert_sentinel,
    select,
    text,
)
from relvar.schema import (
    CreateIndex,
    CreateTable,
    DefaultClause,
    FetchedValue,
    ForeignKeyTarget,
    conv,
    sort_tables,
    sort_tables_and_constraints,
)
from relvar.types import NullType


def users(metadata: MetaData, **kw: Any) -> Table:
    return Table(
        "users",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(30), nullable=False),
        **kw,
    )


# -- MetaData ---------------------------------------------


@pytest.mark.feature("C001")
def test_metadata() -> None:
    metadata = MetaData(schema="main", naming_convention={"pk": "pk_%(table_name)s"}, info={"a": 1})
    orders = Table("orders", metadata, Column("user_id", ForeignKey("main.users.id")))
    table = users(metadata)
    assert metadata.info == {"a": 1}
    assert (metadata.schema, table.schema, table.key) == ("main", "main", "main.users")
    assert Table("free", metadata, schema=BLANK_SCHEMA).schema is None
    assert table.primary_key.name == "pk_users"
    assert list(metadata.tables) == ["main.orders", "main.users", "free"]
    assert metadata.tables["main.users"] is table
    assert table in metadata
    assert "main.users" in metadata
    assert [t.name for t in metadata.sorted_tables] == ["free", "users", "orders"]
    assert metadata.schemas == ("main",)
    sequence = Sequence("numbers", metadata=metadata)
    assert metadata.get_schema_objects(Sequence) == (sequence,)
    assert metadata.get_schema_object_by_name(Sequence, "numbers") is sequence
    assert metadata.get_schema_object_by_name(Sequence, "other") is None
    metadata.remove(orders)
    assert orders not in metadata
    with pytest.raises(TypeError):
        metadata.tables["x"] = table  # type: ignore[index]
    metadata.clear()
    assert not metadata.tables
    assert not metadata.get_schema_objects(Sequence)


def test_metadata_refuses_a_schema_that_is_no_name() -> None:
    with pytest.raises(exc.ArgumentError, match="expected schema argument to be a string"):
        MetaData(schema=5)  # type: ignore[arg-type]


def test_metadata_survives_pickling() -> None:
    metadata = MetaData(schema="s")
    users(metadata)
    copy = pickle.loads(pickle.dumps(metadata))
    assert list(copy.tables) == ["s.users"]
    assert copy.tables["s.users"].c.keys() == ["id", "name"]


def test_naming_convention() -> None:
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    table = Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer, index=True, unique=True),
        Column("y", Integer, ForeignKey("b.id"), unique=True),
        CheckConstraint("x > 5", name="big"),
        UniqueConstraint("x", "y", name=conv("chosen")),
    )
    names = {type(c).__name__: c.name for c in table._sorted_constraints if c.name != "chosen"}
    assert names == {
        "PrimaryKeyConstraint": "pk_a",
        "CheckConstraint": "ck_a_big",
        "UniqueConstraint": "uq_a_y",
        "ForeignKeyConstraint": "fk_a_y_b",
    }
    assert {index.name for index in table.indexes} == {"ix_a_x"}
    with pytest.raises(exc.InvalidRequestError, match="requires that constraint is explicitly named"):
        Table("c", metadata, Column("x", Integer), CheckConstraint("x > 5"))


def test_naming_convention_with_a_token_of_ones_own() -> None:
    metadata = MetaData(
        naming_convention={"uq": "uq_%(shout)s", "shout": lambda constraint, table: table.name.upper()}
    )
    table = Table("a", metadata, Column("x", Integer, unique=True))
    assert [c.name for c in table.constraints if isinstance(c, UniqueConstraint)] == ["uq_A"]


# -- Table ---------------------------------------------


def test_a_name_stands_for_one_table() -> None:
    metadata = MetaData()
    table = users(metadata)
    assert Table("users", metadata) is table
    with pytest.raises(exc.InvalidRequestError, match="Table 'users' is already defined"):
        Table("users", metadata, Column("id", Integer))
    kept = Table("users", metadata, Column("more", Integer), keep_existing=True)
    assert kept is table
    assert table.c.keys() == ["id", "name"]
    assert Table("users", metadata, Column("more", Integer), extend_existing=True) is table
    assert table.c.keys() == ["id", "name", "more"]
    Table("users", metadata, Column("name", Integer), extend_existing=True)
    assert isinstance(table.c.name.type, Integer)
    with pytest.raises(exc.ArgumentError, match="mutually exclusive"):
        Table("users", metadata, keep_existing=True, extend_existing=True)


def test_a_table_that_fails_leaves_nothing_behind() -> None:
    metadata = MetaData()
    with pytest.raises(exc.ArgumentError, match="'SchemaItem' object, such as a 'Column'"):
        Table("users", metadata, Column("id", Integer), "oops")  # type: ignore[arg-type]
    assert "users" not in metadata


def test_table_arguments() -> None:
    metadata = MetaData()
    attached: list[Any] = []
    table = users(
        metadata,
        comment="people",
        info={"x": 1},
        prefixes=["TEMPORARY"],
        implicit_returning=False,
        listeners=[("after_parent_attach", lambda target, parent: attached.append(parent))],
        mysql_engine="InnoDB",
    )
    assert (table.comment, table.info, table.implicit_returning) == ("people", {"x": 1}, False)
    assert table.dialect_options["mysql"]["engine"] == "InnoDB"
    assert dict(table.dialect_kwargs) == {"mysql_engine": "InnoDB"}
    assert attached == [metadata]
    assert "CREATE TEMPORARY TABLE users" in str(CreateTable(table))
    with pytest.raises(TypeError, match="should be named <dialectname>_<argument>, got 'foo'"):
        Table("q", metadata, foo=5)
    with pytest.raises(exc.ArgumentError, match="'sqlite_foo' is not accepted by dialect 'sqlite'"):
        Table("q", metadata, sqlite_foo=5)
    with pytest.raises(TypeError, match="at least two positional-only arguments"):
        Table("q")  # type: ignore[call-arg]


def test_columns_of_a_table() -> None:
    table = users(MetaData())
    assert table.c.id is table.columns["id"] is table.c[0]
    assert "id" in table.c
    assert list(table.primary_key) == [table.c.id]
    with pytest.raises(AttributeError):
        table.c.nope
    with pytest.raises(KeyError):
        table.c["nope"]
    table.append_column(Column("email", String))
    table.insert_column(Column("first", String), 0)
    assert table.c.keys() == ["first", "id", "name", "email"]
    with pytest.raises(exc.DuplicateColumnError, match="A column with name 'email' is already present"):
        table.append_column(Column("email", String))
    table.append_column(Column("email", Integer), replace_existing=True)
    assert isinstance(table.c.email.type, Integer)
    assert table.c.keys() == ["first", "id", "name", "email"]
    with pytest.raises(exc.DuplicateColumnError):
        Table("t", MetaData(), Column("id", Integer), Column("id", Integer))


def test_a_replaced_column_is_replaced_in_constraints() -> None:
    table = Table("t", MetaData(), Column("a", Integer, index=True), Column("b", Integer))
    table.append_constraint(UniqueConstraint("a", "b"))
    table.append_column(Column("a", String, key="k"), replace_existing=True)
    assert [list(index.columns) for index in table.indexes] == [[table.c.k]]
    unique = next(c for c in table.constraints if isinstance(c, UniqueConstraint))
    assert list(unique.columns) == [table.c.k, table.c.b]


def test_to_metadata() -> None:
    metadata = MetaData()
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True), schema="one")
    child = Table(
        "child",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("parent_id", ForeignKey("one.parent.id"), index=True),
        Column("self_id", ForeignKey("one.child.id")),
        Column("kind", Enum("a", "b", name="kinds"), unique=True, server_default="a", default="b"),
        CheckConstraint("id > 0", name="positive"),
        schema="one",
        comment="c",
        info={"x": 1},
    )
    Index("ix_lower", func.lower(child.c.kind))
    other = MetaData()
    copy = child.to_metadata(other, schema="two")
    assert (copy.schema, copy.comment, copy.info, copy.key) == ("two", "c", {"x": 1}, "two.child")
    assert {fk.target_fullname for fk in copy.foreign_keys} == {"two.parent.id", "two.child.id"}
    assert copy.c.keys() == child.c.keys()
    assert copy.c.id is not child.c.id
    assert copy.c.kind.server_default.arg == "a"
    assert copy.c.kind.default.arg == "b"
    assert {i.name for i in copy.indexes} == {i.name for i in child.indexes} - {"ix_one_child_parent_id"} | {
        "ix_two_child_parent_id"
    }
    assert str(select(func.lower(copy.c.kind))) == str(
        select(next(i for i in copy.indexes if i.name == "ix_lower").expressions[0])
    )
    assert len(copy.constraints) == len(child.constraints)
    with pytest.warns(exc.SAWarning, match="already exists within the given MetaData"):
        assert child.to_metadata(other, schema="two") is copy
    renamed = child.to_metadata(MetaData(), name="kid")
    assert "one.kid.id" in {fk.target_fullname for fk in renamed.foreign_keys}
    chosen = child.to_metadata(MetaData(), schema="two", referred_schema_fn=lambda *args: "three")
    assert {fk.target_fullname.split(".")[0] for fk in chosen.foreign_keys} == {"three"}
    assert parent.to_metadata(MetaData(), schema=None).schema is None


# -- Column ---------------------------------------------


@pytest.mark.feature("C004")
def test_column_arguments() -> None:
    sequence = Sequence("numbers")
    column: Column[Any] = Column(
        "Name",
        String(32),
        sequence,
        key="k",
        doc="d",
        info={"a": 1},
        nullable=False,
        comment="c",
        quote=True,
        index=True,
        unique=True,
        onupdate="now",
        server_default="x",
        server_onupdate=FetchedValue(),
        system=False,
        autoincrement=False,
        sqlite_on_conflict_not_null="FAIL",
    )
    assert (column.name, column.key, column.name.quote) == ("Name", "k", True)  # type: ignore[attr-defined]
    assert isinstance(column.type, String)
    assert column.default is sequence
    assert (column.doc, column.info, column.nullable, column.comment) == ("d", {"a": 1}, False, "c")
    assert (column.index, column.unique, column.autoincrement, column.system) == (True, True, False, False)
    assert column.onupdate.arg == "now"
    assert column.server_default.arg == "x"
    assert column.server_onupdate.for_update
    assert column.dialect_options["sqlite"]["on_conflict_not_null"] == "FAIL"
    assert column.table is None
    assert Column("x", Integer, insert_default=5).default.arg == 5
    assert insert_sentinel("s").default.is_sentinel
    assert Column(Integer).name is None
    assert isinstance(Column("x").type, NullType)
    assert Column(name="x", type_=Integer).name == "x"
    assert Column("x", Integer, primary_key=True).nullable is False
    assert Column("x", Integer, primary_key=True, nullable=True).nullable is True


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Column("x", "y"), "'SchemaItem' object"),
        (lambda: Column("x", Integer, name="x"), "May not pass name positionally"),
        (lambda: Column("x", Integer, type_=Integer), "May not pass type_ positionally"),
        (lambda: Column("x", Integer, default=1, insert_default=2), "mutually exclusive"),
        (lambda: Column("x", Integer, default=FetchedValue()), "may not be a server-side default type"),
        (lambda: Column("x", Integer, server_default=5), "Argument 'arg' is expected to be one of type"),
        (lambda: Column("x", Integer, Identity(), server_default="1"), "A column with an Identity object"),
        (lambda: Column("x", Integer, Identity(), Computed("y")), "A generated column cannot specify"),
        (lambda: Column("x", Integer, Identity(), autoincrement=False), "cannot specify autoincrement=False"),
        (lambda: Column("x", Integer, default=lambda a, b: 1), "takes zero or one positional arguments"),
        (lambda: Table("t", MetaData(), Column(Integer)), "non-blank name"),
        (lambda: Table("t", MetaData(), Column("x", Integer, index="n")), "boolean only"),
        (lambda: Table("t", MetaData(), Column("x", Integer, unique="n")), "boolean only"),
    ],
)
def test_column_refuses(make: Any, message: str) -> None:
    with pytest.raises(exc.ArgumentError, match=message):
        make()


def test_a_column_belongs_to_one_table() -> None:
    column: Column[Any] = Column("x", Integer)
    Table("a", MetaData(), column)
    with pytest.raises(exc.ArgumentError, match="already assigned to Table 'a'"):
        Table("b", MetaData(), column)


def test_a_name_given_later() -> None:
    column: Column[Any] = Column(Integer, primary_key=True)
    column.name = column.key = "later"
    table = Table("t", MetaData(), column)
    assert table.c.later is column
    assert str(select(table)) == "SELECT t.later \nFROM t"


def test_autoincrement_column() -> None:
    def chosen(*columns: Any) -> Any:
        column = Table("t", MetaData(), *columns).autoincrement_column
        return None if column is None else column.name

    assert chosen(Column("a", Integer, primary_key=True)) == "a"
    assert chosen(Column("a", Integer, primary_key=True, autoincrement=False)) is None
    assert chosen(Column("a", Integer, primary_key=True, default=5)) is None
    assert chosen(Column("a", Integer, ForeignKey("x.y"), primary_key=True)) is None
    assert chosen(Column("a", Integer, ForeignKey("x.y"), primary_key=True, autoincrement="ignore_fk")) == "a"
    assert chosen(Column("a", String, primary_key=True)) is None
    assert chosen(Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)) is None
    assert (
        chosen(
            Column("a", Integer, primary_key=True),
            Column("b", Integer, primary_key=True, autoincrement=True),
        )
        == "b"
    )
    with pytest.raises(exc.ArgumentError, match="not compatible with autoincrement=True"):
        chosen(Column("a", String, primary_key=True, autoincrement=True))
    with pytest.raises(exc.ArgumentError, match="Only one Column may be marked autoincrement=True"):
        chosen(
            Column("a", Integer, primary_key=True, autoincrement=True),
            Column("b", Integer, primary_key=True, autoincrement=True),
        )


# -- foreign keys ---------------------------------------------


@pytest.mark.feature("C006")
def test_foreign_key_targets() -> None:
    metadata = MetaData()
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True, key="pk"), schema="s")
    by_text = ForeignKey("s.parent.pk", name="fk", ondelete="CASCADE", info={"a": 1}, comment="c")
    child = Table(
        "child",
        metadata,
        Column("a", Integer, by_text),
        Column("b", Integer, ForeignKey(parent.c.pk)),
        Column("c", Integer, ForeignKey("s.parent.id", link_to_name=True)),
        Column("d", Integer, ForeignKey(ForeignKeyTarget("s", "parent", "pk"), use_alter=True)),
        Column("e", Integer, ForeignKey(("s", "parent", "pk"))),
    )
    for column in child.c:
        (key,) = column.foreign_keys
        assert key.column is parent.c.pk
        assert key.target_column is (parent.c.pk if column.name == "b" else None)
        assert column.references(parent.c.pk)
        assert key.references(parent)
    assert by_text.target_tokens == ForeignKeyTarget("s", "parent", "pk")
    assert by_text.target_table_key == "s.parent"
    assert by_text.target_fullname == "s.parent.pk"
    assert (by_text.info, by_text.comment) == ({"a": 1}, "c")
    assert by_text.constraint is not None
    assert by_text.constraint.ondelete == "CASCADE"
    assert by_text.constraint.referred_table is parent
    assert len(child.foreign_key_constraints) == 5
    assert by_text.get_referent(parent.alias("p")).table.name == "p"


def test_foreign_key_before_its_target() -> None:
    metadata = MetaData()
    child = Table("child", metadata, Column("parent_id", ForeignKey("parent.id")))
    (key,) = child.foreign_keys
    assert isinstance(child.c.parent_id.type, NullType)
    with pytest.raises(exc.NoReferencedTableError, match="could not find table 'parent'") as caught:
        key.column
    assert caught.value.table_name == "parent"
    parent = Table("parent", metadata, Column("other", Integer))
    with pytest.raises(exc.NoReferencedColumnError, match="has no column named 'id'"):
        key.column
    parent.append_column(Column("id", String(7), primary_key=True))
    assert key.column is parent.c.id
    assert child.c.parent_id.type is parent.c.id.type


def test_a_type_goes_through_a_chain_of_foreign_keys() -> None:
    metadata = MetaData()
    c = Table("c", metadata, Column("id", ForeignKey("b.id")))
    b = Table("b", metadata, Column("id", ForeignKey("a.id"), primary_key=True))
    Table("a", metadata, Column("id", String(9), primary_key=True))
    assert b.c.id.type.length == c.c.id.type.length == 9


def test_composite_foreign_key() -> None:
    metadata = MetaData()
    parent = Table(
        "p", metadata, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True)
    )
    child = Table(
        "c",
        metadata,
        Column("x", Integer),
        Column("y", Integer),
        ForeignKeyConstraint(["x", "y"], ["p.a", "p.b"], name="fk"),
    )
    (constraint,) = child.foreign_key_constraints
    assert constraint.column_keys == ["x", "y"]
    assert constraint.referred_table is parent
    assert [e.column for e in constraint.elements] == [parent.c.a, parent.c.b]
    assert str(child.join(parent)) == "c JOIN p ON p.a = c.x AND p.b = c.y"
    with pytest.raises(exc.ArgumentError, match="number of constrained columns"):
        ForeignKeyConstraint(["x", "y"], ["p.a"])
    with pytest.raises(exc.ArgumentError, match="refers to multiple remote tables"):
        Table(
            "d",
            metadata,
            Column("x", Integer),
            Column("y", Integer),
            ForeignKeyConstraint(["x", "y"], ["p.a", "q.b"]),
        )
    with pytest.raises(exc.ConstraintColumnNotFoundError, match="no column named 'z' is present"):
        Table("e", metadata, Column("x", Integer), ForeignKeyConstraint(["x", "z"], ["p.a", "p.b"]))


def test_foreign_key_of_an_alias() -> None:
    metadata = MetaData()
    parent = users(metadata)
    child = Table("child", metadata, Column("user_id", ForeignKey("users.id")))
    alias = child.alias("c2")
    (key,) = alias.foreign_keys
    assert key.column is parent.c.id
    assert str(parent.join(alias)) == "users JOIN child AS c2 ON users.id = c2.user_id"


@pytest.mark.parametrize("target", [5, object()])
def test_foreign_key_refuses(target: Any) -> None:
    with pytest.raises(exc.ArgumentError, match="String column name or Column object"):
        ForeignKey(target)


# -- other constraints, indexes ---------------------------------------------


def test_constraints_find_their_table() -> None:
    a: Column[Any] = Column("a", Integer)
    b: Column[Any] = Column("b", Integer)
    unique = UniqueConstraint(a, b, name="q")
    index = Index("i", a)
    check = CheckConstraint(a > 5)
    with pytest.raises(exc.InvalidRequestError, match="This constraint is not bound to a table"):
        unique.table
    table = Table("t", MetaData(), a, b)
    assert unique.table is index.table is check.table is table
    assert {unique, check} < table.constraints
    assert unique.contains_column(a)
    assert list(unique) == [a, b]
    assert list(check.columns) == [a]
    with pytest.raises(exc.ConstraintColumnNotFoundError):
        Table("u", MetaData(), Column("x", Integer), UniqueConstraint("y"))
    with pytest.raises(exc.ArgumentError, match="not part of table"):
        UniqueConstraint(a, Table("v", MetaData(), Column("z", Integer)).c.z)


def test_primary_key_named_twice() -> None:
    table = Table("t", MetaData(), Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("b", "a"))
    assert [c.name for c in table.primary_key] == ["b", "a"]
    assert not table.c.a.nullable
    with pytest.warns(exc.SAWarning, match="specifies columns 'a' as primary_key=True, not matching"):
        Table(
            "t",
            MetaData(),
            Column("a", Integer, primary_key=True),
            Column("b", Integer),
            PrimaryKeyConstraint("b"),
        )


def test_index_elements() -> None:
    table = Table("t", MetaData(), Column("a", Integer), Column("b", String))
    index = Index("i", func.lower(table.c.b), table.c.a.desc(), unique=True)
    assert index.table is table
    assert index in table.indexes
    assert list(index.columns) == [table.c.b, table.c.a]
    assert Index("j", "a").table is None
    assert Index("k", text("a || b"), _table=table).table is table


# -- order ---------------------------------------------


def cycle(metadata: MetaData, **kw: Any) -> tuple[Table, Table]:
    a = Table(
        "a", metadata, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id", **kw))
    )
    b = Table(
        "b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey("a.id", name="fk_b")),
    )
    return a, b


def test_order_of_tables() -> None:
    metadata = MetaData()
    third = Table("a3", metadata, Column("x", ForeignKey("a2.id")))
    second = Table("a2", metadata, Column("id", ForeignKey("a1.id"), primary_key=True))
    first = Table("a1", metadata, Column("id", Integer, primary_key=True))
    alone = Table("a0", metadata, Column("id", ForeignKey("a0.id"), primary_key=True))
    assert metadata.sorted_tables == [alone, first, second, third]
    first.add_is_dependent_on(alone)
    assert sort_tables([third, second, first, alone]) == [alone, first, second, third]
    assert sort_tables([first, second], extra_dependencies=[(first, second)]) == [first, second]


def test_order_with_a_cycle() -> None:
    metadata = MetaData()
    a, b = cycle(metadata)
    with pytest.warns(exc.SAWarning, match='unresolvable cycles between tables "a, b"'):
        assert metadata.sorted_tables == [a, b]
    *pairs, (none, late) = sort_tables_and_constraints([a, b])
    assert [table for table, _ in pairs] == [a, b]
    assert none is None
    assert {constraint.table for constraint in late} == {a, b}


def test_order_with_use_alter() -> None:
    metadata = MetaData()
    a, b = cycle(metadata, use_alter=True, name="fk_a")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert metadata.sorted_tables == [a, b]


# -- events ---------------------------------------------


def test_attach_events() -> None:
    seen: list[str] = []

    def before(target: Any, parent: Any) -> None:
        seen.append(f"before {target.name}")

    def after(target: Any, parent: Any) -> None:
        seen.append(f"after {target.name} to {parent.name}")

    event.listen(Column, "before_parent_attach", before)
    event.listen(Column, "after_parent_attach", after)
    try:
        Table("t", MetaData(), Column("x", DateTime))
    finally:
        event.remove(Column, "before_parent_attach", before)
        event.remove(Column, "after_parent_attach", after)
    assert seen == ["before x", "after x to t"]
    Table("u", MetaData(), Column("x", DateTime))
    assert len(seen) == 2


def test_server_default_objects() -> None:
    clause = DefaultClause("5")
    column: Column[Any] = Column("x", Integer, clause)
    assert column.server_default is clause
    assert clause.column is column
    assert column.server_default.has_argument
    assert not FetchedValue().has_argument


@pytest.mark.feature("C001", "C022")
def test_metadata_quotes_its_schema_or_not() -> None:
    written = []
    for quote in (None, True, False):
        metadata = MetaData(schema="App", quote_schema=quote, info={"owner": "us"})
        table = Table("t", metadata, Column("a", Integer))
        written.append(str(CreateTable(table)).split("(")[0].strip())
        assert metadata.info == {"owner": "us"}
        assert table.schema == metadata.schema == "App"
    assert written == ['CREATE TABLE "App".t', 'CREATE TABLE "App".t', "CREATE TABLE App.t"]
    lower = Table("t", MetaData(schema="app", quote_schema=True), Column("a", Integer))
    assert str(CreateTable(lower)).startswith('\nCREATE TABLE "app".t')


@pytest.mark.feature("C013")
def test_an_index_has_info_and_a_name_that_is_quoted_or_not() -> None:
    table = Table("t", MetaData(), Column("a", Integer))
    plain = Index("By A", table.c.a, quote=False, info={"why": "speed"})
    quoted = Index("by_a", "a", quote=True)
    table.append_constraint(quoted)
    assert plain.info == {"why": "speed"}
    assert str(CreateIndex(plain)) == "CREATE INDEX By A ON t (a)"
    assert str(CreateIndex(quoted)) == 'CREATE INDEX "by_a" ON t (a)'
    copy = table.to_metadata(MetaData())
    assert {index.name: dict(index.info) for index in copy.indexes} == {"By A": {"why": "speed"}, "by_a": {}}
    assert {str(CreateIndex(index)).split()[2] for index in copy.indexes} == {"By", '"by_a"'}
