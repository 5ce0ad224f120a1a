"""
Drivers of Firebird.
"""
