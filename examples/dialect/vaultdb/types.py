"""Values that the driver does not know: it keeps dates, times and numbers of many digits as text."""

import datetime
import decimal

from relvar import types as sqltypes


class _Text:
    """A type kept as text; ``make`` turns the text back into a value."""

    make = None

    def bind_processor(self, dialect):
        return lambda value: None if value is None else self.to_text(value)

    def result_processor(self, dialect, coltype):
        make = self.make
        return lambda value: None if value is None else make(value)

    def literal_processor(self, dialect):
        return lambda value: f"'{self.to_text(value)}'"

    def to_text(self, value):
        return value.isoformat()


class VaultDateTime(_Text, sqltypes.DateTime):
    make = staticmethod(datetime.datetime.fromisoformat)

    def to_text(self, value):
        return value.isoformat(" ")


class VaultDate(_Text, sqltypes.Date):
    make = staticmethod(datetime.date.fromisoformat)

    def to_text(self, value):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"


class VaultTime(_Text, sqltypes.Time):
    make = staticmethod(datetime.time.fromisoformat)


class VaultNumeric(sqltypes.Numeric):
    """Decimals come back with the digits they were declared with."""

    def bind_processor(self, dialect):
        return lambda value: None if value is None else float(value)

    def result_processor(self, dialect, coltype):
        if not self.asdecimal:
            return None
        scale = self.scale or 10
        return lambda value: None if value is None else decimal.Decimal(f"{value:.{scale}f}")
