"""
``relvar migrate-imports``: programs for SQLAlchemy import relvar instead.

``source`` changes text at places and keeps every other byte; ``bindings`` finds what names mean; ``known``
tells what relvar has; ``rewrite`` decides what becomes of a file; ``command`` is the command.
"""
