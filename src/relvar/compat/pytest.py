"""
A plugin of pytest: ``pytest -p relvar.compat.pytest`` runs tests of programs for SQLAlchemy on relvar.

It must be given on the command line or in ``addopts``: a ``conftest.py`` comes too late for plugins that
import SQLAlchemy.
"""

from relvar._version import __version__
from relvar.compat.finder import install_as_sqlalchemy
from relvar.compat.places import API_LEVEL

install_as_sqlalchemy()


def pytest_report_header() -> str:
    return f"sqlalchemy: relvar {__version__}, standing in for {API_LEVEL}"
