"""
Values inside a statement: columns, operators, binds, functions, cases, windows.

Importing the package imports what other modules rely on, so that every class `make` tells of is
registered, and the types have their comparators.
"""

from relvar.expr import bind as bind
from relvar.expr import case as case
from relvar.expr import cast as cast
from relvar.expr import column as column
from relvar.expr import comparator as comparator
from relvar.expr import functions as functions
from relvar.expr import label as label
from relvar.expr import sqlcore as sqlcore
from relvar.expr import text as text
from relvar.expr import traverse as traverse
from relvar.expr import tuple as tuple
from relvar.expr import window as window
