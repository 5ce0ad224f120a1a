"""Random statements from the public API, and what relvar and SQLAlchemy make of each."""
