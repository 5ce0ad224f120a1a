"""
``relvar models``: classes written for the tables of a database.

``names`` makes Python names.
"""
