"""
Walking and copying elements.
"""

from relvar.expr.internals import InternalTraversal as InternalTraversal
from relvar.expr.traverse import ClauseVisitor as ClauseVisitor
from relvar.expr.traverse import CloningExternalTraversal as CloningExternalTraversal
from relvar.expr.traverse import CloningVisitor as CloningVisitor
from relvar.expr.traverse import ExternalTraversal as ExternalTraversal
from relvar.expr.traverse import ReplacingCloningVisitor as ReplacingCloningVisitor
from relvar.expr.traverse import ReplacingExternalTraversal as ReplacingExternalTraversal
from relvar.expr.traverse import cloned_traverse as cloned_traverse
from relvar.expr.traverse import iterate as iterate
from relvar.expr.traverse import replacement_traverse as replacement_traverse
from relvar.expr.traverse import traverse as traverse
from relvar.expr.traverse import traverse_using as traverse_using
from relvar.types.visitable import Visitable as Visitable
