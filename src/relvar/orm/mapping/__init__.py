"""
How classes and tables belong together: mappers, their properties, relationships, aliases of mapped classes.

Nothing here does I/O.  Loading, flushing and sessions attach themselves through `hooks`.
"""
