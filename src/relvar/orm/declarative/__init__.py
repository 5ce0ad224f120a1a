"""
Declare mapped classes: the class body says table, columns and relationships.
"""
