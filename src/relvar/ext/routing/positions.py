"""
How far a server is: what is asked of the primary after a write, and of a replica before it is read from.

A position is text, fit for a cookie.  Each class below knows the questions of one kind of database; one of
your own for another kind needs `now` and `seen`, see `Positions`.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from relvar import exc
from relvar.engine import Connection
from relvar.ext.routing.errors import NotAReplica

__all__ = [
    "GaleraPositions",
    "MariaDBPositions",
    "MySQLPositions",
    "Positions",
    "PostgreSQLPositions",
    "positions_of",
]


class Positions:
    """
    The questions about positions that one kind of database answers.

    Override `now`, `seen` and `parse`; the latter two are enough for a database of which a position is
    a number that grows.
    """

    waits = False
    "Whether `seen` waits by itself for a position to be reached."

    def now(self, primary: Connection) -> str:
        """
        Return a position that covers all that was committed on the primary until now.
        """
        raise NotImplementedError

    def seen(self, replica: Connection, wanted: str, seconds: float) -> str | None:
        """
        Return a position that the replica has reached: what it committed until there can be read.

        Args:
            wanted: The position it should have reached.
            seconds: How long the server may wait for that, if it can.

        Returns:
            None: it is not there yet.
        """
        raise NotImplementedError

    def parse(self, position: str) -> Any:
        """
        Return what `covers` compares.

        Raises:
            ArgumentError: It is no position of this kind of database.
        """
        raise NotImplementedError

    def covers(self, reached: str, wanted: str) -> bool:
        """
        Tell whether who has reached one position has reached another.
        """
        return bool(self.parse(reached) >= self.parse(wanted))

    def check(self, replica: Connection) -> None:
        """
        Refuse a server that is no replica; asked once of each connection to it.

        Raises:
            NotAReplica: It is none.
        """

    def _refuse(self, position: str, right: str) -> NoReturn:
        raise exc.ArgumentError(f"{position[:80]!r} is no position that a session has written to: {right}")


class PostgreSQLPositions(Positions):
    """
    Places in the write-ahead log, ``0/16B3748``.

    Source: https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-BACKUP,
    #FUNCTIONS-RECOVERY-CONTROL

    >>> PostgreSQLPositions().covers("0/20", "0/1F"), PostgreSQLPositions().covers("0/20", "1/0")
    (True, False)
    """

    _FORM = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")

    def now(self, primary: Connection) -> str:
        # not pg_current_wal_lsn(): with synchronous_commit=off that is before what was committed last
        return str(primary.exec_driver_sql("SELECT pg_current_wal_insert_lsn()::text").scalar_one())

    def seen(self, replica: Connection, wanted: str, seconds: float) -> str | None:
        reached = replica.exec_driver_sql("SELECT pg_last_wal_replay_lsn()::text").scalar_one()
        return None if reached is None else str(reached)

    def parse(self, position: str) -> Any:
        found = self._FORM.fullmatch(position)
        if found is None:
            self._refuse(position, "PostgreSQL's are like '0/16B3748'")
        return int(found[1], 16), int(found[2], 16)

    def check(self, replica: Connection) -> None:
        if not replica.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
            raise NotAReplica(
                "The server replays no log of another one, and could fall behind without a sign: replicas "
                "are servers of which pg_is_in_recovery() is true"
            )


class MariaDBPositions(Positions):
    """
    Global transaction ids of MariaDB, one for each domain: ``0-1-270,1-3-12``.

    The primary must have its binary log switched on.

    Source: https://mariadb.com/kb/en/gtid/, https://mariadb.com/kb/en/master_gtid_wait/

    >>> MariaDBPositions().covers("0-1-9,1-1-5", "0-2-8"), MariaDBPositions().covers("0-1-9", "0-1-9,1-1-1")
    (True, False)
    """

    waits = True
    _FORM = re.compile(r"\d{1,10}-\d{1,10}-\d{1,20}(,\d{1,10}-\d{1,10}-\d{1,20})*")

    def now(self, primary: Connection) -> str:
        position = str(primary.exec_driver_sql("SELECT @@global.gtid_binlog_pos").scalar_one())
        if not position:
            raise exc.InvalidRequestError(
                "The primary has no binary log, so nothing tells how far its replicas are: start it with "
                "log_bin, and the replicas with gtid positions"
            )
        return position

    def seen(self, replica: Connection, wanted: str, seconds: float) -> str | None:
        self.parse(wanted)  # is text of the statement, and may come from a cookie
        waited = f"SELECT MASTER_GTID_WAIT('{wanted}', {seconds:.3f})"
        return wanted if replica.exec_driver_sql(waited).scalar_one() == 0 else None

    def parse(self, position: str) -> Any:
        if self._FORM.fullmatch(position) is None:
            self._refuse(position, "MariaDB's are like '0-1-270' or '0-1-270,1-3-12'")
        parts = [part.split("-") for part in position.split(",")]
        return {int(domain): int(number) for domain, _, number in parts}

    def covers(self, reached: str, wanted: str) -> bool:
        numbers = self.parse(reached)
        return all(numbers.get(domain, -1) >= number for domain, number in self.parse(wanted).items())

    def check(self, replica: Connection) -> None:
        if not replica.exec_driver_sql("SELECT @@global.gtid_slave_pos").scalar_one():
            raise NotAReplica(
                "The server has replicated nothing by global transaction ids: replicas are servers of which "
                "@@gtid_slave_pos is not empty (CHANGE MASTER TO ... MASTER_USE_GTID=slave_pos)"
            )


class MySQLPositions(Positions):
    """
    Sets of global transaction ids of MySQL: ``3E11FA47-71CA-11E1-9E33-C80AA9429562:1-270``.

    Source: https://dev.mysql.com/doc/refman/8.4/en/gtid-functions.html
    """

    waits = True
    _FORM = re.compile(r"[0-9A-Fa-f:,\-]{1,4000}")

    def now(self, primary: Connection) -> str:
        position = str(primary.exec_driver_sql("SELECT @@global.gtid_executed").scalar_one())
        if not position:
            raise exc.InvalidRequestError(
                "The primary gives its transactions no ids, so nothing tells how far its replicas are: "
                "start it with gtid_mode=ON"
            )
        return "".join(position.split())

    def seen(self, replica: Connection, wanted: str, seconds: float) -> str | None:
        self.parse(wanted)  # is text of the statement, and may come from a cookie
        waited = f"SELECT WAIT_FOR_EXECUTED_GTID_SET('{wanted}', {seconds:.3f})"
        return wanted if replica.exec_driver_sql(waited).scalar_one() == 0 else None

    def parse(self, position: str) -> Any:
        if self._FORM.fullmatch(position) is None:
            self._refuse(position, "MySQL's are like '3E11FA47-71CA-11E1-9E33-C80AA9429562:1-270'")
        return position

    def covers(self, reached: str, wanted: str) -> bool:
        # the server compares sets
        return reached == wanted


class GaleraPositions(Positions):
    """
    Numbers of write sets of a Galera cluster, whose other nodes are read from: ``<uuid>:270``.

    All nodes have a write set when it is committed, but apply it a little later.

    Source: https://mariadb.com/kb/en/galera-functions/
    """

    _FORM = re.compile(r"([0-9a-f\-]{36}):(\d{1,20})")

    def now(self, primary: Connection) -> str:
        rows = primary.exec_driver_sql(
            "SELECT VARIABLE_NAME, VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
            " WHERE VARIABLE_NAME IN ('WSREP_LOCAL_STATE_UUID', 'WSREP_LAST_COMMITTED')"
        )
        status = {str(name).upper(): str(value) for name, value in rows}
        if not status.get("WSREP_LOCAL_STATE_UUID"):
            raise exc.InvalidRequestError("The server is in no Galera cluster: wsrep_on is OFF")
        return f"{status['WSREP_LOCAL_STATE_UUID']}:{status['WSREP_LAST_COMMITTED']}"

    def seen(self, replica: Connection, wanted: str, seconds: float) -> str | None:
        reached = self.now(replica)
        return reached if self.covers(reached, wanted) else None

    def parse(self, position: str) -> Any:
        found = self._FORM.fullmatch(position)
        if found is None:
            self._refuse(position, "Galera's are like '0c4a2e22-7a4e-11ef-8f6e-0242ac110002:270'")
        return found[1], int(found[2])

    def covers(self, reached: str, wanted: str) -> bool:
        (cluster, number), (other, least) = self.parse(reached), self.parse(wanted)
        return bool(cluster == other and number >= least)


def positions_of(dialect: Any) -> Positions:
    """
    Return the questions for the database of a dialect.

    Raises:
        ArgumentError: None are known.
    """
    if dialect.name == "postgresql":
        return PostgreSQLPositions()
    if dialect.name in ("mysql", "mariadb"):
        return MariaDBPositions() if getattr(dialect, "is_mariadb", False) else MySQLPositions()
    raise exc.ArgumentError(
        f"It is not known how to ask {dialect.name!r} how far its replicas are: give ReplicatedEngine "
        "positions=, an object of a class derived from Positions"
    )
