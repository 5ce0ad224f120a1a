"""
``relvar check``: what is likely wrong in mapped classes.

``finding`` is what is found, and the list of codes; ``tables``, ``relations`` and ``loads`` read mappers and
programs; ``drift``, ``constraints`` and ``indexes`` compare with a database, and ``texts`` knows what that
writes otherwise; ``places`` finds lines; ``command`` is the command.
"""
