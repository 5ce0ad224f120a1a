"""
DDL of Oracle Database, and the spelling of its types.
"""

from __future__ import annotations

from typing import Any

from relvar import exc
from relvar.compile.ddl import DDLCompiler
from relvar.compile.typesql import GenericTypeCompiler
from relvar.dialects.oracle.vector import VectorIndexConfig
from relvar.util.warning import warn

__all__ = ["OracleDDLCompiler", "OracleTypeCompiler"]

# how many binary digits a decimal one takes: log2(10) is 1 / 0.30103
_DECIMAL_DIGIT = 0.30103


class OracleTypeCompiler(GenericTypeCompiler):
    """
    Types as Oracle Database spells them.
    """

    def visit_datetime(self, type_: Any, **kw: Any) -> str:
        return self.visit_DATE(type_, **kw)

    def visit_float(self, type_: Any, **kw: Any) -> str:
        return self.visit_FLOAT(type_, **kw)

    def visit_double(self, type_: Any, **kw: Any) -> str:
        return self.visit_DOUBLE_PRECISION(type_, **kw)

    def visit_unicode(self, type_: Any, **kw: Any) -> str:
        if self.dialect._use_nchar_for_unicode:
            return self.visit_NVARCHAR2(type_, **kw)
        return self.visit_VARCHAR2(type_, **kw)

    def visit_string(self, type_: Any, **kw: Any) -> str:
        return self.visit_VARCHAR2(type_, **kw)

    def visit_text(self, type_: Any, **kw: Any) -> str:
        return self.visit_CLOB(type_, **kw)

    def visit_unicode_text(self, type_: Any, **kw: Any) -> str:
        if self.dialect._use_nchar_for_unicode:
            return self.visit_NCLOB(type_, **kw)
        return self.visit_CLOB(type_, **kw)

    def visit_large_binary(self, type_: Any, **kw: Any) -> str:
        return self.visit_BLOB(type_, **kw)

    def visit_big_integer(self, type_: Any, **kw: Any) -> str:
        return self.visit_NUMBER(type_, precision=19, **kw)

    def visit_boolean(self, type_: Any, **kw: Any) -> str:
        if self.dialect.supports_native_boolean:
            return self.visit_BOOLEAN(type_, **kw)
        return self.visit_SMALLINT(type_, **kw)

    def visit_INTERVAL(self, type_: Any, **kw: Any) -> str:
        days = "" if type_.day_precision is None else f"({type_.day_precision})"
        seconds = "" if type_.second_precision is None else f"({type_.second_precision})"
        return f"INTERVAL DAY{days} TO SECOND{seconds}"

    def visit_LONG(self, type_: Any, **kw: Any) -> str:
        return "LONG"

    def visit_TIMESTAMP(self, type_: Any, **kw: Any) -> str:
        if getattr(type_, "local_timezone", False):
            return "TIMESTAMP WITH LOCAL TIME ZONE"
        return "TIMESTAMP WITH TIME ZONE" if type_.timezone else "TIMESTAMP"

    # -- numbers

    def visit_DOUBLE_PRECISION(self, type_: Any, **kw: Any) -> str:
        return self._number("DOUBLE PRECISION", type_.precision)

    def visit_BINARY_DOUBLE(self, type_: Any, **kw: Any) -> str:
        return "BINARY_DOUBLE"

    def visit_BINARY_FLOAT(self, type_: Any, **kw: Any) -> str:
        return "BINARY_FLOAT"

    def visit_FLOAT(self, type_: Any, **kw: Any) -> str:
        """
        Render ``FLOAT(binary digits)``.

        Raises:
            ArgumentError: The type has decimal digits only.
        """
        binary = getattr(type_, "binary_precision", None)
        if binary is None and type_.precision is not None:
            name = f"{type(type_).__name__}(precision={type_.precision})"
            estimate = int(type_.precision / _DECIMAL_DIGIT)
            raise exc.ArgumentError(
                "Oracle Database FLOAT types use 'binary precision', which does not convert cleanly from "
                "decimal 'precision'.  Please specify this type with a separate Oracle Database variant, "
                f"such as {name}.with_variant(oracle.FLOAT(binary_precision={estimate}), 'oracle'), so that "
                "the Oracle Database specific 'binary_precision' may be specified accurately."
            )
        return self._number("FLOAT", binary)

    def visit_NUMBER(self, type_: Any, precision: int | None = None, **kw: Any) -> str:
        if precision is not None:
            return self._number("NUMBER", precision)
        return self._number("NUMBER", type_.precision, type_.scale)

    @staticmethod
    def _number(name: str, precision: int | None, scale: int | None = None) -> str:
        if precision is None:
            return name
        return f"{name}({precision})" if scale is None else f"{name}({precision}, {scale})"

    # -- text and bytes

    def visit_VARCHAR2(self, type_: Any, **kw: Any) -> str:
        return self._characters("VARCHAR2", type_)

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return self._characters("VARCHAR", type_)

    def visit_NVARCHAR2(self, type_: Any, **kw: Any) -> str:
        # always in characters
        return f"NVARCHAR2({type_.length})" if type_.length else "NVARCHAR2"

    def visit_NVARCHAR(self, type_: Any, **kw: Any) -> str:
        return self.visit_NVARCHAR2(type_, **kw)

    def _characters(self, name: str, type_: Any) -> str:
        """
        Return a type with its length in characters, not in bytes.
        """
        if not type_.length:
            return name
        unit = " CHAR" if self.dialect._supports_char_length else ""
        return f"{name}({type_.length}{unit})"

    def visit_RAW(self, type_: Any, **kw: Any) -> str:
        return f"RAW({type_.length})" if type_.length else "RAW"

    def visit_ROWID(self, type_: Any, **kw: Any) -> str:
        return "ROWID"

    def visit_BFILE(self, type_: Any, **kw: Any) -> str:
        return "BFILE"

    def visit_JSON(self, type_: Any, **kw: Any) -> str:
        as_bytes = getattr(type_, "use_blob", None)
        if as_bytes is None:
            as_bytes = not self.dialect._supports_oracle_json
        return self.visit_BLOB(type_, **kw) if as_bytes else "JSON"

    def visit_VECTOR(self, type_: Any, **kw: Any) -> str:
        parts = (
            type_.dim,
            type_.storage_format and type_.storage_format.value,
            type_.storage_type and type_.storage_type.value,
        )
        return f"VECTOR({','.join('*' if part is None else str(part) for part in parts)})"


