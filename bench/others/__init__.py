"""
relvar beside other object-relational mappers: ``python -m bench.others``.

Each library works on tables of the same shape, used the way its own pages recommend, on SQLite and
PostgreSQL; the rows that it read or wrote must equal everybody's.
"""
