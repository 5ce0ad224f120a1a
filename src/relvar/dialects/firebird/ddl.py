"""
DDL of Firebird, and the spelling of its types.

Source: https://firebirdsql.org/file/documentation/html/en/refdocs/fblangref50/firebird-50-language-reference.html
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler, split_collation
from relvar.expr import operators
from relvar.expr.column import ColumnClause

__all__ = ["DDL_BLOCK", "FBDDLCompiler", "FBTypeCompiler"]

DDL_BLOCK = "EXECUTE BLOCK AS BEGIN\nIF ("
"How a block begins that makes or drops something only if it is there, or not."


class FBTypeCompiler(GenericTypeCompiler):
    """
    Types as Firebird spells them.
    """

    def _needs(self, version: int, what: str) -> None:
        if not getattr(self.dialect, f"_has_version_{version}"):
            raise exc.CompileError(f"{what} needs Firebird {version} or later")

    # -- numbers

    def visit_INT128(self, type_: Any, **kw: Any) -> str:
        self._needs(4, "INT128")
        return "INT128"

    def visit_DECFLOAT(self, type_: Any, **kw: Any) -> str:
        self._needs(4, "DECFLOAT")
        return "DECFLOAT" if type_.precision is None else f"DECFLOAT({type_.precision})"

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        return "FLOAT" if type_.precision is None else f"FLOAT({type_.precision})"

    def visit_float(self, type_: Any, **kw: Any) -> str:
        # FLOAT has 32 bits here, and Python's floats 64
        return "DOUBLE PRECISION" if type_.precision is None else self.visit_FLOAT(type_, **kw)

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE PRECISION"

    def visit_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return "DOUBLE PRECISION"

    def visit_boolean(self, type_: Any, **kw: Any) -> str:
        return "BOOLEAN" if self.dialect.supports_native_boolean else "SMALLINT"

    # -- text and bytes

    def _characters(self, name: str, type_: Any) -> str:
        charset = getattr(type_, "charset", None)
        text = f"{name}({type_.length})" if type_.length else name
        if charset:
            text += f" CHARACTER SET {self._word(charset)}"
        return self._collated(text, type_)

    def _collated(self, text: str, type_: Any) -> str:
        if not type_.collation:
            return text
        return f"{text} COLLATE {self.dialect.identifier_preparer.format_collation(type_.collation)}"

    @staticmethod
    def _word(charset: str) -> str:
        if not charset.isidentifier():
            raise exc.CompileError(
                f"{charset!r} is no name of a character set: it has letters, digits and '_' only"
            )
        return charset

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise exc.CompileError("VARCHAR requires a length on dialect firebird; Text has no limit")
        return self._characters("VARCHAR", type_)

    def visit_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise exc.CompileError("NVARCHAR requires a length on dialect firebird; UnicodeText has no limit")
        return self._characters("NATIONAL CHARACTER VARYING", type_)

    def visit_CHAR(self, type_: Any, **kw: Any) -> str:
        return self._characters("CHAR", type_)

    def visit_NCHAR(self, type_: Any, **kw: Any) -> str:
        return self._characters("NCHAR", type_)

    def visit_TEXT(self, type_: Any, **kw: Any) -> str:
        text = "BLOB SUB_TYPE TEXT"
        segment = getattr(type_, "segment_size", None)
        charset = getattr(type_, "charset", None)
        if segment:
            text += f" SEGMENT SIZE {segment:d}"
        if charset:
            text += f" CHARACTER SET {self._word(charset)}"
        return self._collated(text, type_)

    def visit_CLOB(self, type_: Any, **kw: Any) -> str:
        return self.visit_TEXT(type_, **kw)

    def visit_NCLOB(self, type_: Any, **kw: Any) -> str:
        return self.visit_TEXT(type_, **kw)

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        return "BLOB SUB_TYPE TEXT"

    def visit_BLOB(self, type_: Any, **kw: Any) -> str:
        subtype = getattr(type_, "subtype", None)
        segment = getattr(type_, "segment_size", None)
        text = "BLOB SUB_TYPE BINARY" if not subtype else f"BLOB SUB_TYPE {subtype:d}"
        return f"{text} SEGMENT SIZE {segment:d}" if segment else text

    def visit_BINARY(self, type_: Any, **kw: Any) -> str:
        return f"CHAR({type_.length or 1}) CHARACTER SET OCTETS"

    def visit_VARBINARY(self, type_: Any, **kw: Any) -> str:
        if not type_.length:
            raise exc.CompileError(
                "VARBINARY requires a length on dialect firebird; LargeBinary has no limit"
            )
        return f"VARCHAR({type_.length}) CHARACTER SET OCTETS"

    # -- dates and times

    def visit_DATETIME(self, type_: Any, **kw: Any) -> str:
        return self.visit_TIMESTAMP(type_, **kw)

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        return f"TIMESTAMP{self._zone(type_)}"

    def visit_TIME(self, type_: Any, **kw: Any) -> str:
        return f"TIME{self._zone(type_)}"

    def _zone(self, type_: Any) -> str:
        return " WITH TIME ZONE" if type_.timezone and self.dialect._has_version_4 else ""


class FBDDLCompiler(DDLCompiler):
    """
    DDL as Firebird has it.
    """

    # -- only if it is there, or not

    def _if(self, statement: str, exists: bool, table: str, column: str, name: str) -> str:
        """
        Wrap DDL in a block that runs it if a row of a system table exists, or does not.
        """
        literal = self.sql_compiler.render_literal_value
        string = self._string_type
        word = "" if exists else "NOT "
        found = f"SELECT 1 FROM {table} WHERE {column} = {literal(self._stored_name(name), string)}"
        ddl = literal(statement.strip(), string)
        return f"{DDL_BLOCK}{word}EXISTS({found})) THEN\nEXECUTE STATEMENT {ddl};\nEND"

    @property
    def _string_type(self) -> Any:
        from relvar.types import STRINGTYPE

        return STRINGTYPE

    def _stored_name(self, name: Any) -> str:
        """
        Return a name as the system tables have it.
        """
        quoted = self.preparer.quote(name)
        return str(name) if quoted.startswith('"') else str(name).upper()

    def _relation(self, statement: str, table: Any, exists: bool) -> str:
        return self._if(statement, exists, "rdb$relations", "rdb$relation_name", table.name)

    def visit_create_table(self, create: Any, **kw: Any) -> str:
        if not create.if_not_exists:
            return super().visit_create_table(create, **kw)
        plain = _without(create, "if_not_exists")
        return self._relation(super().visit_create_table(plain, **kw), create.element, False)

    def visit_drop_table(self, drop: Any, **kw: Any) -> str:
        if not drop.if_exists:
            return super().visit_drop_table(drop, **kw)
        return self._relation(super().visit_drop_table(_without(drop, "if_exists"), **kw), drop.element, True)

    def visit_create_sequence(self, create: Any, prefix: str | None = None, **kw: Any) -> str:
        plain = _without(create, "if_not_exists")
        text = super().visit_create_sequence(plain, prefix, **kw)
        return self._sequence(text, create.element, False) if create.if_not_exists else text

    def visit_drop_sequence(self, drop: Any, **kw: Any) -> str:
        text = super().visit_drop_sequence(_without(drop, "if_exists"), **kw)
        return self._sequence(text, drop.element, True) if drop.if_exists else text

    def _sequence(self, statement: str, sequence: Any, exists: bool) -> str:
        return self._if(statement, exists, "rdb$generators", "rdb$generator_name", sequence.name)

    def visit_drop_index(self, drop: Any, **kw: Any) -> str:
        text = super().visit_drop_index(_without(drop, "if_exists"), **kw)
        return self._index(text, drop.element, True) if drop.if_exists else text

    def _index(self, statement: str, index: Any, exists: bool) -> str:
        return self._if(statement, exists, "rdb$indices", "rdb$index_name", index.name)

    # -- tables

    def post_create_table(self, table: Any) -> str:
        on_commit = table.dialect_options["firebird"]["on_commit"]
        return f"\n ON COMMIT {on_commit.replace('_', ' ').upper()}" if on_commit else ""

    def get_column_specification(self, column: Any, **kwargs: Any) -> str:
        type_text = self.dialect.type_compiler_instance.process(column.type, type_expression=column)
        # behind all the rest
        type_text, collation = split_collation(type_text, column.type, self.dialect)
        text = f"{self.preparer.format_column(column)} {type_text}"
        if column.computed is not None:
            # its type is that of the expression
            return f"{self.preparer.format_column(column)} {self.process(column.computed)}"
        default = self.get_column_default_string(column)
        if default is not None:
            text += f" DEFAULT {default}"
        if column.identity is not None and self.dialect.supports_identity_columns:
            text += f" {self.process(column.identity)}"
        elif self._is_numbered(column):
            text += " GENERATED BY DEFAULT AS IDENTITY"
        if not column.nullable:
            text += " NOT NULL"
        return f"{text}{collation}"

    def _is_numbered(self, column: Any) -> bool:
        """
        Tell whether Firebird is to number the rows in a key that says nothing of how.
        """
        return bool(
            self.dialect.supports_identity_columns
            and column.table is not None
            and column is column.table._autoincrement_column
            and column.server_default is None
            and (column.default is None or (column.default.is_sequence and column.default.optional))
        )

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        if generated.persisted is True:
            raise exc.CompileError(
                "Firebird computes columns when they are read; set 'persisted' to None or False"
            )
        return f"GENERATED ALWAYS AS ({self._ddl_sql(generated.sqltext)})"

    def visit_identity_column(self, identity: Any, **kw: Any) -> str:
        if identity.always and not self.dialect._has_version_4:
            raise exc.CompileError(
                "GENERATED ALWAYS AS IDENTITY needs Firebird 4 or later; Firebird 3 has "
                "Identity(always=False)"
            )
        return super().visit_identity_column(identity, **kw)

    def visit_create_table_as(self, element: Any, **kw: Any) -> str:
        raise exc.CompileError(
            "Firebird has no CREATE TABLE AS: create the table, then insert(table).from_select(...)"
        )

    def visit_create_view(self, element: Any, **kw: Any) -> str:
        if element.temporary or element.materialized:
            kind = "temporary" if element.temporary else "materialized"
            raise exc.CompileError(f"Firebird has no {kind} views")
        name = self.preparer.format_table(element.table)
        how = "CREATE OR ALTER" if element.or_replace else "CREATE"
        # columns that are expressions have no name otherwise
        columns = ", ".join(self.preparer.quote(column.name) for column in element.table.c)
        text = f"{how} VIEW {name} ({columns}) AS {self._inner_select(element)}"
        return self._relation(text, element.table, False) if element.if_not_exists else text

    def visit_drop_view(self, drop: Any, **kw: Any) -> str:
        text = super().visit_drop_view(_without(drop, "if_exists"), **kw)
        return self._relation(text, drop.element, True) if drop.if_exists else text

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
        options = index.dialect_options["firebird"]
        columns = [_undirected(expression) for expression in index.expressions]
        directions = {is_descending for _, is_descending in columns}
        if len(directions) > 1:
            raise exc.CompileError(
                f"Index {index.name}: an index of Firebird is descending in all columns or in none"
            )
        words = ["CREATE"]
        if index.unique:
            words.append("UNIQUE")
        if options["descending"] or True in directions:
            words.append("DESCENDING")
        words += ["INDEX", self._prepared_index_name(index), "ON", self.preparer.format_table(index.table)]
        if all(isinstance(expression, ColumnClause) for expression, _ in columns):
            words.append(f"({', '.join(self._ddl_sql(expression) for expression, _ in columns)})")
        elif len(columns) > 1:
            raise exc.CompileError(
                f"Index {index.name}: an index of Firebird has columns, or one expression; combine "
                "them: a || b"
            )
        else:
            words.append(f"COMPUTED BY ({self._ddl_sql(columns[0][0])})")
        if options["where"] is not None:
            if not self.dialect._has_version_5:
                raise exc.CompileError(f"Index {index.name}: firebird_where needs Firebird 5 or later")
            words.append(f"WHERE {self._ddl_sql(options['where'])}")
        text = " ".join(words)
        return self._index(text, index, False) if create.if_not_exists else text

    # -- sequences

    def get_identity_options(self, identity_options: Any) -> str:
        for name, words in (("minvalue", "MINVALUE"), ("maxvalue", "MAXVALUE"), ("cache", "CACHE")):
            if getattr(identity_options, name) is not None:
                raise exc.CompileError(
                    f"A sequence of Firebird has no {words}: it has START WITH and INCREMENT BY"
                )
        if identity_options.cycle:
            raise exc.CompileError("A sequence of Firebird has no CYCLE")
        start, increment = identity_options.start, identity_options.increment
        is_identity = identity_options.__visit_name__ == "identity_column"
        if increment == 1 and is_identity:
            # it is; Firebird 3 takes no other, and no word about it
            increment = None
        text = []
        if start is not None:
            if not self.dialect._has_version_4:
                # Firebird 3 adds the increment before it gives the first number
                start -= 1 if increment is None else increment
            text.append(f"START WITH {start:d}")
        if increment is not None:
            if is_identity and not self.dialect._has_version_4:
                raise exc.CompileError("Identity(increment=...) needs Firebird 4 or later; use a Sequence")
            text.append(f"INCREMENT BY {increment:d}")
        return " ".join(text)

    # -- constraints

    def define_constraint_deferrability(self, constraint: Any) -> str:
        if constraint.deferrable or constraint.initially is not None:
            raise exc.CompileError("Firebird has no deferrable constraints")
        return ""


def _without(element: Any, flag: str) -> Any:
    """
    Return a DDL element without one of its flags.
    """
    if not getattr(element, flag):
        return element
    made = element.__class__.__new__(element.__class__)
    made.__dict__.update(element.__dict__)
    setattr(made, flag, False)
    return made


def _undirected(expression: Any) -> tuple[Any, bool]:
    """
    Return what an expression of an index orders by, and whether it is descending.
    """
    modifier = getattr(expression, "modifier", None)
    if modifier in (operators.desc_op, operators.asc_op):
        return expression.element, modifier is operators.desc_op
    return expression, False
