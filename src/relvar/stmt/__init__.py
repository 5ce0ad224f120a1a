"""
Statements: SELECT and combinations, INSERT, UPDATE, DELETE, text with columns.
"""
