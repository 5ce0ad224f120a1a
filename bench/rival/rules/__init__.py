"""The rules, by theme; importing this package fills the grammar."""

from bench.rival.rules import (
    booleans,
    changes,
    froms,
    functions,
    operators,
    scalars,
    selects,
    statements,
    texts,
    windows,
)
