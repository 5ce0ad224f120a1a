"""
One execution through these drivers: what comes back in parameters.

``RETURNING ... INTO :ret_0`` and `outparam` need a variable of the driver for each parameter, made from
the cursor
before it executes.  After that the values are in these variables, so the rows of RETURNING are made of
them, and
the engine reads them from a cursor of ours.

Source: https://python-oracledb.readthedocs.io/en/latest/user_guide/bind.html#dml-returning-bind-variables
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from relvar import exc
from relvar.dialect.context import DefaultExecutionContext
from relvar.util.immutable import immutabledict

__all__ = ["OracleDriverContext", "ReturnedRows"]


class ReturnedRows:
    """
    A cursor whose rows came back in parameters.

    Args:
        cursor: The driver's, which has executed; it knows the rest.
        description: The columns, as PEP 249 describes them.
    """

    def __init__(self, cursor: Any, description: Sequence[Any], rows: Sequence[Any]) -> None:
        self._cursor = cursor
        self.description = description
        self._rows = list(rows)
        self._at = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        found = self.fetchmany(1)
        return found[0] if found else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Give the next *size* rows."""
        start = self._at
        self._at = min(len(self._rows), start + (self._cursor.arraysize if size is None else size))
        return self._rows[start : self._at]

    def fetchall(self) -> list[Any]:
        """Give the rows that are left."""
        return self.fetchmany(len(self._rows))

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)


def _out_variable(dialect: Any, cursor: Any, bind: Any, count: int) -> Any:
    """
    Make a variable that receives the values of a parameter, for so many executions.

    Raises:
        InvalidRequestError: the type has no kind of variable.
    """
    impl = bind.type._unwrapped_dialect_impl(dialect)
    dbapi = dialect.loaded_dbapi
    if hasattr(impl, "out_type_of_server"):
        kind = impl.out_type_of_server(dialect)
    elif hasattr(impl, "out_type"):
        kind = impl.out_type(dbapi)
    else:
        kind = impl.get_dbapi_type(dbapi)
    if kind is None:
        raise exc.InvalidRequestError(
            f"The parameter {bind.key!r} of type {bind.type!r} can't receive a value: give it a "
            f"type that Oracle "
            "Database has, as in outparam(name, Integer)"
        )
    return cursor.var(kind, arraysize=count)


class OracleDriverContext(DefaultExecutionContext):
    """
    One execution through python-oracledb or cx_Oracle.
    """

    parameters: Any
    cursor: Any

    dialect: Any
    _variables: Mapping[str, tuple[Any, Any]] = immutabledict()

    def fire_sequence(self, seq: Any, type_: Any) -> Any:
        """Take the next value of a sequence."""
        name = self.identifier_preparer.format_sequence(seq)
        return self._execute_scalar(f"SELECT {name}.nextval FROM DUAL", type_)

    def create_cursor(self) -> Any:
        """Make the cursor, which fetches as many rows at a time as the engine was told."""
        if self._use_server_side_cursor():
            self._is_server_side = True
            cursor = self._dbapi_connection.cursor(server_side=True)
        else:
            cursor = self._dbapi_connection.cursor()
        if self.dialect.arraysize is not None:
            cursor.arraysize = self.dialect.arraysize
        return cursor

    def pre_exec(self) -> None:
        """Make the variables for what comes back."""
        compiled = self.compiled
        if compiled is None or not compiled.has_out_parameters:
            return
        count = len(self.parameters) if self.executemany else 1
        escaped = compiled.escaped_bind_names
        self._variables = {
            name: (bind, _out_variable(self.dialect, self.cursor, bind, count))
            for bind, name in compiled.bind_names.items()
            if bind.isoutparam
        }
        given = {escaped.get(name, name): variable for name, (_, variable) in self._variables.items()}
        self.parameters = [{**row, **given} for row in self.parameters]

    def post_exec(self) -> None:
        """Have the rows of RETURNING read from the variables."""
        if self._variables and self.is_crud:
            variables = [variable for _, variable in self._variables.values()]
            names = [entry.keyname for entry in self.compiled._result_columns]
            description = [
                (name, variable.type, None, None, None, None, None)
                for name, variable in zip(names, variables, strict=True)
            ]
            count = len(self.parameters) if self.executemany else 1
            self.cursor = ReturnedRows(self.cursor, description, list(self._rows_of(variables, count)))

    def _rows_of(self, variables: Sequence[Any], count: int) -> Iterator[tuple[Any, ...]]:
        """
        Give the rows of each execution, one after the other.
        """
        read = self.dialect.read_lob
        for number in range(count):
            # rows that the execution returned, by column; None if there were none
            columns = [variable.getvalue(number) or () for variable in variables]
            for row in zip(*columns, strict=True):
                yield tuple([read(value) for value in row])

    def get_out_parameter_values(self, out_param_names: Any) -> dict[str, Any]:
        """Read the parameters made by `outparam`, by name."""
        values: dict[str, Any] = {}
        for name, (bind, variable) in self._variables.items():
            value = self.dialect.read_lob(variable.getvalue())
            process = bind.type._cached_result_processor(self.dialect, variable.type)
            values[name] = value if process is None else process(value)
        return values
