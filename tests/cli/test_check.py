"""``relvar check``: what is likely wrong in mapped classes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import relvar

Command = Callable[..., Any]

HEAD = """
from __future__ import annotations
from relvar import *
from relvar.orm import *

class Base(DeclarativeBase):
    pass
"""

PARENT = """
class Parent(Base):
    __tablename__ = "parents"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(9), unique=True)
    {parent}

class Child(Base):
    __tablename__ = "children"
    id: Mapped[int] = mapped_column(primary_key=True)
    {child}
"""


def classes(parent: str, child: str, more: str = "") -> str:
    return HEAD + PARENT.format(parent=parent, child=child) + more


KEY = 'pid: Mapped[int] = mapped_column(ForeignKey("parents.id"), index=True)'
NULL_KEY = 'pid: Mapped[int | None] = mapped_column(ForeignKey("parents.id"), index=True)'
SET_NULL_KEY = NULL_KEY.replace('.id")', '.id", ondelete="SET NULL")')
UNINDEXED = KEY.replace(", index=True", "")
CASCADE_KEY = 'pid: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), index=True)'
REF = 'parent: Mapped[Parent] = relationship(back_populates="children")'
MANY = 'children: Mapped[list[Child]] = relationship(back_populates="parent", cascade="all, delete-orphan")'
PLAIN = 'children: Mapped[list[Child]] = relationship(back_populates="parent")'
PASSIVE = 'children: Mapped[list[Child]] = relationship(back_populates="parent", passive_deletes={})'

LINKS = """
links = Table("links", Base.metadata, Column("a", ForeignKey("parents.id"), primary_key=True),
    Column("b", ForeignKey("children.id"), primary_key=True, index=True))
