"""What SELECT says when it is asked wrongly, and what its attributes show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relvar import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    desc,
    exists,
    func,
    join,
    literal,
    literal_column,
    outerjoin,
    select,
    text,
    true,
    update,
)

m = MetaData()
boss = Table("boss", m, Column("id", Integer, primary_key=True))
pair = Table("pair", m, Column("a", Integer, primary_key=True))
note = Table("note", m, Column("id", Integer, primary_key=True), Column("a", ForeignKey("pair.a")))
lone = Table("lone", m, Column("id", Integer))
n2 = Table("n2", m, Column("x", ForeignKey("pair.a")), Column("y", ForeignKey("pair.a")))
n3 = Table("n3", m, Column("x", ForeignKey("boss.id")), Column("y", ForeignKey("pair.a")))

CASES: dict[str, Callable[[], Any]] = {
    "select(pair.alias('p'),note).join(boss,literal_column('1')==1)": lambda: select(
        pair.alias("p"), note
    ).join(boss, literal_column("1") == 1),
    "select(pair,note).join(boss,true())": lambda: select(pair, note).join(boss, true()),
    "select(pair).join(boss)": lambda: select(pair).join(boss),
    "select(pair).join(n2)": lambda: select(pair).join(n2),
    "select(pair,boss).join(n3)": lambda: select(pair, boss).join(n3),
    "select(pair,boss).join(lone)": lambda: select(pair, boss).join(lone),
    "select(pair,boss).join(lone, lone.c.id==pair.c.a)": lambda: select(pair, boss).join(
        lone, lone.c.id == pair.c.a
    ),
    "select(pair,boss).join(lone, lone.c.id==5)": lambda: select(pair, boss).join(lone, lone.c.id == 5),
    "select(func.count()).join(note)": lambda: select(func.count()).join(note),
    "select(literal(1)).join(note, true())": lambda: select(literal(1)).join(note, true()),
    "select().join(note)": lambda: select().join(note),
    "select(text('x')).join(note)": lambda: select(text("x")).join(note),
    "select(pair).join_from(boss,note)": lambda: select(pair).join_from(boss, note),
    "select(pair).join(select(note))": lambda: select(pair).join(select(note)),
    "select(pair).join('note')": lambda: select(pair).join("note"),
    "select(pair).join(note,'x')": lambda: select(pair).join(note, "x"),
    "select(pair).join(note.c.id)": lambda: select(pair).join(note.c.id),
    "select(pair).join(5)": lambda: select(pair).join(5),
    "pair.join(boss)": lambda: pair.join(boss),
    "pair.join(n2)": lambda: pair.join(n2),
    "join(pair,boss)": lambda: join(pair, boss),
    "outerjoin(pair,n2)": lambda: outerjoin(pair, n2),
    "pair.join(pair)": lambda: pair.join(pair),
    "pair.alias('q').join(lone)": lambda: pair.alias("q").join(lone),
    "pair.join(boss.join(n3,true()))": lambda: pair.join(boss.join(n3, true())),
    "select(pair).subquery().join(lone)": lambda: select(pair).subquery().join(lone),
    "select(pair).cte('c').join(lone)": lambda: select(pair).cte("c").join(lone),
    "pair.join(select(note))": lambda: pair.join(select(note)),
    "pair.join(note.alias('z').join(boss,true()))": lambda: pair.join(note.alias("z").join(boss, true())),
    "select(pair,pair.alias()).join(note)": lambda: select(pair, pair.alias()).join(note),
    "select(pair, pair.alias('p2')).join(note)": lambda: select(pair, pair.alias("p2")).join(note),
    "select(note,n2).join(pair)": lambda: select(note, n2).join(pair),
    "select(pair).select_from(note,n2).join(boss)": lambda: select(pair).select_from(note, n2).join(boss),
    "select(pair).select_from('x')": lambda: select(pair).select_from("x"),
    "select(pair).select_from(5)": lambda: select(pair).select_from(5),
    "select(pair).select_from(pair.c.a)": lambda: select(pair).select_from(pair.c.a),
    "select(pair).select_from(select(note))": lambda: select(pair).select_from(select(note)),
    "select(pair).select_from(None)": lambda: select(pair).select_from(None),
    "select(pair).where(5)": lambda: select(pair).where(5),
    "select(pair).where('x')": lambda: select(pair).where("x"),
    "select(pair).where([1])": lambda: select(pair).where([1]),
    "select('x')": lambda: select("x"),
    "select(['x'])": lambda: select(["x"]),
    "select(5)": lambda: select(5),
    "select(None)": lambda: select(None),
    "select([pair.c.a])": lambda: select([pair.c.a]),
    "select(object())": lambda: select(object()),
    "select(pair.c)": lambda: select(pair.c),
    "select(select(pair))": lambda: select(select(pair)),
    "select(pair).order_by('foo')": lambda: select(pair).order_by("foo"),
    "select(pair).group_by('foo bar')": lambda: select(pair).group_by("foo bar"),
    "select(pair).order_by(desc('nope'))": lambda: select(pair).order_by(desc("nope")),
    "select(pair).order_by(5)": lambda: select(pair).order_by(5),
    "select(pair).having('x')": lambda: select(pair).having("x"),
    "select(pair).limit('x')": lambda: select(pair).limit("x"),
    "select(pair).limit(5.5)": lambda: select(pair).limit(5.5),
    "select(pair).limit(select(pair))": lambda: select(pair).limit(select(pair)),
    "select(pair).offset(object())": lambda: select(pair).offset(object()),
    "select(pair).limit(-1)": lambda: select(pair).limit(-1),
    "select(pair).slice(5,3)": lambda: select(pair).slice(5, 3),
    "select(pair).fetch(None)": lambda: select(pair).fetch(None),
    "select(pair).fetch(1,foo=2)": lambda: select(pair).fetch(1, foo=2),
    "select(pair).fetch(1,oracle_x=2)": lambda: select(pair).fetch(1, oracle_x=2),
    "select(pair).distinct('x')": lambda: select(pair).distinct("x"),
    "select(pair).filter_by(zz=5)": lambda: select(pair).filter_by(zz=5),
    "select(func.count()).filter_by(a=5)": lambda: select(func.count()).filter_by(a=5),
    "select(literal(1)).filter_by(a=5)": lambda: select(literal(1)).filter_by(a=5),
    "update(pair).filter_by(q=5)": lambda: update(pair).filter_by(q=5),
    "select(text('x')).filter_by(a=1)": lambda: select(text("x")).filter_by(a=1),
    "select(pair).with_for_update(of='x')": lambda: select(pair).with_for_update(of="x"),
    "select(pair).correlate('x')": lambda: select(pair).correlate("x"),
    "select(pair).correlate(None,boss)": lambda: select(pair).correlate(None, boss),
    "select(boss.c.id).where(boss.c.id==select(boss.c.id).correlate(boss).scalar_subquery())": lambda: select(
        boss.c.id
    ).where(boss.c.id == select(boss.c.id).correlate(boss).scalar_subquery()),
    "select(boss.c.id,select(boss.c.id).correlate(boss).scalar_subquery())": lambda: select(
        boss.c.id, select(boss.c.id).correlate(boss).scalar_subquery()
    ),
    "select(pair).correlate(boss).correlate_except(note)": lambda: (
        select(pair).correlate(boss).correlate_except(note)
    ),
    "select(pair).with_only_columns([pair.c.a])": lambda: select(pair).with_only_columns([pair.c.a]),
    "select(pair).with_only_columns('x')": lambda: select(pair).with_only_columns("x"),
    "select(pair).with_only_columns()": lambda: select(pair).with_only_columns(),
    "select(pair).add_columns([pair.c.a])": lambda: select(pair).add_columns([pair.c.a]),
    "select(pair).add_columns('x')": lambda: select(pair).add_columns("x"),
    "select(pair).with_hint('x','y')": lambda: select(pair).with_hint("x", "y"),
    "select(pair).prefix_with('x',foo=1)": lambda: select(pair).prefix_with("x", foo=1),
    "select(pair).set_label_style('x')": lambda: select(pair).set_label_style("x"),
    "select(pair).set_label_style(5)": lambda: select(pair).set_label_style(5),
    "select(pair).execution_options(compiled_cache=1)": lambda: select(pair).execution_options(
        compiled_cache=1
    ),
    "select(pair).options(5)": lambda: select(pair).options(5),
    "select(pair,boss).scalar_subquery()+1": lambda: select(pair, boss).scalar_subquery() + 1,
    "exists(pair.c.a, pair.c.a)": lambda: exists(pair.c.a, pair.c.a),
    "exists('x')": lambda: exists("x"),
    "exists(5)": lambda: exists(5),
    "exists().correlate(5)": lambda: exists().correlate(5),
    "select(pair).c": lambda: select(pair).c,
    "select(pair).columns": lambda: select(pair).columns,
    "list(select(pair))": lambda: list(select(pair)),
    "bool(select(pair))": lambda: bool(select(pair)),
    "len(select(pair))": lambda: len(select(pair)),
    "select(pair)==select(pair)": lambda: select(pair) == select(pair),
    "select(pair).as_scalar()": lambda: select(pair).as_scalar(),
    "select(pair).alias(5)": lambda: select(pair).alias(5),
    "select(pair).froms": lambda: select(pair).froms,
    "select(pair).get_label_style()": lambda: select(pair).get_label_style(),
    "select(pair).whereclause": lambda: select(pair).whereclause,
    "select(pair).where(pair.c.a==1).whereclause": lambda: select(pair).where(pair.c.a == 1).whereclause,
    "select(pair).column_descriptions": lambda: select(pair).column_descriptions,
    "select(pair).is_derived_from(pair)": lambda: select(pair).is_derived_from(pair),
    "select(pair).selected_columns.keys()": lambda: select(pair).selected_columns.keys(),
    "select(pair,note).selected_columns.keys()": lambda: select(pair, note).selected_columns.keys(),
    "select(pair,note,text('x'),func.f(),literal(1)).selected_columns.keys()": lambda: select(
        pair, note, text("x"), func.f(), literal(1)
    ).selected_columns.keys(),
    "select(pair,note).exported_columns.keys()": lambda: select(pair, note).exported_columns.keys(),
    "select(pair,note).inner_columns": lambda: select(pair, note).inner_columns,
    "list(select(pair,note).inner_columns)": lambda: list(select(pair, note).inner_columns),
    "select(pair,note).columns_clause_froms": lambda: select(pair, note).columns_clause_froms,
    "select(pair).corresponding_column(pair.c.a)": lambda: select(pair).corresponding_column(pair.c.a),
    "select(pair).get_execution_options()": lambda: select(pair).get_execution_options(),
    "select(pair).execution_options(a=1).execution_options(b=2).get_execution_options()": lambda: (
        select(pair).execution_options(a=1).execution_options(b=2).get_execution_options()
    ),
    "select(pair).subquery().c.nope": lambda: select(pair).subquery().c.nope,
    "select(pair).subquery('x').c.nope": lambda: select(pair).subquery("x").c.nope,
    "pair.c.nope": lambda: pair.c.nope,
    "pair.c['nope']": lambda: pair.c["nope"],
    "pair.c['a','nope']": lambda: pair.c["a", "nope"],
    "pair.c[5]": lambda: pair.c[5],
    "pair.c[0:1]": lambda: pair.c[0:1],
    "pair.c[pair.c.a]": lambda: pair.c[pair.c.a],
    "select(pair).selected_columns['zz']": lambda: select(pair).selected_columns["zz"],
    "select(pair.c.a.label('x')).selected_columns.a": lambda: select(pair.c.a.label("x")).selected_columns.a,
}
