"""
Attributes for single elements of a JSON, ARRAY or HSTORE column.

>>> from relvar import JSON, select
>>> from relvar.ext.indexable import index_property
>>> from relvar.orm import DeclarativeBase, Mapped, mapped_column
>>> class Base(DeclarativeBase): ...
>>> class Person(Base):
...     __tablename__ = "person"
...     id: Mapped[int] = mapped_column(primary_key=True)
...     data = mapped_column(JSON)
...     name = index_property("data", "name")
>>> person = Person(data={"name": "Ann"})
>>> person.name = "Eve"
>>> person.data
{'name': 'Eve'}
>>> print(select(Person.id).where(Person.name.as_string() == "Eve"))
SELECT person.id
FROM person
WHERE person.data[:data_1] = :param_1
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar.ext.hybrid import hybrid_property
from relvar.orm.state.access import flag_modified
from relvar.orm.state.manager import is_instrumented

__all__ = ["index_property"]

_NO_DEFAULT = object()


class index_property(hybrid_property[Any]):
    """
    A hybrid for one element of a column that holds several.

    Args:
        attr_name: The attribute of the column, or another ``index_property``.
        index: The element: a key, or a position counted from 0.
        default: What an object without the element reads as; without it that raises `AttributeError`.
        datatype: Makes the container for an object that has none; by default a dict, or for a position a
            list that is long enough.
        mutable: Whether the element may be set and deleted.
        onebased: Positions in SQL begin with 1, as those of PostgreSQL's arrays do.
    """

    datatype: Any

    def __init__(
        self,
        attr_name: str,
        index: Any,
        default: Any = _NO_DEFAULT,
        datatype: Callable[[], Any] | None = None,
        mutable: bool = True,
        onebased: bool = True,
    ) -> None:
        if mutable:
            super().__init__(self.fget, self.fset, self.fdel, self.expr)
        else:
            super().__init__(self.fget, None, None, self.expr)
        self.attr_name = attr_name
        self.index = index
        self.default = default
        is_position = isinstance(index, int)
        self.onebased: bool = is_position and onebased
        if datatype is not None:
            self.datatype = datatype
        else:
            self.datatype = (lambda: [None] * (index + 1)) if is_position else dict

    def fget(self, instance: Any) -> Any:
        """
        Return the element of an object.

        Raises:
            AttributeError: There is none, and no default.
        """
        container = getattr(instance, self.attr_name)
        if container is None:
            return self._missing(None)
        try:
            return container[self.index]
        except (KeyError, IndexError) as err:
            return self._missing(err)

    def _missing(self, cause: Exception | None) -> Any:
        if self.default is _NO_DEFAULT:
            raise AttributeError(self.attr_name) from cause
        return self.default

    def fset(self, instance: Any, value: Any) -> None:
        """
        Set the element of an object, in a container of its own if it has none.
        """
        container = getattr(instance, self.attr_name, None)
        if container is None:
            container = self.datatype()
            setattr(instance, self.attr_name, container)
        container[self.index] = value
        self._changed(instance, container)

    def fdel(self, instance: Any) -> None:
        """
        Delete the element of an object.

        Raises:
            AttributeError: There is none.
        """
        container = getattr(instance, self.attr_name)
        if container is None:
            raise AttributeError(self.attr_name)
        try:
            del container[self.index]
        except KeyError as err:
            raise AttributeError(self.attr_name) from err
        self._changed(instance, container)

    def _changed(self, instance: Any, container: Any) -> None:
        setattr(instance, self.attr_name, container)
        if is_instrumented(instance, self.attr_name):
            flag_modified(instance, self.attr_name)

    def expr(self, model: Any) -> Any:
        """
        Return the element as SQL.
        """
        column = getattr(model, self.attr_name)
        return column[self.index + 1 if self.onebased else self.index]
