"""
Write the type of a column: the simplest that the database takes for the same.

Rule: of the types that compile to the same text on this dialect, the generic one without arguments comes
first, then the generic one, then the dialect's own.
"""

from __future__ import annotations

import ast
import datetime
import decimal
import re
import uuid
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import relvar
from relvar import Enum, exc, types
from relvar.cli.models.text import Imports, call, listed, quoted, sql_text

__all__ = ["TypeWriter", "Written"]

# The type that an annotation alone gives.
_IMPLIED: dict[type[Any], type[types.TypeEngine[Any]]] = {
    int: types.Integer,
    str: types.String,
    float: types.Double,
    bool: types.Boolean,
    bytes: types.LargeBinary,
    decimal.Decimal: types.Numeric,
    datetime.date: types.Date,
    datetime.datetime: types.DateTime,
    datetime.time: types.Time,
    datetime.timedelta: types.Interval,
    uuid.UUID: types.Uuid,
}
_GENERIC = (types.BigInteger, types.SmallInteger, types.Float, types.Text, types.JSON)
# MySQL's INT(11) is its INT: https://mariadb.com/kb/en/int/
_WIDTHS = {"TINYINT": 4, "SMALLINT": 6, "MEDIUMINT": 9, "INTEGER": 11, "BIGINT": 20}


class Written(NamedTuple):
    """
    A type as text.

    Attributes:
        annotation: For ``Mapped[...]``; None where nothing is known of the values.
        source: For ``mapped_column()``; None where the annotation says it.
    """

    annotation: str | None
    source: str | None


