"""
The pool's decisions, without a pool.
"""

import pytest

from relvar.pool.plan import OnReturn, Reuse, keeps_returned, may_connect, plan_reset, plan_reuse

FRESH = {
    "connected": True,
    "started": 100,
    "now": 110,
    "recycle": -1,
    "pool_invalidated": 0,
    "soft_invalidated": 0,
}


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({}, Reuse.KEEP),
        ({"connected": False}, Reuse.CONNECT),
        ({"recycle": 20}, Reuse.KEEP),
        ({"recycle": 9}, Reuse.TOO_OLD),
        ({"recycle": 0}, Reuse.TOO_OLD),
        ({"pool_invalidated": 105}, Reuse.POOL_INVALIDATED),
        ({"pool_invalidated": 99}, Reuse.KEEP),
        ({"soft_invalidated": 105}, Reuse.SOFT_INVALIDATED),
    ],
)
def test_plan_reuse(facts, decision):
    assert plan_reuse(**{**FRESH, **facts}) is decision


@pytest.mark.parametrize(
    ("existing", "size", "max_overflow", "allowed"),
    [
        (0, 5, 10, True),
        (14, 5, 10, True),
        (15, 5, 10, False),
        (99, 5, -1, True),
        (99, 0, 0, True),
        (1, 1, 0, False),
    ],
)
def test_may_connect(existing, size, max_overflow, allowed):
    assert may_connect(existing=existing, size=size, max_overflow=max_overflow) is allowed


def test_keeps_returned():
    assert keeps_returned(idle=4, size=5) and keeps_returned(idle=99, size=0)
    assert not keeps_returned(idle=5, size=5)


@pytest.mark.parametrize(
    ("style", "was_reset", "usable", "decision"),
    [
        (OnReturn.ROLLBACK, False, True, OnReturn.ROLLBACK),
        (OnReturn.ROLLBACK, True, True, OnReturn.ALREADY_DONE),
        (OnReturn.ROLLBACK, False, False, OnReturn.NOTHING),
        (OnReturn.COMMIT, True, True, OnReturn.COMMIT),
        (OnReturn.NOTHING, False, True, OnReturn.NOTHING),
    ],
)
def test_plan_reset(style, was_reset, usable, decision):
    assert plan_reset(style, transaction_was_reset=was_reset, is_usable=usable) is decision
