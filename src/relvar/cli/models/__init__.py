"""
``relvar models``: classes written for the tables of a database.

``names`` makes Python names, ``keys`` knows what foreign keys are called after, ``plan`` decides classes,
attributes and relationships, ``text`` lays out calls, ``types`` writes types, ``items`` columns and
constraints, ``views`` reads views, ``mariadb`` its JSON, ``render`` writes the module.
"""
