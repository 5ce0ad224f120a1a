"""
SQL functions.

``func.name(...)`` makes a `Function`, or the `GenericFunction` registered under
the name, which knows its return type and perhaps how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, overload

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.own import own_dict
from relvar._kernels.parts import is_whole_in_lists, take_arguments
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.annotate import Annotated
from relvar.expr.coerce import function_argument
from relvar.expr.element import ColumnElement
from relvar.expr.executable import Executable
from relvar.expr.grouping import ClauseList, Grouping
from relvar.expr.node import NODES, TYPE, VALUE, Field, memoized
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.types import INTEGERTYPE, to_instance
from relvar.types.tuple import TableValueType
from relvar.util.generics import TypeVar
from relvar.util.warning import warn

if TYPE_CHECKING:
    from relvar.expr.functionforms import ScalarFunctionColumn
    from relvar.expr.typed import Condition, TypeArgument
    from relvar.expr.typedfunc import TypedFunctions
    from relvar.expr.window import AggregateOrderBy, FunctionFilter, Over, WithinGroup
    from relvar.relation.alias import Lateral, TableSample, TableValuedAlias, TableValuedColumn
    from relvar.relation.join import Join
    from relvar.stmt.select import Select
    from relvar.types.base import TypeEngine

__all__ = ["Function", "FunctionElement", "GenericFunction", "func", "register_function"]

_T = TypeVar("_T", default=Any)
_V = TypeVar("_V", default=Any)

if not TYPE_CHECKING:
    TypedFunctions = object

_registry: dict[str, dict[str, Any]] = {"_default": {}}
"Package -> lower-case name -> class."


def register_function(identifier: str, fn: Any, package: str = "_default") -> None:
    """
    Let ``func.<package>.<identifier>()`` make *fn*.

    Warns if the name was taken, in whatever case.
    """
    known = _registry.setdefault(package, {})
    name = str(identifier).lower()
    if name in known:
        warn(f"The GenericFunction '{name}' is already registered and is going to be overridden.")
    known[name] = fn


class FunctionElement(Executable, ColumnElement[_T]):
    """
    Base of functions: a name and arguments.

    Subclass it, with ``name`` and ``inherit_cache = True``, to render a
    function in a way of one's own with ``@compiles``.
    """

    __visit_name__ = "function_element"
    _fields: ClassVar[tuple[Field, ...]] = (
        Field("_arguments", NODES),
        Field("type", TYPE),
        Field("_with_ordinality", VALUE),
        Field("_table_value_type", TYPE),
        *Executable._executable_fields,
    )
    _roles = ColumnElement._roles | Role.FROM | Role.STATEMENT | Role.IN_ELEMENT
    _is_returns_rows = True

    name: Any
    packagenames: tuple[str, ...] = ()
    _has_args = False
    _with_ordinality = False
    _table_value_type: Any = None
    _arguments: tuple[Any, ...] = ()
    monotonic = False

    named_with_column = False
    is_selectable = True
    schema: Any = None
    _hide_froms: Sequence[Any] = ()
    _is_lateral = False
    _is_join = False
    _use_schema_map = False
    _omit_from_statements = False
    _columns_by_key = None

    def __init__(self, *clauses: Any) -> None:
        name = getattr(self, "name", None) or "param"
        take_arguments(self, clauses, name, function_argument)

    @memoized
    def clause_expr(self) -> Any:
        """
        The arguments in parentheses.
        """
        return Grouping(ClauseList._construct_raw(op.comma_op, self._arguments))

    @property
    def clauses(self) -> Any:
        """
        The arguments, as a list.
        """
        return self.clause_expr.element

    _takes_attribute_name = False

    @property
    def _anon_base(self) -> str:
        return getattr(self, "name", None) or "anon"

    @property
    def _proxy_key(self) -> str | None:
        return getattr(self, "name", None)

    @property
    def description(self) -> str | None:
        """
        The name, None if it has none.
        """
        return getattr(self, "name", None)

    _from_objects: Any = froms_in("_arguments")

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return [self]

    @property
    def columns(self) -> Any:
        """
        The columns of the function as a FROM element.
        """
        return make.column_collection_of_function(self)

    @property
    def c(self) -> Any:
        """
        The same as `columns`.
        """
        return self.columns

    @property
    def exported_columns(self) -> Any:
        """
        The same as `columns`.
        """
        return self.columns

    @property
    def selectable(self) -> Any:
        """
        The function itself.
        """
        return self

    @property
    def entity_namespace(self) -> Any:
        # A function may stand for a row of a table: go by its first argument.
        froms = self._from_objects
        if froms:
            return froms[0].entity_namespace
        return super().entity_namespace

    def _sql_text(self, texts: Mapping[str, str]) -> str | None:
        """
        Return the template of a known function that is not written like others.

        Args:
            texts: Name of the known function -> template.
        """
        return None

    @is_whole_in_lists
    def self_group(self, against: OperatorType | None = None) -> Any:
        # ARRAY functions are indexed in parentheses.
        if against is op.getitem and getattr(self.type, "_is_array", False):
            return Grouping(self)
        return super().self_group(against=against)

    def within_group_type(self, within_group: Any) -> Any:
        """
        Return the type of the function WITHIN GROUP; None: its own.
        """
        return None

    def over(
        self,
        *,
        partition_by: Any = None,
        order_by: Any = None,
        rows: Any = None,
        range_: Any = None,
        groups: Any = None,
        exclude: str | None = None,
    ) -> Over[_T]:
        """
        Return the function OVER a window.

        >>> from relvar import column, func
        >>> print(func.rank().over(partition_by=column("team"), order_by=column("points")))
        rank() OVER (PARTITION BY team ORDER BY points)
        """
        made: Over[_T] = make.Over(
            self,
            partition_by=partition_by,
            order_by=order_by,
            rows=rows,
            range_=range_,
            groups=groups,
            exclude=exclude,
        )
        return made

    def within_group(self, *order_by: Any) -> WithinGroup[_T]:
        """
        Return the function WITHIN GROUP (ORDER BY ...).
        """
        return make.WithinGroup(self, *order_by)  # type: ignore[no-any-return]  # registered class

    def aggregate_order_by(self, *order_by: Any) -> AggregateOrderBy[_T]:
        """
        Return the aggregate function over ordered rows.
        """
        return make.AggregateOrderBy(self, *order_by)  # type: ignore[no-any-return]  # registered class

    @overload
    def filter(self) -> Self: ...
    @overload
    def filter(self, __first: Condition, /, *criterion: Condition) -> FunctionFilter[_T]: ...
    def filter(self, *criterion: Any) -> Any:
        """
        Return the function FILTER (WHERE ...).

        >>> from relvar import column, func
        >>> print(func.count().filter(column("age") > 18))
        count(*) FILTER (WHERE age > :age_1)
        """
        if not criterion:
            return self
        return make.FunctionFilter(self, *criterion)

    def as_comparison(self, left_index: int, right_index: int) -> Any:
        """
        Return the function as a comparison of two of its arguments, counted from 1.
        """
        from relvar.expr.functionforms import FunctionAsBinary  # rare

        return FunctionAsBinary(self, left_index, right_index)

    def table_valued(self, *expr: Any, **kw: Any) -> TableValuedAlias:
        """
        Return the function as a FROM element with these columns.

        Args:
            expr: Names or columns.
            name: Name of the alias.
            with_ordinality: Name of a column that numbers the rows.
            joins_implicitly: Do not warn of a cartesian product.

        >>> from relvar import create_engine, func, select
        >>> each = func.json_each("[1, 2]").table_valued("value")
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.scalars(select(each.c.value)).all()
        [1, 2]
        """
        with_ordinality = kw.pop("with_ordinality", None)
        joins_implicitly = kw.pop("joins_implicitly", None)
        name = kw.pop("name", None)
        made = self._clone()
        columns = [_value_column(column) for column in expr]
        if with_ordinality:
            columns.append(make.ColumnClause(with_ordinality, INTEGERTYPE))
            made._with_ordinality = True
        made.type = made._table_value_type = TableValueType(*columns)
        return made.alias(name=name, joins_implicitly=joins_implicitly)

    def column_valued(self, name: str | None = None, joins_implicitly: bool = False) -> TableValuedColumn[_T]:
        """
        Return the function as a FROM element that is its one column.
        """
        return self.alias(name=name, joins_implicitly=joins_implicitly).column

    def scalar_table_valued(
        self, name: str, type_: TypeArgument[_V] | None = None
    ) -> ScalarFunctionColumn[_V]:
        """
        Return a column of the function as an expression.
        """
        from relvar.expr.functionforms import ScalarFunctionColumn  # rare

        return ScalarFunctionColumn(self, name, type_)

    def alias(self, name: str | None = None, joins_implicitly: bool = False) -> TableValuedAlias:
        """
        Return the function as a FROM element under a name.
        """
        made: TableValuedAlias = make.TableValuedAlias._construct(
            self, name=name, table_value_type=self.type, joins_implicitly=bool(joins_implicitly)
        )
        return made

    def lateral(self, name: str | None = None) -> Lateral:
        """
        Return the function as a LATERAL FROM element.
        """
        return make.Lateral._construct(self, name=name)  # type: ignore[no-any-return]  # registered class

    def join(self, right: Any, onclause: Any = None, isouter: bool = False, full: bool = False) -> Join:
        """
        Return a join of the function, as a FROM element.
        """
        return make.Join(self, right, onclause, isouter, full)  # type: ignore[no-any-return]  # registered class

    def outerjoin(self, right: Any, onclause: Any = None, full: bool = False) -> Join:
        """
        Return a left outer join of the function, as a FROM element.
        """
        return make.Join(self, right, onclause, True, full)  # type: ignore[no-any-return]  # registered class

    def tablesample(self, sampling: Any, name: str | None = None, seed: Any = None) -> TableSample:
        """
        Return a sample of the rows of the function.
        """
        return make.TableSample._construct(self, sampling=sampling, name=name, seed=seed)  # type: ignore[no-any-return]  # registered class

    def _generate_fromclause_column_proxies(
        self, fromclause: Any, columns: Any, primary_key: Any, foreign_keys: Any
    ) -> None:
        columns._populate_separate_keys(
            [
                column._make_proxy(fromclause, primary_key=primary_key, foreign_keys=foreign_keys)
                for column in self.c
            ]
        )

    def is_derived_from(self, fromclause: Any) -> bool:
        """
        Tell whether this is *fromclause*, or a copy of it.
        """
        return fromclause is self or fromclause is self._is_clone_of

    def corresponding_column(self, column: Any, require_embedded: bool = False) -> Any:
        """
        Return the column here that stands for *column*; None if there is none.
        """
        return self.exported_columns.corresponding_column(column, require_embedded)

    def replace_selectable(self, old: Any, alias: Any) -> Any:
        """
        Return a copy with *old* replaced by *alias* throughout.
        """
        return make.ClauseAdapter(alias).traverse(self)

    def with_cols(self, type_: Any) -> Any:
        """
        Return this, its columns typed by a class, for type checkers.
        """
        return self

    def select(self) -> Select[_T]:
        """
        Return a SELECT of the function.
        """
        made: Select[_T] = make.select(self)
        if self._execution_options:
            made = made.execution_options(**self.get_execution_options())
        return made

    def _execute_on_connection(self, connection: Any, distilled_params: Any, execution_options: Any) -> Any:
        return connection._execute_function(self, distilled_params, execution_options)


class Function(FunctionElement[_T]):
    """
    A function by name.

    Attributes:
        packagenames: What stands before the name, separated by dots.
    """

    __visit_name__ = "function"
    _fields = (*FunctionElement._fields, Field("packagenames", VALUE), Field("name", VALUE))
    _bind_name_from = "name"

    @property
    def _bind_name(self) -> str:  # type: ignore[override]  # computed here
        name: str = self.name
        return name

    def __init__(
        self,
        name: str,
        *clauses: Any,
        type_: TypeArgument[_T] | None = None,
        packagenames: tuple[str, ...] | None = None,
        monotonic: bool = False,
    ) -> None:
        if packagenames:
            self.packagenames = packagenames
        self.name = name
        self.type: TypeEngine[_T] = to_instance(type_)
        if monotonic:
            self.monotonic = True
        super().__init__(*clauses)


def _value_column(given: Any) -> Any:
    """
    Return a column of a table-valued function: a name, or a column that brings its type.
    """
    if isinstance(given, str):
        return make.ColumnClause(given)
    element = make.clause_element(given)
    if isinstance(element, make.ColumnClause):
        return element
    raise exc.ArgumentError(f"Column expression or string key expected, got {element!r}.")


class GenericFunction(Function[_T]):
    """
    A function with a class of its own, known to ``func`` by its class name.

    A subclass may set ``name``, ``identifier``, ``package``, ``type`` and
    ``inherit_cache = True``; it is registered when it is defined, unless it
    says ``_register = False``.
    """

    inherit_cache: bool = True
    _register = False
    _is_generic = True
    name: Any
    identifier: str
    package: str = "_default"

    def __init_subclass__(cls, **kw: Any) -> None:
        super().__init_subclass__(**kw)
        own = cls.__dict__
        if issubclass(cls, Annotated):
            return
        if "name" not in own:
            cls.name = cls.__name__
        cls.identifier = own.get("identifier", cls.name)
        if not own.get("_register", True):
            return
        register_function(cls.identifier, cls, own.get("package", "_default"))
        if "type" in own:
            cls.type = to_instance(own["type"])  # type: ignore[misc]  # of all its calls

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        type_ = kwargs.pop("type_", None)
        if type_ is not None:
            self.type: TypeEngine[_T] = to_instance(type_)
        take_arguments(self, kwargs.pop("_parsed_args", args), self.name, function_argument)

    def _sql_text(self, texts: Mapping[str, str]) -> str | None:
        cls = type(self)
        if cls._is_known:
            return texts.get(cls.identifier)
        return None

    _is_known: ClassVar[bool] = False
    "It is one of relvar's own, so dialects may have a way to write it."


class _FunctionGenerator(TypedFunctions):
    """
    Make a function of any name: ``func.name(...)``; packages by dots.

    Known names (``count``, ``sum``, ``max``, ``now``, ``coalesce``, ...) know their result type.

    >>> from relvar import column, func
    >>> print(func.coalesce(column("a"), column("b")), func.anything.goes(column("c")))
    coalesce(a, b) anything.goes(c)
    >>> func.count(column("a")).type
    Integer()
    """

    def __init__(self, **opts: Any) -> None:
        self.__names: list[str] = []
        self.opts = opts

    def __getattr__(self, name: str) -> _FunctionGenerator:
        if name.startswith("__"):
            try:
                return self.__dict__[name]  # type: ignore[no-any-return]  # as stored
            except KeyError:
                raise AttributeError(name) from None
        given = name
        if name.endswith("_"):
            name = name[:-1]
        made = _FunctionGenerator(**self.opts)
        made.__names = [*self.__names, name]
        if type(given) is str and given in _registry["_default"] and not self.__names:
            # one for all calls of a known function: programs may ask for other names without end
            own_dict(self)[given] = made
        return made

    @overload
    def __call__(self, *c: Any, type_: TypeArgument[_V], **kwargs: Any) -> Function[_V]: ...
    @overload
    def __call__(self, *c: Any, **kwargs: Any) -> Function[Any]: ...
    def __call__(self, *c: Any, **kwargs: Any) -> Any:
        options = {**self.opts, **kwargs} if self.opts else kwargs
        names = self.__names
        count = len(names)
        package = "_default" if count == 1 else names[0] if count == 2 else None
        if package is not None:
            found = _registry.get(package, {}).get(names[-1].lower())
            if found is not None:
                return found(*c, **options)
        return Function(names[-1], *c, packagenames=tuple(names[:-1]) or None, **options)

    def __repr__(self) -> str:
        return f"<func.{'.'.join(self.__names)}>" if self.__names else "<func>"


func: _FunctionGenerator = _FunctionGenerator()
modifier: _FunctionGenerator = _FunctionGenerator(group=False)

make.register(Function=Function, func=func)
