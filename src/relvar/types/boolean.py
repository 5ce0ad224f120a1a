"""
True and false.
"""

from __future__ import annotations

from typing import Any, Self, cast

from relvar._kernels import convert
from relvar.types.base import BindProcessor, LiteralProcessor, ResultProcessor, TypeEngine
from relvar.types.emulated import Emulated
from relvar.types.operator_class import OperatorClass
from relvar.types.schematype import SchemaType


class Boolean(SchemaType, Emulated, TypeEngine[bool]):
    """
    A type for ``bool``; ``BOOLEAN``, or a small number where there is none.

    Args:
        create_constraint: Where emulated, add ``CHECK (x IN (0, 1))``.
        name: Of that constraint.

    >>> from relvar import Boolean, column, create_engine, literal_column, select
    >>> print(~column("active", Boolean))
    NOT active
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal_column("1", Boolean)))
    True
    """

    __visit_name__ = "boolean"
    operator_classes = OperatorClass.BOOLEAN
    native = True

    _strict_bools = frozenset([None, True, False])

    def __init__(
        self,
        create_constraint: bool = False,
        name: str | None = None,
        _create_events: bool = True,
        _adapted_from: SchemaType | None = None,
    ) -> None:
        self.create_constraint = create_constraint
        self.name = name
        self._create_events = _create_events
        if _adapted_from is not None and "dispatch" in _adapted_from.__dict__:
            self.dispatch: Any = self.dispatch._join(_adapted_from.dispatch)

    def copy(self, **kw: Any) -> Self:
        return cast(Self, self.adapt(type(self), _create_events=self._create_events))

    def _should_create_constraint(self, compiler: Any, **kw: Any) -> bool:
        if not self._is_impl_for_variant(compiler.dialect, kw):
            return False
        return (
            not compiler.dialect.supports_native_boolean
            and compiler.dialect.non_native_boolean_check_constraint
        )

    def _set_table(self, column: Any, table: Any) -> None:
        if self.create_constraint and SchemaType._attach_check is not None:
            SchemaType._attach_check(self, column, table)

    @property
    def python_type(self) -> type[bool]:
        return bool

    def _strict_as_bool(self, value: Any) -> Any:
        if value is not None and value not in self._strict_bools:
            if not isinstance(value, int):
                raise TypeError(f"Not a boolean value: {value!r}")
            raise ValueError(f"Value {value!r} is not None, True, or False")
        return value

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        # MySQL has the words without having the type: its compiler knows
        compiler = dialect.statement_compiler(dialect, None)
        true: str = compiler.visit_true(None)
        false: str = compiler.visit_false(None)
        strict = self._strict_as_bool

        def process(value: Any) -> str:
            return true if strict(value) else false

        return process

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        strict = self._strict_as_bool
        coerce: type[int] = bool if dialect.supports_native_boolean else int

        def process(value: Any) -> Any:
            # the two values that nearly always come
            if value is True or value is False:
                return coerce(value)
            value = strict(value)
            return value if value is None else coerce(value)

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        if dialect.supports_native_boolean:
            return None
        return convert.int_to_boolean


class BOOLEAN(Boolean):
    """
    The SQL BOOLEAN type.
    """

    __visit_name__ = "BOOLEAN"


class MatchType(Boolean):
    """
    The result of the ``match()`` operator: true or false, or a rank.
    """


BOOLEANTYPE = Boolean()
MATCHTYPE = MatchType()
