"""
The drivers of Oracle Database: one module each.
"""
