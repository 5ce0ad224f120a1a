"""
Dates, times and intervals.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from relvar.types.base import BindProcessor, LiteralProcessor, ResultProcessor, TypeEngine, TypeEngineMixin
from relvar.types.decorator import TypeDecorator
from relvar.types.emulated import Emulated
from relvar.types.numeric import HasExpressionLookup
from relvar.types.operator_class import OperatorClass


def _quoted(spelled: str) -> str:
    # of objects with an isoformat() of their own
    escaped = spelled.replace("'", "''")
    return f"'{escaped}'"


class _RenderISO8601NoT(TypeEngineMixin):
    """
    Renders literals in ISO 8601, with a space instead of the "T".
    """

    def _literal_processor_datetime(self, dialect: Any) -> LiteralProcessor:
        def process(value: Any) -> str:
            return _quoted(value.isoformat().replace("T", " "))

        return process

    def _literal_processor_date(self, dialect: Any) -> LiteralProcessor:
        def process(value: Any) -> str:
            return _quoted(value.isoformat().split("T")[0])

        return process

    def _literal_processor_time(self, dialect: Any) -> LiteralProcessor:
        def process(value: Any) -> str:
            return _quoted(value.isoformat().split("T")[-1])

        return process


class DateTime(_RenderISO8601NoT, HasExpressionLookup, TypeEngine[dt.datetime]):
    """
    A type for ``datetime.datetime``.

    Args:
        timezone: Use the database's type that knows time zones, if it has one.

    >>> from relvar import DateTime
    >>> from relvar.dialects import postgresql
    >>> print(DateTime(timezone=True).compile(dialect=postgresql.dialect()))
    TIMESTAMP WITH TIME ZONE
    """

    __visit_name__ = "datetime"
    operator_classes = OperatorClass.DATETIME

    def __init__(self, timezone: bool = False) -> None:
        self.timezone = timezone

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DATETIME

    def _resolve_for_literal(self, value: Any) -> TypeEngine[Any]:
        if value.tzinfo is not None and not self.timezone:
            return DATETIME_TIMEZONE
        return self

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        return self._literal_processor_datetime(dialect)

    @property
    def python_type(self) -> type[dt.datetime]:
        return dt.datetime


class Date(_RenderISO8601NoT, HasExpressionLookup, TypeEngine[dt.date]):
    """
    A type for ``datetime.date``.

    >>> from datetime import date
    >>> from relvar import create_engine, literal, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal(date(2026, 1, 2))))
    datetime.date(2026, 1, 2)
    """

    __visit_name__ = "date"
    operator_classes = OperatorClass.DATETIME

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DATETIME

    @property
    def python_type(self) -> type[dt.date]:
        return dt.date

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        return self._literal_processor_date(dialect)


class Time(_RenderISO8601NoT, HasExpressionLookup, TypeEngine[dt.time]):
    """
    A type for ``datetime.time``.
    """

    __visit_name__ = "time"
    operator_classes = OperatorClass.DATETIME

    def __init__(self, timezone: bool = False) -> None:
        self.timezone = timezone

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.DATETIME

    @property
    def python_type(self) -> type[dt.time]:
        return dt.time

    def _resolve_for_literal(self, value: Any) -> TypeEngine[Any]:
        if value.tzinfo is not None and not self.timezone:
            return TIME_TIMEZONE
        return self

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        return self._literal_processor_time(dialect)


class TIMESTAMP(DateTime):
    """
    The SQL TIMESTAMP type.
    """

    __visit_name__ = "TIMESTAMP"

    def __init__(self, timezone: bool = False) -> None:
        super().__init__(timezone=timezone)

    def get_dbapi_type(self, dbapi: Any) -> Any:
        return dbapi.TIMESTAMP


class DATETIME(DateTime):
    """
    The SQL DATETIME type.
    """

    __visit_name__ = "DATETIME"


class DATE(Date):
    """
    The SQL DATE type.
    """

    __visit_name__ = "DATE"


class TIME(Time):
    """
    The SQL TIME type.
    """

    __visit_name__ = "TIME"


DATETIME_TIMEZONE = DateTime(timezone=True)
TIME_TIMEZONE = Time(timezone=True)


class _AbstractInterval(HasExpressionLookup, TypeEngine[dt.timedelta]):
    """
    Base of interval types, emulated and native.
    """

    operator_classes = OperatorClass.DATETIME

    @property
    def _type_affinity(self) -> type[TypeEngine[Any]]:
        return Interval


class Interval(Emulated, _AbstractInterval, TypeDecorator[dt.timedelta]):
    """
    A type for ``datetime.timedelta``.

    Uses the database's ``INTERVAL`` where there is one; elsewhere the value
    is kept as a date relative to 1970-01-01.

    Args:
        native: Use the database's own type, if it has one.
        second_precision: For native types with fractions of seconds.
        day_precision: For native types with a number of day digits.

    >>> from datetime import timedelta
    >>> from relvar import create_engine, literal, select
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal(timedelta(days=1))))
    datetime.timedelta(days=1)
    """

    impl: Any = DateTime
    cache_ok: bool = True

    epoch: Any = dt.datetime(1970, 1, 1)

    def __init__(
        self,
        native: bool = True,
        second_precision: int | None = None,
        day_precision: int | None = None,
    ) -> None:
        super().__init__()
        self.native = native
        self.second_precision = second_precision
        self.day_precision = day_precision

    @property
    def python_type(self) -> type[dt.timedelta]:
        return dt.timedelta

    def adapt_to_emulated(self, impltype: type[Any], **kw: Any) -> Any:
        return _AbstractInterval.adapt(self, impltype, **kw)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        if not self.native and isinstance(value, dt.timedelta):
            # kept as a date even where there is a native type, and so is what it is compared with
            return self
        return self.impl_instance.coerce_compared_value(op, value)

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        impl_processor = self.impl_instance.bind_processor(dialect)
        epoch = self.epoch

        def process(value: Any) -> Any:
            if value is not None:
                value = epoch + value
            return impl_processor(value) if impl_processor is not None else value

        return process

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        impl_processor = self.impl_instance.literal_processor(dialect)
        if impl_processor is None:
            return None
        inner, epoch = impl_processor, self.epoch

        def process(value: Any) -> str:
            return inner(epoch + value)

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        impl_processor = self.impl_instance.result_processor(dialect, coltype)
        epoch = self.epoch

        def process(value: Any) -> Any:
            if impl_processor is not None:
                value = impl_processor(value)
            return None if value is None else value - epoch

        return process
