"""
Encrypted SQLite databases, through sqlcipher3 (or, if that is not there, pysqlcipher3).

The password of the URL is the passphrase: ``sqlite+pysqlcipher://:passphrase@/file.db?kdf_iter=64000``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from relvar import exc
from relvar.dialect.driver import DriverMethods
from relvar.dialects.sqlite.drivers.pysqlite import SQLiteDialect_pysqlite
from relvar.pool import SingletonThreadPool

_MODULES = ("sqlcipher3", "pysqlcipher3.dbapi2")


class SQLiteDialect_pysqlcipher(SQLiteDialect_pysqlite):  # SQLAlchemy's name
    """
    SQLite through sqlcipher3 or pysqlcipher3.
    """

    driver = "pysqlcipher"
    supports_statement_cache = True

    # set after the passphrase, in this order, from the query of the URL
    pragmas: ClassVar[tuple[str, ...]] = ("kdf_iter", "cipher", "cipher_page_size", "cipher_use_hmac")

    @classmethod
    def import_dbapi(cls) -> Any:
        """
        Import the driver.

        Raises:
            ModuleNotFoundError: Neither of them is installed.
        """
        missing: ModuleNotFoundError | None = None
        for name in _MODULES:
            try:
                return importlib.import_module(name)
            except ModuleNotFoundError as err:
                missing = missing or err
        assert missing is not None
        raise cls._missing_driver(missing, "sqlcipher3") from missing

    @classmethod
    def get_pool_class(cls, url: Any) -> type[Any]:
        """Give one connection per thread: the first use of each derives the key, which takes long."""
        return SingletonThreadPool

    # the driver has a version of its own
    retrieve_dbapi_version: Any = DriverMethods.retrieve_dbapi_version

    def create_connect_args(self, url: Any) -> tuple[Sequence[Any], dict[str, Any]]:
        """Turn a URL into the arguments of ``connect``; passphrase and PRAGMAs are none of them."""
        plain = url._replace(password=None).difference_update_query(self.pragmas)
        return super().create_connect_args(plain)

    def on_connect_url(self, url: Any) -> Callable[[Any], Any] | None:
        """
        Give each connection its passphrase, before anything else is read.

        A connection without one raises an ArgumentError.
        """
        set_up = super().on_connect_url(url)
        passphrase = None if url.password is None else str(url.password)
        settings = [(name, url.query[name]) for name in self.pragmas if name in url.query]
        quote = self.identifier_preparer.quote_identifier

        def unlock(dbapi_connection: Any) -> None:
            if not passphrase:
                raise exc.ArgumentError(
                    f"The URL {url} has no passphrase; it is the password: "
                    "sqlite+pysqlcipher://:passphrase@/file.db"
                )
            cursor = dbapi_connection.cursor()
            try:
                for name, value in (("key", passphrase), *settings):
                    cursor.execute(f"PRAGMA {name} = {quote(value)}")
            finally:
                cursor.close()
            if set_up is not None:
                set_up(dbapi_connection)

        return unlock


dialect = SQLiteDialect_pysqlcipher
