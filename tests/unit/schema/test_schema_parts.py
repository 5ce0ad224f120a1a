"""Parts of the schema layer, each on its own."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from relvar import (
    CheckConstraint,
    Column,
    Computed,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    exc,
    func,
    insert_sentinel,
    select,
    text,
)
from relvar.dialects import mssql, mysql, postgresql
from relvar.dialects.postgresql.array import parse_array
from relvar.dialects.postgresql.hstore import _parse, _serialize
from relvar.schema import (
    DDL,
    AddConstraint,
    CheckFirst,
    ColumnDefault,
    CreateIndex,
    CreateTable,
    CreateTableAs,
    CreateView,
    DefaultClause,
    DropConstraint,
    DropTable,
    ExecutableDDLElement,
    FetchedValue,
    ForeignKeyTarget,
    sort_tables,
    sort_tables_and_constraints,
)
from relvar.schema.defaults import accept_context

# -- options of dialects --------------------------------------------------------------


def test_dialect_options() -> None:
    table = Table("t", MetaData(), Column("a", Integer), mysql_engine="InnoDB", postgresql_with={"a": 1})
    assert dict(table.kwargs) == {"mysql_engine": "InnoDB", "postgresql_with": {"a": 1}}
    assert len(table.dialect_kwargs) == 2
    assert repr(table.dialect_kwargs) == repr(dict(table.dialect_kwargs))
    assert table.dialect_options["postgresql"]["on_commit"] is None
    assert "on_commit" in set(table.dialect_options["postgresql"])
    table.dialect_kwargs["mysql_charset"] = "utf8"
    assert table.dialect_options["mysql"]["charset"] == "utf8"
    del table.dialect_kwargs["mysql_charset"]
    assert "mysql_charset" not in table.dialect_kwargs
    with pytest.raises(KeyError):
        table.dialect_kwargs["nosuchdialect_x"]
    with pytest.raises(exc.ArgumentError, match="<dialectname>_<argname>"):
        table.dialect_kwargs["nounderscore"] = 1


def test_option_of_one_dialect_for_another() -> None:
    index = Index("i", Table("t", MetaData(), Column("a", Integer)).c.a, mysql_using="hash")
    mysql_dialect, postgresql_dialect = mysql.dialect(), postgresql.dialect()
    assert index.get_dialect_option(mysql_dialect, "using") == "hash"
    assert not index.get_dialect_option(postgresql_dialect, "using")
    assert index.get_dialect_option(postgresql_dialect, "nothing", else_=5) == 5


def test_argument_for() -> None:
    Index.argument_for("mysql", "shape", "round")
    index = Index("i", "a")
    assert index.dialect_options["mysql"]["shape"] == "round"
    assert Index("i", "a", mysql_shape="square").dialect_options["mysql"]["shape"] == "square"


def test_unknown_dialect() -> None:
    with pytest.warns(exc.SAWarning, match="can't locate any SQLAlchemy dialect named 'nosuch'"):
        table = Table("t", MetaData(), nosuch_option=5)
    assert table.dialect_options["nosuch"]["option"] == 5


# -- defaults --------------------------------------------------------------------------


class Callable_:
    def __call__(self, context: Any) -> Any:
        return context


def test_functions_as_defaults() -> None:
    assert accept_context(lambda: 5)("context") == 5
    assert accept_context(lambda context: context)("context") == "context"
    assert accept_context(lambda value=9: value)("context") == 9
    assert accept_context(lambda *args: args)("context") == ()
    assert accept_context(dict)("context") == {}
    assert accept_context(dt.datetime.now)("context").year > 2000
    assert accept_context(uuid.uuid4)("context").version == 4
    assert accept_context(Callable_())("context") == "context"
    with pytest.raises(exc.ArgumentError, match="zero or one positional"):
        accept_context(lambda a, b: None)


def test_kinds_of_defaults() -> None:
    scalar, function, sql = ColumnDefault(5), ColumnDefault(lambda: 5), ColumnDefault(func.now())
    assert (scalar.is_scalar, function.is_callable, sql.is_clause_element) == (True, True, True)
    assert repr(scalar) == "ScalarElementColumnDefault(5)"
    assert "now" in str(sql.arg)
    assert repr(DefaultClause("x")) == "DefaultClause('x', for_update=False)"
    assert repr(FetchedValue()) == "FetchedValue()"
    for default in (scalar, function, sql):
        copy = default._copy()
        assert type(copy) is type(default)
        assert copy is not default
    clause = DefaultClause("x")
    assert clause._as_for_update(False) is clause
    assert clause._as_for_update(True).for_update
    column: Column[Any] = Column("x", Integer, default=5)
    assert column._default_description_tuple == (True, False, False, False)
    assert column._onupdate_description_tuple == (False, False, False, False)


def test_identity_and_computed() -> None:
    identity = Identity(always=True, start=5, cycle=True)
    with pytest.warns(exc.SADeprecationWarning, match="copy"):
        assert identity.copy().start == 5
    copy = identity._copy()
    assert (copy.always, copy.start, copy.cycle, copy.increment) == (True, 5, True, None)
    assert copy._as_dict() == {"always": True, "start": 5, "cycle": True}
    assert repr(identity) == "Identity(always=True, start=5, cycle=True)"
    table = Table(
        "t", MetaData(), Column("a", Integer), Column("b", Integer, Computed("a + 1", persisted=True))
    )
    again = table.to_metadata(MetaData())
    assert again.c.b.computed.persisted
    assert again.c.b.computed is not table.c.b.computed
    assert table.c.b.computed._copy().persisted
    with pytest.deprecated_call(match="oracle_order"):
        assert Identity(order=True).order is True
    with pytest.deprecated_call(match="oracle_on_null"):
        assert Identity(on_null=True).on_null is True


def test_sequence() -> None:
    sequence = Sequence("s", start=5, increment=2, schema="x", data_type=Integer, optional=True)
    assert (sequence._key, sequence.schema, sequence.start) == ("x.s", "x", 5)
    assert repr(sequence).startswith("Sequence('s', start=5, increment=2")
    copy = sequence._copy()
    assert (copy.start, copy.optional, copy.schema) == (5, True, "x")
    assert str(select(sequence.next_value()).compile(dialect=postgresql.dialect())).startswith(
        "SELECT nextval('x.s')"
    )
    with pytest.raises(exc.ArgumentError, match="Column expression, FROM clause, or other columns clause"):
        select(sequence)


# -- merging of columns -------------------------------------------------------------------


def test_merge_fills_in_what_is_not_said() -> None:
    source: Column[Any] = Column(
        String(5),
        ForeignKey("other.id"),
        CheckConstraint("x > 1"),
        primary_key=True,
        autoincrement=False,
        nullable=False,
        default=5,
        onupdate=6,
        server_default="7",
        server_onupdate=FetchedValue(),
        unique=True,
        index=True,
        doc="d",
        comment="c",
        info={"a": 1},
        system=True,
    )
    target: Column[Any] = Column("x", key="x")
    source._merge(target)
    assert isinstance(target.type, String)
    assert (target.primary_key, target.autoincrement, target.nullable, target.system) == (
        True,
        False,
        False,
        True,
    )
    assert (target.default.arg, target.onupdate.arg, target.server_default.arg) == (5, 6, "7")
    assert target.server_onupdate is not None
    assert (target.unique, target.index, target.doc, target.comment, target.info) == (
        True,
        True,
        "d",
        "c",
        {"a": 1},
    )
    assert len(target.foreign_keys) == len(target.constraints) == 1


def test_merge_keeps_what_is_said() -> None:
    source: Column[Any] = Column(Enum("a", name="e"), default=5, server_default="6", nullable=False)
    target: Column[Any] = Column("x", Integer, default=1, server_default="2", nullable=True)
    source._merge(target)
    assert isinstance(target.type, Integer)
    assert (target.default.arg, target.server_default.arg, target.nullable) == (1, "2", True)
    left: Column[Any] = Column("y")
    source._merge(left, omit_defaults=True)
    assert left.default is None
    generated: Column[Any] = Column(Integer, Computed("a"))
    generated._merge(taken := Column("z"))
    assert taken.computed is not None
    numbered: Column[Any] = Column(Integer, Identity(start=4))
    numbered._merge(taken := Column("z"))
    assert taken.identity.start == 4


# -- foreign keys --------------------------------------------------------------------------


def test_tokens_of_a_target() -> None:
    assert ForeignKeyTarget._from_string("a") == ForeignKeyTarget(None, "a", None)
    assert ForeignKeyTarget._from_string("a.b") == ForeignKeyTarget(None, "a", "b")
    assert ForeignKeyTarget._from_string("x.y.a.b") == ForeignKeyTarget("x.y", "a", "b")
    key = ForeignKey("x.a.b", name="n", ondelete="CASCADE")
    copy = key._copy(schema="z")
    assert (copy.target_fullname, copy.name, copy.ondelete) == ("z.a.b", "n", "CASCADE")
    assert repr(key) == "ForeignKey('x.a.b')"
    with pytest.raises(exc.InvalidRequestError, match="does not yet have a parent Column"):
        key.column


def test_a_table_as_target_means_the_column_of_the_same_name() -> None:
    metadata = MetaData()
    parent = Table("parent", metadata, Column("id", Integer, primary_key=True))
    child = Table("child", metadata, Column("id", Integer, ForeignKey("parent"), primary_key=True))
    (key,) = child.foreign_keys
    assert key.column is parent.c.id


def test_a_foreign_key_has_one_column() -> None:
    key = ForeignKey("a.b")
    Column("x", Integer, key)
    with pytest.raises(exc.InvalidRequestError, match="already has a parent"):
        Column("y", Integer, key)


def test_removed_tables_are_not_waited_for() -> None:
    metadata = MetaData()
    child = Table("child", metadata, Column("x", ForeignKey("parent.id")))
    metadata.remove(child)
    Table("parent", metadata, Column("id", Integer, primary_key=True))
    assert all(not waiting for waiting in metadata._fk_memos.values())


# -- order --------------------------------------------------------------------------------------


def test_keys_to_leave_out_of_the_order() -> None:
    metadata = MetaData()
    a = Table("a", metadata, Column("id", ForeignKey("b.id"), primary_key=True))
    b = Table("b", metadata, Column("id", ForeignKey("a.id"), primary_key=True))
    assert sort_tables([a, b], skip_fn=lambda key: key.parent.table is a) == [a, b]
    assert sort_tables([a, b], skip_fn=lambda key: key.parent.table is b) == [b, a]
    (_, _, (none, late)) = sort_tables_and_constraints([a, b], filter_fn=lambda fkc: fkc.table is a or None)
    assert none is None
    assert [fkc.table for fkc in late] == [a]
    with pytest.raises(exc.CircularDependencyError):
        sort_tables_and_constraints([a, b], extra_dependencies=[(a, b), (b, a)])


# -- sentinels -------------------------------------------------------------------------------------


def test_sentinel_columns() -> None:
    def kind(*columns: Any) -> tuple[Any, str]:
        found = Table("t", MetaData(), *columns)._sentinel_column_characteristics
        names = None if found.columns is None else [c.name for c in found.columns]
        return names, found.default_characterization.value

    number = Column("n", Integer)
    assert kind(number) == (None, "unknown")
    assert kind(Column("id", Integer, primary_key=True)) == (["id"], "none")
    assert kind(Column("id", String, primary_key=True, default=lambda: "x")) == (["id"], "clientside")
    assert kind(Column("id", String, primary_key=True, server_default="x")) == (None, "unknown")
    assert kind(Column("id", Integer, Identity(), primary_key=True)) == (["id"], "identity")
    assert kind(Column("id", Integer, Sequence("s"), primary_key=True)) == (["id"], "sequence")
    assert kind(Column("id", String, primary_key=True, default=func.x())) == (None, "unknown")
    assert kind(Column("id", String, primary_key=True), insert_sentinel("s")) == (["s"], "sentinel_default")
    assert kind(
        Column("id", String, primary_key=True),
        Column("u", String, default=lambda: "x", insert_sentinel=True),
    ) == (["u"], "clientside")
    with pytest.raises(exc.InvalidRequestError, match="can't be a sentinel column because it uses"):
        kind(Column("u", String, server_default="x", insert_sentinel=True))
    with pytest.raises(exc.InvalidRequestError, match="at least needs to be marked nullable=False"):
        kind(Column("u", String, insert_sentinel=True))
    with pytest.raises(exc.ArgumentError, match="only one explicit sentinel column"):
        kind(insert_sentinel("a"), insert_sentinel("b"))
    # a constant tells no rows apart, a function whose values only grow does
    assert kind(Column("id", String, primary_key=True, default="x")) == (None, "unknown")
    growing = func.uuidv7(monotonic=True)
    assert kind(Column("id", String, primary_key=True, server_default=growing)) == (["id"], "clientside")


# -- DDL elements ------------------------------------------------------------------------------------


def test_checkfirst_flags() -> None:
    assert CheckFirst._from_argument(True) is CheckFirst.ALL
    assert CheckFirst._from_argument(False) is CheckFirst.NONE
    assert CheckFirst.TABLES in CheckFirst.ALL
    assert CheckFirst._from_argument(CheckFirst.TYPES) is CheckFirst.TYPES


def test_ddl_elements_are_copied_not_changed() -> None:
    ddl = DDL("x")
    table = Table("t", MetaData(), Column("a", Integer))
    assert ddl.against(table).target is table
    assert ddl.target is None
    conditional = ddl.execute_if(dialect=("sqlite", "mysql"))
    assert ddl._should_execute(None, None)
    assert not conditional._should_execute(table, _Bind("postgresql"))
    assert conditional._should_execute(table, _Bind("sqlite"))
    assert isinstance(conditional, ExecutableDDLElement)
    assert "'x'" in repr(ddl)
    assert str(CreateTable(table)).split()[:3] == ["CREATE", "TABLE", "t"]
    with pytest.raises(exc.ArgumentError, match="Expected a string or unicode SQL statement"):
        DDL(5)  # type: ignore[arg-type]


class _Bind:
    def __init__(self, name: str) -> None:
        self.dialect = type("Dialect", (), {"name": name})


def test_isolated_constraints_leave_create_table() -> None:
    table = Table("t", MetaData(), Column("a", Integer), UniqueConstraint("a", name="u"))
    unique = next(c for c in table.constraints if isinstance(c, UniqueConstraint))
    assert "CONSTRAINT u" in str(CreateTable(table))
    AddConstraint(unique, isolate_from_table=False)
    DropConstraint(unique)
    assert "CONSTRAINT u" in str(CreateTable(table))
    AddConstraint(unique)
    assert "CONSTRAINT u" not in str(CreateTable(table))


def test_views_move_along() -> None:
    metadata = MetaData()
    table = Table("t", metadata, Column("a", Integer))
    view = CreateView(select(table.c.a), "v", metadata=metadata, or_replace=True)
    copied = CreateTableAs(select(table.c.a), "c", metadata=metadata)
    other = MetaData()
    table.to_metadata(other, schema="s")
    moved = view.table.to_metadata(other)
    assert moved.is_view
    assert view.view_name == "v"
    assert str(moved._creator_ddl).startswith("CREATE OR REPLACE VIEW v AS SELECT")
    assert str(moved._dropper_ddl).split() == ["DROP", "VIEW", "v"]
    assert not copied.table.is_view
    assert str(copied.table.to_metadata(other)._dropper_ddl).split() == ["DROP", "TABLE", "c"]
    assert str(DropTable(copied.table).to_metadata(other, moved)).split() == ["DROP", "TABLE", "v"]
    with pytest.raises(exc.ArgumentError, match="SELECT statement or equivalent"):
        CreateView("SELECT 1", "v")  # type: ignore[arg-type]


def test_names_that_are_missing() -> None:
    with pytest.raises(exc.CompileError, match="not associated with any table"):
        str(CreateIndex(Index("i", "a")))
    table = Table("t", MetaData(naming_convention={"pk": "y"}), Column("a", Integer))
    with pytest.raises(exc.CompileError, match="requires that the index have a name"):
        str(CreateIndex(Index(None, table.c.a)))
    unique = UniqueConstraint(table.c.a)
    with pytest.raises(exc.CompileError, match="it has no name"):
        str(DropConstraint(unique))
    with pytest.raises(
        exc.CompileError, match=r"\(in table 't2', column 'a'\): Can't generate DDL for NullType"
    ):
        CreateTable(Table("t2", MetaData(), Column("a"))).compile(dialect=postgresql.dialect())


# -- types and their text ------------------------------------------------------------------------------


def test_text_of_arrays() -> None:
    assert parse_array("{}") == []
    assert parse_array('{a,NULL,"NULL","b, c","q\\"uo\\\\te"}') == ["a", None, "NULL", "b, c", 'q"uo\\te']
    assert parse_array("{{a,b},{c,d}}") == [["a", "b"], ["c", "d"]]


def test_text_of_hstore() -> None:
    value = {"a": "1", "b": None, 'q"': "x\\y", "c": "d=>e"}
    assert _parse(_serialize(value)) == value
    assert _parse("") == {}
    with pytest.raises(ValueError, match="in value position is not a string"):
        _serialize({"a": 5})


def test_exclude_constraint() -> None:
    table = Table("t", MetaData(), Column("a", Integer), Column("b", Integer))
    table.append_constraint(
        postgresql.ExcludeConstraint((table.c.a, "="), ("b", "&&"), name="ex", where=table.c.a > 5)
    )
    expected = "CONSTRAINT ex EXCLUDE USING gist (a WITH =, b WITH &&) WHERE (t.a > 5)"
    for made in (table, table.to_metadata(MetaData())):
        assert expected in str(CreateTable(made).compile(dialect=postgresql.dialect()))


def test_values_of_sql_server() -> None:
    dialect = mssql.dialect()

    def both(type_: Any) -> tuple[Any, Any]:
        impl = type_.dialect_impl(dialect)
        return impl.bind_processor(dialect), impl.result_processor(dialect, None)

    to_db, from_db = both(mssql.DATE())
    assert to_db(dt.date(2021, 3, 15)) == dt.datetime(2021, 3, 15)
    assert from_db(dt.datetime(2021, 3, 15, 5)) == from_db("2021-03-15") == dt.date(2021, 3, 15)
    to_db, from_db = both(mssql.TIME(3))
    assert to_db(dt.time(5)) == "05:00:00"
    assert from_db(dt.datetime(1900, 1, 1, 5)) == from_db("05:00:00") == dt.time(5)
    assert mssql.TIMESTAMP(convert_int=True).result_processor(dialect, None)(b"\x00\x05") == 5
    with pytest.raises(ValueError, match="length must be None or 'max'"):
        mssql.VARBINARY(5, filestream=True)
    assert repr(mssql.DATETIME2(3)) == "DATETIME2(precision=3)"
    with pytest.deprecated_call(match="mssql_identity_start"):
        table = Table("t", MetaData(), Column("a", Integer, primary_key=True, mssql_identity_start=5))
        assert "IDENTITY(5,1)" in str(CreateTable(table).compile(dialect=dialect))


def test_options_of_mysql_for_mariadb() -> None:
    dialect = mysql.mariadb.MariaDBDialect() if hasattr(mysql, "mariadb") else _mariadb()
    index = Index("i", Table("t", MetaData(), Column("a", Integer)).c.a, mysql_using="hash")
    with pytest.deprecated_call(match="please additionally specify 'mariadb_using'"):
        assert str(CreateIndex(index).compile(dialect=dialect)) == "CREATE INDEX i ON t (a) USING hash"


def _mariadb() -> Any:
    from relvar.dialects.mysql.mariadb import MariaDBDialect

    return MariaDBDialect()


def test_text_for_checks_and_computed_columns() -> None:
    assert str(CheckConstraint("a > 5").sqltext) == "a > 5"
    assert repr(CheckConstraint(text("a > 5"), name="c")) == "CheckConstraint('a > 5', name='c')"
    with pytest.raises(exc.ArgumentError, match="SQL expression element for DDL constraint expected"):
        CheckConstraint(5)
    with pytest.raises(exc.ArgumentError, match="String column name or column expression"):
        UniqueConstraint(5)
