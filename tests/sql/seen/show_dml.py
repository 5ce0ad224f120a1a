"""INSERT, UPDATE and DELETE: what the compiler tells the engine, many rows at once, and what is refused."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from relvar import (
    JSON,
    Column,
    Computed,
    FetchedValue,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    column,
    delete,
    from_dml_column,
    func,
    insert,
    literal,
    null,
    select,
    table,
    text,
    update,
)
from relvar.dialects import mssql, mysql, postgresql, sqlite
from relvar.dialects.mysql.mariadb import MariaDBDialect
from relvar.schema import insert_sentinel

m = MetaData()
t = Table("t", m, Column("id", Integer, primary_key=True), Column("x", Integer), Column("s", String(20)))
o = Table(
    "o", m, Column("id", Integer, primary_key=True), Column("t_id", ForeignKey("t.id")), Column("s", String)
)
d = Table(
    "d",
    m,
    Column("id", Integer, Sequence("d_seq"), primary_key=True),
    Column("a", Integer, default=5),
    Column("b", Integer, default=func.foo(1)),
    Column("c", Integer, default=lambda: 3),
    Column("e", Integer, server_default="9"),
    Column("f", Integer, Computed("a + 1")),
    Column("g", Integer, onupdate=7),
    Column("h", Integer, onupdate=func.bar(2)),
    Column("i", Integer, server_onupdate=FetchedValue()),
)
two = Table(
    "two",
    m,
    Column("a", Integer, primary_key=True),
    Column("b", Integer, primary_key=True),
    Column("v", Integer),
)
ident = Table("ident", m, Column("id", Integer, Identity(), primary_key=True), Column("v", Integer))
sent = Table(
    "sent", m, Column("id", Integer, primary_key=True), Column("v", Integer), insert_sentinel("mark")
)
sent2 = Table(
    "sent2",
    m,
    Column("id", Uuid, primary_key=True, server_default=func.gen()),
    Column("v", Integer),
    insert_sentinel("_mark"),
)
uid = Table("uid", m, Column("id", Uuid, primary_key=True, default=uuid.uuid4), Column("v", Integer))
uids = Table(
    "uids",
    m,
    Column("id", Uuid(native_uuid=False), primary_key=True, default=uuid.uuid4),
    Column("v", Integer),
)
uid7 = Table(
    "uid7",
    m,
    Column("id", Uuid, primary_key=True, server_default=func.uuidv7(monotonic=True)),
    Column("v", Integer),
)
srv = Table(
    "srv",
    m,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("v", Integer),
)
named = Table(
    "named",
    m,
    Column("code", String(9), primary_key=True),
    Column("v", Integer),
    Column("k", Integer, insert_sentinel=True, default=1),
)
seqd = Table("seqd", m, Column("id", Integer, Sequence("sq"), primary_key=True), Column("v", Integer))
seqs = Table(
    "seqs",
    m,
    Column("id", Integer, server_default=Sequence("sq").next_value(), primary_key=True),
    Column("v", Integer),
)
alld = Table("alld", m, Column("id", Integer, primary_key=True), Column("v", Integer, server_default="4"))
data = Table(
    "data",
    m,
    Column("id", Integer, primary_key=True),
    Column("j", JSON),
    Column("b", LargeBinary),
    Column("full name", String, key="fn"),
)
nokey = Table("nokey", m, Column("x", Integer), Column("y", Integer, default=4))
far = Table(
    "far", m, Column("Id", Integer, primary_key=True), Column("select", String(5)), schema="my schema"
)
uq = Table(
    "uq",
    m,
    Column("id", Integer, primary_key=True),
    Column("a", Integer),
    Column("b", String(9)),
    UniqueConstraint("a", name="uq_a"),
    UniqueConstraint("b"),
)
ix_where = Index("ix_where", uq.c.a, unique=True, postgresql_where=uq.c.b > "x", sqlite_where=uq.c.b > "x")
ix_expr = Index("ix_expr", func.lower(uq.c.b), unique=True)
ix_ops = Index("ix_ops", uq.c.b, unique=True, postgresql_ops={"b": "text_pattern_ops"})

DIALECTS: dict[str, Any] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),
    "mysql": mysql.dialect(),
    "mariadb": MariaDBDialect(),
    "mssql": mssql.dialect(),
}
OLD = mysql.dialect()
NEW = mysql.dialect()
OLD.server_version_info, NEW.server_version_info = (5, 7, 30), (8, 0, 30)
NEW._requires_alias_for_on_duplicate_key = True

Case = Callable[[], Any]
CASES: dict[str, Case] = {}


def told(statement: Any, keys: Any = None, many: bool = False) -> Case:
    """What compiling for an execution tells, on each database."""

    def on(name: str) -> str:
        try:
            compiled = statement.compile(dialect=DIALECTS[name], column_keys=keys, for_executemany=many)
        except Exception as error:
            return f"{name}: {type(error).__name__}: {error}"
        facts: list[Any] = [" ".join(str(compiled).split()), sorted(map(repr, compiled.params.items()))]
        if compiled.isinsert or compiled.isupdate:
            facts += [
                [c.key for c in compiled.insert_prefetch],
                [c.key for c in compiled.update_prefetch],
                sorted(c.key for c in compiled.postfetch),
            ]
        facts.append([c.key for c in compiled.effective_returning or ()])
        if compiled.isinsert and not many and name != "mysql":
            facts.append(bool(compiled.postfetch_lastrowid))
        batch = compiled._insertmanyvalues
        if batch and compiled.effective_returning:
            facts.append(
                [
                    bool(batch.is_default_expr),
                    batch.single_values_expr,
                    [(name, text) for _, name, text, _ in batch.insert_crud_params],
                    batch.num_positional_params_counted,
                    bool(batch.sort_by_parameter_order),
                    bool(batch.includes_upsert_behaviors),
                    [c.key for c in batch.sentinel_columns or ()],
                    batch.num_sentinel_columns,
                    list(batch.sentinel_param_keys or ()),
                    bool(batch.implicit_sentinel),
                    bool(batch.embed_values_counter),
                ]
            )
        return f"{name}: {facts}"

    return lambda: tuple(on(name) for name in DIALECTS)


for name, table_ in {
    "t": t,
    "d": d,
    "two": two,
    "ident": ident,
    "sent": sent,
    "sent2": sent2,
    "uid": uid,
    "uids": uids,
    "uid7": uid7,
    "srv": srv,
    "seqd": seqd,
    "seqs": seqs,
    "alld": alld,
    "nokey": nokey,
    "far": far,
    "data": data,
}.items():
    columns = list(table_.c)
    last = columns[-1]
    value = next(key for key in ("v", "x", "a", "j", "select") if key in table_.c)
    first = columns[0]
    base = insert(table_)
    CASES |= {
        f"{name}": told(base),
        f"{name} keys": told(base, [value]),
        f"{name} no keys": told(base, []),
        f"{name} key given": told(base, [first.key, value]),
        f"{name} many": told(base, [value], True),
        f"{name} many key given": told(base, [first.key, value], True),
        f"{name} returning": told(base.returning(first), [value]),
        f"{name} returning many": told(base.returning(first), [value], True),
        f"{name} sorted": told(base.returning(last, sort_by_parameter_order=True), [value], True),
        f"{name} sorted one": told(base.returning(last, sort_by_parameter_order=True), [value]),
        f"{name} sorted, key given": told(
            base.returning(last, sort_by_parameter_order=True), [first.key, value], True
        ),
        f"{name} sorted, key is expression": told(
            base.values({first: func.foo()}).returning(last, sort_by_parameter_order=True), [value], True
        ),
        f"{name} defaults": told(base.return_defaults(), [value]),
        f"{name} defaults many": told(base.return_defaults(), [value], True),
        f"{name} defaults sorted": told(base.return_defaults(sort_by_parameter_order=True), [value], True),
        f"{name} some defaults": told(base.return_defaults(last), [value]),
        f"{name} some defaults sorted": told(
            base.return_defaults(last, sort_by_parameter_order=True), [value], True
        ),
        f"{name} supplemental": told(base.return_defaults(supplemental_cols=[last]), [value]),
        f"{name} supplemental many": told(base.return_defaults(supplemental_cols=[last]), [value], True),
        f"{name} inline": told(base.inline(), [value]),
        f"{name} inline defaults": told(base.inline().return_defaults(), [value]),
        f"{name} expression": told(base.values({last: func.foo()}), [value]),
        f"{name} expression many": told(base.values({last: func.foo()}).returning(first), [value], True),
        f"{name} expression key": told(base.values({first: func.foo(1)}), [value]),
    }
    if name == "two":
        # SQLAlchemy's text has a parameter outside of the rows
        del CASES["two sorted, key given"]
    if table_._autoincrement_column is not None and name != "seqd":
        CASES |= {
            f"{name} returning many no keys": told(base.returning(first), [], True),
            f"{name} sorted, no keys": told(base.returning(last, sort_by_parameter_order=True), [], True),
        }
    if name in ("t", "d", "two", "data", "far", "alld"):
        change = update(table_).where(first == bindparam("which"))
        gone = delete(table_).where(first == bindparam("which"))
        CASES |= {
            f"{name} update": told(change, [value]),
            f"{name} update all": told(update(table_)),
            f"{name} update many": told(change, [value], True),
            f"{name} update returning": told(change.returning(last), [value]),
            f"{name} update returning many": told(change.returning(last), [value], True),
            f"{name} update defaults": told(change.return_defaults(), [value]),
            f"{name} update defaults many": told(change.return_defaults(), [value], True),
            f"{name} update some defaults": told(change.return_defaults(last), [value]),
            f"{name} update some defaults many": told(change.return_defaults(last), [value], True),
            f"{name} update supplemental": told(change.return_defaults(supplemental_cols=[first]), [value]),
            f"{name} update supplemental many": told(
                change.return_defaults(supplemental_cols=[first]), [value], True
            ),
            f"{name} update both": told(change.return_defaults(last, supplemental_cols=[first]), [value]),
            f"{name} update expression": told(change.values({last: last + 1}).return_defaults(), [value]),
            f"{name} update expression, some": told(
                change.values({last: last + 1}).return_defaults(first), [value]
            ),
            f"{name} delete": told(gone),
            f"{name} delete many": told(gone, [], True),
            f"{name} delete returning": told(gone.returning(last)),
            f"{name} delete returning many": told(gone.returning(last), [], True),
            f"{name} delete defaults": told(gone.return_defaults()),
            f"{name} delete some defaults": told(gone.return_defaults(last)),
            f"{name} delete some defaults many": told(gone.return_defaults(last), [], True),
            f"{name} delete supplemental": told(gone.return_defaults(last, supplemental_cols=[first, last])),
        }


def both(statement: Any, dialect: Any = None) -> Any:
    return " ".join(str(statement.compile(dialect=dialect)).split())


pi, si, mi = postgresql.insert, sqlite.insert, mysql.insert
CASES |= {
    # keys of an execution beside values of the statement
    "keys beside values": told(insert(t).values(x=5), ["s"]),
    "keys over values": told(insert(t).values(x=5), ["x", "s"]),
    "keys over expression": told(insert(t).values(x=func.foo()), ["x", "s"]),
    "keys unknown": told(insert(t), ["nope"]),
    "keys unknown beside": told(insert(t).values(x=4), ["nope", "s"]),
    "keys of columns": told(insert(data), ["fn", "j"]),
    "keys with names": told(insert(data), ["full name"]),
    "keys bind": told(insert(t).values(x=bindparam("q")), ["q", "s"]),
    "keys update": told(update(t).values(x=bindparam("q")).where(t.c.id == bindparam("w")), ["q", "w", "s"]),
    "keys update from": told(update(t).where(t.c.id == o.c.t_id), ["x", "s"]),
    "keys multi": told(insert(t).values([{"x": 1}, {"x": 2}]), ["s"]),
    "keys ordered": told(update(t).ordered_values((t.c.s, "a"), (t.c.x, 3)), ["id"]),
    "keys from select": told(insert(t).from_select(["x"], select(o.c.id)), ["s"]),
    "keys delete": told(delete(t).where(t.c.id == bindparam("w")), ["w"]),
    "multi many": told(insert(t).values([{"x": 1}, {"x": 2}]).returning(t.c.id), [], True),
    "from select many": told(insert(t).from_select(["x"], select(o.c.id)).returning(t.c.id), [], True),
    "expression in many": told(
        insert(t).values(x=func.foo(bindparam("q"))).returning(t.c.id, sort_by_parameter_order=True),
        ["s", "q"],
        True,
    ),
    "subquery in many": told(
        insert(t).values(x=select(func.max(o.c.id)).scalar_subquery()).returning(t.c.id), ["s"], True
    ),
    "cte in many": told(
        insert(t).values(x=select(select(o.c.id).cte("c").c.id).scalar_subquery()).returning(t.c.id),
        ["s"],
        True,
    ),
    "returning with bind in many": told(insert(t).returning(t.c.id + 5, literal("x")), ["s"], True),
    "null in many": told(insert(t).values(x=null()).returning(t.c.id), ["s"], True),
    "literal in many": told(
        insert(t).values(x=literal(7)).returning(t.c.id, sort_by_parameter_order=True), ["s"], True
    ),
    "types in many": told(
        insert(data).returning(data.c.id, sort_by_parameter_order=True), ["j", "b", "fn"], True
    ),
    # refusals: values
    "unconsumed": lambda: both(insert(t).values(nope=1)),
    "unconsumed beside": lambda: both(insert(t).values(nope=1, x=3)),
    "unconsumed update": lambda: both(update(t).values(nope=1)),
    "unconsumed ordered": lambda: both(update(t).ordered_values(("nope", 1))),
    "unconsumed column": lambda: both(insert(t).values({o.c.t_id: 1})),
    "unconsumed column of update": lambda: both(update(t).values({o.c.t_id: 1}), DIALECTS["sqlite"]),
    "unconsumed in many": lambda: both(insert(t).values([{"x": 1, "nope": 2}])),
    "unconsumed in second row": lambda: both(insert(t).values([{"x": 1}, {"x": 1, "nope": 2}])),
    "missing in second row": lambda: both(insert(t).values([{"x": 1, "s": "a"}, {"x": 1}])),
    "name instead of key": lambda: both(insert(data).values({"full name": 1})),
    "values positional and named": lambda: insert(t).values({"x": 1}, s=2),
    "values two positional": lambda: insert(t).values({"x": 1}, {"x": 2}),
    "values number": lambda: insert(t).values(5),
    "values none": lambda: insert(t).values(None),
    "values empty list": lambda: both(insert(t).values([])),
    "values empty tuple": lambda: both(insert(t).values(())),
    "values list of empty": lambda: both(insert(t).values([{}])),
    "values list of empties": lambda: both(insert(t).values([{}, {}])),
    "values long tuple": lambda: both(insert(t).values((1, 2, 3, 4, 5))),
    "values bad key": lambda: insert(t).values({5: 1}),
    "values bad value": lambda: both(insert(t).values({"x": object})),
    "values a table": lambda: insert(t).values({"x": t}),
    "values a from": lambda: insert(t).values({"x": select(t.c.id).subquery()}),
    "values then many": lambda: insert(t).values(x=1).values([{"x": 1}]),
    "many then values": lambda: insert(t).values([{"x": 1}]).values(x=1),
    "many update": lambda: update(t).values([{"x": 1}]),
    "tuple update": lambda: both(update(t).values((1, 2, 3))),
    "ordered after values": lambda: update(t).values(x=1).ordered_values(("s", 1)),
    "ordered twice": lambda: update(t).ordered_values(("s", 1)).ordered_values(("x", 1)),
    "values after ordered": lambda: update(t).ordered_values(("s", 1)).values(x=1),
    "from select after values": lambda: insert(t).values(x=1).from_select(["x"], select(o.c.id)),
    "values after from select": lambda: insert(t).from_select(["x"], select(o.c.id)).values(x=1),
    "from select of what": lambda: insert(t).from_select(["x"], "SELECT 1"),
    "from select table": lambda: both(insert(t).from_select(["x"], o)),
    "from select insert": lambda: both(insert(t).from_select(["x"], insert(o).returning(o.c.id))),
    "from select unknown": lambda: both(insert(t).from_select(["nope"], select(o.c.id))),
    "from select too few": lambda: both(insert(t).from_select(["x", "s"], select(o.c.id))),
    "from select twice": lambda: both(
        insert(t).from_select(["x"], select(o.c.id)).from_select(["s"], select(o.c.s))
    ),
    "params insert": lambda: insert(t).params(x=5),
    "params update": lambda: update(t).params({"x": 5}),
    "params delete": lambda: delete(t).params(x=5),
    # refusals: targets
    "insert nothing": lambda: insert(None),
    "update nothing": lambda: update(5),
    "delete nothing": lambda: delete("t"),
    "update subquery": lambda: update(select(t).subquery()),
    "delete select": lambda: delete(select(t)),
    "update column": lambda: update(t.c.x),
    "where bad": lambda: update(t).where(5),
    "where text": lambda: delete(t).where("x = 5"),
    "where none": lambda: both(delete(t).where(None)),
    "where true": lambda: both(delete(t).where(True), DIALECTS["postgresql"]),
    "where nothing": lambda: both(delete(t).where()),
    "using bad": lambda: delete(t).using(5),
    "using nothing": lambda: both(delete(t).using()),
    "using own": lambda: both(delete(t).using(t), DIALECTS["postgresql"]),
    "using select": lambda: both(delete(t).using(select(o)), DIALECTS["postgresql"]),
    "using column": lambda: both(delete(t).using(o.c.id), DIALECTS["postgresql"]),
    "filter_by unknown": lambda: update(t).filter_by(nope=1),
    "delete values": lambda: delete(t).values(x=1),
    "all: update from default": lambda: update(t).values(x=o.c.id).where(o.c.t_id == t.c.id),
    "all: delete from default": lambda: delete(t).where(o.c.t_id == t.c.id),
    "all: two targets": lambda: update(t).values({t.c.x: 1, o.c.s: 2}).where(o.c.t_id == t.c.id),
    # refusals: RETURNING
    "returning after defaults": lambda: insert(t).return_defaults().returning(t.c.id),
    "defaults after returning": lambda: both(
        insert(t).returning(t.c.id).return_defaults(), DIALECTS["sqlite"]
    ),
    "sorted update": lambda: update(t).returning(t.c.id, sort_by_parameter_order=True),
    "sorted delete": lambda: delete(t).returning(t.c.id, sort_by_parameter_order=True),
    "sorted many values": lambda: both(
        insert(t).values([{"x": 1}, {"x": 2}]).returning(t.c.id, sort_by_parameter_order=True),
        DIALECTS["sqlite"],
    ),
    "sorted from select": lambda: both(
        insert(t).from_select(["x"], select(o.c.id)).returning(t.c.id, sort_by_parameter_order=True),
        DIALECTS["sqlite"],
    ),
    "returning bad": lambda: insert(t).returning(5, "x"),
    "returning bad keyword": lambda: insert(t).returning(t.c.id, nope=5),
    "returning nothing": lambda: both(insert(t).values(x=1).returning(), DIALECTS["sqlite"]),
    "returning descriptions": lambda: [
        (x["name"], str(x["type"]))
        for x in update(t).returning(t, func.foo(t.c.x), o.c.s.label("q")).returning_column_descriptions
    ],
    "entity": lambda: (str(insert(t).entity_description["name"]), sorted(delete(t).entity_description)),
    "sorted twice": lambda: both(
        insert(t).returning(t.c.id, sort_by_parameter_order=True).returning(t.c.x), DIALECTS["sqlite"]
    ),
    "sorted differs": lambda: both(
        insert(t).returning(t.c.id).returning(t.c.x, sort_by_parameter_order=True), DIALECTS["sqlite"]
    ),
    "defaults sorted differs": lambda: both(
        insert(t).return_defaults(t.c.x).return_defaults(t.c.s, sort_by_parameter_order=True),
        DIALECTS["sqlite"],
    ),
    # binds
    "reserved bind": lambda: both(update(t).values(x=5).where(t.c.x == bindparam("x"))),
    "reserved bind in delete": lambda: both(delete(t).where(t.c.x == bindparam("x"))),
    "reserved bind in insert": lambda: both(insert(t).values(x=func.foo(bindparam("x")))),
    "reserved bind other column": lambda: both(insert(t).values(x=func.foo(bindparam("s")), s="a")),
    "reserved by keys": lambda: both(update(t).where(t.c.x == bindparam("s")).values(s=bindparam("q"))),
    "reserved by onupdate": lambda: both(update(d).where(d.c.a == bindparam("g")).values(a=5)),
    "reserved by default": lambda: both(insert(d).values(a=func.foo(bindparam("c")))),
    "reserved for keys": told(update(t).where(t.c.x == bindparam("x")), ["x"]),
    "not reserved": lambda: both(update(t).where(t.c.x == bindparam("x")).values(s=5)),
    "bind in set by own name": lambda: both(update(t).values(x=bindparam("x"))),
    "bind in set by other name": lambda: both(update(t).values(x=bindparam("s"), s=bindparam("x"))),
    "bind in set by other's name": lambda: both(update(t).values(x=bindparam("s"), s=5)),
    "expanding value": lambda: both(update(t).values(x=bindparam("x", expanding=True))),
    # options
    "options unknown": lambda: update(t).with_dialect_options(mysql_nope=5),
    "options bad name": lambda: update(t).with_dialect_options(nope=5),
    "options unknown dialect": lambda: update(t).with_dialect_options(foo_limit=5),
    "options insert": lambda: insert(t).with_dialect_options(mysql_limit=5),
    "options kept": lambda: (
        repr(dict(update(t).with_dialect_options(mysql_limit=5).dialect_kwargs)),
        repr(update(t).with_dialect_options(mysql_limit=5).values(x=1).dialect_options["mysql"]["limit"]),
    ),
    "mysql,default: options bad": lambda: delete(t).with_dialect_options(mysql_limit="x"),
    "limit bad": lambda: both(delete(t).ext(mysql.limit("x")), DIALECTS["mysql"]),
    "limit none": lambda: both(delete(t).ext(mysql.limit(None)), DIALECTS["mysql"]),
    "limit on insert": lambda: insert(t).ext(mysql.limit(5)),
    "limit on select": lambda: select(t).ext(mysql.limit(5)),
    # from_dml_column
    "copy bad": lambda: from_dml_column(5),
    "copy by name": lambda: from_dml_column("x"),
    "copy alone": lambda: str(from_dml_column(t.c.x)),
    "copy in select": lambda: both(select(from_dml_column(t.c.x))),
    "copy in where": lambda: both(update(t).values(x=5).where(t.c.s == from_dml_column(t.c.x))),
    "copy of other table": lambda: both(update(t).values(x=from_dml_column(o.c.s))),
    "copy missing": lambda: both(insert(t).values(x=from_dml_column(t.c.s))),
    "copy with keys": told(insert(t).values(x=from_dml_column(t.c.s) + 1), ["s"]),
    "copy of default": told(insert(d).values(e=from_dml_column(d.c.c)), ["a"]),
    "copy of onupdate": told(update(d).values(e=from_dml_column(d.c.g)), ["a"]),
    # ON CONFLICT
    "postgresql: constraint named": lambda: (
        pi(uq)
        .values(a=1)
        .on_conflict_do_update(
            constraint=next(c for c in uq.constraints if c.name == "uq_a"), set_={"b": "x"}
        )
    ),
    "postgresql: constraint unnamed": lambda: (
        pi(uq)
        .values(a=1)
        .on_conflict_do_update(
            constraint=next(c for c in uq.constraints if c.name is None and c is not uq.primary_key),
            set_={"b": "x"},
        )
    ),
    "postgresql: constraint key": lambda: (
        pi(two).values(a=1, b=2).on_conflict_do_update(constraint=two.primary_key, set_={"v": 1})
    ),
    "postgresql: constraint index": lambda: pi(uq).values(a=1).on_conflict_do_nothing(constraint=ix_where),
    "postgresql: constraint index expression": lambda: (
        pi(uq).values(a=1).on_conflict_do_nothing(constraint=ix_expr)
    ),
    "postgresql: constraint index ops": lambda: pi(uq).values(a=1).on_conflict_do_nothing(constraint=ix_ops),
    "postgresql: index elements of index": lambda: (
        pi(uq).values(a=1).on_conflict_do_nothing(index_elements=ix_where.columns)
    ),
    "postgresql: constraint and elements": lambda: pi(uq).on_conflict_do_nothing(
        constraint="x", index_elements=["a"]
    ),
    "postgresql: no target": lambda: pi(uq).on_conflict_do_update(set_={"a": 1}),
    "postgresql: set missing": lambda: pi(uq).on_conflict_do_update(index_elements=["a"]),
    "postgresql: set empty": lambda: pi(uq).on_conflict_do_update(index_elements=["a"], set_={}),
    "postgresql: set list": lambda: pi(uq).on_conflict_do_update(index_elements=["a"], set_=[("a", 1)]),
    "postgresql: set bad key": lambda: pi(uq).on_conflict_do_update(index_elements=["a"], set_={5: 1}),
    "postgresql: set bad value": lambda: pi(uq).on_conflict_do_update(index_elements=["a"], set_={"a": uq}),
    "postgresql: twice": lambda: pi(uq).on_conflict_do_nothing().on_conflict_do_nothing(),
    "postgresql: twice mixed": lambda: (
        pi(uq).on_conflict_do_nothing().on_conflict_do_update(index_elements=["a"], set_={"b": "x"})
    ),
    "postgresql: elements bad": lambda: pi(uq).on_conflict_do_nothing(index_elements=[5]),
    "postgresql: where text": lambda: pi(uq).on_conflict_do_update(
        index_elements=["a"], set_={"a": 1}, where="a > 5"
    ),
    "postgresql: index where text": lambda: pi(uq).on_conflict_do_nothing(
        index_elements=["a"], index_where="a > 5"
    ),
    "postgresql: index where bind": lambda: (
        pi(uq).values(a=1).on_conflict_do_nothing(index_elements=["a"], index_where=uq.c.b.like("x%"))
    ),
    "postgresql: unknown": lambda: (
        pi(uq).values(a=1).on_conflict_do_update(index_elements=["a"], set_={"zz": 5, "yy": func.x()})
    ),
    "postgresql: excluded names": lambda: sorted(pi(data).excluded.keys()),
    "sqlite: index where": lambda: (
        si(uq).values(a=1).on_conflict_do_nothing(index_elements=["a"], index_where=uq.c.b == "it's")
    ),
    "sqlite: index where in": lambda: (
        si(uq).values(a=1).on_conflict_do_nothing(index_elements=["a"], index_where=uq.c.a.in_([1, 2]))
    ),
    "index where, written out": lambda: [
        str(
            make(uq)
            .values(a=1)
            .on_conflict_do_update(
                index_elements=["a"], index_where=uq.c.a.in_([1, 2]), set_={"b": "x"}, where=uq.c.a.in_([3])
            )
            .compile(dialect=dialect.dialect(), compile_kwargs={"render_postcompile": True})
        )
        for make, dialect in ((si, sqlite), (pi, postgresql))
    ],
    "sqlite: set missing": lambda: si(uq).on_conflict_do_update(index_elements=["a"]),
    "sqlite: set empty": lambda: si(uq).on_conflict_do_update(index_elements=["a"], set_={}),
    "sqlite: constraint": lambda: si(uq).on_conflict_do_nothing(constraint="x"),
    "sqlite: no target": lambda: si(uq).values(a=1).on_conflict_do_update(set_={"b": "x"}),
    "sqlite: no target where": lambda: (
        si(uq).values(a=1).on_conflict_do_update(set_={"b": "x"}, where=uq.c.a > 5)
    ),
    "sqlite: set list": lambda: si(uq).on_conflict_do_update(index_elements=["a"], set_=[("a", 1)]),
    "sqlite: where text": lambda: si(uq).on_conflict_do_update(
        index_elements=["a"], set_={"a": 1}, where="a > 5"
    ),
    "str sqlite": lambda: str(si(uq).values(a=1).on_conflict_do_nothing()),
    "str postgresql": lambda: str(pi(uq).values(a=1).on_conflict_do_nothing()),
    "str mysql": lambda: str(mi(uq).values(a=1).on_duplicate_key_update(b="x")),
    # ON DUPLICATE KEY
    "duplicate twice": lambda: mi(uq).on_duplicate_key_update(a=1).on_duplicate_key_update(b=1),
    "duplicate both": lambda: mi(uq).on_duplicate_key_update({"a": 1}, b=1),
    "duplicate two": lambda: mi(uq).on_duplicate_key_update({"a": 1}, {"b": 1}),
    "duplicate nothing": lambda: mi(uq).on_duplicate_key_update(),
    "duplicate empty": lambda: mi(uq).on_duplicate_key_update({}),
    "duplicate empty list": lambda: mi(uq).on_duplicate_key_update([]),
    "duplicate bad": lambda: mi(uq).on_duplicate_key_update(5),
    "duplicate tuple": lambda: mi(uq).on_duplicate_key_update((("a", 1),)),
    "mysql: duplicate unknown": lambda: mi(uq).values(a=1).on_duplicate_key_update(zz=5),
    "mysql: duplicate list unknown": lambda: (
        mi(uq).values(a=1).on_duplicate_key_update([("zz", 5), ("a", 1)])
    ),
    "mysql: duplicate other column": lambda: mi(uq).values(a=1).on_duplicate_key_update({t.c.x: 5}),
    "duplicate of earlier": lambda: (
        lambda s: both(s.values(a=1).on_duplicate_key_update(b=s.inserted.b), DIALECTS["mysql"])
    )(mi(uq)),
    "duplicate old": lambda: (
        lambda s: both(s.on_duplicate_key_update(b=func.f(s.inserted.b) + uq.c.a), OLD)
    )(mi(uq).values(a=1)),
    "duplicate new": lambda: (
        lambda s: both(s.on_duplicate_key_update(b=func.f(s.inserted.b) + uq.c.a), NEW)
    )(mi(uq).values(a=1)),
    "duplicate new bind": lambda: both(mi(uq).values(a=1).on_duplicate_key_update(b="x"), NEW),
    "duplicate new many": lambda: (lambda s: both(s.on_duplicate_key_update(b=s.inserted.b), NEW))(
        mi(uq).values([{"a": 1}, {"a": 2}])
    ),
    "duplicate new from select": lambda: (lambda s: both(s.on_duplicate_key_update(b=s.inserted.b), NEW))(
        mi(uq).from_select(["a", "b"], select(o.c.id, o.c.s))
    ),
    "duplicate new from select column": lambda: both(
        mi(uq).from_select(["a", "b"], select(o.c.id, o.c.s)).on_duplicate_key_update(b=o.c.s), NEW
    ),
    "duplicate new subquery": lambda: (
        lambda s: both(
            s.on_duplicate_key_update(b=select(o.c.s).where(o.c.id == s.inserted.a).scalar_subquery()), NEW
        )
    )(mi(uq).values(a=1)),
    "duplicate new names": lambda: (
        lambda s: both(s.on_duplicate_key_update(select=s.inserted["select"]), NEW)
    )(mi(far).values(Id=1)),
    "inserted": lambda: (sorted(mi(data).inserted.keys()), mi(data).inserted_alias.name),
    # immutability, copies, keys
    "original unchanged": lambda: (
        lambda s: (
            s.values(x=1),
            s.where(t.c.id == 1),
            s.returning(t.c.id),
            s.with_dialect_options(mysql_limit=4),
            both(s),
        )[4:]
    )(update(t)),
    "compare": lambda: (
        str(insert(t).values(x=1).compare(insert(t).values(x=1))),
        str(insert(t).values(x=1).compare(insert(t).values(s=1))),
        str(update(t).where(t.c.id == 1).compare(update(t).where(t.c.id == 2))),
        str(delete(t).returning(t.c.id).compare(delete(t).returning(t.c.x))),
    ),
    "whereclause": lambda: (
        repr(update(t).whereclause),
        str(delete(t).where(t.c.x == 1, t.c.id == 2).whereclause),
    ),
    "is": lambda: [
        (s.is_insert, s.is_update, s.is_delete, s.is_dml, s.is_select, s.is_text)
        for s in (insert(t), update(t), delete(t))
    ],
    "options": lambda: repr(
        dict(insert(t).execution_options(a=1).execution_options(b=2).get_execution_options())
    ),
    "inline method": lambda: both(insert(d).inline().values(a=1), DIALECTS["postgresql"]),
    "bare table": lambda: both(insert(table("q", column("a"))).values(a=5).returning(text("b"))),
}
