"""
How time and memory grow with the work: ``python -m bench.growth``.
"""
