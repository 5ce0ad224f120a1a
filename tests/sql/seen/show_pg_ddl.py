"""Indexes, tables, constraints, views, keys, types and sequences of PostgreSQL in DDL."""

# ruff: noqa: E501  # a case is one line

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import relvar
from relvar import Column, Index, Integer, MetaData, String, Table, schema
from relvar.dialects import postgresql as pg
from relvar.schema import CreateIndex, CreateTable

INDEXES = [
    "ix('a', postgresql_using='gin')",
    "ix('a', postgresql_using='GiST')",
    "ix('a', postgresql_using='g in')",
    "ix('a', postgresql_using='hash; drop')",
    "ix('a', 'b', postgresql_ops={'a': 'text_pattern_ops', 'b': 'int4_ops'})",
    "ix('a', postgresql_ops={'zz': 'x'})",
    "ix(lambda t: func.lower(t.c.a), postgresql_ops={'lower': 'text_pattern_ops'})",
    "ix(lambda t: func.lower(t.c.a).label('q'), postgresql_ops={'q': 'text_pattern_ops'})",
    "ix(lambda t: t.c.a.desc(), postgresql_ops={'a': 'text_pattern_ops'})",
    "ix('xy', postgresql_ops={'xy': 'int4_ops'})",
    "ix('xy', postgresql_ops={'X y': 'int4_ops'})",
    "ix('a', postgresql_where=lambda t: t.c.b > 5)",
    "ix('a', postgresql_where='b > 5')",
    "ix('a', postgresql_where=text('b > 5'))",
    "ix('a', postgresql_where=lambda t: and_(t.c.b > 5, t.c.a == \"x'y%\"))",
    "ix('a', postgresql_where=lambda t: t.c.b.in_([1, 2]))",
    "ix('a', postgresql_where=lambda t: t.c.a.is_(None))",
    "ix('a', postgresql_where=lambda t: t.c.b == bindparam('q'))",
    "ix('a', postgresql_where=lambda t: t.c.j['k'].astext == 'v')",
    "ix('a', postgresql_where=5)",
    "ix('a', postgresql_include=['b'])",
    "ix('a', postgresql_include=lambda t: [t.c.b, t.c.xy])",
    "ix('a', postgresql_include=['xy'])",
    "ix('a', postgresql_include=['zz'])",
    "ix('a', postgresql_include=[])",
    "ix('a', postgresql_include='b')",
    "ix('a', postgresql_concurrently=True)",
    "ix('a', postgresql_concurrently=True, unique=True)",
    "ix('a', postgresql_with={'fillfactor': 50})",
    "ix('a', postgresql_with={'fillfactor': 50, 'buffering': 'off'})",
    "ix('a', postgresql_with={'fastupdate': False})",
    "ix('a', postgresql_with={})",
    "ix('a', postgresql_with='x')",
    "ix('a', postgresql_tablespace='ts')",
    "ix('a', postgresql_tablespace='T S')",
    "ix('a', unique=True, postgresql_nulls_not_distinct=True)",
    "ix('a', unique=True, postgresql_nulls_not_distinct=False)",
    "ix('a', postgresql_nulls_not_distinct=None)",
    "ix('a', unique=True, postgresql_using='btree', postgresql_ops={'a': 'text_ops'}, postgresql_include=['b'], postgresql_nulls_not_distinct=True, postgresql_with={'fillfactor': 50}, postgresql_tablespace='ts', postgresql_where=text('b>1'), postgresql_concurrently=True)",
    "ix(lambda t: t.c.a.desc().nulls_last())",
    "ix(lambda t: t.c.b + 1)",
    "ix(lambda t: (t.c.b + 1).desc())",
    "ix(lambda t: t.c.j['a'])",
    "ix(lambda t: t.c.j['a'].astext)",
    "ix(lambda t: cast(t.c.a, Integer))",
    "ix(lambda t: func.to_tsvector('english', t.c.a), postgresql_using='gin')",
    "ix(lambda t: t.c.a.collate('C'))",
    "ix(lambda t: text('lower(a)'))",
    "ix(lambda t: text('a DESC'))",
    "ix(lambda t: t.c.a.op('||')('x'))",
    "ix(lambda t: case((t.c.b > 1, 1)))",
    "ix(lambda t: literal_column('a'))",
    "ix(lambda t: func.coalesce(t.c.a, \"x'%\").desc(), 'b')",
    "ix(lambda t: t.c.a.nulls_first())",
    "ix(lambda t: -t.c.b)",
    "ix(lambda t: t.c.b.label('z'))",
    "ix(lambda t: type_coerce(t.c.b, String))",
    "ix(lambda t: func.lower(t.c.a).collate('C').desc())",
    "ix('a', postgresql_foo=5)",
    "ix('a', mysql_length=5)",
]

