"""
Things with columns: tables, joins, aliases, subqueries, CTEs, VALUES.
"""
