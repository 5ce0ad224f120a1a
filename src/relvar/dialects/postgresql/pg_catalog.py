"""
PostgreSQL's catalogs as tables, for questions that the inspector does not answer.

>>> from relvar import select
>>> from relvar.dialects.postgresql import pg_catalog
>>> relations = pg_catalog.pg_class
>>> str(select(relations.c.relname).where(relations.c.relkind == "m")).splitlines()[1]
'FROM pg_catalog.pg_class '

Columns that PostgreSQL 12 to 18 have; access lists and transaction numbers are left out.

Source: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relvar import types as sqltypes
from relvar.dialects.postgresql.array import ARRAY
from relvar.dialects.postgresql.types import OID
from relvar.expr.function import func
from relvar.schema import Column, MetaData, Table

if TYPE_CHECKING:
    from relvar.expr.function import _FunctionGenerator
    from relvar.relation.columns import ReadOnlyColumnCollection

__all__ = [
    "INT2VECTOR",
    "NAME",
    "OIDVECTOR",
    "PG_NODE_TREE",
    "REGPROC",
    "format_type",
    "pg_am",
    "pg_attrdef",
    "pg_attribute",
    "pg_catalog_meta",
    "pg_class",
    "pg_collation",
    "pg_collation_is_visible",
    "pg_constraint",
    "pg_description",
    "pg_enum",
    "pg_get_constraintdef",
    "pg_get_expr",
    "pg_get_indexdef",
    "pg_get_serial_sequence",
    "pg_get_viewdef",
    "pg_index",
    "pg_inherits",
    "pg_namespace",
    "pg_opclass",
    "pg_sequence",
    "pg_table_is_visible",
    "pg_tablespace",
    "pg_type",
    "pg_type_is_visible",
    "quote_ident",
]


class NAME(sqltypes.String):
    """
    The name of an object: up to 63 characters.
    """


class _Numbers(sqltypes.TypeDecorator[list[int]]):
    """
    Numbers with spaces between them, as a list.
    """

    impl = sqltypes.String
    cache_ok: bool = True

    def process_result_value(self, value: Any, dialect: Any) -> list[int] | None:
        """
        Return the numbers.
        """
        if isinstance(value, str):
            return [int(number) for number in value.split()]
        return value  # type: ignore[no-any-return]  # the driver made a list


class INT2VECTOR(_Numbers):
    """
    Numbers of columns.
    """

    cache_ok: bool = True


class OIDVECTOR(_Numbers):
    """
    OIDs.
    """

    cache_ok: bool = True


class REGPROC(sqltypes.String):
    """
    A function by name.
    """


class PG_NODE_TREE(sqltypes.String):
    """
    A parsed expression; ``pg_get_expr`` makes SQL of it.
    """


_TYPES: dict[str, Any] = {
    "bool": sqltypes.Boolean(),
    "char": sqltypes.CHAR(),
    "float4": sqltypes.Float(),
    "int2": sqltypes.SmallInteger(),
    "int4": sqltypes.Integer(),
    "int8": sqltypes.BigInteger(),
    "int2vector": INT2VECTOR(),
    "name": NAME(),
    "oid": OID(),
    "oidvector": OIDVECTOR(),
    "pg_node_tree": PG_NODE_TREE(),
    "regproc": REGPROC(),
    "text": sqltypes.Text(),
    "int2[]": ARRAY(sqltypes.SmallInteger),
    "oid[]": ARRAY(OID),
    "text[]": ARRAY(sqltypes.Text),
}

_CATALOGS = """
pg_am:
  oid oid, amname name, amhandler regproc, amtype char

pg_attrdef:
  oid oid, adrelid oid, adnum int2, adbin pg_node_tree

pg_attribute:
  attrelid oid, attname name, atttypid oid, attstattarget int4, attlen int2, attnum int2, attndims int4,
  atttypmod int4, attbyval bool, attalign char, attstorage char, attcompression char, attnotnull bool,
  atthasdef bool, atthasmissing bool, attidentity char, attgenerated char, attisdropped bool, attislocal
  bool, attinhcount int4, attcollation oid, attoptions text[], attfdwoptions text[]

pg_class:
  oid oid, relname name, relnamespace oid, reltype oid, reloftype oid, relowner oid, relam oid,
  relfilenode oid, reltablespace oid, relpages int4, reltuples float4, relallvisible int4, reltoastrelid
  oid, relhasindex bool, relisshared bool, relpersistence char, relkind char, relnatts int2, relchecks
  int2, relhasrules bool, relhastriggers bool, relhassubclass bool, relrowsecurity bool,
  relforcerowsecurity bool, relispopulated bool, relreplident char, relispartition bool, relrewrite oid,
  reloptions text[], relpartbound pg_node_tree

