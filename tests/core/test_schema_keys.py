"""Keys, checks and their names: created, enforced and read back from the database's own catalog."""

from __future__ import annotations

import re
from typing import Any

import pytest

from relvar import (
    Boolean,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    column,
    exc,
    insert,
    select,
    text,
)
from relvar.schema import AddConstraint, DropConstraint, conv, sort_tables, sort_tables_and_constraints


def constraints(connection: Any, table: str) -> dict[str, str]:
    """Name -> definition of a table's constraints, as the server writes them; lower case."""
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            f"WHERE conrelid = '{table}'::regclass AND contype <> 'n'"
        )
        return {name: text_.lower() for name, text_ in rows}
    if connection.dialect.name == "sqlite":
        sql = connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE name = '{table}' AND type = 'table'"
        ).scalar()
    else:
        sql = connection.exec_driver_sql(f"SHOW CREATE TABLE {table}").one()[1]
    lines = [line.strip().rstrip(",").replace("`", "") for line in sql.splitlines()]
    found = {}
    for line in lines:
        match = re.match(r"(?:CONSTRAINT|UNIQUE KEY) (\S+) (.*)", line)
        if match:
            found[match[1]] = match[2].lower()
    return found


def indexes(connection: Any, table: str) -> set[str]:
    """The names of a table's indexes."""
    sql = {
        "postgresql": f"SELECT indexname FROM pg_indexes WHERE tablename = '{table}'",
        "sqlite": f"SELECT name FROM sqlite_master WHERE tbl_name = '{table}' AND type = 'index'",
        "mariadb": "SELECT index_name FROM information_schema.statistics "
        f"WHERE table_schema = DATABASE() AND table_name = '{table}'",
    }[connection.dialect.name]
    return set(connection.exec_driver_sql(sql).scalars())


def refused(engine: Any, statement: Any, *parameters: Any) -> None:
    """Check that the database does not take it."""
    with pytest.raises((exc.IntegrityError, exc.OperationalError)), engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.execute(statement, *parameters)
    engine.dispose()  # with the connection that enforces foreign keys


@pytest.mark.feature("C007")
def test_composite_foreign_keys(engine: Any, metadata: MetaData) -> None:
    parent = Table("p", metadata, Column("a", Integer), Column("b", Integer), PrimaryKeyConstraint("a", "b"))
    child = Table(
        "c",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("x", Integer),
        Column("y", Integer),
        ForeignKeyConstraint(
            ["x", "y"],
            [parent.c.a, "p.b"],
            name="fk_both",
            ondelete="CASCADE",
            info={"why": "both"},
        ),
    )
    # one column may stand for several; MariaDB and MySQL refuse that
    same = ForeignKeyConstraint(["x", "x"], ["p.a", "p.b"], name="fk_same")
    assert same.column_keys == ["x", "x"]
    if engine.dialect.name != "mariadb":
        child.append_constraint(same)
    both = next(c for c in child.foreign_key_constraints if c.name == "fk_both")
    assert both.column_keys == ["x", "y"]
    assert both.referred_table is parent
    assert [element.column for element in both.elements] == [parent.c.a, parent.c.b]
    assert (both.ondelete, both.info) == ("CASCADE", {"why": "both"})
    metadata.create_all(engine)
    with engine.begin() as connection:
        found = constraints(connection, "c")
        assert found["fk_both"].replace(" ", "").startswith("foreignkey(x,y)referencesp(a,b)ondeletecascade")
        if same in child.constraints:
            assert found["fk_same"].replace(" ", "").startswith("foreignkey(x,x)referencesp(a,b)")
        connection.execute(insert(parent), [{"a": 1, "b": 1}, {"a": 1, "b": 2}])
        connection.execute(insert(child), {"id": 1, "x": 1, "y": 2})
        condition = and_(child.c.x == parent.c.a, child.c.y == parent.c.b)
        assert connection.execute(select(child.c.id).join(parent, condition)).all() == [(1,)]
    refused(engine, insert(child), {"id": 2, "x": 1, "y": 9})
    if same in child.constraints:
        with engine.begin() as connection:
            connection.execute(insert(parent), {"a": 2, "b": 1})
        refused(engine, insert(child), {"id": 2, "x": 2, "y": 1})


