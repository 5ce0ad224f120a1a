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


RICH = (
    HEAD
    + """
import datetime, decimal, enum, uuid
from relvar.dialects import postgresql

Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s"}

def not_on_mariadb(ddl, target, bind, dialect, **kw):
    return dialect.name != "mariadb"

class Mood(enum.Enum):
    good = 1
    bad = 2

tags = Table("tags", Base.metadata,
    Column("label", String(20), primary_key=True),
    Column("thing_id", ForeignKey("things.id", ondelete="SET NULL", onupdate="CASCADE")),
    Column("odd name", Integer, CheckConstraint('"odd name" <> 3').ddl_if(dialect="postgresql")))

class Base1(Base):
    __tablename__ = "parents"
    a: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    b: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

class Thing(Base):
    __tablename__ = "things"
    id: Mapped[int] = mapped_column(primary_key=True)
    pa: Mapped[int | None]
    pb: Mapped[int | None]
    upper_id: Mapped[int | None] = mapped_column(ForeignKey("things.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(9), unique=True, server_default="it's")
    slug: Mapped[str] = mapped_column(String(9), unique=True, index=True)
    padded: Mapped[str] = mapped_column(CHAR(4), server_default="a")
    path: Mapped[str | None] = mapped_column(String(40), server_default="c:\\\\x", comment="a path")
    body: Mapped[str | None] = mapped_column(Text)
    n: Mapped[int] = mapped_column(server_default=text("0"), index=True)
    m: Mapped[int] = mapped_column(server_default="-7")
    big: Mapped[int] = mapped_column(BigInteger, Sequence("big_seq"), nullable=True)
    price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2), server_default="1.5")
    ratio: Mapped[float | None] = mapped_column(server_default=text("0.25"))
    flag: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="flag_"), server_default=false())
    other: Mapped[bool] = mapped_column(server_default=true())
    at: Mapped[datetime.datetime] = mapped_column(server_default=func.now())
    then: Mapped[datetime.datetime] = mapped_column(server_default=text("CURRENT_TIMESTAMP"))
    day: Mapped[datetime.date] = mapped_column(server_default="2020-01-31")
    extra: Mapped[dict] = mapped_column(JSON)
    mood: Mapped[Mood | None] = mapped_column(server_default="good")
    size: Mapped[str | None] = mapped_column(
        Enum("s", "m", native_enum=False, create_constraint=True, name="size_"))
    twice: Mapped[int | None] = mapped_column(Computed("n * 2", persisted=True))
    nothing: Mapped[str | None] = mapped_column(String(3), server_default=null())
    __table_args__ = (
        ForeignKeyConstraint(["pa", "pb"], ["parents.a", "parents.b"], name="to_parent", ondelete="CASCADE"),
        UniqueConstraint("pa", "pb", name="one_pair"),
        CheckConstraint("n BETWEEN 0 AND 5 OR n IS NULL"),
        CheckConstraint("code IN ('a', 'it''s') AND slug LIKE 'x%' ", name="listed"),
        CheckConstraint("n > -1 AND (code <> '' OR NOT (m = 7))", name="nested"),
        CheckConstraint("price * 2 >= 0.50", name="priced"),
        CheckConstraint("n != 9 AND things.m <> 10", name="unequal"),
        CheckConstraint("day > '2000-1-1'", name="recent"),
        CheckConstraint("LENGTH(code) > 0 AND CAST(code AS CHAR(3)) <> 'x'", name="cast_"),
        CheckConstraint("coalesce(n, 0) % 7 <> 4 AND path <> 'c:\\\\\\\\' ", name="modulo"),
        Index("by_pair", "n", "code"),
        Index("first_prices", text("price DESC"), "n"),
        Index("some", "m", sqlite_where=text("m > 5 AND code = 'a'"),
            postgresql_where=text("m > 5 AND code = 'a'")),
        Index("one_m", "m", unique=True, sqlite_where=text("n = 1"),
            postgresql_where=text("n = 1")).ddl_if(callable_=not_on_mariadb),
        Index("lowered", func.lower(text("code")), "n").ddl_if(callable_=not_on_mariadb),
        postgresql.ExcludeConstraint(("n", "="), using="hash").ddl_if(dialect="postgresql"),
        {"comment": "many things"},
    )

class Special(Base):
    __tablename__ = "specials"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    counted: Mapped[int] = mapped_column(Identity(start=5))
    kind: Mapped[str] = mapped_column(String(5), index=True)
    short: Mapped[str] = mapped_column(String(5))
    __mapper_args__ = {"polymorphic_on": "kind"}
Index(None, Special.short, Special.kind)

class Seen(Base):
    __table__ = Table("seen", MetaData(), Column("id", Integer, primary_key=True), Column("label", String(9)))
"""
)


