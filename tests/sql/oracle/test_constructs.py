"""What relvar has for Oracle Database beyond SQLAlchemy: MERGE for `upsert()`, CONNECT BY, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from relvar import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    exc,
    func,
    literal,
    select,
    union,
    upsert,
)
from relvar.dialects import oracle

ORACLE = oracle.dialect()
metadata = MetaData()
pages = Table(
    "pages",
    metadata,
    Column("id", Integer, Sequence("numbers"), primary_key=True),
    Column("address", String(100), unique=True),
    Column("title", String(100)),
    Column("reads", Integer, default=1),
    Column("made", DateTime, server_default=func.now()),
)
staff = Table("staff", metadata, Column("id", Integer, primary_key=True), Column("boss", Integer))
put = upsert(pages).on_conflict(pages.c.address)


def text_of(statement: Any, dialect: Any = ORACLE, **kw: Any) -> str:
    return " ".join(str(statement.compile(dialect=dialect, **kw)).split())


@pytest.mark.feature("D031")
def test_upsert_is_merge() -> None:
    source = "SELECT :address AS address, :title AS title FROM DUAL"
    assert text_of(put, column_keys=["address", "title"]) == (
        f"MERGE INTO pages USING ({source}) excluded ON (pages.address = excluded.address) "
        "WHEN MATCHED THEN UPDATE SET title = excluded.title "
        "WHEN NOT MATCHED THEN INSERT (id, address, title, reads) "
        "VALUES (numbers.nextval, excluded.address, excluded.title, :reads)"
    )
    counted = put.update(reads=pages.c.reads + put.excluded.reads).where(pages.c.reads < put.excluded.reads)
    assert text_of(counted.values(address="/", reads=3)) == (
        "MERGE INTO pages USING (SELECT :address AS address, :reads AS reads FROM DUAL) excluded "
        "ON (pages.address = excluded.address) "
        "WHEN MATCHED THEN UPDATE SET reads = (pages.reads + excluded.reads) WHERE pages.reads < "
        "excluded.reads "
        "WHEN NOT MATCHED THEN INSERT (id, address, reads) VALUES (numbers.nextval, "
        "excluded.address, excluded.reads)"
    )
    assert "WHEN MATCHED" not in text_of(put.values(address="/").do_nothing())


@pytest.mark.feature("D031")
def test_rows_of_an_upsert_that_come_in_numbers() -> None:
    two = text_of(put.values([{"address": "/"}, {"address": "/b"}]))
    assert (
        "USING (SELECT :address_m0 AS address, :reads AS reads FROM DUAL UNION ALL "
        "SELECT :address_m1 AS address, :reads_m1 AS reads FROM DUAL) excluded" in two
    )
    chosen = text_of(put.from_select(["address", "title"], select(literal("a"), literal("b"))))
    # a sequence can't stand in a subquery: ORA-02287
    assert "nextval" not in chosen.partition("excluded ON")[0]
    assert chosen.endswith(
        "INSERT (address, title, id, reads) "
        "VALUES (excluded.address, excluded.title, numbers.nextval, excluded.reads)"
    )


@pytest.mark.feature("D031")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (put.values(address="/").returning(pages.c.id), "no RETURNING for MERGE"),
        (
            put.values(address="/").update(address="x"),
            "can't update address: a row that is there is found by it",
        ),
        (upsert(pages).on_any_conflict().do_nothing().values(id=1), r"name it with on_conflict\(...\)"),
        (
            upsert(pages).on_conflict(func.lower(pages.c.address)).values(address="x"),
            "can't be an expression",
        ),
    ],
)
def test_what_merge_cannot_promise_is_refused(statement: Any, said: str) -> None:
    with pytest.raises(exc.CompileError, match=said):
        statement.compile(dialect=ORACLE)


def test_hierarchies() -> None:
    tree = oracle.connect_by(
        oracle.prior(staff.c.id) == staff.c.boss,
        start_with=staff.c.boss.is_(None),
        nocycle=True,
        order_siblings_by=[staff.c.id.desc()],
    )
    shown = select(
        staff.c.id,
        oracle.level,
        oracle.connect_by_root(staff.c.id).label("root"),
        oracle.is_leaf.label("leaf"),
        func.sys_connect_by_path(staff.c.id, "/"),
    )
    assert text_of(shown.where(staff.c.id > 1).ext(tree)) == (
        "SELECT staff.id, LEVEL, CONNECT_BY_ROOT staff.id AS root, CONNECT_BY_ISLEAF AS leaf, "
        "sys_connect_by_path(staff.id, :sys_connect_by_path_2) AS sys_connect_by_path_1 FROM staff "
        "WHERE staff.id > :id_1 START WITH staff.boss IS NULL "
        "CONNECT BY NOCYCLE PRIOR staff.id = staff.boss ORDER SIBLINGS BY staff.id DESC"
    )
    counter = select(oracle.level.label("n")).ext(oracle.connect_by(oracle.level <= 10))
    assert text_of(counter.order_by("n").limit(5)).startswith(
        "SELECT LEVEL AS n FROM DUAL CONNECT BY LEVEL <= :LEVEL_1 ORDER BY n FETCH FIRST"
    )
    # one takes the place of the other, and the cache tells them apart
    other = shown.ext(tree).ext(oracle.connect_by(oracle.prior(staff.c.boss) == staff.c.id))
    assert "NOCYCLE" not in text_of(other)
    assert shown.ext(tree)._generate_cache_key() != other._generate_cache_key()
    with pytest.raises(exc.CompileError, match="make the hierarchy a subquery"):
        select(staff.c.boss).ext(tree).group_by(staff.c.boss).compile(dialect=ORACLE)
    with pytest.raises(exc.ArgumentError, match="takes a condition"):
        oracle.connect_by()


@pytest.mark.feature("E055")
def test_joins_that_marks_cannot_say_are_refused() -> None:
    old = oracle.dialect(use_ansi=False)
    pairs = staff.join(pages, staff.c.id == pages.c.id)
    with pytest.raises(exc.CompileError, match="FULL OUTER JOIN can't be said"):
        select(staff).select_from(staff.join(pages, staff.c.id == pages.c.id, full=True)).compile(dialect=old)
    alias = staff.alias("s")
    with pytest.raises(exc.CompileError, match="an outer join to a join can't be said"):
        select(alias).select_from(alias.outerjoin(pairs, alias.c.id == staff.c.boss)).compile(dialect=old)
    within = alias.outerjoin(staff, alias.c.id == func.coalesce(staff.c.boss, 0))
    assert "WHERE s.id = coalesce(staff.boss(+), :coalesce_1)" in text_of(
        select(alias).select_from(within), old
    )


def test_a_union_is_not_cut_off_silently_before_12c() -> None:
    both = union(select(staff.c.id), select(pages.c.id)).limit(3)
    with pytest.raises(exc.CompileError, match="12c or later"):
        both.compile(dialect=oracle.dialect(enable_offset_fetch=False))
