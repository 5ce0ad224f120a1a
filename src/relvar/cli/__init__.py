"""
The commands of ``relvar``: look at databases and mapped classes, move programs over.

``main`` is what the script calls; ``app`` knows the commands, each of which is a module that is imported
when it is asked for. They need ``relvar[cli]``, which nothing else in relvar does.
"""