def cycle(metadata: MetaData, **kw: Any) -> tuple[Table, Table]:
    """Two tables that refer to each other."""
    return (
        Table(
            "a", metadata, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id", **kw))
        ),
        Table(
            "b",
            metadata,
            Column("id", Integer, primary_key=True),
            Column("a_id", ForeignKey("a.id", name="b_to_a")),
        ),
    )


@pytest.mark.feature("C009")
@pytest.mark.parametrize("use_alter", [False, True])
def test_cycles(engine: Any, metadata: MetaData, sql_log: Any, use_alter: bool) -> None:
    first, second = cycle(metadata, name="a_to_b", use_alter=use_alter)
    pairs = sort_tables_and_constraints([first, second])
    assert [table for table, _ in pairs] == [first, second, None]
    late = {constraint.name for constraint in pairs[-1][1]}
    if use_alter:
        assert late == {"a_to_b"}
        assert sort_tables([second, first]) == [first, second]
    else:
        assert late == {"a_to_b", "b_to_a"}
        with pytest.warns(exc.SAWarning, match="unresolvable cycles"):
            assert set(sort_tables([first, second])) == {first, second}
    log = sql_log(engine)
    metadata.create_all(engine)
    altered = [sql for sql in log.texts() if sql.startswith("ALTER")]
    assert len(altered) == (0 if engine.dialect.name == "sqlite" else len(late))
    with engine.begin() as connection:
        assert "a_to_b" in constraints(connection, "a")
        assert "b_to_a" in constraints(connection, "b")
        connection.execute(insert(first), {"id": 1})
        connection.execute(insert(second), {"id": 1, "a_id": 1})
    refused(engine, insert(first), {"id": 2, "b_id": 9})
    if engine.dialect.name == "sqlite" and not use_alter:
        with pytest.warns(exc.SAWarning, match="backend does not support ALTER"):
            metadata.drop_all(engine)
    else:
        metadata.drop_all(engine)
    metadata.create_all(engine)


@pytest.mark.feature("C009")
def test_order_of_tables_by_more_than_keys(metadata: MetaData) -> None:
    tables = [Table(name, metadata, Column("id", Integer)) for name in "abc"]
    a, b, c = tables
    assert sort_tables(tables, extra_dependencies=[(c, a)]) == [b, c, a]
    keyed = Table("d", metadata, Column("x", ForeignKey("e.id", name="d_e")))
    Table("e", metadata, Column("id", Integer))
    assert sort_tables([keyed, keyed.metadata.tables["e"]], skip_fn=lambda fk: fk.name == "d_e")[0] is keyed
    pairs = sort_tables_and_constraints([keyed], filter_fn=lambda fkc: True)
    assert [constraint.name for constraint in pairs[-1][1]] == ["d_e"]


@pytest.mark.feature("C012")
def test_checks(engine: Any, metadata: MetaData) -> None:
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("of_column", Integer, CheckConstraint("of_column > 0")),
        Column("a", Integer),
        Column("b", String(20)),
        CheckConstraint("a < 100", name="ck_text", info={"k": 1}),
        CheckConstraint(and_(column("a") != 7, column("b") != "it's 5%"), name="ck_sql"),
        CheckConstraint("b <> 'x:y'"),
    )
    early = CheckConstraint(table.c.a > -100, name="ck_attached")
    assert early in table.constraints
    metadata.create_all(engine)
    good = {"of_column": 1, "a": 5, "b": "fine"}
    with engine.begin() as connection:
        assert set(constraints(connection, "t")) >= {"ck_text", "ck_sql", "ck_attached"}
        connection.execute(insert(table), good)
    for wrong in ({"of_column": 0}, {"a": 100}, {"a": 7}, {"b": "it's 5%"}, {"b": "x:y"}, {"a": -100}):
        refused(engine, insert(table), good | wrong)
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(DropConstraint(early))
            connection.execute(insert(table), good | {"a": -200})
            assert "ck_attached" not in constraints(connection, "t")


CONVENTION: dict[str, Any] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s%(twice)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_key)s_%(referred_table_name)s_%(referred_column_0_name)s",
    "pk": "pk_%(table_name)s",
    "twice": lambda constraint, table: len(constraint.columns) * 2,
}


