"""What SQL Server's dialect writes is what SQLAlchemy writes, and is T-SQL as a grammar has it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from compare import DIALECTS, outcome  # noqa: E402  # beside this file, not a package
from grammar import once, unparsable  # noqa: E402
from statements import LITERALS, STATEMENTS  # noqa: E402

RECORDED: dict[str, Any] = json.loads((FOLDER / "recorded.json").read_text())

NO_GRAMMAR = {
    "match": "CONTAINS is T-SQL; the grammar does not know it",
    "delete alias": "SQL Server wants DELETE t_1 FROM t AS t_1; the text is SQLAlchemy's",
    "create if not exists": "there is no such thing on SQL Server; the program asked for it",
}


@pytest.mark.feature("S013", "E058", "E059", "E060", "E061", "E062", "E063")
@pytest.mark.parametrize("version", DIALECTS)
def test_statements(version: str) -> None:
    wrong = [
        (name, found, RECORDED["statements"][name][version])
        for name, statement in STATEMENTS.items()
        if (found := outcome(statement, version)) != RECORDED["statements"][name][version]
    ]
    assert not wrong, "\n".join(f"{n}:\n  found    {f}\n  expected {e}" for n, f, e in wrong)


@pytest.mark.parametrize("version", DIALECTS)
def test_literals(version: str) -> None:
    for name, statement in LITERALS.items():
        assert outcome(statement, version, True) == RECORDED["literals"][name][version], name


@once
def test_grammar() -> None:
    texts: dict[str, str] = {}
    for cases in RECORDED.values():
        for name, by_version in cases.items():
            for found in by_version.values():
                if isinstance(found, list):
                    texts.setdefault(found[0], name)
    refused = {name: pieces for text, name in texts.items() if (pieces := unparsable(text))}
    assert refused.keys() == NO_GRAMMAR.keys(), refused


@once
def test_the_grammar_refuses() -> None:
    for wrong in (
        "SELECT t.id FROM t LIMIT 5",
        "INSERT INTO t VALUES 5 6",
        "CREATE TABLE IF NOT EXISTS t (id INT)",
    ):
        assert unparsable(wrong), wrong
