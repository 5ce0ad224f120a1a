"""
What programs that look into a query find: its clauses, and what it selects.

Nothing in relvar reads these.  The names are those that programs for SQLAlchemy use
(``Query._order_by_clauses``, ``Query._compile_state()._entities``).
"""

from __future__ import annotations

from typing import Any

from relvar.expr import make
from relvar.inspection import inspect
from relvar.orm.load.items import Selected, SelectedBundle, SelectedColumn, SelectedEntity, read_items

__all__ = ["CompileState", "LookedInto"]


class _QueryEntity:
    """
    Something that a query selects.

    Attributes:
        expr: As it was given.
        type: The class or the SQL type of its values.
        entity_zero: The mapper or the alias that it belongs to, if there is one.
    """

    supports_single_entity = False

    def __init__(self, item: Selected, described: dict[str, Any]) -> None:
        self.expr: Any = described["expr"]
        self.type: Any = described["type"]
        name = described["name"]
        self._label_name: str | None = None if name == "_no_label" else name
        entity = described["entity"]
        self.entity_zero: Any = None if entity is None else inspect(entity)

    @property
    def mapper(self) -> Any:
        """The mapper of `entity_zero`."""
        return None if self.entity_zero is None else self.entity_zero.mapper

    @property
    def entity_zero_or_selectable(self) -> Any:
        """What it is selected from: its entity, else its first FROM."""
        if self.entity_zero is not None:
            return self.entity_zero
        return next(iter(getattr(self.expr, "_from_objects", ())), None)


class _MapperEntity(_QueryEntity):
    """
    A mapped class or an alias of one.
    """

    supports_single_entity = True

    def __init__(self, item: Selected, described: dict[str, Any]) -> None:
        super().__init__(item, described)
        self.is_aliased_class: bool = bool(self.entity_zero.is_aliased_class)
        self.selectable: Any = self.entity_zero.selectable


class _ColumnEntity(_QueryEntity):
    """
    A column or another expression.
    """

    def __init__(self, item: Selected, described: dict[str, Any]) -> None:
        super().__init__(item, described)
        assert isinstance(item, SelectedColumn), "its class was asked for by kind"
        self.column: Any = item.column


class _BundleEntity(_QueryEntity):
    """
    A bundle of columns.
    """

    def __init__(self, item: Selected, described: dict[str, Any]) -> None:
        super().__init__(item, described)
        self.bundle: Any = self.expr


_KINDS: dict[type[Any], type[_QueryEntity]] = {
    SelectedEntity: _MapperEntity,
    SelectedColumn: _ColumnEntity,
    SelectedBundle: _BundleEntity,
}


class _ORMSelectCompileState:
    """
    What dialects of others derive from; of the entities of a SELECT, nothing is left when it is compiled.
    """


class CompileState:
    """
    A query as ``Query._compile_state()`` gives it.

    Attributes:
        select_statement: The statement that the query builds.
        attributes: For programs to put things in.
    """

    def __init__(self, query: Any) -> None:
        self._query = query
        self.select_statement: Any = query._select
        self.attributes: dict[Any, Any] = {}
        self._entities: list[_QueryEntity] = [
            _KINDS[type(item)](item, described)
            for item, described in zip(
                read_items(make.Select(*query._entities)._raw_columns), query.column_descriptions, strict=True
            )
        ]

    @property
    def statement(self) -> Any:
        """What runs."""
        return self._query.statement

    @property
    def _has_mapper_entities(self) -> bool:
        return any(isinstance(entity, _MapperEntity) for entity in self._entities)

    def _entity_zero(self) -> Any:
        """Return the first mapper or alias of what is selected, if there is one."""
        found = (entity.entity_zero for entity in self._entities)
        return next((entity for entity in found if entity is not None), None)

    def _mapper_zero(self) -> Any:
        """Return the mapper of the first thing selected, if it has one."""
        return self._entities[0].mapper if self._entities else None


class LookedInto:
    """
    The clauses of a query, by the names that they have in its statement.
    """

    _select: Any

    def _compile_state(self, for_statement: bool = False, **_kw: Any) -> CompileState:
        """Return what is selected, one object each; see `CompileState`."""
        return CompileState(self)


def _clause(name: str) -> property:
    def get(query: LookedInto) -> Any:
        return getattr(query._select, name)

    return property(get, doc=f"``{name}`` of the statement.")


for _name in (
    "_order_by_clauses",
    "_group_by_clauses",
    "_where_criteria",
    "_having_criteria",
    "_limit_clause",
    "_offset_clause",
    "_distinct",
    "_for_update_arg",
    "_from_obj",
    "_raw_columns",
    "_setup_joins",
    "_with_options",
    "_correlate",
    "_execution_options",
):
    setattr(LookedInto, _name, _clause(_name))
