"""
SELECT.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Self, TypeVarTuple

from relvar import exc
from relvar._kernels.nodes import adding, copy_and, copy_node, new_with
from relvar._kernels.parts import columns_by_key
from relvar.expr import make
from relvar.expr.boolean import where_clause
from relvar.expr.coerce import by_of_item, columns_clause_item, on_clause, where_criterion
from relvar.expr.coerce_rows import from_item, join_target
from relvar.expr.names import _anonymous_label
from relvar.expr.nesting import refusing_depth
from relvar.expr.node import NODES, PAIRS, VALUE, Field, memoized, next_serial
from relvar.expr.operators import OperatorType
from relvar.relation.affix import HasPrefixes, HasSuffixes
from relvar.relation.columns import WriteableColumnCollection
from relvar.relation.cte import HasCTE
from relvar.relation.from_ import early_column
from relvar.relation.join import reduce_columns
from relvar.stmt.base import GenerativeSelect, HasSyntaxExtensions, SelectStatementGrouping
from relvar.stmt.filterby import filter_by_criteria
from relvar.stmt.froms import SelectState, columns_clause_froms
from relvar.stmt.labels import (
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    ColumnName,
    columns_plus_names,
    key_of,
    proxy_keys,
)
from relvar.types import NULLTYPE
from relvar.util.generics import subscriptable
from relvar.util.warning import deprecated, warn_deprecated

__all__ = ["Select", "select"]

_Ts = TypeVarTuple("_Ts")

if TYPE_CHECKING:
    from relvar.expr.element import ColumnElement
    from relvar.expr.typed import Condition
    from relvar.relation.columns import ColumnCollection
    from relvar.stmt.base import SelectBase
    from relvar.stmt.compound import CompoundSelect
    from relvar.stmt.typed import TypedSelect
else:
    TypedSelect = subscriptable()

Joined = tuple[Any, Any, Any, dict[str, bool]]
"Right side, condition, left side, ``isouter`` and ``full``."


class _JoinFlags(dict[str, bool]):
    """
    ``isouter`` and ``full`` of a join: one object per combination, numbered for keys.
    """

    _key_serial: int | None = None


def _make_join_flags(isouter: bool, full: bool) -> _JoinFlags:
    made = _JoinFlags(isouter=isouter, full=full)
    made._key_serial = next_serial()
    return made


_JOIN_FLAGS = {
    (isouter, full): _make_join_flags(isouter, full) for isouter in (False, True) for full in (False, True)
}
_PLAIN_JOIN = _JOIN_FLAGS[False, False]


class Select(
    TypedSelect[*_Ts], HasPrefixes, HasSuffixes, HasSyntaxExtensions, GenerativeSelect, Generic[*_Ts]
):
    """
    A SELECT statement; see `select`.

    >>> from relvar import column, select, table
    >>> users = table("users", column("id"), column("name"))
    >>> query = select(users)
    >>> narrowed = query.where(users.c.id > 5)
    >>> print(query)
    SELECT users.id, users.name
    FROM users
    >>> print(narrowed.with_only_columns(users.c.name))
    SELECT users.name
    FROM users
    WHERE users.id > :id_1
    """

    __visit_name__ = "select"
    _is_select_statement = True
    _key_columns = "_raw_columns"

    _fields = (
        Field("_raw_columns", NODES),
        Field("_from_obj", NODES),
        Field("_setup_joins", PAIRS),
        Field("_where_criteria", NODES),
        Field("_having_criteria", NODES),
        *GenerativeSelect._generative_fields,
        Field("_distinct", VALUE),
        Field("_distinct_on", NODES),
        Field("_correlate", NODES),
        Field("_correlate_except", PAIRS),
        Field("_auto_correlate", VALUE),
        Field("_statement_hints", PAIRS),
        Field("_hint_pairs", PAIRS),
        *HasCTE._cte_fields,
        *HasPrefixes._prefix_fields,
        *HasSuffixes._suffix_fields,
        Field("_with_options", NODES),
        Field("_compile_options", VALUE),
        Field("_pre_columns_clause", NODES),
        Field("_post_criteria_clause", NODES),
        Field("_post_select_clause", NODES),
        Field("_post_body_clause", NODES),
        Field("_memoized_select_entities", PAIRS),
    )

    _raw_columns: list[Any]
    _from_obj: tuple[Any, ...] = ()
    _setup_joins: tuple[Joined, ...] = ()
    _where_criteria: tuple[Any, ...] = ()
    _having_criteria: tuple[Any, ...] = ()
    _distinct: bool = False
    _distinct_on: tuple[Any, ...] = ()
    _correlate: tuple[Any, ...] = ()
    _correlate_except: tuple[Any, ...] | None = None
    _auto_correlate: bool = True
    _statement_hints: tuple[tuple[str, str], ...] = ()
    _hint_pairs: tuple[tuple[Any, str, str], ...] = ()
    _pre_columns_clause: Any = None
    _post_criteria_clause: Any = None
    _post_select_clause: Any = None
    _post_body_clause: Any = None
    _memoized_select_entities: tuple[tuple[int, tuple[Any, ...]], ...] = ()
    "The columns before `with_only_columns`: the joins up to a number begin at one of those."

    _verb = "select"
    _position_map = {
        "post_select": "_post_select_clause",
        "pre_columns": "_pre_columns_clause",
        "post_criteria": "_post_criteria_clause",
        "post_body": "_post_body_clause",
    }

    def __init__(self, *entities: Any, **dialect_kw: Any) -> None:
        columns = [columns_clause_item(entity) for entity in entities]
        self._raw_columns = columns
        for column in columns:
            if column._propagate_attrs:
                self._propagate_attrs = column._propagate_attrs
                break
        if dialect_kw:
            self._validate_dialect_kwargs(dialect_kw)
            self._remember_dialect_options()

    # -- who plans it ----------------------------------------------------

    @property
    def _is_orm(self) -> bool:
        """
        An ORM entity is in it: the ORM makes a core statement of it first.
        """
        return "compile_state_plugin" in self._propagate_attrs

    @property
    def _hints(self) -> dict[tuple[Any, str], str]:
        """
        ``(FROM element, dialect name)`` -> hint.
        """
        return {(element, dialect): hint for element, dialect, hint in self._hint_pairs}

    # -- columns ---------------------------------------------------------

    def add_columns(self, *entities: Any) -> Select[*tuple[Any, ...]]:
        """
        Return a copy with more columns.

        >>> from relvar import column, select
        >>> print(select(column("a")).add_columns(column("b")))
        SELECT a, b
        """
        made: Select[*tuple[Any, ...]] = copy_node(self)
        columns = [columns_clause_item(entity) for entity in entities]
        made._raw_columns = made._raw_columns + columns
        made._take_propagate_attrs(columns)
        return made

    @deprecated(
        "1.4",
        "The :meth:`_expression.Select.column` method is deprecated and will be removed in a future "
        "release.  Please use :meth:`_expression.Select.add_columns`",
    )
    def column(self, column: Any) -> Select[*tuple[Any, ...]]:
        """
        Return a copy with one more column.
        """
        return self.add_columns(column)

    if not TYPE_CHECKING:  # overloads, in TypedSelect

        def with_only_columns(self, *entities, maintain_column_froms=False, **__kw):
            """
            Return a copy with other columns.

            Args:
                maintain_column_froms: Keep the FROM elements of the columns replaced.

            >>> from relvar import column, func, select, table
            >>> query = select(table("users", column("id"))).where(column("id") > 5)
            >>> print(query.with_only_columns(func.count(), maintain_column_froms=True))
            SELECT count(*) AS count_1
            FROM users
            WHERE id > :id_1
            """
            if __kw:
                _no_keywords()
            if len(entities) == 1 and isinstance(entities[0], list):
                raise exc.ArgumentError(
                    'The "entities" argument to Select.with_only_columns(), when referring to a sequence of '
                    "items, is now passed as a series of positional elements, rather than as a list. "
                )
            made = copy_node(self)
            if maintain_column_froms:
                made._from_obj = (*made._from_obj, *self.columns_clause_froms)
            made._settle_joins()
            columns = [columns_clause_item(entity) for entity in entities]
            made._raw_columns = columns
            made._take_propagate_attrs(columns)
            return made

    def _settle_joins(self) -> None:
        """
        Remember the columns of now for the joins so far: others may take their place.
        """
        joins = len(self._setup_joins)
        if joins and (not self._memoized_select_entities or self._memoized_select_entities[-1][0] < joins):
            self._memoized_select_entities += ((joins, tuple(self._raw_columns)),)

    def _take_propagate_attrs(self, elements: Iterable[Any]) -> None:
        if not self._propagate_attrs:
            for element in elements:
                if element._propagate_attrs:
                    self._propagate_attrs = element._propagate_attrs
                    return

    def reduce_columns(self, only_synonyms: bool = True) -> Select[*tuple[Any, ...]]:
        """
        Return a copy without columns that are equal to others by WHERE or foreign keys.

        Args:
            only_synonyms: Only without those that are called like the other.
        """
        columns = self._all_selected_columns
        columns = list({id(c): c for c in columns}.values())
        reducible = [c for c in columns if not c._is_text_clause]
        kept = reduce_columns(reducible, *self._where_criteria, *self._from_obj, only_synonyms=only_synonyms)
        kept_ids = {id(c) for c in kept}
        return self.with_only_columns(*[c for c in columns if c._is_text_clause or id(c) in kept_ids])

    @memoized
    def _all_selected_columns(self) -> Sequence[Any]:
        made: list[Any] = []
        for element in self._raw_columns:
            if element._is_column_element or element._is_text_clause:
                made.append(element)
            elif "parententity" in element._annotations and make.orm_entity_columns is not None:
                made.extend(make.orm_entity_columns(element._annotations["parententity"]))
            elif element._is_from_clause:
                made.extend([c for c in element._select_iterable if not c._omit_from_statements])
            else:
                made.extend(element._select_iterable)
        return made

    @memoized
    def _columns_by_key(self) -> Any:
        if self._label_style is LABEL_STYLE_TABLENAME_PLUS_COL:
            return None
        return columns_by_key(self._all_selected_columns, key_of)[0]

    @property
    def inner_columns(self) -> Any:
        """
        An iterator of the columns selected.
        """
        return iter(self._all_selected_columns)

    @memoized
    def selected_columns(self) -> ColumnCollection[str, ColumnElement[Any]]:
        """
        The columns of the SELECT by their keys, without text; a subquery of it has its own in ``c``.
        """
        columns = [c for c in self._all_selected_columns if not c._is_text_clause]
        keys = proxy_keys(columns, self._label_style)
        made = WriteableColumnCollection()
        made._populate_separate_keys(list(zip(keys, columns)))  # type: ignore[arg-type]  # text was left out
        return made.as_readonly()

    def _columns_plus_names(self, anon_for_dupe_key: bool = True) -> list[ColumnName]:
        """
        Return the columns and the names that the text gives them.
        """
        return columns_plus_names(self._all_selected_columns, self._label_style, anon_for_dupe_key)

    def _ensure_disambiguated_names(self) -> Any:
        if self._label_style is LABEL_STYLE_NONE:
            return super()._ensure_disambiguated_names()
        return self

    def _generate_fromclause_column_proxies(
        self,
        fromclause: Any,
        columns: Any,
        primary_key: Any,
        foreign_keys: Any,
        proxy_compound_columns: Sequence[Any] | None = None,
    ) -> None:
        made = []
        names = self._columns_plus_names()
        compound: Iterable[Any] = proxy_compound_columns or [None] * len(names)
        first: dict[int, str | None] = {}
        for (required, key, fallback, column, repeated), extra in zip(names, compound):
            if column._is_text_clause:
                continue
            if repeated and hash(column) in first:
                # a repetition is read under the first one's name
                required = first[hash(column)]
            elif (
                required is None and isinstance(fallback, _anonymous_label) and column._label_name is not None
            ):
                required = fallback
            first.setdefault(hash(column), required)
            made.append(
                early_column(fromclause, key, column, primary_key)
                or column._make_proxy(
                    fromclause,
                    key=key if key != "_no_label" or column._label_name is None else None,
                    name=required,
                    name_is_truncatable=True,
                    compound_select_cols=extra,
                    primary_key=primary_key,
                    foreign_keys=foreign_keys,
                )
            )
        columns._populate_separate_keys(made)

    @property
    @refusing_depth("looked into")
    def column_descriptions(self) -> list[dict[str, Any]]:
        """
        What is selected, as dictionaries of name, type and expression.
        """
        if self._is_orm and make.orm_column_descriptions is not None:
            return make.orm_column_descriptions(self)  # type: ignore[no-any-return]  # as declared
        columns = self._all_selected_columns
        # what comes from a subquery over entities is described as such, although none is selected
        more = {"aliased": False, "entity": None} if any(_is_from_entities(c) for c in columns) else {}
        return [
            {"name": key, "type": getattr(column, "type", NULLTYPE), "expr": column, **more}
            for key, column in zip(proxy_keys(columns, self._label_style), columns)
        ]

    # -- FROM ------------------------------------------------------------

    @memoized
    def _select_state(self) -> SelectState:
        """
        The FROM elements.
        """
        return SelectState(self)

    @property
    def _compile_state_factory(self) -> Any:
        """
        What makes the state that compilers of others ask about a statement.
        """
        return SelectState

    @property
    def _from_objects(self) -> Sequence[Any]:
        return (self,)

    def get_final_froms(self) -> Sequence[Any]:
        """
        Return the FROM elements as rendered.
        """
        if self._is_orm and make.orm_core_select is not None:
            return make.orm_core_select(self)._select_state.get_display_froms()  # type: ignore[no-any-return]  # a list
        return self._select_state.get_display_froms()

    @property
    def froms(self) -> Sequence[Any]:
        """
        The FROM elements; the older name of `get_final_froms`.
        """
        warn_deprecated(
            "The Select.froms attribute is moved to the Select.get_final_froms() method. "
            "(deprecated since: 1.4.23)",
            "1.4.23",
        )
        return self.get_final_froms()

    @property
    @refusing_depth("looked into")
    def columns_clause_froms(self) -> Sequence[Any]:
        """
        The FROM elements that the columns need.
        """
        return columns_clause_froms(self)

    def select_from(self, *froms: Any) -> Self:
        """
        Return a copy with more FROM elements.

        >>> from relvar import func, select, table
        >>> print(select(func.count()).select_from(table("users")))
        SELECT count(*) AS count_1
        FROM users
        """
        made: Self = copy_node(self)
        elements = [from_item(f) for f in froms]
        made._from_obj += tuple(elements)
        made._take_propagate_attrs(elements)
        return made

    if not TYPE_CHECKING:  # overloads, in TypedSelect

        def join(self, target, onclause=None, *, isouter=False, full=False):
            """
            Return a copy joined to *target*.

            Args:
                target: A FROM element, an entity, or an ORM relationship attribute.
                onclause: The condition; default: the foreign keys, or the relationship.
                isouter: LEFT OUTER JOIN.
                full: FULL OUTER JOIN.

            Raises:
                InvalidRequestError: no *onclause*, and no foreign key between *target* and what is there.
                AmbiguousForeignKeysError: no *onclause*, and several of them.

            >>> from relvar import Column, ForeignKey, Integer, MetaData, Table, select
            >>> metadata = MetaData()
            >>> user = Table("user", metadata, Column("id", Integer, primary_key=True))
            >>> post = Table("post", metadata, Column("user_id", ForeignKey("user.id")))
            >>> print(select(user.c.id).join(post))
            SELECT "user".id
            FROM "user" JOIN post ON "user".id = post.user_id
            """
            right = join_target(target)
            if onclause is not None:
                onclause = on_clause(onclause)
            flags = _JOIN_FLAGS[bool(isouter), bool(full)] if isouter or full else _PLAIN_JOIN
            return copy_and(self, "_setup_joins", (right, onclause, None, flags), (right,))

        def outerjoin(self, target, onclause=None, *, full=False):
            """
            Return a copy with *target* joined by LEFT OUTER JOIN.

            >>> from relvar import column, select, table
            >>> user, post = table("user", column("id")), table("post", column("user_id"))
            >>> print(select(user).outerjoin(post, user.c.id == post.c.user_id))
            SELECT "user".id
            FROM "user" LEFT OUTER JOIN post ON "user".id = post.user_id
            """
            return self.join(target, onclause=onclause, isouter=True, full=full)

        def join_from(self, from_, target, onclause=None, *, isouter=False, full=False):
            """
            Return a copy with *target* joined to *from_*.
            """
            left = from_item(from_)
            right = join_target(target)
            if onclause is not None:
                onclause = on_clause(onclause)
            flags = _JOIN_FLAGS[bool(isouter), bool(full)]
            return copy_and(self, "_setup_joins", (right, onclause, left, flags), (left, right))

        def outerjoin_from(self, from_, target, onclause=None, *, full=False):
            """
            Return a copy with *target* joined to *from_* by LEFT OUTER JOIN.
            """
            return self.join_from(from_, target, onclause=onclause, isouter=True, full=full)

    def from_statement(self, statement: Any) -> Any:
        """
        Return what takes the columns of this from another statement; for ORM entities.
        """
        if make.orm_from_statement is None:
            raise NotImplementedError(
                "The default SELECT construct without plugins does not implement this method."
            )
        return make.orm_from_statement(self._raw_columns, statement, self)

    def correlate(self, *fromclauses: Any) -> Self:
        """
        Return a copy that takes these FROM elements from the statement around; None: none.

        >>> from relvar import column, func, select, table
        >>> user, post = table("user", column("id")), table("post", column("user_id"))
        >>> count = select(func.count()).where(post.c.user_id == user.c.id).correlate(user)
        >>> print(select(user.c.id, count.scalar_subquery()))
        SELECT "user".id, (SELECT count(*) AS count_1
        FROM post
        WHERE post.user_id = "user".id) AS anon_1
        FROM "user"
        """
        made: Self = copy_node(self)
        made._auto_correlate = False
        if fromclauses and (fromclauses[0] is None or fromclauses[0] is False):
            if len(fromclauses) > 1:
                raise exc.ArgumentError(
                    "additional FROM objects not accepted when passing None/False to correlate()"
                )
            made._correlate = ()
        else:
            made._correlate += tuple([from_item(f) for f in fromclauses])
        return made

    def correlate_except(self, *fromclauses: Any) -> Self:
        """
        Return a copy that takes all but these FROM elements from the statement around.
        """
        made: Self = copy_node(self)
        made._auto_correlate = False
        if fromclauses and (fromclauses[0] is None or fromclauses[0] is False):
            if len(fromclauses) > 1:
                raise exc.ArgumentError(
                    "additional FROM objects not accepted when passing None/False to correlate_except()"
                )
            made._correlate_except = ()
        else:
            made._correlate_except = (
                *(self._correlate_except or ()),
                *[from_item(f) for f in fromclauses],
            )
        return made

    # -- criteria --------------------------------------------------------

    @adding("_where_criteria", where_criterion)
    def where(self, *whereclause: Condition) -> Self:  # type: ignore[empty-body]  # the decorator makes it
        """
        Return a copy with more conditions, joined by AND.

        >>> from relvar import column, select
        >>> query = select(column("a")).where(column("b") > 1)
        >>> print(query.where(column("c").is_(None)))
        SELECT a
        WHERE b > :b_1 AND c IS NULL
        """

    def filter(self, *criteria: Condition) -> Self:
        """
        Return a copy with more conditions; the same as `where`.
        """
        return self.where(*criteria)

    def filter_by(self, **kwargs: Any) -> Self:
        """
        Return a copy with conditions ``name == value``, names found in the FROM elements.

        Raises:
            AmbiguousColumnError: a name is found in several of them.
            InvalidRequestError: it is found in none.

        >>> from relvar import column, select, table
        >>> print(select(table("users", column("id"), column("name"))).filter_by(name="ann"))
        SELECT users.id, users.name
        FROM users
        WHERE users.name = :name_1
        """
        return self.where(*filter_by_criteria(self, kwargs))

    @property
    def whereclause(self) -> ColumnElement[Any] | None:
        """
        The conditions, joined by AND; None if there are none.
        """
        return where_clause(self._where_criteria)  # type: ignore[no-any-return]  # as declared

    @adding("_having_criteria", where_criterion)
    def having(self, *having: Condition) -> Self:  # type: ignore[empty-body]  # the decorator makes it
        """
        Return a copy with more conditions on groups.

        >>> from relvar import column, func, select
        >>> print(select(column("a")).group_by(column("a")).having(func.count() > 1))
        SELECT a GROUP BY a
        HAVING count(*) > :count_1
        """

    def distinct(self, *expr: Any) -> Self:
        """
        Return a copy without duplicate rows.

        >>> from relvar import column, select
        >>> print(select(column("a")).distinct())
        SELECT DISTINCT a
        """
        made: Self = copy_node(self)
        made._distinct = True
        if expr:
            warn_deprecated(
                "Passing expression to ``distinct`` to generate a DISTINCT ON clause is deprecated. Use "
                "instead the ``postgresql.distinct_on`` function as an extension.",
                "2.1",
            )
            made._distinct_on += tuple([by_of_item(e) for e in expr])
        return made

    # -- hints -----------------------------------------------------------

    def with_statement_hint(self, text: str, dialect_name: str = "*") -> Self:
        """
        Return a copy with a hint for the whole statement.
        """
        made: Self = copy_node(self)
        made._statement_hints += ((dialect_name, text),)
        return made

    def with_hint(self, selectable: Any, text: str, dialect_name: str = "*") -> Self:
        """
        Return a copy with a hint for one of its FROM elements.
        """
        if selectable is None:
            return self.with_statement_hint(text, dialect_name)
        made: Self = copy_node(self)
        made._hint_pairs += ((from_item(selectable)._deannotate(), dialect_name, text),)
        return made

    # -- combinations ----------------------------------------------------

    def union(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return a UNION with other SELECTs.
        """
        return make.CompoundSelect._create_union(self, *other)  # type: ignore[no-any-return]  # as declared

    def union_all(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return a UNION ALL with other SELECTs.
        """
        return make.CompoundSelect._create_union_all(self, *other)  # type: ignore[no-any-return]  # as declared

    def except_(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return an EXCEPT with other SELECTs.
        """
        return make.CompoundSelect._create_except(self, *other)  # type: ignore[no-any-return]  # as declared

    def except_all(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return an EXCEPT ALL with other SELECTs.
        """
        return make.CompoundSelect._create_except_all(self, *other)  # type: ignore[no-any-return]  # as declared

    def intersect(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return an INTERSECT with other SELECTs.
        """
        return make.CompoundSelect._create_intersect(self, *other)  # type: ignore[no-any-return]  # as declared

    def intersect_all(self, *other: SelectBase) -> CompoundSelect[*_Ts]:
        """
        Return an INTERSECT ALL with other SELECTs.
        """
        return make.CompoundSelect._create_intersect_all(self, *other)  # type: ignore[no-any-return]  # as declared

    def self_group(self, against: OperatorType | None = None) -> Any:
        if against is not None and not (
            getattr(against, "_is_compound_keyword", False) and not self._needs_parens_for_grouping()
        ):
            return SelectStatementGrouping(self)
        return self

    def _needs_parens_for_grouping(self) -> bool:
        return self._has_row_limiting_clause or bool(self._order_by_clauses)

    def is_derived_from(self, fromclause: Any) -> bool:
        return any(f.is_derived_from(fromclause) for f in self._select_state.froms)

    # -- copies ----------------------------------------------------------

    def get_children(self, *, omit_attrs: Iterable[str] = (), **kw: Any) -> Any:
        yield from super().get_children(omit_attrs=omit_attrs, **kw)
        try:
            froms = self._select_state.froms
        except exc.InvalidRequestError:
            return  # compiling says that a join cannot be made; its parts were among the fields
        yield from (f for f in froms if not f._is_select_base)

    def _copy_internals(self, *, clone: Any, omit_attrs: Iterable[str] = (), **kw: Any) -> None:
        # Columns follow the FROM elements they belong to, where those are replaced.
        replaced = {id(f): (f, clone(f, **kw)) for f in _plain_froms(self)}

        def clone_following(element: Any, **more: Any) -> Any:
            made = clone(element, **more)
            if made is element and element._is_keyed_column_element and element.table is not None:
                found = replaced.get(id(element.table))
                if found is not None and found[1] is not found[0]:
                    return found[1].c.get(element.key, element)
            return made

        super()._copy_internals(clone=clone_following, omit_attrs=omit_attrs, **kw)


def _plain_froms(statement: Any) -> Sequence[Any]:
    """
    Return the FROM elements of a statement whose columns were not replaced yet.
    """
    found = SelectState(statement).froms
    return [f for f in found if not f._is_join]


def _no_keywords() -> NoReturn:
    raise exc.ArgumentError(
        "Additional keyword arguments are not accepted by this function/method.  The presence of **kw is "
        "for pep-484 typing purposes"
    )


if TYPE_CHECKING:
    from relvar.stmt.typed import select as select
else:

    def select(*entities, **__kw):
        """
        Return a SELECT of columns, tables, or ORM entities.

        The FROM clause follows from the columns.

        >>> from relvar import column, select, table
        >>> users = table("users", column("id"), column("name"))
        >>> print(select(users.c.name).where(users.c.id == 5))
        SELECT users.name
        FROM users
        WHERE users.id = :id_1
        """
        if __kw:
            _no_keywords()
        # what the constructor does without options of dialects
        return new_with(Select, "_raw_columns", entities, columns_clause_item)


make.register(Select=Select, select=select)


def _is_from_entities(column: Any) -> bool:
    """Tell whether a column comes from a subquery over mapped classes."""
    element = getattr(getattr(column, "table", None), "element", None)
    return bool(getattr(element, "_propagate_attrs", None))
