"""
What Redshift does not have, and what to do instead.

``_REFUSED`` is the list; each entry names the page of the Amazon Redshift Database Developer Guide
that says so.
"""

from __future__ import annotations

from typing import NamedTuple

from relvar import exc

__all__ = ["refusal"]

GUIDE = "https://docs.aws.amazon.com/redshift/latest/dg"
_FEATURES, _TYPES = "c_unsupported-postgresql-features", "c_unsupported-postgresql-datatypes"


class _Refused(NamedTuple):
    what: str
    instead: str
    page: str


_REFUSED = {
    "returning": _Refused(
        "RETURNING", "give keys with the rows, or select the rows afterwards", "r_INSERT_30"
    ),
    "on conflict": _Refused(
        "ON CONFLICT", "load a staging table and MERGE it into the table, with text()", "r_MERGE"
    ),
    "array": _Refused("arrays", "use the type SUPER, which holds JSON", _TYPES),
    "json operators": _Refused(
        "operators -> and ->>",
        "navigate in a SUPER by its own syntax, in text: literal_column('orders[0].price')",
        "query-super",
    ),
    "sequence": _Refused("sequences", "number the rows with Identity(start, increment)", _FEATURES),
    "index": _Refused(
        "indexes",
        "give the table a sort key, redshift_sortkey=..., and leave the index to other databases with "
        "Index.ddl_if(dialect=...)",
        _FEATURES,
    ),
    "check": _Refused(
        "CHECK constraints", "check values before they are loaded, or leave it out with ddl_if()", _FEATURES
    ),
    "exclude": _Refused("EXCLUDE constraints", "leave it out with ddl_if()", _FEATURES),
    "foreign key rules": _Refused(
        "ON DELETE, ON UPDATE and DEFERRABLE",
        "foreign keys only inform the planner, so delete dependent rows yourself: cascade='all, delete' "
        "without passive_deletes",
        "r_CREATE_TABLE_NEW",
    ),
    "for update": _Refused(
        "SELECT ... FOR UPDATE",
        "LOCK the table, with text(); writers of a table wait for each other",
        "r_LOCK",
    ),
    "savepoint": _Refused(
        "savepoints",
        "do not nest transactions: end the outer one, or do without begin_nested()",
        "c_unsupported-postgresql-functions",
    ),
    "distinct on": _Refused(
        "DISTINCT ON",
        "number the rows with func.row_number().over(...) and take the first ones",
        "r_SELECT_list",
    ),
    "computed": _Refused("computed columns", "make a view that computes them", "r_CREATE_TABLE_NEW"),
    "partitions": _Refused(
        "PARTITION BY, INHERITS, USING, WITH and TABLESPACE of a table",
        "distribute and sort it: redshift_diststyle, redshift_distkey, redshift_sortkey",
        _FEATURES,
    ),
    "type": _Refused("type {name}", "use {instead}", _TYPES),
}


def refusal(key: str, **names: str) -> exc.CompileError:
    """
    Return the error that says what is refused, what to do, and where it is written.

    >>> print(refusal("returning"))
    Amazon Redshift has no RETURNING: give keys with the rows, or select the rows afterwards
    (https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html)
    """
    refused = _REFUSED[key]
    what, instead = refused.what.format(**names), refused.instead.format(**names)
    return exc.CompileError(f"Amazon Redshift has no {what}: {instead}\n({GUIDE}/{refused.page}.html)")
