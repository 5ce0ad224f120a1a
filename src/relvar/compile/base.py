"""
What every compiled thing is, and how a compiler visits nodes.

A compiler is a visitor: ``process(node)`` calls ``node._compiler_dispatch``,
which calls the compiler's ``visit_<name>(node, **kw)``.  All ``visit_`` methods
return text.  They and the ``..._clause`` methods are what dialects override.

Rule 1: a compiled object does not change once it is made.
Rule 2: it holds no value of a call: those come from the statement at hand.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

from relvar import exc
from relvar.compile.marks import shown
from relvar.expr.nesting import too_deep
from relvar.util.fields import NamedTuple
from relvar.util.immutable import EMPTY_DICT


class CompilerState(enum.IntEnum):
    """
    How far a compiler has come.
    """

    COMPILING = 0
    STRING_APPLIED = 1
    NO_STATEMENT = 2


class Linting(enum.IntFlag):
    """
    What to check while compiling a SELECT.
    """

    NO_LINTING = 0
    COLLECT_CARTESIAN_PRODUCTS = 1
    WARN_LINTING = 2
    FROM_LINTING = COLLECT_CARTESIAN_PRODUCTS | WARN_LINTING


NO_LINTING, COLLECT_CARTESIAN_PRODUCTS, WARN_LINTING, FROM_LINTING = (
    Linting.NO_LINTING,
    Linting.COLLECT_CARTESIAN_PRODUCTS,
    Linting.WARN_LINTING,
    Linting.FROM_LINTING,
)


# what is read from the class of an enumeration is searched for each time
_COMPILING, _STRING_APPLIED = CompilerState.COMPILING, CompilerState.STRING_APPLIED


class ResultColumnsEntry(NamedTuple):
    """
    One column of the result, in the order of the text.

    Attributes:
        keyname: The name in the text: what the cursor will report.
        name: The name of the element, maybe not yet in its final form.
        objects: Everything the column can be looked up by.
        type: Whose result processor applies.
    """

    keyname: str
    name: str
    objects: tuple[Any, ...]
    type: Any


new_entry: Callable[[tuple[Any, ...]], ResultColumnsEntry] = partial(tuple.__new__, ResultColumnsEntry)
"""
Make an entry of its four fields, without the function of Python that its class goes through.
"""

RM_RENDERED_NAME, RM_NAME, RM_OBJECTS, RM_TYPE = range(4)


class ExpandedState(NamedTuple):
    """
    A statement made ready for one set of values: every ``IN`` has its elements.

    Attributes:
        statement: The final text.
        parameters: Name -> value, with the elements' own names.
        processors: Name -> bind processor of the elements.
        positiontup: Names in text order, for positional drivers.
        parameter_expansion: Name of an ``IN`` parameter -> its elements' names.
    """

    statement: str
    parameters: dict[str, Any]
    processors: Mapping[str, Any]
    positiontup: Sequence[str] | None
    parameter_expansion: Mapping[str, list[str]]

    @property
    def additional_parameters(self) -> dict[str, Any]:
        """
        The parameters again, under the name that older code reads.
        """
        return self.parameters

    @property
    def positional_parameters(self) -> tuple[Any, ...]:
        """
        The values in text order.

        Raises:
            InvalidRequestError: The parameters are named.
        """
        if self.positiontup is None:
            raise exc.InvalidRequestError("statement does not use a positional paramstyle")
        return tuple(self.parameters[key] for key in self.positiontup)


class Compiled:
    """
    A statement's text for one dialect.

    ``str()`` of it gives the text.
    """

    statement: Any = None
    string: str = ""
    _marked_string: str | None = None
    "The text with its `marks`, if schema names or values have to be filled in; *string* is for people."
    state: CompilerState
    is_sql = False
    is_ddl = False
    _cached_metadata: Any = None
    _result_columns: list[ResultColumnsEntry] | None = None
    schema_translate_map: Mapping[str | None, Any] | None = None
    execution_options: Mapping[str, Any] = EMPTY_DICT
    preparer: Any
    compile_state: Any = None
    dml_compile_state: Any = None
    cache_key: Any = None
    can_execute: bool = False

    def __init__(
        self,
        dialect: Any,
        statement: Any,
        schema_translate_map: Mapping[str | None, Any] | None = None,
        render_schema_translate: bool = False,
        compile_kwargs: Mapping[str, Any] = EMPTY_DICT,
    ) -> None:
        """
        Compile *statement* for *dialect*.

        Args:
            schema_translate_map: Schema names to be replaced; the text gets markers
                unless *render_schema_translate*.
            compile_kwargs: Passed to every ``visit_`` method.
        """
        self.dialect = dialect
        self.preparer = dialect.identifier_preparer
        if schema_translate_map:
            self.schema_translate_map = schema_translate_map
            self.preparer = self.preparer._with_schema_translate(schema_translate_map)
        if statement is None:
            self.state = CompilerState.NO_STATEMENT
            return
        self.state = _COMPILING
        self.statement = statement
        self.can_execute = can_execute = statement.supports_execution
        self._annotations = statement._annotations if can_execute else EMPTY_DICT
        if can_execute:
            self.execution_options = getattr(statement, "_execution_options", EMPTY_DICT)
        try:
            self.string = self.process(statement, **compile_kwargs)
        except RecursionError:
            raise too_deep("compiled") from None
        if render_schema_translate and schema_translate_map:
            self.string = self.preparer._render_schema_translates(self.string, schema_translate_map)
        self.state = _STRING_APPLIED
        self._complete_text()

    def _complete_text(self) -> None:
        """
        Do what is left when all of the text is there: keep its `marks` apart from what people see.
        """
        if self.schema_translate_map:
            self._keep_marks()

    def _keep_marks(self) -> None:
        self._marked_string = self.string
        self.string = shown(self.string)

    def __init_subclass__(cls) -> None:
        cls._init_compiler_cls()
        return super().__init_subclass__()

    @classmethod
    def _init_compiler_cls(cls) -> None:
        """
        Prepare a new compiler class; a hook for compilers that derive tables.
        """

    @property
    def sql_compiler(self) -> Any:
        """
        A compiler for SQL expressions; the compiler itself when it is one.
        """
        raise NotImplementedError

    def process(self, obj: Any, **kwargs: Any) -> str:
        """
        Return the text of *obj*.
        """
        return obj._compiler_dispatch(self, **kwargs)  # type: ignore[no-any-return]  # visit methods return text

    def visit_unsupported_compilation(self, element: Any, err: Exception, **kw: Any) -> NoReturn:
        """
        Say that this compiler has no method for *element*.
        """
        raise exc.UnsupportedCompilationError(self, type(element)) from err

    def __str__(self) -> str:
        """
        Return the text.
        """
        if self.state is _STRING_APPLIED:
            return self.string
        return ""

    def construct_params(
        self,
        params: Mapping[str, Any] | None = None,
        extracted_parameters: Sequence[Any] | None = None,
        escape_names: bool = True,
    ) -> Mapping[str, Any] | None:
        """
        Return the values of the statement's parameters by name.
        """
        raise NotImplementedError

    @property
    def params(self) -> Any:
        """
        The values of the statement's parameters by name.
        """
        return self.construct_params()
