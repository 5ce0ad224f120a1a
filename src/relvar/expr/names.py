"""
Names that know more than their characters: quoted, truncatable, anonymous.

An anonymous name is a template such as ``%(17 param)s``: "the name with number
17, made from *param*".  The compiler gives numbers their final form, in order
of appearance, with an `AnonymousNames` map: ``param_1``.  So equal statements
get equal text, however their names were numbered.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

from relvar._kernels.keys import next_serial
from relvar._kernels.texts import AnonymousNames
from relvar.util.pattern import pattern

__all__ = [
    "NONE_NAME",
    "AnonymousNames",
    "_anonymous_label",
    "_truncated_label",
    "conv",
    "quoted_name",
]

_S = TypeVar("_S", bound="quoted_name")

_NUMBER = pattern(r"%\((\d+) ")
_NO_NAME = pattern(r"[%\(\) \$]+")
_SPELLED_OTHERWISE = pattern(r"[%\(\) \$:.\[\]]+")


class quoted_name(str):
    """
    An identifier with its own opinion on quoting.

    ``quote`` is True: always quoted, case is significant; False: never quoted;
    None: as the dialect decides.

    >>> quoted_name("Users", quote=True).lower()
    'Users'
    """

    quote: bool | None = None

    @overload
    @classmethod
    def construct(cls, value: str, quote: bool | None) -> quoted_name: ...

    @overload
    @classmethod
    def construct(cls, value: None, quote: bool | None) -> None: ...

    @classmethod
    def construct(cls, value: str | None, quote: bool | None) -> quoted_name | None:
        """
        Return *value* with the opinion *quote*; None stays None.
        """
        if value is None:
            return None
        return quoted_name(value, quote)

    def __new__(cls, value: str, quote: bool | None) -> quoted_name:
        assert value is not None, "use quoted_name.construct() for None passthrough"
        if isinstance(value, cls) and (quote is None or value.quote == quote):
            return value
        self = super().__new__(cls, value)
        if quote is not None:
            self.quote = quote
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return quoted_name, (str(self), self.quote)

    def lower(self) -> str:
        return self if self.quote else str(self).lower()

    def upper(self) -> str:
        return self if self.quote else str(self).upper()

    def __str__(self) -> str:
        return str.__str__(self)


class _truncated_label(quoted_name):
    """
    A name that may be shortened to what the database allows.
    """

    quote: None = None

    def __new__(cls, value: str, quote: bool | None = None) -> Any:
        quote = getattr(value, "quote", quote)
        return super().__new__(cls, value, quote)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.__class__, (str(self), self.quote)

    def apply_map(self, map_: dict[str, Any]) -> str:
        """
        Return the final name: for a name that is not anonymous, itself.
        """
        return self


class conv(_truncated_label):
    """
    A constraint name to which naming conventions were applied already.
    """


class _NoneName:
    """
    A constraint name that a naming convention must not replace: no name.
    """

    def __repr__(self) -> str:
        return "_NONE_NAME"


NONE_NAME = _NoneName()


class _anonymous_label(_truncated_label):
    """
    A template for a name that is numbered when the statement is compiled.

    >>> name = _anonymous_label.safe_construct(17, "users")
    >>> names = AnonymousNames()
    >>> name.apply_map(names), name.apply_map(names)
    ('users_1', 'users_1')
    """

    @classmethod
    def safe_construct(
        cls, seed: int, body: str, enclosing_label: str | None = None, sanitize_key: bool = False
    ) -> _anonymous_label:
        """
        Make the template for number *seed* and base name *body*.
        """
        body = str(body)
        if sanitize_key:
            # a name that any driver can spell
            body = _SPELLED_OTHERWISE.sub("_", body).strip("_")
        elif not body.isidentifier():
            body = _NO_NAME.sub("_", body)
        label = f"%({seed} {body})s"
        return _template(f"{enclosing_label}{label}" if enclosing_label else label)

    @classmethod
    def new(cls, body: str) -> _anonymous_label:
        """
        Make a template with a number of its own.
        """
        return cls.safe_construct(next_serial(), body)

    @property
    def _key_text(self) -> str:
        """
        The template without its numbers: what structurally equal names share.
        """
        return _NUMBER.sub("%(", str(self))

    def __add__(self, other: str) -> _anonymous_label:
        if not isinstance(other, _anonymous_label):
            other = other.replace("%", "%%")
        return _template(str.__add__(self, other), self.quote)

    def __radd__(self, other: str) -> _anonymous_label:
        if not isinstance(other, _anonymous_label):
            other = other.replace("%", "%%")
        return _template(str.__add__(other, self), self.quote)

    def apply_map(self, map_: dict[str, Any]) -> str:
        """
        Return the final name, its numbers looked up (or made) in *map_*.
        """
        result: str = str.__mod__(self, map_)
        if self.quote is not None:
            return quoted_name(result, self.quote)
        return result


def _template(text: str, quote: bool | None = None) -> _anonymous_label:
    """
    Return an anonymous name: what its class comes to, in one step.
    """
    made: _anonymous_label = str.__new__(_anonymous_label, text)
    if quote is not None:
        made.quote = quote  # type: ignore[assignment]  # as that of the name it is made from
    return made