CONSTRAINTS = [
    "CheckConstraint('a > 5', name='x', postgresql_not_valid=True)",
    "CheckConstraint(column('a') > 5, postgresql_not_valid=True)",
    "ForeignKeyConstraint(['a'], ['p.id'], postgresql_not_valid=True)",
    "ForeignKeyConstraint(['a'], ['p.id'], postgresql_not_valid=True, deferrable=True, initially='DEFERRED', match='FULL', ondelete='CASCADE', onupdate='SET NULL', name='n')",
    "ForeignKeyConstraint(['a'], ['p.id'], onupdate='SET NULL (a)')",
    "UniqueConstraint('a', postgresql_include=['b'])",
    "UniqueConstraint('a', postgresql_nulls_not_distinct=True)",
    "UniqueConstraint('a', postgresql_nulls_not_distinct=False)",
    "UniqueConstraint('a', postgresql_nulls_not_distinct=True, postgresql_include=['cc'], deferrable=True, name='u')",
    "PrimaryKeyConstraint('a', postgresql_include=['b'])",
    "PrimaryKeyConstraint('a', 'b', name='x', postgresql_include=['cc'])",
    "UniqueConstraint('a', postgresql_include=['zz'])",
    "UniqueConstraint('a', postgresql_foo=1)",
    "ExcludeConstraint(('a', '='))",
    "ExcludeConstraint((column('a'), '='), (column('r'), '&&'), using='gist', name='ex')",
    "ExcludeConstraint(('a', '='), using='btree')",
    "ExcludeConstraint(('a', '='), where='a > 5')",
    "ExcludeConstraint(('a', '='), where=column('a') > 5)",
    "ExcludeConstraint(('a', '='), where=text('a>5'), ops={'a': 'int4_ops'}, deferrable=True, initially='deferred')",
    "ExcludeConstraint((text('int4range(a,b)'), '&&'))",
    "ExcludeConstraint((func.int4range(column('a'), column('b')), '&&'))",
    "ExcludeConstraint((literal_column('int4range(a,b)'), '&&'), name='q')",
    "ExcludeConstraint((cast('a', String), '='))",
    "ExcludeConstraint(('cc', '='))",
    "ExcludeConstraint(('zz', '='))",
    "ExcludeConstraint()",
    "ExcludeConstraint('a')",
    "ExcludeConstraint(('a',))",
    "ExcludeConstraint(('a', '='), foo=5)",
    "ExcludeConstraint(('a', '='), using='b ad')",
    "ExcludeConstraint((column('a').desc(), '='))",
    "ExcludeConstraint((func.coalesce(column('a'), 0), '='), ops={'a': 'x'})",
    "ExcludeConstraint((column('q')['x'].label('lb'), '='), ops={'lb': 'o'})",
    "ExcludeConstraint((column('a') + 1, '='))",
    "ExcludeConstraint(('a', '=; drop'))",
    "ExcludeConstraint(('a', 5))",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (a)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (a, b)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET DEFAULT (a)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='set null (a)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (a,b)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='CASCADE (a)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL(a)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (\"c c\")')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='NO ACTION')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='RESTRICT')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='foo')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (a); x')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL (c c)')",
    "ForeignKeyConstraint(['a'], ['p.id'], ondelete='SET NULL ()')",
]

VIEWS = [
    "CreateView(select(t), 'v')",
    "CreateView(select(t).where(t.c.a > 5), 'v', postgresql_with={'security_barrier': True, 'check_option': 'local'})",
    "CreateView(select(t), 'v', or_replace=True, temporary=True, schema='q')",
    "CreateView(select(t), 'v', materialized=True)",
    "CreateView(select(t), 'v', materialized=True, postgresql_with={'fillfactor': 50})",
    "CreateView(select(t), 'v', materialized=True, if_not_exists=True)",
    "CreateView(select(t), 'v', if_not_exists=True)",
    "CreateView(select(t), 'v', postgresql_with={'security_invoker': None})",
    "CreateView(select(t), 'v', postgresql_with={})",
    "CreateView(select(t), 'v', postgresql_with='x')",
    "CreateView(select(t), 'v', postgresql_with={'a b': 5})",
    "CreateView(select(t), 'v', postgresql_with={'security_barrier': False})",
    "CreateView(select(t.c.a.label('z')), 'v', metadata=m)",
    "CreateView(select(t), 'v', materialized=True, or_replace=True)",
    "CreateView(select(t), 'v', materialized=True, temporary=True)",
    "DropView(CreateView(select(t), 'v2', metadata=m).table)",
    "DropView(CreateView(select(t), 'v3', metadata=m, materialized=True).table, materialized=True, if_exists=True)",
    "CreateTableAs(select(t), 'q')",
    "CreateTableAs(select(t), 'q', temporary=True, if_not_exists=True, schema='s')",
    "CreateTableAs(select(t), 'q', postgresql_with={'fillfactor': 50})",
    "CreateTableAs(select(t), 'q', postgresql_tablespace='x')",
    "CreateTableAs(select(t), 'q', postgresql_on_commit='DROP', temporary=True)",
    "CreateView(select(t), 'v', postgresql_foo=1)",
    "CreateView(select(t), 'v', postgresql_tablespace=1)",
]

KEYS = [
    "c(Integer, primary_key=True)",
    "c(BigInteger, primary_key=True)",
    "c(SmallInteger, primary_key=True)",
    "c(Integer, Identity(), primary_key=True)",
    "c(Integer, Identity(always=True, start=5, increment=2, minvalue=1, maxvalue=99, cycle=True, cache=3, order=True, on_null=True))",
    "c(Integer, Identity(nominvalue=True, nomaxvalue=True))",
    "c(Integer, Identity(), nullable=True)",
    "c(Integer, Identity(), nullable=False)",
    "c(Integer, Sequence('s'), primary_key=True)",
    "c(Integer, Sequence('s', optional=True), primary_key=True)",
    "c(Integer, primary_key=True, autoincrement=False)",
    "c(Integer, autoincrement=True)",
    "c(String, primary_key=True)",
    "c(String, primary_key=True, autoincrement=True)",
    "c(Integer, Sequence('s', start=5, schema='q'), server_default=Sequence('s').next_value(), primary_key=True)",
    "c(Numeric, primary_key=True)",
    "c(Integer, server_default='5', primary_key=True)",
    "c(Integer, Computed('1+1'))",
    "c(Integer, Computed('1+1', persisted=True))",
    "c(Integer, Computed('1+1', persisted=False))",
    "c(Integer, ForeignKey('t.id'), primary_key=True)",
    "c(Integer, default=5, primary_key=True)",
    "c(Integer, default=Sequence('s', optional=True), primary_key=True)",
    "c(Integer().with_variant(BigInteger(), 'postgresql'), primary_key=True)",
    "c(BIGINT, primary_key=True)",
    "c(SMALLINT, primary_key=True)",
]

TABLES = [
    "postgresql_partition_by='RANGE (a)'",
    "postgresql_inherits='p'",
    "postgresql_inherits=('p', 'q q')",
    "postgresql_inherits=['p']",
    "postgresql_on_commit='DROP', prefixes=['TEMPORARY']",
    "postgresql_on_commit='PRESERVE ROWS'",
    "postgresql_on_commit='delete_rows'",
    "postgresql_tablespace='x'",
    "postgresql_tablespace='X y'",
    "postgresql_using='heap'",
    "postgresql_with={'fillfactor': 70}",
    "postgresql_with={'fillfactor': 70, 'autovacuum_enabled': False}",
    "postgresql_with_oids=True",
    "postgresql_with_oids=False",
    "postgresql_inherits='p', postgresql_partition_by='LIST (a)', postgresql_using='heap', postgresql_with={'fillfactor': 70}, postgresql_with_oids=True, postgresql_on_commit='DROP', postgresql_tablespace='x'",
    "postgresql_foo=5",
    "prefixes=['UNLOGGED']",
    "postgresql_inherits='s.p'",
    "postgresql_on_commit='nonsense'",
]

OTHERS = [
    "CreateEnumType(ENUM('a', 'b', name='x'))",
    "DropEnumType(ENUM('a', name='x', schema='S'))",
    "CreateDomainType(DOMAIN('d', String(5), collation='C', default=\"x'y\", not_null=True, check='VALUE > 5', constraint_name='q w'))",
    "DropDomainType(DOMAIN('d', Integer, schema='s'))",
    "CreateDomainType(DOMAIN('d', Numeric(5, 2), default=text('5+1'), check=text('VALUE > 1')))",
    "CreateDomainType(DOMAIN('d', ENUM('a', name='e')))",
    "CreateDomainType(DOMAIN('d', Integer, constraint_name='x'))",
    "CreateDomainType(DOMAIN('d', Text, collation='c', collation_schema='s'))",
    "CreateDomainType(DOMAIN('d', DOMAIN('e', Integer)))",
    "CreateEnumType(ENUM('a%b', 'c:d', 'e\\\\f', name='x'))",
    "String(5, collation='de_DE', collation_schema='pg_catalog')",
    "Text(collation='x y')",
    "CITEXT(collation='C')",
    "String(collation_schema='x')",
    "ARRAY(String(collation='C', collation_schema='s'))",
    "cast(column('b'), String(collation='C', collation_schema='s'))",
    "column('b', String).collate('C')",
    "CreateSequence(Sequence('s'))",
    "DropSequence(Sequence('s'), if_exists=True)",
    "select(Sequence('s').next_value())",
    "CreateSequence(Sequence('s', start=5, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=5, schema='q q', data_type=BigInteger))",
    "DropSequence(Sequence('s', start=5, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=5, schema='q q', data_type=BigInteger), if_exists=True)",
    "select(Sequence('s', start=5, increment=2, minvalue=1, maxvalue=9, cycle=True, cache=5, schema='q q', data_type=BigInteger).next_value())",
    "CreateSequence(Sequence('s', nominvalue=True, nomaxvalue=True, cycle=False))",
    "DropSequence(Sequence('s', nominvalue=True, nomaxvalue=True, cycle=False), if_exists=True)",
    "select(Sequence('s', nominvalue=True, nomaxvalue=True, cycle=False).next_value())",
    "CreateSequence(Sequence('s', data_type=SmallInteger))",
    "DropSequence(Sequence('s', data_type=SmallInteger), if_exists=True)",
    "select(Sequence('s', data_type=SmallInteger).next_value())",
]


def ix(*elements: Any, **options: Any) -> Any:
    """Return CREATE INDEX; elements are names of columns or functions of the table, as values are."""
    t = Table(
        "t",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("a", String),
        Column("b", Integer),
        Column("j", pg.JSONB),
        Column("X y", Integer, key="xy"),
    )
    made = [element(t) if callable(element) else t.c[element] for element in elements]
    return CreateIndex(Index("ix", *made, **{k: v(t) if callable(v) else v for k, v in options.items()}))


def constrained(constraint: Any) -> Any:
    """Return CREATE TABLE with a constraint."""
    t = Table(
        "t",
        MetaData(),
        Column("a", Integer),
        Column("b", Integer),
        Column("c c", Integer, key="cc"),
        Column("r", pg.INT4RANGE),
        Column("q", pg.JSONB),
        constraint,
    )
    Table("p", t.metadata, Column("id", Integer, primary_key=True), Column("b", Integer))
    return CreateTable(t)


def c(*arguments: Any, **options: Any) -> Any:
    """Return CREATE TABLE with a column."""
    return CreateTable(Table("t", MetaData(), Column("id", *arguments, **options)))


def case(source: str) -> Callable[[], Any]:
    """Return the case that evaluates *source*."""
    m = MetaData()
    t = Table("t", m, Column("a", Integer), Column("b", String))
    names = {**PUBLIC, "t": t, "m": m, "ix": ix, "c": c, "constrained": constrained, "pg": pg}
    return lambda: eval(source, names)


PUBLIC = {
    name: getattr(place, name)
    for place in (relvar, schema, pg)
    for name in dir(place)
    if not isinstance(getattr(place, name), ModuleType)
}
CASES: dict[str, Any] = {
    f"postgresql: {source}": case(source)
    for source in (
        *INDEXES,
        *(f"constrained({source})" for source in CONSTRAINTS),
        *VIEWS,
        *KEYS,
        *(f"CreateTable(Table('t', MetaData(), Column('a', Integer), {options}))" for options in TABLES),
        *OTHERS,
    )
}
