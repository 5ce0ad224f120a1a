"""
The catalogs of SAP ASE and SQL Anywhere, as queries about one table.

Source: ASE
https://infocenter-archive.sybase.com/help/topic/com.sybase.help.ase_15.0.tables/html/tables/tables22.htm
(syscolumns), .../tables54.htm (sysreferences); SQL Anywhere
https://infocenter.sybase.com/help/topic/com.sybase.help.sqlanywhere.12.0.1/dbreference/systabcol-system-view.html
and its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ANYWHERE", "ASE", "ASE_KEYS"]

ASE_KEYS = range(1, 17)
"How many columns a foreign key may have in sysreferences."

# an index has up to 31
_INDEX_KEYS = range(1, 32)
_REFERENCED = ", ".join(f"r.fokey{key}, r.refkey{key}" for key in ASE_KEYS)
_INDEXED = ", ".join(f"index_col(o.name, i.indid, {key}, o.uid)" for key in _INDEX_KEYS)


def _queries(**queries: str) -> Mapping[str, str]:
    return {name: " ".join(query.split()) for name, query in queries.items()}


_ASE_NAMES = """
    SELECT o.name FROM sysobjects o JOIN sysusers u ON u.uid = o.uid
    WHERE u.name = :owner AND o.type = '{kind}' ORDER BY o.name
"""

ASE: Mapping[str, str] = _queries(
    schemas="SELECT u.name FROM sysusers u ORDER BY u.name",
    tables=_ASE_NAMES.format(kind="U"),
    views=_ASE_NAMES.format(kind="V"),
    objects="""
        SELECT o.id, o.type FROM sysobjects o JOIN sysusers u ON u.uid = o.uid
        WHERE u.name = :owner AND o.name = :name AND o.type IN ('U', 'V', 'S')
    """,
    columns="""
        SELECT c.name, t.name, c.length, c.prec, c.scale, c.status, d.text, k.text
        FROM syscolumns c
        JOIN systypes t ON t.usertype = c.usertype
        JOIN sysobjects o ON o.id = c.id
        JOIN sysusers u ON u.uid = o.uid
        LEFT OUTER JOIN syscomments d ON d.id = c.cdefault
        LEFT OUTER JOIN syscomments k ON k.id = c.computedcol
        WHERE u.name = :owner AND o.name = :name ORDER BY c.colid
    """,
    column_names="""
        SELECT c.colid, c.name FROM syscolumns c
        JOIN sysobjects o ON o.id = c.id
        JOIN sysusers u ON u.uid = o.uid
        WHERE u.name = :owner AND o.name = :name
    """,
    indexes=f"""
        SELECT i.name, i.status, i.status2, {_INDEXED} FROM sysindexes i
        JOIN sysobjects o ON o.id = i.id
        JOIN sysusers u ON u.uid = o.uid
        WHERE u.name = :owner AND o.name = :name AND i.indid BETWEEN 1 AND 254 ORDER BY i.name
    """,
    foreign_keys=f"""
        SELECT n.name, ru.name, ro.name, r.keycnt, {_REFERENCED} FROM sysreferences r
        JOIN sysobjects o ON o.id = r.tableid
        JOIN sysusers u ON u.uid = o.uid
        JOIN sysobjects n ON n.id = r.constrid
        JOIN sysobjects ro ON ro.id = r.reftabid
        JOIN sysusers ru ON ru.uid = ro.uid
        WHERE u.name = :owner AND o.name = :name AND r.pmrydbname IS NULL ORDER BY n.name
    """,
    checks="""
        SELECT n.name, t.text FROM sysconstraints k
        JOIN sysobjects o ON o.id = k.tableid
        JOIN sysusers u ON u.uid = o.uid
        JOIN sysobjects n ON n.id = k.constrid
        JOIN syscomments t ON t.id = k.constrid
        WHERE u.name = :owner AND o.name = :name AND n.type = 'R' ORDER BY n.name, t.colid
    """,
    definition="""
        SELECT t.text FROM syscomments t
        JOIN sysobjects o ON o.id = t.id
        JOIN sysusers u ON u.uid = o.uid
        WHERE u.name = :owner AND o.name = :name AND o.type = 'V' ORDER BY t.colid
    """,
)
"Question -> query, of ASE."

_ANYWHERE_NAMES = """
    SELECT t.table_name FROM SYS.SYSTAB t JOIN SYS.SYSUSER u ON u.user_id = t.creator
    WHERE u.user_name = :owner AND t.table_type = {kind} ORDER BY t.table_name
