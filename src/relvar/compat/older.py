"""
What only programs written for SQLAlchemy's inner modules ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from relvar.engine.mock import MockConnection as _MockConnection
from relvar.orm import registry
from relvar.orm.load.options import UserDefinedOption
from relvar.orm.mapping import configure
from relvar.orm.session import Session
from relvar.util.immutable import immutabledict
from relvar.util.warning import deprecated


class MockEngineStrategy:
    """
    Where Alembic finds the class of connections that only write down.
    """

    MockConnection = _MockConnection


class _class_resolver:  # SQLAlchemy's name
    """
    What Flask-Admin asks whether the argument of a relationship is one; it is a text, or what was given.
    """


class _ModuleMarker:  # SQLAlchemy's name
    """
    What programs that list the classes of a registry leave out; relvar puts classes in it only.
    """


class QueryContext:
    """
    What hooks of older programs got of a query that is run, and annotations name; relvar makes none.
    """


class AliasOption(UserDefinedOption):
    """
    An option that says to which alias the columns of a text belong; it does nothing, as in SQLAlchemy.
    """

    @deprecated(
        "1.4",
        "The AliasOption object is not necessary for entities to be matched up to a query that is "
        "established via Query.from_statement() and now does nothing.",
    )
    def __init__(self, alias: Any) -> None:
        super().__init__()


def contains_alias(alias: Any) -> AliasOption:
    """
    Return an `AliasOption`.
    """
    return AliasOption(alias)


def create_session(bind: Any = None, **kw: Any) -> Session:
    """
    Return a session that flushes only when told to, and whose objects keep their values over a commit.
    """
    return Session(bind, **{"autoflush": False, "expire_on_commit": False, **kw})


def _state_session(state: Any) -> Session | None:
    """
    Return the session of an ``InstanceState``, None if it has none.
    """
    return state.session  # type: ignore[no-any-return]  # of any class


# for annotations
_CoreSingleExecuteParams: TypeAlias = Mapping[str, Any]
_CoreAnyExecuteParams: TypeAlias = Sequence[Mapping[str, Any]] | Mapping[str, Any]
OrmExecuteOptionsParameter: TypeAlias = Mapping[str, Any]
JoinTransactionMode: TypeAlias = Literal[
    "conditional_savepoint", "rollback_only", "control_fully", "create_savepoint"
]
ForUpdateParameter: TypeAlias = Any
_DMLTableArgument: TypeAlias = Any
_DMLColumnElement: TypeAlias = Any
_NamingSchemaParameter: TypeAlias = Mapping[Any, Any]
_TableArgsType: TypeAlias = tuple[Any, ...] | dict[str, Any]

# how `AsyncSession` executes, which reads rows before it returns
_EXECUTE_OPTIONS = immutabledict({"prebuffer_rows": True})


def _all_registries() -> set[registry]:
    """
    Return the registries of mappers that live.
    """
    return set(configure.registries)
