"""What type checkers do not know, as docs/typing.md says: rows by name, keywords, many columns."""

from __future__ import annotations

from typing import Any, assert_type

from typing_models import User

from relvar import Column, Select, Table, Update, select, text, update
from relvar.expr.column import NamedColumn
from relvar.orm import Session


def rows(session: Session) -> None:
    row = session.execute(select(User.id, User.name)).one()
    assert_type(row.id, Any)
    assert_type(row.no_such_name, Any)
    assert_type(row._mapping["id"], Any)
    assert_type(row[0], int)


def keywords(session: Session) -> None:
    assert_type(select(User).filter_by(name=5, no_such_name="x"), Select[User])
    assert_type(update(User).values(no_such_name="x"), Update)
    assert_type(User(name=5, no_such_name="x"), User)
    assert_type(session.query(User).filter_by(name=5).all(), list[User])


def columns(plain: Table) -> None:
    assert_type(select(User.id).subquery().c.no_such_name, NamedColumn[Any])
    assert_type(plain.c.no_such_name, Column[Any])
    assert_type(select(text("x")), Select[*tuple[Any, ...]])


def many_columns() -> None:
    u = User
    assert_type(
        select(u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name),
        Select[int, str, int, str, int, str, int, str, int, str],
    )
    assert_type(
        select(u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name, u.id),
        Select[int, str, int, str, int, str, int, str, int, str, *tuple[Any, ...]],
    )
    assert_type(
        select(
            *(u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name),
            *(u.id, u.name, u.id, u.name, u.id, u.name, u.id, u.name),
        ),
        Select[*tuple[Any, ...]],
    )
