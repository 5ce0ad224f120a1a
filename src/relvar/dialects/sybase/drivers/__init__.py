"""
The drivers of SAP ASE and SQL Anywhere; each module has the dialect for one as ``dialect`` or
``sqlany_dialect``.
"""