"""

ANYWHERE: Mapping[str, str] = _queries(
    schemas="SELECT u.user_name FROM SYS.SYSUSER u ORDER BY u.user_name",
    tables=_ANYWHERE_NAMES.format(kind=1),
    materialized_views=_ANYWHERE_NAMES.format(kind=2),
    temporary_tables=_ANYWHERE_NAMES.format(kind=3),
    views=_ANYWHERE_NAMES.format(kind=21),
    objects="""
        SELECT t.table_id, t.table_type FROM SYS.SYSTAB t
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        WHERE u.user_name = :owner AND t.table_name = :name
    """,
    sequences="""
        SELECT s.sequence_name FROM SYS.SYSSEQUENCE s
        JOIN SYS.SYSUSER u ON u.user_id = s.owner
        WHERE u.user_name = :owner ORDER BY s.sequence_name
    """,
    columns="""
        SELECT c.column_name, d.domain_name, c.width, c.scale, c.nulls, c."default", c.column_type, k.remarks
        FROM SYS.SYSTABCOL c
        JOIN SYS.SYSDOMAIN d ON d.domain_id = c.domain_id
        JOIN SYS.SYSTAB t ON t.table_id = c.table_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        LEFT OUTER JOIN SYS.SYSREMARK k ON k.object_id = c.object_id
        WHERE u.user_name = :owner AND t.table_name = :name ORDER BY c.column_id
    """,
    indexes="""
        SELECT i.index_name, i.index_category, i."unique", c.column_name, x."order" FROM SYS.SYSIDX i
        JOIN SYS.SYSTAB t ON t.table_id = i.table_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        JOIN SYS.SYSIDXCOL x ON x.table_id = i.table_id AND x.index_id = i.index_id
        JOIN SYS.SYSTABCOL c ON c.table_id = x.table_id AND c.column_id = x.column_id
        WHERE u.user_name = :owner AND t.table_name = :name ORDER BY i.index_name, x.sequence
    """,
    # the columns of a foreign key's index name those of the key they refer to
    foreign_keys="""
        SELECT i.index_name, ru.user_name, rt.table_name, c.column_name, rc.column_name, g.referential_action
        FROM SYS.SYSFKEY f
        JOIN SYS.SYSIDX i ON i.table_id = f.foreign_table_id AND i.index_id = f.foreign_index_id
        JOIN SYS.SYSTAB t ON t.table_id = f.foreign_table_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        JOIN SYS.SYSTAB rt ON rt.table_id = f.primary_table_id
        JOIN SYS.SYSUSER ru ON ru.user_id = rt.creator
        JOIN SYS.SYSIDXCOL x ON x.table_id = i.table_id AND x.index_id = i.index_id
        JOIN SYS.SYSTABCOL c ON c.table_id = x.table_id AND c.column_id = x.column_id
        JOIN SYS.SYSTABCOL rc ON rc.table_id = f.primary_table_id AND rc.column_id = x.primary_column_id
        LEFT OUTER JOIN SYS.SYSTRIGGER g ON g.foreign_table_id = f.foreign_table_id
            AND g.foreign_key_id = f.foreign_index_id AND g.event = 'D'
        WHERE u.user_name = :owner AND t.table_name = :name ORDER BY i.index_name, x.sequence
    """,
    checks="""
        SELECT k.constraint_name, h.check_defn FROM SYS.SYSCONSTRAINT k
        JOIN SYS.SYSCHECK h ON h.check_id = k.constraint_id
        JOIN SYS.SYSTAB t ON t.object_id = k.table_object_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        WHERE u.user_name = :owner AND t.table_name = :name ORDER BY k.constraint_name
    """,
    definition="""
        SELECT v.view_def FROM SYS.SYSVIEW v
        JOIN SYS.SYSTAB t ON t.object_id = v.view_object_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        WHERE u.user_name = :owner AND t.table_name = :name
    """,
    comment="""
        SELECT k.remarks FROM SYS.SYSREMARK k
        JOIN SYS.SYSTAB t ON t.object_id = k.object_id
        JOIN SYS.SYSUSER u ON u.user_id = t.creator
        WHERE u.user_name = :owner AND t.table_name = :name
    """,
)
"Question -> query, of SQL Anywhere."
