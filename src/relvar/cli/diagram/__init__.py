"""
``relvar diagram``: the picture of a schema.

``graph`` says what is drawn, ``mermaid`` writes it as text, ``layout`` finds places, ``svg`` draws;
``command`` is the command.
"""
