"""
TiDB.

Sources: https://docs.pingcap.com/tidb/stable/mysql-compatibility/, https://docs.pingcap.com/tidb/stable/error-codes/,
https://docs.pingcap.com/tidb/stable/auto-random/
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from relvar import exc
from relvar import types as sqltypes
from relvar.dialects.mysql.ddl import MySQLDDLCompiler
from relvar.dialects.mysql.dialect import MySQLDialect
from relvar.schema import Column, Table

__all__ = ["TiDBVariant"]


class _DDLCompiler(MySQLDDLCompiler):
    """
    DDL for TiDB.
    """

    def get_column_specification(self, column: Any, **kw: Any) -> str:
        """Render AUTO_RANDOM in place of AUTO_INCREMENT where it is asked for."""
        bits = column.dialect_options["tidb"]["auto_random"]
        text = super().get_column_specification(column, **kw)
        if not bits:
            return text
        if not column.primary_key or not isinstance(column.type, sqltypes.BigInteger):
            raise exc.CompileError(
                f"AUTO_RANDOM is for a primary key of BigInteger, and {column.table.name}.{column.name} is "
                f"{'no primary key' if not column.primary_key else repr(column.type)} "
                "(https://docs.pingcap.com/tidb/stable/auto-random/)"
            )
        word = "AUTO_RANDOM" if bits is True else f"AUTO_RANDOM({int(bits)})"
        return text.replace(" AUTO_INCREMENT", f" {word}") if " AUTO_INCREMENT" in text else f"{text} {word}"


class TiDBVariant:
    """
    TiDB, by any driver of MySQL.

    Write conflicts are tried again by ``run()``; ``Column(..., tidb_auto_random=True)`` spreads keys over
    the servers, where AUTO_INCREMENT would have all write to one.
    """

    variant: ClassVar[str] = "tidb"
    ddl_compiler: Any = _DDLCompiler
    construct_arguments: Any = [  # read-only by convention, as in third-party dialects
        *(MySQLDialect.construct_arguments or ()),
        (Table, {}),
        (Column, {"auto_random": None}),
    ]
    is_tidb = True
    updates_by_list: bool = False

    def initialize(self, connection: Any) -> None:
        """
        Find out what the server can do.

        Raises:
            InvalidRequestError: It is no TiDB.
        """
        super().initialize(connection)  # type: ignore[misc]  # of the driver's dialect
        if not self.is_tidb:
            said = connection.exec_driver_sql("SELECT VERSION()").scalar()
            raise exc.InvalidRequestError(
                f"A URL tidb://... is for TiDB, and the server says that it is {said!r}: take mysql:// or "
                "mariadb://"
            )
        self.supports_sequences = True

    def do_begin_twophase(self, connection: Any, xid: Any) -> NoReturn:
        """Refuse two-phase transactions: there is no XA."""
        raise NotImplementedError(
            "TiDB has no XA transactions; use begin(): it commits on all of its nodes, or on none"
        )
