"""
Columns of a table as a class with annotations.
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any, Optional

import pytest

from relvar import (
    Column,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Named,
    PrimaryKeyConstraint,
    String,
    Table,
    TypedColumns,
    exc,
    insert,
    select,
    table,
    values,
)
from relvar.schema import CreateTable
from relvar.sql._annotated_cols import HasRowPos

pytestmark = pytest.mark.feature("C005")


class WithId(TypedColumns):
    id = Column(Integer, primary_key=True)


class UserColumns(WithId):
    name: Named[str]
    weight: Named[float | None]
    age: Named[Optional[int]] = Column("user_age")  # noqa: UP045  # the older way to write it
    nick: Named[str] = Column(String(42), unique=True)
    boss: Named[int | None] = Column(ForeignKey("user.id"))

    __row_pos__: tuple[int, str, float | None, int | None, str, int | None]


def described(cls: Any) -> list[tuple[Any, ...]]:
    made = Table("t", MetaData(), cls)
    return [(c.key, c.name, str(c.type), c.nullable) for c in made.c]


def test_a_table_has_the_columns_of_its_class() -> None:
    user = Table("user", MetaData(), UserColumns, Column("more", Integer), schema=None, comment="people")
    assert user.c.keys() == ["id", "name", "weight", "age", "nick", "boss", "more"]
    assert user.c.age.name == "user_age"
    assert " ".join(str(CreateTable(user)).split()) == (
        'CREATE TABLE "user" ( id INTEGER NOT NULL, name VARCHAR NOT NULL, weight DOUBLE, '
        "user_age INTEGER, nick VARCHAR(42) NOT NULL, boss INTEGER, more INTEGER, "
        'PRIMARY KEY (id), UNIQUE (nick), FOREIGN KEY(boss) REFERENCES "user" (id) )'
    )
    assert user.c.id is not UserColumns.id


def test_types_by_annotation() -> None:
    class Columns(TypedColumns):
        a: Named[bool]
        b: Named[bytes]
        c: Named[datetime.date]
        d: Named[datetime.datetime]
        e: Named[datetime.time]
        f: Named[datetime.timedelta]
        g: Named[decimal.Decimal]
        h: Named[uuid.UUID]
        i: Column[int]

    assert [type(c.type).__name__ for c in Table("t", MetaData(), Columns).c] == (
        "Boolean LargeBinary Date DateTime Time Interval Numeric Uuid Integer".split()
    )


def test_what_the_column_says_comes_first() -> None:
    class Columns(TypedColumns):
        a: Named[int] = Column(nullable=True)
        b: Named[int | None] = Column(nullable=False)
        c: Named[str] = Column(Integer)
        d: Named[int] = Column("dd", key="k")
        e: Named[int | None] = Column(primary_key=True)
        f: Named[int] = Column(Identity())
        g: Named[Any] = Column(Integer)
        h: Column = Column(Integer)  # type: ignore[type-arg]  # says nothing more

    assert described(Columns) == [
        ("a", "a", "INTEGER", True),
        ("b", "b", "INTEGER", False),
        ("c", "c", "INTEGER", False),
        ("k", "dd", "INTEGER", False),
        ("e", "e", "INTEGER", False),
        ("f", "f", "INTEGER", False),
        ("g", "g", "INTEGER", False),
        ("h", "h", "INTEGER", True),
    ]


def test_columns_of_bases_come_first_and_may_be_declared_again() -> None:
    class Titled(TypedColumns):
        title: Named[str]

    class Mixin:
        note: Named[str | None]

    class Columns(Mixin, Titled, WithId):
        id: Named[str] = Column(primary_key=True)  # type: ignore[assignment]  # another type
        size: Named[int]

    assert described(Columns) == [
        ("id", "id", "VARCHAR", False),
        ("title", "title", "VARCHAR", False),
        ("note", "note", "VARCHAR", True),
        ("size", "size", "INTEGER", False),
    ]


def test_each_table_has_columns_of_its_own() -> None:
    metadata = MetaData()
    one, two = Table("one", metadata, WithId), Table("two", metadata, WithId, PrimaryKeyConstraint("id"))
    assert (one.c.id.table, two.c.id.table) == (one, two)
    Table("one", metadata, UserColumns, extend_existing=True)
    assert one.c.keys() == ["id", "name", "weight", "age", "nick", "boss"]
    assert Table("one", metadata, UserColumns, keep_existing=True) is one
    with pytest.raises(exc.InvalidRequestError, match="already defined"):
        Table("one", metadata, UserColumns)


def test_from_elements_can_be_said_to_have_columns() -> None:
    user = Table("user", MetaData(), UserColumns)
    for element in (user, user.alias(), select(user).subquery(), table("t"), values(user.c.id, name="v")):
        assert element.with_cols(UserColumns) is element
    assert "__row_pos__" in HasRowPos.__annotations__


def test_rows(engine: Any) -> None:
    class Columns(UserColumns):
        name: Named[str] = Column(String(20))  # MySQL wants a length

    metadata = MetaData()
    user = Table("user", metadata, Columns)
    metadata.create_all(engine)
    try:
        with engine.begin() as connection:
            connection.execute(insert(user).values(id=1, name="a", age=5, nick="n"))
            (row,) = connection.execute(select(user).where(user.c.age == 5))
            assert tuple(row) == (1, "a", None, 5, "n", None)
    finally:
        metadata.drop_all(engine)


def made(attributes: dict[str, Any], annotations: dict[str, Any]) -> Any:
    values = {"__module__": __name__, "__annotations__": annotations, **attributes}
    return type("Columns", (TypedColumns,), values)


@pytest.mark.parametrize(
    ("attributes", "annotations", "message"),
    [
        ({"x": 5}, {}, "Unexpected value for attribute 'Columns.x'. Expected a Column, not: <class 'int'>"),
        ({"x": Column()}, {}, "Python typing annotation is required for attribute 'Columns.x'"),
        ({}, {"x": int}, "Annotation <class 'int'> for attribute 'Columns.x' is not of type Named/Column"),
        ({}, {"x": "Named[Nix]"}, r"Could not interpret annotation Named\[Nix\] for attribute 'Columns.x'"),
        ({}, {"x": Named}, "No type information could be extracted from annotation"),
        (
            {},
            {"x": Named[dict]},
            "Could not find a SQL type for type <class 'dict'> obtained from annotation",
        ),  # type: ignore[type-arg]  # as programs write it
        ({}, {"x": Named[int | str | None]}, r"Could not find a SQL type for type int \| str \| None"),
    ],
)
def test_what_is_no_column_is_refused(attributes: Any, annotations: Any, message: str) -> None:
    cls = made(attributes, annotations)
    with pytest.raises(exc.ArgumentError, match=message):
        Table("t", MetaData(), cls)


def test_a_class_is_only_a_list() -> None:
    for method in (lambda self: None, staticmethod(len), classmethod(len)):
        with pytest.raises(exc.InvalidRequestError, match=r"may not define methods. Found \['x'\]"):
            made({"x": method}, {})
    with pytest.raises(exc.InvalidRequestError, match="Cannot instantiate a TypedColumns object"):
        UserColumns()
    with pytest.raises(exc.InvalidRequestError, match="requires a TypedColumns subclass"):
        Table("t", MetaData(), int)
    with pytest.raises(exc.ArgumentError, match="'SchemaItem' object, such as a 'Column'"):
        Table("t", MetaData(), Column("x", Integer), WithId)
