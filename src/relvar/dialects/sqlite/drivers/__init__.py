"""
The drivers of this database; each module has the dialect for one as ``dialect``.
"""