"""

FOUND = {
    "all is well": (classes(MANY, f"{KEY}\n    {REF}"), []),
    "no index": (
        classes(MANY, f"{UNINDEXED}\n    {REF}"),
        [("RV101", "Child.pid", "write index=True in the column")],
    ),
    "an index that begins otherwise": (
        classes(
            MANY,
            f"{UNINDEXED}\n    {REF}\n    __table_args__ = (Index('i', 'id', 'pid'),)",
        ),
        [("RV101", "Child.pid", "write index=True in the column")],
    ),
    "an index that begins with it": (
        classes(
            MANY,
            f"{UNINDEXED}\n    {REF}\n    __table_args__ = (Index('i', 'pid', 'id'),)",
        ),
        [],
    ),
    "a partial index": (
        classes(
            MANY,
            f"{UNINDEXED}\n    {REF}\n    __table_args__ = (Index('i', 'pid', sqlite_where=text('id > 5')),)",
        ),
        [("RV101", "Child.pid", "write index=True in the column")],
    ),
    "a key of two columns": (
        classes(
            "",
            "a: Mapped[int]\n    b: Mapped[int]\n"
            "    __table_args__ = (ForeignKeyConstraint(['a', 'b'], ['pairs.x', 'pairs.y']),)",
            "class Pair(Base):\n    __tablename__ = 'pairs'\n"
            "    x: Mapped[int] = mapped_column(primary_key=True)\n"
            "    y: Mapped[int] = mapped_column(primary_key=True)\n",
        ),
        [("RV101", "Child.a", 'add Index("ix_children_a", "a", "b") to __table_args__')],
    ),
    "an association": (
        classes("", "", LINKS.replace(", index=True", "")),
        [("RV101", "links.b", "write index=True in the column")],
    ),
    "sides that do not know each other": (
        classes(
            "children: Mapped[list[Child]] = relationship(cascade='all')",
            f"{KEY}\n    parent: Mapped[Parent] = relationship()",
        ),
        [
            (
                "RV201",
                "Child.parent",
                'write back_populates="children" here and back_populates="parent" there',
            )
        ],
    ),
    "sides of an association that do not": (
        classes(
            "children: Mapped[list[Child]] = relationship(secondary='links')",
            "parents: Mapped[list[Parent]] = relationship(secondary='links')",
            LINKS,
        ),
        [("RV201", "Child.parents", 'write back_populates="children" here and back_populates="parents"')],
    ),
    "no reference back": (
        classes("children: Mapped[list[Child]] = relationship(cascade='all')", KEY),
        [("RV202", "Parent.children", 'add a relationship to Child with back_populates="children"')],
    ),
    "a backref": (
        classes("children: Mapped[list[Child]] = relationship(cascade='all', backref='parent')", KEY),
        [],
    ),
    "deleting the one": (
        classes(MANY, f"{KEY}\n    {REF[:-1]}, cascade='all')"),
        [("RV301", "Child.parent", "leave delete out of the cascade, or say single_parent=True")],
    ),
    "deleting the shared": (
        classes("children: Mapped[list[Child]] = relationship(secondary='links', cascade='all')", "", LINKS),
        [("RV301", "Parent.children", "leave delete out of the cascade")],
    ),
    "NULL that cannot be": (
        classes(PLAIN, f"{KEY}\n    {REF}"),
        [("RV302", "Parent.children", 'write cascade="all, delete-orphan" to delete them too, or')],
    ),
    "NULL that can be": (classes(PLAIN, f"{NULL_KEY}\n    {REF}"), []),
    "the database refuses": (classes(PASSIVE.format("'all'"), f"{KEY}\n    {REF}"), []),
    "the database deletes": (
        classes(PLAIN, f"{CASCADE_KEY}\n    {REF}"),
        [("RV303", "Parent.children", 'write cascade="all, delete-orphan", passive_deletes=True')],
    ),
    "the database deletes too": (
        classes(MANY, f"{CASCADE_KEY}\n    {REF}"),
        [("RV303", "Parent.children", "write passive_deletes=True")],
    ),
    "the database sets NULL": (
        classes(PLAIN, f"{SET_NULL_KEY}\n    {REF}"),
        [("RV303", "Parent.children", "write passive_deletes=True")],
    ),
    "the database does not": (
        classes(PASSIVE.format(True), f"{KEY}\n    {REF}"),
        [("RV304", "Parent.children", 'write ondelete="CASCADE" in the foreign key')],
    ),
    "a loop": (
        classes(
            MANY,
            f"{KEY}\n    {REF}",
            "def f(session):\n    for p in session.scalars(select(Parent)):\n"
            "        print(p.children)\n        for c in p.children:\n            c.parent, p.children\n",
        ),
        [("RV401", "Parent.children", "load them together: options(selectinload(Parent.children))")],
    ),
    "a comprehension": (
        classes(
            MANY,
            f"{KEY}\n    {REF}",
            "def f(children):\n"
            "    return {c.id: [x for x in c.parent.children] for c in children if c.parent}\n",
        ),
        [("RV401", "Child.parent", "load them together: options(selectinload(Child.parent))")],
    ),
    "a loop over what was loaded": (
        classes(
            MANY,
            f"{KEY}\n    {REF}",
            "async def f(session):\n"
            "    for p in session.scalars(select(Parent).options(selectinload(Parent.children))):\n"
            "        p.children\n",
        ),
        [],
    ),
    "a loop over an eager relationship": (
        classes(f"{MANY[:-1]}, lazy='selectin')", f"{KEY}\n    {REF}", "for p in []: p.children\n"),
        [],
    ),
    "shown for each object": (
        classes(MANY, f"{KEY}\n    {REF}\n    def __repr__(self): return f'<{{self.parent}}>'"),
        [("RV402", "Child.parent", 'write lazy="selectin", or leave it out there')],
    ),
    "a property": (
        classes(
            f"{MANY}\n    @property\n    def count(self): return len(self.children)", f"{KEY}\n    {REF}"
        ),
        [("RV402", "Parent.children", 'write lazy="selectin", or leave it out there')],
    ),
    "by other columns": (
        classes(
            "",
            "code: Mapped[str] = mapped_column(ForeignKey('parents.code'), index=True)\n"
            "    parent: Mapped[Parent] = relationship()",
        ),
        [("RV403", "Child.parent", 'write lazy="selectin", or refer to the primary key')],
    ),
}


@pytest.mark.parametrize("case", list(FOUND))
def test_found(relvar_command: Command, workplace: Path, case: str) -> None:
    program, expected = FOUND[case]
    (workplace / "app.py").write_text(program)
    done = relvar_command("check", "app", "--json")
    found = json.loads(done.out)
    assert [(f["code"], f["where"]) for f in found] == [(code, where) for code, where, _ in expected]
    for finding, (_, _, fix) in zip(found, expected):
        assert finding["fix"].startswith(fix)
    assert (done.code, done.err) == (1 if expected else 0, "")


def test_lines_that_an_editor_follows(relvar_command: Command, workplace: Path) -> None:
    program = classes(MANY, f"{UNINDEXED}\n    {REF}")
    (workplace / "app.py").write_text(program)
    line = 1 + program[: program.index("pid:")].count("\n")
    done = relvar_command("check", "app.py")
    assert done.out == (
        f"app.py:{line}: RV101 Child.pid: the foreign key pid has no index; write index=True in the column\n"
    )


def test_codes_can_be_ignored(relvar_command: Command, workplace: Path) -> None:
    program = classes(PLAIN, f"{UNINDEXED}\n    parent: Mapped[Parent] = relationship()")
    (workplace / "app.py").write_text(program.replace('back_populates="parent"', ""))

    def codes(*options: str) -> list[str]:
        return [f["code"] for f in json.loads(relvar_command("check", "app", "--json", *options).out)]

    assert codes() == ["RV302", "RV101", "RV201"]
    assert codes("--ignore", "RV201,rv302") == ["RV101"]
    assert codes("--ignore", "RV2", "--ignore", "RV101") == ["RV302"]
    done = relvar_command("check", "app", "--ignore", "RV")
    assert (done.code, done.out) == (0, "")
    done = relvar_command("check", "app", "--ignore", "XY1")
    assert done.code == 2 and "XY1 is no code; there are RV101, " in done.err
    assert "RV101  a foreign key without an index" in relvar_command("check", "--codes").out


def test_what_cannot_be_configured_is_an_error(relvar_command: Command, workplace: Path) -> None:
    (workplace / "app.py").write_text(classes("children: Mapped[list[Child]] = relationship()", ""))
    done = relvar_command("check", "app")
    assert done.code == 2 and "Could not determine join condition" in done.err and done.err.count("\n") == 1


TYPES = (
    HEAD
    + """