pg_collation:
  oid oid, collname name, collnamespace oid, collowner oid, collprovider char, collisdeterministic bool,
  collencoding int4, collcollate text, collctype text, collversion text

pg_constraint:
  oid oid, conname name, connamespace oid, contype char, condeferrable bool, condeferred bool,
  convalidated bool, conrelid oid, contypid oid, conindid oid, conparentid oid, confrelid oid,
  confupdtype char, confdeltype char, confmatchtype char, conislocal bool, coninhcount int4,
  connoinherit bool, conkey int2[], confkey int2[], conpfeqop oid[], conppeqop oid[], conffeqop oid[],
  confdelsetcols int2[], conexclop oid[], conbin pg_node_tree

pg_description:
  objoid oid, classoid oid, objsubid int4, description text

pg_enum:
  oid oid, enumtypid oid, enumsortorder float4, enumlabel name

pg_index:
  indexrelid oid, indrelid oid, indnatts int2, indnkeyatts int2, indisunique bool, indnullsnotdistinct
  bool, indisprimary bool, indisexclusion bool, indimmediate bool, indisclustered bool, indisvalid bool,
  indcheckxmin bool, indisready bool, indislive bool, indisreplident bool, indkey int2vector,
  indcollation oidvector, indclass oidvector, indoption int2vector, indexprs pg_node_tree, indpred
  pg_node_tree

pg_inherits:
  inhrelid oid, inhparent oid, inhseqno int4, inhdetachpending bool

pg_namespace:
  oid oid, nspname name, nspowner oid

pg_opclass:
  oid oid, opcmethod oid, opcname name, opcnamespace oid, opcowner oid, opcfamily oid, opcintype oid,
  opcdefault bool, opckeytype oid

pg_sequence:
  seqrelid oid, seqtypid oid, seqstart int8, seqincrement int8, seqmax int8, seqmin int8, seqcache int8,
  seqcycle bool

pg_tablespace:
  oid oid, spcname name, spcowner oid, spcoptions text[]

pg_type:
  oid oid, typname name, typnamespace oid, typowner oid, typlen int2, typbyval bool, typtype char,
  typcategory char, typispreferred bool, typisdefined bool, typdelim char, typrelid oid, typsubscript
  regproc, typelem oid, typarray oid, typinput regproc, typoutput regproc, typreceive regproc, typsend
  regproc, typmodin regproc, typmodout regproc, typanalyze regproc, typalign char, typstorage char,
  typnotnull bool, typbasetype oid, typtypmod int4, typndims int4, typcollation oid, typdefaultbin
  pg_node_tree, typdefault text
"""

pg_catalog_meta: MetaData = MetaData(schema="pg_catalog")


def _table(name: str) -> Table:
    """
    Return the table of a catalog, as `_CATALOGS` describes it.
    """
    pairs = (entry.split() for entry in _COLUMNS[name].split(","))
    return Table(name, pg_catalog_meta, *(Column(column, _TYPES[kind]) for column, kind in pairs))


_COLUMNS = {name: columns for name, _, columns in (c.partition(":") for c in _CATALOGS.strip().split("\n\n"))}

pg_am: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_am")
pg_attrdef: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_attrdef")
pg_attribute: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_attribute")
pg_class: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_class")
pg_collation: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_collation")
pg_constraint: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_constraint")
pg_description: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_description")
pg_enum: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_enum")
pg_index: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_index")
pg_inherits: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_inherits")
pg_namespace: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_namespace")
pg_opclass: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_opclass")
pg_sequence: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_sequence")
pg_tablespace: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_tablespace")
pg_type: Table[ReadOnlyColumnCollection[str, Column[Any]]] = _table("pg_type")

_functions = func.pg_catalog
format_type: _FunctionGenerator = _functions.format_type
pg_collation_is_visible: _FunctionGenerator = _functions.pg_collation_is_visible
pg_get_constraintdef: _FunctionGenerator = _functions.pg_get_constraintdef
pg_get_expr: _FunctionGenerator = _functions.pg_get_expr
pg_get_indexdef: _FunctionGenerator = _functions.pg_get_indexdef
pg_get_serial_sequence: _FunctionGenerator = _functions.pg_get_serial_sequence
pg_get_viewdef: _FunctionGenerator = _functions.pg_get_viewdef
pg_table_is_visible: _FunctionGenerator = _functions.pg_table_is_visible
pg_type_is_visible: _FunctionGenerator = _functions.pg_type_is_visible
quote_ident: _FunctionGenerator = _functions.quote_ident
