"""
What only dialects of others ask SQLAlchemy's inner modules for.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import chain, count
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from relvar import exc
from relvar import types as sqltypes
from relvar._kernels.convert import to_decimal_processor
from relvar.compile.compilestate import DMLState
from relvar.compile.function import FUNCTION_TEXTS
from relvar.dialects.postgresql.names import PGIdentifierPreparer
from relvar.engine.interfaces import Dialect
from relvar.expr import functions
from relvar.expr.names import quoted_name
from relvar.types import NO_ARG
from relvar.types.emulated import NativeForEmulated

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)

# for annotations
_BindProcessorType: TypeAlias = Callable[[Any], Any]
_LiteralProcessorType: TypeAlias = Callable[[Any], str]
_ResultProcessorType: TypeAlias = Callable[[Any], Any]
_DBAPICursorDescription: TypeAlias = Any
_DBAPIMultiExecuteParams: TypeAlias = Any
_DBAPISingleExecuteParams: TypeAlias = Any
_BindArguments: TypeAlias = dict[str, Any]
_InfoType: TypeAlias = dict[Any, Any]
_TraverseInternalsType: TypeAlias = list[tuple[str, Any]]
_S = TypeVar("_S")
_UUID_RETURN = TypeVar("_UUID_RETURN")

is_sql_compiler: Callable[[Any], bool] = attrgetter("is_sql")
isinsert: Callable[[Any], bool] = attrgetter("isinsert")
isupdate: Callable[[Any], bool] = attrgetter("isupdate")

STRINGTYPE = sqltypes.String()

# ``:name``, and a colon that is not the start of one
BIND_PARAMS = re.compile(r"(?<![:\w\\]):(\w+)(?![:\w])")
BIND_PARAMS_ESC = re.compile(r"\\(:\w*)(?![:\w])")
# what may follow USING of an index of PostgreSQL
IDX_USING = re.compile(r"^[\w_]+$")
# the class of a function -> how it is written
FUNCTIONS = {
    getattr(functions, name): text.removesuffix("%(expr)s")
    for name, text in FUNCTION_TEXTS.items()
    if hasattr(functions, name)
}

AsyncIODBAPIConnection: TypeAlias = Any


class _NoArg:
    """
    Where programs find the value of arguments that are not given.
    """

    NO_ARG = NO_ARG


class Connector(Dialect):
    """
    What connectors derive from: parts of dialects that go with a driver for several databases.
    """


class PGIdentifierPreparer_psycopg2(PGIdentifierPreparer):
    """
    Quotes names for a driver that looks for parameters in quotes as well.
    """


class _DecodingRow:
    """
    A row of MySQL's catalog, whose bytes are read as text.

    Args:
        charset: What the bytes are in; UTF-8 if it is not known.
    """

    def __init__(self, rowproxy: Any, charset: str | None) -> None:
        self.rowproxy = rowproxy
        self.charset = charset or "utf-8"

    def _decoded(self, value: Any) -> Any:
        return bytes(value).decode(self.charset) if isinstance(value, (bytes, bytearray)) else value

    def __getitem__(self, index: int) -> Any:
        return self._decoded(self.rowproxy[index])

    def __getattr__(self, name: str) -> Any:
        return self._decoded(getattr(self.rowproxy, name))


class ReflectedState:
    """
    What parsers of dialects that derive from MySQL's put what they read into.
    """

    def __init__(self) -> None:
        self.columns: list[Any] = []
        self.table_options: dict[str, Any] = {}
        self.table_name: str | None = None
        self.keys: list[Any] = []
        self.fk_constraints: list[Any] = []
        self.ck_constraints: list[Any] = []


class MySQLTableDefinitionParser:
    """
    What parsers of SHOW CREATE TABLE derive from; relvar asks the information schema, and has no such parser.
    """

    def __init__(self, dialect: Any, preparer: Any) -> None:
        self.dialect = dialect
        self.preparer = preparer

    def parse(self, show_create: str, charset: str | None) -> ReflectedState:
        """
        Raise `NotImplementedError`: a subclass reads its text by itself.
        """
        raise NotImplementedError(
            "relvar does not reflect from the text of SHOW CREATE TABLE: dialects that do override parse()"
        )


class InsertDMLState(DMLState):
    """
    An INSERT that is being compiled.
    """


def _re_compile(regex: str) -> re.Pattern[str]:
    """
    Compile a pattern for what MySQL writes: upper and lower case are the same.
    """
    return re.compile(regex, re.IGNORECASE)


def class_logger(cls: _Class) -> _Class:
    """
    Give a class the logger of its name.
    """
    cls.logger = logging.getLogger(f"{cls.__module__}.{cls.__name__}")  # type: ignore[attr-defined]  # made here
    return cls


def counter() -> Callable[[], int]:
    """
    Return a function that counts its calls.

    >>> more = counter()
    >>> more(), more()
    (1, 2)
    """
    return count(1).__next__


def to_decimal_processor_factory(target_class: type, scale: int) -> Callable[[Any], Any]:
    """
    Return a converter of numbers to ``Decimal`` with *scale* digits.
    """
    return to_decimal_processor(scale)


def _from_objects(*elements: Any) -> Iterator[Any]:
    """
    Return the tables that expressions are over.
    """
    return chain.from_iterable(element._from_objects for element in elements)


def _corresponding_column_or_error(fromclause: Any, column: Any, require_embedded: bool = False) -> Any:
    """
    Return the column of something selected from that stands for another one.

    Raises:
        InvalidRequestError: It has none.
    """
    found = fromclause.corresponding_column(column, require_embedded=require_embedded)
    if found is None:
        raise exc.InvalidRequestError(
            f"Given column '{column}', attached to table '{getattr(column, 'table', None)}', failed to "
            f"locate a corresponding column from table '{fromclause.description}'"
        )
    return found


def _is_literal(element: Any) -> bool:
    """
    Tell whether something is a value: no part of a statement.
    """
    return not hasattr(element, "__clause_element__") and not hasattr(element, "__visit_name__")


def expect_as_key(role: Any, element: Any, **kw: Any) -> str:
    """
    Return the key of a column that is given as one or by its name.
    """
    return element if isinstance(element, (str, quoted_name)) else element.key


def _is_native_for_emulated(cls: type) -> bool:
    """
    Tell whether a type is a database's own, for one that is emulated elsewhere.
    """
    return issubclass(cls, NativeForEmulated)


def _exclusive_against(*names: str, **kw: Any) -> Callable[[_Function], _Function]:
    """
    Return a decorator for methods of statements that need some attributes to be unset.

    Args:
        names: Attributes that must not be set yet.
        kw: ``msgs``: attribute -> text of the error; ``defaults``: attribute -> what it is when unset.
    """
    texts, unset = kw.pop("msgs", {}), kw.pop("defaults", {})

    def decorate(method: _Function) -> _Function:
        @wraps(method)
        def checked(self: Any, *args: Any, **options: Any) -> Any:
            for name in names:
                if getattr(self, name, None) is not unset.get(name):
                    text = texts.get(name) or f"Method {method.__name__}() has already been invoked"
                    raise exc.InvalidRequestError(f"{text} on this {type(self).__name__} construct")
            return method(self, *args, **options)

        return checked  # type: ignore[return-value]  # of the same signature

    return decorate
