"""
The reflection part of a dialect: what can be asked, and how the question for
many tables is answered by asking for each.

A dialect implements the ``get_...`` method for one table, or the
``get_multi_...`` method for all at once, or both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from relvar import exc


class DialectReflection:
    """
    Every reflection method of a dialect, none of them implemented.
    """

    default_schema_name: str | None

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Describe the columns of a table."""
        raise NotImplementedError()

    def get_pk_constraint(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Describe the primary key of a table."""
        raise NotImplementedError()

    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Describe the foreign keys of a table."""
        raise NotImplementedError()

    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """Describe the indexes of a table."""
        raise NotImplementedError()

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Describe the unique constraints of a table."""
        raise NotImplementedError()

    def get_check_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Describe the check constraints of a table."""
        raise NotImplementedError()

    def get_table_comment(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Give the comment of a table."""
        raise NotImplementedError()

    def get_table_options(
        self, connection: Any, table_name: str, schema: str | None = None, **kw: Any
    ) -> Any:
        """Give the dialect's own options of a table."""
        raise NotImplementedError()

    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the tables."""
        raise NotImplementedError()

    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the temporary tables."""
        raise NotImplementedError()

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the views."""
        raise NotImplementedError()

    def get_materialized_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the materialized views."""
        raise NotImplementedError()

    def get_temp_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the temporary views."""
        raise NotImplementedError()

    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """List the sequences."""
        raise NotImplementedError()

    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """List the schemas."""
        raise NotImplementedError()

    def get_view_definition(
        self, connection: Any, view_name: str, schema: str | None = None, **kw: Any
    ) -> str:
        """Give the SELECT of a view."""
        raise NotImplementedError()

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether a table or view exists."""
        raise NotImplementedError()

    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Tell whether a sequence exists."""
        raise NotImplementedError()

    def has_index(
        self, connection: Any, table_name: str, index_name: str, schema: str | None = None, **kw: Any
    ) -> bool:
        """Tell whether a table has an index of this name."""
        if not self.has_table(connection, table_name, schema=schema, **kw):
            return False
        return any(
            index["name"] == index_name for index in self.get_indexes(connection, table_name, schema, **kw)
        )

    def has_schema(self, connection: Any, schema_name: str, **kw: Any) -> bool:
        """Tell whether a schema exists."""
        return schema_name in self.get_schema_names(connection, **kw)

    def has_multi_table(
        self, connection: Any, table_names: Collection[str], schema: str | None = None, **kw: Any
    ) -> dict[tuple[str | None, str], bool]:
        """Tell of each table whether it exists."""
        return {(schema, name): self.has_table(connection, name, schema=schema, **kw) for name in table_names}

    def _multi(
        self,
        single: Any,
        connection: Any,
        schema: str | None,
        filter_names: Collection[str] | None,
        kw: dict[str, Any],
    ) -> Iterator[tuple[tuple[str | None, str], Any]]:
        """Ask *single* for each table there is, or each of *filter_names*."""
        scope, kind = kw.pop("scope", None), kw.pop("kind", None)
        names: list[str] = []
        if filter_names and scope is None and kind is None:
            names = list(filter_names)
        else:
            names = self._names_of(connection, schema, scope, kind, kw)
            if filter_names:
                wanted = set(filter_names)
                names = [name for name in names if name in wanted]
        self._expect(single.__name__, connection, schema, names, kw)
        for name in names:
            try:
                yield (schema, name), single(connection, name, schema=schema, **kw)
            except exc.UnreflectableTableError as err:
                if (unreflectable := kw.get("unreflectable")) is not None:
                    unreflectable[(schema, name)] = err
            except exc.NoSuchTableError:
                continue

    def _expect(
        self, question: str, connection: Any, schema: str | None, names: Collection[str], kw: dict[str, Any]
    ) -> None:
        """Get ready to be asked *question* about each of these tables."""

    def _names_of(
        self, connection: Any, schema: str | None, scope: Any, kind: Any, kw: dict[str, Any]
    ) -> list[str]:
        """List tables and views as *kind* and *scope* (flags, by name) say."""
        kinds = _flag_names(kind) or {"TABLE"}
        scopes = _flag_names(scope) or {"DEFAULT"}
        asks = []
        if "DEFAULT" in scopes:
            asks += [
                ask
                for flag, ask in (
                    ("TABLE", self.get_table_names),
                    ("VIEW", self.get_view_names),
                    ("MATERIALIZED_VIEW", self.get_materialized_view_names),
                )
                if flag in kinds
            ]
        if "TEMPORARY" in scopes:
            asks += [
                ask
                for flag, ask in (("TABLE", self.get_temp_table_names), ("VIEW", self.get_temp_view_names))
                if flag in kinds
            ]
        names: list[str] = []
        for ask in asks:
            try:
                names.extend(ask(connection, schema=schema, **kw))
            except NotImplementedError:
                continue
        return names

    def get_multi_columns(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the columns of many tables."""
        return self._multi(self.get_columns, connection, schema, filter_names, kw)

    def get_multi_pk_constraint(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the primary keys of many tables."""
        return self._multi(self.get_pk_constraint, connection, schema, filter_names, kw)

    def get_multi_foreign_keys(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the foreign keys of many tables."""
        return self._multi(self.get_foreign_keys, connection, schema, filter_names, kw)

    def get_multi_indexes(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the indexes of many tables."""
        return self._multi(self.get_indexes, connection, schema, filter_names, kw)

    def get_multi_unique_constraints(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the unique constraints of many tables."""
        return self._multi(self.get_unique_constraints, connection, schema, filter_names, kw)

    def get_multi_check_constraints(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Describe the check constraints of many tables."""
        return self._multi(self.get_check_constraints, connection, schema, filter_names, kw)

    def get_multi_table_comment(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Give the comments of many tables."""
        return self._multi(self.get_table_comment, connection, schema, filter_names, kw)

    def get_multi_table_options(
        self,
        connection: Any,
        *,
        schema: str | None = None,
        filter_names: Collection[str] | None = None,
        **kw: Any,
    ) -> Any:
        """Give the options of many tables."""
        return self._multi(self.get_table_options, connection, schema, filter_names, kw)


def _flag_names(flags: Any) -> set[str]:
    """Name the members of an enum flag value, or give nothing for None."""
    return (
        set() if flags is None else {member.name for member in type(flags) if member in flags and member.name}
    )
