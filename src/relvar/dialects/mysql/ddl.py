"""
DDL of MySQL and MariaDB, and the spelling of their types.
"""

from __future__ import annotations

import re
from typing import Any

from relvar import exc
from relvar import types as sqltypes
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler
from relvar.expr import operators as op
from relvar.expr.grouping import Grouping
from relvar.schema.base import NULL_UNSPECIFIED
from relvar.util import topological, warn_deprecated

__all__ = ["MySQLDDLCompiler", "MySQLTypeCompiler"]


class MySQLTypeCompiler(GenericTypeCompiler):
    """
    Types as MySQL spells them.
    """

    def _extend_numeric(self, type_: Any, spec: str) -> str:
        """
        Add ``UNSIGNED`` and ``ZEROFILL``.
        """
        if getattr(type_, "unsigned", False):
            spec += " UNSIGNED"
        if getattr(type_, "zerofill", False):
            spec += " ZEROFILL"
        return spec

    def _extend_string(self, type_: Any, spec: str) -> str:
        """
        Add character set and collation.
        """

        def option(name: str) -> Any:
            return getattr(type_, name, None)

        words = [spec]
        collation = option("collation")
        if option("national"):
            # the national character set is a character set already
            words.insert(0, "NATIONAL")
            if collation:
                words.append(f"COLLATE {self._charset_name(collation)}")
            return " ".join(words)
        if option("charset"):
            words.append(f"CHARACTER SET {self._charset_name(option('charset'))}")
        elif option("ascii"):
            words.append("ASCII")
        elif option("unicode"):
            words.append("UNICODE")
        if collation:
            words.append(f"COLLATE {self._charset_name(collation)}")
        elif option("binary"):
            words.append("BINARY")
        return " ".join(words)

    def _charset_name(self, name: str) -> str:
        """
        Return the name of a character set or collation; in quotes if it is no word.
        """
        preparer = self.dialect.identifier_preparer
        return preparer.quote_identifier(name) if preparer._requires_quotes_illegal_chars(name) else name

    def _precision(self, type_: Any, name: str) -> str:
        if type_.precision is None:
            return self._extend_numeric(type_, name)
        if type_.scale is None:
            return self._extend_numeric(type_, f"{name}({type_.precision})")
        return self._extend_numeric(type_, f"{name}({type_.precision}, {type_.scale})")

    def visit_NUMERIC(self, type_: Any, **kw: Any) -> str:
        return self._precision(type_, "NUMERIC")

    def visit_DECIMAL(self, type_: Any, **kw: Any) -> str:
        return self._precision(type_, "DECIMAL")

    def _double(self, type_: Any, name: str) -> str:
        if type_.precision is not None and type_.scale is not None:
            name += f"({type_.precision}, {type_.scale})"
        return self._extend_numeric(type_, name)

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return self._double(type_, "DOUBLE")

    def visit_REAL(self, type_: Any, **kw: Any) -> str:
        return self._double(type_, "REAL")

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return self._precision(type_, "FLOAT")

    def _integer(self, type_: Any, name: str) -> str:
        width = getattr(type_, "display_width", None)
        if width is not None:
            name += f"({width})"
        return self._extend_numeric(type_, name)

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
        return self._integer(type_, "INTEGER")

    def visit_BIGINT(self, type_: Any, **kw: Any) -> str:
        return self._integer(type_, "BIGINT")

    def visit_MEDIUMINT(self, type_: Any, **kw: Any) -> str:
        return self._integer(type_, "MEDIUMINT")

    def visit_TINYINT(self, type_: Any, **kw: Any) -> str:
        return self._integer(type_, "TINYINT")

    def visit_SMALLINT(self, type_: Any, **kw: Any) -> str:
        return self._integer(type_, "SMALLINT")

    def visit_BIT(self, type_: Any, **kw: Any) -> str:
        return "BIT" if type_.length is None else f"BIT({type_.length})"

    def _fraction(self, type_: Any, name: str) -> str:
        digits = getattr(type_, "fsp", None)
        return f"{name}({digits})" if digits else name

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return self._fraction(type_, "DATETIME")

    def visit_DATE(self, type_: Any, **kw: Any) -> str:
        return "DATE"

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return self._fraction(type_, "TIME")

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return self._fraction(type_, "TIMESTAMP")

    def visit_YEAR(self, type_: Any, **kw: Any) -> str:
        return "YEAR" if type_.display_width is None else f"YEAR({type_.display_width})"

    def visit_INET4(self, type_: Any, **kw: Any) -> str:
        return "INET4"

    def visit_INET6(self, type_: Any, **kw: Any) -> str:
        return "INET6"

    def _text(self, type_: Any, name: str) -> str:
        return self._extend_string(type_, f"{name}({type_.length})" if type_.length else name)

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:
        return self._text(type_, "TEXT")

    def visit_TINYTEXT(self, type_: Any, **kw: Any) -> str:
        return self._extend_string(type_, "TINYTEXT")

    def visit_MEDIUMTEXT(self, type_: Any, **kw: Any) -> str:
        return self._extend_string(type_, "MEDIUMTEXT")

    def visit_LONGTEXT(self, type_: Any, **kw: Any) -> str:
        return self._extend_string(type_, "LONGTEXT")

    def _needs_length(self, name: str) -> exc.CompileError:
        return exc.CompileError(f"{name} requires a length on dialect {self.dialect.name}")

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise self._needs_length("VARCHAR")
        return self._text(type_, "VARCHAR")

    def visit_CHAR(self, type_: Any, **kw: Any) -> str:
        return self._text(type_, "CHAR")

    def _national(self, type_: Any, name: str) -> str:
        spec = f"NATIONAL {name}({type_.length})" if type_.length else f"NATIONAL {name}"
        return f"{spec} COLLATE {self._charset_name(type_.collation)}" if type_.collation else spec

    def visit_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise self._needs_length("NVARCHAR")
        return self._national(type_, "VARCHAR")

    def visit_NCHAR(self, type_: Any, **kw: Any) -> str:
        return self._national(type_, "CHAR")

    def visit_VARBINARY(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise self._needs_length("VARBINARY")
        return f"VARBINARY({type_.length})"

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        return "JSON"

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_BLOB(type_)

    def visit_enum(self, type_: Any, **kw: Any) -> str:
        if not type_.native_enum:
            return super().visit_enum(type_, **kw)
        return self._values(type_, "ENUM", type_.enums)

    def visit_BLOB(self, type_: Any, **kw: Any) -> str:
        return f"BLOB({type_.length})" if type_.length is not None else "BLOB"

    def visit_TINYBLOB(self, type_: Any, **kw: Any) -> str:
        return "TINYBLOB"

    def visit_MEDIUMBLOB(self, type_: Any, **kw: Any) -> str:
        return "MEDIUMBLOB"

    def visit_LONGBLOB(self, type_: Any, **kw: Any) -> str:
        return "LONGBLOB"

    def _values(self, type_: Any, name: str, values: Any) -> str:
        quoted = []
        for value in values:
            if self.dialect.identifier_preparer._double_percents:
                value = value.replace("%", "%%")
            if self.dialect._backslash_escapes:
                value = value.replace("\\", "\\\\")
            quoted.append("'{}'".format(value.replace("'", "''")))
        return self._extend_string(type_, f"{name}({','.join(quoted)})")

    def visit_ENUM(self, type_: Any, **kw: Any) -> str:
        return self._values(type_, "ENUM", type_.enums)

    def visit_SET(self, type_: Any, **kw: Any) -> str:
        return self._values(type_, "SET", type_.values)

    def visit_BOOLEAN(self, type_: Any, **kw: Any) -> str:
        return "BOOL"


# Options written with a space in place of the underscore of their Python name.
_SPACED = frozenset(
    (
        "DATA_DIRECTORY",
        "INDEX_DIRECTORY",
        "DEFAULT_CHARACTER_SET",
        "CHARACTER_SET",
        "DEFAULT_CHARSET",
        "DEFAULT_COLLATE",
        "PARTITION_BY",
        "SUBPARTITION_BY",
    )
)
# Options whose value is a literal.
_LITERAL = frozenset(("COMMENT", "DATA_DIRECTORY", "INDEX_DIRECTORY", "PASSWORD", "CONNECTION"))
# Options written without an equals sign.
_WITHOUT_EQUALS = frozenset(
    (
        "TABLESPACE",
        "DEFAULT_CHARACTER_SET",
        "CHARACTER_SET",
        "COLLATE",
        "PARTITION_BY",
        "PARTITIONS",
        "SUBPARTITIONS",
        "SUBPARTITION_BY",
    )
)
_PARTITION = ("PARTITION_BY", "PARTITIONS", "SUBPARTITION_BY", "SUBPARTITIONS")

_CHARACTER_SETS = ("DEFAULT_CHARSET", "DEFAULT_CHARACTER_SET", "CHARSET", "CHARACTER_SET")

# A default that is an expression needs parentheses; these forms do without.
_TIMESTAMP_DEFAULT = re.compile(
    r"^\s*(?:CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)\s*\(\s*\d+\s*\)\s*$|\bON UPDATE\b", re.I
)


class MySQLDDLCompiler(DDLCompiler):
    """
    DDL as MySQL and MariaDB have it.
    """

    def get_column_specification(self, column: Any, **kw: Any) -> str:
        return self._column(column, column.comment)

    def _column(self, column: Any, comment: str | None) -> str:
        words = [
            self.preparer.format_column(column),
            self.dialect.type_compiler_instance.process(column.type, type_expression=column),
        ]
        if column.computed is not None:
            words.append(self.process(column.computed))
        is_timestamp = isinstance(column.type.dialect_impl(self.dialect), sqltypes.TIMESTAMP)
        if not column.nullable and not self._is_nullable_by_nature(column):
            words.append("NOT NULL")
        elif is_timestamp:
            # older servers make a TIMESTAMP NOT NULL by default
            words.append("NULL")
        if comment is not None:
            words.append(f"COMMENT {self._literal(comment)}")
        if self._is_auto_increment(column):
            words.append("AUTO_INCREMENT")
        else:
            default = self.get_column_default_string(column)
            if default is not None:
                words.append(f"DEFAULT {self._parenthesized(default)}")
        return " ".join(words)

    def _is_nullable_by_nature(self, column: Any) -> bool:
        """
        Tell whether NOT NULL is to be left out: MariaDB has none for generated columns.
        """
        return bool(
            self.dialect.is_mariadb
            and column.computed is not None
            and column._user_defined_nullable is NULL_UNSPECIFIED
        )

    def _is_auto_increment(self, column: Any) -> bool:
        if column.table is None or column is not column.table._autoincrement_column:
            return False
        if column.server_default is not None and column.identity is None:
            return False
        default = column.default
        return not (
            self.dialect.supports_sequences
            and default is not None
            and default.is_sequence
            and not default.optional
        )

    def _parenthesized(self, default: str) -> str:
        """
        Return a default in parentheses if it is an expression.
        """
        if (
            not self.dialect._support_default_function
            or default.lstrip()[:1] in ("'", '"', "(")
            or _TIMESTAMP_DEFAULT.search(default)
            or not re.search(r"\W", default)
        ):
            return default
        return f"({default})"

    def _option(self, item: Any, name: str) -> Any:
        """
        Return an option of an index or constraint; MariaDB also reads that of MySQL.
        """
        options = item.dialect_options
        value = options[self.dialect.name].get(name)
        if value is None and self.dialect.name != "mysql":
            value = options["mysql"].get(name)
            if value is not None:
                warn_deprecated(
                    f"Using 'mysql_{name}' with the '{self.dialect.name}' dialect is deprecated; "
                    f"please additionally specify '{self.dialect.name}_{name}'.",
                    "2.1",
                )
        return value

    # -- tables

    def post_create_table(self, table: Any) -> str:
        prefix = f"{self.dialect.name}_"
        options = {
            keyword[len(prefix) :].upper(): value
            for keyword, value in table.dialect_kwargs.items()
            if keyword.startswith(prefix) and value is not None
        }
        if table.comment is not None:
            options["COMMENT"] = table.comment
        plain = [name for name in options if name not in _PARTITION]
        partition = [name for name in options if name in _PARTITION]
        # a collation must follow the character set it belongs to
        before_collate = {(charset, "COLLATE") for charset in _CHARACTER_SETS}
        order = [
            *topological.sort(before_collate, plain),
            *topological.sort(
                {(first, second) for i, first in enumerate(_PARTITION) for second in _PARTITION[i + 1 :]},
                partition,
            ),
        ]
        return " ".join(self._table_option(name, options[name]) for name in order)

    def _table_option(self, name: str, value: Any) -> str:
        if name in _LITERAL:
            value = self._literal(value)
        elif isinstance(value, bool):
            # a server reads True as a name
            value = int(value)
        shown = name.replace("_", " ") if name in _SPACED else name
        return f"{shown}{' ' if name in _WITHOUT_EQUALS else '='}{value}"

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
        text = "CREATE "
        if index.unique:
            text += "UNIQUE "
        prefix = index.dialect_options[self.dialect.name].get("prefix")
        if prefix:
            text += f"{prefix} "
        text += "INDEX "
        if create.if_not_exists:
            text += "IF NOT EXISTS "
        name = self.preparer.format_index(index)
        text += f"{name} ON {self.preparer.format_table(index.table)} "
        length = index.dialect_options[self.dialect.name].get("length")
        elements = [self._index_element(expression, length) for expression in index.expressions]
        text += f"({', '.join(elements)})"
        parser = self._option(index, "with_parser")
        if parser is not None:
            text += f" WITH PARSER {parser}"
        using = self._option(index, "using")
        if using is not None:
            text += f" USING {self.preparer.quote(using)}"
        return text

    def _index_element(self, expression: Any, length: Any) -> str:
        """
        Return an index element, with the length of its prefix.

        Args:
            length: A number for all elements, or numbers by column name.
        """
        if _needs_group(expression):
            expression = Grouping(expression)
        text = self._ddl_sql(expression)
        if _is_ordered(expression) and _needs_group(expression.element):
            # parentheses are around the expression alone
            inner = self._ddl_sql(expression.element)
            text = f"({inner}){text.removeprefix(inner)}"
        column = expression.element if _is_ordered(expression) else expression
        if isinstance(length, dict):
            if not getattr(column, "_is_real_column", False):
                return text
            length = length.get(column.name, length.get(column.key))
        measured = self._ddl_sql(column)
        if length is None or not text.startswith(measured):
            return text
        # the length stands before DESC
        return f"{measured}({length:d}){text.removeprefix(measured)}"

    def visit_primary_key_constraint(self, constraint: Any, **kw: Any) -> str:
        text = super().visit_primary_key_constraint(constraint, **kw)
        using = self._option(constraint, "using")
        return f"{text} USING {self.preparer.quote(using)}" if using else text

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        index = drop.element
        exists = "IF EXISTS " if drop.if_exists else ""
        name = self._prepared_index_name(index, include_schema=False)
        return f"\nDROP INDEX {exists}{name} ON {self.preparer.format_table(index.table)}"

    # -- constraints

    def visit_drop_constraint(self, drop: Any, **kw: Any) -> str:
        constraint = drop.element
        table = self.preparer.format_table(constraint.table)
        kind = constraint.__visit_name__
        if kind == "primary_key_constraint":
            return f"ALTER TABLE {table} DROP PRIMARY KEY "
        name = None if constraint.name is None else self.preparer.format_constraint(constraint)
        if name is None:
            raise exc.CompileError(
                f"Can't emit DROP CONSTRAINT for constraint {constraint!r}; it has no name"
            )
        words = {
            "foreign_key_constraint": "FOREIGN KEY",
            "unique_constraint": "INDEX",
            "table_or_column_check_constraint": ("CONSTRAINT" if self.dialect.is_mariadb else "CHECK"),
        }
        return f"ALTER TABLE {table} DROP {words.get(kind, 'CONSTRAINT')} {name}"

    def define_constraint_match(self, constraint: Any) -> str:
        if constraint.match is not None:
            raise exc.CompileError(
                "MySQL ignores the 'MATCH' keyword while at the same time causes ON UPDATE/ON "
                "DELETE clauses to be ignored."
            )
        return ""

    # -- comments, sequences

    def visit_set_table_comment(self, create: Any, **kw: Any) -> str:
        table = self.preparer.format_table(create.element)
        return f"ALTER TABLE {table} COMMENT {self._literal(create.element.comment)}"

    def visit_drop_table_comment(self, drop: Any, **kw: Any) -> str:
        return f"ALTER TABLE {self.preparer.format_table(drop.element)} COMMENT ''"

    def visit_set_column_comment(self, create: Any, **kw: Any) -> str:
        return self._change(create.element, self.get_column_specification(create.element))

    def visit_drop_column_comment(self, drop: Any, **kw: Any) -> str:
        # what a column is changed to has no comment unless it says so
        return self._change(drop.element, self._column(drop.element, None))

    def _change(self, column: Any, specification: str) -> str:
        table = self.preparer.format_table(column.table)
        return f"ALTER TABLE {table} CHANGE {self.preparer.format_column(column)} {specification}"

    def get_identity_options(self, identity_options: Any) -> str:
        text = super().get_identity_options(identity_options)
        # MariaDB writes it as one word
        return text.replace("NO CYCLE", "NOCYCLE")


def _needs_group(expression: Any) -> bool:
    """
    Tell whether an index element is an expression that goes in parentheses.
    """
    kind = expression.__visit_name__
    if kind == "unary":
        return not _is_ordered(expression)
    return kind in ("binary", "function") or hasattr(expression, "clause_expr")


def _is_ordered(expression: Any) -> bool:
    """
    Tell whether an index element has ASC or DESC.
    """
    return expression.__visit_name__ == "unary" and expression.modifier in (op.desc_op, op.asc_op)
