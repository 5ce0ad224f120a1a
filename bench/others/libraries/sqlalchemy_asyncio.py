"""SQLAlchemy's face for asyncio, which is used as relvar's is."""

from bench.others.libraries import relvar_asyncio


class Library(relvar_asyncio.Library):
    """The rival."""

    package = "sqlalchemy"
