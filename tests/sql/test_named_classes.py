"""What the rows of features.tsv name besides functions: classes, and what a SELECT tells of itself."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable
from typing import Any

import pytest

import relvar
from relvar import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Time,
    Uuid,
    cast,
    column,
    exists,
    func,
    insert,
    join,
    label,
    lateral,
    literal,
    literal_column,
    over,
    quoted_name,
    select,
    table,
    tablesample,
    text,
    tuple_,
    types,
    union,
    values,
)
from relvar import sql as sql_package
from relvar.engine import default
from relvar.sql import compiler, expression

metadata = MetaData()
users = Table("users", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
notes = Table(
    "notes", metadata, Column("id", Integer, primary_key=True), Column("user_id", ForeignKey("users.id"))
)

MADE: dict[str, tuple[str, Callable[[], Any]]] = {
    "Select": ("D001", lambda: select(users)),
    "Join": ("D003", lambda: join(users, notes)),
    "Alias": ("D009", lambda: users.alias()),
    "Subquery": ("D009", lambda: select(users).subquery()),
    "ScalarSelect": ("D009", lambda: select(users.c.id).scalar_subquery()),
    "Exists": ("D011", lambda: exists(users.c.id)),
    "CTE": ("D012", lambda: select(users).cte()),
    "HasCTE": ("D012", lambda: insert(users)),
    "Lateral": ("D013", lambda: lateral(select(users))),
    "CompoundSelect": ("D014", lambda: union(select(users.c.id), select(notes.c.id))),
    "Values": ("D015", lambda: values(column("a", Integer)).data([(1,)])),
    "TableSample": ("D016", lambda: tablesample(users, 5)),
    "TableValuedAlias": ("D017", lambda: func.f().table_valued("a")),
    "TableClause": ("D018", lambda: table("t", column("a"))),
    "ColumnClause": ("D018", lambda: column("a")),
    "TextClause": ("D024", lambda: text("a")),
    "TextualSelect": ("D024", lambda: text("a").columns(users.c.id)),
    "Label": ("D049", lambda: label("a", users.c.id)),
    "Tuple": ("D051", lambda: tuple_(users.c.id, 1)),
    "Function": ("D058", lambda: func.f()),
    "Over": ("D060", lambda: over(func.f())),
    "FunctionFilter": ("D061", lambda: func.f().filter(users.c.id > 1)),
    "WithinGroup": ("D062", lambda: func.f().within_group(users.c.id)),
    "Cast": ("D046", lambda: cast(users.c.id, String)),
    "BindParameter": ("D048", lambda: literal(1)),
    "ColumnElement": ("D092", lambda: literal_column("1")),
}


@pytest.mark.parametrize(
    ("name", "make"),
    [pytest.param(name, make, marks=pytest.mark.feature(row)) for name, (row, make) in MADE.items()],
)
def test_class(name: str, make: Any) -> None:
    """The class is there by its name, and is what the function makes."""
    cls = getattr(expression, name)
    assert isinstance(make(), cls)
    assert cls.__name__ == name
    for module in (relvar, sql_package):
        assert getattr(module, name, cls) is cls


@pytest.mark.feature("D001")
def test_what_a_select_tells() -> None:
    statement = select(users.c.id, notes.c.user_id.label("of")).where(users.c.id == notes.c.user_id)
    assert statement.columns_clause_froms == [users, notes]
    assert statement.get_final_froms() == [users, notes]
    assert statement.selected_columns.keys() == ["id", "of"]
    assert statement.exported_columns.keys() == ["id", "of"]
    assert list(statement.inner_columns)[0] is users.c.id
    described = [(entry["name"], entry["expr"]) for entry in statement.column_descriptions]
    assert [name for name, _ in described] == ["id", "of"] and described[0][1] is users.c.id
    joined = select(users).join(notes)
    (final,) = joined.get_final_froms()
    assert isinstance(final, expression.Join) and joined.columns_clause_froms == [users]
    both = select(users, notes).join(notes, users.c.id == notes.c.user_id)
    assert both.selected_columns.keys() == ["id", "name", "id_1", "user_id"]
    equal = select(users, notes).where(users.c.id == notes.c.id)
    assert equal.reduce_columns().selected_columns.keys() == ["id", "name", "user_id"]
    narrowed = (
        select(users).where(notes.c.id == 1).with_only_columns(func.count(), maintain_column_froms=True)
    )
    assert set(narrowed.get_final_froms()) == {users, notes}
    assert select(users.c.id).with_only_columns(notes.c.id).get_final_froms() == [notes]


@pytest.mark.feature("D020")
def test_label_styles() -> None:
    style = relvar.SelectLabelStyle
    assert relvar.LABEL_STYLE_NONE is style.LABEL_STYLE_NONE
    assert relvar.LABEL_STYLE_DISAMBIGUATE_ONLY is style.LABEL_STYLE_DISAMBIGUATE_ONLY
    assert relvar.LABEL_STYLE_DEFAULT is style.LABEL_STYLE_DISAMBIGUATE_ONLY
    assert relvar.LABEL_STYLE_TABLENAME_PLUS_COL is style.LABEL_STYLE_TABLENAME_PLUS_COL
    assert select(users).get_label_style() is style.LABEL_STYLE_DEFAULT
    both = select(users.c.id, notes.c.id)
    names = {
        one: both.set_label_style(one).subquery().c.keys()
        for one in (style.LABEL_STYLE_NONE, style.LABEL_STYLE_DEFAULT, style.LABEL_STYLE_TABLENAME_PLUS_COL)
    }
    assert list(names.values()) == [["id", "id_1"], ["id", "id_1"], ["users_id", "notes_id"]]


@pytest.mark.feature("D026")
def test_columns_may_have_the_names_of_methods() -> None:
    names = ["add", "update", "clear", "extend", "x"]
    odd = Table("odd", MetaData(), *[Column(name, Integer) for name in names])
    assert [getattr(odd.c, name) for name in names] == list(odd.c)
    assert list(odd.c["add", "x"]) == [odd.c.add, odd.c.x]
    assert odd.c.keys() == names and dict(odd.c.items())["x"] is odd.c.x
    assert odd.c.contains_column(odd.c.update) and not odd.c.contains_column(users.c.id)
    assert str(select(odd.c["update", "x"])) == "SELECT odd.update, odd.x \nFROM odd"


@pytest.mark.feature("D056")
def test_quoted_names() -> None:
    assert str(select(column(quoted_name("plain", True)))) == 'SELECT "plain"'
    assert str(select(column(quoted_name("Upper", False)))) == "SELECT Upper"
    assert quoted_name("a", None).quote is None and quoted_name(quoted_name("a", True), True).quote is True


@pytest.mark.feature("D084")
def test_types_of_values() -> None:
    found = [
        (5, Integer),
        ("a", String),
        (True, Boolean),
        (1.5, types.Double),
        (decimal.Decimal("1.5"), Numeric),
        (b"a", LargeBinary),
        (datetime.date(2020, 1, 2), Date),
        (datetime.datetime(2020, 1, 2), DateTime),
        (datetime.time(1), Time),
        (datetime.timedelta(1), Interval),
        (uuid.UUID(int=1), Uuid),
        (None, types.NullType),
    ]
    for value, expected in found:
        assert type(literal(value).type) is expected
    assert JSON().python_type is object and Integer().python_type is int and Uuid().python_type is uuid.UUID


@pytest.mark.feature("D090")
def test_classes_that_dialects_extend() -> None:
    """Each is found where dialects import it from, and a subclass of each does the work."""
    dialect = default.DefaultDialect()
    assert issubclass(dialect.statement_compiler, compiler.SQLCompiler)
    assert issubclass(dialect.ddl_compiler, compiler.DDLCompiler)
    assert issubclass(dialect.type_compiler_cls, compiler.GenericTypeCompiler)
    assert isinstance(dialect.identifier_preparer, compiler.IdentifierPreparer)
    assert issubclass(dialect.execution_ctx_cls, default.DefaultExecutionContext)
    # what is printed without a dialect
    shown = column("a", JSON)["b"].compile()
    assert isinstance(shown, compiler.StrSQLCompiler)
    assert str(shown) == "a[:a_1]"