@pytest.fixture
def rich(relvar_command: Command, workplace: Path, engine: Any) -> Any:
    (workplace / "rich_schema.py").write_text(RICH)
    relvar_command("sql", "rich_schema")
    import rich_schema as module  # type: ignore[import-not-found]  # written above

    module.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(relvar.text("CREATE VIEW seen AS SELECT id, code AS label FROM things"))
    return module


def drift(relvar_command: Command, engine: Any) -> list[dict[str, str]]:
    url = engine.url.render_as_string(hide_password=False)
    done = relvar_command("check", "rich_schema", "--url", url, "--json")
    return [f for f in json.loads(done.out) if f["code"] > "RV5"]


def test_no_drift_of_a_rich_schema(relvar_command: Command, engine: Any, rich: Any) -> None:
    assert drift(relvar_command, engine) == []


# what is done to the rich schema -> codes, places, and the beginnings of what is said
CHANGES: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "an index is missing": ("DROP INDEX by_pair", [("RV506", "Thing", "the index by_pair is not in the")]),
    "an index is new": (
        "CREATE INDEX fresh ON things (m, n)",
        [("RV506", "Thing", "the index fresh is in the database only")],
    ),
    "an index is on others": (
        "DROP INDEX by_pair; CREATE INDEX by_pair ON things (code, n)",
        [("RV506", "Thing", "the index by_pair is on n, code here and on code, n in the database")],
    ),
    "an index has another name": ("DROP INDEX by_pair; CREATE INDEX pair_ ON things (n, code)", []),
    "what is unique is an index": ("DROP INDEX ix_things_slug; CREATE UNIQUE INDEX u ON things (slug)", []),
    "it is not unique there": (
        "DROP INDEX ix_things_slug; CREATE INDEX ix_things_slug ON things (slug)",
        [("RV507", "Thing", "that slug is unique is not in the database")],
    ),
    "it is unique there": (
        "CREATE UNIQUE INDEX days ON things (day, m)",
        [("RV507", "Thing", "that day, m is unique is in the database only")],
    ),
    "an index of what is not mapped": (
        (
            "ALTER TABLE things ADD own INTEGER; CREATE UNIQUE INDEX owned ON things (own, m); "
            "CREATE INDEX owned2 ON things (own)"
        ),
        [],
    ),
}
# SQLite changes no constraint of a table that is there
CHANGES_OF_CONSTRAINTS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "a key is missing": (
        "ALTER TABLE things DROP CONSTRAINT to_parent",
        [("RV508", "Thing", "the foreign key pa, pb to parents is not in the database")],
    ),
    "a key does something else": (
        (
            "ALTER TABLE things DROP CONSTRAINT to_parent; ALTER TABLE things ADD CONSTRAINT to_parent "
            "FOREIGN KEY (pa, pb) REFERENCES parents (a, b) ON UPDATE CASCADE"
        ),
        [
            (
                "RV508",
                "Thing",
                "the foreign key pa, pb to parents is ON DELETE CASCADE here and ON DELETE NO A",
            ),
            (
                "RV508",
                "Thing",
                "the foreign key pa, pb to parents is ON UPDATE NO ACTION here and ON UPDATE CA",
            ),
        ],
    ),
    "a key is new": (
        "ALTER TABLE things ADD CONSTRAINT new_one FOREIGN KEY (m) REFERENCES things (id)",
        [("RV508", "Thing", "the foreign key m to things is in the database only")],
    ),
    "a condition is missing": (
        "ALTER TABLE things DROP CONSTRAINT priced",
        [("RV509", "Thing", "the CHECK constraint priced is not in the database")],
    ),
    "a condition is new": (
        "ALTER TABLE things ADD CONSTRAINT new_one CHECK (m < 100)",
        [("RV509", "Thing", "the CHECK constraint new_one is in the database only")],
    ),
    "a condition is another": (
        (
            "ALTER TABLE things DROP CONSTRAINT priced; ALTER TABLE things ADD CONSTRAINT priced "
            "CHECK (price * 2 > 0.50)"
        ),
        [("RV509", "Thing", "the CHECK constraint priced is price * 2 >= 0.50 here and ")],
    ),
    "a constant is another": (
        (
            "ALTER TABLE things DROP CONSTRAINT listed; ALTER TABLE things ADD CONSTRAINT listed "
            "CHECK (code IN ('a', 'its') AND slug LIKE 'x%')"
        ),
        [("RV509", "Thing", "the CHECK constraint listed is code IN ")],
    ),
    "defaults are others": (
        (
            "ALTER TABLE things ALTER n SET DEFAULT 1; ALTER TABLE things ALTER code DROP DEFAULT; ALTER "
            "TABLE things ALTER slug SET DEFAULT 'x'; ALTER TABLE things ALTER day SET DEFAULT '2021-1-1'"
        ),
        [
            ("RV510", "Thing.code", "it has DEFAULT 'it''s' here and no default in the database"),
            ("RV510", "Thing.n", "it has DEFAULT 0 here and DEFAULT 1 in the database"),
            ("RV510", "Thing.slug", "it has no default here and DEFAULT 'x'"),
        ],
    ),
    "the primary key is another": (
        "ALTER TABLE specials DROP CONSTRAINT {key}; ALTER TABLE specials ADD PRIMARY KEY (id, short)",
        [("RV511", "Special", "the primary key is id here and id, short in the database")],
    ),
}


