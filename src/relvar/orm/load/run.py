# Compiled as it is, see setup.py.
"""
Start one execution of the loader: which session, which rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar._kernels.binds import Given
from relvar._kernels.identity import LAZY_LOADING, given
from relvar._kernels.lend import clock
from relvar._kernels.loader import LoadContext, Run, made_run

__all__ = ["given_by", "new_run", "note_site", "passed_on", "sub_run"]

# What an execution option of these names says concerns the statement itself, or objects.
_OF_LOADING = frozenset(
    {
        "_no_eagerloads",
        "_sa_orm_load_options",
        "_sa_shard_id",
        "autoflush",
        "identity_token",
        "max_row_buffer",
        "populate_existing",
        "stream_results",
        "synchronize_session",
        "yield_per",
    }
)


def new_run(session: Any, context: LoadContext, tree: Any = None) -> Run:
    """
    Return a run for one statement of a session.

    Args:
        tree: Loader options that the loaded objects keep.
    """
    announce = None
    if session._quiet_at != clock.ticks and session._listens():
        announce = session._events.loaded_as_persistent or None
    run = made_run(session, session.identity_map, context, tree, announce)
    if context.binds:
        run.given = tuple(context.binds)
    elif tree is not None and context.statement is None:
        run.given = tree.binds
    if given(session, LAZY_LOADING) is not None or (tree is not None and tree.gathers):
        run.cohorts = _new_cohorts(context)
    return run


def given_by(binds: Sequence[Any], params: Any) -> tuple[Any, ...]:
    """
    Return the bind parameters of a statement, with values in place of those that its execution names.

    Args:
        params: The parameters of the execution: a dictionary, or None.
    """
    if not params or not isinstance(params, Mapping):
        return tuple(binds)
    return tuple([Given(params[bind.key]) if bind.key in params else bind for bind in binds])


def _new_cohorts(context: LoadContext) -> Any:
    from relvar.orm.load.cohort import Cohorts  # in sessions that ask who came together

    return Cohorts(context)


def note_site(context: LoadContext) -> None:
    """Note where the program sent a statement, in sessions that tell who loads what."""
    if context.session.lazy_loading in ("report", "strict"):
        from relvar.orm.load.cohort import call_site  # as above

        context.site = call_site()


def sub_run(parent: Run) -> Run:
    """Return a run for a further statement that loads on behalf of ``parent``, under the same rules."""
    run = new_run(parent.session, parent.context, parent.tree)
    run.populate = parent.populate
    run.token = parent.token
    run.queue = parent.queue
    run.cohorts = parent.cohorts
    run.given = parent.given
    return run


def passed_on(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the execution options that hold for the further statements of a load (a map of schemas, say)."""
    return {name: value for name, value in options.items() if name not in _OF_LOADING}
