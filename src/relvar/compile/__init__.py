"""
Statements to SQL text.

`compiler` has the classes; every other module holds one family of rules.
"""
