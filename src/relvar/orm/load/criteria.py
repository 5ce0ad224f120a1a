"""
Conditions that options put on an entity wherever it occurs in a statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from types import CodeType
from typing import Any
from uuid import UUID

from relvar import exc
from relvar.expr.coerce import where_criterion
from relvar.inspection import inspect
from relvar.orm.load.adapt import adapt, adapter_of
from relvar.orm.load.options import LoaderOption
from relvar.util.moved import module_of

__all__ = ["LoaderCriteriaOption", "criteria_of", "no_criteria", "with_loader_criteria"]


class LoaderCriteriaOption(LoaderOption):
    """
    A condition on every occurrence of an entity; made by `with_loader_criteria`.
    """

    inherit_cache: bool = True

    def __init__(
        self,
        entity_or_base: Any,
        where_criteria: Any,
        loader_only: bool = False,
        include_aliases: bool = False,
        propagate_to_loaders: bool = True,
        track_closure_variables: bool = True,
    ) -> None:
        entity = inspect(entity_or_base, raiseerr=False)
        self.entity: Any = entity if entity is not None and hasattr(entity, "mapper") else None
        self.base: Any | None = None if self.entity is not None else entity_or_base
        if self.base is not None and not isinstance(self.base, type):
            raise exc.ArgumentError(f"expected a mapped class, alias or base class, got {entity_or_base!r}")
        self.where = where_criteria
        self.is_callable: Any = callable(where_criteria) and not hasattr(where_criteria, "__visit_name__")
        self.include_aliases = include_aliases
        self.is_loader_only = loader_only
        self.is_propagated = propagate_to_loaders
        owner = self.entity.mapper._key_serial if self.entity is not None else self.base
        self._shape = ("with_loader_criteria", owner, include_aliases, loader_only)
        probe = self._clause_for(self.entity) if self.entity is not None else None
        if probe is not None:
            self._nodes = (probe,)
        else:
            # one condition per class of the base: what it is shows only when a statement is planned
            self._nodes = ()
            surroundings = _surroundings(where_criteria)
            if surroundings is None:
                self.__class__ = _CriteriaOfTheMoment
            else:
                self._shape = (*self._shape, where_criteria, surroundings)

    def __reduce__(self) -> Any:
        # of a function that was called already, the condition it made is enough
        return LoaderCriteriaOption, (
            self.base if self.entity is None else self.entity,
            self._nodes[0] if self._nodes else self.where,
            self.is_loader_only,
            self.include_aliases,
            self.is_propagated,
        )

    @property
    def propagate_to_loaders(self) -> bool:  # type: ignore[override]  # said by the caller
        return self.is_propagated

    def applies_to(self, entity: Any, is_internal: bool = False) -> bool:
        """
        Tell whether the condition is to be put on an entity.

        Args:
            is_internal: It is an alias that eager loading made, not one of the program's.
        """
        if self.entity is None:
            return self.base is not None and issubclass(entity.mapper.class_, self.base)
        if self.entity.is_aliased_class:
            return entity is self.entity
        if entity.is_aliased_class and not (self.include_aliases or is_internal or entity._use_mapper_path):
            return False
        return bool(entity.mapper.isa(self.entity.mapper))

    def _clause_for(self, entity: Any) -> Any:
        where = self.where(entity.mapper.class_) if self.is_callable else self.where
        return None if where is None else where_criterion(where)

    def criterion(self, entity: Any) -> Any:
        """Return the condition over an entity."""
        clause = self._nodes[0] if self._nodes else self._clause_for(entity)
        if self.entity is not None and self.entity.is_aliased_class:
            return clause
        return adapt(clause, adapter_of(entity))


class _CriteriaOfTheMoment(LoaderCriteriaOption):
    """
    A function that may give another condition each time it is called: no plan of a statement is kept.
    """

    inherit_cache = False


_VALUES = (str, bytes, int, float, complex, bool, type(None), Decimal, date, time, timedelta, UUID, Enum)


def _surroundings(function: Any) -> tuple[Any, ...] | None:
    """
    Return the values from around a function that it may use, None if they do not tell what it gives.

    They do if they are plain values, classes, and functions of this library; global variables may change,
    so that of them only the latter two do.
    """
    code = getattr(function, "__code__", None)
    if code is None:
        return ()
    try:
        given = [cell.cell_contents for cell in function.__closure__ or ()]
    except ValueError:  # a variable that is not set yet
        return None
    given += [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    if any(isinstance(constant, CodeType) for constant in code.co_consts):
        return None  # it defines functions, which see more
    if not all(isinstance(value, _VALUES) or _is_constant(value) for value in given):
        return None
    names = function.__globals__
    if not all(_is_constant(names[name]) for name in code.co_names if name in names):
        return None
    return tuple([(type(value), value) for value in given])


def _is_constant(thing: Any) -> bool:
    return isinstance(thing, type) or module_of(thing).startswith("relvar.")


def criteria_of(options: Iterable[Any]) -> Callable[..., list[Any]]:
    """Return a function that gives the conditions that options put on an entity."""
    found = [option for option in options if isinstance(option, LoaderCriteriaOption)]
    if not found:
        return no_criteria

    def criteria(entity: Any, is_internal: bool = False) -> list[Any]:
        return [option.criterion(entity) for option in found if option.applies_to(entity, is_internal)]

    return criteria


def no_criteria(_entity: Any, _is_internal: bool = False) -> list[Any]:
    """Return no conditions on an entity."""
    return []


def with_loader_criteria(
    entity_or_base: Any,
    where_criteria: Any,
    loader_only: bool = False,
    include_aliases: bool = False,
    propagate_to_loaders: bool = True,
    track_closure_variables: bool = True,
) -> LoaderCriteriaOption:
    """
    Put a condition on every occurrence of an entity in a statement, and in the loads that follow from it.

    Args:
        entity_or_base: A mapped class, an alias, or an unmapped base class of mapped classes.
        where_criteria: The condition, or a function that makes it from a class.
        include_aliases: Also for ``aliased()`` of the entity.
        propagate_to_loaders: Also for lazy loads of the objects that the statement gives.

    >>> from relvar import select
    >>> from relvar.orm import DeclarativeBase, Mapped, mapped_column, with_loader_criteria
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> print(select(User.id).options(with_loader_criteria(User, User.name != "root")))
    SELECT users.id
    FROM users
    WHERE users.name != :name_1
    """
    return LoaderCriteriaOption(
        entity_or_base,
        where_criteria,
        loader_only,
        include_aliases,
        propagate_to_loaders,
        track_closure_variables,
    )
