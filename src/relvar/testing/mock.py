"""Give the names of ``unittest.mock``, under which clients ask for them."""

from unittest.mock import ANY, MagicMock, Mock, call, patch

__all__ = ["ANY", "MagicMock", "Mock", "call", "patch"]
