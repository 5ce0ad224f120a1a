"""
What a SQL type is.

A type says how values go to the driver and come back, how it is spelled in
DDL (through the type compiler), and which Python type it stands for.  It
never builds expressions: the operators of a type are its *comparator class*,
which the expression layer attaches as ``Comparator``.

Three steps lead from a type to a conversion:

1. ``type.dialect_impl(dialect)`` is the dialect's own version of the type
   (``dialect.colspecs``), made once per type object and dialect;
2. its ``bind_processor(dialect)`` / ``result_processor(dialect, coltype)`` /
   ``literal_processor(dialect)`` return a function, or ``None`` for "as it is";
3. the function is kept per dialect, so asking again costs a dictionary read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, Self, cast

from relvar import exc, util
from relvar._kernels.own import own_dict
from relvar.types.operator_class import OperatorClass
from relvar.types.visitable import Visitable
from relvar.util.generics import TypeVar
from relvar.util.moved import module_of
from relvar.util.signature import constructor_names

_T_co = TypeVar("_T_co", bound=Any, default=Any, covariant=True)

BindProcessor = Callable[[Any], Any]
ResultProcessor = Callable[[Any], Any]
LiteralProcessor = Callable[[Any], str]

NO_CACHE: None = None
"Value of ``_static_cache_key`` of a type that makes a statement uncacheable."

_NO_VARIANTS: util.immutabledict[str, TypeEngine[Any]] = util.immutabledict()


class TypeEngine(Visitable, Generic[_T_co]):
    """
    The base of all SQL types.

    Subclass `TypeDecorator` or `UserDefinedType` to make a type of your own.
    """

    Comparator: ClassVar[Any]
    "Class of operators of expressions of this type; attached by ``relvar.expr``."

    comparator_factory: Any
    "What makes the comparator of an expression; ``Comparator`` by default."

    operator_classes: OperatorClass = OperatorClass.UNSPECIFIED
    "Families of operators that make sense for this type."

    hashable: bool = True
    "Whether values can be put in a set; if not, rows are made unique by identity."

    should_evaluate_none: bool = False
    "Whether ``None`` is passed as a value of this type instead of SQL NULL."

    render_bind_cast: bool = False
    "Whether bound parameters are rendered with a cast to this type."

    render_literal_cast: bool = False
    "Whether inline literals are rendered with a cast to this type."

    sort_key_function: Callable[[Any], Any] | None = None
    "Sorts values of this type where Python's own order will not do."

    _sqla_type: ClassVar[bool] = True
    _isnull: ClassVar[bool] = False
    _is_tuple_type: ClassVar[bool] = False
    _is_table_value: ClassVar[bool] = False
    _is_array: ClassVar[bool] = False
    _is_type_decorator: ClassVar[bool] = False

    _variant_mapping: util.immutabledict[str, TypeEngine[Any]] = _NO_VARIANTS

    _default_dialect_factory: ClassVar[Callable[[], Any] | None] = None
    "Makes the dialect used when none is given; registered by the compiler."

    # ---------------------------------------------------------------- values

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        """
        Return a function that converts values on their way to the driver.

        ``None`` means that the driver takes them as they are.
        """
        return None

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        """
        Return a function that converts values the driver returned.

        Args:
            coltype: What the cursor says the column's type is.
        """
        return None

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        """
        Return a function that renders values inline as SQL text.
        """
        return None

    def bind_expression(self, bindvalue: Any) -> Any:
        """
        Return a SQL expression around a bound parameter, or ``None``.
        """
        return None

    def column_expression(self, colexpr: Any) -> Any:
        """
        Return a SQL expression to select a column through, or ``None``.
        """
        return None

    @property
    def _has_bind_expression(self) -> bool:
        return _overrides(type(self), "bind_expression")

    @property
    def _has_column_expression(self) -> bool:
        return _overrides(type(self), "column_expression")

    def copy_value(self, value: Any) -> Any:
        """
        Return a copy of *value*, to compare with later.
        """
        return value

    def compare_values(self, x: Any, y: Any) -> bool:
        """
        Tell whether two values are equal.
        """
        return x == y  # type: ignore[no-any-return]  # as the values say

    def get_dbapi_type(self, dbapi: Any) -> Any | None:
        """
        Return the driver's type object for ``setinputsizes()``, if any.
        """
        return None

    @property
    def python_type(self) -> type[Any]:
        """
        The Python type that values of this type have.
        """
        return object

    # ------------------------------------------------------------- variations

    def evaluates_none(self) -> Self:
        """
        Return a copy that passes ``None`` as a value of the type.
        """
        typ = self.copy()
        typ.should_evaluate_none = True
        return typ

    def with_variant(self, type_: Any, *dialect_names: str) -> Self:
        """
        Return a copy that is *type_* on the dialects named.

        >>> from relvar.types import Integer, String
        >>> String(50).with_variant(Integer(), "sqlite")
        String(length=50)
        """
        if not dialect_names:
            raise exc.ArgumentError("At least one dialect name is required")
        for name in dialect_names:
            if name in self._variant_mapping:
                raise exc.ArgumentError(
                    f"Dialect {name!r} is already present in the mapping for this {self!r}"
                )
        variant: TypeEngine[Any] = to_instance(type_)
        if not isinstance(variant, TypeEngine):
            raise exc.ArgumentError(f"with_variant() takes a type, got {type_!r}")
        if variant._variant_mapping:
            raise exc.ArgumentError(
                "can't pass a type that already has variants as a dialect-level type to with_variant()"
            )
        typ = self.copy()
        typ._variant_mapping = self._variant_mapping.union(dict.fromkeys(dialect_names, variant))
        return typ

    def copy(self, **kw: Any) -> Self:
        """
        Return a copy made through the constructor.
        """
        typ = self.adapt(type(self))
        return cast(Self, typ)

    def adapt(self, cls: type[TypeEngine[Any]], **kw: Any) -> TypeEngine[Any]:
        """
        Return a *cls* made from the constructor arguments of this type.

        *kw* are further arguments.
        """
        values = own_dict(self)
        for name in constructor_names(cls):
            if name in values and name not in kw:
                kw[name] = values[name]
        typ = cls(**kw)
        if self._variant_mapping:
            typ._variant_mapping = self._variant_mapping
        if "should_evaluate_none" in values:
            typ.should_evaluate_none = self.should_evaluate_none
        return typ

    def as_generic(self, allow_nulltype: bool = False) -> TypeEngine[Any]:
        """
        Return the camel-case type that is nearest to this one.

        Raises:
            NotImplementedError: there is none.
        """
        generic = self._generic_type_affinity
        if generic._isnull:
            if allow_nulltype:
                return NULLTYPE
            kind = type(self)
            raise NotImplementedError(
                "Default TypeEngine.as_generic() heuristic method was unsuccessful "
                f"for {kind.__module__}.{kind.__name__}. A custom as_generic() method "
                "must be implemented for this type class."
            )
        typ = self.adapt(generic)
        if "_create_events" in typ.__dict__:
            # adapted for its own sake, not as part of another type
            typ.__dict__["_create_events"] = True
        return typ

    @property
    def _type_affinity(self) -> type[TypeEngine[Any]]:
        """
        The class of the family this type belongs to.
        """
        return _affinity_of(type(self))

    @property
    def _generic_type_affinity(self) -> type[TypeEngine[Any]]:
        return _generic_of(type(self)) or NullType

    def _compare_type_affinity(self, other: TypeEngine[Any]) -> bool:
        return self._type_affinity is other._type_affinity

    def _with_collation(self, collation: str) -> Self:
        """
        Return a copy with *collation*, for types that have one.
        """
        return self

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """
        Return the type of a plain *value* on the other side of operator *op*.

        This type itself, if the value is of its family or of none known.
        """
        from_value = _type_for_value(value)
        if from_value._isnull or from_value._type_affinity is self._type_affinity:
            return self
        return from_value

    def _resolve_for_literal(self, value: Any) -> TypeEngine[Any]:
        """
        Return the type for *value*, found by its Python type as this one.
        """
        return self

    def _resolve_for_python_type(
        self, python_type: Any, matched_on: Any, matched_on_flattened: Any
    ) -> Self | None:
        """
        Return the type for *python_type* in an annotation, or ``None``.

        Args:
            matched_on: The key of the type map that led here: *python_type*
                itself or a class it derives from.
        """
        if python_type is not matched_on_flattened:
            return None
        return self

    # ---------------------------------------------------------------- dialects

    def dialect_impl(self, dialect: Any) -> TypeEngine[_T_co]:
        """
        Return the version of this type that *dialect* uses.
        """
        try:
            return cast("TypeEngine[_T_co]", dialect._type_memos[self]["impl"])
        except KeyError:
            return cast("TypeEngine[_T_co]", self._dialect_info(dialect)["impl"])

    def _unwrapped_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        """
        Return the dialect's version with type decorators taken off.
        """
        return self.dialect_impl(dialect)

    def _dialect_info(self, dialect: Any) -> dict[str, Any]:
        memos = dialect._type_memos
        info: dict[str, Any] | None = memos.get(self)
        if info is None:
            impl = self._gen_dialect_impl(dialect)
            if impl is self:
                # a value that refers to its key would keep the weak entry alive
                impl = self.adapt(type(self))
            info = memos[self] = {"impl": impl, "result": {}}
        return info

    def _gen_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        variant = self._variant_mapping.get(dialect.name)
        if variant is not None:
            return variant._gen_dialect_impl(dialect)
        return cast("TypeEngine[Any]", dialect.type_descriptor(self))

    def _cached_bind_processor(self, dialect: Any) -> BindProcessor | None:
        info = self._dialect_info(dialect)
        try:
            return cast("BindProcessor | None", info["bind"])
        except KeyError:
            info["bind"] = processor = info["impl"].bind_processor(dialect)
            return cast("BindProcessor | None", processor)

    def _cached_literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        info = self._dialect_info(dialect)
        try:
            return cast("LiteralProcessor | None", info["literal"])
        except KeyError:
            info["literal"] = processor = info["impl"].literal_processor(dialect)
            return cast("LiteralProcessor | None", processor)

    def _cached_result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        info = self._dialect_info(dialect)
        by_coltype = info["result"]
        try:
            return cast("ResultProcessor | None", by_coltype[coltype])
        except KeyError:
            by_coltype[coltype] = processor = info["impl"].result_processor(dialect, coltype)
            return cast("ResultProcessor | None", processor)

    def compile(self, dialect: Any | None = None) -> str:
        """
        Return the type as *dialect* spells it in DDL.
        """
        if dialect is None:
            dialect = self._default_dialect()
        return cast(str, dialect.type_compiler_instance.process(self))

    def _default_dialect(self) -> Any:
        factory = TypeEngine._default_dialect_factory
        if factory is None:
            raise exc.InvalidRequestError("no default dialect is registered yet; import relvar first")
        return factory()

    # -------------------------------------------------------------------- keys

    @util.memoized_property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        """
        What tells this type from others in a statement's cache key.

        The class and the constructor arguments that have a value.  ``None``
        (`NO_CACHE`) makes the statement uncacheable.
        """
        values = own_dict(self)
        key: list[Any] = [type(self)]
        for name in constructor_names(type(self)):
            if name.startswith("_"):
                continue
            value = values.get(name)
            if value is None:
                continue
            if isinstance(value, TypeEngine):
                value = value._static_cache_key
                if value is NO_CACHE:
                    return NO_CACHE
            key.append((name, value))
        for name, variant in self._variant_mapping.items():
            inner = variant._static_cache_key
            if inner is NO_CACHE:
                return NO_CACHE
            key.append(("variant", name, inner))
        return tuple(key)

    def __str__(self) -> str:
        try:
            return str(self.compile())
        except exc.UnsupportedCompilationError:
            # a type of values only, that no column has
            return repr(self)

    def __repr__(self) -> str:
        return str(self.repr_struct())

    def repr_struct(self) -> util.GenericRepr:
        """
        Return what the repr is made of; tools that render migrations change its class name.
        """
        return util.GenericRepr(self)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state.pop("_static_cache_key", None)
        state.pop("_structure", None)
        return state


class TypeEngineMixin:
    """
    Base of classes that are mixed into types.
    """

    __slots__ = ()


_MAY_BE_SUBCLASSED: set[type] = set()
"Abstract classes beside `TypeEngine`, which say nothing of the kind of a type; `userdefined` adds its own."


class NullType(TypeEngine[None]):
    """
    A type that is not known.

    It passes values as they are, and cannot be rendered in DDL.
    """

    __visit_name__ = "null"
    _isnull = True
    operator_classes = OperatorClass.ANY

    def __reduce_ex__(self, protocol: Any) -> Any:
        # a statement's key tells it from others of the class
        return "NULLTYPE" if self is NULLTYPE else super().__reduce_ex__(protocol)


NULLTYPE: TypeEngine[Any] = NullType()


def to_instance(typeobj: Any, *arg: Any, **kw: Any) -> TypeEngine[Any]:
    """
    Return *typeobj* as an instance: ``None`` is `NullType`, a class is called.
    """
    if typeobj is None:
        return NULLTYPE
    if callable(typeobj):
        return typeobj(*arg, **kw)  # type: ignore[no-any-return]  # a class of types
    return typeobj  # type: ignore[no-any-return]  # a type


def adapt_type(typeobj: Any, colspecs: Mapping[type[Any], type[TypeEngine[Any]]]) -> TypeEngine[Any]:
    """
    Return the type that *colspecs* says to use for *typeobj*.

    The nearest class of the MRO decides; a type that already is the
    dialect's own is returned as it is.
    """
    typ = to_instance(typeobj)
    kind = type(typ)
    for base in kind.__mro__:
        impltype = colspecs.get(base)
        if impltype is not None:
            if issubclass(kind, impltype):
                return typ
            return typ.adapt(impltype)
    return typ


# ------------------------------------------------------------------- affinity

_AFFINITY: dict[type, type[TypeEngine[Any]]] = {}
_GENERIC: dict[type, type[TypeEngine[Any]] | None] = {}
_PACKAGE = __name__.rpartition(".")[0] + "."


def _affinity_of(cls: type[TypeEngine[Any]]) -> type[TypeEngine[Any]]:
    """
    Return the most basic class of *cls* below the abstract ones.
    """
    try:
        return _AFFINITY[cls]
    except KeyError:
        pass
    found: type[TypeEngine[Any]] = cls
    for base in cls.__mro__:
        if base is TypeEngine or base in _MAY_BE_SUBCLASSED:
            break
        if issubclass(base, TypeEngine):
            found = base
    _AFFINITY[cls] = found
    return found


def _generic_of(cls: type[TypeEngine[Any]]) -> type[TypeEngine[Any]] | None:
    """
    Return the nearest camel-case class of *cls*, ``None`` if it has none.
    """
    try:
        return _GENERIC[cls]
    except KeyError:
        pass
    found: type[TypeEngine[Any]] | None = None
    for base in cls.__mro__:
        if (
            issubclass(base, TypeEngine)
            and module_of(base).startswith(_PACKAGE)
            and base.__dict__.get("_is_generic", not base.__name__.isupper())
            and not base.__name__.startswith("_")
        ):
            found = base if base is not TypeEngine and base not in _MAY_BE_SUBCLASSED else None
            break
    _GENERIC[cls] = found
    return found


def _overrides(cls: type[Any], name: str) -> bool:
    """
    Tell whether *cls* defines *name* other than the abstract classes do.
    """
    method = getattr(cls, name)
    return all(method is not getattr(base, name, None) for base in (TypeEngine, *_MAY_BE_SUBCLASSED))


def _no_types_known(value: Any) -> TypeEngine[Any]:
    return NULLTYPE


_type_for_value: Callable[[Any], TypeEngine[Any]] = _no_types_known


def set_type_for_value(function: Callable[[Any], TypeEngine[Any]]) -> None:
    """
    Register the rule from Python values to types; it needs all of them.
    """
    global _type_for_value
    _type_for_value = function
