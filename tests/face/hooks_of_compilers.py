"""
What reaches each hook of a compiler: section -> hook -> something to compile.

A hook that is overridden returns `mark(hook)`; it must stand in the text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    ARRAY,
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    literal,
    select,
    text,
    try_cast,
    types,
    update,
)
from relvar.schema import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    CreateTableAs,
    CreateView,
    DropColumnComment,
    DropConstraint,
    DropTable,
    DropTableComment,
    DropView,
    ExecutableDDLElement,
    SetTableComment,
)
from relvar.sql.elements import ReleaseSavepointClause, RollbackToSavepointClause, SavepointClause
from relvar.sql.expression import ClauseElement, ColumnElement, Executable
from relvar.sql.functions import Function
from relvar.types import UserDefinedType

m = MetaData()
t = Table(
    "t",
    m,
    Column("id", Integer, primary_key=True),
    Column("x", Integer),
    Column("s", String(20)),
    Column("b", Boolean),
    Column("j", JSON),
    Column("n", ARRAY(Integer)),
    comment="told",
)
u = Table("u", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")))
c = t.c

Given = Callable[[], Any]


def mark(hook: str) -> str:
    """What an overridden hook returns."""
    return f"<<{hook}>>"


def element(visit_name: str) -> Given:
    """An element of another program, which its compiler knows by name."""
    return lambda: type("Theirs", (ColumnElement,), {"__visit_name__": visit_name, "inherit_cache": True})()


def statement(visit_name: str) -> Given:
    """A statement of another program."""
    return lambda: type(
        "Theirs", (Executable, ClauseElement), {"__visit_name__": visit_name, "inherit_cache": False}
    )()


def ddl(visit_name: str) -> Given:
    """DDL of another program."""
    return lambda: type("Theirs", (ExecutableDDLElement,), {"__visit_name__": visit_name})()


def of_type(visit_name: str) -> Given:
    """A type of another program."""
    return lambda: type("Theirs", (UserDefinedType,), {"__visit_name__": visit_name, "cache_ok": True})()


SQL: dict[str, Given] = {
    # clauses of a SELECT
    "limit_clause": lambda: select(c.id).limit(3),
    "for_update_clause": lambda: select(c.id).with_for_update(),
    "get_select_precolumns": lambda: select(c.id),
    "group_by_clause": lambda: select(c.x).group_by(c.x),
    "default_from": lambda: select(literal(1)),
    "_compose_select_body": lambda: select(c.id),
    "format_from_hint_text": lambda: select(c.id).with_hint(t, "idx"),
    "get_statement_hint_text": lambda: select(c.id).with_statement_hint("idx"),
    "get_cte_preamble": lambda: select(select(c.id).cte("q")),
    "visit_select": lambda: select(c.id),
    "visit_join": lambda: select(c.id).join(u),
    "visit_table": lambda: select(c.id),
    "visit_column": lambda: select(c.id),
    "visit_label": lambda: select(c.x.label("q")),
    "visit_table_valued_alias": lambda: select(func.f(1).table_valued("a").c.a),
    # changing data
    "visit_insert": lambda: insert(t).values(x=1),
    "visit_update": lambda: update(t).values(x=1),
    "visit_delete": lambda: delete(t),
    "update_from_clause": lambda: update(t).values(x=1).where(c.id == u.c.t_id),
    "delete_extra_from_clause": lambda: delete(t).where(c.id == u.c.t_id),
    # expressions
    "visit_bindparam": lambda: select(c.id).where(c.x == 5),
    "visit_case": lambda: case((c.x == 1, "a")),
    "visit_cast": lambda: cast(c.x, String(5)),
    "visit_try_cast": lambda: try_cast(c.x, String(5)),
    "visit_collation": lambda: c.s.collate("C"),
    "visit_extract": lambda: extract("year", c.x),
    "visit_function": lambda: func.f(c.x),
    "visit_sequence": lambda: Sequence("q").next_value(),
    "visit_unary": lambda: -c.x,
    "visit_is_true_unary_operator": lambda: select(c.id).where(c.b),
    "visit_is_false_unary_operator": lambda: ~c.b,
    "post_process_text": lambda: text("a"),
    "visit_now_func": lambda: func.now(),
    "visit_sysdate_func": lambda: func.sysdate(),
    "visit_count_func": lambda: func.count(c.x),
    "visit_if__func": lambda: Function("if_", c.x, 1),
    # operators
    "visit_mod_binary": lambda: c.x % 5,
    "visit_truediv_binary": lambda: c.x / 5,
    "visit_floordiv_binary": lambda: c.x // 5,
    "visit_getitem_binary": lambda: c.n[1],
    "visit_json_getitem_op_binary": lambda: c.j["a"],
    "visit_json_path_getitem_op_binary": lambda: c.j[("a", 1)],
    "visit_is_distinct_from_binary": lambda: c.x.is_distinct_from(5),
    "visit_is_not_distinct_from_binary": lambda: c.x.is_not_distinct_from(5),
    "visit_ilike_op_binary": lambda: c.s.ilike("a"),
    "visit_not_ilike_op_binary": lambda: c.s.not_ilike("a"),
    "visit_ilike_case_insensitive_operand": lambda: c.s.ilike("a"),
    "visit_regexp_match_op_binary": lambda: c.s.regexp_match("a"),
    "visit_not_regexp_match_op_binary": lambda: ~c.s.regexp_match("a"),
    "visit_regexp_replace_op_binary": lambda: c.s.regexp_replace("a", "b"),
    "visit_contains_op_binary": lambda: c.s.contains("a"),
    "visit_not_contains_op_binary": lambda: ~c.s.contains("a"),
    "visit_startswith_op_binary": lambda: c.s.startswith("a"),
    "visit_not_startswith_op_binary": lambda: ~c.s.startswith("a"),
    "visit_endswith_op_binary": lambda: c.s.endswith("a"),
    "visit_not_endswith_op_binary": lambda: ~c.s.endswith("a"),
    "visit_in_op_binary": lambda: c.x.in_([1, 2]),
    "visit_not_in_op_binary": lambda: c.x.not_in([1, 2]),
    # savepoints
    "visit_savepoint": lambda: SavepointClause("q"),
    "visit_release_savepoint": lambda: ReleaseSavepointClause("q"),
    "visit_rollback_to_savepoint": lambda: RollbackToSavepointClause("q"),
    # what other programs compile besides
    **{
        f"visit_{name}": element(name)
        for name in (
            "array_join",
            "left_array_join",
            "aws_bucket",
            "azure_container",
            "gcs_bucket",
            "external_stage",
            "copy_formatter",
            "lambda",
            "merge_into_clause",
        )
    },
    **{f"visit_{name}": statement(name) for name in ("copy_into", "merge_into", "upsert", "insert_multi")},
}

TYPES: dict[str, Given] = {
    "_render_string_type": lambda: String(5),
    "visit_boolean": Boolean,
    "visit_datetime": types.DateTime,
    "visit_date": types.Date,
    "visit_time": types.Time,
    "visit_string": lambda: String(5),
    "visit_unicode": lambda: types.Unicode(5),
    "visit_unicode_text": types.UnicodeText,
    "visit_numeric": Numeric,
    "visit_float": Float,
    "visit_integer": Integer,
    "visit_large_binary": LargeBinary,
    "visit_uuid": types.Uuid,
    "visit_enum": lambda: Enum("a", "b", name="e"),
    "visit_ARRAY": lambda: ARRAY(Integer),
    **{
        f"visit_{name}": (lambda name=name: getattr(types, name)())
        for name in (
            *("BIGINT", "BINARY", "BLOB", "BOOLEAN", "CHAR", "CLOB", "DATE", "DATETIME", "DECIMAL", "DOUBLE"),
            *("DOUBLE_PRECISION", "FLOAT", "INTEGER", "JSON", "NCHAR", "NUMERIC", "NVARCHAR", "SMALLINT"),
            *("TEXT", "TIME", "TIMESTAMP", "VARBINARY", "VARCHAR"),
        )
    },
    **{f"visit_{name}": of_type(name) for name in ("REAL", "TINYINT", "XML", "NCLOB", "NUMBER", "VECTOR")},
}


def _with(*parts: Any) -> Any:
    return CreateTable(Table("q", MetaData(), Column("a", Integer), *parts))


DDL: dict[str, Given] = {
    "get_column_specification": lambda: CreateTable(u),
    "post_create_table": lambda: CreateTable(u),
    "create_table_suffix": lambda: CreateTable(u),
    "create_table_constraints": lambda: CreateTable(u),
    "visit_create_table": lambda: CreateTable(u),
    "visit_create_column": lambda: CreateTable(u),
    "visit_drop_table": lambda: DropTable(t),
    "visit_create_index": lambda: CreateIndex(Index("i", c.x, _table=t)),
    "visit_create_view": lambda: CreateView(select(c.id), "v", metadata=MetaData()),
    "visit_create_table_as": lambda: CreateTableAs(select(c.id), "q", metadata=MetaData()),
    "visit_drop_view": lambda: DropView(CreateView(select(c.id), "v", metadata=MetaData()).table),
    "visit_add_constraint": lambda: AddConstraint(_unique()),
    "visit_drop_constraint": lambda: DropConstraint(_unique()),
    "define_constraint_cascades": lambda: CreateTable(u),
    "visit_foreign_key_constraint": lambda: CreateTable(u),
    "visit_primary_key_constraint": lambda: _with(PrimaryKeyConstraint("a", name="p")),
    "visit_unique_constraint": lambda: _with(UniqueConstraint("a", name="n")),
    "visit_check_constraint": lambda: _with(CheckConstraint("a > 1", name="n")),
    "visit_computed_column": lambda: _with(Column("z", Integer, Computed("a + 1"))),
    "visit_identity_column": lambda: _with(Column("z", Integer, Identity())),
    "get_identity_options": lambda: _with(Column("z", Integer, Identity(start=4))),
    "visit_set_table_comment": lambda: SetTableComment(t),
    "visit_drop_table_comment": lambda: DropTableComment(t),
    "visit_drop_column_comment": lambda: DropColumnComment(c.x),
    **{
        f"visit_{name}": ddl(name)
        for name in (
            "create_file_format",
            "create_materialized_view",
            "create_stage",
            "engine",
            "merge_tree",
            "view",
        )
    },
}


def _unique() -> Any:
    return UniqueConstraint(Table("q", MetaData(), Column("a", Integer)).c.a, name="n")
