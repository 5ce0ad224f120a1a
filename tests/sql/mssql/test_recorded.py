"""What SQL Server's dialect writes is what SQLAlchemy writes, and is T-SQL as a grammar has it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from mssql_compare import DIALECTS, outcome  # noqa: E402  # beside this file, not a package
from mssql_statements import LITERALS, STATEMENTS  # noqa: E402
from tsql_grammar import once, unparsable  # noqa: E402

RECORDED: dict[str, Any] = json.loads((FOLDER / "recorded.json").read_text())

# an alias is made behind FROM only; SQL Server refuses what SQLAlchemy writes
DIFFERS = {
    "update alias": "UPDATE t_1 SET name=:name FROM t AS t_1 WHERE t_1.id = :id_1",
    "delete alias": "DELETE FROM t_1 FROM t AS t_1 WHERE t_1.id = :id_1",
}
NO_GRAMMAR = {
    "match": "CONTAINS is T-SQL; the grammar does not know it",
    "create if not exists": "there is no such thing on SQL Server; the program asked for it",
}


for _name, _text in DIFFERS.items():
    for _recorded in RECORDED["statements"][_name].values():
        _recorded[0] = _text


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
