"""relvar: a SQL toolkit and object-relational mapper."""

from relvar._kernels import is_compiled
from relvar._version import __version__
