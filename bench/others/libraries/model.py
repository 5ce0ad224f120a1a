"""
The classes of authors and books for relvar and SQLAlchemy, which are used alike.
"""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any


def make(package: str) -> Any:
    """Return a namespace of a package's modules and the mapped classes."""
    sa, orm = importlib.import_module(package), importlib.import_module(f"{package}.orm")
    base = orm.declarative_base()
    author = {
        "__tablename__": "author",
        "id": sa.Column(sa.Integer, primary_key=True),
        "name": sa.Column(sa.String(50), nullable=False),
        "books": orm.relationship("Book", back_populates="author", order_by="Book.id"),
    }
    book = {
        "__tablename__": "book",
        "id": sa.Column(sa.Integer, primary_key=True),
        "author_id": sa.Column(sa.ForeignKey("author.id"), nullable=False),
        "title": sa.Column(sa.String(100), nullable=False),
        "isbn": sa.Column(sa.String(20), nullable=False),
        "pages": sa.Column(sa.Integer, nullable=False),
        "year": sa.Column(sa.Integer, nullable=False),
        "in_print": sa.Column(sa.Boolean, nullable=False),
        "added": sa.Column(sa.DateTime, nullable=False),
        "author": orm.relationship("Author", back_populates="books"),
    }
    return SimpleNamespace(
        sa=sa, orm=orm, Author=type("Author", (base,), author), Book=type("Book", (base,), book)
    )
