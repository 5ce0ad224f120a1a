"""
What MariaDB tells otherwise than it was declared.
"""

from __future__ import annotations

from relvar import Engine, MetaData, column, func, select, table, types

__all__ = ["restore_json"]

_CHECKS = table(
    "CHECK_CONSTRAINTS",
    *(
        column(name)
        for name in ("CONSTRAINT_SCHEMA", "TABLE_NAME", "CONSTRAINT_NAME", "CHECK_CLAUSE", "LEVEL")
    ),
    schema="information_schema",
)


def restore_json(metadata: MetaData, engine: Engine) -> None:
    """
    Make JSON of what MariaDB makes of it: a LONGTEXT with a condition that belongs to the column.

    Source: https://mariadb.com/kb/en/json-data-type/
    """
    if not getattr(engine.dialect, "is_mariadb", False):
        return
    checks = select(_CHECKS.c.CONSTRAINT_SCHEMA, _CHECKS.c.TABLE_NAME, _CHECKS.c.CONSTRAINT_NAME).where(
        _CHECKS.c.LEVEL == "Column",
        _CHECKS.c.CHECK_CLAUSE
        == func.concat("json_valid(`", func.replace(_CHECKS.c.CONSTRAINT_NAME, "`", "``"), "`)"),
    )
    with engine.connect() as connection:
        usual = connection.scalar(select(func.database()))
        found = {tuple(row) for row in connection.execute(checks)}
    for described in metadata.tables.values():
        for item in described.c:
            is_json = (described.schema or usual, described.name, item.name) in found
            # JSON is of this collation; a LONGTEXT that is checked by its owner stays one
            if is_json and getattr(item.type, "collation", None) == "utf8mb4_bin":
                item.type = types.JSON()
