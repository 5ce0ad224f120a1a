"""Hold the version of relvar, read by the build."""

__version__ = "0.1.0"
