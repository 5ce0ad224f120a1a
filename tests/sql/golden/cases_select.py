"""SELECT: columns, criteria, joins, order, paging, locks, subqueries, EXISTS, CTEs (rows D001-D012)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from relvar import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    alias,
    and_,
    asc,
    bindparam,
    case,
    column,
    cte,
    delete,
    desc,
    distinct,
    exists,
    false,
    func,
    insert,
    join,
    literal,
    literal_column,
    not_,
    null,
    nulls_first,
    nulls_last,
    or_,
    outerjoin,
    select,
    table,
    text,
    true,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from relvar.orm import aliased, registry, relationship
from relvar.sql.expression import LABEL_STYLE_TABLENAME_PLUS_COL as LABEL_TABLENAME
from relvar.sql.expression import nullsfirst, nullslast

metadata = MetaData()
boss = Table(
    "boss",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("boss_id", ForeignKey("boss.id")),
    Column("name", String(20)),
    Column("level", Integer),
    Column("order", Integer),
)
task = Table(
    "task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("boss_id", ForeignKey("boss.id")),
    Column("Title", String(20), key="title"),
    Column("cost", Integer),
)
step = Table(
    "step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("task.id")),
    Column("cost", Integer),
)
pair = Table("pair", metadata, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
pair_note = Table(
    "pair_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("a", Integer),
    Column("b", Integer),
    ForeignKeyConstraint(["a", "b"], ["pair.a", "pair.b"]),
)
far = Table(
    "task", metadata, Column("id", Integer, primary_key=True), Column("Up", Integer), schema="far away"
)

mapped = registry()


@mapped.mapped
class Boss:
    __tablename__ = "boss"
    id = Column(Integer, primary_key=True)
    boss_id = Column(ForeignKey("boss.id"))
    name = Column(String(20))
    level = Column(Integer)
    tasks = relationship("Task", back_populates="boss")


@mapped.mapped
class Task:
    __tablename__ = "task"
    id = Column(Integer, primary_key=True)
    boss_id = Column(ForeignKey("boss.id"))
    title = Column("Title", String(20))
    cost = Column(Integer)
    boss = relationship("Boss", back_populates="tasks")


b, t, s = boss.c, task.c, step.c

Case = tuple[str, Any]
CASES: dict[str, Callable[[], Iterator[Case]]] = {}


def row(name: str) -> Callable[[Callable[[], Iterator[Case]]], Callable[[], Iterator[Case]]]:
    """Register the cases of a feature row."""

    def register(function: Callable[[], Iterator[Case]]) -> Callable[[], Iterator[Case]]:
        CASES[name] = function
        return function

    return register


@row("D001")
def selects() -> Iterator[Case]:
    yield "entity", select(Boss)
    yield "entity and column", select(Boss, Task.title).where(Boss.id == Task.boss_id)
    yield "attributes", select(Boss.id, Boss.name.label("n"), func.max(Boss.level))
    yield "aliased entity", select(x := aliased(Boss, name="x")).where(x.id == 5)
    yield "table and its column", select(boss, b.id)
    yield "column three times", select(b.id, b.id, b.id)
    yield "label is a column's name", select(b.id, b.name.label("id"), t.id)
    yield "labels alike", select(b.id.label("a"), b.name.label("a"), (b.id + 1).label("a"))
    yield "label of label", select(b.id.label("a").label("c"))
    yield (
        "literals",
        select(literal(5), literal("x"), literal(None), literal(1.5), literal(True), null(), true()),
    )
    yield "same literal twice", select(literal(5), literal(5), null(), null())
    yield "same function twice", select(func.now(), func.now())
    yield "text", select(text("a, b AS c"), b.id)
    yield "key is not the name", select(t.title, task)
    yield "add columns", select(b.id).add_columns(b.id, t.title, literal_column("x"), boss)
    yield "with only columns", select(boss).where(b.id == 1).with_only_columns(func.count())
    yield (
        "with only columns keeps froms",
        select(boss).where(b.id == 1).with_only_columns(func.count(), maintain_column_froms=True),
    )
    yield "kept froms of two", select(b.id, t.id).with_only_columns(s.id, maintain_column_froms=True)
    yield (
        "kept froms of a join",
        select(b.id, t.id).join(step, s.task_id == t.id).with_only_columns(s.id, maintain_column_froms=True),
    )
    yield (
        "kept froms of a from",
        select(b.id).select_from(boss.join(task)).with_only_columns(t.id, maintain_column_froms=True),
    )
    yield "with only an entity", select(boss.c.id).with_only_columns(Task, maintain_column_froms=True)
    joined = select(boss, task).join_from(boss, task, b.id == t.boss_id)
    yield "reduced", joined.reduce_columns()
    yield "reduced without names", joined.reduce_columns(only_synonyms=False)
    yield "reduced synonyms", joined.where(b.name == t.title).reduce_columns(only_synonyms=False)
    yield "reduced where", select(boss, task).where(b.id == t.id).reduce_columns()
    yield "inner columns", select(*joined.inner_columns)
    yield "selected columns", select(*joined.selected_columns)
    yield "exported columns", select(*joined.subquery("q").exported_columns)
    yield "nothing from a table", select().select_from(boss)
    yield "nothing where", select().where(b.id == 5)
    yield "nothing exists", select(exists().select_from(boss))
    yield "negative", select(-b.id, ~(b.id == 5), -literal(5), -(b.id + 1))
    yield "case", select(case((b.id > 5, "x"), else_=b.name), case({1: "a"}, value=b.id).label("c"))
    yield "quoted", select(b.order, far, column("a b"), column("select"), literal_column("1").label("Up"))
    yield "table of a schema beside one without", select(task, far)
    yield "aliases of both", select(task.alias(), far.alias())
    yield "lower-case function named as table", select(func.boss(b.id), func.sum(b.level).label("boss"))
    yield "tuple of columns", select(boss.c["id", "name"])
    yield "with a list", select(*[b.id, b.name])
    yield "distinct labels in subquery", select(select(b.id, b.id, t.id).subquery("q"))
    yield (
        "anonymous names in subquery",
        select(select(b.id + 1, b.id + 1, func.f(b.id), literal(1)).subquery()),
    )
    yield "star", select(text("*")).select_from(boss)
    yield "literal star", select(literal_column("*")).select_from(boss)
    yield "count star", select(func.count("*"), func.count(literal_column("*")), func.count(boss.c.id))
    yield "column of a label", select(b.name.label("n").concat("x"), b.level.label("l") + 1)
    yield "text label", select(literal_column("now()").label("n"))


@row("D002")
def criteria() -> Iterator[Case]:
    yield "none", select(b.id).where()
    yield (
        "several and or",
        select(b.id).where(or_(b.id == 1, b.id == 2), b.name == "x", ~or_(b.id == 5, b.id == 6)),
    )
    yield "nested", select(b.id).where(and_(b.id == 1, or_(b.id == 2, and_(b.id == 3, b.name == "y"))))
    yield "true and", select(b.id).where(true(), b.id == 1)
    yield "false and", select(b.id).where(false(), b.id == 1)
    yield "or nothing", select(b.id).where(or_(false(), and_(true(), b.id == 1)))
    yield "python true", select(b.id).where(True)
    yield "python false", select(b.id).where(False)
    yield "null", select(b.id).where(None)
    yield "null among", select(b.id).where(b.id == 5, None)
    yield "is null", select(b.id).where(b.id.is_(None), b.name != None)  # SQL's comparison
    yield "other table", select(b.id).where(t.boss_id == b.id)
    yield "not", select(b.id).where(not_(and_(b.id == 1, b.name == "x")))
    yield "filter is where", select(b.id).where(b.id == 1).filter(b.id == 2, b.name == "x").where(b.id == 3)
    yield "filter_by", select(boss).filter_by(name="x").filter_by(level=5, id=None)
    yield "filter_by entity", select(Boss).filter_by(name="x")
    yield "filter_by after join", select(boss).join(task, t.boss_id == b.id).filter_by(title="x")
    yield "filter_by searches all", select(Boss).join(Boss.tasks).filter_by(title="x", level=3)
    yield "filter_by relationship", select(Task).filter_by(boss=Boss(id=5))
    yield "filter_by select_from", select(func.count()).select_from(boss).filter_by(level=3)
    yield "filter_by second", select(boss, step).filter_by(task_id=5)
    yield (
        "filter_by expression",
        select(boss).filter_by(level=func.max(5), name=select(t.title).scalar_subquery()),
    )
    yield "filter_by subquery", select(q := select(boss).subquery("q")).filter_by(level=3).where(q.c.id == 1)
    yield "filter_by alias", select(boss.alias("z")).filter_by(name="z")
    yield "filter_by nothing", select(boss).filter_by()
    yield "exists", select(Boss).where(Boss.tasks.any(Task.cost > 5), ~Boss.tasks.any())
    yield "text and", select(b.id).where(text("x > 5"), b.id == 1)
    yield "text or", select(b.id).where(or_(text("a OR b"), b.id == 1), not_(literal_column("c")))
    yield "column", select(b.id).where(b.level, ~b.level)
    yield (
        "tuple",
        select(b.id).where(tuple_(b.id, b.level) == tuple_(1, 2), tuple_(b.id, b.name).in_([(1, "x")])),
    )
    yield "update", update(boss).where(b.id == 1).where(b.name == "x").values(level=1)
    yield "delete", delete(boss).where(b.id == 1, b.name == "x")
    yield "update filter_by", update(boss).filter_by(id=1).values(level=1)
    yield "delete filter_by", delete(boss).filter_by(id=1)


@row("D003")
def joins() -> Iterator[Case]:
    j, k = boss.alias("j"), boss.alias("k")
    yield "self inferred", select(j.c.id).join(k, j.c.boss_id == k.c.id)
    yield "both ways", select(task.c.id).join(boss).join(step)
    yield "from the middle", select(b.id, s.id).join_from(task, boss).join_from(task, step)
    yield "left of two", select(b.id, s.id).select_from(task).join(boss).join(step)
    loop = Table(
        "loop",
        MetaData(),
        Column("id", Integer),
        Column("b", ForeignKey(boss.c.id)),
        Column("t", ForeignKey(task.c.id)),
    )
    yield "left is named", select(b.id).join_from(boss, task).join_from(boss, loop)
    yield "left is named, the last", select(b.id).join_from(boss, task).join_from(task, loop)
    yield "left is not named", select(b.id).join(task).join(loop)
    yield "left of a join", select(b.id).select_from(boss.join(task)).outerjoin_from(boss, loop)
    yield "left alias is named", select((z := boss.alias("z")).c.id).join_from(z, task).join_from(z, loop)
    yield (
        "left entity is named",
        select(Boss.id).join_from(Boss, Task).join_from(Boss, loop, Boss.id == loop.c.b),
    )
    yield "leftmost found", select(s.id).select_from(boss, step).join(task, t.id == s.task_id)
    yield "outer and full", select(b.id).outerjoin(task).outerjoin(step, full=True)
    yield "isouter and full", select(b.id).join(task, isouter=True, full=True)
    yield "true", select(b.id).join(task, true())
    yield "false", select(b.id).join(task, false())
    yield "literal", select(b.id).join(task, literal(True))
    yield "text", select(b.id).join(task, text("boss.id = task.boss_id"))
    yield "or", select(b.id).join(task, or_(b.id == t.boss_id, b.id == 5))
    yield "composite", select(pair, pair_note.c.id).outerjoin(pair_note)
    yield "to subquery", select(boss).join(q := select(task).subquery("q"), q.c.boss_id == b.id)
    yield "to subquery inferred", select(boss).join(select(task).subquery("q"))
    yield "to cte", select(boss).join(select(task).cte("q"))
    yield (
        "to values",
        select(boss).join(v := values(column("n", Integer), name="v").data([(1,), (2,)]), v.c.n == b.id),
    )
    yield "to lateral", select(boss).join(select(task).where(t.boss_id == b.id).lateral("l"), true())
    yield "to function", select(b.id).join(f := func.gen(b.id).table_valued("n"), f.c.n == b.id)
    yield "to join", select(boss).join(task.join(step), b.id == t.boss_id)
    yield "to outer join", select(boss).outerjoin(task.outerjoin(step), b.id == t.boss_id)
    yield "join of joins", select(b.id).select_from(boss.join(task).join(step).join(j, j.c.id == b.id))
    yield "right nested", select(j.c.id).select_from(j.outerjoin(boss.join(task), j.c.id == b.id))
    yield "alias of join", select(boss.join(task).select().subquery("q"))
    yield "join select", boss.join(task).select().where(b.id == 5)
    yield "join columns", select(*boss.join(task).c)
    yield (
        "join functions",
        select(b.id).select_from(outerjoin(join(boss, task), step, s.task_id == t.id)),
    )
    yield "full function", select(b.id).select_from(join(boss, task, full=True))
    yield "outer full", select(b.id).select_from(outerjoin(boss, task, full=True))
    yield "relationship", select(Boss).join(Boss.tasks)
    yield "relationship outer", select(Boss.id).outerjoin(Boss.tasks).join(Task.boss.of_type(aliased(Boss)))
    yield "relationship and", select(Boss).join(Boss.tasks.and_(Task.cost > 5))
    yield "relationship to alias", select(Boss).join(x := aliased(Task), Boss.tasks).where(x.cost > 1)
    yield (
        "relationship alias of_type",
        select(Boss).join(Boss.tasks.of_type(y := aliased(Task, name="y"))).where(y.cost > 1),
    )
    yield "from alias", select(z := aliased(Boss, name="z")).join(z.tasks)
    yield "entity inferred", select(Boss).join(Task)
    yield "entity onclause", select(Boss).join(Task, Task.boss_id == Boss.id)
    yield "entity join_from", select(Task.id).join_from(Boss, Task)
    yield "entity outerjoin_from", select(Task.id).outerjoin_from(Boss, Task, Boss.id == Task.cost)
    yield "table to entity", select(boss.c.id).join(Task, Task.boss_id == boss.c.id)
    yield "twice the same table", select(b.id).join(task).join(task.alias("t2"), literal(1) == 1)
    yield (
        "correlated join",
        select(b.id).where(exists().select_from(task.join(step)).where(t.boss_id == b.id)),
    )
    yield "schema", select(far.c.id).join(task, task.c.id == far.c.id)
    yield "update joined", update(boss).values(level=1).where(b.id == t.boss_id)


@row("D004")
def explicit_from() -> Iterator[Case]:
    yield "twice", select(b.id).select_from(boss).select_from(task)
    yield "again", select(b.id).select_from(boss, boss)
    yield "order of froms", select(b.id, t.id).select_from(step, task)
    yield "join covers", select(b.id, t.id, s.id).select_from(boss.join(task))
    yield "two joins", select(b.id).select_from(boss.join(task), step.join(pair, true()))
    yield "entity", select(func.count()).select_from(Boss)
    yield "entity join", select(func.count()).select_from(Boss).join(Task)
    yield "aliased", select(func.count()).select_from(aliased(Boss, name="x"))
    yield "subquery", select(literal(1)).select_from(select(boss).subquery())
    yield "cte", select(literal(1)).select_from(select(boss).cte("q"))
    yield "text", select(literal(1)).select_from(text("boss b JOIN task t"))
    yield "table", select(column("x")).select_from(table("y"))
    yield "function", select(column("x")).select_from(func.gen(5))
    yield "function alias", select(column("x")).select_from(func.gen(5).alias("g"))
    yield "values", select(column("x")).select_from(values(column("x", Integer), name="v").data([(1,)]))
    yield "no columns of it", select(t.id).select_from(boss)
    yield (
        "of a scalar subquery",
        select(select(func.count()).select_from(task).scalar_subquery()).select_from(boss),
    )
    yield "with hint of table", select(b.id).select_from(boss.alias("x"))


@row("D005")
def ordering() -> Iterator[Case]:
    e = (b.level + 1).label("next")
    yield "empty", select(b.id).order_by()
    yield "twice", select(b.id).order_by(b.id).order_by(b.name.desc(), b.level.asc())
    yield "none", select(b.id).order_by(b.id).order_by(None).order_by(b.name)
    yield "none among", select(b.id).order_by(b.id, None)
    yield "false", select(b.id).order_by(False)
    yield "group by none", select(b.id).group_by(b.id).group_by(None).group_by(b.name)
    yield "by name", select(b.id, b.name).order_by("id", desc("name"), asc("level"))
    yield "by label", select(e, b.name).order_by("next", desc("next"), e.desc(), nulls_last(e))
    yield "label in expression", select(e).order_by(e + 1, func.f(e))
    yield "label in group", select(e, func.count()).group_by(e).having(e > 5).order_by(e)
    yield "label of other statement", select(b.name).order_by(e)
    yield "label used twice", select(e, e).order_by(e)
    yield "ambiguous label", select(b.id.label("x"), t.id.label("x")).order_by("x")
    yield "label named as column", select(b.level.label("id")).order_by("id", b.id)
    yield "name of table column", select(b.name).order_by("boss_id")
    yield "label quoted", select(b.id.label("Order By")).order_by("Order By", desc("Order By"))
    yield "position", select(b.id).order_by(text("1"), literal_column("2").desc())
    yield (
        "nulls",
        select(b.id).order_by(
            nulls_first(b.id),
            b.id.desc().nulls_last(),
            nullsfirst(b.name),
            nullslast(b.level.asc()),
            b.id.nullsfirst(),
        ),
    )
    yield "case", select(b.id).order_by(case((b.id == 1, 0), else_=1), b.id)
    yield "function", select(b.id).order_by(func.lower(b.name), func.random())
    yield (
        "subquery",
        select(b.id).order_by(select(func.count(t.id)).where(t.boss_id == b.id).scalar_subquery()),
    )
    yield "bind", select(b.id).order_by(b.level == 5, literal(1))
    yield (
        "group by several",
        select(b.name, b.level, func.count()).group_by(b.name, "level").order_by("level"),
    )
    yield "having without group", select(func.count()).select_from(boss).having(func.count() > 5)
    yield "having or", select(b.name).group_by(b.name).having(or_(func.max(b.id) > 1, func.min(b.id) < 1))
    yield "having true", select(b.name).group_by(b.name).having(true())
    yield "rollup", select(b.name).group_by(func.rollup(b.name, b.level))
    yield (
        "cube and sets",
        select(b.name).group_by(
            func.cube(b.name), func.grouping_sets(tuple_(b.name), tuple_(b.name, b.level))
        ),
    )
    yield "empty set", select(func.count()).select_from(boss).group_by(func.grouping_sets(tuple_()))
    yield "in union", union(select(b.id), select(t.id)).order_by("id", desc("id"))
    yield "in union by column", union(select(b.id.label("x")), select(t.id)).order_by(b.id, "x")
    u = union(select(b.id, b.name), select(t.id, t.title))
    yield "of union columns", u.order_by(u.selected_columns.id, u.selected_columns.name.desc())
    yield "union group", u.group_by("id")
    yield "distinct", select(b.name).distinct().order_by(b.level, "name")
    yield "in subquery", select(select(b.id).order_by(b.name).subquery())
    yield "orm", select(Boss).order_by(Boss.name.desc(), Boss.id).group_by(Boss.id)
    yield (
        "string expressions of label and function",
        select(func.max(b.id).label("m")).order_by(desc("m"), "m"),
    )
    yield "desc of desc", select(b.id).order_by(desc(b.id.label("q")), desc(asc(b.id)))
    yield "collate", select(b.name.collate("x")).order_by(b.name.collate("x").desc().nulls_first())
    yield "update", update(boss).values(level=b.level + 1)


@row("D006")
def limits() -> Iterator[Case]:
    q = select(b.id).order_by(b.id)
    yield "limit", q.limit(5)
    yield "zero", q.limit(0).offset(0)
    yield "string", q.limit("5")
    yield "offset only", q.offset(5)
    yield "bind", q.limit(bindparam("n")).offset(bindparam("o", 5))
    yield "typed bind", q.limit(bindparam("n", 7, Integer))
    yield "expression", q.limit(literal(5) + 1).offset(func.f(2))
    yield "subquery", q.limit(select(func.max(t.id)).scalar_subquery())
    yield "literal column", q.limit(literal_column("5"))
    yield "none", q.limit(5).offset(3).limit(None)
    yield "none of offset", q.limit(5).offset(3).offset(None)
    yield "slice", q.slice(5, 10)
    yield "slice from", q.slice(5, None)
    yield "slice to", q.slice(None, 5)
    yield "slice of nothing", q.slice(None, None)
    yield "slice again", q.limit(10).slice(2, 5)
    yield "slice again with offset", q.limit(10).offset(4).slice(2, 5)
    yield "slice twice", q.slice(10, 20).slice(2, 5)
    yield "fetch", q.fetch(5)
    yield "fetch offset", q.fetch(5).offset(2)
    yield "fetch ties", q.fetch(5, with_ties=True)
    yield "fetch percent", q.fetch(5, percent=True)
    yield "fetch percent ties", q.fetch(5, percent=True, with_ties=True)
    yield "fetch all and offset", q.fetch(5, percent=True, with_ties=True).offset(1)
    yield "fetch bind", q.fetch(bindparam("n")).offset(bindparam("o"))
    yield "fetch expression", q.fetch(literal(5) + 1)
    yield "fetch replaces limit", q.limit(5).fetch(6)
    yield "limit replaces fetch", q.fetch(6).limit(5)
    yield "fetch none", q.fetch(6).fetch(None)
    yield "no order", select(b.id).limit(5)
    yield "no order offset", select(b.id).limit(5).offset(2)
    yield "twice in one", select(select(b.id).order_by(b.id).limit(3).subquery()).limit(2)
    yield "in scalar", select(select(b.id).order_by(b.id).limit(1).scalar_subquery())
    yield "in IN", select(t.id).where(t.boss_id.in_(q.limit(3)))
    yield "in exists", select(t.id).where(exists(q.limit(3)))
    yield "in cte", select(q.limit(3).offset(1).cte("c"))
    yield "union", union(select(b.id), select(t.id)).order_by("id").limit(3).offset(2)
    yield "in union", union_all(select(b.id).order_by(b.id).limit(1), select(t.id).order_by(t.id).limit(2))
    yield "union fetch", union(select(b.id), select(t.id)).order_by("id").fetch(3)
    yield "distinct", select(b.name).distinct().order_by(b.name).limit(3).offset(1)
    yield "label order", select((b.id + 1).label("x")).order_by("x").limit(3).offset(1)
    yield "same column twice", select(b.id, b.id, t.id).order_by(b.id).limit(3).offset(1)
    yield "group", select(b.name, func.count()).group_by(b.name).order_by(b.name).limit(3)
    yield "orm", select(Boss).join(Boss.tasks).order_by(Boss.id).limit(3).offset(1)
    yield "exists limit", select(exists(select(b.id).limit(1)))
    yield (
        "correlated",
        select(b.id, select(t.id).where(t.boss_id == b.id).order_by(t.id).limit(1).scalar_subquery()),
    )
    yield "for update", q.limit(3).with_for_update()
    yield (
        "lateral",
        select(b.id, select(t.cost).where(t.boss_id == b.id).order_by(t.id).limit(2).lateral("l").c.cost),
    )


@row("D007")
def distincts() -> Iterator[Case]:
    yield "twice", select(b.name).distinct().distinct()
    yield "everything", select(boss, task.c.id).distinct().where(b.id == t.boss_id)
    yield "count", select(func.count(distinct(b.name)), func.sum(b.level.distinct()))
    yield "function over expression", select(func.count(distinct(b.name + "x")))
    yield "with order", select(b.name).distinct().order_by(b.name)
    yield "subquery", select(func.count()).select_from(select(b.name).distinct().subquery())
    yield "on columns", select(b.name).distinct(b.level, b.name)
    yield "on expression", select(b.name).distinct(func.lower(b.name))
    yield "on twice", select(b.name).distinct(b.level).distinct(b.id)
    yield "union", select(b.name).distinct().union(select(t.title).distinct())
    yield "tuple", select(func.count(distinct(tuple_(b.id, b.level))))
    yield "orm", select(Boss.name).distinct().order_by(Boss.name)


@row("D008")
def locks() -> Iterator[Case]:
    q = select(b.id)
    yield "plain", q.with_for_update()
    yield "nowait", q.with_for_update(nowait=True)
    yield "read", q.with_for_update(read=True)
    yield "read nowait", q.with_for_update(read=True, nowait=True)
    yield "skip locked", q.with_for_update(skip_locked=True)
    yield "read skip locked", q.with_for_update(read=True, skip_locked=True)
    yield "key share", q.with_for_update(key_share=True)
    yield "key share read", q.with_for_update(key_share=True, read=True)
    yield "key share nowait", q.with_for_update(key_share=True, nowait=True)
    yield "of column", q.with_for_update(of=b.id)
    yield "of columns of a table", q.with_for_update(of=[b.id, b.name])
    yield "of columns of two", select(b.id, t.id).join(task).with_for_update(of=[b.id, t.id], read=True)
    yield "again", q.with_for_update(nowait=True).with_for_update(read=True)
    yield "ordered and limited", q.order_by(b.id).limit(5).with_for_update(skip_locked=True)
    yield "in subquery", select(q.with_for_update().subquery())
    yield "everything", q.with_for_update(nowait=True, read=True, of=b.id, skip_locked=True, key_share=True)
    yield "orm", select(Boss).with_for_update(of=Boss.id, nowait=True)
    yield "no rows", select(literal(1)).with_for_update()


@row("D009")
def subqueries() -> Iterator[Case]:
    q = select(b.id, b.name.label("n"), (b.level + 1), func.max(b.id)).group_by(b.id)
    sub = q.subquery("q")
    yield "columns", select(sub.c.id, sub.c.n, sub.c[2], sub.c.max)
    yield "key", select(select(t.title).subquery("q").c.title)
    yield "key of label", select(select(t.title.label("x")).subquery("q").c.x)
    yield "alias", select(q.alias("a"), q.alias())
    yield "alias of alias", select(sub.alias("z").alias("y").c.id)
    yield "alias of a table twice", select(boss.alias("z").alias("y"))
    yield "alias function", select(alias(boss, "z"), alias(sub), alias(boss, name="flat", flat=True))
    yield "alias flat join", select(boss.join(task)._anonymous_fromclause(flat=True))
    yield "quoted names", select(q.subquery("A b"), boss.alias("select"))
    yield "in two places", select(sub.c.id).where(sub.c.n == "x").join(task, t.id == sub.c.id)
    yield "same subquery twice", select(sub).join(again := sub.alias("again"), again.c.id == sub.c.id)
    yield "same anonymous subquery twice", select(w := select(b.id).subquery(), w.alias())
    yield "scalar", select(select(func.max(b.id)).scalar_subquery())
    yield "scalar label", select(select(func.max(b.id)).label("m"))
    yield "scalar as column", select(b.id).where(select(func.max(t.id)).scalar_subquery() > b.id)
    yield "scalar in function", select(func.coalesce(select(func.max(t.id)).scalar_subquery(), 0))
    yield (
        "scalar in order",
        select(b.id).order_by(select(t.id).where(t.boss_id == b.id).scalar_subquery().desc()),
    )
    yield "scalar twice", select(x := select(func.max(b.id)).scalar_subquery(), x)
    yield (
        "scalar where",
        select(
            select(t.id).scalar_subquery().where(t.boss_id == b.id),
            select(t.id).scalar_subquery().where(t.id == 1),
        ).select_from(boss),
    )
    yield "scalar math", select(select(t.id).limit(1).scalar_subquery() + 1, -select(t.id).scalar_subquery())
    yield "scalar union", select(union(select(b.id), select(t.id)).scalar_subquery())
    yield "union subquery", select(union(select(b.id), select(t.id)).subquery("u"))
    yield "scalar in insert", insert(task).values(cost=select(func.max(b.level)).scalar_subquery())
    yield (
        "scalar in update",
        update(boss).values(level=select(t.cost).where(t.boss_id == b.id).scalar_subquery()),
    )
    yield "in", select(b.id).where(b.id.in_(select(t.boss_id)), b.id.not_in(select(s.id).where(s.id == 1)))
    yield "in scalar", select(b.id).where(b.id.in_(select(t.boss_id).scalar_subquery()))
    yield "in union", select(b.id).where(b.id.in_(union(select(t.boss_id), select(s.id))))
    yield "tuple in", select(b.id).where(tuple_(b.id, b.level).in_(select(t.id, t.cost)))
    yield "text subquery", select(text("SELECT 1 AS a").columns(column("a", Integer)).subquery("x").c.a)
    yield "entity of subquery", select(aliased(Boss, select(Boss).where(Boss.id > 5).subquery("sq")))
    yield "entity of subquery named", select(aliased(Boss, select(Boss).subquery(), name="nn"))
    yield "join in subquery", select(select(boss, task).join_from(boss, task).subquery("j"))
    yield (
        "tablename style",
        select(select(boss, task).join_from(boss, task).set_label_style(LABEL_TABLENAME).subquery("j")),
    )
    yield "nested three", select(select(select(b.id).subquery()).subquery())
    yield "values", select(values(column("a", Integer)).data([(1,)]).alias("v").c.a)
    yield "select of select", select(b.id).subquery().select().where(column("id") == 5)
    yield (
        "any all",
        select(b.id).where(
            b.id == select(t.id).scalar_subquery(), b.id > func.any(select(t.id).scalar_subquery())
        ),
    )


@row("D010")
def correlation() -> Iterator[Case]:
    inner = select(t.id).where(t.boss_id == b.id)
    yield "automatic", select(b.id).where(b.id == inner.scalar_subquery())
    yield "alone", inner
    yield "as FROM", select(b.id, inner.subquery("q").c.id)
    yield "explicit", select(b.id).where(b.id == inner.correlate(boss).scalar_subquery())
    yield "not", select(b.id).where(b.id == inner.correlate(None).scalar_subquery())
    yield "other", select(b.id).where(b.id == inner.correlate(step).scalar_subquery())
    yield "except", select(b.id, t.cost).where(b.id == inner.correlate_except(task).scalar_subquery())
    yield "except none", select(b.id).where(b.id == inner.correlate_except(None).scalar_subquery())
    yield (
        "except both",
        select(b.id, t.cost).where(b.id == inner.correlate_except(boss, task).scalar_subquery()),
    )
    yield (
        "correlate again",
        select(b.id, t.cost).where(
            b.id
            == select(s.id)
            .where(s.id == b.id, s.cost == t.id)
            .correlate(boss)
            .correlate(task)
            .scalar_subquery()
        ),
    )
    yield (
        "correlate none again",
        select(b.id).where(b.id == inner.correlate(boss).correlate(None).scalar_subquery()),
    )
    deep = select(s.id).where(s.task_id == t.id, s.cost == b.id).scalar_subquery()
    yield "two levels", select(b.id).where(b.id == select(t.id).where(t.id == deep).scalar_subquery())
    yield (
        "three levels",
        select(b.id).where(exists().where(t.boss_id == b.id, exists().where(s.task_id == t.id))),
    )
    yield (
        "all correlated but one",
        select(t.id).where(t.id == select(t.id).where(t.boss_id == b.id).scalar_subquery()),
    )
    yield "alias", select(x := boss.alias("x")).where(select(t.id).where(t.boss_id == x.c.id).exists())
    yield (
        "in columns",
        select(b.id, select(func.count()).where(t.boss_id == b.id).scalar_subquery().label("n")),
    )
    yield "in having", select(b.id).group_by(b.id).having(func.max(b.id) > inner.scalar_subquery())
    yield (
        "join in outer",
        select(b.id).join(task).where(exists().select_from(step).where(s.task_id == t.id, s.cost == b.id)),
    )
    yield (
        "in join onclause",
        select(b.id).join(
            task, t.id == select(func.max(s.task_id)).where(s.task_id == t.id).scalar_subquery()
        ),
    )
    yield (
        "scalar correlate",
        select(b.id).where(
            inner.scalar_subquery().correlate(boss) == 5, inner.scalar_subquery().correlate_except(task) == 6
        ),
    )
    yield "update", update(boss).values(level=inner.scalar_subquery())
    yield (
        "update from",
        update(boss)
        .values(level=select(t.cost).where(t.boss_id == b.id).scalar_subquery())
        .where(exists().where(t.boss_id == b.id)),
    )
    yield "delete", delete(boss).where(exists().where(t.boss_id == b.id))
    yield (
        "insert from",
        insert(boss).from_select(["id"], select(t.id).where(~exists().where(b.id == t.boss_id))),
    )
    yield (
        "compound",
        select(b.id).where(
            b.id.in_(union(select(t.id).where(t.boss_id == b.id), select(s.id).where(s.cost == b.id)))
        ),
    )
    yield "orm", select(Boss).where(select(Task.id).where(Task.boss_id == Boss.id).exists())
    yield (
        "orm correlate",
        select(
            Boss.id,
            select(func.count(Task.id)).where(Task.boss_id == Boss.id).correlate(Boss).scalar_subquery(),
        ),
    )
    yield (
        "orm aliased",
        select(z := aliased(Boss, name="z")).where(
            select(Task.id).where(Task.boss_id == z.id).correlate(z).exists()
        ),
    )
    yield "lateral", select(b.id, inner.lateral("l").c.id)
    yield "lateral correlate", select(b.id, inner.correlate(boss).lateral("l").c.id)
    yield "lateral not", select(b.id, inner.correlate(None).lateral("l").c.id)


@row("D011")
def exist() -> Iterator[Case]:
    yield "nothing", select(exists())
    yield "star", select(exists(text("*")).select_from(boss))
    yield "columns", select(exists(b.id).where(b.id == 5))
    yield "literal", select(exists(literal(1)).where(b.id == 5))
    yield "table", select(exists(boss))
    yield "select", select(exists(select(b.id).where(b.id == 5)))
    yield "scalar", select(exists(select(b.id).scalar_subquery()))
    yield "method", select(select(b.id).exists())
    yield "label", select(exists().where(b.id == 5).label("found"))
    yield "not", select(b.id).where(~exists().where(t.boss_id == b.id), not_(exists().where(s.id == b.id)))
    yield "not not", select(b.id).where(~~exists().where(t.boss_id == b.id))
    yield (
        "and or",
        select(b.id).where(or_(exists().where(t.boss_id == b.id), ~exists(s.id).where(s.id == b.id))),
    )
    yield (
        "more where",
        select(b.id).where(exists(t.id).where(t.boss_id == b.id).where(t.cost > 5, t.title == "x")),
    )
    yield "from", select(b.id).where(exists(literal(1)).select_from(task.join(step)).where(t.boss_id == b.id))
    yield (
        "correlate",
        select(b.id, t.id).where(exists(s.id).where(s.id == b.id, s.cost == t.id).correlate(boss)),
    )
    yield (
        "correlate_except",
        select(b.id, t.id).where(exists(s.id).where(s.id == b.id, s.cost == t.id).correlate_except(step)),
    )
    yield "correlate none", select(b.id).where(exists(t.id).where(t.boss_id == b.id).correlate(None))
    yield "as value", select(exists().where(b.id == 5) == True, exists().where(b.id == 6).is_(False))  # SQL
    yield "case", select(case((exists().where(b.id == 5), 1), else_=0))
    yield "hint", select(b.id).where(exists(t.id).where(t.boss_id == b.id).with_hint(task, "HINT(%(name)s)"))
    yield (
        "hint of a dialect",
        select(b.id).where(exists(t.id).where(t.boss_id == b.id).with_hint(task, "USE INDEX (x)", "mysql")),
    )
    yield "union", select(b.id).where(exists(union(select(t.id), select(s.id)).subquery()))
    yield "union as scalar", select(exists(union(select(t.id), select(s.id)).scalar_subquery()))
    yield "orm", select(Boss).where(exists(Task.id).where(Task.boss_id == Boss.id))
    yield "orm entity", select(Boss.id).where(exists(Task).where(Task.boss_id == Boss.id))
    yield "select method", exists().where(b.id == 5).select()
    yield "select method selects from", exists(literal(1)).select_from(boss).select().where(literal(True))
    yield "group and having", select(exists(select(b.name).group_by(b.name).having(func.count() > 1)))
    yield "update", update(boss).values(level=1).where(exists().where(t.boss_id == b.id))
    yield "delete", delete(boss).where(~exists().where(t.boss_id == b.id))
    yield "in order by", select(b.id).order_by(exists().where(t.boss_id == b.id))


@row("D012")
def ctes() -> Iterator[Case]:
    one = select(b.id, b.name).where(b.level > 5).cte("one")
    two = select(one.c.id).where(one.c.name == "x").cte("two")
    yield "plain", select(one)
    yield "unnamed", select(select(b.id).cte())
    yield "two unnamed", select(select(b.id).cte(), select(t.id).cte())
    yield "chain", select(two)
    yield "both", select(one, two).where(one.c.id == two.c.id)
    yield "quoted", select(select(b.id).cte("Select me"))
    yield "alias", select(a1 := one.alias("a1"), one).where(a1.c.id == one.c.id)
    yield "alias alone", select(one.alias("a1"))
    yield "two aliases", select(one.alias("a1").c.id, one.alias("a2").c.id)
    yield "anonymous alias", select(one.alias().c.id)
    yield "in subquery", select(select(one.c.id).subquery("q"))
    yield "in scalar", select(b.id).where(b.id == select(func.max(one.c.id)).scalar_subquery())
    yield "in exists", select(b.id).where(exists().where(one.c.id == b.id))
    yield "in union", union(select(one.c.id), select(t.id))
    yield "in IN", select(b.id).where(b.id.in_(select(one.c.id)))
    yield "function", select(cte(select(b.id), "f", recursive=False))
    yield "expression names", select(select(b.id + 1, func.max(b.id), b.id.label("q")).cte("e"))
    yield "prefix", select(select(b.id).cte("p").prefix_with("MATERIALIZED"))
    yield (
        "prefix of dialect",
        select(
            select(b.id).cte("p").prefix_with("NOT MATERIALIZED", dialect="postgresql").suffix_with("SFX")
        ),
    )
    yield "suffix", select(select(b.id).cte("p").suffix_with("SEARCH", text("DEPTH")))
    parts = select(b.id, b.boss_id).where(b.boss_id.is_(None)).cte("parts", recursive=True)
    down = boss.alias("down")
    yield (
        "recursive",
        select(
            r := parts.union_all(select(down.c.id, down.c.boss_id).join(parts, down.c.boss_id == parts.c.id))
        ).where(r.c.id > 5),
    )
    yield (
        "recursive union",
        select(parts.union(select(down.c.id, down.c.boss_id).where(down.c.boss_id == parts.c.id))),
    )
    yield (
        "recursive of two",
        select(
            parts.union_all(
                select(parts.c.id, parts.c.boss_id), select(t.id, t.boss_id).where(t.id == parts.c.id)
            )
        ),
    )
    yield (
        "recursive alias",
        select(
            parts.union_all(select(down.c.id, down.c.boss_id).where(down.c.boss_id == parts.alias("pa").c.id))
        ),
    )
    counter = select(literal(1).label("n")).cte("counter", recursive=True)
    yield "counter", select(counter.union_all(select(counter.c.n + 1).where(counter.c.n < 5)))
    yield "recursive beside plain", select(one.c.id, counter.union_all(select(counter.c.n + 1)).c.n)
    yield "recursive not", select(select(b.id).cte("x", recursive=True))
    yield (
        "recursive function",
        select(
            (c2 := cte(select(literal(1).label("n")), "c2", recursive=True)).union_all(select(c2.c.n + 1))
        ),
    )
    nest = select(b.id).cte("nest", nesting=True)
    yield "nesting", select(select(nest.c.id).subquery("q"))
    yield (
        "nesting twice",
        select(select(nest.c.id).cte("outer"), select(select(b.name).cte("nest", nesting=True)).subquery()),
    )
    yield "nesting in cte", select(select(nest.c.id).cte("around"))
    yield "nesting at top", select(nest)
    yield "nesting in scalar", select(select(nest.c.id).scalar_subquery())
    yield (
        "nesting in recursive",
        select(select(nest.c.id).cte("rec", recursive=True, nesting=False).union(select(nest.c.id))),
    )
    yield "add_cte", select(b.id).add_cte(one)
    yield "add two", select(b.id).add_cte(one, select(t.id).cte("three"))
    yield "add one used", select(one.c.id).add_cte(one)
    yield (
        "add nest here",
        select(select(b.id).add_cte(select(t.id).cte("here"), nest_here=True).subquery("q")),
    )
    yield "add to union", union(select(b.id), select(t.id)).add_cte(one)
    yield "add to insert", insert(boss).values(id=1).add_cte(one)
    yield "add to update", update(boss).values(id=1).add_cte(one)
    yield "add to delete", delete(boss).add_cte(one)
    yield "add to text", text("SELECT 1 AS a").columns(column("a")).add_cte(one)
    yield "add dml", select(b.id).add_cte(delete(task).cte("gone"))
    yield "add insert", select(b.id).add_cte(insert(task).values(cost=1).returning(t.id).cte("made"))
    yield "insert returning", select(insert(task).values(cost=1).returning(t.id).cte("made"))
    yield "update returning", select(update(task).values(cost=1).returning(t.id).cte("made"))
    yield "delete returning", select(delete(task).where(t.id == 1).returning(t.id, t.title).cte("gone"))
    yield "insert from cte", insert(boss).from_select(["id", "name"], select(one))
    yield "update from cte", update(boss).values(level=1).where(b.id == one.c.id)
    yield "update with scalar", update(boss).values(level=select(func.count(one.c.id)).scalar_subquery())
    yield "delete in cte", delete(boss).where(b.id.in_(select(one.c.id)))
    yield "delete using cte", delete(boss).where(b.id == one.c.id)
    yield (
        "moved rows",
        insert(step).from_select(["id"], select(delete(task).returning(t.id).cte("gone").c.id)),
    )
    yield (
        "values",
        select(values(column("a", Integer), column("b", String), name="v").data([(1, "x")]).cte("vals")),
    )
    yield "text", select(text("SELECT 1 AS a").columns(column("a", Integer)).cte("txt").c.a)
    yield "union", select(union(select(b.id), select(t.id)).cte("u"))
    yield "union order", select(union(select(b.id), select(t.id)).order_by("id").limit(3).cte("u"))
    yield (
        "binds",
        select(one.c.id).where(
            one.c.id == 7, b.id == select(select(t.id).where(t.id == 8).cte("x").c.id).scalar_subquery()
        ),
    )
    yield "order of ctes", select(two.c.id, select(t.id).cte("early").c.id)
    yield "orm", select(aliased(Boss, select(Boss).where(Boss.id > 1).cte("ob")))
    yield "orm joined", select(Boss).join(oc := select(Task.boss_id).cte("oc"), oc.c.boss_id == Boss.id)
    yield "limit", select(one.c.id).order_by(one.c.id).limit(2)
    yield "lateral", select(one, select(t.id).where(t.boss_id == one.c.id).lateral("l"))
    yield "tablesample", select(boss.tablesample(5, name="ts").c.id)
