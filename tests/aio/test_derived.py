"""The face of asyncio is derived: what it must have is worked out from the blocking classes and compared."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import Any

import pytest
from derive_faces import stubs

from relvar import Connection, Engine, MappingResult, Result, ScalarResult
from relvar.engine.transactions import Transaction
from relvar.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncMappingResult,
    AsyncResult,
    AsyncScalarResult,
    AsyncSession,
    AsyncSessionTransaction,
    AsyncTransaction,
    async_scoped_session,
    async_sessionmaker,
)
from relvar.ext.asyncio.derive import Attribute, awaited, called
from relvar.orm import Session, sessionmaker
from relvar.orm.session.transaction import SessionTransaction

# What may wait for the database: to be awaited. The rest is called as it is.
WAITS = set(
    "execute scalar scalars exec_driver_sql commit rollback close invalidate reset prepare run dispose flush "
    "refresh merge merge_all delete delete_all get get_one connection raw_connection get_isolation_level all "
    "fetchall fetchmany fetchone first one one_or_none scalar_one scalar_one_or_none freeze aclose".split()
)
# Begun or opened by `await` or `async with`; of them the plain call does nothing.
STARTED = {"connect", "begin", "begin_nested", "stream", "stream_scalars"}
# What no face has: for blocking programs, or reached through run_sync().
BLOCKING_ONLY = {
    Engine: {"dispatch", "logging_name"},
    Connection: set(
        "begin_twophase commit_prepared rollback_prepared recover_twophase detach dispatch "
        "get_execution_options is_strict schema_for_object should_close_with_result".split()
    ),
    Transaction: {"check"},
    Session: set(
        "bulk_insert_mappings bulk_save_objects bulk_update_mappings connection_callable dispatch "
        "enable_relationship_loading lazy_loading query strict "
        # with which it was made
        "autobegin enable_baked_queries expire_on_commit join_transaction_mode twophase".split()
    ),
    AsyncSession: set(
        "bind_mapper bind_table get_nested_transaction get_transaction in_nested_transaction in_transaction "
        "lazy_report prepare run run_sync sync_session_class".split()
    ),
    SessionTransaction: {"close", "connection", "origin", "parent", "prepare"},
    sessionmaker: {"identity_key", "object_session"},
    Result: {"context", "merge"},
}
# Where they differ on purpose: (class, name) -> parameters that only the blocking one has, only the face.
DIFFERENT = {
    (AsyncSession, "begin"): ({"nested"}, set()),
    (async_scoped_session, "begin"): (set(), set()),
    (AsyncEngine, "run"): ({"attempts", "deadline", "backoff", "max_backoff", "idempotent"}, {"options"}),
    (AsyncSession, "run"): ({"attempts", "deadline", "backoff", "max_backoff", "idempotent"}, {"options"}),
    (async_sessionmaker, "run"): (
        {"attempts", "deadline", "backoff", "max_backoff", "idempotent"},
        {"options"},
    ),
    (AsyncSession, "execute"): (set(), {"kw"}),
    (AsyncSession, "connection"): (set(), {"kw"}),
    (AsyncSessionTransaction, "bound_connection"): ({"kwargs"}, {"bind", "kw"}),
}


def public(cls: type[Any]) -> set[str]:
    # which each session has; the class only where sessions have their fields in C
    return {name for name in dir(cls) if not name.startswith("_")} - {"hash_key"}


def parameters(method: Any) -> set[str]:
    """The names of a method's public parameters, and which of them are needed."""
    return {name for name in inspect.signature(method).parameters if not name.startswith("_")} - {"self"}


@pytest.mark.parametrize(
    "blocking, face",
    [
        (Engine, AsyncEngine),
        (Connection, AsyncConnection),
        (Transaction, AsyncTransaction),
        (Session, AsyncSession),
        (sessionmaker, async_sessionmaker),
        (AsyncSession, async_scoped_session),
        (SessionTransaction, AsyncSessionTransaction),
        (Result, AsyncResult),
        (ScalarResult, AsyncScalarResult),
        (MappingResult, AsyncMappingResult),
    ],
)
def test_the_face_has_what_the_blocking_class_has(blocking: Any, face: Any) -> None:
    assert public(blocking) - public(face) == BLOCKING_ONLY.get(blocking, set())
    for name in public(blocking) & public(face):
        expected, found = getattr(blocking, name), getattr(face, name)
        if not callable(expected):
            assert not callable(found), name
            continue
        missing, more = DIFFERENT.get((face, name), (set(), set()))
        assert parameters(expected) - parameters(found) == missing, name
        assert parameters(found) - parameters(expected) == more, name
        is_awaited = inspect.iscoroutinefunction(found)
        if blocking is AsyncSession:
            # passed on: what the session's own gives is awaited
            is_awaited = inspect.iscoroutinefunction(expected)
        if name not in STARTED and name != "close_all" and face is not async_sessionmaker:
            # scalars() of a result is a view of it
            wanted = (name in WAITS and (face, name) != (AsyncResult, "scalars")) or (
                face is AsyncConnection and name == "execution_options"
            )
            assert is_awaited == wanted, name


def test_what_derives_keeps_name_signature_and_what_is_said() -> None:
    for make in (awaited, called):
        made: Any = make(Session.merge)
        assert inspect.signature(made) == inspect.signature(Session.merge)
        assert made.__name__ == "merge" and made.__doc__.strip().startswith("Copy the state")
    assert inspect.iscoroutinefunction(awaited(Session.merge))
    assert Attribute[bool](Session, "is_active").__doc__ == Session.is_active.__doc__


def test_the_types_of_faces_are_those_of_the_blocking_classes() -> None:
    for path, text in stubs():
        assert path.read_text() == text, f"{path.name}: run tools/derive_faces.py"


@pytest.mark.feature("I014")
def test_greenlet_is_needed_by_asyncio_alone() -> None:
    program = """
import sys
sys.modules["greenlet"] = None
import asyncio
from relvar import create_engine, text
from relvar.orm import Session
with Session(create_engine("sqlite://")) as session:
    assert session.scalar(text("SELECT 1")) == 1
from relvar.ext.asyncio import create_async_engine
try:
    asyncio.run(create_async_engine("sqlite+aiosqlite://").connect().start())
except ImportError as error:
    print(error)
"""
    environment = {"PYTHONPATH": ":".join(sys.path), "RELVAR_PURE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=60
    )
    said = "asyncio needs the greenlet library; install it with: pip install 'relvar[asyncio]'\n"
    assert (done.stdout, done.stderr) == (said, "")
    with open("pyproject.toml") as settings:
        assert 'asyncio = ["greenlet>=3.1"]' in settings.read()