class OracleDDLCompiler(DDLCompiler):
    """
    DDL as Oracle Database has it.
    """

    def define_constraint_cascades(self, constraint: Any) -> str:
        if constraint.onupdate is not None:
            warn(
                "Oracle Database does not contain native UPDATE CASCADE functionality - onupdates will not "
                "be rendered for foreign keys.  Consider using deferrable=True, initially='deferred' or "
                "triggers."
            )
        if constraint.ondelete is None:
            return ""
        return self.define_constraint_ondelete_cascade(constraint)

    def visit_drop_table_comment(self, drop: Any, **kw: Any) -> str:
        return f"COMMENT ON TABLE {self.preparer.format_table(drop.element)} IS ''"

    def visit_create_index(
        self,
        create: Any,
        include_schema: bool = True,
        include_table_schema: bool = True,
        **kw: Any,
    ) -> str:
        index = create.element
        self._verify_index_table(index)
        options = index.dialect_options["oracle"]
        vector = VectorIndexConfig() if options["vector"] is True else options["vector"]
        words = ["CREATE"]
        if index.unique:
            words.append("UNIQUE")
        if options["bitmap"]:
            words.append("BITMAP")
        if vector:
            words.append("VECTOR")
        words.append("INDEX")
        if create.if_not_exists:
            words.append("IF NOT EXISTS")
        words.append(self._prepared_index_name(index, include_schema=include_schema))
        words.append("ON")
        words.append(self.preparer.format_table(index.table, use_schema=include_table_schema))
        words.append(f"({', '.join(self._ddl_sql(expression) for expression in index.expressions)})")
        compress = options["compress"]
        if compress is not False:
            words.append("COMPRESS" if compress is True else f"COMPRESS {compress:d}")
        if vector:
            words.append(vector._text())
        return " ".join(words)

    def post_create_table(self, table: Any) -> str:
        options = table.dialect_options["oracle"]
        lines = []
        if options["on_commit"]:
            lines.append(f"ON COMMIT {options['on_commit'].replace('_', ' ').upper()}")
        if options["compress"]:
            kind = options["compress"]
            lines.append("COMPRESS" if kind is True else f"COMPRESS FOR {kind}")
        if options["tablespace"]:
            lines.append(f"TABLESPACE {self.preparer.quote(options['tablespace'])}")
        return "".join(f"\n {line}" for line in lines)

    def get_identity_options(self, identity_options: Any) -> str:
        text = super().get_identity_options(identity_options)
        for words in ("NO MINVALUE", "NO MAXVALUE", "NO CYCLE"):
            text = text.replace(words, words.replace(" ", ""))
        order = identity_options.order
        if order is not None:
            text = f"{text} {'ORDER' if order else 'NOORDER'}"
        return text.strip()

    def visit_computed_column(self, generated: Any, **kw: Any) -> str:
        if generated.persisted is True:
            raise exc.CompileError(
                "Oracle Database computed columns do not support 'stored' persistence; set the 'persisted' "
                "flag to None or False for Oracle Database support."
            )
        text = f"GENERATED ALWAYS AS ({self._ddl_sql(generated.sqltext)})"
        return f"{text} VIRTUAL" if generated.persisted is False else text

    def visit_identity_column(self, identity: Any, **kw: Any) -> str:
        if identity.always is None:
            kind = ""
        else:
            kind = "ALWAYS" if identity.always else "BY DEFAULT"
        text = f"GENERATED {kind}"
        if identity.on_null:
            text += " ON NULL"
        text += " AS IDENTITY"
        options = self.get_identity_options(identity)
        return f"{text} ({options})" if options else text
