"""
Regular expressions that are compiled when they are first used.
"""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys

import pytest

from relvar.util.pattern import pattern


def test_it_does_what_the_compiled_one_does() -> None:
    word = pattern(r"([a-z]+)(\d)", re.I)
    assert word.sub(r"\2\1", "Ab1 c2") == "1Ab 2c"
    assert word.findall("Ab1 c2") == [("Ab", "1"), ("c", "2")]
    assert (word.pattern, word.groups) == (r"([a-z]+)(\d)", 2)
    assert word.match("1") is None


def test_what_is_wrong_with_it_is_said_at_the_first_use() -> None:
    wrong = pattern("(")
    with pytest.raises(re.error, match="unterminated"):
        wrong.match("")


def test_it_can_be_copied_and_pickled() -> None:
    word = pattern(r"\w+")
    assert copy.deepcopy(word).findall("a b") == ["a", "b"]
    assert copy.copy(pattern(r"\w+")).findall("a b") == ["a", "b"]
    assert pickle.loads(pickle.dumps(pattern(r"\w+"))).findall("a b") == ["a", "b"]


def test_importing_the_orm_compiles_none() -> None:
    """Those that are compiled belong to the standard library."""
    script = """
import re, sys
compiled = []
compile_ = re._compile
def noted(*given):
    compiled.append(sys._getframe(2).f_globals["__name__"])
    return compile_(*given)
re._compile = noted
import relvar.orm
print([name for name in compiled if name.startswith("relvar")])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
