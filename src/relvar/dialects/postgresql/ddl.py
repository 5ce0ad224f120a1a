"""
PostgreSQL's DDL and the spelling of its types.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler, split_collation
from relvar.expr.operators import SYMBOLS, collate
from relvar.schema.collection import ddl_expression
from relvar.util.warning import warn

__all__ = ["PGDDLCompiler", "PGTypeCompiler"]

# ON DELETE SET NULL (a, b), PostgreSQL 15
_ONDELETE = re.compile(
    r'^\w+(?:\s+\w+)*(?:\s*\(\s*(?:[\w$]+|"(?:[^"]|"")+")(?:\s*,\s*(?:[\w$]+|"(?:[^"]|"")+"))*\s*\))?$'
)


def _spelled(name: str) -> Callable[..., str]:
    """
    Return a rule for types that are their name and nothing else.
    """

    def visit(self: Any, type_: Any, **kw: Any) -> str:
        return name

    return visit


class PGTypeCompiler(GenericTypeCompiler):
    """
    Types as PostgreSQL spells them.
    """

    def visit_TSVECTOR(self, type_: Any, **kw: Any) -> str:
        return "TSVECTOR"

    def visit_TSQUERY(self, type_: Any, **kw: Any) -> str:
        return "TSQUERY"

    def visit_INET(self, type_: Any, **kw: Any) -> str:
        return "INET"

    def visit_CIDR(self, type_: Any, **kw: Any) -> str:
        return "CIDR"

    def visit_CITEXT(self, type_: Any, **kw: Any) -> str:
        return "CITEXT"

    def visit_MACADDR(self, type_: Any, **kw: Any) -> str:
        return "MACADDR"

    def visit_MACADDR8(self, type_: Any, **kw: Any) -> str:
        return "MACADDR8"

    def visit_MONEY(self, type_: Any, **kw: Any) -> str:
        return "MONEY"

    def visit_OID(self, type_: Any, **kw: Any) -> str:
        return "OID"

    def visit_REGCONFIG(self, type_: Any, **kw: Any) -> str:
        return "REGCONFIG"

    def visit_REGCLASS(self, type_: Any, **kw: Any) -> str:
        return "REGCLASS"

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return f"FLOAT({type_.precision})" if type_.precision else "FLOAT"

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_, **kw)

    def visit_BIGINT(self, type_: Any, **kw: Any) -> str:
        return "BIGINT"

    def visit_HSTORE(self, type_: Any, **kw: Any) -> str:
        return "HSTORE"

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        return "JSON"

    def visit_JSONB(self, type_: Any, **kw: Any) -> str:
        return "JSONB"

    def visit_JSONPATH(self, type_: Any, **kw: Any) -> str:
        return "JSONPATH"

    def visit_json_int_index(self, type_: Any, **kw: Any) -> str:
        return "INT"

    def visit_json_str_index(self, type_: Any, **kw: Any) -> str:
        return "TEXT"

    def visit_datetime(self, type_: Any, **kw: Any) -> str:
        return self.visit_TIMESTAMP(type_, **kw)

    def visit_enum(self, type_: Any, **kw: Any) -> str:
        if not type_.native_enum or not self.dialect.supports_native_enum:
            return super().visit_enum(type_, **kw)
        return self.visit_ENUM(type_, **kw)

    def visit_ENUM(self, type_: Any, identifier_preparer: Any = None, **kw: Any) -> str:
        return self._named(type_, identifier_preparer)

    def visit_DOMAIN(self, type_: Any, identifier_preparer: Any = None, **kw: Any) -> str:
        return self._named(type_, identifier_preparer)

    def _named(self, type_: Any, preparer: Any) -> str:
        preparer = preparer or self.dialect.identifier_preparer
        return preparer.format_type(type_)  # type: ignore[no-any-return]  # text

    def _with_time_zone(self, name: str, type_: Any) -> str:
        precision = getattr(type_, "precision", None)
        digits = "" if precision is None else f"({precision:d})"
        zone = "WITH" if type_.timezone else "WITHOUT"
        return f"{name}{digits} {zone} TIME ZONE"

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return self._with_time_zone("TIMESTAMP", type_)

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return self._with_time_zone("TIME", type_)

    def visit_INTERVAL(self, type_: Any, **kw: Any) -> str:
        text = "INTERVAL"
        if type_.fields is not None:
            text += f" {type_.fields}"
        if type_.precision is not None:
            text += f" ({type_.precision})"
        return text

    visit_INT4RANGE: Any = _spelled("INT4RANGE")
    visit_INT8RANGE: Any = _spelled("INT8RANGE")
    visit_NUMRANGE: Any = _spelled("NUMRANGE")
    visit_DATERANGE: Any = _spelled("DATERANGE")
    visit_TSRANGE: Any = _spelled("TSRANGE")
    visit_TSTZRANGE: Any = _spelled("TSTZRANGE")
    visit_INT4MULTIRANGE: Any = _spelled("INT4MULTIRANGE")
    visit_INT8MULTIRANGE: Any = _spelled("INT8MULTIRANGE")
    visit_NUMMULTIRANGE: Any = _spelled("NUMMULTIRANGE")
    visit_DATEMULTIRANGE: Any = _spelled("DATEMULTIRANGE")
    visit_TSMULTIRANGE: Any = _spelled("TSMULTIRANGE")
    visit_TSTZMULTIRANGE: Any = _spelled("TSTZMULTIRANGE")

    def visit_BIT(self, type_: Any, **kw: Any) -> str:
        if not type_.varying:
            return f"BIT({type_.length})"
        return "BIT VARYING" if type_.length is None else f"BIT VARYING({type_.length})"

    def visit_uuid(self, type_: Any, **kw: Any) -> str:
        if type_.native_uuid:
            return self.visit_UUID(type_, **kw)
        return super().visit_uuid(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_BYTEA(type_, **kw)

    def visit_BYTEA(self, type_: Any, **kw: Any) -> str:
        return "BYTEA"

    def visit_ARRAY(self, type_: Any, **kw: Any) -> str:
        inner = self.process(type_.item_type, **kw)
        brackets = "[]" * (type_.dimensions if type_.dimensions is not None else 1)
        # a collation comes after the brackets
        name, collation = split_collation(inner, type_.item_type, self.dialect)
        return f"{name}{brackets}{collation}"


class PGDDLCompiler(DDLCompiler):
    """
    DDL as PostgreSQL has it.
    """

    fk_ondelete_pattern = _ONDELETE

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        text: str = self.preparer.format_column(column)
        impl = column.type.dialect_impl(self.dialect)
        if isinstance(impl, sqltypes.TypeDecorator):
            impl = impl.impl_instance
        has_identity = column.identity is not None and self.dialect.supports_identity_columns
        if (
            column.primary_key
            and column is column.table._autoincrement_column
            and (self.dialect.supports_smallserial or not isinstance(impl, sqltypes.SmallInteger))
            and not has_identity
            and (column.default is None or (column.default.is_sequence and column.default.optional))
        ):
            if isinstance(impl, sqltypes.BigInteger):
                text += " BIGSERIAL"
            elif isinstance(impl, sqltypes.SmallInteger):
                text += " SMALLSERIAL"
            else:
                text += " SERIAL"
        else:
            text += " " + self.dialect.type_compiler_instance.process(
                column.type,
                type_expression=column,
                identifier_preparer=self.preparer,
            )
            default = self.get_column_default_string(column)
            if default is not None:
                text += f" DEFAULT {default}"
        if column.computed is not None:
            text += f" {self.process(column.computed)}"
        if has_identity:
            text += f" {self.process(column.identity)}"
        if not column.nullable and not has_identity:
            text += " NOT NULL"
        elif column.nullable and has_identity:
            text += " NULL"
        return text

    # -- constraints

    def _define_constraint_validity(self, constraint: Any) -> str:
        not_valid = constraint.dialect_options["postgresql"]["not_valid"]
        return " NOT VALID" if not_valid else ""

    def _include(self, item: Any) -> str:
        """
        Return ``INCLUDE (...)``: columns an index carries without indexing them.
        """
        included = item.dialect_options["postgresql"]["include"]
        if not included:
            return ""
        columns = [item.table.c[c] if isinstance(c, str) else c for c in included]
        return f" INCLUDE ({self._names(columns)})"

    def define_unique_constraint_distinct(self, constraint: Any, **kw: Any) -> str:
        nulls_not_distinct = constraint.dialect_options["postgresql"]["nulls_not_distinct"]
        if nulls_not_distinct is True:
            return "NULLS NOT DISTINCT "
        if nulls_not_distinct is False:
            return "NULLS DISTINCT "
        return ""

    def define_unique_body(self, constraint: Any, **kw: Any) -> str:
        return super().define_unique_body(constraint, **kw) + self._include(constraint)

    def define_primary_key_body(self, constraint: Any, **kw: Any) -> str:
        return super().define_primary_key_body(constraint, **kw) + self._include(constraint)

    def visit_foreign_key_constraint(self, constraint: Any, **kw: Any) -> str:
        text = super().visit_foreign_key_constraint(constraint, **kw)
        return text + self._define_constraint_validity(constraint)

    def visit_check_constraint(self, constraint: Any, **kw: Any) -> str:
        if constraint._type_bound:
            self._check_no_array_of_enum(constraint)
        text = super().visit_check_constraint(constraint, **kw)
        return text + self._define_constraint_validity(constraint)

    def define_check_body(self, constraint: Any, **kw: Any) -> str:
        no_inherit = constraint.dialect_options["postgresql"]["no_inherit"]
        return super().define_check_body(constraint, **kw) + (" NO INHERIT" if no_inherit else "")

    def _check_no_array_of_enum(self, constraint: Any) -> None:
        """
        Refuse the CHECK of an emulated ENUM inside an array.

        Raises:
            CompileError: there is one.
        """
        column = next(iter(constraint.columns), None)
        type_ = None if column is None else column.type
        if isinstance(type_, sqltypes.ARRAY) and isinstance(type_.item_type, sqltypes.Enum):
            if not type_.item_type.native_enum:
                raise exc.CompileError(
                    "PostgreSQL dialect cannot produce the CHECK constraint for ARRAY of "
                    "non-native ENUM; please specify create_constraint=False on this Enum "
                    "datatype."
                )

    def visit_exclude_constraint(self, constraint: Any, **kw: Any) -> str:
        text = self.define_constraint_preamble(constraint, **kw)
        elements = []
        for element, _, operator in constraint._render_exprs:
            elements.append(f"{self._index_element(element, constraint.ops)} WITH {operator}")
        using = self.preparer.validate_sql_phrase(constraint.using, _INDEX_METHOD).lower()
        text += f"EXCLUDE USING {using} ({', '.join(elements)})"
        if constraint.where is not None:
            text += f" WHERE ({self.sql_compiler.process(constraint.where, literal_binds=True)})"
        return text + self.define_constraint_deferrability(constraint)

    # -- types

    def visit_create_enum_type(self, create: Any, **kw: Any) -> str:
        type_ = create.element
        values = ", ".join(self._literal(value) for value in type_.enums)
        return f"CREATE TYPE {self.preparer.format_type(type_)} AS ENUM ({values})"

    def visit_drop_enum_type(self, drop: Any, **kw: Any) -> str:
        return f"DROP TYPE {self.preparer.format_type(drop.element)}"

    def visit_create_domain_type(self, create: Any, **kw: Any) -> str:
        domain = create.element
        options = []
        if domain.collation is not None:
            collation = self.preparer.format_collation(domain.collation, domain.collation_schema)
            options.append(f"COLLATE {collation}")
        if domain.default is not None:
            options.append(f"DEFAULT {self.render_default_string(domain.default)}")
        if domain.constraint_name is not None:
            name = self.preparer.truncate_and_render_constraint_name(domain.constraint_name)
            options.append(f"CONSTRAINT {name}")
        if domain.not_null:
            options.append("NOT NULL")
        if domain.check is not None:
            options.append(f"CHECK ({self._ddl_sql(domain.check)})")
        type_ = self.type_compiler.process(domain.data_type)
        name = self.preparer.format_type(domain)
        return f"CREATE DOMAIN {name} AS {type_} {' '.join(options)}"

    def visit_drop_domain_type(self, drop: Any, **kw: Any) -> str:
        return f"DROP DOMAIN {self.preparer.format_type(drop.element)}"

    # -- indexes

    def visit_create_index(
        self,
        create: Any,
        include_schema: bool = False,
        include_table_schema: bool = True,
        **kw: Any,
    ) -> str:
        index = create.element
        self._verify_index_table(index)
        if index.name is None:
            raise exc.CompileError("CREATE INDEX requires that the index have a name")
        options = index.dialect_options["postgresql"]
        text = "CREATE "
        if index.unique:
            text += "UNIQUE "
        text += "INDEX "
        if options["concurrently"] and self.dialect._supports_create_index_concurrently:
            text += "CONCURRENTLY "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        name = self._prepared_index_name(index, include_schema=False)
        text += f"{name} ON {self.preparer.format_table(index.table)} "
        if options["using"]:
            using = self.preparer.validate_sql_phrase(options["using"], _INDEX_METHOD).lower()
            text += f"USING {using} "
        elements = [self._index_element(expression, options["ops"]) for expression in index.expressions]
        text += f"({', '.join(elements)})"
        text += self._include(index)
        if options["nulls_not_distinct"] is True:
            text += " NULLS NOT DISTINCT"
        elif options["nulls_not_distinct"] is False:
            text += " NULLS DISTINCT"
        if options["with"]:
            pairs = ", ".join(f"{key} = {_option(value)}" for key, value in options["with"].items())
            text += f" WITH ({pairs})"
        if options["tablespace"]:
            text += f" TABLESPACE {self.preparer.quote(options['tablespace'])}"
        if options["where"] is not None:
            text += f" WHERE {self._ddl_sql(ddl_expression(options['where']))}"
        return text

    def _index_element(self, expression: Any, ops: Mapping[str, str]) -> str:
        """
        Return an index element; an operator expression goes in parentheses, what sorts it behind them.

        Args:
            ops: Operator classes by the key of a column or label; by the SQL of an element that is text.
        """
        modifier = getattr(expression, "modifier", None)
        if modifier is not None:
            inner = expression.element
            is_collated = getattr(inner, "operator", None) is collate
            element = self._ddl_sql(inner) if is_collated else self._index_element(inner, ops)
            return element + SYMBOLS[modifier]
        key = getattr(expression, "key", None)
        ops_class = ops.get(getattr(expression, "text", "") if key is None else key)
        if not getattr(expression, "_is_real_column", False):
            expression = expression.self_group()
        element = self._ddl_sql(expression)
        return f"{element} {ops_class}" if ops_class else element

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        index = drop.element
        text = "\nDROP INDEX "
        if (
            index.dialect_options["postgresql"]["concurrently"]
            and self.dialect._supports_drop_index_concurrently
        ):
            text += "CONCURRENTLY "
        if drop.if_exists:
            text += "IF EXISTS "
        return text + self._prepared_index_name(index, include_schema=True)

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        """
        Render ``GENERATED ALWAYS AS (...)``; before PostgreSQL 18 each such column is STORED.

        Raises:
            CompileError: It is to be virtual, and the server is older.

        Source: https://www.postgresql.org/docs/current/ddl-generated-columns.html
        """
        text = super().visit_computed_column(generated, **kw)
        if self.dialect.supports_virtual_generated_columns or generated.persisted:
            return text
        if generated.persisted is False:
            raise exc.CompileError(
                "PostrgreSQL computed columns do not support 'virtual' persistence; set the 'persisted' flag "
                "to None or True for PostgreSQL support."
            )
        warn(
            f"Computed column {generated.column} is being created as 'STORED' since the current PostgreSQL "
            "version does not support VIRTUAL columns. On PostgreSQL 18+, when 'persisted' is not specified, "
            "no keyword will be rendered and VIRTUAL will be used by default. Set 'persisted=True' to ensure "
            "STORED behavior across all PostgreSQL versions."
        )
        return f"{text} STORED"

    # -- tables

    def create_table_select_suffixes(self, element: Any, type_: str, **kw: Any) -> str:
        if type_ != "create_view":
            return ""
        options = element.dialect_options["postgresql"]["with"] or {}
        pairs = [key if value is None else f"{key} = {_option(value)}" for key, value in options.items()]
        return f"WITH ({', '.join(pairs)})" if pairs else ""

    def post_create_table(self, table: Any) -> str:
        options = table.dialect_options["postgresql"]
        pieces = []
        inherits = options["inherits"]
        if inherits is not None:
            parents = inherits if isinstance(inherits, (list, tuple)) else (inherits,)
            names = ", ".join(self.preparer.quote(name) for name in parents)
            pieces.append(f"\n INHERITS ({names})")
        if options["partition_by"]:
            pieces.append(f"\n PARTITION BY {options['partition_by']}")
        if options["using"]:
            pieces.append(f"\n USING {options['using']}")
        if options["with"]:
            pairs = ", ".join(f"{key} = {_option(value)}" for key, value in options["with"].items())
            pieces.append(f"\n WITH ({pairs})")
        if options["with_oids"] is True:
            pieces.append("\n WITH OIDS")
        elif options["with_oids"] is False:
            pieces.append("\n WITHOUT OIDS")
        if options["on_commit"]:
            action = options["on_commit"].replace("_", " ").upper()
            pieces.append(f"\n ON COMMIT {action}")
        if options["tablespace"]:
            pieces.append(f"\n TABLESPACE {self.preparer.quote(options['tablespace'])}")
        return "".join(pieces)

    # -- sequences, comments

    def visit_create_sequence(self, create: Any, prefix: str | None = None, **kw: Any) -> str:
        data_type = create.element.data_type
        if data_type is not None:
            prefix = f" AS {self.type_compiler.process(data_type)}"
        return super().visit_create_sequence(create, prefix=prefix, **kw)

    def _constraint_comment(self, element: Any, value: str) -> str:
        name = None if element.name is None else self.preparer.format_constraint(element)
        if name is None:
            raise exc.CompileError(f"Can't emit COMMENT ON for constraint {element!r}: it has no name")
        table = self.preparer.format_table(element.table)
        return f"COMMENT ON CONSTRAINT {name} ON {table} IS {value}"

    def visit_set_constraint_comment(self, create: Any, **kw: Any) -> str:
        comment = create.element.comment
        return self._constraint_comment(create.element, "NULL" if comment is None else self._literal(comment))

    def visit_drop_constraint_comment(self, drop: Any, **kw: Any) -> str:
        return self._constraint_comment(drop.element, "NULL")


_INDEX_METHOD = re.compile(r"^(?:btree|hash|gist|gin|[\w_]+)$", re.I)


def _option(value: Any) -> str:
    """
    Return the value of a storage parameter or view option.
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
