"""
Materialized views and external tables, as statements.

>>> from relvar import column, select, table
>>> from relvar_redshift import CreateMaterializedView, RefreshMaterializedView
>>> events = table("events", column("id"))
>>> print(CreateMaterializedView("recent", select(events), distkey="id", auto_refresh=True))
CREATE MATERIALIZED VIEW recent DISTKEY (id) AUTO REFRESH YES AS SELECT events.id
FROM events
>>> print(RefreshMaterializedView("recent"))
REFRESH MATERIALIZED VIEW recent
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar_redshift.commands import RedshiftCommand

__all__ = [
    "CreateExternalSchema",
    "CreateExternalTable",
    "CreateMaterializedView",
    "DropMaterializedView",
    "RefreshMaterializedView",
]


class CreateMaterializedView(RedshiftCommand):
    """
    ``CREATE MATERIALIZED VIEW``.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
    """

    __visit_name__ = "redshift_create_materialized"

    def __init__(
        self,
        name: str,
        selectable: Any,
        backup: bool = True,
        diststyle: str | None = None,
        distkey: Any = None,
        sortkey: Any = None,
        interleaved_sortkey: Any = None,
        schema: str | None = None,
        auto_refresh: bool = False,
    ) -> None:
        self.name, self.schema, self.selectable = name, schema, selectable
        self.backup, self.auto_refresh = backup, auto_refresh
        self.attributes = {
            "diststyle": diststyle,
            "distkey": distkey,
            "sortkey": sortkey,
            "interleaved_sortkey": interleaved_sortkey,
        }


class DropMaterializedView(RedshiftCommand):
    """
    ``DROP MATERIALIZED VIEW``.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-drop-sql-command.html
    """

    __visit_name__ = "redshift_drop_materialized"

    def __init__(
        self, name: str, if_exists: bool = False, cascade: bool = False, schema: str | None = None
    ) -> None:
        self.name, self.schema, self.if_exists, self.cascade = name, schema, if_exists, cascade


class RefreshMaterializedView(RedshiftCommand):
    """
    ``REFRESH MATERIALIZED VIEW``.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-refresh-sql-command.html
    """

    __visit_name__ = "redshift_refresh"

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name, self.schema = name, schema


class CreateExternalSchema(RedshiftCommand):
    """
    ``CREATE EXTERNAL SCHEMA ... FROM DATA CATALOG``: a database of AWS Glue as a schema.

    Args:
        iam_role: The ARN of a role, or "default".
        create_database: Make the database in the catalog if it is not there.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
    """

    __visit_name__ = "redshift_external_schema"

    def __init__(
        self,
        name: str,
        database: str,
        iam_role: str,
        region: str | None = None,
        create_database: bool = False,
        if_not_exists: bool = False,
    ) -> None:
        self.name, self.database, self.iam_role, self.region = name, database, iam_role, region
        self.create_database, self.if_not_exists = create_database, if_not_exists


class CreateExternalTable(RedshiftCommand):
    """
    ``CREATE EXTERNAL TABLE``: files at S3 as a table; it cannot be run within a transaction.

    Args:
        table: A `Table` in an external schema.
        location: Where its files are: ``s3://...``.
        stored_as: "PARQUET", "TEXTFILE", "ORC", "AVRO", "RCFILE" or "SEQUENCEFILE".
        partitioned_by: Names of the columns that are in the paths of the files, not within them.
        fields_terminated_by: What ends a field of a TEXTFILE.
        serde: The class that reads the files, with *serde_properties*.
        properties: TABLE PROPERTIES.

    Source: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html
    """

    __visit_name__ = "redshift_external_table"

    def __init__(
        self,
        table: Any,
        location: str,
        stored_as: str = "PARQUET",
        partitioned_by: Sequence[str] = (),
        fields_terminated_by: str | None = None,
        lines_terminated_by: str | None = None,
        serde: str | None = None,
        serde_properties: Mapping[str, str] | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        formats = ("PARQUET", "TEXTFILE", "ORC", "AVRO", "RCFILE", "SEQUENCEFILE")
        if stored_as.upper() not in formats:
            raise ValueError(f"stored_as is one of {', '.join(formats)}, not {stored_as!r}")
        if table.schema is None:
            raise ValueError(
                f"An external table is in an external schema: Table({table.name!r}, ..., schema=...)"
            )
        if serde is not None and (fields_terminated_by or lines_terminated_by):
            raise ValueError("Rows are read by a serde, or are delimited: not both")
        missing = [name for name in partitioned_by if name not in table.c]
        if missing:
            raise ValueError(f"{table.name!r} has no column {missing[0]!r} to be partitioned by")
        self.table, self.location, self.stored_as = table, location, stored_as.upper()
        self.partitioned_by = tuple(partitioned_by)
        self.delimiters = {"FIELDS": fields_terminated_by, "LINES": lines_terminated_by}
        self.serde, self.serde_properties = serde, dict(serde_properties or {})
        self.properties = dict(properties or {})
