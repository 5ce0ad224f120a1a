"""
Fill ``sys`` views with the rows that SQL Server has for tables, as Microsoft's documentation defines them.

A method per part of a CREATE TABLE.  Where a rule is not in the page of the view itself, its page is named.

Source: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/, a page per view.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from mssql_documented import TYPES  # beside this file, not a package

# the others are numbers or flags, for which 0 is "no" or "none"
_NULL = {"principal_id", "history_table_id", "cache_size", "last_value"}
# types that H2 has otherwise: a tinyint goes to 127, and a char is compared with its blanks
_OTHERWISE = {"tinyint": "smallint", "char(2)": "varchar(2)"}
_NUMBERS = ("int", "bit", "tinyint", "smallint")

# name -> system_type_id, max_length, precision, scale.
# https://learn.microsoft.com/sql/relational-databases/system-compatibility-views/sys-systypes-transact-sql
_SYSTEM_TYPES = {
    "xml": (241, -1, 0, 0),
    "int": (56, 4, 10, 0),
    "bigint": (127, 8, 19, 0),
    "decimal": (106, 17, 38, 38),
    "datetime2": (42, 8, 27, 7),
    "varchar": (167, 8000, 0, 0),
    "nvarchar": (231, 8000, 0, 0),
    "nchar": (239, 8000, 0, 0),
}
# types of the CLR have one system type, which none is named after; sysname is made of nvarchar
_USER_TYPES = {"geography": (240, 130), "sysname": (231, 256), "Phone": (231, 257)}

_INDEX_TYPES = {
    "HEAP": 0,
    "CLUSTERED": 1,
    "NONCLUSTERED": 2,
    "XML": 3,
    "CLUSTERED COLUMNSTORE": 5,
    "NONCLUSTERED COLUMNSTORE": 6,
}
_ACTIONS = {"NO_ACTION": 0, "CASCADE": 1, "SET_NULL": 2, "SET_DEFAULT": 3}


class CatalogRows:
    """
    The catalog of one database.

    Args:
        connection: Of the driver, to an empty database that has the types of SQL Server.
        schemas: Names; ``dbo`` is the first.
    """

    def __init__(self, connection: Any, schemas: Sequence[str] = ("dbo",)) -> None:
        self.connection = connection
        self.columns: dict[tuple[int, str], int] = {}
        self._object_id = 1000
        self._index_ids: dict[int, int] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {view: [] for view in TYPES}
        script = [
            # a word of H2's, and a column of sys.extended_properties
            "SET NON_KEYWORDS VALUE",
            "CREATE SCHEMA sys",
            # names are compared as by the collation that a server has usually
            "CREATE DOMAIN sysname AS VARCHAR_IGNORECASE(128)",
            "CREATE DOMAIN sql_variant AS VARCHAR(8000)",
        ]
        for view, types in TYPES.items():
            columns = ", ".join(f"[{name}] {_OTHERWISE.get(type_, type_)}" for name, type_ in types.items())
            script.append(f"CREATE TABLE sys.{view} ({columns})")
        connection.execute("; ".join(script))
        self.schemas = {name: number for number, name in enumerate(schemas, 1)}
        for name, number in self.schemas.items():
            self._add("schemas", name=name, schema_id=number)
        for name, (number, length, precision, scale) in _SYSTEM_TYPES.items():
            self._add(
                "types",
                name=name,
                system_type_id=number,
                user_type_id=number,
                max_length=length,
                precision=precision,
                scale=scale,
            )
        for name, (system, user) in _USER_TYPES.items():
            self._add("types", name=name, system_type_id=system, user_type_id=user, is_user_defined=1)

    def _add(self, view: str, **facts: Any) -> None:
        row: dict[str, Any] = {}
        for column, type_ in TYPES[view].items():
            usual: Any = 0 if type_ in _NUMBERS and column not in _NULL else None
            row[column] = dt.datetime(2024, 5, 6) if type_ == "datetime" else usual
        assert facts.keys() <= row.keys(), facts
        self._rows[view].append(row | facts)

    def write(self) -> None:
        """Put the rows that are new into the views."""
        for view, rows in self._rows.items():
            if rows:
                names = ", ".join(f"[{name}]" for name in rows[0])
                marks = ", ".join(["(" + ", ".join(["%s"] * len(rows[0])) + ")"] * len(rows))
                values = [value for row in rows for value in row.values()]
                self.connection.execute(f"INSERT INTO sys.{view} ({names}) VALUES {marks}", values)
                rows.clear()
        self.connection.commit()

    def _add_object(
        self, view: str, name: str, type_: str, schema: str, parent: int = 0, **facts: Any
    ) -> int:
        """Add what is both an object and a row of a view of its own."""
        self._object_id += 1
        shared = {
            "name": name,
            "object_id": self._object_id,
            "schema_id": self.schemas[schema],
            "parent_object_id": parent,
            "type": type_,
        }
        shipped = facts.pop("is_ms_shipped", 0)
        self._add("objects", **shared, is_ms_shipped=shipped)
        if view != "objects":
            self._add(view, **shared, is_ms_shipped=shipped, **facts)
        return self._object_id

    # -- relations

    def table(self, name: str, schema: str = "dbo", **facts: Any) -> int:
        """CREATE TABLE name; it is a heap until it has a clustered index."""
        facts = {"durability_desc": "SCHEMA_AND_DATA", "temporal_type_desc": "NON_TEMPORAL_TABLE", **facts}
        table = self._add_object("tables", name, "U", schema, **facts)
        self._add("indexes", object_id=table, type_desc="HEAP")
        self._index_ids[table] = 1
        return table

    def view(self, name: str, definition: str, schema: str = "dbo") -> int:
        """CREATE VIEW name; a view has no heap."""
        view = self._add_object("views", name, "V", schema)
        self._add("sql_modules", object_id=view, definition=definition)
        return view

    def object(self, name: str, type_: str, schema: str = "dbo", parent: int = 0, **facts: Any) -> int:
        """CREATE something that reflection is not about."""
        return self._add_object("objects", name, type_, schema, parent, **facts)

    def sequence(self, name: str, schema: str = "dbo") -> None:
        """CREATE SEQUENCE name."""
        self._add_object("sequences", name, "SO", schema, start_value="1", increment="1")

    # -- columns

    def column(
        self,
        table: int,
        name: str,
        type_: str,
        *,
        schema: str = "dbo",
        comment: str | None = None,
        **facts: Any,
    ) -> None:
        """
        A column of CREATE TABLE.

        Args:
            facts: Columns of sys.columns, and ``default``, ``computed`` with ``is_persisted``,
                ``identity`` (seed and increment).
        """
        number = 1 + sum(owner == table for owner, _ in self.columns)
        self.columns[table, name] = number
        if type_ in _SYSTEM_TYPES:
            system, length, precision, scale = _SYSTEM_TYPES[type_]
            user = system
        else:
            (system, user), length, precision, scale = _USER_TYPES[type_], -1, 0, 0
        default, computed = facts.pop("default", None), facts.pop("computed", None)
        identity, persisted = facts.pop("identity", None), facts.pop("is_persisted", 0)
        row = {
            "object_id": table,
            "name": name,
            "column_id": number,
            "system_type_id": system,
            "user_type_id": user,
            "max_length": length,
            "precision": precision,
            "scale": scale,
            "is_nullable": 1,
            "is_identity": int(identity is not None),
            "is_computed": int(computed is not None),
            **facts,
        }
        if default is not None:
            row["default_object_id"] = self._add_object(
                "default_constraints",
                f"df_{name}",
                "D",
                schema,
                table,
                parent_column_id=number,
                definition=default,
            )
        self._add("columns", **row)
        if computed is not None:
            self._add("computed_columns", **row, definition=computed, is_persisted=persisted)
        if identity is not None:
            seed, increment = identity
            self._add("identity_columns", **row, seed_value=str(seed), increment_value=str(increment))
        if comment is not None:
            self.comment(table, comment, number)

    def comment(
        self, owner: int, text: str, minor: int = 0, *, class_: int = 1, name: str = "MS_Description"
    ) -> None:
        """
        EXEC sp_addextendedproperty.

        Args:
            owner: ``major_id``: the object; of an index its table.
            minor: The column's number (class 1), or the index's (class 7).
        """
        self._add(
            "extended_properties", major_id=owner, minor_id=minor, name=name, value=text, **{"class": class_}
        )

    # -- indexes and constraints

    def index(
        self,
        table: int,
        name: str,
        columns: Sequence[str],
        kind: str = "NONCLUSTERED",
        *,
        include: Sequence[str] = (),
        descending: Sequence[str] = (),
        **facts: Any,
    ) -> int:
        """
        CREATE INDEX name; return its number, which is 1 of a clustered one, which replaces the heap.

        Columns of a columnstore index are included ones, and have no place in a key.
        """
        if kind.startswith("CLUSTERED"):
            number = 1
            rows = self._rows["indexes"]
            rows[:] = [row for row in rows if (row["object_id"], row["index_id"]) != (table, 0)]
        elif kind == "XML":
            number = 256000
        else:
            number = self._index_ids[table] = self._index_ids.get(table, 1) + 1
        self._add(
            "indexes",
            object_id=table,
            name=name,
            index_id=number,
            type=_INDEX_TYPES[kind],
            type_desc=kind,
            has_filter=int("filter_definition" in facts),
            **facts,
        )
        is_key = kind in {"CLUSTERED", "NONCLUSTERED"}
        for place, column in enumerate([*columns, *include], 1):
            self._add(
                "index_columns",
                object_id=table,
                index_id=number,
                index_column_id=place,
                column_id=self.columns[table, column],
                key_ordinal=place if is_key and column not in include else 0,
                is_descending_key=int(column in descending),
                is_included_column=int(column in include or kind.endswith("COLUMNSTORE")),
            )
        return number

    def key(
        self, table: int, type_: str, name: str, columns: Sequence[str], kind: str, schema: str = "dbo"
    ) -> int:
        """CONSTRAINT name PRIMARY KEY (``PK``) or UNIQUE (``UQ``), with the index that enforces it."""
        number = self.index(
            table,
            name,
            columns,
            kind,
            is_unique=1,
            is_primary_key=int(type_ == "PK"),
            is_unique_constraint=int(type_ == "UQ"),
        )
        return self._add_object("key_constraints", name, type_, schema, table, unique_index_id=number)

    def check(self, table: int, name: str, definition: str, schema: str = "dbo") -> None:
        """CONSTRAINT name CHECK (definition)."""
        self._add_object("check_constraints", name, "C", schema, table, definition=definition)

    def foreign_key(
        self,
        table: int,
        name: str,
        columns: dict[str, str],
        referred: int,
        *,
        schema: str = "dbo",
        on_delete: str = "NO_ACTION",
        on_update: str = "NO_ACTION",
    ) -> None:
        """CONSTRAINT name FOREIGN KEY (keys of columns) REFERENCES referred (values of columns)."""
        key = self._add_object(
            "foreign_keys",
            name,
            "F",
            schema,
            table,
            referenced_object_id=referred,
            delete_referential_action=_ACTIONS[on_delete],
            delete_referential_action_desc=on_delete,
            update_referential_action=_ACTIONS[on_update],
            update_referential_action_desc=on_update,
        )
        for place, (column, other) in enumerate(columns.items(), 1):
            self._add(
                "foreign_key_columns",
                constraint_object_id=key,
                constraint_column_id=place,
                parent_object_id=table,
                parent_column_id=self.columns[table, column],
                referenced_object_id=referred,
                referenced_column_id=self.columns[referred, other],
            )

    def period(self, table: int, begin: str, end: str) -> None:
        """PERIOD FOR SYSTEM_TIME (begin, end)."""
        self._add(
            "periods",
            name="SYSTEM_TIME",
            period_type=1,
            object_id=table,
            start_column_id=self.columns[table, begin],
            end_column_id=self.columns[table, end],
        )
