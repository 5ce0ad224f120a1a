"""
Expressions that are written as text: what is called in them may import, what is written in them may not.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from relvar.util.evaluate import ExpressionError, evaluate


def test_functions_in_c_may_import() -> None:
    # strptime imports a module by the builtins of whoever calls it; so does `Mapped[int]` since Python 3.12
    assert evaluate("datetime.strptime('2020', '%Y').year", {"datetime": datetime}) == 2020


@pytest.mark.parametrize("builtins", [None, {"len": len}])
def test_the_text_may_not(builtins: dict[str, object] | None) -> None:
    with pytest.raises(ExpressionError, match="'__import__' is not allowed"):
        evaluate("__import__('os')", {}, builtins)
    with pytest.raises(NameError):
        evaluate("open('x')", {}, builtins)
