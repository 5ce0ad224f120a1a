"""
The text of statements that only Redshift has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from relvar.compile.ddl import DDLCompiler
from relvar_redshift.attributes import table_attributes
from relvar_redshift.commands import Option
from relvar_redshift.credentials import credentials_text

__all__ = ["CommandCompiler"]


class CommandCompiler(DDLCompiler):
    """
    The rules for loading, unloading, materialized views and external tables.
    """

    def _named(self, element: Any) -> str:
        name = self.preparer.quote(element.name)
        return name if element.schema is None else f"{self.preparer.quote_schema(element.schema)}.{name}"

    def _query(self, selectable: Any) -> str:
        return self.sql_compiler.process(selectable, literal_binds=True)  # type: ignore[no-any-return]  # text

    def _words(self, options: Iterable[Option]) -> list[str]:
        return [
            word if value is None else f"{word} {value if isinstance(value, int) else self._literal(value)}"
            for word, value in options
        ]

    def _authorized(self, element: Any) -> str:
        return credentials_text(element.credentials, self._literal)

    def visit_redshift_copy(self, element: Any, **kw: Any) -> str:
        """Render COPY."""
        words = [f"COPY {self.preparer.format_table(element.table)}"]
        if element.columns:
            words.append(f"({', '.join(self.preparer.format_column(column) for column in element.columns)})")
        words += [f"FROM {self._literal(element.data_location)}", self._authorized(element)]
        if element.format is not None:
            words.append(f"FORMAT AS {element.format.value}")
            if element.path_file is not None:
                words.append(self._literal(element.path_file))
        return " ".join([*words, *self._words(element.words)])

    def visit_redshift_unload(self, element: Any, **kw: Any) -> str:
        """Render UNLOAD; the query is a string there."""
        words = [f"UNLOAD ({self._literal(self._query(element.select))})"]
        words += [f"TO {self._literal(element.unload_location)}", self._authorized(element)]
        if element.format is not None:
            words.append(f"FORMAT AS {element.format.value}")
        if element.partition_by:
            words.append(f"PARTITION BY ({', '.join(map(self.preparer.quote, element.partition_by))})")
        return " ".join([*words, *self._words(element.words)])

    def visit_redshift_append(self, element: Any, **kw: Any) -> str:
        """Render ALTER TABLE ... APPEND."""
        source, target = map(self.preparer.format_table, (element.source, element.target_table))
        return " ".join([f"ALTER TABLE {target} APPEND FROM {source}", *self._words(element.words)])

    def visit_redshift_library(self, element: Any, **kw: Any) -> str:
        """Render CREATE LIBRARY."""
        replace = "OR REPLACE " if element.replace else ""
        words = [f"CREATE {replace}LIBRARY {self.preparer.quote(element.library_name)} LANGUAGE PLPYTHONU"]
        words += [f"FROM {self._literal(element.location)}", self._authorized(element)]
        return " ".join([*words, *self._words(element.words)])

    # -- materialized views

    def visit_redshift_create_materialized(self, element: Any, **kw: Any) -> str:
        """Render CREATE MATERIALIZED VIEW."""
        words = [f"CREATE MATERIALIZED VIEW {self._named(element)}"]
        if not element.backup:
            words.append("BACKUP NO")
        words += table_attributes(self.preparer, element.attributes)
        if element.auto_refresh:
            words.append("AUTO REFRESH YES")
        return f"{' '.join(words)} AS {self._query(element.selectable)}"

    def visit_redshift_drop_materialized(self, element: Any, **kw: Any) -> str:
        """Render DROP MATERIALIZED VIEW."""
        exists = "IF EXISTS " if element.if_exists else ""
        return f"DROP MATERIALIZED VIEW {exists}{self._named(element)}{' CASCADE' if element.cascade else ''}"

    def visit_redshift_refresh(self, element: Any, **kw: Any) -> str:
        """Render REFRESH MATERIALIZED VIEW."""
        return f"REFRESH MATERIALIZED VIEW {self._named(element)}"

    # -- external tables

    def _properties(self, properties: Mapping[str, str]) -> str:
        return ", ".join(
            f"{self._literal(name)}={self._literal(value)}" for name, value in properties.items()
        )

    def visit_redshift_external_schema(self, element: Any, **kw: Any) -> str:
        """Render CREATE EXTERNAL SCHEMA."""
        exists = "IF NOT EXISTS " if element.if_not_exists else ""
        words = [f"CREATE EXTERNAL SCHEMA {exists}{self.preparer.quote(element.name)} FROM DATA CATALOG"]
        words.append(f"DATABASE {self._literal(element.database)}")
        if element.region is not None:
            words.append(f"REGION {self._literal(element.region)}")
        words.append(credentials_text((("IAM_ROLE", element.iam_role),), self._literal))
        if element.create_database:
            words.append("CREATE EXTERNAL DATABASE IF NOT EXISTS")
        return " ".join(words)

    def visit_redshift_external_table(self, element: Any, **kw: Any) -> str:
        """Render CREATE EXTERNAL TABLE."""
        inside = [column for column in element.table.c if column.name not in element.partitioned_by]
        words = [f"CREATE EXTERNAL TABLE {self.preparer.format_table(element.table)} ({self._typed(inside)})"]
        if element.partitioned_by:
            keys = [element.table.c[name] for name in element.partitioned_by]
            words.append(f"PARTITIONED BY ({self._typed(keys)})")
        ends = [
            f"{what} TERMINATED BY {self._literal(value)}"
            for what, value in element.delimiters.items()
            if value
        ]
        if ends:
            words.append(f"ROW FORMAT DELIMITED {' '.join(ends)}")
        if element.serde is not None:
            words.append(f"ROW FORMAT SERDE {self._literal(element.serde)}")
            if element.serde_properties:
                words.append(f"WITH SERDEPROPERTIES ({self._properties(element.serde_properties)})")
        words += [f"STORED AS {element.stored_as}", f"LOCATION {self._literal(element.location)}"]
        if element.properties:
            words.append(f"TABLE PROPERTIES ({self._properties(element.properties)})")
        return " ".join(words)

    def _typed(self, columns: Iterable[Any]) -> str:
        return ", ".join(
            f"{self.preparer.format_column(column)} {self.type_compiler.process(column.type)}"
            for column in columns
        )
