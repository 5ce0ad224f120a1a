"""
What SELECT statements and their combinations have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from relvar import exc
from relvar._kernels.froms import froms_in
from relvar._kernels.nodes import copy_node, copy_with
from relvar._kernels.parts import renamed
from relvar.expr import make
from relvar.expr import operators as op
from relvar.expr.bind import BindParameter
from relvar.expr.coerce import columns_clause_item, group_by_item, limit_value, order_by_item
from relvar.expr.dialectkw import DialectKWArgs
from relvar.expr.element import ClauseElement
from relvar.expr.executable import Executable
from relvar.expr.node import NODE, NODES, VALUE, Field
from relvar.expr.operators import OperatorType
from relvar.expr.roles import Role
from relvar.relation.cte import HasCTE
from relvar.relation.from_ import Selectable
from relvar.stmt.labels import (
    LABEL_STYLE_DEFAULT,
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_NONE,
    SelectLabelStyle,
)
from relvar.types import INTEGERTYPE
from relvar.util.warning import warn_deprecated

if TYPE_CHECKING:
    from relvar.expr.element import ColumnElement
    from relvar.expr.label import Label
    from relvar.relation.alias import Lateral
    from relvar.relation.columns import ColumnCollection, ReadOnlyColumnCollection
    from relvar.relation.cte import CTE
    from relvar.relation.subquery import Subquery
    from relvar.stmt.scalar import Exists, ScalarSelect

__all__ = ["ForUpdateArg", "GenerativeSelect", "HasSyntaxExtensions", "SelectBase", "SyntaxExtension"]

_S = TypeVar("_S", bound="GenerativeSelect")


class OffsetLimitParam(BindParameter[int]):
    """
    The number of a LIMIT or OFFSET.
    """

    inherit_cache: bool = True

    @property
    def _limit_offset_value(self) -> int | None:
        return self.effective_value  # type: ignore[no-any-return]  # an int


make.register(OffsetLimitParam=OffsetLimitParam)


class ForUpdateArg(ClauseElement):
    """
    The options of FOR UPDATE.
    """

    __visit_name__ = "for_update_arg"
    _fields = (
        Field("of", NODES),
        Field("nowait", VALUE),
        Field("read", VALUE),
        Field("skip_locked", VALUE),
        Field("key_share", VALUE),
    )

    of: list[Any] | None = None

    def __init__(
        self,
        *,
        nowait: bool = False,
        read: bool = False,
        of: Any = None,
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> None:
        self.nowait = nowait
        self.read = read
        self.skip_locked = skip_locked
        self.key_share = key_share
        if of is not None:
            given = of if isinstance(of, (list, tuple)) else [of]
            self.of = [columns_clause_item(item) for item in given]

    @classmethod
    def _from_argument(cls, with_for_update: Any) -> ForUpdateArg | None:
        """
        Return the options of what ``Session.get(with_for_update=)`` takes.
        """
        if isinstance(with_for_update, ForUpdateArg):
            return with_for_update
        if with_for_update in (None, False):
            return None
        if with_for_update is True:
            return ForUpdateArg()
        return ForUpdateArg(**with_for_update)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, ForUpdateArg)
            and other.nowait == self.nowait
            and other.read == self.read
            and other.skip_locked == self.skip_locked
            and other.key_share == self.key_share
            and other.of is self.of
        )

    __hash__: Any = ClauseElement.__hash__


class SyntaxExtension(ClauseElement):
    """
    Base of clauses that are put into a statement by ``ext()``.
    """

    def append_replacing_same_type(self, existing: Sequence[Any]) -> Sequence[Any]:
        """
        Return *existing* with this in place of another of its class.
        """
        cls = type(self)
        return [*[e for e in existing if not isinstance(e, cls)], self]

    def apply_to_select(self, select_stmt: Any) -> None:
        """
        Put itself into a SELECT.
        """
        raise NotImplementedError(f"Extension {type(self).__name__} cannot be applied to select")

    def apply_to_update(self, update_stmt: Any) -> None:
        """
        Put itself into an UPDATE.
        """
        raise NotImplementedError(f"Extension {type(self).__name__} cannot be applied to update")

    def apply_to_delete(self, delete_stmt: Any) -> None:
        """
        Put itself into a DELETE.
        """
        raise NotImplementedError(f"Extension {type(self).__name__} cannot be applied to delete")

    def apply_to_insert(self, insert_stmt: Any) -> None:
        """
        Put itself into an INSERT.
        """
        raise NotImplementedError(f"Extension {type(self).__name__} cannot be applied to insert")


class HasSyntaxExtensions:
    """
    A statement that takes clauses by ``ext()``.
    """

    _position_map: dict[str, str] = {}
    _verb = ""

    def ext(self, extension: SyntaxExtension) -> Self:
        """
        Return a copy with a clause that dialects, or programs, define.

        Raises:
            ArgumentError: *extension* is no `SyntaxExtension`.
            NotImplementedError: it is not for this kind of statement.
        """
        element = make.clause_element(extension)
        if not isinstance(element, SyntaxExtension):
            raise exc.ArgumentError(f"Syntax extension construct expected, got {extension!r}.")
        made: Any = self._clone()  # type: ignore[attr-defined]  # a statement
        getattr(element, f"apply_to_{self._verb}")(made)
        return made  # type: ignore[no-any-return]  # as declared

    def apply_syntax_extension_point(self: Any, apply_fn: Any, position: str) -> None:
        """
        Change the list of extensions at a position.

        Args:
            apply_fn: Called with the extensions there; returns what is to be there.
            position: One of those the statement has.

        Raises:
            ValueError: it has no such position.
        """
        name = self._attribute_at(position)
        existing = getattr(self, name)
        made = apply_fn(() if existing is None else tuple(existing.clauses))
        setattr(self, name, make.ClauseList._construct_raw(None, made) if made else None)

    def _attribute_at(self, position: str) -> str:
        try:
            return self._position_map[position]
        except KeyError as err:
            known = ", ".join(repr(name) for name in self._position_map)
            raise ValueError(
                f"Unknown position {position!r} for {type(self)} construct; known positions: {known}"
            ) from err


class SelectBase(Executable, HasCTE, Selectable):
    """
    A SELECT, a combination of SELECTs, or text with columns.
    """

    _roles = Role.SELECT | Role.STATEMENT | Role.IN_ELEMENT
    _is_select_base = True
    _key_memo = True
    is_select = True
    _label_style = LABEL_STYLE_NONE
    implicit_returning = False
    _hide_froms: Sequence[Any] = ()

    @property
    def selected_columns(self) -> ColumnCollection[str, ColumnElement[Any]]:
        """
        The columns selected, by key.
        """
        raise NotImplementedError

    @property
    def exported_columns(self) -> ReadOnlyColumnCollection[str, ColumnElement[Any]]:
        """
        The columns selected, without text.
        """
        return self.selected_columns.as_readonly()

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        raise NotImplementedError

    @property
    def _select_iterable(self) -> Iterable[Any]:
        return self._all_selected_columns

    def get_label_style(self) -> SelectLabelStyle:
        """
        Return how columns are named.
        """
        return self._label_style

    def set_label_style(self, style: SelectLabelStyle) -> Self:
        """
        Return a copy that names its columns in another way.
        """
        raise NotImplementedError

    def _ensure_disambiguated_names(self) -> Any:
        """
        Return this, or a copy, with a name for each column.
        """
        raise NotImplementedError

    def as_scalar(self) -> ScalarSelect[Any]:
        """
        Return a scalar subquery; the older name.
        """
        warn_deprecated(
            "The SelectBase.as_scalar() method is deprecated and will be removed in a future release.  "
            "Please refer to SelectBase.scalar_subquery(). (deprecated since: 1.4)",
            "1.4",
        )
        return self.scalar_subquery()

    def exists(self) -> Exists:
        """
        Return ``EXISTS (SELECT ...)``.

        >>> from relvar import column, select, table
        >>> user, post = table("user", column("id")), table("post", column("user_id"))
        >>> print(select(user).where(select(post).where(post.c.user_id == user.c.id).exists()))
        SELECT "user".id
        FROM "user"
        WHERE EXISTS (SELECT post.user_id
        FROM post
        WHERE post.user_id = "user".id)
        """
        return make.Exists(self)  # type: ignore[no-any-return]  # as declared

    def scalar_subquery(self) -> ScalarSelect[Any]:
        """
        Return the SELECT as an expression: its one column of its one row.

        >>> from relvar import column, func, select, table
        >>> users = table("users", column("age"))
        >>> average = select(func.avg(users.c.age)).scalar_subquery()
        >>> print(users.c.age > average)
        users.age > (SELECT avg(users.age) AS avg_1
        FROM users)
        """
        element = self._settled()
        if element._label_style is not LABEL_STYLE_NONE:
            element = element.set_label_style(LABEL_STYLE_NONE)
        return make.ScalarSelect(element)  # type: ignore[no-any-return]  # as declared

    def _settled(self) -> Any:
        """
        Return the SELECT as a part of another, to which values given by ``params()`` mean nothing.

        What it got after that call, parameters of other tables say, has them in the copy.
        """
        given = self._params
        return self if given is None else self._replace_params(False, None, dict(given))

    def label(self, name: str | None) -> Label[Any]:
        """
        Return a scalar subquery with a name.
        """
        return self.scalar_subquery().label(name)

    def lateral(self, name: str | None = None) -> Lateral:
        """
        Return a LATERAL FROM element.
        """
        return make.Lateral._construct(self._settled()._ensure_disambiguated_names(), name=name)  # type: ignore[no-any-return]  # as declared

    def subquery(self, name: str | None = None) -> Subquery:
        """
        Return the SELECT as a FROM element.

        >>> from relvar import column, func, select
        >>> totals = select(column("a"), func.count().label("n")).group_by(column("a")).subquery("totals")
        >>> print(select(totals.c.a).where(totals.c.n > 1))
        SELECT totals.a
        FROM (SELECT a, count(*) AS n GROUP BY a) AS totals
        WHERE totals.n > :n_1
        """
        return renamed(make.Subquery, self._settled()._ensure_disambiguated_names(), name)  # type: ignore[no-any-return]  # as declared

    def alias(self, name: str | None = None, flat: bool = False) -> Subquery:
        """
        Return the SELECT as a FROM element; as `subquery`.
        """
        return self.subquery(name=name)

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """
        Return the SELECT as a common table expression.

        >>> from relvar import create_engine, literal, select
        >>> numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
        >>> numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 4))
        >>> with create_engine("sqlite://").connect() as connection:
        ...     connection.scalars(select(numbers.c.n)).all()
        [1, 2, 3, 4]
        """
        element = self._settled()._ensure_disambiguated_names()
        return make.cte_of(element, name, recursive, nesting)  # type: ignore[no-any-return]  # as declared

    def into(
        self,
        target: str,
        *,
        metadata: Any = None,
        schema: str | None = None,
        temporary: bool = False,
        if_not_exists: bool = False,
    ) -> Any:
        """
        Return ``CREATE TABLE target AS SELECT ...``.

        Args:
            metadata: Where the new table belongs.
        """
        return make.CreateTableAs(
            self,
            target,
            metadata=metadata,
            schema=schema,
            temporary=temporary,
            if_not_exists=if_not_exists,
        )

    def is_derived_from(self, fromclause: Any) -> bool:
        return False


class GenerativeSelect(DialectKWArgs, SelectBase):
    """
    A SELECT or a combination: with ORDER BY, GROUP BY, LIMIT.
    """

    _generative_fields = (
        Field("_order_by_clauses", NODES),
        Field("_group_by_clauses", NODES),
        Field("_limit_clause", NODE),
        Field("_offset_clause", NODE),
        Field("_fetch_clause", NODE),
        Field("_fetch_clause_options", VALUE),
        Field("_for_update_arg", NODE),
        Field("_label_style", VALUE),
        Field("_dialect_option_key", VALUE),
    )

    _order_by_clauses: tuple[Any, ...] = ()
    _group_by_clauses: tuple[Any, ...] = ()
    _limit_clause: Any = None
    _offset_clause: Any = None
    _fetch_clause: Any = None
    _fetch_clause_options: dict[str, bool] | None = None
    _for_update_arg: ForUpdateArg | None = None
    _label_style = LABEL_STYLE_DEFAULT
    _dialect_option_key: Any = None

    def _remember_dialect_options(self) -> None:
        """
        Keep the dialect options where they enter the cache key.
        """
        self._dialect_option_key = self._given_options()

    def with_for_update(
        self: _S,
        *,
        nowait: bool = False,
        read: bool = False,
        of: Any = None,
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> _S:
        """
        Return a copy that locks the rows it reads.

        Args:
            nowait: Fail rather than wait.
            read: Lock against changes, not against other such locks.
            of: Only rows of these tables, or of the tables of these columns.
            skip_locked: Leave out rows locked by others.
            key_share: The weaker variant of PostgreSQL.

        >>> from relvar import column, select
        >>> from relvar.dialects import postgresql
        >>> query = select(column("a")).with_for_update(skip_locked=True)
        >>> print(query.compile(dialect=postgresql.dialect()))
        SELECT a FOR UPDATE SKIP LOCKED
        """
        made = copy_node(self)
        made._for_update_arg = ForUpdateArg(
            nowait=nowait, read=read, of=of, skip_locked=skip_locked, key_share=key_share
        )
        return made

    def set_label_style(self: _S, style: SelectLabelStyle) -> _S:
        if self._label_style is style:
            return self
        made = copy_node(self)
        made._label_style = style
        return made

    def _ensure_disambiguated_names(self) -> Any:
        if self._label_style is LABEL_STYLE_NONE:
            return self.set_label_style(LABEL_STYLE_DISAMBIGUATE_ONLY)
        return self

    def limit(self: _S, limit: Any) -> _S:
        """
        Return a copy with at most so many rows; None: all.

        >>> from relvar import column, select
        >>> print(select(column("a")).limit(10).compile(compile_kwargs={"literal_binds": True}))
        SELECT a
         LIMIT 10
        """
        made = copy_node(self)
        made._fetch_clause = made._fetch_clause_options = None
        made._limit_clause = limit_value(limit, "limit", INTEGERTYPE)
        return made

    def fetch(self: _S, count: Any, with_ties: bool = False, percent: bool = False, **dialect_kw: Any) -> _S:
        """
        Return a copy with ``FETCH FIRST count ROWS ONLY``.

        Args:
            with_ties: Also rows that sort like the last one.
            percent: *count* is a percentage.
        """
        made = copy_node(self)
        if dialect_kw:
            made._copy_dialect_options()
            made._validate_dialect_kwargs(dialect_kw)
            made._remember_dialect_options()
        made._limit_clause = None
        if count is None:
            made._fetch_clause = made._fetch_clause_options = None
        else:
            made._fetch_clause = limit_value(count, "fetch", INTEGERTYPE)
            made._fetch_clause_options = {"with_ties": with_ties, "percent": percent}
        return made

    def _copy_dialect_options(self) -> None:
        """
        Get dialect options of its own; only for a copy just made.
        """
        known = self._options_by_dialect
        if known is not None:
            self._options_by_dialect = known.copied_for(self)

    def offset(self: _S, offset: Any) -> _S:
        """
        Return a copy that leaves out so many rows first; None: none.

        >>> from relvar import column, select
        >>> query = select(column("a")).limit(10).offset(20)
        >>> print(query.compile(compile_kwargs={"literal_binds": True}))
        SELECT a
         LIMIT 10 OFFSET 20
        """
        made = copy_node(self)
        made._offset_clause = limit_value(offset, "offset", INTEGERTYPE)
        return made

    def slice(self: _S, start: int, stop: int) -> _S:
        """
        Return a copy with the rows from *start* up to, not including, *stop*.
        """
        made = copy_node(self)
        made._fetch_clause = made._fetch_clause_options = None
        limit, offset = made._limit_clause, made._offset_clause
        before: Any = 0
        if offset is not None:
            before = offset.value if isinstance(offset, OffsetLimitParam) else offset
        if start is not None and stop is not None:
            before += start
            made._limit_clause = limit_value(stop - start, "limit", INTEGERTYPE)
        elif start is None and stop is not None:
            made._limit_clause = limit_value(stop, "limit", INTEGERTYPE)
        elif start is not None:
            before += start
            made._limit_clause = limit
        no_offset = isinstance(before, int) and before == 0
        made._offset_clause = None if no_offset else limit_value(before, "offset", INTEGERTYPE)
        return made

    def order_by(self: _S, __first: Any = Ellipsis, /, *clauses: Any) -> _S:
        """
        Return a copy with more to order by; None takes all away.

        >>> from relvar import column, select
        >>> print(select(column("a")).order_by(column("a").desc(), column("b")))
        SELECT a ORDER BY a DESC, b
        """
        if __first is Ellipsis:
            return copy_node(self)
        if __first is None and not clauses:
            made = copy_node(self)
            made._order_by_clauses = ()
            return made
        return copy_with(self, "_order_by_clauses", (__first, *clauses), order_by_item)

    def group_by(self: _S, __first: Any = Ellipsis, /, *clauses: Any) -> _S:
        """
        Return a copy with more to group by; None takes all away.

        >>> from relvar import column, func, select
        >>> print(select(column("a"), func.count()).group_by(column("a")))
        SELECT a, count(*) AS count_1 GROUP BY a
        """
        if __first is Ellipsis:
            return copy_node(self)
        if __first is None and not clauses:
            made = copy_node(self)
            made._group_by_clauses = ()
            return made
        return copy_with(self, "_group_by_clauses", (__first, *clauses), group_by_item)

    @property
    def _group_by_clause(self) -> Any:
        return make.ClauseList._construct_raw(op.comma_op, self._group_by_clauses)

    @property
    def _order_by_clause(self) -> Any:
        return make.ClauseList._construct_raw(op.comma_op, self._order_by_clauses)

    @property
    def _has_row_limiting_clause(self) -> bool:
        return (
            self._limit_clause is not None
            or self._offset_clause is not None
            or self._fetch_clause is not None
        )

    def _simple_int_clause(self, clause: Any) -> bool:
        """
        Tell whether a LIMIT or OFFSET is a plain number.
        """
        return isinstance(clause, OffsetLimitParam)

    def _offset_or_limit_clause_asint(self, clause: Any, attrname: str) -> int | None:
        if clause is None:
            return None
        if not isinstance(clause, OffsetLimitParam):
            raise exc.CompileError(
                f"This SELECT structure does not use a simple integer value for {attrname}"
            )
        return clause._limit_offset_value

    @property
    def _limit(self) -> int | None:
        return self._offset_or_limit_clause_asint(self._limit_clause, "limit")

    @property
    def _offset(self) -> int | None:
        return self._offset_or_limit_clause_asint(self._offset_clause, "offset")


class SelectStatementGrouping(SelectBase):
    """
    A SELECT in parentheses.
    """

    __visit_name__ = "select_statement_grouping"
    _fields = (Field("element", NODE), *HasCTE._cte_fields)
    _is_select_container = True
    _key_memo = False

    def __init__(self, element: Any) -> None:
        self.element = element
        self._propagate_attrs = element._propagate_attrs

    @property
    def select_statement(self) -> Any:
        return self.element

    def _ensure_disambiguated_names(self) -> Any:
        made = self.element._ensure_disambiguated_names()
        return self if made is self.element else SelectStatementGrouping(made)

    def get_label_style(self) -> SelectLabelStyle:
        return self.element.get_label_style()  # type: ignore[no-any-return]  # as declared there

    def set_label_style(self, style: SelectLabelStyle) -> Self:
        return type(self)(self.element.set_label_style(style))

    @property
    def _label_style(self) -> SelectLabelStyle:  # type: ignore[override]  # the element's
        return self.element._label_style  # type: ignore[no-any-return]  # as declared there

    def self_group(self, against: OperatorType | None = None) -> Any:
        return self

    def _ungroup(self) -> Any:
        return self.element._ungroup()

    def _generate_fromclause_column_proxies(
        self, fromclause: Any, columns: Any, primary_key: Any, foreign_keys: Any, **kw: Any
    ) -> None:
        self.element._generate_fromclause_column_proxies(
            fromclause, columns, primary_key=primary_key, foreign_keys=foreign_keys, **kw
        )

    @property
    def _all_selected_columns(self) -> Sequence[Any]:
        return self.element._all_selected_columns  # type: ignore[no-any-return]  # as declared there

    @property
    def selected_columns(self) -> ColumnCollection[str, ColumnElement[Any]]:
        return self.element.selected_columns  # type: ignore[no-any-return]  # as declared

    _from_objects: Any = froms_in("element")


make.register(SelectStatementGrouping=SelectStatementGrouping)
