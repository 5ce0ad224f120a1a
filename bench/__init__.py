"""Measure relvar beside SQLAlchemy and the raw driver: ``python -m bench``."""
