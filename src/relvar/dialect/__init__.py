"""
What a dialect is: capabilities, types, text, reflection, and how to talk to one kind of driver.
"""

from relvar.dialect import stringify as stringify
