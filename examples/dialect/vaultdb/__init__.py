"""A dialect for vault files."""

__version__ = "1.0"
