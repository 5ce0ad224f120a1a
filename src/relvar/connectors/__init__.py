"""
What drivers of several databases have in common.
"""
