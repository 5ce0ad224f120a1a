"""
Enumerations.
"""

from __future__ import annotations

import enum
import typing
from collections.abc import Callable, Sequence
from typing import Any, Self, cast

from relvar import exc, util
from relvar.types.base import BindProcessor, LiteralProcessor, ResultProcessor, TypeEngine
from relvar.types.emulated import Emulated
from relvar.types.schematype import NO_ARG, SchemaType
from relvar.types.text import String, StringOf
from relvar.util.generics import TypeVar, subscriptable

_T = TypeVar("_T", bound=Any, default=Any)
_E = TypeVar("_E", bound=enum.Enum)


if not typing.TYPE_CHECKING:
    StringOf = subscriptable(String)


class Enum(StringOf[_T], SchemaType, Emulated, TypeEngine[_T]):
    """
    One of a fixed set of strings, or the members of a Python enum.

    Uses the database's own ENUM where there is one, otherwise ``VARCHAR`` and,
    on demand, a CHECK constraint.

    Args:
        enums: Strings, or one `enum.Enum` class, whose member *names* are
            stored.
        create_constraint: Where not native, add the CHECK constraint.
        native_enum: Use the database's own type, if it has one.
        length: Of the ``VARCHAR``; the longest value by default.
        validate_strings: Refuse strings that are not among the values.
        values_callable: Takes the enum class, returns the strings to store.
        sort_key_function: Sorts values in Python.
        omit_aliases: Leave out names that are aliases of another.
        name, schema, metadata, inherit_schema, quote, create_type: See
            `SchemaType`; the name of an enum class is used in lower case.

    Raises:
        LookupError: on binding or loading a value that is not a member.

    >>> import enum
    >>> from relvar import Enum, create_engine, literal_column, select
    >>> Color = enum.Enum("Color", "RED GREEN")
    >>> with create_engine("sqlite://").connect() as connection:
    ...     connection.scalar(select(literal_column("'RED'", Enum(Color))))
    <Color.RED: 1>
    """

    __visit_name__ = "enum"

    enum_class: type[enum.Enum] | None
    enums: list[str]

    if typing.TYPE_CHECKING:

        @typing.overload
        def __init__(self: Enum[_E], *enums: type[_E], **kw: Any) -> None: ...

        @typing.overload
        def __init__(self: Enum[str], *enums: str, **kw: Any) -> None: ...

        @typing.overload
        def __init__(self, *enums: Any, **kw: Any) -> None: ...

    def __init__(self, *enums: Any, **kw: Any) -> None:
        self._enum_init(enums, kw)
        if kw:
            exc.report_loss(
                f"Enum has no argument {', '.join(map(repr, sorted(kw)))}: it has no effect.", False
            )

    def _enum_init(self, enums: Sequence[Any], kw: dict[str, Any]) -> None:
        """
        Do what ``__init__`` does; for subclasses that have another signature.
        """
        self.native_enum: Any = kw.pop("native_enum", True)
        self.create_constraint: Any = kw.pop("create_constraint", False)
        self.values_callable: Callable[[Any], Sequence[str]] | None = kw.pop("values_callable", None)
        self._sort_key_function = kw.pop("sort_key_function", NO_ARG)
        length_arg = kw.pop("length", NO_ARG)
        self._omit_aliases = kw.pop("omit_aliases", True)
        self._enums_argument: tuple[Any, ...] = tuple(enums)
        self.validate_strings: Any = kw.pop("validate_strings", False)

        values, objects = self._parse_into_values(enums)
        self._setup_for_values(values, objects)

        length = max((len(x) for x in values), default=0)
        self._default_length = length
        if length_arg is not NO_ARG:
            if length_arg is not None and length_arg < length:
                raise ValueError(
                    "When provided, length must be larger or equal than the length of the "
                    f"longest enum value. {length_arg} < {length}"
                )
            length = length_arg

        String.__init__(self, length=length)  # type: ignore[arg-type]  # a String at run time

        if self.enum_class is not None and self.enum_class is not enum.Enum:
            # that one stands for any enum class, see `_resolve_for_python_type`
            kw.setdefault("name", self.enum_class.__name__.lower())
        SchemaType.__init__(
            self,
            name=kw.pop("name", None),
            schema=kw.pop("schema", NO_ARG),
            metadata=kw.pop("metadata", None),
            inherit_schema=kw.pop("inherit_schema", False),
            quote=kw.pop("quote", None),
            create_type=kw.pop("create_type", True),
            _create_events=kw.pop("_create_events", True),
            _adapted_from=kw.pop("_adapted_from", None),
        )
        self._inherit_schema = kw.pop("_inherit_schema", self._inherit_schema)

    def _parse_into_values(self, enums: Sequence[Any]) -> tuple[list[str], list[Any]]:
        """
        Return the strings stored and the objects they stand for.
        """
        if len(enums) == 1 and hasattr(enums[0], "__members__"):
            self.enum_class = enums[0]
            members = self.enum_class.__members__
            if self._omit_aliases:
                members = {n: m for n, m in members.items() if m.name == n}
            if self.values_callable is not None:
                values = list(self.values_callable(self.enum_class))
            else:
                values = list(members)
            return values, [members[name] for name in members]
        self.enum_class = None
        values = list(enums)
        for value in values:
            if not isinstance(value, str):
                raise exc.ArgumentError(f"Enum() takes strings, or one enum class; got {value!r}")
        return values, list(values)

    def _setup_for_values(self, values: list[str], objects: list[Any]) -> None:
        self.enums = list(values)
        self._valid_lookup: dict[Any, Any] = dict(zip(reversed(objects), reversed(values)))
        self._object_lookup: dict[Any, Any] = dict(zip(values, objects))
        self._valid_lookup.update({value: self._valid_lookup[self._object_lookup[value]] for value in values})
        # SQL NULL goes both ways
        self._object_lookup[None] = None
        self._valid_lookup[None] = None

    @property
    def sort_key_function(self) -> Callable[[Any], Any] | None:  # type: ignore[override]  # default per enum
        """
        What sorts values in Python: as given, or by what the database holds.
        """
        if self._sort_key_function is NO_ARG:
            return self._db_value_for_elem
        return cast("Callable[[Any], Any] | None", self._sort_key_function)

    @property
    def native(self) -> bool:  # type: ignore[override]  # read-only here
        """
        Whether it is the database's own ENUM, where there is one.
        """
        return bool(self.native_enum)

    @property
    def python_type(self) -> type[Any]:
        return self.enum_class or super().python_type

    @util.memoized_property
    def _static_cache_key(self) -> tuple[Any, ...] | None:
        # processors come from the cached plan: whatever they look at is in the key
        return (
            type(self),
            self.enum_class,
            tuple(self.enums),
            self.name,
            self.schema,
            self.length,
            self.native_enum,
            self.validate_strings,
            *((n, v._static_cache_key) for n, v in self._variant_mapping.items()),
        )

    # ---------------------------------------------------------------- values

    def _not_among(self, elem: Any) -> LookupError:
        shown = [value if len(value) <= 11 else f"{value[:11]}.." for value in self.enums]
        if len(shown) > 4:
            shown[3:-1] = ["..."]
        values = ", ".join(shown) if shown else "None"
        return LookupError(
            f"'{elem}' is not among the defined enum values. "
            f"Enum name: {self.name}. Possible values: {values}"
        )

    def _db_value_for_elem(self, elem: Any) -> Any:
        try:
            return self._valid_lookup[elem]
        except KeyError as err:
            # strings pass: a LIKE may compare with part of a value
            if not self.validate_strings and isinstance(elem, str):
                return elem
            raise self._not_among(elem) from err

    def _object_value_for_elem(self, elem: Any) -> Any:
        try:
            return self._object_lookup[elem]
        except KeyError as err:
            raise self._not_among(elem) from err

    def bind_processor(self, dialect: Any) -> BindProcessor | None:
        parent = super().bind_processor(dialect)
        to_db = self._db_value_for_elem
        if parent is None:
            return to_db
        inner = parent

        def process(value: Any) -> Any:
            return inner(to_db(value))

        return process

    def literal_processor(self, dialect: Any) -> LiteralProcessor | None:
        parent = super().literal_processor(dialect)
        to_db = self._db_value_for_elem

        def process(value: Any) -> str:
            value = to_db(value)
            return parent(value) if parent is not None else cast(str, value)

        return process

    def result_processor(self, dialect: Any, coltype: object) -> ResultProcessor | None:
        parent = super().result_processor(dialect, coltype)
        to_object = self._object_value_for_elem
        if parent is None:
            return to_object
        inner = parent

        def process(value: Any) -> Any:
            return to_object(inner(value))

        return process

    # ------------------------------------------------------------- variations

    def _resolve_for_python_type(
        self, python_type: Any, matched_on: Any, matched_on_flattened: Any
    ) -> Self | None:
        """
        Return an `Enum` like this one for an enum class or a ``Literal``.
        """
        if python_type is matched_on and self._enums_argument not in ((), (enum.Enum,)):
            return self  # given for this very type
        kw = self._make_enum_kw({})
        # the length of the generic type is not that of its values, unless it was given
        length = NO_ARG if self.length == self._default_length else self.length
        if typing.get_origin(python_type) is typing.Literal:
            values = _literal_values(python_type)
            bad = [value for value in values if not isinstance(value, str)]
            if bad:
                raise exc.ArgumentError(
                    "Can't create string-based Enum datatype from non-string values: "
                    f"{', '.join(map(repr, bad))}.  Please provide an explicit Enum datatype for this "
                    "Python type"
                )
            kw["native_enum"] = False
            kw["length"] = length
            return cast(Self, self._make(values, kw))
        if not (isinstance(python_type, type) and issubclass(python_type, enum.Enum)):
            return None
        kw["length"] = length
        return cast(Self, self._make([python_type], kw))

    def _make(self, enums: Sequence[Any], kw: dict[str, Any]) -> Enum:
        if kw.get("length") is NO_ARG:
            del kw["length"]
        return type(self)(*enums, **kw)

    def _make_enum_kw(self, kw: dict[str, Any]) -> dict[str, Any]:
        """
        Fill *kw* with the arguments this type was made with.
        """
        kw.setdefault("validate_strings", self.validate_strings)
        if self.name:
            kw.setdefault("name", self.name)
        kw.setdefault("schema", self.schema if self._is_schema_settled else NO_ARG)
        if self._inherit_schema:
            kw.setdefault("_inherit_schema", True)
        kw.setdefault("metadata", self.metadata)
        kw.setdefault("native_enum", self.native_enum)
        kw.setdefault("values_callable", self.values_callable)
        kw.setdefault("create_constraint", self.create_constraint)
        kw.setdefault("length", self.length)
        kw.setdefault("omit_aliases", self._omit_aliases)
        kw.setdefault("sort_key_function", self._sort_key_function)
        kw.setdefault("create_type", self.create_type)
        return kw

    def adapt_to_emulated(self, impltype: type[Any], **kw: Any) -> Any:
        self._make_enum_kw(kw)
        kw.setdefault("_create_events", False)
        kw.setdefault("_adapted_from", self)
        return impltype(*self._enums_argument, **kw)

    def adapt(self, cls: type[Any], **kw: Any) -> Any:
        kw.setdefault("_create_events", False)
        kw.setdefault("_adapted_from", self)
        if issubclass(cls, Enum) and not hasattr(cls, "adapt_emulated_to_native"):
            adapted = self.adapt_to_emulated(cls, **kw)
        elif not issubclass(cls, Enum):
            # a plain string type: the values are left behind
            adapted = cls(length=self.length)
        else:
            adapted = super().adapt(cls, **kw)
        if self._variant_mapping:
            adapted._variant_mapping = self._variant_mapping
        return adapted

    def copy(self, **kw: Any) -> Self:
        # a table copied to another schema takes the type along
        kw.update(self._copy_arguments(kw))
        self._make_enum_kw(kw)
        kw.setdefault("_create_events", True)
        copied = type(self)(*self._enums_argument, **kw)
        copied._variant_mapping = self._variant_mapping
        return copied

    def as_generic(self, allow_nulltype: bool = False) -> Enum:
        """
        Return a plain `Enum` of the same strings.
        """
        if self.length == self._default_length:
            return Enum(*self.enums)
        return Enum(*self.enums, length=self.length)

    # -------------------------------------------------------------- schema

    def _should_create_constraint(self, compiler: Any, **kw: Any) -> bool:
        if not self._is_impl_for_variant(compiler.dialect, kw):
            return False
        return not self.native_enum or not compiler.dialect.supports_native_enum

    def _set_table(self, column: Any, table: Any) -> None:
        SchemaType._set_table(self, column, table)
        if self.create_constraint and SchemaType._attach_check is not None:
            SchemaType._attach_check(self, column, table)

    def repr_struct(self) -> util.GenericRepr:
        """
        Return what the repr is made of.
        """
        shown: list[tuple[str, Any]] = [("native_enum", True), ("create_constraint", False)]
        if self.length != self._default_length:
            shown.append(("length", self._default_length))
        if self.schema is not None:
            shown.append(("schema", None))
        return util.GenericRepr(
            self,
            additional_kw=shown,
            to_inspect=[self, SchemaType],
            omit_kwarg=("schema", "metadata", "inherit_schema", "_adapted_from"),
        )


def _literal_values(annotation: Any) -> list[Any]:
    """
    Return the values of a ``Literal``, nested ones flattened.
    """
    values: list[Any] = []
    for arg in typing.get_args(annotation):
        if typing.get_origin(arg) is typing.Literal:
            values.extend(_literal_values(arg))
        else:
            values.append(arg)
    return values
