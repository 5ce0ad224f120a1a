"""
Options of a single database on a database-neutral construct: ``mysql_engine="InnoDB"``.

A keyword ``<dialect>_<argument>`` is checked against what the dialect declares in
``construct_arguments``: a list of ``(construct class, {argument: default})``; the argument
``"*"`` accepts any.  A dialect that declares nothing accepts everything.

Rule 1: a construct without such keywords costs nothing; its option table is made when asked for.
Rule 2: this module does not import dialects; `load_dialect_with` is told how to find one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from relvar import exc
from relvar.util import warn

__all__ = ["DialectKWArgs", "load_dialect_with"]

_KEYWORD = re.compile(r"^(.+?)_(.+)$")

_Registry = dict[type, dict[str, Any]]

_load_dialect: Callable[[str], Any] | None = None
_registries: dict[str, _Registry | None] = {}


def load_dialect_with(load: Callable[[str], Any]) -> None:
    """
    Set how a dialect class is found by its name.

    Args:
        load: Name -> dialect class; raises NoSuchModuleError for an unknown name.
    """
    global _load_dialect
    _load_dialect = load
    _registries.clear()


def _registry_of(dialect_name: str) -> _Registry | None:
    """
    Return the declared arguments of a dialect, None when it declares none.

    Raises:
        NoSuchModuleError: there is no such dialect.
    """
    try:
        return _registries[dialect_name]
    except KeyError:
        pass
    if _load_dialect is None:
        return None
    declared = _load_dialect(dialect_name).construct_arguments
    registry = None if declared is None else {cls: dict(args) for cls, args in declared}
    _registries[dialect_name] = registry
    return registry


class DialectOptions(MutableMapping[str, Any]):
    """
    The options of one dialect on one construct: given values over declared defaults.
    """

    __slots__ = ("_defaults", "_given")

    def __init__(self, defaults: dict[str, Any] | None = None) -> None:
        self._defaults: dict[str, Any] = {} if defaults is None else defaults
        self._given: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self._given:
            return self._given[key]
        return self._defaults[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._given[key] = value

    def __delitem__(self, key: str) -> None:
        del self._given[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._given, **self._defaults})

    def __len__(self) -> int:
        return len(set(self._given).union(self._defaults))


class DialectOptionsByName(dict[str, DialectOptions]):
    """
    Dialect name -> its options on one construct; an entry is made on first look.
    """

    def __init__(self, construct: type) -> None:
        super().__init__()
        self._construct = construct

    def __missing__(self, dialect_name: str) -> DialectOptions:
        registry = _registry_of(dialect_name)
        if registry is None:
            made = DialectOptions({"*": None})
        else:
            defaults: dict[str, Any] = {}
            for cls in reversed(self._construct.__mro__):
                if cls in registry:
                    defaults.update(registry[cls])
            made = DialectOptions(defaults)
        self[dialect_name] = made
        return made


class DialectKeywords(MutableMapping[str, Any]):
    """
    The given options of a construct under their full names ``<dialect>_<argument>``.
    """

    __slots__ = ("_construct",)

    def __init__(self, construct: DialectKWArgs) -> None:
        self._construct = construct

    @staticmethod
    def _split(key: str) -> tuple[str, str]:
        dialect, sep, argument = key.partition("_")
        if not sep:
            raise KeyError(key)
        return dialect, argument

    def __getitem__(self, key: str) -> Any:
        dialect, argument = self._split(key)
        try:
            options = self._construct.dialect_options[dialect]
        except exc.NoSuchModuleError as err:
            raise KeyError(key) from err
        return options[argument]

    def __setitem__(self, key: str, value: Any) -> None:
        try:
            dialect, argument = self._split(key)
        except KeyError as err:
            raise exc.ArgumentError("Keys must be of the form <dialectname>_<argname>") from err
        self._construct.dialect_options[dialect][argument] = value

    def __delitem__(self, key: str) -> None:
        dialect, argument = self._split(key)
        del self._construct.dialect_options[dialect][argument]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[str]:
        by_name = self._construct.__dict__.get("dialect_options")
        for dialect, options in (by_name or {}).items():
            for argument in options._given:
                yield f"{dialect}_{argument}"

    def __repr__(self) -> str:
        return repr(dict(self))


class DialectKWArgs:
    """
    Mixin of the constructs that accept ``<dialect>_<argument>`` keywords.
    """

    @classmethod
    def argument_for(cls, dialect_name: str, argument_name: str, default: Any) -> None:
        """
        Declare one more argument of a dialect for this construct.

        Raises:
            ArgumentError: the dialect does not declare its arguments, so none is checked.
        """
        registry = _registry_of(dialect_name)
        if registry is None:
            raise exc.ArgumentError(
                f"Dialect '{dialect_name}' does have keyword-argument validation and defaults "
                "enabled configured"
            )
        registry.setdefault(cls, {})[argument_name] = default

    @property
    def dialect_options(self) -> DialectOptionsByName:
        """
        The options by dialect name, then by argument name.
        """
        try:
            return self.__dict__["dialect_options"]  # type: ignore[no-any-return]  # a plain dict
        except KeyError:
            self.__dict__["dialect_options"] = made = DialectOptionsByName(type(self))
            return made

    @property
    def dialect_kwargs(self) -> DialectKeywords:
        """
        The given options, keyed ``<dialect>_<argument>``.
        """
        return DialectKeywords(self)

    @property
    def kwargs(self) -> DialectKeywords:
        """
        Another name of `dialect_kwargs`.
        """
        return DialectKeywords(self)

    def get_dialect_option(
        self,
        dialect: Any,
        argument_name: str,
        else_: Any = None,
        deprecated_fallback: str | None = None,
    ) -> Any:
        """
        Return the option of *dialect*, else that of its old name, else *else_*.

        Args:
            dialect: The dialect; its ``name`` is looked up.
            deprecated_fallback: A dialect name whose option counts when there is no other.
        """
        if "dialect_options" not in self.__dict__ and else_ is None:
            return self._declared_default(dialect.name, argument_name)
        options = self.dialect_options[dialect.name]
        value = options.get(argument_name, else_)
        if deprecated_fallback is not None and value is else_ and dialect.name != deprecated_fallback:
            return self.dialect_options[deprecated_fallback].get(argument_name, else_)
        return value

    def _declared_default(self, dialect_name: str, argument_name: str) -> Any:
        registry = _registry_of(dialect_name)
        if registry:
            for cls in type(self).__mro__:
                if cls in registry and argument_name in registry[cls]:
                    return registry[cls][argument_name]
        return None

    def _validate_dialect_kwargs(self, kwargs: Mapping[str, Any]) -> None:
        """
        Take over ``<dialect>_<argument>`` keywords.

        Raises:
            TypeError: a keyword is not of that form.
            ArgumentError: the dialect knows no such argument for this construct.
        """
        for keyword, value in kwargs.items():
            match = _KEYWORD.match(keyword)
            if match is None:
                raise TypeError(
                    "Additional arguments should be named <dialectname>_<argument>, "
                    f"got '{keyword}'"
                )
            dialect_name, argument_name = match.group(1, 2)
            try:
                options = self.dialect_options[dialect_name]
            except exc.NoSuchModuleError:
                warn(
                    f"Can't validate argument {keyword!r}; can't locate any SQLAlchemy dialect "
                    f"named {dialect_name!r}"
                )
                options = DialectOptions({"*": None})
                self.dialect_options[dialect_name] = options
            else:
                if "*" not in options and argument_name not in options:
                    raise exc.ArgumentError(
                        f"Argument {keyword!r} is not accepted by dialect {dialect_name!r} "
                        f"on behalf of {type(self)!r}"
                    )
            options[argument_name] = value
