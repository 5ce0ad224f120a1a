"""The parameters of classes whose constructors may be compiled, as programs and tools ask for them."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from relvar.engine import Connection, NestedTransaction, RootTransaction, TwoPhaseTransaction
from relvar.orm import Session, SessionTransaction


@pytest.mark.parametrize(
    ("cls", "required", "optional"),
    [
        (Connection, ["engine"], ["connection", "_has_events", "_allow_revalidate", "_allow_autobegin"]),
        (RootTransaction, ["connection"], []),
        (NestedTransaction, ["connection"], []),
        (TwoPhaseTransaction, ["connection", "xid"], []),
        (SessionTransaction, ["session", "origin"], ["parent"]),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_the_parameters_of_a_class(cls: Any, required: list[str], optional: list[str]) -> None:
    parameters = inspect.signature(cls).parameters
    assert list(parameters) == required + optional
    assert [name for name, each in parameters.items() if each.default is each.empty] == required


def test_the_parameters_of_a_subclass_are_its_own() -> None:
    class Own(Connection):
        def __init__(self, engine: Any, label: str) -> None:
            super().__init__(engine)
            self.label = label

    assert list(inspect.signature(Own).parameters) == ["engine", "label"]


def test_the_parameters_of_compiled_methods() -> None:
    assert list(inspect.signature(Session.get).parameters) == [
        "self",
        "entity",
        "ident",
        "options",
        "populate_existing",
        "with_for_update",
        "identity_token",
        "execution_options",
        "bind_arguments",
    ]
    assert list(inspect.signature(Session).parameters)[:2] == ["bind", "autoflush"]
