"""
What only programs written for SQLAlchemy's inner modules ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from relvar.engine.mock import MockConnection as _MockConnection
from relvar.orm import registry
from relvar.orm.mapping import configure
from relvar.orm.session import Session
from relvar.util.immutable import immutabledict


class MockEngineStrategy:
    """
    Where Alembic finds the class of connections that only write down.
    """

    MockConnection = _MockConnection


class _class_resolver:  # SQLAlchemy's name
    """
    What Flask-Admin asks whether the argument of a relationship is one; it is a text, or what was given.
    """


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