def changed(engine: Any, script: str) -> None:
    """Run statements, in MariaDB's words there."""
    name = engine.dialect.name
    with engine.begin() as connection:
        for statement in script.format(key="PRIMARY KEY" if name == "mariadb" else "specials_pkey").split(
            "; "
        ):
            if name == "mariadb":
                statement = statement.replace("DROP CONSTRAINT PRIMARY KEY", "DROP PRIMARY KEY")
                statement += " ON things" if statement.startswith("DROP INDEX") else ""
            connection.execute(relvar.text(statement))


def as_expected(found: list[dict[str, str]], expected: list[tuple[str, str, str]]) -> bool:
    told = sorted((f["code"], f["where"], f["text"]) for f in found)
    assert [finding[:2] for finding in told] == [finding[:2] for finding in expected]
    return all(text.startswith(beginning) for (*_, text), (*_, beginning) in zip(told, expected))


@pytest.mark.parametrize("case", CHANGES)
def test_drift_of_indexes(relvar_command: Command, engine: Any, rich: Any, case: str) -> None:
    script, expected = CHANGES[case]
    changed(engine, script)
    assert as_expected(drift(relvar_command, engine), expected)


@pytest.mark.backends("postgresql", "mariadb")
@pytest.mark.parametrize("case", CHANGES_OF_CONSTRAINTS)
def test_drift_of_constraints(relvar_command: Command, engine: Any, rich: Any, case: str) -> None:
    script, expected = CHANGES_OF_CONSTRAINTS[case]
    changed(engine, script)
    assert as_expected(drift(relvar_command, engine), expected)
