"""Random mappings and sessions, run with relvar and with SQLAlchemy side by side."""
