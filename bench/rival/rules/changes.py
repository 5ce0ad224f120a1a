"""INSERT, UPDATE, DELETE."""

from __future__ import annotations

from bench.rival.grammar import rule

rule("returning_users", "insert(users).values(name='new').returning(users.c.id, users.c.name)",
     "update(users).values(name='upd').where(users.c.id == 1).returning(users.c.id, users.c.name)",
     "delete(users).where(users.c.id > 2).returning(users.c.id, users.c.name)")  # fmt: skip