@pytest.mark.feature("C014")
def test_names_by_convention(engine: Any) -> None:
    metadata = MetaData(naming_convention=CONVENTION)
    Table("p", metadata, Column("id", Integer, key="k", primary_key=True))
    long = "c" * 60
    table = Table(
        "t",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer, ForeignKey("p.k"), index=True, key="akey"),
        Column("b", Integer, unique=True),
        Column("flag", Boolean(create_constraint=True, name="bool")),
        Column("kind", Enum("x", "y", native_enum=False, create_constraint=True, name="kind")),
        Column(long, Integer, index=True),
        CheckConstraint("b > 5", name="positive"),
        CheckConstraint("b > 6", name=conv("kept_as_is")),
        UniqueConstraint("akey", "b", name="own"),
        Index(None, "akey", "b"),
        Index("mine", "b"),
    )
    metadata.create_all(engine)
    expected = {"uq_t_b2", "own", "ck_t_positive", "kept_as_is", "fk_t_akey_p_id", "ck_t_kind"}
    if engine.dialect.name != "mariadb":
        expected.add("pk_t")  # MariaDB calls every primary key PRIMARY
    if engine.dialect.name != "postgresql":
        expected.add("ck_t_bool")  # PostgreSQL has booleans
    with engine.begin() as connection:
        assert set(constraints(connection, "t")) == expected
        found = indexes(connection, "t")
        assert found >= {"ix_t_a", "ix_t_a_b", "mine"}
        limit = {"postgresql": 63, "mariadb": 64}.get(engine.dialect.name, 1000)
        (cut,) = {name for name in found if "cccc" in name}
        assert len(cut) <= limit
        assert cut == f"ix_t_{long}" if limit == 1000 else re.fullmatch(r"ix_t_c+_[0-9a-f]{4}", cut)
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            for constraint in [c for c in table.constraints if c.name in ("uq_t_b2", "ck_t_positive")]:
                connection.execute(DropConstraint(constraint))
                assert constraint.name not in constraints(connection, "t")
                connection.execute(AddConstraint(constraint))
                assert constraint.name in constraints(connection, "t")
    metadata.drop_all(engine)


@pytest.mark.feature("C014")
@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("table_name", "t"),
        ("column_0_name", "a"),
        ("column_0N_name", "ab"),
        ("column_0_N_name", "a_b"),
        ("column_1_name", "b"),
        ("column_0_key", "a"),
        ("column_0N_key", "abkey"),
        ("column_0_N_key", "a_bkey"),
        ("column_0_label", "t_a"),
        ("column_0N_label", "t_at_b"),
        ("column_0_N_label", "t_a_t_b"),
        ("referred_table_name", "p"),
        ("referred_column_0_name", "id"),
        ("referred_column_0N_name", "idx"),
        ("referred_column_0_N_name", "id_x"),
        ("referred_column_1_name", "x"),
        ("constraint_name", "given"),
    ],
)
def test_tokens_of_conventions(token: str, name: str) -> None:
    metadata = MetaData(naming_convention={"fk": f"<%({token})s>"})
    Table("p", metadata, Column("id", Integer, key="idkey"), Column("x", Integer, key="xkey"))
    table = Table(
        "t",
        metadata,
        Column("a", Integer),
        Column("b", Integer, key="bkey"),
        ForeignKeyConstraint(
            ["a", "bkey"], ["p.idkey", "p.xkey"], name="given" if token == "constraint_name" else None
        ),
    )
    assert [c.name for c in table.foreign_key_constraints] == [f"<{name}>"]


@pytest.mark.feature("C014")
def test_conventions_that_need_more() -> None:
    metadata = MetaData(naming_convention=CONVENTION)
    with pytest.raises(exc.InvalidRequestError, match="requires that constraint is explicitly named"):
        Table("t", metadata, Column("a", Integer), CheckConstraint(text("a > 5")))
    with pytest.raises(exc.NoReferencedTableError):
        Table("t", metadata, Column("a", ForeignKey("missing.id")))
    assert MetaData().naming_convention == {"ix": "ix_%(column_0_label)s"}
