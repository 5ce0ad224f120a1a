"""
The same work with the shapes next to it (``bench.shapes``): what is fast must not be a special case.
"""

from bench.workloads.siblings import process, reading, statements, writing

TOPICS = (reading, writing, statements, process)
