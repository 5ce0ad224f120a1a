"""
The legacy ``Query``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self

from relvar import exc
from relvar._kernels.attributes import get_state
from relvar.event import EventKey, Events
from relvar.expr import make
from relvar.expr.column import literal_column
from relvar.inspection import _self_inspects, inspect
from relvar.orm.exc import UnmappedInstanceError
from relvar.orm.load.from_statement import entities_of_result
from relvar.orm.load.items import read_items
from relvar.orm.load.joins import entity_of
from relvar.orm.load.plan import plan_select
from relvar.orm.mapping.relationship_compare import with_parent
from relvar.orm.query.building import BuildsQuery
from relvar.orm.query.bulk import BulkChange, BulkDelete, BulkUpdate
from relvar.orm.query.lookedinto import LookedInto
from relvar.orm.state import hooks
from relvar.rows.layout import Layout
from relvar.rows.result import IteratorResult
from relvar.stmt.delete import delete
from relvar.stmt.labels import LABEL_STYLE_TABLENAME_PLUS_COL
from relvar.stmt.select import select
from relvar.stmt.update import update
from relvar.util.generics import TypeVar, subscriptable
from relvar.util.log import ClassLogger
from relvar.util.warning import warn_deprecated, warn_legacy

if TYPE_CHECKING:
    from relvar.orm.query.typed import RereadsQuery
else:
    RereadsQuery = subscriptable()

__all__ = ["Query", "QueryEvents"]

_T = TypeVar("_T", default=Any)


@_self_inspects
class Query(RereadsQuery[_T], BuildsQuery, LookedInto, Generic[_T]):
    """
    A SELECT of entities that knows its session, as programs of the 1.x series write it.

    New programs use ``select()`` and ``session.execute()``.

    Args:
        entities: One or several entities and columns.
        session: Where to run it.

    >>> from relvar import create_engine
    >>> from relvar.orm import DeclarativeBase, Mapped, Session, mapped_column
    >>> class Base(DeclarativeBase): ...
    >>> class User(Base):
    ...     __tablename__ = "users"
    ...     id: Mapped[int] = mapped_column(primary_key=True)
    ...     name: Mapped[str]
    >>> engine = create_engine("sqlite://")
    >>> Base.metadata.create_all(engine)
    >>> with Session(engine) as session:
    ...     session.add(User(name="ann"))
    ...     session.query(User).filter_by(name="ann").count()
    1
    """

    logger: ClassLogger = ClassLogger("orm.query.Query")
    logging_name: str | None = None

    supports_execution = True
    allows_lambda = False
    uses_inspection = False
    is_select = False
    is_insert = False
    is_update = False
    is_delete = False
    is_dml = False
    is_text = False
    is_from_statement = False

    def __init__(self, entities: Any, session: Any = None) -> None:
        given = tuple(entities) if isinstance(entities, (list, tuple)) else (entities,)
        self._entities = given
        self.session = session
        self._select = select(*given).set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)

    # -- running --------------------------------------------------------------------

    def _run(self) -> Any:
        """Run the query; its result gives bare objects where one entity is selected, and no object twice."""
        if self.session is None:
            raise exc.InvalidRequestError("This query is not bound to a session; use with_session()")
        query = self._heard() if type(self).dispatch.before_compile else self
        statement = query._labelled_statement()
        options = query._load_options
        result = self.session.execute(
            statement, dict(query._params) if query._params else None, execution_options=options
        )
        if query.is_single_entity:
            result = result.scalars()
        has_entities = any(entity_of(raw) is not None for raw in statement._raw_columns)
        if has_entities and not {**statement._execution_options, **options}.get("yield_per"):
            result = result.unique()
        return result

    def all(self) -> list[_T]:
        """Return all results."""
        return list(self._run().all())

    def __iter__(self) -> Iterator[_T]:
        result = self._run()
        yield from result

    def first(self) -> _T | None:
        """Return the first result, or None."""
        query = self if self._from_statement is not None else self.limit(1)
        found: _T | None = query._run().first()
        return found

    def one(self) -> _T:
        """
        Return the only result.

        Raises:
            NoResultFound: There is none.
            MultipleResultsFound: There are several.
        """
        found: _T = self._run().one()
        return found

    def one_or_none(self) -> _T | None:
        """
        Return the only result, or None.

        Raises:
            MultipleResultsFound: There are several.
        """
        found: _T | None = self._run().one_or_none()
        return found

    if not TYPE_CHECKING:  # overloads, in RereadsQuery

        def scalar(self):
            """
            Return the first element of the only result, or None.

            Raises:
                MultipleResultsFound: There are several results.
            """
            try:
                found = self.one()
            except exc.NoResultFound:
                return None
            return found[0] if isinstance(found, tuple) else found

    def tuples(self) -> Self:
        """Return the query, whose rows are tuples; for type checkers, of plain ones."""
        warn_deprecated(
            "The Query.tuples() method is deprecated, Row now behaves like a tuple and can unpack types "
            "directly. (deprecated since: 2.1.0)",
            "2.1.0",
        )
        return self.only_return_tuples(True)

    def value(self, column: Any) -> Any:
        """Return one column of the first row, or None; the other rows are fetched, too."""
        warn_deprecated(
            "Query.value() is deprecated and will be removed in a future release.  Please use "
            "Query.with_entities() in combination with Query.scalar() (deprecated since: 1.4)",
            "1.4",
        )
        row: Any = next(iter(self.with_entities(column)), None)
        return None if row is None else row[0]

    def values(self, *columns: Any) -> Iterator[Any]:
        """Return rows of these columns."""
        warn_deprecated(
            "Query.values() is deprecated and will be removed in a future release.  Please use "
            "Query.with_entities() (deprecated since: 1.4)",
            "1.4",
        )
        return iter(self.with_entities(*columns) if columns else ())

    def get(self, ident: Any) -> _T | None:
        """Return the object with this primary key, from the identity map or the database."""
        warn_legacy(
            "The Query.get() method is considered legacy as of the 1.x series of SQLAlchemy and becomes "
            "a legacy construct in 2.0. The method is now available as Session.get() (deprecated since: 2.0)",
        )
        return self._get(ident)

    def _get(self, ident: Any) -> _T | None:
        if not self.is_single_entity:
            raise exc.InvalidRequestError("get() can only be used against a single mapped class.")
        entity = self._first_entity()
        self._refuse_criteria("get", order_counts=False)
        options = {**self._select._execution_options, **self._load_options}
        found: _T | None = self.session.get(
            entity.entity,
            ident,
            options=list(self._select._with_options),
            populate_existing=bool(options.get("populate_existing")),
            with_for_update=self._select._for_update_arg,
            execution_options=self._select._execution_options,
        )
        return found

    def count(self) -> int:
        """Return how many rows the query has."""
        counted = self._heard()._part()._labelled_statement()
        counting = select(make.func.count(literal_column("*"))).select_from(counted.subquery())
        counting._with_options = counted._with_options
        if self._params:
            counting = counting.params(dict(self._params))
        options = {**self._select._execution_options, **self._load_options}
        options.pop("yield_per", None)
        found: int = self.session.execute(
            counting, bind_arguments=self._bind_arguments(), execution_options=options
        ).scalar_one()
        return found

    def _bind_arguments(self) -> dict[str, Any]:
        subject = self._select._propagate_attrs.get("plugin_subject")
        return {} if subject is None else {"mapper": subject.mapper}

    if not TYPE_CHECKING:  # overloads, in RereadsQuery

        def __getitem__(self, item):
            if isinstance(item, slice):
                start, stop = item.start, item.stop
                if (isinstance(start, int) and start < 0) or (isinstance(stop, int) and stop < 0):
                    raise IndexError("negative indexes are not accepted by SQL index / slice operators")
                if isinstance(start, int) and isinstance(stop, int) and stop - start <= 0:
                    return []
                found = list(self.slice(start, stop))
                return found[:: item.step] if item.step is not None else found
            if item < 0:
                raise IndexError("negative indexes are not accepted by SQL index / slice operators")
            return list(self.slice(item, item + 1))[0]

    # -- changing rows --------------------------------------------------------------

    def _changed_rows(self) -> Any:
        """
        Return the entity or table whose rows are changed.

        Raises:
            InvalidRequestError: The query says more than which rows.
        """
        statement = self._select
        raw = statement._raw_columns
        for name, is_set in (
            ("limit()", statement._limit_clause is not None),
            ("offset()", statement._offset_clause is not None),
            ("order_by()", bool(statement._order_by_clauses)),
            ("group_by()", bool(statement._group_by_clauses)),
            ("distinct()", bool(statement._distinct)),
            (
                "join(), outerjoin(), select_from(), or from_self()",
                bool(statement._setup_joins or statement._from_obj),
            ),
        ):
            if is_set:
                raise exc.InvalidRequestError(
                    f"Can't call Query.update() or Query.delete() when {name} has been called"
                )
        if len(raw) != 1:
            raise exc.InvalidRequestError(
                f"Query.update() and Query.delete() are about one entity, this query has {len(raw)}"
            )
        entity = entity_of(raw[0])
        return raw[0] if entity is None else entity.entity

    def delete(self, synchronize_session: Any = "auto", delete_args: dict[str, Any] | None = None) -> int:
        """Delete the rows of the query; return how many there were."""
        context = BulkDelete(self, dict(delete_args or {}))
        query = self._heard_of(context, type(self).dispatch.before_compile_delete)
        statement = delete(query._changed_rows()).where(*query._select._where_criteria)
        query._change(statement, synchronize_session, context.delete_kwargs, context)
        self.session.dispatch.after_bulk_delete(context)
        rowcount: int = context.result.rowcount
        return rowcount

    def update(
        self, values: Any, synchronize_session: Any = "auto", update_args: dict[str, Any] | None = None
    ) -> int:
        """Change the rows of the query; return how many there were."""
        args = dict(update_args or {})
        context = BulkUpdate(self, values, args)
        query = self._heard_of(context, type(self).dispatch.before_compile_update)
        statement = update(query._changed_rows()).where(*query._select._where_criteria)
        if args.pop("preserve_parameter_order", False):
            given = context.values
            statement = statement.ordered_values(*(given.items() if isinstance(given, Mapping) else given))
        else:
            statement = statement.values(context.values)
        query._change(statement, synchronize_session, args, context)
        self.session.dispatch.after_bulk_update(context)
        rowcount: int = context.result.rowcount
        return rowcount

    def _heard_of(self, context: BulkChange, listeners: Any) -> Query[_T]:
        """Return the query that ``before_compile_update`` or ``before_compile_delete`` leaves."""
        for listener in listeners:
            given = listener(context.query, context)
            if given is not None:
                context.query = given
        query: Query[_T] = context.query
        return query

    def _change(
        self, statement: Any, synchronize_session: Any, args: dict[str, Any], context: BulkChange
    ) -> None:
        if args:
            statement = statement.with_dialect_options(**args)
        options = {
            **self._select._execution_options,
            **self._load_options,
            "synchronize_session": synchronize_session or False,
        }
        result = self.session.execute(
            statement,
            dict(self._params) if self._params else None,
            execution_options=options,
        )
        context.result = result
        result.close()

    # -- the rest ---------------------------------------------------------------------

    def with_parent(
        self, instance: Any, property: Any = None, from_entity: Any = None
    ) -> Query[_T]:  # the public name
        """Return the query for what relates to an object."""
        warn_legacy(
            "The Query.with_parent() method is considered legacy as of the 1.x series of SQLAlchemy and "
            "becomes a legacy construct in 2.0. Use the with_parent() standalone construct. "
            "(deprecated since: 2.0)",
        )
        entity = inspect(from_entity) if from_entity is not None else self._first_entity()
        if property is None:
            state = get_state(instance)
            if state is None:
                raise UnmappedInstanceError(instance)
            mapper = state.manager.mapper
            candidates = [prop for prop in mapper.relationships if prop.mapper is entity.mapper]
            if not candidates:
                raise exc.InvalidRequestError(
                    f"Could not locate a property which relates instances of class "
                    f"'{entity.class_.__name__}' "
                    f"to instances of class '{type(instance).__name__}'"
                )
            property = candidates[0].class_attribute
        return self.filter(with_parent(instance, property, None if entity is None else entity.entity))

    @property
    def load_options(self) -> Any:
        """What `populate_existing`, `autoflush` and `yield_per` said."""
        return self._load_options

    def get_children(self, **_kw: Any) -> list[Any]:
        """Return nothing: a query is no part of a statement, what it makes is."""
        return []

    @property
    def lazy_loaded_from(self) -> Any:
        """The state whose attribute this query loads: none, as attributes do not load through queries."""
        return None

    def instances(self, result_proxy: Any, context: Any = None) -> Iterator[_T]:
        """Return objects from the result of a statement run elsewhere."""
        warn_deprecated(
            "The Query.instances() method is deprecated and will be removed in a future release.  Use the "
            "Select.from_statement() method or aliased() construct in conjunction with Session.execute() "
            "instead. (deprecated since: 2.0)",
            "2.0",
        )
        statement = self._select
        subject = statement._propagate_attrs.get("plugin_subject")
        result = entities_of_result(
            self.session,
            self.session._connection_for(None if subject is None else subject.mapper, statement),
            result_proxy,
            statement._raw_columns,
            with_options=statement._with_options,
            execution_options=self._load_options,
        ).unique()
        return iter(result.scalars() if self.is_single_entity else result)

    def merge_result(self, iterator: Any, load: bool = True) -> Any:
        """Merge objects of a result into the session."""
        warn_legacy(
            "The merge_result() function is considered legacy as of the 1.x series of SQLAlchemy and "
            "becomes a legacy construct in 2.0. The function as well as the method on Query is superseded "
            "by the merge_frozen_result() function. (deprecated since: 2.0)"
        )
        if self.is_single_entity:
            return iter([row[0] for row in self.session._merge_rows(zip(iterator), load)])
        keys = [item.key or "" for item in read_items(self._select._raw_columns)]
        return IteratorResult(Layout(keys), iter(self.session._merge_rows(iterator, load)))

    def ext(self, extension: Any) -> Query[_T]:
        """Return the query with a SQL extension."""
        return self._copy(self._select.ext(extension))

    def __str__(self) -> str:
        statement = self._heard()._labelled_statement()
        if self._from_statement is None:
            statement = plan_select(statement)[0]
        bind = None
        if self.session is not None:
            try:
                bind = self.session.get_bind(clause=statement, **self._bind_arguments())
            except exc.UnboundExecutionError:
                bind = None
        return str(statement.compile(bind) if bind is not None else statement)


class QueryEvents(Events):
    """
    Events of the legacy `Query` and of classes derived from it.

    Listeners registered with ``retval=True`` may return another query; ``bake_ok`` is accepted and means
    nothing.
    """

    _target_class_doc = "SomeQuery"
    _dispatch_target = Query

    def before_compile(self, query: Any) -> Any:
        """Called before a query is made a statement."""

    def before_compile_update(self, query: Any, update_context: Any) -> Any:
        """Called before ``Query.update()``; ``update_context.values`` may be changed."""

    def before_compile_delete(self, query: Any, delete_context: Any) -> Any:
        """Called before ``Query.delete()``."""

    @classmethod
    def _listen(cls, event_key: EventKey, *, retval: bool = False, bake_ok: bool = False, **kw: Any) -> None:
        if not retval:
            fn = event_key._listen_fn

            def without_value(*args: Any) -> None:
                fn(*args)

            event_key = event_key.with_wrapper(without_value)
        event_key.base_listen(**kw)


hooks.query_hook[0] = Query
