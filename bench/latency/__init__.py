"""
What a distant database costs: the round trips of a flush, counted by a proxy that delays them.
"""
