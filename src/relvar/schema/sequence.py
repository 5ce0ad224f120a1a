"""
Sequences, and the options they share with identity columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import exc
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.functions import next_value
from relvar.expr.names import quoted_name
from relvar.schema.base import (
    BLANK_SCHEMA,
    HasSchemaAttr,
    SchemaConst,
    SchemaEventTarget,
    table_key,
)
from relvar.schema.defaults import DefaultGenerator
from relvar.schema.emit import SchemaDropper, SchemaGenerator, run_ddl
from relvar.types import Integer, to_instance
from relvar.util import warn_deprecated

if TYPE_CHECKING:
    from relvar.schema.metadata import MetaData
    from relvar.schema.table import Table
    from relvar.types.base import TypeEngine

__all__ = ["IdentityOptions", "Sequence"]

_OPTIONS = (
    "start",
    "increment",
    "minvalue",
    "maxvalue",
    "nominvalue",
    "nomaxvalue",
    "cycle",
    "cache",
)


class IdentityOptions(DialectKWArgs):
    """
    The numbering options of a sequence or an identity column.
    """

    def __init__(
        self,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        cache: int | None = None,
        order: bool | None = None,
        **dialect_kw: Any,
    ) -> None:
        self.start = start
        self.increment = increment
        self.minvalue = minvalue
        self.maxvalue = maxvalue
        self.nominvalue = nominvalue
        self.nomaxvalue = nomaxvalue
        self.cycle = cycle
        self.cache = cache
        if order is not None:
            warn_deprecated(
                "This parameter is supported only by Oracle Database, use ``oracle_order`` instead.",
                "2.1",
            )
            dialect_kw["oracle_order"] = order
        if dialect_kw:
            self._validate_dialect_kwargs(dialect_kw)

    @property
    def order(self) -> bool | None:
        """
        Oracle's ORDER option under its old, database-neutral name.
        """
        return self.dialect_kwargs.get("oracle_order")  # type: ignore[no-any-return]  # a bool

    @property
    def _increment_is_negative(self) -> bool:
        return self.increment is not None and self.increment < 0

    def _option_values(self) -> dict[str, Any]:
        return {name: value for name in _OPTIONS if (value := getattr(self, name)) is not None}

    def _as_dict(self) -> dict[str, Any]:
        return self._option_values()


class Sequence(IdentityOptions, DefaultGenerator, HasSchemaAttr):
    """
    A named sequence of the database, as a default of a column or on its own.

    Args:
        name: The sequence's name.
        schema: Where it lives; that of *metadata* when not given.
        data_type: The type of its numbers where the database lets one choose.
        optional: Only use it where the database cannot number rows in another way.
        metadata: Where it belongs, so that ``create_all`` creates it.

    >>> from relvar import Sequence, select
    >>> from relvar.dialects import postgresql
    >>> from relvar.schema import CreateSequence
    >>> numbers = Sequence("numbers", start=100, increment=10)
    >>> print(CreateSequence(numbers))
    CREATE SEQUENCE numbers INCREMENT BY 10 START WITH 100
    >>> print(select(numbers.next_value()).compile(dialect=postgresql.dialect()))
    SELECT nextval('numbers') AS next_value_1
    """

    __visit_name__ = "sequence"

    is_sequence = True
    metadata: MetaData | None
    column: Any

    def __init__(
        self,
        name: str,
        start: int | None = None,
        increment: int | None = None,
        minvalue: int | None = None,
        maxvalue: int | None = None,
        nominvalue: bool | None = None,
        nomaxvalue: bool | None = None,
        cycle: bool | None = None,
        schema: str | SchemaConst | None = None,
        cache: int | None = None,
        order: bool | None = None,
        data_type: Any = None,
        optional: bool = False,
        quote: bool | None = None,
        metadata: MetaData | None = None,
        quote_schema: bool | None = None,
        for_update: bool = False,
        **dialect_kw: Any,
    ) -> None:
        if name is None:
            raise exc.ArgumentError("Sequence() takes a name as its first argument, got None")
        DefaultGenerator.__init__(self, for_update=for_update)
        IdentityOptions.__init__(
            self,
            start,
            increment,
            minvalue,
            maxvalue,
            nominvalue,
            nomaxvalue,
            cycle,
            cache,
            order,
            **dialect_kw,
        )
        self.column = None
        self.name: quoted_name = quoted_name.construct(name, quote)
        self.optional = optional
        if schema is BLANK_SCHEMA:
            self.schema = schema = None
        elif metadata is not None and schema is None and metadata.schema:
            self.schema = schema = metadata.schema
        else:
            self.schema: Any = quoted_name.construct(schema, quote_schema)  # type: ignore[arg-type]  # no constant is left
        self._key = table_key(name, schema)  # type: ignore[arg-type]  # see above
        self.data_type: TypeEngine[Any] | None = None if data_type is None else to_instance(data_type)
        self.metadata = metadata
        if metadata is not None:
            self._set_metadata(metadata)

    def _set_parent(self, parent: SchemaEventTarget, **kw: Any) -> None:
        DefaultGenerator._set_parent(self, parent, **kw)
        parent._on_table_attach(self._set_table)  # type: ignore[attr-defined]  # a column

    def _set_table(self, column: Any, table: Table) -> None:
        self._set_metadata(table.metadata)

    def _set_metadata(self, metadata: MetaData) -> None:
        self.metadata = metadata
        metadata._register_object(self)
        metadata._sequences[self._key] = self

    def _copy(self) -> Sequence:
        return Sequence(
            self.name,
            # one without a schema does not get that of its metadata
            schema=BLANK_SCHEMA if self.schema is None else self.schema,
            data_type=self.data_type,
            optional=self.optional,
            metadata=self.metadata,
            for_update=self.for_update,
            **self._option_values(),
            **self.dialect_kwargs,
        )

    def next_value(self) -> next_value:
        """
        Return the SQL expression that takes the next number.
        """
        return next_value(self)

    def create(self, bind: Any, checkfirst: Any = True) -> None:
        """
        Create the sequence in the database.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it exists already (a bool or a `CheckFirst`).
        """
        run_ddl(bind, SchemaGenerator, self, checkfirst)

    def drop(self, bind: Any, checkfirst: Any = True) -> None:
        """
        Drop the sequence from the database.

        Args:
            bind: An Engine or a Connection.
            checkfirst: Do nothing when it does not exist (a bool or a `CheckFirst`).
        """
        run_ddl(bind, SchemaDropper, self, checkfirst)

    def _not_a_column_expr(self) -> Any:
        raise exc.InvalidRequestError(
            f"This {type(self).__name__} cannot be used directly as a column expression.  "
            "Use func.next_value(sequence) to produce a 'next value' function that's usable "
            "as a column element."
        )

    @property
    def _default_type(self) -> Any:
        return self.data_type if self.data_type is not None else Integer()
