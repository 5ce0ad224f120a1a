"""
Values inside a statement: columns, operators, binds, functions, cases, windows.
"""
