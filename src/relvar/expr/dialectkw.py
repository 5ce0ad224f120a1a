"""
Options of one database, given as ``<dialect>_<option>`` keyword arguments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from relvar import exc
from relvar.util.warning import warn

__all__ = ["DialectKWArgs", "construct_arguments_of"]

_construct_arguments: dict[str, Any] = {}
"Dialect name -> {class: {option: default}}, or None when the dialect takes anything."


def _load_nothing(name: str) -> Any:
    raise exc.NoSuchModuleError(f"Can't load plugin: sqlalchemy.dialects:{name}")


_load_dialect: Any = _load_nothing


def set_dialect_loader(load: Any) -> None:
    """
    Register the function that finds a dialect class by name.
    """
    global _load_dialect
    _load_dialect = load


def construct_arguments_of(name: str) -> Any:
    """
    Return ``{class: {option: default}}`` of the dialect *name*; None when it takes anything.
    """
    try:
        return _construct_arguments[name]
    except KeyError:
        pass
    dialect = _load_dialect(name)
    found = None
    if dialect.construct_arguments is not None:
        found = {cls: dict(options) for cls, options in dialect.construct_arguments}
    _construct_arguments[name] = found
    return found


class _DialectOptions(dict[str, Any]):
    """
    The options of one dialect: what was given, over the dialect's defaults.
    """

    def __init__(self, defaults: Mapping[str, Any]) -> None:
        super().__init__(defaults)
        # as an ordered set: programs render options in the order in which they were given
        self._given: dict[str, None] = {}


class _OptionsByDialect(dict[str, _DialectOptions]):
    """
    Dialect name -> its options, made when first asked for.
    """

    def __init__(self, item: Any) -> None:
        super().__init__()
        self._item = item

    def __missing__(self, name: str) -> _DialectOptions:
        made = self[name] = _DialectOptions(self._item._default_options(name))
        return made

    def copied_for(self, item: Any) -> _OptionsByDialect:
        """
        Return a copy that belongs to *item*.
        """
        made = _OptionsByDialect(item)
        for name, options in self.items():
            copied = made[name] = _DialectOptions(options)
            copied._given = dict(options._given)
        return made


class _DialectArgView(MutableMapping[str, Any]):
    """
    All options given, flat, under their full names.
    """

    __slots__ = ("_item",)

    def __init__(self, item: DialectKWArgs) -> None:
        self._item = item

    def _split(self, key: str) -> tuple[str, str]:
        dialect, separator, option = key.partition("_")
        if not separator:
            raise KeyError(key)
        return dialect, option

    def __getitem__(self, key: str) -> Any:
        dialect, option = self._split(key)
        # what is not given is its default
        return self._item.dialect_options[dialect][option]

    def __setitem__(self, key: str, value: Any) -> None:
        try:
            dialect, option = self._split(key)
        except KeyError as err:
            raise exc.ArgumentError("Keys must be of the form <dialectname>_<argname>") from err
        options = self._item.dialect_options[dialect]
        options[option] = value
        options._given[option] = None

    def __delitem__(self, key: str) -> None:
        dialect, option = self._split(key)
        options = self._item.dialect_options[dialect]
        options._given.pop(option, None)
        del options[option]

    def __len__(self) -> int:
        return sum(len(options._given) for options in self._item.dialect_options.values())

    def __iter__(self) -> Iterator[str]:
        return (
            f"{dialect}_{option}"
            for dialect, options in self._item.dialect_options.items()
            for option in options._given
        )

    def __repr__(self) -> str:
        return repr(dict(self))


class DialectKWArgs:
    """
    Something that takes options of single databases.
    """

    _options_by_dialect: _OptionsByDialect | None = None

    @classmethod
    def argument_for(cls, dialect_name: str, argument_name: str, default: Any) -> None:
        """
        Let this class take the option ``<dialect_name>_<argument_name>``.

        Raises:
            ArgumentError: the dialect takes no options at all, or any.
        """
        known = construct_arguments_of(dialect_name)
        if known is None:
            raise exc.ArgumentError(
                f"Dialect '{dialect_name}' does have keyword-argument validation and defaults enabled "
                "configured"
            )
        known.setdefault(cls, {})[argument_name] = default

    @property
    def dialect_options(self) -> Any:
        """
        Dialect name -> option -> value; defaults included.
        """
        made = self._options_by_dialect
        if made is None:
            made = self._options_by_dialect = _OptionsByDialect(self)
        return made

    @property
    def dialect_kwargs(self) -> Any:
        """
        The options given, under their full names; a live view.
        """
        return _DialectArgView(self)

    @property
    def kwargs(self) -> Any:
        """
        The same as `dialect_kwargs`.
        """
        return self.dialect_kwargs

    def get_dialect_option(
        self,
        dialect: Any,
        argument_name: str,
        *,
        else_: Any = None,
        deprecated_fallback: str | None = None,
    ) -> Any:
        """
        Return an option's value for *dialect*, or *else_*.
        """
        options = self.dialect_options
        name = getattr(dialect, "name", dialect)
        value = options[name].get(argument_name)
        if value is not None:
            return value
        if deprecated_fallback:
            value = options[deprecated_fallback].get(argument_name)
            if value is not None:
                return value
        return else_

    def _default_options(self, name: str) -> dict[str, Any]:
        try:
            known = construct_arguments_of(name)
        except exc.NoSuchModuleError:
            known = None
        defaults: dict[str, Any] = {}
        if known is None:
            defaults["*"] = None
            return defaults
        for cls in reversed(type(self).__mro__):
            defaults.update(known.get(cls, {}))
        return defaults

    def _validate_dialect_kwargs(self, kwargs: Mapping[str, Any]) -> None:
        """
        Take the options in *kwargs*.

        Raises:
            TypeError: a name has no dialect in it.
            ArgumentError: the dialect knows no such option of this class.
        """
        for name, value in kwargs.items():
            dialect, separator, option = name.partition("_")
            if not separator or not dialect:
                raise TypeError(
                    f"Additional arguments should be named <dialectname>_<argument>, got {name!r}"
                )
            self._take_option(dialect, option, name, value)

    def _take_option(self, dialect: str, option: str, name: str, value: Any) -> None:
        try:
            construct_arguments_of(dialect)
        except exc.NoSuchModuleError:
            _warn_unknown_dialect(dialect, name)
            options = self.dialect_options[dialect]
        else:
            options = self.dialect_options[dialect]
            if option not in options and "*" not in options:
                raise exc.ArgumentError(
                    f"Argument {name!r} is not accepted by dialect {dialect!r} on behalf of {type(self)!r}"
                )
        options[option] = value
        options._given[option] = None

    def _tell_dialects(self, kwargs: Mapping[str, Any]) -> None:
        """
        Let the dialects whose options are in *kwargs* check what was described; some have rules of their own.
        """
        for name in {option.partition("_")[0] for option in kwargs}:
            try:
                dialect = _load_dialect(name)
            except exc.NoSuchModuleError:
                # there was a warning
                continue
            check = getattr(dialect, "table_described", None)
            if check is not None:
                check(self)

    def _given_options(self) -> tuple[tuple[str, str, Any], ...]:
        """
        Return ``(dialect, option, value)`` of the options given: what enters a cache key.
        """
        made = self._options_by_dialect
        if made is None:
            return ()
        return tuple(
            (dialect, option, options[option])
            for dialect, options in made.items()
            for option in options
            if option in options._given
        )


def _warn_unknown_dialect(dialect: str, name: str) -> None:
    warn(f"Can't validate argument {name!r}; can't locate any SQLAlchemy dialect named {dialect!r}")
