"""
Pickles of statements, expressions and queries that refer to what the reading program has.

`dumps` writes any expression, statement or `Query`; tables, columns, mapped
classes, the session and the engine that it refers to stay outside, and `loads` puts those
of the reading program in their place.

Statements over mapped classes need none of this: ``pickle.dumps()`` does the
same for their classes and tables.  This module does it for core statements as
well, for queries with their session, and finds tables in any `MetaData`.

Loading a pickle calls what it names.  `loads` lets it name parts of statements, and of the
program what is mapped, an enum, a type or an expression; anything else has to be passed as
*allow*.  Still, whoever writes the pickle writes the statement: only execute what nobody else
could write.

>>> from relvar import Column, Integer, MetaData, Table, select
>>> from relvar.ext.serializer import dumps, loads
>>> metadata = MetaData()
>>> point = Table("point", metadata, Column("x", Integer), Column("y", Integer))
>>> data = dumps(select(point.c.x).where(point.c.y > 5))
>>> print(loads(data, metadata))
SELECT point.x
FROM point
WHERE point.y > :y_1
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Iterable
from typing import Any, ClassVar, Literal

from relvar.engine.base import Engine
from relvar.ext._pickled_names import find_allowed
from relvar.orm.mapping.pickling import ReferencePickler, ReferenceUnpickler
from relvar.orm.session.session import Session

__all__ = ["Deserializer", "Serializer", "dumps", "loads"]


class Serializer(ReferencePickler):
    """
    A ``pickle.Pickler`` that leaves tables, mapped classes, sessions and engines outside.
    """

    kinds: ClassVar[
        tuple[tuple[type[Session], str], tuple[type[Engine], str], *tuple[tuple[type[Any], str], ...]]
    ] = (
        (Session, "_session"),
        (Engine, "_engine"),
        *ReferencePickler.kinds,
    )

    def reference_of_table(self, table: Any) -> Any:
        return self.mapped.table(table) or ("table of metadata", table.key)

    def _session(self, _session: Any) -> Any:
        return ("session",)

    def _engine(self, _engine: Any) -> Any:
        return ("engine",)


class Deserializer(ReferenceUnpickler):
    """
    A ``pickle.Unpickler`` that finds tables, mapped classes, sessions and engines of this program.

    Args:
        file: A file of bytes, to read from.
        metadata: Where tables are that are not mapped.
        scoped_session: What is called for the session of a `Query`: a `scoped_session`, or a `sessionmaker`.
        engine: What stands for an engine; without it, what the session is bound to.
        allow: Classes and functions that the pickle may name besides; True for all there are.
    """

    def __init__(
        self,
        file: Any,
        metadata: Any = None,
        scoped_session: Any = None,
        engine: Any = None,
        *,
        allow: Iterable[Any] | Literal[True] = (),
    ) -> None:
        super().__init__(file)
        self.allow = allow if allow is True else tuple(allow)
        self.metadata = metadata
        self.scoped_session = scoped_session
        self.engine = engine
        self.finders.update(
            {
                "table of metadata": self._table_of_metadata,
                "session": self._session,
                "engine": self.get_engine,
            }
        )

    def find_class(self, module: str, name: str) -> Any:
        """
        Return what the pickle names.

        Raises:
            UnpicklingError: It may not name that.
        """
        if self.allow is True:
            return super().find_class(module, name)
        return find_allowed(module, name, self.allow)

    def get_engine(self) -> Any:
        """
        Return what stands for an engine: *engine*, or what the session is bound to, or None.
        """
        if self.engine is not None or self.scoped_session is None:
            return self.engine
        return self.scoped_session().bind

    def _table_of_metadata(self, key: str) -> Any:
        if self.metadata is None:
            raise pickle.UnpicklingError(
                f"The pickle has a table {key!r} that is not mapped; pass the MetaData that has it: "
                "loads(data, metadata)"
            )
        table = self.metadata.tables.get(key)
        if table is None:
            raise pickle.UnpicklingError(
                f"The pickle has a table {key!r}, which is not in the MetaData given; import the module that "
                "defines the table first"
            )
        return table

    def _session(self) -> Any:
        if self.scoped_session is None:
            raise pickle.UnpicklingError(
                "The pickle has a Session; pass what to call for one: loads(data, metadata, scoped_session)"
            )
        return self.scoped_session()


def dumps(obj: Any, protocol: int = pickle.HIGHEST_PROTOCOL) -> bytes:
    """
    Return the pickle of a statement, an expression, a `Query`, or a structure of such.

    Raises:
        PicklingError: It refers to a class or a function that other programs cannot import.
    """
    file = io.BytesIO()
    Serializer(file, protocol).dump(obj)
    return file.getvalue()


def loads(
    data: bytes,
    metadata: Any = None,
    scoped_session: Any = None,
    engine: Any = None,
    *,
    allow: Iterable[Any] | Literal[True] = (),
) -> Any:
    """
    Return what was written by `dumps`, in terms of this program.

    Args:
        metadata: Where tables are that are not mapped.
        scoped_session: What is called for the session of a `Query`.
        engine: What stands for an engine; without it, what the session is bound to.
        allow: Classes and functions of the program that the pickle may name besides, such as those of
            ``with_loader_criteria()``; True for all there are, if nobody else can have written the pickle.

    Raises:
        UnpicklingError: A table, column or mapped class is not there, what it needs was not passed, or it
            names what is no part of a statement.
    """
    return Deserializer(io.BytesIO(data), metadata, scoped_session, engine, allow=allow).load()
