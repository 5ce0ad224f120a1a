"""
What INSERT, UPDATE and DELETE have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from relvar import exc
from relvar._kernels.froms import from_objects
from relvar._kernels.nodes import adding, copy_node
from relvar.expr import make
from relvar.expr.boolean import where_clause
from relvar.expr.coerce import columns_clause_item, dml_column, dml_value, where_criterion
from relvar.expr.coerce_rows import dml_table, from_item
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.element import ColumnElement
from relvar.expr.executable import Executable
from relvar.expr.node import DICT, NODE, NODES, PAIRS, VALUE, Field, memoized
from relvar.expr.roles import Role
from relvar.relation.affix import HasPrefixes
from relvar.relation.columns import WriteableColumnCollection
from relvar.relation.cte import HasCTE
from relvar.relation.from_ import ReturnsRows
from relvar.stmt.base import HasSyntaxExtensions
from relvar.stmt.filterby import filter_by_criteria
from relvar.stmt.labels import LABEL_STYLE_DISAMBIGUATE_ONLY, columns_plus_names, proxy_keys

if TYPE_CHECKING:
    from relvar.expr.typed import Condition

__all__ = ["DMLWhereBase", "UpdateBase", "ValuesBase"]


class UpdateBase(HasSyntaxExtensions, HasPrefixes, DialectKWArgs, Executable, HasCTE, ReturnsRows):
    """
    INSERT, UPDATE or DELETE.

    Attributes:
        table: What it changes.
    """

    __visit_name__ = "update_base"
    _roles = Role.STATEMENT
    _key_memo = True
    _dml_fields: ClassVar[tuple[Field, ...]] = (
        Field("table", NODE),
        Field("_returning", NODES),
        Field("_hint_pairs", PAIRS),
        Field("_return_defaults", VALUE),
        Field("_return_defaults_columns", NODES),
        Field("_supplemental_returning", NODES),
        Field("_sort_by_parameter_order", VALUE),
        Field("_dialect_option_key", VALUE),
        Field("_with_options", NODES),
        Field("_compile_options", VALUE),
        *HasPrefixes._prefix_fields,
        *HasCTE._cte_fields,
    )

    is_dml = True
    table: Any
    named_with_column = False
    _label_style = LABEL_STYLE_DISAMBIGUATE_ONLY
    _returning: tuple[Any, ...] = ()
    _hint_pairs: tuple[tuple[Any, str, str], ...] = ()
    _return_defaults: bool = False
    _return_defaults_columns: tuple[Any, ...] | None = None
    _supplemental_returning: tuple[Any, ...] | None = None
    _sort_by_parameter_order: bool = False
    _dialect_option_key: Any = None
    _is_returns_rows = True
    _hide_froms: Sequence[Any] = ()

    @property
    def _compile_state_factory(self) -> Any:
        """
        What makes the state that compilers of other programs ask about a statement.
        """
        return make.CompileState.create_for_statement

    def params(self, *arg: Any, **kw: Any) -> NoReturn:
        """
        Refuse: values belong into `values`.
        """
        raise NotImplementedError(
            "params() is not supported for INSERT/UPDATE/DELETE statements. To set the values for an "
            "INSERT or UPDATE statement, use stmt.values(**parameters)."
        )

    def _set_table(self, table: Any) -> None:
        made = dml_table(table)
        self.table = made
        if made._propagate_attrs:
            self._propagate_attrs = made._propagate_attrs

    @property
    def _is_orm(self) -> bool:
        """
        It is about an ORM entity: the ORM makes a core statement of it first.
        """
        return "compile_state_plugin" in self._propagate_attrs

    @property
    def _hints(self) -> dict[tuple[Any, str], str]:
        """
        ``(FROM element, dialect name)`` -> hint.
        """
        return {(element, dialect): hint for element, dialect, hint in self._hint_pairs}

    def with_dialect_options(self, **opt: Any) -> Self:
        """
        Return a copy with options of single databases: ``<dialect>_<option>``.
        """
        made = copy_node(self)
        known = made._options_by_dialect
        if known is not None:
            made._options_by_dialect = known.copied_for(made)
        made._validate_dialect_kwargs(opt)
        made._dialect_option_key = made._given_options()
        return made

    def return_defaults(
        self,
        *cols: Any,
        supplemental_cols: Iterable[Any] | None = None,
        sort_by_parameter_order: bool = False,
    ) -> Self:
        """
        Return a copy that brings back what the database generates, if it can.

        Args:
            cols: Only these columns.
            supplemental_cols: Further columns to bring back.
            sort_by_parameter_order: In the order of the parameters given.
        """
        if self._return_defaults:
            if self._return_defaults_columns and cols:
                cols = tuple({id(c): c for c in (*self._return_defaults_columns, *cols)}.values())
            elif not self._return_defaults_columns:
                cols = ()
        made = copy_node(self)
        made._return_defaults = True
        made._return_defaults_columns = tuple([columns_clause_item(c) for c in cols]) or None
        made._sort_by_parameter_order = sort_by_parameter_order
        if supplemental_cols:
            made._supplemental_returning = (
                *(self._supplemental_returning or ()),
                *[columns_clause_item(c) for c in supplemental_cols],
            )
        return made

    def corresponding_column(self, column: Any, require_embedded: bool = False) -> Any:
        """
        Return the column brought back that stands for *column*; None if there is none.
        """
        return self.exported_columns.corresponding_column(column, require_embedded)

    def is_derived_from(self, fromclause: Any) -> bool:
        return hash(fromclause) == hash(self.table)

    def returning(self, *cols: Any, sort_by_parameter_order: bool = False, **__kw: Any) -> Any:
        """
        Return a copy that brings back columns of the rows changed.

        Args:
            sort_by_parameter_order: In the order of the parameters given.

        >>> from relvar import column, delete, table
        >>> users = table("users", column("id"), column("name"))
        >>> print(delete(users).where(users.c.id == 5).returning(users.c.name))
        DELETE FROM users WHERE users.id = :id_1 RETURNING users.name
        """
        if __kw:
            raise TypeError(f"UpdateBase.returning() got an unexpected keyword argument {next(iter(__kw))!r}")
        # most statements have few of what their class knows
        known = self.__dict__
        if known.get("_return_defaults"):
            raise exc.InvalidRequestError("return_defaults() is already configured on this statement")
        made = copy_node(self)
        made.__dict__["_returning"] = (*known.get("_returning", ()), *map(columns_clause_item, cols))
        if sort_by_parameter_order:
            if not self.is_insert:
                raise exc.ArgumentError(
                    "The 'sort_by_parameter_order' argument to returning() only applies to INSERT statements"
                )
            made._sort_by_parameter_order = True
        return made

    @memoized
    def _all_selected_columns(self) -> Sequence[Any]:
        return [c for element in self._returning for c in element._select_iterable]

    @property
    def _all_returned(self) -> Sequence[Any]:
        """
        The columns brought back, tables taken apart without the columns that only match rows.
        """
        found: list[Any] = []
        for element in self._returning:
            if element._is_keyed_column_element:
                found.append(element)
                continue
            if isinstance(element, ColumnElement):
                found.extend(element._select_iterable)
                continue
            columns = _columns_of(element)
            found.extend(
                [c for c in columns if c is element or not getattr(c, "_omit_from_statements", False)]
            )
        return found

    @property
    def exported_columns(self) -> Any:
        """
        The columns brought back, by key.
        """
        columns = [c for c in self._all_selected_columns if not c._is_text_clause]
        made = WriteableColumnCollection()
        made._populate_separate_keys(list(zip(proxy_keys(columns, self._label_style), columns)))  # type: ignore[arg-type]  # text was left out
        return made.as_readonly()

    def _generate_fromclause_column_proxies(
        self, fromclause: Any, columns: Any, primary_key: Any, foreign_keys: Any
    ) -> None:
        made = [
            c._make_proxy(
                fromclause, key=key, name=required, primary_key=primary_key, foreign_keys=foreign_keys
            )
            for required, key, _fallback, c, _repeated in columns_plus_names(
                self._all_selected_columns, self._label_style
            )
            if not c._is_text_clause
        ]
        columns._populate_separate_keys(made)

    def with_hint(self, text: str, selectable: Any = None, dialect_name: str = "*") -> Self:
        """
        Return a copy with a hint for its table.
        """
        made = copy_node(self)
        target = self.table if selectable is None else from_item(selectable)
        made._hint_pairs += ((target, dialect_name, text),)
        return made

    @property
    def entity_description(self) -> dict[str, Any]:
        """
        What it changes, as a dictionary.
        """
        if self._is_orm and make.orm_entity_description is not None:
            return make.orm_entity_description(self)  # type: ignore[no-any-return]  # a dictionary
        name = getattr(self.table, "name", None)
        return {"name": name, "table": self.table}

    @property
    def returning_column_descriptions(self) -> list[dict[str, Any]]:
        """
        What it brings back, as dictionaries of name, type and expression.
        """
        if self._is_orm and make.orm_returning_descriptions is not None:
            return make.orm_returning_descriptions(self)  # type: ignore[no-any-return]  # a list
        return [{"name": c.key, "type": c.type, "expr": c} for c in self._all_selected_columns]

    @property
    def _from_objects(self) -> Sequence[Any]:
        return (self,)


class ValuesBase(UpdateBase):
    """
    INSERT or UPDATE: with values.
    """

    __visit_name__ = "values_base"
    _value_fields: ClassVar[tuple[Field, ...]] = (
        Field("_values", DICT),
        Field("_inline", VALUE),
    )

    _values: dict[Any, Any] | None = None
    _multi_values: tuple[Any, ...] = ()
    _ordered_values: Any = None
    _inline: bool = False
    select: Any = None
    _supports_multi_parameters = False

    def __init__(self, table: Any) -> None:
        self._set_table(table)

    def values(self, *args: Any, **kwargs: Any) -> Self:
        """
        Return a copy with values for columns.

        Args:
            args: A dictionary; a tuple or list in the order of the table's
                columns; for INSERT also a list of several of these.
            kwargs: Values by name of the column.

        Raises:
            ArgumentError: several of these forms at once.
            InvalidRequestError: several rows in an UPDATE, or rows added to single values.

        >>> from relvar import column, insert, table, update
        >>> users = table("users", column("id"), column("name"))
        >>> print(update(users).values(name=users.c.name + "!"))
        UPDATE users SET name=(users.name || :name_1)
        >>> print(insert(users).values([{"name": "ann"}, {"name": "bob"}]))
        INSERT INTO users (name) VALUES (:name_m0), (:name_m1)
        """
        if args:
            if kwargs:
                raise exc.ArgumentError("Can't pass positional and kwargs to values() simultaneously")
            if len(args) > 1:
                raise exc.ArgumentError(
                    "Only a single dictionary/tuple or list of dictionaries/tuples is accepted positionally."
                )
            given = args[0]
        else:
            given = kwargs
        known = self.__dict__
        if known.get("select") is not None:
            raise exc.InvalidRequestError("This construct already inserts from a SELECT")
        if known.get("_ordered_values"):
            raise exc.InvalidRequestError("This statement already has ordered values present")
        made = copy_node(self)
        if isinstance(given, (list, tuple)):
            if given and isinstance(given[0], (dict, list, tuple)):
                made._add_rows(given)
                return made
            given = {c.key: value for c, value in zip(self.table.c, given)}
        elif isinstance(given, str):
            raise exc.ArgumentError(
                f"values() takes a dictionary, tuple or list of them, not text: {given!r}"
            )
        made._add_values(given)
        return made

    def _add_rows(self, rows: Sequence[Any]) -> None:
        if not self._supports_multi_parameters:
            raise exc.InvalidRequestError(
                f"{self.__visit_name__.upper()} construct does not support multiple parameter sets."
            )
        if self._values:
            raise exc.InvalidRequestError(_MIXED)
        made = []
        keys = [c.key for c in self.table.c]
        for row in rows:
            items = row.items() if isinstance(row, Mapping) else zip(keys, row)
            made.append(self._coerced(items))
        self._multi_values += (tuple(made),)

    def _add_values(self, given: Any) -> None:
        known = self.__dict__
        if known.get("_multi_values"):
            raise exc.InvalidRequestError(_MIXED)
        coerced = self._coerced(given.items())
        before = known.get("_values")
        # what is written may be of a class; the statement is about its own table all the same
        known["_values"] = {**before, **coerced} if before else coerced

    def _coerced(self, items: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
        """
        Return columns (or names) with their values as elements.
        """
        made = {}
        columns = self.table.c
        for name, given in items:
            if isinstance(name, str):
                known = columns.get(name)
                made[name] = dml_value(given, None if known is None else known.type)
                continue
            for key, value in _expanded(name, given):
                column = dml_column(key)
                known = columns.get(column) if isinstance(column, str) else column
                made[column] = dml_value(value, None if known is None else known.type)
        return made

    def inline(self) -> Self:
        """
        Return a copy that renders defaults inline and brings nothing back.
        """
        made = copy_node(self)
        made._inline = True
        return made


def _expanded(key: Any, value: Any) -> Iterable[tuple[Any, Any]]:
    """
    Return columns with values: what stands for several columns (hybrids, composites) taken apart.
    """
    parts = getattr(key, "_bulk_update_tuples", None)
    return ((key, value),) if parts is None else parts(value)


_MIXED = (
    "Can't mix single and multiple VALUES formats in one INSERT statement; one style appends to a list "
    "while the other replaces values, so the intent is ambiguous."
)


class DMLWhereBase:
    """
    UPDATE or DELETE: with conditions.
    """

    _where_fields: ClassVar[tuple[Field, ...]] = (
        Field("_where_criteria", NODES),
        Field("_post_criteria_clause", NODE),
    )

    _where_criteria: tuple[Any, ...] = ()
    _post_criteria_clause: Any = None

    @adding("_where_criteria", where_criterion)
    def where(self, *whereclause: Condition) -> Self:  # type: ignore[empty-body]  # the decorator makes it
        """
        Return a copy with more conditions, joined by AND.
        """

    def filter(self, *criteria: Any) -> Self:
        """
        Return a copy with more conditions; the same as `where`.
        """
        return self.where(*criteria)

    def filter_by(self, **kwargs: Any) -> Self:
        """
        Return a copy with conditions ``name == value``.
        """
        return self.where(*filter_by_criteria(self, kwargs))

    @property
    def whereclause(self) -> Any:
        """
        The conditions, joined by AND; None if there are none.
        """
        return where_clause(self._where_criteria)


def other_froms(table: Any, *groups: Iterable[Any]) -> list[Any]:
    """
    Return the FROM elements that the elements in *groups* need, but for *table* and parts of joins.
    """
    needed = from_objects(chain.from_iterable(groups))
    if not needed or (needed[0] is table and len(set(needed)) == 1):
        return []
    seen = {hash(table)}
    if not table._is_table:
        seen.update([hash(f) for f in table._from_objects])
    found: list[Any] = []
    for from_ in needed:
        if hash(from_) not in seen:
            seen.add(hash(from_))
            found.append(from_)
    if not found:
        return found
    hidden = {hash(part) for from_ in found for part in from_._hide_froms}
    return [f for f in found if hash(f) not in hidden]


def _columns_of(element: Any) -> Sequence[Any]:
    """
    Return the columns that an element of RETURNING stands for: of a table with several classes, an
    entity's own.
    """
    columns: Sequence[Any] = element._select_iterable
    entity = element._annotations.get("parententity")
    if entity is None or len(columns) < 2 or make.orm_entity_columns is None:
        return columns
    own = set(make.orm_entity_columns(entity))
    return [column for column in columns if column in own]
