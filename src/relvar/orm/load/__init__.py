"""
Loading: rows to objects.

``plan`` says what to select and what to do with the rows (pure), ``context``
runs a statement in a session, ``lazy`` / ``refresh`` / ``identity`` load on
behalf of an attribute, an object, a key. The loop over rows is
``relvar._kernels.loader``.
"""
