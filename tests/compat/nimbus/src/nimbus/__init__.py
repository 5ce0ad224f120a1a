"""
A dialect as others write them for SQLAlchemy; it names nothing of relvar.
"""
