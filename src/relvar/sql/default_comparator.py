"""
What operators make, under the address that older programs use.
"""