import datetime, decimal, enum, uuid

class Colour(enum.Enum):
    red = 1
    green = 2

class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    big: Mapped[int] = mapped_column(BigInteger)
    small: Mapped[int | None] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(20))
    body: Mapped[str | None] = mapped_column(Text)
    flag: Mapped[bool]
    ratio: Mapped[float]
    price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2))
    real: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True))
    day: Mapped[datetime.date]
    hour: Mapped[datetime.time]
    wait: Mapped[datetime.timedelta]
    data: Mapped[bytes]
    key: Mapped[uuid.UUID]
    colour: Mapped[Colour]
    extra: Mapped[dict] = mapped_column(JSON)
"""
)


def test_no_drift_of_what_was_created(relvar_command: Command, workplace: Path, engine: Any) -> None:
    (workplace / "things.py").write_text(TYPES)
    url = engine.url.render_as_string(hide_password=False)
    relvar_command("sql", "things")  # imports it
    import things  # type: ignore[import-not-found]

    things.Base.metadata.create_all(engine)
    assert relvar_command("check", "things", "--url", url) == (0, "", "")


def test_drift(relvar_command: Command, workplace: Path, engine: Any) -> None:
    (workplace / "things.py").write_text(
        TYPES + "\nclass Gone(Base):\n    __tablename__ = 'gone'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    url = engine.url.render_as_string(hide_password=False)
    relvar_command("sql", "things")
    import things

    for table in ("things",):
        there = relvar.MetaData()
        copy = things.Base.metadata.tables[table].to_metadata(there)
        copy._columns.remove(copy.c.body)
        copy.c.name.type = relvar.String(10)
        copy.c.big.type = relvar.Integer()
        copy.c.small.nullable = False
        copy.c.day.nullable = True
        copy.append_column(relvar.Column("needed", relvar.Integer, nullable=False))
        copy.append_column(relvar.Column("optional", relvar.Integer))
        there.create_all(engine)
    done = relvar_command("check", "things", "--url", url, "--json")
    found = {(f["code"], f["where"]): f["text"] for f in json.loads(done.out)}
    assert done.code == 1
    assert set(found) == {
        ("RV501", "Gone"),
        ("RV502", "Thing.body"),
        ("RV503", "Thing.name"),
        ("RV503", "Thing.big"),
        ("RV504", "Thing.small"),
        ("RV504", "Thing.day"),
        ("RV505", "Thing"),
    }
    assert found["RV503", "Thing.name"] == "it is VARCHAR(20) here and VARCHAR(10) in the database"
    assert found["RV504", "Thing.day"] == "it is NOT NULL here and NULL in the database"


def test_a_database_that_makes_indexes_itself(relvar_command: Command, workplace: Path, engine: Any) -> None:
    (workplace / "app.py").write_text(classes(MANY, f"{UNINDEXED}\n    {REF}"))
    relvar_command("sql", "app")
    import app  # type: ignore[import-not-found]

    app.Base.metadata.create_all(engine)
    url = engine.url.render_as_string(hide_password=False)
    found = [f["code"] for f in json.loads(relvar_command("check", "app", "--url", url, "--json").out)]
    assert found == ([] if engine.dialect.name == "mariadb" else ["RV101"])
