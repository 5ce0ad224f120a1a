"""SQLAlchemy, which is used as relvar is."""

from bench.others.libraries import relvar


class Library(relvar.Library):
    """The rival."""

    package = "sqlalchemy"