class TypeWriter:
    """
    Writes the types of one dialect's columns.
    """

    def __init__(self, dialect: Any, imports: Imports) -> None:
        self.dialect = dialect
        self.imports = imports
        # types are read again and again, and there are few: what each was written as
        self._written: dict[tuple[type[Any], str | None, bool], Written] = {}
        name = "mysql" if dialect.name == "mariadb" else dialect.name
        self.package: Any = import_module(f"relvar.dialects.{name}") if _is_ours(name) else relvar

    def write(self, type_: Any, is_mapped: bool = False) -> Written:
        """
        Return a reflected type as text.

        Args:
            is_mapped: The annotation will stand beside it; what that says need not be imported.
        """
        if isinstance(type_, Enum):
            return self._enum(type_)
        if isinstance(type_, types.ARRAY):
            return self._array(type_)
        if type(type_).__name__ == "DOMAIN":
            return self._domain(type_)
        text = self._compiled(type_)
        key = (type(type_), text, is_mapped)
        if key not in self._written or text is None:
            self._written[key] = self._write(type_, is_mapped)
        return self._written[key]

    def _write(self, type_: Any, is_mapped: bool) -> Written:
        chosen = self._choose(type_)
        annotation = self._annotation(chosen)
        if is_mapped and annotation is not None and type(chosen) in _IMPLIED.values():
            # one that says more was chosen because it compiles to something else
            if self._compiled(chosen) == self._compiled(type(chosen)()):
                return Written(annotation, None)
        return Written(annotation, self._source(chosen))

    def _choose(self, type_: Any) -> Any:
        wanted = self._compiled(self._plain(type_))
        if wanted is None:
            return type_
        if self.dialect.name in ("mysql", "mariadb") and wanted == "TINYINT(1)":
            return types.Boolean()
        for candidate in self._candidates(type_):
            if self._compiled(candidate) == wanted:
                return candidate
        return type_

    def _candidates(self, type_: Any) -> Iterator[Any]:
        try:
            generic = type_.as_generic()
        except NotImplementedError:
            generic = None
        if generic is not None:
            for implied in (*_IMPLIED.values(), *_GENERIC):
                if isinstance(generic, implied) or issubclass(implied, type(generic)):
                    yield implied()
            try:
                yield type(generic)()
            except TypeError:
                pass
            yield generic
        try:
            yield type(type_)()
        except TypeError:
            pass
        yield self._plain(type_)

    def _plain(self, type_: Any) -> Any:
        """
        Leave out the width of an integer that says nothing.
        """
        width = getattr(type_, "display_width", None)
        name = type(type_).__name__
        unsigned = bool(getattr(type_, "unsigned", False))
        if width is None or name not in _WIDTHS or getattr(type_, "zerofill", False):
            return type_
        # the sign takes a place, but for the largest
        usual = _WIDTHS[name] - (1 if unsigned and name not in ("BIGINT", "MEDIUMINT") else 0)
        usual -= 1 if unsigned and name == "MEDIUMINT" else 0
        return type(type_)(unsigned=unsigned) if width == usual else type_

    def _compiled(self, type_: Any) -> str | None:
        try:
            made = str(type_.compile(dialect=self.dialect))
        except (exc.CompileError, exc.ArgumentError):
            return None
        if self.dialect.name in ("mysql", "mariadb"):
            # two names of one type, told as the second: https://mariadb.com/kb/en/numeric/
            made = re.sub("^NUMERIC", "DECIMAL", made)
        return made

    def _annotation(self, type_: Any) -> str | None:
        if isinstance(type_, (types.JSON, types.NullType)):
            return None
        if isinstance(type_, types.Double) or type(type_).__name__ in ("DOUBLE", "FLOAT", "REAL"):
            return "float"
        try:
            python = type_.python_type
        except NotImplementedError:
            return None
        return self.python_name(python)

    def python_name(self, python: type[Any]) -> str | None:
        """
        Return the name of a type of values, imported.
        """
        if python in (int, str, float, bool, bytes):
            return python.__name__
        if python in _IMPLIED:
            return self.imports.module(python.__module__, python.__name__)
        return None

    def _enum(self, type_: Any) -> Written:
        """
        A choice among texts: ``Enum`` says it for every database that has them.
        """
        arguments = listed(type_.enums)
        if type_.name and self.dialect.name == "postgresql":
            arguments.append(f"name={type_.name!r}".replace("'", '"'))
        if type_.schema:
            arguments.append(f"schema={type_.schema!r}".replace("'", '"'))
        collation = getattr(type_, "collation", None)
        choices = ", ".join(listed(type_.enums))
        if len(choices) < 50 and choices:
            annotation = f"{self.imports.name('typing', 'Literal')}[{choices}]"
        else:
            annotation = "str"
        if collation or getattr(type_, "charset", None) or not type_.enums:
            return Written("str", self._source(type_))
        return Written(annotation, call(self.imports.name("relvar", "Enum"), arguments, "        "))

    def _array(self, type_: Any) -> Written:
        item = self.write(type_.item_type)
        name = "ARRAY"
        self.imports.name(self._module_of(type_), name)
        dimensions = f", dimensions={type_.dimensions}" if type_.dimensions else ""
        depth = type_.dimensions or 1
        annotation = None if item.annotation is None else "list[" * depth + item.annotation + "]" * depth
        return Written(annotation, f"{name}({item.source}{dimensions})")

    def _domain(self, type_: Any) -> Written:
        """
        A type of PostgreSQL with a condition of its own.
        """
        inner = self.write(type_.data_type)
        arguments = [quoted(type_.name), str(inner.source)]
        for option in ("schema", "collation", "constraint_name"):
            if getattr(type_, option, None) is not None:
                arguments.append(f"{option}={quoted(getattr(type_, option))}")
        if type_.not_null:
            arguments.append("not_null=True")
        for option in ("default", "check"):
            value = getattr(type_, option, None)
            if value is not None:
                text = self.imports.name("relvar", "text")
                arguments.append(f"{option}={text}({sql_text(str(getattr(value, 'text', value)))})")
        name = self.imports.name(self._module_of(type_), "DOMAIN")
        return Written(inner.annotation, call(name, arguments, "        "))

    def _source(self, type_: Any) -> str:
        """
        Return the expression that makes a type, without parentheses if it has no arguments.
        """
        self.imports.name(self._module_of(type_), type(type_).__name__)
        try:
            if self._compiled(type(type_)()) == self._compiled(type_):
                return type(type_).__name__
        except TypeError:
            pass  # it has arguments that must be given
        text = _positional(repr(type_))
        for node in ast.walk(ast.parse(text, mode="eval")):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id != type(type_).__name__:
                    inner = getattr(self.package, node.func.id, None) or getattr(types, node.func.id)
                    self.imports.name(self._place(inner), node.func.id)
        return _double_quoted(text)

    def _module_of(self, type_: Any) -> str:
        return self._place(type(type_))

    def _place(self, cls: type[Any]) -> str:
        """
        Return the public module that has a class of types.
        """
        for module in (relvar, types, self.package):
            if getattr(module, cls.__name__, None) is cls:
                return str(module.__name__)
        return cls.__module__


def _is_ours(name: str) -> bool:
    try:
        import_module(f"relvar.dialects.{name}")
    except ImportError:
        return False
    return True


def _positional(text: str) -> str:
    """
    Leave out the names that everyone knows.

    >>> _positional("VARCHAR(length=5)"), _positional("Numeric(precision=10, scale=2)")
    ('VARCHAR(5)', 'Numeric(10, 2)')
    """
    text = re.sub(r"(?<=\w\()length=(?=\d)", "", text)
    return re.sub(r"(?i)\b(numeric|decimal)\(precision=(\d+), scale=(?=\d)", r"\1(\2, ", text)


def _double_quoted(text: str) -> str:
    return text if '"' in text or "\\" in text else text.replace("'", '"')
