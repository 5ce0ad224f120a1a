"""
Things with columns: tables, joins, aliases, subqueries, CTEs, VALUES.

Importing the package imports all that other modules rely on: see `relvar.expr`.
"""

from relvar.relation import adapt as adapt
from relvar.relation import alias as alias
from relvar.relation import cte as cte
from relvar.relation import join as join
from relvar.relation import subquery as subquery
from relvar.relation import tableclause as tableclause
