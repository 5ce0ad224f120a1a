"""
The half of ``Query`` that builds: every call returns a changed copy.

A query wraps a `Select` and hands each call on to it.  After ``union()`` and
the like the columns come from a subquery; criteria that name the entity itself
are then moved there (`BuildsQuery._adapted`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Self

from relvar import exc
from relvar.expr import coerce_rows, make
from relvar.expr.column import literal_column
from relvar.inspection import inspect
from relvar.orm.load.bundle import Bundle
from relvar.orm.load.describe import column_descriptions
from relvar.orm.load.items import SelectedColumn, SelectedEntity, read_items
from relvar.orm.load.options import Load, as_expression
from relvar.orm.load.plan import entity_columns
from relvar.orm.mapping.aliased import AliasedClass, aliased
from relvar.orm.mapping.traverse import replaced
from relvar.stmt.compound import except_, except_all, intersect, intersect_all, union, union_all
from relvar.stmt.filterby import entity_namespace
from relvar.stmt.labels import (
    LABEL_STYLE_DISAMBIGUATE_ONLY,
    LABEL_STYLE_LEGACY_ORM,
    LABEL_STYLE_NONE,
    LABEL_STYLE_TABLENAME_PLUS_COL,
)
from relvar.stmt.select import select
from relvar.util.immutable import EMPTY_DICT
from relvar.util.warning import warn_deprecated, warn_legacy

if TYPE_CHECKING:
    from relvar.expr.label import Label
    from relvar.expr.typed import Condition
    from relvar.orm.query.query import Query
    from relvar.relation.cte import CTE
    from relvar.relation.subquery import Subquery
    from relvar.stmt.scalar import Exists, ScalarSelect

__all__ = ["BuildsQuery"]


class BuildsQuery:
    """
    What a query asks for.

    Attributes:
        session: Where it is run; None until `with_session`.
    """

    dispatch: Any
    _select: Any
    _from_statement: Any = None
    _adapters: tuple[Callable[[Any], Any], ...] = ()
    _params: Mapping[str, Any] = EMPTY_DICT
    _load_options: Mapping[str, Any] = EMPTY_DICT
    _entities: tuple[Any, ...] = ()
    _joinpoint: Any = None
    _label_style: Any = LABEL_STYLE_LEGACY_ORM
    _asserts = True
    session: Any = None

    def _copy(self, statement: Any = None) -> Self:
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        if statement is not None:
            made._select = statement
        return made

    def _adapted(self, clause: Any) -> Any:
        """Return a criterion over the subquery that the entities come from, if they do."""
        if not self._adapters or clause is None or isinstance(clause, (str, bool)):
            return clause
        element = as_expression(clause)
        if not hasattr(element, "__visit_name__"):
            return clause
        for adapter in self._adapters:
            element = adapter(element)
        return element

    def _adapted_all(self, clauses: tuple[Any, ...]) -> list[Any]:
        return [self._adapted(clause) for clause in clauses]

    def _refuse_full(self, method: str) -> None:
        """Refuse a method that would change a statement which was given as a whole."""
        if self._asserts and self._from_statement is not None:
            raise exc.InvalidRequestError(
                f"Query.{method}() being called on a Query with an existing full statement - can't apply "
                f"criterion."
            )

    def _refuse_limited(self, method: str) -> None:
        """Refuse a method that acts before LIMIT does, but is called after it."""
        self._refuse_full(method)
        if self._asserts and self._is_limited():
            raise exc.InvalidRequestError(
                f"Query.{method}() being called on a Query which already has LIMIT or OFFSET applied.  "
                f"Call {method}() before limit() or offset() are applied."
            )

    def _is_limited(self) -> bool:
        return self._select._limit_clause is not None or self._select._offset_clause is not None

    def _refuse_criteria(self, method: str, *, order_counts: bool = True) -> None:
        """Refuse a method that has to come first."""
        statement = self._select
        has_order = bool(statement._order_by_clauses or statement._distinct)
        if self._asserts and (
            statement._where_criteria
            or self._from_statement is not None
            or statement._from_obj
            or statement._setup_joins
            or statement._group_by_clauses
            or self._is_limited()
            or (order_counts and has_order)
        ):
            raise exc.InvalidRequestError(
                f"Query.{method}() being called on a Query with existing criterion. "
            )

    # -- what is selected ---------------------------------------------------------

    def with_session(self, session: Any) -> Self:
        """Return the query bound to a session."""
        made = self._copy()
        made.session = session
        return made

    def with_entities(self, *entities: Any, **_kw: Any) -> Self:
        """Return the query with another list of what it selects, its criteria kept."""
        columns = make.Select(*entities)._raw_columns
        statement = self._select._clone()
        statement._raw_columns = [self._adapted(column) for column in columns] if self._adapters else columns
        made = self._copy(statement)
        made._entities = entities
        return made

    def add_columns(self, *column: Any) -> Query[Any]:
        """Return the query with further columns."""
        made = self._copy(self._select.add_columns(*self._adapted_all(column)))
        made._entities = (*self._entities, *column)
        return made  # type: ignore[return-value]  # a Query

    def add_column(self, column: Any) -> Query[Any]:
        """Return the query with a further column."""
        warn_deprecated(
            "Query.add_column() is deprecated and will be removed in a future release.  Please use "
            "Query.add_columns() (deprecated since: 1.4)",
            "1.4",
        )
        return self.add_columns(column)

    def add_entity(self, entity: Any, alias: Any = None) -> Query[Any]:
        """Return the query with a further entity, possibly taken from ``alias``."""
        return self.add_columns(aliased(entity, alias) if alias is not None else entity)

    @property
    def column_descriptions(self) -> list[dict[str, Any]]:
        """Say what each element of a row is."""
        found = column_descriptions(make.Select(*self._entities))
        for description in found:
            expr = description["expr"]
            if getattr(expr, "__visit_name__", None) not in (None, "label", "column"):
                # an expression without a label has no name here
                description["name"] = None
        return found

    @property
    def is_single_entity(self) -> bool:
        """Whether results are bare objects: one entity is selected and nothing else."""
        if self._only_tuples:
            return False
        raw = self._select._raw_columns
        items = read_items(raw)
        if len(items) != 1:
            return False
        bundle = raw[0]._annotations.get("bundle")
        return isinstance(items[0], SelectedEntity) or (isinstance(bundle, Bundle) and bundle.single_entity)

    _only_tuples = False

    def only_return_tuples(self, value: bool) -> Self:
        """Return the query, whose rows are tuples even where it selects a single entity."""
        made = self._copy()
        made._only_tuples = value
        return made

    # -- criteria -------------------------------------------------------------------

    def filter(self, *criterion: Condition) -> Self:
        """Return the query with further criteria, joined by AND."""
        self._refuse_limited("filter")
        return self._copy(self._select.where(*self._adapted_all(criterion)))

    def where(self, *criterion: Condition) -> Self:
        """Return the query with further criteria; the same as `filter`."""
        return self.filter(*criterion)

    def filter_by(self, **kwargs: Any) -> Self:
        """
        Return the query with criteria ``attribute = value`` on the entity joined last, or the first one.

        Raises:
            InvalidRequestError: That entity has no such attribute.
        """
        self._refuse_limited("filter")
        place = self._filter_by_place()
        namespace = entity_namespace(place)
        criteria = []
        for key, value in kwargs.items():
            attribute = getattr(namespace, key, None)
            if attribute is None:
                is_join = getattr(place, "_is_join", False)
                name = str(place) if is_join else getattr(place, "description", None) or str(place)
                raise exc.InvalidRequestError(f'Entity namespace for "{name}" has no property "{key}"')
            criteria.append(attribute == value)
        return self.filter(*criteria)

    def _filter_by_place(self) -> Any:
        """Return the element that `filter_by` is about."""
        if self._joinpoint is not None:
            return self._joinpoint
        statement = self._select
        if statement._from_obj and not self._adapters:
            return statement._from_obj[0]
        first = statement._raw_columns[0]
        if "parententity" in first._annotations or not first._from_objects:
            return first
        return first._from_objects[0]

    def _first_entity(self) -> Any:
        """Return the mapper or alias of the first element."""
        return read_items(self._select._raw_columns)[0].entity

    @property
    def whereclause(self) -> Any:
        """The criteria, or None."""
        return self._select.whereclause

    def order_by(self, *clauses: Any) -> Self:
        """Return the query with a further order; ``None`` or ``False`` forgets all orders."""
        self._refuse_limited("order_by")
        if len(clauses) == 1 and (clauses[0] is None or clauses[0] is False):
            return self._copy(self._select.order_by(None))
        return self._copy(self._select.order_by(*self._adapted_all(clauses)))

    def group_by(self, *clauses: Any) -> Self:
        """Return the query with a further grouping."""
        self._refuse_limited("group_by")
        if len(clauses) == 1 and (clauses[0] is None or clauses[0] is False):
            return self._copy(self._select.group_by(None))
        return self._copy(self._select.group_by(*self._adapted_all(clauses)))

    def having(self, *having: Condition) -> Self:
        """Return the query with further criteria on groups."""
        self._refuse_limited("having")
        return self._copy(self._select.having(*self._adapted_all(having)))

    def limit(self, limit: Any) -> Self:
        """Return the query for at most this many rows."""
        self._refuse_full("limit")
        return self._copy(self._select.limit(limit))

    def offset(self, offset: Any) -> Self:
        """Return the query without its first rows."""
        self._refuse_full("offset")
        return self._copy(self._select.offset(offset))

    def slice(self, start: int | None, stop: int | None) -> Self:
        """Return the query for the rows from ``start`` to before ``stop``."""
        self._refuse_full("slice")
        return self._copy(self._select.slice(start, stop))

    def distinct(self, *expr: Any) -> Self:
        """Return the query without repeated rows."""
        self._refuse_full("distinct")
        return self._copy(self._select.distinct(*self._adapted_all(expr)))

    def correlate(self, *fromclauses: Any) -> Self:
        """Return the query that leaves these FROM elements to the statement around it."""
        return self._copy(self._select.correlate(*fromclauses))

    def params(self, params: Mapping[str, Any] = EMPTY_DICT, /, **kw: Any) -> Self:
        """Return the query with values for its bind parameters."""
        made = self._copy()
        made._params = {**self._params, **params, **kw}
        return made

    # -- joins ------------------------------------------------------------------------

    def select_from(self, *from_obj: Any) -> Self:
        """
        Return the query with an explicit FROM.

        Raises:
            InvalidRequestError: It has criteria already.
        """
        self._refuse_criteria("select_from")
        return self._copy(self._select.select_from(*from_obj))

    def join(self, target: Any, onclause: Any = None, *, isouter: bool = False, full: bool = False) -> Self:
        """Return the query joined to a relationship, entity or table."""
        self._refuse_limited("join")
        made = self._copy(self._select.join(target, onclause, isouter=isouter, full=full))
        made._joinpoint = made._select._setup_joins[-1][0]
        return made

    def outerjoin(self, target: Any, onclause: Any = None, *, full: bool = False) -> Self:
        """Return the query outer joined to a relationship, entity or table."""
        return self.join(target, onclause, isouter=True, full=full)

    def reset_joinpoint(self) -> Self:
        """Return the query whose `filter_by` is about its first entity again."""
        made = self._copy()
        made._joinpoint = None
        return made

    # -- options -----------------------------------------------------------------------

    def options(self, *args: Any) -> Self:
        """Return the query with loader options."""
        return self._copy(self._select.options(*args))

    def with_transformation(self, fn: Callable[[Self], Self]) -> Self:
        """Return what a function makes of the query."""
        return fn(self)

    def execution_options(self, **kwargs: Any) -> Self:
        """Return the query with execution options."""
        return self._copy(self._select.execution_options(**kwargs))

    def get_execution_options(self) -> Any:
        """Return the execution options."""
        return self._select.get_execution_options()

    def populate_existing(self) -> Self:
        """Return the query that overwrites what loaded objects have."""
        return self._loading(populate_existing=True)

    def autoflush(self, setting: bool) -> Self:
        """Return the query that flushes the session first, or does not."""
        return self._loading(autoflush=setting)

    def yield_per(self, count: int) -> Self:
        """Return the query that gives its rows in batches."""
        return self._loading(yield_per=count)

    def _loading(self, **options: Any) -> Self:
        """Return the query with options for when it is run, not for where its statement is used."""
        made = self._copy()
        made._load_options = {**self._load_options, **options}
        return made

    def enable_eagerloads(self, value: bool) -> Self:
        """Return the query with joined eager loading on or off."""
        return self.execution_options(_no_eagerloads=not value)

    def enable_assertions(self, value: bool) -> Self:
        """
        Return the query that refuses calls that come too late, or does not.

        Listeners of ``before_compile`` add criteria to any query, also to one with LIMIT.
        """
        made = self._copy()
        made._asserts = value
        return made

    def with_for_update(
        self,
        *,
        nowait: bool = False,
        read: bool = False,
        of: Any = None,
        skip_locked: bool = False,
        key_share: bool = False,
    ) -> Self:
        """Return the query that locks its rows."""
        return self._copy(
            self._select.with_for_update(
                nowait=nowait, read=read, of=of, skip_locked=skip_locked, key_share=key_share
            )
        )

    def prefix_with(self, *prefixes: Any, dialect: str = "*") -> Self:
        """Return the query with text after SELECT."""
        return self._copy(self._select.prefix_with(*prefixes, dialect=dialect))

    def suffix_with(self, *suffixes: Any, dialect: str = "*") -> Self:
        """Return the query with text at its end."""
        return self._copy(self._select.suffix_with(*suffixes, dialect=dialect))

    def with_hint(self, selectable: Any, text: str, dialect_name: str = "*") -> Self:
        """Return the query with an optimizer hint for one table."""
        return self._copy(self._select.with_hint(selectable, text, dialect_name))

    def with_statement_hint(self, text: str, dialect_name: str = "*") -> Self:
        """Return the query with an optimizer hint."""
        return self._copy(self._select.with_statement_hint(text, dialect_name))

    def set_label_style(self, style: Any) -> Self:
        """Return the query with another way to label columns."""
        is_legacy = style is LABEL_STYLE_LEGACY_ORM
        own = LABEL_STYLE_TABLENAME_PLUS_COL if is_legacy else style
        made = self._copy(self._select.set_label_style(own))
        made._label_style = style
        return made

    def with_labels(self) -> Self:
        """Return the query with columns labelled by table and name, also within other statements."""
        warn_legacy(
            "The Query.with_labels() and Query.apply_labels() method is considered legacy as of the 1.x "
            "series of SQLAlchemy and becomes a legacy construct in 2.0. Use "
            "set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL) instead. (deprecated since: 2.0)"
        )
        return self.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)

    apply_labels = with_labels

    @property
    def get_label_style(self) -> Any:
        """How columns are labelled."""
        return self._label_style

    def from_statement(self, statement: Any) -> Self:
        """
        Return the query whose rows a given statement brings.

        Raises:
            InvalidRequestError: It has criteria already.
        """
        self._refuse_criteria("from_statement")
        made = self._copy()
        made._from_statement = coerce_rows.statement(statement)
        return made

    # -- as part of other statements ----------------------------------------------------

    @property
    def statement(self) -> Any:
        """The `Select` (or other statement) of the query, with its parameters' values."""
        query = self._heard()
        statement = query._labelled_statement()
        if query._label_style is LABEL_STYLE_LEGACY_ORM and query._from_statement is None:
            statement = statement.set_label_style(LABEL_STYLE_DISAMBIGUATE_ONLY)
        return statement.params(dict(query._params)) if query._params else statement

    def _labelled_statement(self) -> Any:
        """
        Return what runs.

        Raises:
            InvalidRequestError: Nothing is selected.
        """
        if self._from_statement is not None:
            return self._select.from_statement(self._from_statement)
        if not self._select._raw_columns:
            raise exc.InvalidRequestError("Query contains no columns with which to SELECT from.")
        return self._select

    def _heard(self) -> Self:
        """Return the query that listeners of ``before_compile`` leave."""
        query = self
        for listener in type(self).dispatch.before_compile:
            given = listener(query)
            if given is not None:
                query = given
        return query

    def _part(self) -> Self:
        """
        Return the query as it is within other statements.

        Raises:
            InvalidRequestError: Its statement was given as a whole.
        """
        if self._from_statement is not None:
            raise exc.InvalidRequestError("Can't call this method on a Query that uses from_statement()")
        return self.enable_eagerloads(False)

    @property
    def selectable(self) -> Any:
        """The query as a statement."""
        return self.__clause_element__()

    def __clause_element__(self) -> Any:
        query = self.enable_eagerloads(False)
        if query._label_style is LABEL_STYLE_LEGACY_ORM:
            query = query.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        return query.statement

    def subquery(
        self, name: str | None = None, with_labels: bool = False, reduce_columns: bool = False
    ) -> Subquery:
        """Return the query as a subquery."""
        statement = self._part().statement
        if with_labels:
            statement = statement.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        if reduce_columns:
            statement = statement.reduce_columns()
        return statement.subquery(name)  # type: ignore[no-any-return]  # as declared

    def cte(self, name: str | None = None, recursive: bool = False, nesting: bool = False) -> CTE:
        """Return the query as a common table expression."""
        return self._part().statement.cte(name=name, recursive=recursive, nesting=nesting)  # type: ignore[no-any-return]  # as declared

    def label(self, name: str | None) -> Label[Any]:
        """Return the query as a labelled scalar subquery."""
        return self.scalar_subquery().label(name)

    def scalar_subquery(self) -> ScalarSelect[Any]:
        """Return the query as a scalar subquery."""
        return self._part().statement.scalar_subquery()  # type: ignore[no-any-return]  # as declared

    def as_scalar(self) -> ScalarSelect[Any]:
        """Return the query as one value; the older name."""
        warn_deprecated(
            "The Query.as_scalar() method is deprecated and will be removed in a future release.  "
            "Please refer to Query.scalar_subquery(). (deprecated since: 1.4)",
            "1.4",
        )
        return self.scalar_subquery()

    def exists(self) -> Exists:
        """Return ``EXISTS (SELECT 1 FROM ...)`` of the query."""
        inner = self._heard()._part()._select
        inner = inner.with_only_columns(literal_column("1"), maintain_column_froms=True)
        # there is nothing to load
        inner._with_options = tuple(option for option in inner._with_options if not isinstance(option, Load))
        return inner.set_label_style(LABEL_STYLE_NONE).exists()  # type: ignore[no-any-return]  # as declared

    # -- set operations ----------------------------------------------------------------

    def union(self, *q: Any) -> Self:
        """Return the rows of this and other queries, without repeats."""
        return self._combined(union, q)

    def union_all(self, *q: Any) -> Self:
        """Return the rows of this and other queries."""
        return self._combined(union_all, q)

    def intersect(self, *q: Any) -> Self:
        """Return the rows that this and other queries share."""
        return self._combined(intersect, q)

    def intersect_all(self, *q: Any) -> Self:
        """Return the rows that this and other queries share, with repeats."""
        return self._combined(intersect_all, q)

    def except_(self, *q: Any) -> Self:
        """Return the rows of this query that the others do not have."""
        return self._combined(except_, q)

    def except_all(self, *q: Any) -> Self:
        """Return the rows of this query that the others do not have, with repeats."""
        return self._combined(except_all, q)

    def _combined(self, combine: Callable[..., Any], others: tuple[Any, ...]) -> Self:
        """Return a query over the rows of several, from a subquery."""
        parts = [
            query._heard().enable_eagerloads(False)._labelled_statement()
            if isinstance(query, BuildsQuery)
            else query
            for query in (self, *others)
        ]
        subquery = combine(*parts).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL).subquery()
        columns: list[Any] = []
        adapters: list[Callable[[Any], Any]] = []
        plain = list(subquery.c)
        position = 0
        for item in read_items(self._select._raw_columns):
            if isinstance(item, SelectedEntity):
                alias = AliasedClass(item.entity.entity, subquery, use_mapper_path=True)
                columns.append(alias)
                adapters.append(inspect(alias)._adapt_element)
                position += len(entity_columns(item.entity))
            elif isinstance(item, SelectedColumn):
                columns.append(plain[position])
                adapters.append(_exchange(item.column, plain[position]))
                position += 1
        # The subquery stays when with_entities() takes other columns.
        combined = select(*columns).select_from(subquery)
        combined._with_options = self._select._with_options
        combined._execution_options = self._select._execution_options
        made = self._copy(combined.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL))
        made._adapters = (*self._adapters, *adapters)
        made._joinpoint = None
        return made


def _exchange(old: Any, new: Any) -> Callable[[Any], Any]:
    """Return what puts one column in the place of another."""
    return lambda element: replaced(element, lambda node: new if node is old else None)
