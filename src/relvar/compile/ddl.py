"""
DDL statements as text.

The pieces of a column and of a constraint are methods of their own (``define_...``,
``get_column_specification``, ``post_create_table``): these are what dialects and
migration tools override.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from relvar import exc
from relvar.compile.base import Compiled
from relvar.expr.text import text as sql_text
from relvar.schema import DefaultClause
from relvar.types import STRINGTYPE, String
from relvar.util import memoized_property
from relvar.util.pattern import pattern

__all__ = ["DDLCompiler"]

FK_ACTION = pattern(r"^\w+(?:\s+\w+)*$")


class DDLCompiler(Compiled):
    """
    Compile DDL elements.
    """

    is_ddl = True

    fk_ondelete_pattern: re.Pattern[str] = FK_ACTION
    fk_onupdate_pattern: re.Pattern[str] = FK_ACTION

    @memoized_property
    def sql_compiler(self) -> Any:
        """
        The compiler of the SQL expressions inside the DDL.
        """
        return self.dialect.statement_compiler(
            self.dialect, None, schema_translate_map=self.schema_translate_map
        )

    @memoized_property
    def type_compiler(self) -> Any:
        """
        The compiler of the types.
        """
        return self.dialect.type_compiler_instance

    def construct_params(
        self,
        params: Any = None,
        extracted_parameters: Any = None,
        escape_names: bool = True,
    ) -> Mapping[str, Any] | None:
        """
        Return None: DDL has no parameters.
        """
        return None

    # -- free text

    def visit_ddl(self, ddl: Any, **kwargs: Any) -> str:
        context = ddl.context
        if getattr(ddl.target, "_is_table", False):
            context = dict(context)
            # percent signs are doubled once, in the whole text
            preparer = self.preparer._without_doubled_percents()
            path = preparer.format_table_seq(ddl.target)
            table, schema = (path[0], "") if len(path) == 1 else (path[-1], path[0])
            context.setdefault("table", table)
            context.setdefault("schema", schema)
            context.setdefault("fullname", preparer.format_table(ddl.target))
        return self.sql_compiler.post_process_text(ddl.statement % context)  # type: ignore[no-any-return]  # text

    # -- schemas

    def visit_create_schema(self, create: Any, **kw: Any) -> str:
        text = "CREATE SCHEMA "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        return text + self.preparer.format_schema(create.element)  # type: ignore[no-any-return]  # text

    def visit_drop_schema(self, drop: Any, **kw: Any) -> str:
        text = "DROP SCHEMA "
        if drop.if_exists:
            text += "IF EXISTS "
        text = f"{text}{self.preparer.format_schema(drop.element)}"
        if drop.cascade:
            text += " CASCADE"
        return text

    # -- tables

    def visit_create_table(self, create: Any, **kw: Any) -> str:
        table = create.element
        text = "\nCREATE "
        if table._prefixes:
            text += " ".join(table._prefixes) + " "
        text += "TABLE "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        text += self.preparer.format_table(table) + " "
        suffix = self.create_table_suffix(table)
        if suffix:
            text += suffix + " "
        text += "("

        pieces = []
        first_pk = False
        for create_column in create.columns:
            column = create_column.element
            try:
                piece = self.process(create_column, first_pk=column.primary_key and not first_pk)
            except exc.CompileError as err:
                raise exc.CompileError(
                    f"(in table '{table.description}', column '{column.name}'): {err.args[0]}"
                ) from err
            if piece is not None:
                pieces.append(piece)
            if column.primary_key:
                first_pk = True
        constraints = self.create_table_constraints(
            table, _include_foreign_key_constraints=create.include_foreign_key_constraints
        )
        if constraints:
            pieces.append(constraints)
        if pieces:
            text += "\n\t" + ", \n\t".join(pieces)
        return f"{text}\n){self.post_create_table(table)}\n\n"

    def visit_create_column(self, create: Any, first_pk: bool = False, **kw: Any) -> str | None:
        column = create.element
        if column.system:
            return None
        text = self.get_column_specification(column, first_pk=first_pk)
        constraints = sorted(column.constraints, key=lambda c: c._creation_order)
        shown = " ".join(
            self.process(constraint)
            for constraint in constraints
            if constraint._should_create_for_compiler(self)
        )
        return f"{text} {shown}" if shown else text

    def create_table_constraints(
        self, table: Any, _include_foreign_key_constraints: Any = None, **kw: Any
    ) -> str:
        """
        Return the constraints of *table*, the primary key first.
        """
        constraints = []
        if table.primary_key is not None and len(table.primary_key.columns):
            constraints.append(table.primary_key)
        omitted: set[Any] = set()
        if _include_foreign_key_constraints is not None:
            omitted = table.foreign_key_constraints.difference(_include_foreign_key_constraints)
        constraints.extend(
            constraint
            for constraint in table._sorted_constraints
            if constraint is not table.primary_key and constraint not in omitted
        )
        shown = (
            self.process(constraint)
            for constraint in constraints
            if constraint._should_create_for_compiler(self)
            and not (self.dialect.supports_alter and getattr(constraint, "use_alter", False))
        )
        return ", \n\t".join(text for text in shown if text)

    def create_table_suffix(self, table: Any) -> str:
        """
        Return what stands between the table's name and its columns.
        """
        return ""

    def post_create_table(self, table: Any) -> str:
        """
        Return what follows the closing parenthesis.
        """
        return ""

    def visit_drop_table(self, drop: Any, **kw: Any) -> str:
        text = "\nDROP TABLE "
        if drop.if_exists:
            text += "IF EXISTS "
        return text + self.preparer.format_table(drop.element)  # type: ignore[no-any-return]  # text

    # -- from a SELECT

    def visit_create_table_as(self, element: Any, **kw: Any) -> str:
        words = ["CREATE"]
        if element.temporary:
            words.append("TEMPORARY")
        words.append("TABLE")
        if element.if_not_exists:
            words.append("IF NOT EXISTS")
        words.append(self.preparer.format_table(element.table))
        suffixes = self.create_table_select_suffixes(element, "create_table_as", **kw)
        if suffixes:
            words.append(suffixes)
        words.append("AS")
        return f"{' '.join(words)} {self._inner_select(element)}"

    def visit_create_view(self, element: Any, **kw: Any) -> str:
        words = ["CREATE"]
        if element.or_replace:
            words.append("OR REPLACE")
        if element.temporary:
            words.append("TEMPORARY")
        if element.materialized:
            words.append("MATERIALIZED")
        words.append("VIEW")
        if element.if_not_exists:
            words.append("IF NOT EXISTS")
        words.append(self.preparer.format_table(element.table))
        suffixes = self.create_table_select_suffixes(element, "create_view", **kw)
        if suffixes:
            words.append(suffixes)
        words.append("AS")
        return f"{' '.join(words)} {self._inner_select(element)}"

    def create_table_select_suffixes(self, element: Any, type_: str, **kw: Any) -> str:
        """
        Return what stands between the name and ``AS``.

        Args:
            type_: "create_table_as" or "create_view".
        """
        return ""

    def _inner_select(self, element: Any) -> str:
        return self.sql_compiler.process(element.selectable, literal_binds=True)  # type: ignore[no-any-return]  # text

    def visit_drop_view(self, drop: Any, **kw: Any) -> str:
        text = "\nDROP "
        if drop.materialized:
            text += "MATERIALIZED "
        text += "VIEW "
        if drop.if_exists:
            text += "IF EXISTS "
        return text + self.preparer.format_table(drop.element)  # type: ignore[no-any-return]  # text

    # -- indexes

    def _verify_index_table(self, index: Any) -> None:
        if index.table is None:
            raise exc.CompileError(f"Index '{index.name}' is not associated with any table.")

    def visit_create_index(
        self,
        create: Any,
        include_schema: bool = False,
        include_table_schema: bool = True,
        **kw: Any,
    ) -> str:
        index = create.element
        self._verify_index_table(index)
        text = "CREATE "
        if index.unique:
            text += "UNIQUE "
        if index.name is None:
            raise exc.CompileError("CREATE INDEX requires that the index have a name")
        text += "INDEX "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        name = self._prepared_index_name(index, include_schema=include_schema)
        table = self.preparer.format_table(index.table, use_schema=include_table_schema)
        columns = ", ".join(self._ddl_sql(expression) for expression in index.expressions)
        return f"{text}{name} ON {table} ({columns})"

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        index = drop.element
        if index.name is None:
            raise exc.CompileError("DROP INDEX requires that the index have a name")
        text = "\nDROP INDEX "
        if drop.if_exists:
            text += "IF EXISTS "
        return text + self._prepared_index_name(index, include_schema=True)

    def _prepared_index_name(self, index: Any, include_schema: bool = False) -> str:
        schema = self.preparer.schema_for_object(index.table) if index.table is not None else None
        name: str = self.preparer.format_index(index)
        if include_schema and schema:
            return f"{self.preparer.quote_schema(schema)}.{name}"
        return name

    def _ddl_sql(self, expression: Any) -> str:
        """
        Return an SQL expression without table names and with its values inline.

        Reflection gives conditions as plain text.
        """
        if isinstance(expression, str):
            expression = sql_text(expression)
        return self.sql_compiler.process(  # type: ignore[no-any-return]  # text
            expression, include_table=False, literal_binds=True
        )

    # -- comments

    def visit_set_table_comment(self, create: Any, **kw: Any) -> str:
        table = self.preparer.format_table(create.element)
        return f"COMMENT ON TABLE {table} IS {self._literal(create.element.comment)}"

    def visit_drop_table_comment(self, drop: Any, **kw: Any) -> str:
        return f"COMMENT ON TABLE {self.preparer.format_table(drop.element)} IS NULL"

    def visit_set_column_comment(self, create: Any, **kw: Any) -> str:
        column = self.preparer.format_column(create.element, use_table=True, use_schema=True)
        return f"COMMENT ON COLUMN {column} IS {self._literal(create.element.comment)}"

    def visit_drop_column_comment(self, drop: Any, **kw: Any) -> str:
        column = self.preparer.format_column(drop.element, use_table=True)
        return f"COMMENT ON COLUMN {column} IS NULL"

    def visit_set_constraint_comment(self, create: Any, **kw: Any) -> str:
        self._no_constraint_comments(create)

    def visit_drop_constraint_comment(self, drop: Any, **kw: Any) -> str:
        self._no_constraint_comments(drop)

    def _no_constraint_comments(self, element: Any) -> NoReturn:
        raise exc.UnsupportedCompilationError(self, type(element))

    def _literal(self, value: Any) -> str:
        return self.sql_compiler.render_literal_value(value, String())  # type: ignore[no-any-return]  # text

    # -- sequences

    def get_identity_options(self, identity_options: Any) -> str:
        """
        Return the numbering options of a sequence or identity column.
        """
        text = []
        for word, name in (
            ("INCREMENT BY", "increment"),
            ("START WITH", "start"),
            ("MINVALUE", "minvalue"),
            ("MAXVALUE", "maxvalue"),
        ):
            value = getattr(identity_options, name)
            if value is not None:
                text.append(f"{word} {value:d}")
        if identity_options.nominvalue is not None:
            text.append("NO MINVALUE")
        if identity_options.nomaxvalue is not None:
            text.append("NO MAXVALUE")
        if identity_options.cache is not None:
            text.append(f"CACHE {identity_options.cache:d}")
        if identity_options.cycle is not None:
            text.append("CYCLE" if identity_options.cycle else "NO CYCLE")
        return " ".join(text)

    def visit_create_sequence(self, create: Any, prefix: str | None = None, **kw: Any) -> str:
        text = "CREATE SEQUENCE "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        text += self.preparer.format_sequence(create.element)
        if prefix:
            text += prefix
        options = self.get_identity_options(create.element)
        return f"{text} {options}" if options else text

    def visit_drop_sequence(self, drop: Any, **kw: Any) -> str:
        text = "DROP SEQUENCE "
        if drop.if_exists:
            text += "IF EXISTS "
        return text + self.preparer.format_sequence(drop.element)  # type: ignore[no-any-return]  # text

    # -- ALTER

    def visit_add_constraint(self, create: Any, **kw: Any) -> str:
        table = self.preparer.format_table(create.element.table)
        return f"ALTER TABLE {table} ADD {self.process(create.element)}"

    def visit_drop_constraint(self, drop: Any, **kw: Any) -> str:
        constraint = drop.element
        name = None if constraint.name is None else self.preparer.format_constraint(constraint)
        if name is None:
            raise exc.CompileError(
                f"Can't emit DROP CONSTRAINT for constraint {constraint!r}; it has no name"
            )
        table = self.preparer.format_table(constraint.table)
        exists = "IF EXISTS " if drop.if_exists else ""
        cascade = " CASCADE" if drop.cascade else ""
        return f"ALTER TABLE {table} DROP CONSTRAINT {exists}{name}{cascade}"

    # -- columns

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        """
        Return name, type, default and NULL-ness of *column*.
        """
        text: str = (
            self.preparer.format_column(column)
            + " "
            + self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        )
        default = self.get_column_default_string(column)
        if default is not None:
            text += f" DEFAULT {default}"
        if column.computed is not None:
            text += f" {self.process(column.computed)}"
        has_identity = column.identity is not None and self.dialect.supports_identity_columns
        if has_identity:
            text += f" {self.process(column.identity)}"
        if not column.nullable and not has_identity:
            text += " NOT NULL"
        return text

    def get_column_default_string(self, column: Any) -> str | None:
        """
        Return the ``DEFAULT`` of *column*, None if it has none that the DDL shows.
        """
        if isinstance(column.server_default, DefaultClause):
            return self.render_default_string(column.server_default.arg)
        return None

    def render_default_string(self, default: Any) -> str:
        """
        Return a default: a string as a literal, an expression as SQL.
        """
        if isinstance(default, str):
            return self.sql_compiler.render_literal_value(default, STRINGTYPE)  # type: ignore[no-any-return]  # text
        return self.sql_compiler.process(default, literal_binds=True)  # type: ignore[no-any-return]  # text

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        text = f"GENERATED ALWAYS AS ({self._ddl_sql(generated.sqltext)})"
        if generated.persisted is True:
            text += " STORED"
        elif generated.persisted is False:
            text += " VIRTUAL"
        return text

    def visit_identity_column(self, identity: Any, **kw: Any) -> str:
        kind = "ALWAYS" if identity.always else "BY DEFAULT"
        text = f"GENERATED {kind} AS IDENTITY"
        options = self.get_identity_options(identity)
        return f"{text} ({options})" if options else text

    # -- constraints

    def visit_table_or_column_check_constraint(self, constraint: Any, **kw: Any) -> str:
        if constraint.is_column_level:
            return self.visit_column_check_constraint(constraint)
        return self.visit_check_constraint(constraint)

    def visit_check_constraint(self, constraint: Any, **kw: Any) -> str:
        text = self.define_constraint_preamble(constraint, **kw)
        text += self.define_check_body(constraint, **kw)
        return text + self.define_constraint_deferrability(constraint)

    def visit_column_check_constraint(self, constraint: Any, **kw: Any) -> str:
        text = self.define_constraint_preamble(constraint, **kw)
        text += self.define_check_body(constraint, **kw)
        return text + self.define_constraint_deferrability(constraint)

    def visit_primary_key_constraint(self, constraint: Any, **kw: Any) -> str:
        if len(constraint) == 0:
            return ""
        text = self.define_constraint_preamble(constraint, **kw)
        text += self.define_primary_key_body(constraint, **kw)
        return text + self.define_constraint_deferrability(constraint)

    def visit_foreign_key_constraint(self, constraint: Any, **kw: Any) -> str:
        text = self.define_constraint_preamble(constraint, **kw)
        text += self.define_foreign_key_body(constraint, **kw)
        text += self.define_constraint_match(constraint)
        text += self.define_constraint_cascades(constraint)
        return text + self.define_constraint_deferrability(constraint)

    def visit_unique_constraint(self, constraint: Any, **kw: Any) -> str:
        if len(constraint) == 0:
            return ""
        text = self.define_constraint_preamble(constraint, **kw)
        text += self.define_unique_body(constraint, **kw)
        return text + self.define_constraint_deferrability(constraint)

    def define_constraint_preamble(self, constraint: Any, **kw: Any) -> str:
        """
        Return ``CONSTRAINT name``, nothing without a name.
        """
        if constraint.name is None:
            return ""
        name = self.preparer.format_constraint(constraint)
        return "" if name is None else f"CONSTRAINT {name} "

    def define_primary_key_body(self, constraint: Any, **kw: Any) -> str:
        """
        Return ``PRIMARY KEY (...)``.
        """
        columns = constraint.columns_autoinc_first if constraint._implicit_generated else constraint.columns
        return f"PRIMARY KEY ({self._names(columns)})"

    def define_foreign_key_body(self, constraint: Any, **kw: Any) -> str:
        """
        Return ``FOREIGN KEY(...) REFERENCES ...``.

        Raises:
            CompileError: The constraint has no columns, which is enough to drop it by name only.
        """
        if not constraint.elements:
            raise exc.CompileError(
                f"ForeignKeyConstraint on table '{constraint.table.name}' has no columns, so that it cannot "
                "be created"
            )
        remote = next(iter(constraint.elements)).column.table
        own = self._names(element.parent for element in constraint.elements)
        table = self.define_constraint_remote_table(constraint, remote, self.preparer)
        theirs = self._names(element.column for element in constraint.elements)
        return f"FOREIGN KEY({own}) REFERENCES {table} ({theirs})"

    def define_constraint_remote_table(self, constraint: Any, table: Any, preparer: Any) -> str:
        """
        Return the name of the table referred to.
        """
        return preparer.format_table(table)  # type: ignore[no-any-return]  # text

    def define_unique_body(self, constraint: Any, **kw: Any) -> str:
        """
        Return ``UNIQUE (...)``.
        """
        distinct = self.define_unique_constraint_distinct(constraint, **kw)
        return f"UNIQUE {distinct}({self._names(constraint.columns)})"

    def define_unique_constraint_distinct(self, constraint: Any, **kw: Any) -> str:
        """
        Return what stands between ``UNIQUE`` and the columns.
        """
        return ""

    def define_check_body(self, constraint: Any, **kw: Any) -> str:
        """
        Return ``CHECK (...)``.
        """
        return f"CHECK ({self._ddl_sql(constraint.sqltext)})"

    def _names(self, columns: Any) -> str:
        return ", ".join(self.preparer.quote(column.name) for column in columns)

    def define_constraint_cascades(self, constraint: Any) -> str:
        """
        Return ``ON DELETE ...`` and ``ON UPDATE ...``.
        """
        text = ""
        if constraint.ondelete is not None:
            text += self.define_constraint_ondelete_cascade(constraint)
        if constraint.onupdate is not None:
            text += self.define_constraint_onupdate_cascade(constraint)
        return text

    def define_constraint_ondelete_cascade(self, constraint: Any) -> str:
        """
        Return ``ON DELETE ...``.
        """
        action = self.preparer.validate_sql_phrase(constraint.ondelete, self.fk_ondelete_pattern)
        return f" ON DELETE {action}"

    def define_constraint_onupdate_cascade(self, constraint: Any) -> str:
        """
        Return ``ON UPDATE ...``.
        """
        action = self.preparer.validate_sql_phrase(constraint.onupdate, self.fk_onupdate_pattern)
        return f" ON UPDATE {action}"

    def define_constraint_deferrability(self, constraint: Any) -> str:
        """
        Return ``[NOT] DEFERRABLE`` and ``INITIALLY ...``.
        """
        text = ""
        if constraint.deferrable is not None:
            text += " DEFERRABLE" if constraint.deferrable else " NOT DEFERRABLE"
        if constraint.initially is not None:
            phrase = self.preparer.validate_sql_phrase(constraint.initially, FK_ACTION)
            text += f" INITIALLY {phrase}"
        return text

    def define_constraint_match(self, constraint: Any) -> str:
        """
        Return ``MATCH ...``.
        """
        if constraint.match is None:
            return ""
        return f" MATCH {self.preparer.validate_sql_phrase(constraint.match, FK_ACTION)}"
