"""
Names in SAP ASE and SQL Anywhere: reserved words and quotes.

Source: ASE 15.7, Reference Manual: Building Blocks, reserved words;
SQL Anywhere 16, SQL Reference: reserved words.
"""

from __future__ import annotations

from typing import Any

from relvar.compile.names import IdentifierPreparer

# of both
_SHARED = """
    add all alter and any as asc begin between break by cascade case check checkpoint close comment
    commit constraint continue convert create cross current cursor deallocate declare default delete
    desc distinct drop dynamic else encrypted end endif escape except exec execute exists fetch
    first for foreign from goto grant group having holdlock identified if in index inner inout
    insensitive insert instead integrated intersect into is isolation join key left like lock match
    mode natural new no noholdlock not notify null of off on open option or order others out outer
    over passthrough precision prepare primary print privileges proc procedure publication raiserror
    readtext reference references release remote remove rename reorganize resource restore restrict
    return revoke right rollback rollup save savepoint schema scroll select sensitive session set
    setuser share some sqlcode sqlstate start stop subtrans subtransaction synchronize table
    temporary then ties to top tran trigger truncate tsequal union unique unknown unsigned update
    user using validate values variable varying view wait waitfor when where while window with
    within work writetext
"""

ASE_RESERVED_WORDS = set(
    (
        _SHARED
        + """
    arith_overflow at authorization avg browse bulk char_convert clustered coalesce compute confirm
    connect controlrow count count_big database dbcc decrypt deterministic disk dummy dump encrypt
    endtran errlvl errordata errorexit exclusive exit exp_row_size external fillfactor func function
    identity identity_gap identity_insert identity_start install int intersect isnull jar kill level
    lineno load locale materialized max max_rows_per_page min mirror mirrorexit modify national
    non_sensitive nonclustered nonscrollable nullif numeric_truncation off offsets once online only
    output partition perm permanent plan processexit proxy_table public quiesce raw read reconfigure
    replace reservepagegap returns role rowcount rows rule semi_sensitive shared shutdown statistics
    stringsize stripe sum syb_identity syb_restree syb_terminate temp textsize threshold tracefile
    transaction unpartition use user_option xmlextract xmlparse xmltable xmltest xmlvalidate
"""
    ).split()
)

ANYWHERE_RESERVED_WORDS = set(
    (
        _SHARED
        + """
    array attach backup bigint binary bit bottom call capability char char_convert character
    contains cube current_timestamp current_user date dbspace dec decimal deleting detach do double
    elseif exception existing externlogin float force forward full function identified inserting int
    integer iq kerberos lateral limit link load login long membership merge minus modify nchar no
    numeric nvarchar options over pivot print proc real row rowtype setuser smallint sql_state
    sqlstate time timestamp tinyint treat unbounded uniqueidentifier unnest unpivot updating
    varbinary varbit varchar varray xml
"""
    ).split()
)


class AseIdentifierPreparer(IdentifierPreparer):
    """
    Quote names in brackets, which need no option of the session.
    """

    reserved_words: Any = ASE_RESERVED_WORDS

    def __init__(self, dialect: Any, **kw: Any) -> None:
        super().__init__(dialect, initial_quote="[", final_quote="]", **kw)


class AnywhereIdentifierPreparer(IdentifierPreparer):
    """
    Quote names of SQL Anywhere.
    """

    reserved_words: Any = ANYWHERE_RESERVED_WORDS
