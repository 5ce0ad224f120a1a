"""
relvar in the place of SQLAlchemy: ``import sqlalchemy`` gives relvar's objects.

For programs that one cannot, or does not want to, edit.  `install_as_sqlalchemy` does it from within a
program; ``python -m relvar.run_as_sqlalchemy`` runs one so, ``pytest -p relvar.compat.pytest`` its tests, and
``python -m relvar.compat.pth`` sets up an environment in which a variable decides.  See docs/standing-in.md.
"""

from relvar.compat.finder import install_as_sqlalchemy as install_as_sqlalchemy
from relvar.compat.finder import is_installed as is_installed
from relvar.compat.places import API_LEVEL as API_LEVEL
