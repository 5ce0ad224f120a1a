"""
Tell ``do_orm_execute`` listeners of statements that loading sends on its own behalf.

Lazy loads, refreshes and loads by key are planned once and run with values (`prepared`); a listener wants to
see a statement, change it, or give a result in its place.  Only where a session has such listeners is the
statement made for them, and only one that they changed is planned anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from relvar._kernels.binds import Given
from relvar._kernels.keys import statement_key
from relvar._kernels.loader import Run, connects, finish, load_rows
from relvar._kernels.unread import fetch_all
from relvar.engine.prepared import known_plan, plan_for
from relvar.engine.prepared import run as run_plan
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.run import passed_on
from relvar.orm.load.tree import NO_OPTIONS, OptionTree
from relvar.rows.layout import Layout
from relvar.rows.result import IteratorResult
from relvar.util.fields import NamedTuple

if TYPE_CHECKING:
    from relvar.orm.load.prepared import Prepared

__all__ = [
    "COLUMNS",
    "RELATIONSHIP",
    "REPEATING",
    "LoadFacts",
    "StrategyPath",
    "Told",
    "distinct_rows",
    "rows_heard",
]

COLUMNS = "columns"
RELATIONSHIP = "relationship"
REPEATING = "relationship, by the statement that it follows"

Told = tuple[Any, str | None, tuple[Any, ...], Any]
"""
The mapper loaded; `COLUMNS`, `RELATIONSHIP`, `REPEATING` or None; the path of the attribute; its state.
"""


class StrategyPath(tuple[Any, ...]):
    """
    The way from a statement's entity to an attribute: mapper, attribute, mapper, attribute.
    """

    __slots__ = ()

    @classmethod
    def of(cls, path: tuple[Any, ...]) -> StrategyPath:
        """Make one of a load path: an entity, then relationships."""
        steps: list[Any] = []
        for prop in path[1:]:
            steps += (prop.parent, prop)
        return cls(steps)

    @property
    def path(self) -> tuple[Any, ...]:
        """The steps as a plain tuple."""
        return tuple(self)

    def __repr__(self) -> str:
        return f"ORM Path[{' -> '.join(str(step) for step in self)}]"


class LoadFacts(NamedTuple):
    """
    What a listener may ask about a load.

    Attributes:
        is_repeating: It repeats the statement that it follows, so it belongs in the same database.
    """

    is_column_load: bool = False
    is_relationship_load: bool = False
    lazy_loaded_from: Any = None
    path: StrategyPath | None = None
    identity_token: Any = None
    is_repeating: bool = False


def rows_heard(
    prepared: Prepared,
    run: Run,
    values: Sequence[Any],
    tree: OptionTree | None,
    told: Told,
) -> list[Any]:
    """
    Run a statement of `Prepared` through the listeners of its session; return its rows, a tuple each.
    """
    mapper, kind, path, state = told
    statement = prepared.statement()
    if tree is not None:
        statement = statement._clone()
        # loader options start at an entity of the statement that loaded the object
        statement._with_options = (*tree.criteria, *tree.told)
    session = run.session
    context = run.context
    followed = run.given
    facts = LoadFacts(
        is_column_load=kind is COLUMNS,
        is_relationship_load=kind is RELATIONSHIP or kind is REPEATING,
        lazy_loaded_from=state,
        path=StrategyPath.of(path),
        identity_token=run.token,
        is_repeating=kind is REPEATING,
    )

    def load(
        asked: Any, params: Mapping[str, Any], options: Mapping[str, Any], arguments: Mapping[str, Any]
    ) -> IteratorResult[Any]:
        if options.get("populate_existing"):
            run.populate = True
        if arguments.keys() - {"clause", "mapper"}:
            conn = connects.by.of(session, mapper, asked, arguments, options)
            if context.connection is None:
                context.connection = conn
        else:
            conn = connects.by.to_load(session, context, mapper, lambda: asked)
        if "identity_token" in options:
            run.token = options["identity_token"]
        given = [params.get(bind.key, value) for bind, value in zip(prepared.binds, values, strict=True)]
        if asked is statement:
            plan, processors, raw = prepared.fetch(run, conn, given, followed, options)
        else:
            own = {bind.key: value for bind, value in zip(prepared.binds, given, strict=True)}
            kept = () if tree is None else tree.options
            plan, processors, raw = _fetch_changed(
                prepared, run, conn, asked, kept, {**params, **own}, options
            )
        rows = load_rows(raw, [run.activate(item) for item in plan.bind(processors)], run)
        finish(run)
        return IteratorResult(_layout(asked), distinct_rows(rows) if plan.needs_unique else rows)

    params = {bind.key: value for bind, value in zip(prepared.binds, values, strict=True)}
    result = session._execute_heard(statement, context, mapper, params, facts, load)
    return list(result.all())


def _fetch_changed(
    prepared: Prepared,
    run: Run,
    connection: Any,
    statement: Any,
    kept: Sequence[Any],
    params: Mapping[str, Any],
    options: Mapping[str, Any],
) -> tuple[LoadPlan, Any, list[Any]]:
    """
    Run a statement that a listener put in the place of the prepared one.

    Args:
        kept: Loader options that hold for the loaded objects.
    """
    loading = (*kept, *statement._with_options)
    tree = OptionTree(loading, agree=not kept) if loading else NO_OPTIONS
    run.tree = tree.propagated
    key, binds = statement_key(statement)
    if key is not None:
        key = (*prepared.key, key)
    options = passed_on({**statement._execution_options, **options})
    plan = None if options or key is None else known_plan(connection, key)
    if plan is None:
        plan = plan_for(
            connection, key, lambda: prepared.plan(statement, tree, binds), binds=binds, options=options
        )
    run.given = given = tuple([Given(params[bind.key]) if bind.key in params else bind for bind in binds])
    cursor = run_plan(connection, plan, given, None, options)
    layout = plan.layout or plan.layout_for(cursor)
    return plan.load, layout.processors, fetch_all(connection, cursor)


def _layout(statement: Any) -> Layout:
    return Layout([description["name"] for description in statement.column_descriptions])


def distinct_rows(rows: list[Any]) -> list[Any]:
    """Leave out rows that repeat: objects are compared by identity, as their class may not hash."""
    found: dict[Any, Any] = {}
    for row in rows:
        mark = tuple([id(item) if hasattr(item, "_sa_instance_state") else item for item in row])
        found.setdefault(mark, row)
    return list(found.values())
