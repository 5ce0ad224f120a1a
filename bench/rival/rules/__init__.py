"""The rules, by theme; importing this package fills the grammar."""

from bench.rival.rules import booleans, changes, froms, functions, scalars, selects, statements, texts
