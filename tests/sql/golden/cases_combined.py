"""What belongs to several rows of features.tsv at once: one inside the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    between,
    bindparam,
    case,
    cast,
    column,
    delete,
    except_,
    exists,
    func,
    insert,
    intersect,
    literal,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    type_coerce,
    union,
    union_all,
    update,
    values,
)
from relvar.dialects import mysql, postgresql, sqlite
from relvar.orm import Bundle, DeclarativeBase, Mapped, aliased, mapped_column, relationship
from relvar.types import TypeDecorator


class Low(TypeDecorator[str]):
    """Text that SQL makes lower on the way in and upper on the way out."""

    impl = String(40)
    cache_ok = True

    def bind_expression(self, bindparam: Any) -> Any:
        """Make it lower."""
        return func.lower(bindparam, type_=self)

    def column_expression(self, column: Any) -> Any:
        """Make it upper."""
        return func.upper(column, type_=self)


class Base(DeclarativeBase):
    """The mapped classes below."""


class User(Base):
    """A row of ``users``."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    low: Mapped[str] = mapped_column(Low)
    n: Mapped[int] = mapped_column(default=7, onupdate=8)
    notes: Mapped[list[Note]] = relationship(back_populates="user")


class Note(Base):
    """A row of ``notes``."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str] = mapped_column(String(40))
    user: Mapped[User] = relationship(back_populates="notes")


Base.registry.configure()
users: Any = User.__table__
notes: Any = Note.__table__
flags = Table(
    "flags",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("b", Boolean),
    Column("c", Boolean),
    Column("data", JSON),
)
u, n, f = users.c, notes.c, flags.c

Cases = Iterator[tuple[str, Any]]
Upsert = Callable[[Any], Any]


def _listed() -> Any:
    return values(column("k", Integer), column("w", Low), name="vs").data([(1, "A"), (2, "B")])


def orm_joins() -> Cases:
    cte, subquery = select(User).cte("picked"), select(Note.user_id).subquery("some")
    yield "cte beside entity", select(cte.c.low, Note.id).join(Note, Note.user_id == cte.c.id)
    yield "entity beside cte", select(Note.id, cte.c.low).join(Note, Note.user_id == cte.c.id)
    yield "subquery beside entity", select(subquery, User).join(User, User.id == subquery.c.user_id)
    yield "table beside entity", select(flags.c.id, User).join(User, User.id == flags.c.id)
    yield "function beside entity", select(func.max(flags.c.id), User).join(User, User.id == flags.c.id)
    yield "bundle", select(Bundle("b", flags.c.id, User.id)).join(User, User.id == flags.c.id)
    yield "two tables", select(flags.c.id, notes.c.id, User.id).join(User, User.id == flags.c.id)
    yield "then along a relationship", select(f.id).join(Note, Note.id == f.id).join(Note.user)
    yield "keys", select(notes.c.id, User.id).join(User)
    yield "nothing to join from", select(User.id).join(User, User.id == 1)
    yield "literal", select(literal(1), User.id).join(User, User.id == 1)
    yield "alias of cte", select(aliased(User, cte).low, Note.id).join(Note)


def negated_columns() -> Cases:
    negated = ~f.b
    yield "beside", select(f.b, negated)
    yield "before", select(negated, f.b)
    yield "two", select(~f.b, ~f.b)
    yield "two columns", select(f.b, f.c, ~f.b, ~f.c)
    yield "with a cast", select(f.b, ~f.b, f.b.cast(Integer))
    yield "qualified", select(f.b, ~f.b).set_label_style(_table_plus_column())
    yield "subquery", select(select(f.b, ~f.b).subquery())
    yield "cte", select(select(f.b, ~f.b, f.c).cte("c"))
    yield "union", union(select(f.b, ~f.b), select(f.b, ~f.b))
    yield "returning", update(flags).values(b=~f.c).returning(f.b, ~f.b)


def _table_plus_column() -> Any:
    from relvar import LABEL_STYLE_TABLENAME_PLUS_COL

    return LABEL_STYLE_TABLENAME_PLUS_COL


def ctes_that_change() -> Cases:
    made = insert(users).values(name="a", low="b").returning(u.id, u.low).cte("made")
    yield "insert with defaults", select(made)
    changed = update(users).where(u.id.in_([1, 2])).values(low="x").returning(u.id, u.low).cte("changed")
    yield "update with onupdate", select(changed.c.low, n.body).join(notes, n.user_id == changed.c.id)
    gone = delete(notes).where(n.id.in_([1, 2])).returning(n.id, n.body).cte("gone")
    yield (
        "insert from deleted",
        insert(users).from_select(["name"], select(gone.c.body), include_defaults=False).returning(u.low),
    )
    yield "update from inserted", update(notes).where(n.user_id == made.c.id).values(body=made.c.low)
    yield "orm", select(update(User).values(low="x").returning(User.id, User.low).cte("orm").c.low)
    several = insert(users).values([{"name": "a"}, {"name": "b"}]).returning(u.id).cte("several")
    yield "several rows", select(several)


def updates_from() -> Cases:
    newest = select(n.user_id, func.max(n.body).label("m")).group_by(n.user_id).cte("newest")
    yield "cte", update(users).where(u.id == newest.c.user_id).values(low=newest.c.m)
    yield (
        "cte and returning",
        update(users)
        .where(u.id == newest.c.user_id)
        .values(low=newest.c.m + bindparam("suffix", type_=String))
        .returning(u.id, u.low, newest.c.m),
    )
    listed = _listed()
    yield "values", update(users).where(u.id == listed.c.k).values(low=listed.c.w)
    yield (
        "lateral",
        update(users).values(name=select(n.body).where(n.user_id == u.id).limit(1).scalar_subquery()),
    )
    yield "delete", delete(notes).where(n.user_id == newest.c.user_id, n.body != newest.c.m)
    yield (
        "delete of in",
        delete(notes).where(n.user_id.in_(select(newest.c.user_id).where(newest.c.m.in_(["a", "b"])))),
    )


def upserts_of(kind: Any) -> Cases:
    put: Any = kind.insert(users)
    some = select(n.user_id).where(n.id.in_([1, 2])).cte("some")
    yield (
        "values and in",
        put.values([{"id": 1, "low": "A"}, {"id": 2, "low": "B"}])
        .on_conflict_do_update(
            index_elements=[u.id],
            set_={"low": put.excluded.low, "name": func.upper(put.excluded.name)},
            where=u.name.in_(["a", "b"]),
        )
        .returning(u.id, u.low),
    )
    yield (
        "cte in where",
        put.on_conflict_do_update(
            index_elements=["id"], set_={"low": "New"}, where=u.id.in_(select(some.c.user_id))
        ).returning(u.low),
    )
    yield (
        "from a cte",
        put.from_select(
            ["id", "low"], select(some.c.user_id, literal("Q", Low)).where(some.c.user_id.in_([3, 4]))
        )
        .on_conflict_do_update(index_elements=["id"], set_={"low": put.excluded.low})
        .returning(u.low),
    )
    orm: Any = kind.insert(User).values(id=1, name="x", low="H")
    yield (
        "entity",
        orm.on_conflict_do_update(
            index_elements=[User.id], set_={User.low: "Set", User.name: orm.excluded.low}
        ).returning(User.id, User.low),
    )


def upserts() -> Cases:
    for kind in (postgresql, sqlite):
        for name, statement in upserts_of(kind):
            yield f"{kind.__name__.rpartition('.')[2]} {name}", statement
    put: Any = mysql.insert(users).values([{"id": 1, "low": "A"}, {"id": 2, "low": "B"}])
    yield "mysql", put.on_duplicate_key_update(low=put.inserted.low, name=func.concat(put.inserted.name, "x"))


def windows_over() -> Cases:
    listed = _listed()
    inner = select(listed.c.k, func.count(listed.c.w).label("c")).where(listed.c.k == u.id)
    lateral = inner.group_by(listed.c.k).lateral("l")
    total = func.sum(lateral.c.c).over(order_by=u.id, rows=(None, 0))
    yield "lateral of values", select(u.name, lateral.c.c, total).join_from(users, lateral, true())
    ranked = select(listed.c.k, listed.c.w, func.row_number().over(order_by=listed.c.w).label("r")).subquery()
    yield "first of each", select(u.name, ranked.c.w).join(ranked, ranked.c.k == u.id).where(ranked.c.r == 1)
    yield (
        "filter and frame",
        select(func.count(u.id).filter(u.low == "x").over(partition_by=u.low, order_by=u.id, groups=(-1, 1))),
    )
    newest = select(Note, func.rank().over(partition_by=Note.user_id, order_by=Note.id).label("r")).subquery()
    yield "entity", select(aliased(Note, newest)).where(newest.c.r == 1)


def sets_within() -> Cases:
    first, last = select(u.id).order_by(u.id).limit(1), select(n.id).order_by(n.id.desc()).limit(2)
    yield "limited parts", union(first, last).order_by("id")
    yield "limited set within", union_all(union(select(u.id), select(n.id)).limit(2), select(n.user_id))
    yield (
        "except of ordered",
        except_(union(select(u.id), select(n.id)).order_by("id").limit(3), select(f.id)),
    )
    yield "in", select(u.name).where(u.id.in_(union(select(n.user_id), select(literal(3)))))
    yield "in of limited", select(u.name).where(u.id.in_(last))
    yield (
        "exists",
        select(u.id).where(exists(union(select(n.id).where(n.user_id == u.id), select(literal(1))))),
    )
    yield "scalar", select(union(select(literal(1)), select(literal(1))).limit(1).scalar_subquery())
    yield "intersect of subquery", intersect(select(u.id), select(last.subquery("l").c.id))
    yield "lateral", select(u.id, union_all(select(n.id).where(n.user_id == u.id), first).lateral("s").c.id)
    yield "cte", select(union_all(first, last).cte("s").c.id).offset(1)
    yield "wrapped type", union(select(u.low), select(literal("x", Low)))
    yield "wrapped type in subquery", select(union(select(u.low), select(n.body)).subquery().c.low)
    yield "entities", select(User).from_statement(union_all(select(User), select(User)).order_by(User.id))


def wrapped_types() -> Cases:
    yield "compared", select(u.low).where(u.low == "A", u.low != null(), u.low.is_distinct_from("b"))
    yield "in", select(u.low).where(u.low.in_(["a", "b"]), u.low.not_in(["c"]))
    yield "rows", select(u.id).where(tuple_(u.id, u.low).in_([(1, "a"), (2, "b")]))
    yield (
        "between and like",
        select(u.id).where(between(u.low, "a", "b"), or_(u.low.like("a%"), u.low.contains("b"))),
    )
    yield "case", select(case((u.id == 1, u.low), else_="Z"), case({1: "A"}, value=u.id, else_=u.low))
    yield "functions", select(func.coalesce(u.low, "q"), func.max(u.low), u.low + "t", "h" + u.low)
    yield "casts", select(cast("a", Low), type_coerce("a", Low), literal("a", Low), cast(u.low, Low))
    yield "labels", select(u.low.label("low"), u.low, u.low.label("x")).order_by("x", u.low.desc())
    yield "groups", select(u.low, func.count()).group_by(u.low).having(u.low != "a")
    listed = _listed()
    yield "values", select(listed.c.w, u.low).join(users, and_(listed.c.k == u.id, listed.c.w == u.low))
    yield "text", select(text("SELECT low FROM users").columns(u.low).subquery("t").c.low)
    yield "insert", insert(users).values([{"low": "a"}, {"low": "b"}]).returning(u.low)
    yield (
        "update",
        update(users).where(u.low == bindparam("old")).values(low=bindparam("new")).returning(u.low),
    )


CASES: dict[str, Callable[[], Cases]] = {
    "D003": orm_joins,
    "D014": sets_within,
    "D028": updates_from,
    "D031": upserts,
    "D032": ctes_that_change,
    "D037": negated_columns,
    "D060": windows_over,
    "D081": wrapped_types,
}
