"""
What a dialect of others writes for statements of every kind, the same with relvar as with SQLAlchemy.

For dialects whose source distributions have no tests.  ``tools/clients.py`` runs this in both environments:
with SQLAlchemy the texts are kept beside it, with relvar they are compared.  ``DIALECT_URL`` names the
dialect; nobody connects.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

URL = os.environ["DIALECT_URL"]
KEPT = Path.cwd().parent / "texts"

metadata = sa.MetaData()
t = sa.Table(
    "t",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(30), nullable=False, comment="c"),
    sa.Column("x", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime(timezone=True)),
    sa.Column("day", sa.Date),
    sa.Column("yes", sa.Boolean),
    sa.Column("bytes", sa.LargeBinary),
    sa.Column("big", sa.BigInteger),
    sa.Column("f", sa.Float),
    sa.Column("long", sa.Text),
)
u = sa.Table(
    "Order",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("t_id", sa.ForeignKey("t.id")),
    sa.Column("select", sa.Integer),
    schema="s2",
)
of_t = u.c.t_id == t.c.id
cte = sa.select(t.c.id).where(t.c.x > 1).cte("c")
values = sa.values(sa.column("a", sa.Integer), name="v").data([(1,), (2,)])

STATEMENTS: dict[str, Any] = {
    "select": sa.select(t),
    "limit": sa.select(t.c.id).order_by(t.c.id).limit(5).offset(3),
    "offset": sa.select(t.c.id).offset(3),
    "join": sa.select(t.c.id, u.c["select"]).join(u, of_t, isouter=True),
    "lateral": sa.select(t.c.id, sa.select(u.c.id).where(of_t).lateral("l").c.id),
    "cte": sa.select(cte),
    "in": sa.select(t.c.id).where(t.c.id.in_([1, 2])),
    "in nothing": sa.select(t.c.id).where(t.c.id.in_([])),
    "tuples": sa.select(t.c.id).where(sa.tuple_(t.c.id, t.c.x).in_([(1, 2)])),
    "like": sa.select(t.c.id).where(t.c.name.ilike("a%"), t.c.name.contains("%", autoescape=True)),
    "regexp": sa.select(t.c.name.regexp_match("a")),
    "case": sa.select(sa.case((t.c.yes, 1), else_=2)),
    "cast": sa.select(sa.cast(t.c.x, sa.String), sa.cast(t.c.name, sa.DateTime)),
    "functions": sa.select(sa.func.count(), sa.func.now(), sa.func.coalesce(t.c.name, "x")),
    "strings": sa.select(sa.func.aggregate_strings(t.c.name, ","), t.c.name + "x"),
    "window": sa.select(sa.func.row_number().over(partition_by=t.c.yes, order_by=t.c.id.desc())),
    "union": sa.union_all(sa.select(t.c.id), sa.select(u.c.id)).order_by("id").limit(2),
    "distinct": sa.select(t.c.name).distinct(),
    "exists": sa.select(sa.exists().where(of_t)),
    "group": sa.select(sa.func.upper(t.c.name).label("Größe")).group_by("Größe"),
    "extract": sa.select(sa.extract("year", t.c.at)),
    "literals": sa.select(sa.literal("it's"), sa.literal(1.5), sa.true(), sa.null()),
    "booleans": sa.select(t.c.id).where(t.c.yes.is_(True), ~t.c.yes),
    "numbers": sa.select(t.c.id % 3, t.c.id / 2, t.c.id // 2),
    "distinct from": sa.select(t.c.x.is_distinct_from(1)),
    "values": sa.select(values),
    "insert": sa.insert(t).values(name="a", x=1),
    "insert many": sa.insert(t).values([{"name": "a"}, {"name": "b"}]),
    "insert select": sa.insert(u).from_select(["id", "t_id"], sa.select(t.c.id, t.c.id)),
    "update": sa.update(t).where(t.c.id == 1).values(name="z"),
    "delete": sa.delete(t).where(t.c.id == 1),
    "create table": CreateTable(t),
    "create table in schema": CreateTable(u),
    "drop table": DropTable(t, if_exists=True),
    "create index": CreateIndex(sa.Index("ix", t.c.name)),
}


def _arguments() -> str:
    url = make_url(URL)
    positional, by_name = url.get_dialect()().create_connect_args(url)
    # passwords are text that does not show itself
    return repr([[str(a) for a in positional], sorted((name, str(value)) for name, value in by_name.items())])


def _text(name: str, literal: bool) -> str:
    if name == "arguments":
        return _arguments()
    options = {"literal_binds": True} if literal else {}
    return str(STATEMENTS[name].compile(dialect=make_url(URL).get_dialect()(), compile_kwargs=options))


@pytest.mark.parametrize("literal", [False, True], ids=["parameters", "literals"])
@pytest.mark.parametrize("name", ["arguments", *STATEMENTS])
def test_text(name: str, literal: bool) -> None:
    kept = KEPT / f"{name}-{literal}.txt"
    if os.environ["RELVAR_AS_SQLALCHEMY"] == "1":
        if not kept.exists():
            pytest.skip("it is refused with SQLAlchemy")
        assert _text(name, literal) == kept.read_text()
        return
    kept.unlink(missing_ok=True)
    try:
        text = _text(name, literal)
    except Exception as error:
        pytest.skip(f"it is refused: {error}")
    KEPT.mkdir(exist_ok=True)
    kept.write_text(text)
