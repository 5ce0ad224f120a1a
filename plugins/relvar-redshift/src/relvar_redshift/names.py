"""
Names in Redshift: its reserved words are not PostgreSQL's.

Source: https://docs.aws.amazon.com/redshift/latest/dg/r_pg_keywords.html
"""

from __future__ import annotations

from typing import Any

from relvar.dialects.postgresql.drivers._pg8000_compiler import PGIdentifierPreparer_pg8000
from relvar.dialects.postgresql.names import PGIdentifierPreparer

__all__ = ["RESERVED_WORDS", "RedshiftIdentifierPreparer", "RedshiftIdentifierPreparer_redshift_connector"]

RESERVED_WORDS = frozenset(
    """
    aes128 aes256 all allowoverwrite analyse analyze and any array as asc authorization az64
    backup between binary blanksasnull both bytedict bzip2 case cast check collate column
    constraint create credentials cross current_date current_time current_timestamp
    current_user current_user_id default deferrable deflate defrag delta delta32k desc disable
    distinct do else emptyasnull enable encode encrypt encryption end except explicit false for
    foreign freeze from full globaldict256 globaldict64k grant group gzip having identity ignore
    ilike in initially inner intersect interval into is isnull join language leading left like
    limit localtime localtimestamp lun luns lzo lzop minus mostly13 mostly32 mostly8 natural new
    not notnull null nulls off offline offset oid old on only open or order outer overlaps
    parallel partition percent permissions placing primary raw readratio recover references
    rejectlog resort respect restore right select session_user similar snapshot some sysdate
    system table tag tdes text255 text32k then timestamp to top trailing true truncatecolumns
    union unique user using verbose wallet when where with without
    """.split()
)


class RedshiftIdentifierPreparer(PGIdentifierPreparer):
    """
    Quote and format names for Redshift.
    """

    reserved_words: Any = RESERVED_WORDS


class RedshiftIdentifierPreparer_redshift_connector(PGIdentifierPreparer_pg8000):
    """
    Quote names for redshift_connector, which does not look into quotes.
    """

    reserved_words: Any = RESERVED_WORDS
