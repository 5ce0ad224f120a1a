# Compiled as it is, see setup.py.
"""
Load one object by its primary key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relvar import exc
from relvar._kernels.attributes import Manager
from relvar._kernels.identity import LAZY_LOADING, given
from relvar._kernels.loader import made_context
from relvar.expr import make
from relvar.orm.load.draft import LoadPlan
from relvar.orm.load.facts import load_facts, pk_binds
from relvar.orm.load.plan import plan_select
from relvar.orm.load.prepared import Followed, Prepared
from relvar.orm.load.run import new_run, note_site
from relvar.orm.load.tree import OptionTree, option_tree
from relvar.stmt.base import ForUpdateArg

__all__ = ["for_update", "load_on_pk", "only_one", "path_key", "pk_statement", "prepared_by_pk"]


def pk_statement(mapper: Any, binds: Sequence[Any]) -> Any:
    """Return ``SELECT ... WHERE pk = :pk_1``; a bind of None makes the comparison ``IS NULL``."""
    statement = make.Select(mapper.class_)
    statement._where_criteria = tuple(
        column.is_(None) if bind is None else column == bind
        for column, bind in zip(mapper.primary_key, binds, strict=True)
    )
    return statement


def _prepare(
    mapper: Any, tree: OptionTree | None, path: tuple[Any, ...] = (), is_lazy: bool = False
) -> Prepared:
    binds = pk_binds(mapper)

    def select() -> Any:
        statement = pk_statement(mapper, binds)
        if is_lazy:
            statement._label_style = make.LABEL_STYLE_NONE
        return statement

    def plan(statement: Any, tree: OptionTree, given: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        branch = tree.at(path) if path else None
        return plan_select(statement, tree=tree, binds=given, path=path, branch=branch)

    return Prepared(select, plan, binds, Followed.options(tree, plan_select))


def prepared_by_pk(
    mapper: Any, tree: OptionTree | None, path: tuple[Any, ...], is_lazy: bool = False
) -> Prepared:
    """
    Return the statement that loads an object of a mapper by key, under loader options of one shape.

    Args:
        is_lazy: It loads for an attribute; its columns then have no labels.
    """
    if tree is None and not path and not is_lazy:
        manager: Manager = mapper.class_manager
        known: Prepared | None = manager.by_pk
        if known is None:
            known = manager.by_pk = _prepare(mapper, None)
        return known
    if tree is not None and tree.key is None:
        return _prepare(mapper, tree, path, is_lazy)
    facts = load_facts(mapper)
    key = (is_lazy, None if tree is None else tree.key, path_key(path))
    found = facts.by_pk.get(key)
    if found is None:
        found = facts.by_pk[key] = _prepare(mapper, tree, path, is_lazy)
    return found


def path_key(path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a hashable form of a load path that does not hold on to its aliases."""
    if not path:
        return ()
    return (path[0].mapper._key_serial, path[0].is_aliased_class, *[prop.key for prop in path[1:]])


def load_on_pk(
    session: Any,
    mapper: Any,
    pk: Any,
    options: Sequence[Any] | None = None,
    populate_existing: bool = False,
    with_for_update: Any = None,
    identity_token: Any = None,
    execution_options: Mapping[str, Any] | None = None,
    bind_arguments: Mapping[str, Any] | None = None,
    prepared: Prepared | None = None,
) -> Any:
    """
    Return the object with this primary key from the database, or None.

    Args:
        pk: The bare value, or a tuple where the key is composite.
        with_for_update: True, or the arguments of ``with_for_update()``.
        prepared: The statement, if it is known and nothing else is asked for; its key is one value, not None.
    """
    if session._new or session._deleted or session.identity_map.modified:
        session._autoflush()
    tree = option_tree(options) if options else None
    if tree is not None:
        tree.check([mapper])
    values = pk if prepared is None and mapper.has_composite_pk else (pk,)
    if populate_existing:
        execution_options = {**(execution_options or {}), "populate_existing": True}
    context = made_context(session, None, None, (), execution_options)
    context.bind_arguments = bind_arguments
    if given(session, LAZY_LOADING) is not None:
        note_site(context)
    run = new_run(session, context, None if tree is None else tree.propagated)
    if tree is not None:
        run.given = tree.binds
    run.populate = populate_existing
    run.token = identity_token
    if prepared is not None:
        pass
    elif with_for_update is None and None not in values:
        prepared = prepared_by_pk(mapper, tree, ())
    else:
        prepared, values = _prepare_once(mapper, values, tree, with_for_update)
        if with_for_update is not None:
            run.populate = True
    return only_one(prepared.objects(run, values, tree, (mapper, None, (), None)))


def _prepare_once(
    mapper: Any, values: Sequence[Any], tree: OptionTree | None, with_for_update: Any
) -> tuple[Prepared, list[Any]]:
    """
    Return a statement that is not used again, as it locks rows or compares to NULL, and its values.
    """
    given = [
        bind if value is not None else None for bind, value in zip(pk_binds(mapper), values, strict=True)
    ]
    statement = pk_statement(mapper, given)
    if with_for_update is not None:
        statement = for_update(statement, with_for_update)

    def plan(statement: Any, options: OptionTree, binds: tuple[Any, ...]) -> tuple[Any, LoadPlan]:
        return plan_select(statement, tree=options, binds=binds)

    own = [bind for bind in given if bind is not None]
    once = Prepared(lambda: statement, plan, own, Followed.options(tree, plan_select))
    return once, [value for value in values if value is not None]


def only_one(objects: Sequence[Any]) -> Any:
    """
    Return the object that was loaded by its key, or None.

    Raises:
        MultipleResultsFound: Several databases have one with this key.
    """
    if len(objects) > 1:
        raise exc.MultipleResultsFound("Multiple rows were found when exactly one was required")
    return objects[0] if objects else None


def for_update(statement: Any, argument: Any) -> Any:
    """Return the statement with ``FOR UPDATE``, as ``get()`` and ``refresh()`` take it."""
    if argument is False:
        return statement
    if argument is True:
        return statement.with_for_update()
    if isinstance(argument, Mapping):
        return statement.with_for_update(**argument)
    if not isinstance(argument, ForUpdateArg):
        raise exc.ArgumentError(
            f"with_for_update={argument!r} is neither True nor a dictionary of the arguments of "
            "select().with_for_update(), such as {'read': True}"
        )
    made = statement._clone()
    made._for_update_arg = argument
    return made
