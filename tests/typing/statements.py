"""What type checkers know of statements: SELECT and its parts, joins, RETURNING."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_type

from typing_models import Item, Post, Tag, User, person, plain, rows

from relvar import (
    CTE,
    Column,
    CompoundSelect,
    Delete,
    Insert,
    Integer,
    NotNullable,
    Nullable,
    ScalarSelect,
    Select,
    Subquery,
    Table,
    Update,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    intersect,
    literal,
    select,
    text,
    union,
    union_all,
    update,
)
from relvar.dialects.postgresql import insert as pg_insert
from relvar.dialects.sqlite import insert as sqlite_insert
from relvar.orm import aliased
from relvar.stmt.textual import TextualSelect

if TYPE_CHECKING:
    from relvar.stmt.typed import ReturningDelete, ReturningInsert, ReturningUpdate
else:  # of type checkers alone
    ReturningDelete = ReturningInsert = ReturningUpdate = dict


def selects() -> None:
    assert_type(select(User), Select[User])
    assert_type(select(User.id), Select[int])
    assert_type(select(User.id, User.nick), Select[int, str | None])
    assert_type(select(User, Post, Post.id), Select[User, Post, int])
    assert_type(select(User.id + 1, User.name + "x"), Select[int, str])
    assert_type(select(User.id == 5), Select[bool])
    assert_type(select(func.count(User.id), func.max(User.name)), Select[int, str])
    assert_type(select(func.count()).select_from(User), Select[int])
    assert_type(select(case((User.id == 5, "a"), else_="b")), Select[str])
    assert_type(select(cast(User.id, Integer), literal("x")), Select[int, str])
    assert_type(select(User.id.label("a"), (User.price * 2).label("b")), Select[int, Decimal])
    assert_type(select(exists(select(User.id))), Select[bool])
    assert_type(select(User.double, User.title), Select[int, str])
    assert_type(select(Post.user), Select[User])
    assert_type(select(Item), Select[Item])
    assert_type(select(Nullable(User.name)), Select[str | None])
    assert_type(select(NotNullable(User.nick)), Select[str])
    assert_type(select(Nullable(User)), Select[User | None])
    assert_type(select(plain), Select[*tuple[Any, ...]])
    assert_type(select(plain.c.id, plain.c.name), Select[Any, Any])
    assert_type(select(person.c.id, person.c.name, person.c.age), Select[int, str, int | None])
    assert_type(select(rows), Select[int, str, int | None])
    assert_type(select(*[User.id]), Select[*tuple[Any, ...]])
    assert_type(
        select(User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.id, User.name),
        Select[int, int, int, int, int, int, int, int, int, str],
    )
    assert_type(
        select(
            User.id,
            User.id,
            User.id,
            User.id,
            User.id,
            User.id,
            User.id,
            User.id,
            User.id,
            User.name,
            User.id,
        ),
        Select[int, int, int, int, int, int, int, int, int, str, *tuple[Any, ...]],
    )
    other = aliased(User)
    assert_type(other, type[User])
    assert_type(select(other, other.name), Select[User, str])


def parts() -> None:
    assert_type(select(User).where(User.id == 5), Select[User])
    assert_type(
        select(User.id).join(User.posts).filter_by(name="x").order_by(User.id).group_by(User.id).limit(5),
        Select[int],
    )
    assert_type(select(User.id).having(User.id > 1).distinct().offset(1).with_for_update(), Select[int])
    assert_type(select(User.id).add_columns(User.name), Select[*tuple[Any, ...]])
    assert_type(select(User.id).with_only_columns(User.name, User.id), Select[str, int])
    assert_type(select(User.id).scalar_subquery(), ScalarSelect[int])

    assert_type(select(User.id).subquery(), Subquery)
    assert_type(select(User.id).cte("x", recursive=True).union_all(select(Post.id)), CTE)
    assert_type(select(User.id).union(select(Post.id)), CompoundSelect[int])
    assert_type(union(select(User.id), select(Post.id)), CompoundSelect[int])
    assert_type(union_all(select(User.id), select(Post.id)).order_by("id").limit(5), CompoundSelect[int])
    assert_type(intersect(select(User.id, User.name), select(Post.id, Post.title)), CompoundSelect[int, str])
    assert_type(text("SELECT 1").columns(User.id), TextualSelect)

    assert_type(person.c.id, Column[int])
    assert_type(person.c.age, Column[int | None])
    assert_type(plain.c.id, Column[Any])
    assert_type(plain.c["id"], Column[Any])
    assert_type(person.select(), Select[*tuple[Any, ...]])
    assert_type(person.alias().c.name, Column[str])
    assert_type(plain.insert(), Insert)
    assert_type(plain.update(), Update)
    assert_type(plain.delete(), Delete)


def joins() -> None:
    assert_type(select(User, Post).join(User.posts), Select[User, Post])
    assert_type(select(User, Post).outerjoin(User.posts), Select[User, Post | None])
    assert_type(select(User, Post).outerjoin(Post), Select[User, Post | None])
    assert_type(select(User, Post).join(Post, isouter=True), Select[User, Post | None])
    assert_type(select(User, Post).outerjoin(Post, Post.user_id == User.id), Select[User, Post | None])
    assert_type(select(Post, User).outerjoin(Post.user), Select[Post, User | None])
    assert_type(select(Post, User).outerjoin(Post.editor), Select[Post, User | None])
    assert_type(select(User, Post, Tag).join(User.posts).outerjoin(Tag), Select[User, Post, Tag | None])
    assert_type(select(User, Post, Tag).outerjoin(User.posts), Select[User, Post | None, Tag])
    assert_type(select(User).outerjoin(User.posts), Select[User])
    assert_type(select(User, Post).outerjoin(Tag, Tag.post_id == User.id), Select[User, Post])
    assert_type(select(User, Post).outerjoin(User.posts.and_(Post.id == 5)), Select[User, Post | None])
    assert_type(select(User, Post).outerjoin(User.posts.of_type(Post)), Select[User, Post | None])
    assert_type(select(Post, User).select_from(User).outerjoin(User.posts), Select[Post | None, User])
    assert_type(select(User, Post).outerjoin_from(User, Post), Select[User, Post | None])
    assert_type(select(User, Post).join_from(User, Post, isouter=True), Select[User, Post | None])
    assert_type(select(User, Post).join_from(User, Post), Select[User, Post])
    assert_type(select(User, Post).outerjoin(Post, full=True), Select[User | None, Post | None])
    assert_type(select(User, Post).join(Post, full=True), Select[User | None, Post | None])
    assert_type(select(User).join(Post, full=True), Select[User | None])
    assert_type(select(User, Post).outerjoin_from(User, Post, full=True), Select[User | None, Post | None])
    assert_type(
        select(User, Post, Tag, User.id).join(User.posts).outerjoin(Tag),
        Select[User, Post, Tag | None, int],
    )
    assert_type(
        select(User, Tag, Post, User.id).join(User.posts).outerjoin(Tag, Tag.post_id == Post.id),
        Select[User, Tag | None, Post, int],
    )
    assert_type(select(User, func.count(Post.id)).outerjoin(User.posts).group_by(User), Select[User, int])
    boss = aliased(User)
    assert_type(select(User, boss).outerjoin(boss, boss.id == User.id), Select[User, User | None])


def changes() -> None:
    assert_type(insert(User), Insert)
    assert_type(insert(User).returning(User), ReturningInsert[User])
    assert_type(insert(User).values(name="x").returning(User.id, User.nick), ReturningInsert[int, str | None])
    assert_type(insert(User).returning(User, sort_by_parameter_order=True), ReturningInsert[User])
    assert_type(insert(rows).returning(rows), ReturningInsert[int, str, int | None])
    assert_type(insert(plain).returning(plain), ReturningInsert[*tuple[Any, ...]])
    assert_type(update(User).where(User.id == 5).values(name="x"), Update)
    assert_type(update(User).values(name="x").returning(User.id, User.nick), ReturningUpdate[int, str | None])
    assert_type(delete(User).where(User.id == 5).returning(User.id), ReturningDelete[int])
    assert_type(pg_insert(User).on_conflict_do_nothing().returning(User.id), ReturningInsert[int])
    assert_type(
        sqlite_insert(User)
        .on_conflict_do_update(index_elements=["id"], set_={"name": "x"})
        .returning(User.id, User.name),
        ReturningInsert[int, str],
    )


def tables(table: Table) -> None:
    assert_type(table.c.anything, Column[Any])
    assert_type(table.c.get("x"), Column[Any] | None)
    assert_type(list(table.c), list[Column[Any]])
