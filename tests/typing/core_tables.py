"""What type checkers know of tables without classes: TypedColumns, Named, with_cols, as_typed_table."""

from __future__ import annotations

from typing import Any, assert_type

from typing_models import Base, Item, PersonColumns, RowColumns, User, person, plain, rows

from relvar import (
    CTE,
    Column,
    CursorResult,
    Engine,
    FromClause,
    Integer,
    MetaData,
    Named,
    Select,
    String,
    Subquery,
    Table,
    TypedColumns,
    func,
    insert,
    select,
    update,
)
from relvar.orm import Mapped, as_typed_table, mapped_column


class Typed(Base):
    __tablename__ = "typed"
    __typed_cols__ = PersonColumns
    id: Mapped[int] = mapped_column(primary_key=True)


class WithId(TypedColumns):
    id = Column(Integer, primary_key=True)


class Tagged(WithId):
    label: Named[str | None] = Column("tag_label", String(30))


def columns() -> None:
    assert_type(person, Table[PersonColumns])
    assert_type(person.c, PersonColumns)
    assert_type(person.columns, PersonColumns)
    assert_type(person.c.id, Column[int])
    assert_type(person.c.name, Column[str])
    assert_type(person.c.age, Column[int | None])
    assert_type(person.c["name"], Column[Any])
    assert_type(list(person.c), list[Column[Any]])
    tagged = Table("tagged", MetaData(), Tagged)
    assert_type(tagged.c.id, Column[int])
    assert_type(tagged.c.label, Column[str | None])
    assert_type(Table("more", MetaData(), PersonColumns, schema="x").c.name, Column[str])


def statements(engine: Engine) -> None:
    assert_type(select(person.c.id, person.c.age), Select[int, int | None])
    assert_type(select(rows), Select[int, str, int | None])
    assert_type(select(person), Select[*tuple[Any, ...]])
    assert_type(select(func.max(person.c.name)), Select[str])
    assert_type(select(person.c.id).where(person.c.name == "x", person.c.age > 5), Select[int])
    with engine.connect() as connection:
        assert_type(connection.execute(select(rows)), CursorResult[int, str, int | None])
        assert_type(connection.execute(select(rows)).one()[2], int | None)
        assert_type(connection.execute(insert(rows).returning(rows)).one()[1], str)
        assert_type(connection.scalar(update(rows).returning(rows.c.name)), str | None)
    select(person).where(person.c.id == "x")  # E
    select(person).where(person.c.name < 5)  # E
    select(person).where(person.c.name)  # E
    select(rows).where(rows.c.age.in_(["a"]))  # E


def views() -> None:
    assert_type(person.alias("p").c.age, Column[int | None])
    assert_type(plain.with_cols(PersonColumns), Table[PersonColumns])
    assert_type(plain.with_cols(PersonColumns).c.id, Column[int])
    assert_type(select(plain.with_cols(RowColumns)), Select[int, str, int | None])
    assert_type(select(User.id).subquery().with_cols(PersonColumns), Subquery[PersonColumns])
    assert_type(select(User.id).subquery("s").with_cols(PersonColumns).c.id, Column[int])
    assert_type(select(User.id).cte("c").with_cols(RowColumns), CTE[RowColumns])
    assert_type(select(select(User.id).cte("c").with_cols(RowColumns)), Select[int, str, int | None])
    plain.with_cols(int)  # E
    plain.with_cols(PersonColumns()).c.id  # E


def of_mapped_classes() -> None:
    assert_type(as_typed_table(User, PersonColumns), FromClause[PersonColumns])
    assert_type(as_typed_table(User, PersonColumns).c.age, Column[int | None])
    assert_type(as_typed_table(Item, RowColumns).c.name, Column[str])
    assert_type(as_typed_table(Typed), FromClause[PersonColumns])
    assert_type(as_typed_table(Typed).c.name, Column[str])
    assert_type(select(as_typed_table(User, RowColumns)), Select[int, str, int | None])
    as_typed_table(User)  # E
    as_typed_table(int, PersonColumns)  # E
    as_typed_table(User, Item)  # E
