"""
Wrong uses, and what is said of them: what was wrong, and what would be right.

The classes of the errors are SQLAlchemy's, compared by running the same uses there, except where its
error came out of its inside: a bare `AttributeError`, `KeyError` or `TypeError` of something the program
never heard of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from relvar import (
    ARRAY,
    DDL,
    URL,
    CheckConstraint,
    Column,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    column,
    create_engine,
    delete,
    engine_from_config,
    event,
    exc,
    exists,
    func,
    insert,
    inspect,
    literal,
    select,
    table,
    text,
    union,
    update,
    values,
)
from relvar.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    attributes,
    class_mapper,
    contains_eager,
    joinedload,
    load_only,
    mapped_column,
    object_session,
    raiseload,
    registry,
    relationship,
    selectinload,
    sessionmaker,
    undefer,
)
from relvar.orm import exc as orm_exc
from relvar.pool import QueuePool

e = create_engine("sqlite://")
md = MetaData()
t = Table("t", md, Column("id", Integer, primary_key=True), Column("a", String), Column("b", String))
o = Table("o", md, Column("id", Integer, primary_key=True), Column("x", Integer))


class Base(DeclarativeBase):
    pass


class U(Base):
    __tablename__ = "u"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    addrs: Mapped[list[A]] = relationship(back_populates="u")


class A(Base):
    __tablename__ = "ad"
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[int | None] = mapped_column(ForeignKey("u.id"))
    u: Mapped[U] = relationship(back_populates="addrs")


@pytest.fixture(autouse=True)
def tables() -> Iterator[None]:
    t.create(e, checkfirst=True)
    Base.metadata.create_all(e)
    yield
    e.dispose()


def s(use: Any) -> Any:
    """Run a use in a session."""

    def in_session() -> Any:
        with Session(e) as session:
            return use(session)

    return in_session


def closed(conn: Any) -> None:
    conn.close()
    conn.execute(select(1))


def twice(conn: Any) -> None:
    conn.begin()
    conn.begin()


def tx(conn: Any) -> None:
    transaction = conn.begin()
    transaction.commit()
    transaction.commit()


def afterroll(conn: Any) -> None:
    transaction = conn.begin()
    transaction.rollback()
    transaction.commit()


def inactive(conn: Any) -> None:
    transaction = conn.begin()
    savepoint = conn.begin_nested()
    transaction.rollback()
    savepoint.commit()


def ctxtx2(conn: Any) -> None:
    with conn.begin() as transaction:
        transaction.rollback()
        conn.execute(select(1))


def isol(conn: Any) -> None:
    conn.execute(select(1))
    conn.execution_options(isolation_level="AUTOCOMMIT")


# what is done: how, the class of the error, and the telling part of what it says
ENGINES: dict[str, tuple[Any, type[BaseException], str]] = {
    "create_engine(5)": (lambda: create_engine(5), exc.ArgumentError, "Expected string or URL object, got 5"),
    "create_engine('')": (
        lambda: create_engine(""),
        exc.ArgumentError,
        "Could not parse SQLAlchemy URL from given URL string",
    ),
    "create_engine(None)": (
        lambda: create_engine(None),
        exc.ArgumentError,
        "Expected string or URL object, got None",
    ),
    "unknown dialect": (
        lambda: create_engine("postgres://h/x"),
        exc.NoSuchModuleError,
        "(did you mean 'postgresql'? known dialects: ",
    ),
    "unknown driver": (
        lambda: create_engine("sqlite+nodrv://"),
        exc.NoSuchModuleError,
        "(known drivers of sqlite: aiosqlite, pysqlcipher, pysqlite)",
    ),
    "bad kw": (
        lambda: create_engine("sqlite://", pool_sise=5),
        TypeError,
        "Invalid argument(s) 'pool_sise' sent to create_engine(), using configuration",
    ),
    "poolclass inst": (
        lambda: create_engine("sqlite://", poolclass=5),
        exc.ArgumentError,
        "poolclass is a class such as QueuePool; got 5",
    ),
    "echo bad": (
        lambda: create_engine("sqlite://", echo="nope"),
        exc.ArgumentError,
        "create_engine() takes True, False or 'debug' as 'echo', got 'nope'",
    ),
    "connect_args list": (
        lambda: create_engine("sqlite://", connect_args=[1]),
        exc.ArgumentError,
        "create_engine() takes a dictionary as 'connect_args', got a list",
    ),
    "creator not callable": (
        lambda: create_engine("sqlite://", creator=5).connect(),
        exc.ArgumentError,
        "create_engine() takes a function as 'creator', got 5",
    ),
    "execution_options list": (
        lambda: create_engine("sqlite://", execution_options=[1]),
        exc.ArgumentError,
        "create_engine() takes a dictionary as 'execution_options', got a list",
    ),
    "pool_recycle str": (
        lambda: create_engine("sqlite://", poolclass=QueuePool, pool_recycle="x").connect(),
        TypeError,
        "create_engine() takes a number as 'pool_recycle', got 'x'",
    ),
    "future False": (
        lambda: create_engine("sqlite://", future=False),
        exc.ArgumentError,
        "The 'future' parameter passed to create_engine() may only be set to True.",
    ),
    "URL port str": (
        lambda: URL.create("sqlite", port="x"),
        ValueError,
        "Port argument must be an integer or None, got 'x'",
    ),
    "URL query int": (
        lambda: URL.create("sqlite", query={"a": 1}),
        TypeError,
        "Query dictionary values must be strings or sequences of strings",
    ),
    "engine_from_config none": (
        lambda: engine_from_config({}),
        KeyError,
        "'sqlalchemy.url' is not in the configuration; it names the database",
    ),
    "engine_from_config prefix": (
        lambda: engine_from_config({"url": "sqlite://"}),
        KeyError,
        "'sqlalchemy.url' is not in the configuration; it names the database",
    ),
    "pool reset": (
        lambda: create_engine("sqlite://", pool_reset_on_return="foo"),
        exc.ArgumentError,
        "Invalid value for 'reset_on_return': 'foo'",
    ),
    "plugins bad": (lambda: create_engine("sqlite://", plugins=["zz"]), exc.NoSuchModuleError, "zz"),
}

CONNECTIONS: dict[str, tuple[Any, type[BaseException], str]] = {
    "execute str": (
        lambda c: c.execute("select 1"),
        exc.ObjectNotExecutableError,
        "Not an executable object: 'select 1'",
    ),
    "execute None": (
        lambda c: c.execute(None),
        exc.ObjectNotExecutableError,
        "Not an executable object: None",
    ),
    "execute table": (
        lambda c: c.execute(t),
        exc.ObjectNotExecutableError,
        "Not an executable object: Table('t'",
    ),
    "execute int": (lambda c: c.execute(5), exc.ObjectNotExecutableError, "Not an executable object: 5"),
    "execute func": (
        lambda c: c.execute(func),
        exc.ObjectNotExecutableError,
        "Not an executable object: <func>",
    ),
    "params list of tuples": (
        lambda c: c.execute(text("select :a"), [(1,)]),
        exc.ArgumentError,
        "List argument must consist only of dictionaries",
    ),
    "params tuple": (
        lambda c: c.execute(text("select :a"), (1,)),
        exc.ArgumentError,
        "List argument must consist only of dictionaries",
    ),
    "params int": (
        lambda c: c.execute(text("select :a"), 5),
        exc.ArgumentError,
        "mapping or list expected for parameters",
    ),
    "params str": (
        lambda c: c.execute(text("select :a"), "x"),
        exc.ArgumentError,
        "mapping or list expected for parameters",
    ),
    "params set": (
        lambda c: c.execute(text("select :a"), {1}),
        exc.ArgumentError,
        "mapping or list expected for parameters",
    ),
    "params mixed list": (
        lambda c: c.execute(insert(t), [{"a": 1}, (1,)]),
        exc.ArgumentError,
        "Each parameter set is a dictionary; set 1 is 'tuple'",
    ),
    "params list of None": (
        lambda c: c.execute(insert(t), [{"a": "x"}, None]),
        exc.ArgumentError,
        "Each parameter set is a dictionary; set 1 is 'NoneType'",
    ),
    "driver_sql text()": (
        lambda c: c.exec_driver_sql(text("select 1")),
        exc.ArgumentError,
        "exec_driver_sql() takes text, got TextClause; execute() takes statements",
    ),
    "driver_sql scalar": (
        lambda c: c.exec_driver_sql("select ?", 5),
        exc.ArgumentError,
        "mapping or sequence expected for parameters",
    ),
    "closed": (closed, exc.ResourceClosedError, "This Connection is closed"),
    "begin twice": (
        twice,
        exc.InvalidRequestError,
        "This connection has already initialized a SQLAlchemy Transaction() object via begin()",
    ),
    "commit twice": (tx, exc.InvalidRequestError, "This transaction is inactive"),
    "commit after rollback": (afterroll, exc.InvalidRequestError, "This transaction is inactive"),
    "inactive nested": (inactive, exc.InvalidRequestError, "This nested transaction is inactive"),
    "use after rollback in ctx": (
        ctxtx2,
        exc.InvalidRequestError,
        "Can't operate on closed transaction inside context manager.  Please complete the",
    ),
    "isolation in tx": (
        isol,
        exc.InvalidRequestError,
        "This connection has already initialized a SQLAlchemy Transaction() object via begin()",
    ),
    "exopts list": (
        lambda c: c.execute(select(1), execution_options=[1]),
        exc.ArgumentError,
        "Execution options are given as a dictionary, got [1]",
    ),
    "scalar str": (
        lambda c: c.scalar("select 1"),
        exc.ObjectNotExecutableError,
        "Not an executable object: 'select 1'",
    ),
    "detach closed": (
        lambda c: (c.close(), c.detach()),
        exc.ResourceClosedError,
        "This Connection is closed",
    ),
    "get_isolation closed": (
        lambda c: (c.close(), c.get_isolation_level()),
        exc.ResourceClosedError,
        "This Connection is closed",
    ),
    "row.nope": (
        lambda c: c.execute(select(literal(1).label("x"))).one().nope,
        AttributeError,
        "Could not locate column in row for column 'nope'",
    ),
    "row._mapping nope": (
        lambda c: c.execute(select(literal(1).label("x"))).one()._mapping["nope"],
        exc.NoSuchColumnError,
        "Could not locate column in row for column 'nope'",
    ),
    "mapping col": (
        lambda c: c.execute(select(t.c.id).union_all(select(literal(1)))).mappings().one()[t.c.a],
        exc.NoSuchColumnError,
        "Could not locate column in row for column 't.a'",
    ),
    "ambiguous": (
        lambda c: c.execute(select(literal(1).label("x"), literal(2).label("x"))).one()._mapping["x"],
        exc.InvalidRequestError,
        "Ambiguous column name 'x' in result set column descriptions",
    ),
    "one none": (
        lambda c: c.execute(select(t)).one(),
        exc.NoResultFound,
        "No row was found when one was required",
    ),
    "one many": (
        lambda c: c.execute(text("select 1 union select 2")).one(),
        exc.MultipleResultsFound,
        "Multiple rows were found when exactly one was required",
    ),
    "scalar_one none": (
        lambda c: c.execute(select(t)).scalar_one(),
        exc.NoResultFound,
        "No row was found when one was required",
    ),
    "columns nope": (
        lambda c: c.execute(select(t)).columns("nope").all(),
        exc.NoSuchColumnError,
        "Could not locate column in row for column 'nope'",
    ),
    "fetch insert": (
        lambda c: c.execute(insert(t).values(a="x")).fetchall(),
        exc.ResourceClosedError,
        "This result object does not return rows. It has been closed automatically.",
    ),
    "scalar after close": (
        lambda c: (lambda r: (r.close(), r.scalar()))(c.execute(select(1))),
        exc.ResourceClosedError,
        "This result object is closed.",
    ),
    "inserted_pk many": (
        lambda c: c.execute(insert(t), [{"a": "x"}, {"a": "y"}]).inserted_primary_key,
        exc.InvalidRequestError,
        "This statement was an executemany call; if primary key returning is supported, please",
    ),
    "unique bad": (
        lambda c: c.execute(select(1)).unique(5).all(),
        exc.ArgumentError,
        "unique() takes a function that gives what to compare, got 5",
    ),
    "result.first twice": (
        lambda c: (lambda r: (r.first(), r.first()))(c.execute(select(1))),
        exc.ResourceClosedError,
        "This result object is closed.",
    ),
}

EXPRESSIONS: dict[str, tuple[Any, type[BaseException], str]] = {
    "if col": (lambda: bool(t.c.a), TypeError, "Boolean value of this clause is not defined"),
    "in_ int": (
        lambda: t.c.a.in_(5),
        exc.ArgumentError,
        "IN expression list, SELECT construct, or bound parameter object expected, got 5.",
    ),
    "in_ str": (
        lambda: t.c.a.in_("abc"),
        exc.ArgumentError,
        "IN expression list, SELECT construct, or bound parameter object expected, got 'abc'.",
    ),
    "where str": (
        lambda: select(t).where("a=1"),
        exc.ArgumentError,
        "Textual SQL expression 'a=1' should be explicitly declared as text('a=1')",
    ),
    "order_by int": (
        lambda: select(t).order_by(5),
        exc.ArgumentError,
        "ORDER BY expression expected, got 5.",
    ),
    "order_by str": (
        lambda: str(select(t).order_by("nope")),
        exc.CompileError,
        "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL",
    ),
    "select str": (
        lambda: select("a"),
        exc.ArgumentError,
        "Textual column expression 'a' should be explicitly declared with text('a'), or use",
    ),
    "select list": (
        lambda: select([t.c.a]),
        exc.ArgumentError,
        "Column expression, FROM clause, or other columns clause element expected, got",
    ),
    "select kw": (
        lambda: select(t, whereclause=1),
        exc.ArgumentError,
        "Additional keyword arguments are not accepted by this function/method.  The presence",
    ),
    "t.c.nope": (lambda: t.c.nope, AttributeError, "There is no column 'nope'; there are 'id', 'a', 'b'"),
    "t.c['nope']": (lambda: t.c["nope"], KeyError, "There is no column 'nope'; there are 'id', 'a', 'b'"),
    "join none": (
        lambda: t.join(o),
        exc.NoForeignKeysError,
        "Can't find any foreign key relationships between 't' and 'o'.",
    ),
    "join str": (
        lambda: select(t).join("o"),
        exc.ArgumentError,
        "Join target, typically a FROM expression, or ORM relationship attribute expected, got",
    ),
    "filter_by nope": (
        lambda: select(t).filter_by(nope=1),
        exc.InvalidRequestError,
        'None of the FROM clause entities have a property "nope". Searched entities: t',
    ),
    "filter_by two": (
        lambda: select(t, o).filter_by(id=1),
        exc.AmbiguousColumnError,
        'Attribute name "id" is ambiguous; it exists in multiple FROM clause entities (t, o).',
    ),
    "limit str": (
        lambda: select(t).limit("x"),
        ValueError,
        "LIMIT, OFFSET and FETCH take a number or an expression, got 'x'",
    ),
    "offset obj": (
        lambda: select(t).offset(object()),
        TypeError,
        "LIMIT, OFFSET and FETCH take a number or an expression, got",
    ),
    "union cols": (
        lambda: str(union(select(t.c.a), select(t.c.a, t.c.b))),
        exc.CompileError,
        "All selectables passed to CompoundSelect must have identical numbers of columns;",
    ),
    "union str": (
        lambda: union("x"),
        exc.ArgumentError,
        "SELECT construct for inclusion in a UNION or other set construct expected, got 'x'.",
    ),
    "and_ str": (
        lambda: and_("x"),
        exc.ArgumentError,
        "Textual SQL expression 'x' should be explicitly declared as text('x')",
    ),
    "case str": (
        lambda: case("x"),
        exc.ArgumentError,
        "case() takes pairs (condition, result) or one dictionary, got 'x'",
    ),
    "values unknown": (
        lambda: str(insert(t).values(nope=1)),
        exc.CompileError,
        "Unconsumed column names: nope",
    ),
    "values pos": (
        lambda: str(insert(t).values(1, 2, 3, 4)),
        exc.ArgumentError,
        "Only a single dictionary/tuple or list of dictionaries/tuples is accepted",
    ),
    "update where str": (
        lambda: update(t).where("x"),
        exc.ArgumentError,
        "Textual SQL expression 'x' should be explicitly declared as text('x')",
    ),
    "update select": (
        lambda: update(select(t)),
        exc.ArgumentError,
        ". To create a FROM clause from a <class 'relvar.stmt.select.Select'> object, use the",
    ),
    "insert select": (
        lambda: insert(select(t)),
        exc.ArgumentError,
        ". To create a FROM clause from a <class 'relvar.stmt.select.Select'> object, use the",
    ),
    "delete str": (
        lambda: delete("t"),
        exc.ArgumentError,
        "subject table for an INSERT, UPDATE or DELETE expected, got 't'.",
    ),
    "insert class": (
        lambda: insert(object),
        exc.ArgumentError,
        "subject table for an INSERT, UPDATE or DELETE expected, got <class 'object'>.",
    ),
    "returning str": (
        lambda: insert(t).returning("id"),
        exc.ArgumentError,
        "Textual column expression 'id' should be explicitly declared with text('id'), or use",
    ),
    "exists str": (
        lambda: exists("x"),
        exc.ArgumentError,
        "Textual column expression 'x' should be explicitly declared with text('x'), or use",
    ),
    "bindparam none": (
        lambda: str(select(bindparam(5)).compile()),
        exc.ArgumentError,
        "bindparam() takes the name of a parameter, got 5",
    ),
    "text int": (lambda: text(5), TypeError, "text() takes SQL as text, got 5"),
    "text bindparams": (
        lambda: text("x").bindparams(a=1),
        exc.ArgumentError,
        "This text() construct doesn't define a bound parameter named 'a'",
    ),
    "column int": (lambda: str(column(5)), exc.ArgumentError, "column() takes the name of a column, got 5"),
    "table str": (
        lambda: str(table("t", "a")),
        exc.ArgumentError,
        "table() takes columns, made by column(), got 'a'",
    ),
    "over": (
        lambda: str(func.x().over(rows=(1,))),
        exc.ArgumentError,
        "2-tuple expected for range/rows/groups",
    ),
    "over2": (
        lambda: str(func.x().over(rows=5)),
        exc.ArgumentError,
        "2-tuple expected for range/rows/groups",
    ),
    "correlate": (
        lambda: select(t).correlate("x"),
        exc.ArgumentError,
        "Textual SQL expression 'x' should be explicitly declared as text('x')",
    ),
    "group str": (
        lambda: str(select(t).group_by("nope")),
        exc.CompileError,
        "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL",
    ),
    "with_only": (
        lambda: select(t).with_only_columns("x"),
        exc.ArgumentError,
        "Textual column expression 'x' should be explicitly declared with text('x'), or use",
    ),
    "options str": (
        lambda: select(t).options("x"),
        exc.ArgumentError,
        "ExecutionOption Core or ORM object expected, got 'x'.",
    ),
    "getitem": (
        lambda: t.c.a[1],
        NotImplementedError,
        "Operator 'getitem' is not supported on this expression",
    ),
    "collate": (
        lambda: str(t.c.a.collate(5)),
        exc.ArgumentError,
        "collate() takes the name of a collation, got 5",
    ),
    "values()": (
        lambda: values(1).data(5),
        exc.ArgumentError,
        "data() takes a list of tuples, one per row; got 5",
    ),
    "compile bad": (
        lambda: select(t).compile(dialect="sqlite"),
        exc.ArgumentError,
        "compile() takes a dialect object, such as postgresql.dialect(), got 'sqlite'",
    ),
    "dialect str": (
        lambda: select(t).compile(e, dialect=5),
        exc.ArgumentError,
        "compile() takes a dialect object, such as postgresql.dialect(), got 5",
    ),
    "bind literal": (
        lambda: str(select(literal(object())).compile(compile_kwargs={"literal_binds": True})),
        exc.CompileError,
        'No literal value renderer is available for literal value "',
    ),
}

SCHEMAS: dict[str, tuple[Any, type[BaseException], str]] = {
    "Table('x')": (
        lambda: Table("xx"),
        TypeError,
        "Table() takes at least two positional-only arguments 'name', and 'metadata'",
    ),
    "Table no md": (
        lambda: Table("xx", Column("a")),
        exc.ArgumentError,
        "Table() takes a MetaData as its second argument, got Column('a', NullType(),",
    ),
    "Table dup": (
        lambda: Table("t", md, Column("z", Integer)),
        exc.InvalidRequestError,
        "Table 't' is already defined for this MetaData instance.  Specify",
    ),
    "Table col str": (
        lambda: Table("x1", md, "a"),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got 'a'",
    ),
    "Table must_exist": (
        lambda: Table("x3", md, must_exist=True),
        exc.InvalidRequestError,
        "Table 'x3' not defined",
    ),
    "Table both": (
        lambda: Table("t", md, keep_existing=True, extend_existing=True),
        exc.ArgumentError,
        "keep_existing and extend_existing are mutually exclusive.",
    ),
    "Column(Integer,'a')": (
        lambda: Column(Integer, "a"),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got 'a'",
    ),
    "Column 2 types": (
        lambda: Column("a", Integer, String),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got <class",
    ),
    "Column str type": (
        lambda: Column("a", "INTEGER"),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got 'INTEGER'",
    ),
    "Column int type": (
        lambda: Column("a", int),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got <class 'int'>",
    ),
    "Column default callable args": (
        lambda: Column("a", Integer, default=lambda a, b: 1),
        exc.ArgumentError,
        "ColumnDefault Python function takes zero or one positional arguments",
    ),
    "Column name none": (
        lambda: Table("x4", md, Column(Integer)),
        exc.ArgumentError,
        "Column must be constructed with a non-blank name or assign a non-blank .name before",
    ),
    "Column reuse": (
        lambda: Table("x5", md, t.c.a),
        exc.ArgumentError,
        "Column object 'a' already assigned to Table 't'",
    ),
    "FK badcol": (
        lambda: str(list(Table("x7", md, Column("a", ForeignKey("t.nope"))).foreign_keys)[0].column),
        exc.NoReferencedColumnError,
        "Could not initialize target column for ForeignKey 't.nope' on table 'x7': table 't'",
    ),
    "FK int": (
        lambda: ForeignKey(5),
        exc.ArgumentError,
        "String column name or Column object for DDL foreign key constraint expected, got 5.",
    ),
    "FKC len": (
        lambda: ForeignKeyConstraint(["a", "b"], ["t.a"]),
        exc.ArgumentError,
        "ForeignKeyConstraint number of constrained columns must match the number of",
    ),
    "FKC len, one column twice": (
        lambda: ForeignKeyConstraint(["a", "a"], ["t.a"]),
        exc.ArgumentError,
        "ForeignKeyConstraint number of constrained columns must match the number of",
    ),
    "FKC str": (
        lambda: ForeignKeyConstraint("a", "t.a"),
        exc.ArgumentError,
        "ForeignKeyConstraint number of constrained columns must match the number of",
    ),
    "Index nocol": (
        lambda: Table("x8", md, Column("a", Integer), Index("i", "nope")),
        exc.ConstraintColumnNotFoundError,
        "Can't create Index on table 'x8': no column named 'nope' is present.",
    ),
    "UC nope": (
        lambda: Table("x9", md, Column("a", Integer), UniqueConstraint("nope")),
        exc.ConstraintColumnNotFoundError,
        "Can't create UniqueConstraint on table 'x9': no column named 'nope' is present.",
    ),
    "PK nope": (
        lambda: Table("x10", md, Column("a", Integer), PrimaryKeyConstraint("nope")),
        exc.ConstraintColumnNotFoundError,
        "Can't create PrimaryKeyConstraint on table 'x10': no column named 'nope' is present.",
    ),
    "CC int": (
        lambda: CheckConstraint(5),
        exc.ArgumentError,
        "SQL expression element for DDL constraint expected, got 5.",
    ),
    "create_all str": (
        lambda: md.create_all("sqlite://"),
        exc.ArgumentError,
        "An Engine or a Connection is needed to emit DDL, got 'sqlite://'",
    ),
    "create_all tables str": (
        lambda: md.create_all(e, tables=["t"]),
        exc.ArgumentError,
        "tables= takes a collection of Table objects, got ['t']",
    ),
    "inspect(5)": (
        lambda: inspect(5),
        exc.NoInspectionAvailable,
        "No inspection system is available for object of type <class 'int'>",
    ),
    "inspect str": (
        lambda: inspect("x"),
        exc.NoInspectionAvailable,
        "No inspection system is available for object of type <class 'str'>",
    ),
    "Enum int": (lambda: Enum(1, 2), exc.ArgumentError, "Enum() takes strings, or one enum class; got 1"),
    "ARRAY of ARRAY": (
        lambda: ARRAY(ARRAY(Integer)),
        ValueError,
        "Do not nest ARRAY types; ARRAY(basetype) handles multi-dimensional arrays of basetype",
    ),
    "with_variant": (
        lambda: String().with_variant("x", "sqlite"),
        exc.ArgumentError,
        "with_variant() takes a type, got 'x'",
    ),
    "Identity": (
        lambda: Column("a", Integer, Identity(), server_default="x"),
        exc.ArgumentError,
        "A column with an Identity object cannot specify a server_default or a server_onupdate",
    ),
    "sorted_tables": (lambda: md.tables["nope"], KeyError, "There is no 'nope'; there are"),
    "DDL int": (lambda: DDL(5), exc.ArgumentError, "Expected a string or unicode SQL statement, got '5'"),
    "metadata str": (
        lambda: Table("x", "md", Column("a", Integer)),
        exc.ArgumentError,
        "Table() takes a MetaData as its second argument, got 'md' for table 'x'",
    ),
    "listen nope": (
        lambda: event.listen(e, "nope", print),
        exc.InvalidRequestError,
        "No such event 'nope' for target 'Engine(sqlite://)'",
    ),
    "listen target": (
        lambda: event.listen(5, "connect", print),
        exc.InvalidRequestError,
        "No such event 'connect' for target '5'",
    ),
    "remove nope": (
        lambda: event.remove(e, "before_execute", print),
        exc.InvalidRequestError,
        "No listeners found for event Engine(sqlite://) / 'before_execute' / <built-in",
    ),
    "listen None": (
        lambda: event.listen(None, "connect", print),
        exc.InvalidRequestError,
        "No such event 'connect' for target 'None'",
    ),
}

OBJECTS: dict[str, tuple[Any, type[BaseException], str]] = {
    "add None": (
        s(lambda ss: ss.add(None)),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.NoneType' is not mapped",
    ),
    "add str": (
        s(lambda ss: ss.add("x")),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.str' is not mapped",
    ),
    "add dict": (
        s(lambda ss: ss.add({"a": 1})),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.dict' is not mapped",
    ),
    "add list": (
        s(lambda ss: ss.add([U()])),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.list' is not mapped",
    ),
    "delete new": (s(lambda ss: ss.delete(U())), exc.InvalidRequestError, "is not persisted"),
    "delete None": (
        s(lambda ss: ss.delete(None)),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.NoneType' is not mapped",
    ),
    "get str class": (
        s(lambda ss: ss.get("U", 1)),
        exc.NoInspectionAvailable,
        "No inspection system is available for object of type <class 'str'>",
    ),
    "get table": (
        s(lambda ss: ss.get(t, 1)),
        exc.ArgumentError,
        "A mapped class is expected here, got Table('t', MetaData(), Column('id', Integer(),",
    ),
    "get tuple": (
        s(lambda ss: ss.get(U, (1, 2))),
        exc.InvalidRequestError,
        "Incorrect number of values in identifier to formulate primary key for session.get();",
    ),
    "get dict": (
        s(lambda ss: ss.get(U, {"idd": 1})),
        exc.InvalidRequestError,
        "Incorrect names of values in identifier to formulate primary key for session.get();",
    ),
    "get_one": (s(lambda ss: ss.get_one(U, 99)), exc.NoResultFound, "No row was found when one was required"),
    "expire transient": (
        s(lambda ss: ss.expire(U())),
        exc.InvalidRequestError,
        "is not persistent within this Session",
    ),
    "expunge": (s(lambda ss: ss.expunge(U())), exc.InvalidRequestError, "is not present in this Session"),
    "merge None": (
        s(lambda ss: ss.merge(None)),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.NoneType' is not mapped",
    ),
    "merge str": (
        s(lambda ss: ss.merge("x")),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.str' is not mapped",
    ),
    "query of nothing": (
        s(lambda ss: ss.query().all()),
        exc.InvalidRequestError,
        "Query contains no columns with which to SELECT from",
    ),
    "get of a column": (
        s(lambda ss: ss.query(U.id).get(1)),
        exc.InvalidRequestError,
        "get() can only be used against a single mapped class",
    ),
    "query str": (
        s(lambda ss: ss.query("U")),
        exc.ArgumentError,
        "Textual column expression 'U' should be explicitly declared with text('U'), or use",
    ),
    "filter str": (
        s(lambda ss: ss.query(U).filter("x")),
        exc.ArgumentError,
        "Textual SQL expression 'x' should be explicitly declared as text('x')",
    ),
    "filter_by": (
        s(lambda ss: ss.query(U).filter_by(nme=1)),
        exc.InvalidRequestError,
        'Entity namespace for "u" has no property "nme"',
    ),
    "filter after limit": (
        s(lambda ss: ss.query(U).limit(1).filter(U.id == 1)),
        exc.InvalidRequestError,
        "Query.filter() being called on a Query which already has LIMIT or OFFSET applied.",
    ),
    "order_by str": (
        s(lambda ss: ss.query(U).order_by("nope").all()),
        exc.CompileError,
        "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. Textual SQL",
    ),
    "join str": (
        s(lambda ss: ss.query(U).join("addrs").all()),
        exc.ArgumentError,
        "Join target, typically a FROM expression, or ORM relationship attribute expected, got",
    ),
    "join wrong": (
        s(lambda ss: ss.query(U).join(t).all()),
        exc.InvalidRequestError,
        "Don't know how to join to 't'. Please use the .select_from() method to establish an",
    ),
    "options str": (
        s(lambda ss: ss.query(U).options("x")),
        exc.ArgumentError,
        "ExecutionOption Core or ORM object expected, got 'x'.",
    ),
    "joinedload str": (
        s(lambda ss: ss.query(U).options(joinedload("addrs"))),
        exc.ArgumentError,
        "Strings are not accepted for attribute names in loader options; please use",
    ),
    "joinedload col": (
        s(lambda ss: ss.query(U).options(joinedload(U.name)).all()),
        orm_exc.LoaderStrategyException,
        'Can\'t apply "joined loader" strategy to property "U.name", which is a "column',
    ),
    "load_only rel": (
        s(lambda ss: ss.query(U).options(load_only(U.addrs)).all()),
        orm_exc.LoaderStrategyException,
        'Can\'t apply "column loader" strategy to property "U.addrs", which is a',
    ),
    "joinedload other": (
        s(lambda ss: ss.query(U).options(joinedload(A.u)).all()),
        exc.ArgumentError,
        "Mapped class A referenced in option joinedload(A.u) does not apply to any of the root",
    ),
    "contains_eager": (
        s(lambda ss: ss.query(U).options(contains_eager(U.name)).all()),
        orm_exc.LoaderStrategyException,
        'Can\'t apply "joined loader" strategy to property "U.name", which is a "column',
    ),
    "raiseload": (
        s(
            lambda ss: (
                ss.add(U(name="q")),
                ss.flush(),
                ss.expire_all(),
                ss.query(U).options(raiseload("*")).first().addrs,
            )
        ),
        exc.InvalidRequestError,
        "'U.addrs' is not available due to lazy='raise'",
    ),
    "one none": (
        s(lambda ss: ss.query(U).filter_by(id=99).one()),
        exc.NoResultFound,
        "No row was found when one was required",
    ),
    "scalar many": (
        s(lambda ss: (ss.add_all([U(), U()]), ss.query(U.id).scalar())),
        exc.MultipleResultsFound,
        "Multiple rows were found when exactly one was required",
    ),
    "update sync": (
        s(lambda ss: ss.query(U).update({"name": "x"}, synchronize_session="nope")),
        exc.ArgumentError,
        "Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', False",
    ),
    "update nope": (
        s(lambda ss: ss.query(U).update({"nme": "x"})),
        exc.CompileError,
        "Unconsumed column names: nme",
    ),
    "update str": (
        s(lambda ss: ss.query(U).update("x")),
        exc.ArgumentError,
        "values() takes a dictionary, tuple or list of them, not text: 'x'",
    ),
    "delete join": (
        s(lambda ss: ss.query(U).join(A).delete()),
        exc.InvalidRequestError,
        "Can't call Query.update() or Query.delete() when join(), outerjoin(), select_from(),",
    ),
    "execute str": (
        s(lambda ss: ss.execute("select 1")),
        exc.ArgumentError,
        "Textual SQL expression 'select 1' should be explicitly declared as text('select 1')",
    ),
    "scalars none": (
        s(lambda ss: ss.scalars(None)),
        exc.ArgumentError,
        "Executable SQL or text() construct expected, got None.",
    ),
    "begin a session twice": (
        s(lambda ss: (ss.begin(), ss.begin())),
        exc.InvalidRequestError,
        "A transaction is already begun on this Session.",
    ),
    "no bind": (
        lambda: Session().execute(select(1)),
        exc.UnboundExecutionError,
        "Could not locate a bind configured on SQL expression or this Session.",
    ),
    "no bind orm": (
        lambda: Session().execute(select(U)),
        exc.UnboundExecutionError,
        "Could not locate a bind configured on mapper Mapper[U(u)], SQL expression or this",
    ),
    "bind str": (
        lambda: Session("sqlite://").execute(select(1)),
        exc.ArgumentError,
        "Session() is bound to an Engine or a Connection, got 'sqlite://'",
    ),
    "binds str": (lambda: Session(binds={"x": e}), exc.ArgumentError, "Not an acceptable bind target: x"),
    "autocommit": (
        lambda: Session(e, autocommit=True),
        exc.ArgumentError,
        "autocommit=True is no longer supported",
    ),
    "join mode": (
        lambda: Session(e, join_transaction_mode="x"),
        exc.ArgumentError,
        'invalid selection for join_transaction_mode: "x"',
    ),
    "sessionmaker()": (
        lambda: sessionmaker(5)().execute(select(1)),
        exc.ArgumentError,
        "Session() is bound to an Engine or a Connection, got 5",
    ),
    "bulk_save": (
        s(lambda ss: ss.bulk_save_objects([5])),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.int' is not mapped",
    ),
    "bulk_insert cls": (
        s(lambda ss: ss.bulk_insert_mappings(t, [{"a": 1}])),
        exc.ArgumentError,
        "A mapped class is expected here, got Table('t', MetaData(), Column('id', Integer(),",
    ),
    "bulk_insert obj": (
        s(lambda ss: ss.bulk_insert_mappings(U, [U()])),
        exc.ArgumentError,
        "Rows of a bulk operation are dictionaries, got a U",
    ),
    "bulk_update nopk": (
        s(lambda ss: ss.bulk_update_mappings(U, [{"name": "x"}])),
        exc.InvalidRequestError,
        "No primary key value supplied for column(s) u.id; per-row ORM Bulk UPDATE by Primary",
    ),
    "detached lazy": (
        lambda: (lambda ss, u: (ss.add(u), ss.commit(), ss.close(), u.name))(Session(e), U(name="x")),
        orm_exc.DetachedInstanceError,
        "is not bound to a Session; attribute refresh operation cannot proceed (Background on",
    ),
    "detached rel": (
        lambda: (lambda ss, u: (ss.add(u), ss.flush(), ss.expire(u), ss.close(), u.addrs))(
            Session(e), U(name="x")
        ),
        orm_exc.DetachedInstanceError,
        "is not bound to a Session; lazy load operation of attribute 'addrs' cannot proceed",
    ),
    "U(nme)": (lambda: U(nme=1), TypeError, "'nme' is an invalid keyword argument for U"),
    "addrs=None": (lambda: U(addrs=None), TypeError, "Incompatible collection type: None is not list-like"),
    "addrs=obj": (lambda: U(addrs=A()), TypeError, "Incompatible collection type: A is not list-like"),
    "addrs=str": (lambda: U(addrs="x"), TypeError, "Incompatible collection type: str is not list-like"),
    "append str": (
        lambda: U().addrs.append("x"),
        AttributeError,
        "'str' object has no attribute '_sa_instance_state': U.addrs takes objects of a mapped",
    ),
    "append wrong": (
        s(lambda ss: (lambda u: (ss.add(u), u.addrs.append(U()), ss.flush()))(U())),
        KeyError,
        "U.addrs takes objects that have the other side of the relationship, 'u'; a U has not",
    ),
    "u=list": (
        lambda: A(u=[U()]),
        AttributeError,
        "'list' object has no attribute '_sa_instance_state': A.u takes objects of a mapped",
    ),
    "u=5": (
        lambda: A(u=5),
        AttributeError,
        "'int' object has no attribute '_sa_instance_state': A.u takes objects of a mapped",
    ),
    "U.addrs==": (
        lambda: U.addrs == [1],
        exc.InvalidRequestError,
        "Can't compare a collection to an object or collection; use contains() to test for",
    ),
    "U.addrs==obj": (
        lambda: U.addrs == A(),
        exc.InvalidRequestError,
        "Can't compare a collection to an object or collection; use contains() to test for",
    ),
    "A.u==str": (
        lambda: A.u == "x",
        exc.ArgumentError,
        "Mapped instance expected for relationship comparison to object.   Classes, queries",
    ),
    "U.addrs.in_": (
        lambda: U.addrs.in_([A()]),
        NotImplementedError,
        "in_() not yet supported for relationships.  For a simple many-to-one, use in_()",
    ),
    "U.addrs.any str": (
        lambda: U.addrs.any("x"),
        exc.ArgumentError,
        "Textual SQL expression 'x' should be explicitly declared as text('x')",
    ),
    "A.u.contains": (
        lambda: A.u.contains(U()),
        exc.InvalidRequestError,
        "'contains' not implemented for scalar attributes.  Use ==",
    ),
    "U.addrs.has": (
        lambda: U.addrs.has(),
        exc.InvalidRequestError,
        "'has()' not implemented for collections. Use any().",
    ),
    "A.u.any": (
        lambda: A.u.any(),
        exc.InvalidRequestError,
        "'any()' not implemented for scalar attributes. Use has().",
    ),
    "U.addrs.name": (
        lambda: U.addrs.nope,
        AttributeError,
        "Neither 'InstrumentedAttribute' object nor 'Comparator' object associated with",
    ),
    "U.name.nope": (
        lambda: U.name.nope,
        AttributeError,
        "Neither 'InstrumentedAttribute' object nor 'Comparator' object associated with U.name",
    ),
    "aliased 5": (
        lambda: aliased(5),
        exc.NoInspectionAvailable,
        "No inspection system is available for object of type <class 'int'>",
    ),
    "select cls list": (
        lambda: select([U]),
        exc.ArgumentError,
        "Column expression, FROM clause, or other columns clause element expected, got [",
    ),
    "select obj": (
        lambda: select(U()),
        exc.ArgumentError,
        "Column expression, FROM clause, or other columns clause element expected, got",
    ),
    "object_session": (
        lambda: object_session(5),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.int' is not mapped",
    ),
    "class_mapper": (
        lambda: class_mapper(object),
        orm_exc.UnmappedClassError,
        "Class 'builtins.object' is not mapped",
    ),
    "undefer": (
        s(lambda ss: ss.query(U).options(undefer("x")).all()),
        exc.ArgumentError,
        "Strings are not accepted for attribute names in loader options; please use",
    ),
    "selectinload chain": (
        s(lambda ss: ss.query(U).options(selectinload(U.addrs).joinedload(U.addrs)).all()),
        exc.ArgumentError,
        'ORM mapped entity or attribute "U.addrs" does not link from relationship "U.addrs".',
    ),
    "is_modified": (
        s(lambda ss: ss.is_modified(5)),
        orm_exc.UnmappedInstanceError,
        "Class 'builtins.int' is not mapped",
    ),
    "identity_key": (
        lambda: Session.identity_key(5),
        exc.NoInspectionAvailable,
        "No inspection system is available for object of type <class 'int'>",
    ),
    "relationship kw": (
        lambda: relationship("A", lzay=1),
        TypeError,
        "RelationshipProperty.__init__() got an unexpected keyword argument 'lzay'",
    ),
    "mapped_column ty": (
        lambda: mapped_column("a", "b", "c"),
        exc.ArgumentError,
        "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got 'b'",
    ),
    "reg map 5": (
        lambda: registry().map_imperatively(5, t),
        exc.ArgumentError,
        "Argument 'cls_' is expected to be of type '<class 'type'>', got '<class 'int'>'",
    ),
    "reg mapped no table": (lambda: registry().mapped(type("Q", (), {})), exc.InvalidRequestError, "Class"),
    "event mapper": (
        lambda: event.listen(5, "load", print),
        exc.InvalidRequestError,
        "No such event 'load' for target '5'",
    ),
    "flag_modified": (
        lambda: attributes.flag_modified(U(), "nope"),
        KeyError,
        "U has no mapped attribute 'nope'",
    ),
}


WITHOUT_CONNECTION = {**ENGINES, **EXPRESSIONS, **SCHEMAS, **OBJECTS}


@pytest.mark.filterwarnings(
    "ignore::relvar.exc.SADeprecationWarning",
    "ignore::relvar.exc.SAWarning",
)
@pytest.mark.parametrize("use", WITHOUT_CONNECTION)
def test_wrong_uses(use: str) -> None:
    do, error, message = WITHOUT_CONNECTION[use]
    with pytest.raises(error) as caught:
        do()
    assert type(caught.value) is error
    assert message in str(caught.value)


@pytest.mark.parametrize("use", CONNECTIONS)
def test_wrong_uses_of_connections_and_results(use: str) -> None:
    do, error, message = CONNECTIONS[use]
    with e.connect() as conn, pytest.raises(error) as caught:
        do(conn)
    assert type(caught.value) is error
    assert message in str(caught.value)
