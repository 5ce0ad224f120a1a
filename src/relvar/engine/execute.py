"""
Run a statement: key -> plan -> parameters -> cursor -> result.

A `Plan` (see `plan`) is looked up under the statement's key, built on a miss, and
then run with the values of the statement at hand.  Everything here works on a
`Connection` that is open; each function begins its transaction if none is
there, and wraps the driver's errors once, through `Connection._handle_error`.

What the layers above use (the ORM's loading and flushing); *conn* is a Connection::

    plan = plan_for(conn, key, build, binds=binds)
        Look up a plan under *key* (any hashable), or build it.  ``build()`` is called on a
        miss only and returns ``(core_statement, load)``; ``load`` is kept as ``plan.load``.
        *binds* are the bind parameters of the statement that *key* stands for, in key order
        (``statement_key(stmt)`` gives both).  Binds of the core statement that are among them
        take the value of the call; others are constants of the plan.
        Keyword options: ``column_keys=`` (names given per row, for INSERT/UPDATE),
        ``many=`` (compile for executemany), ``options=`` (execution options),
        ``key=None`` (do not cache).

    cursor = run(conn, plan, binds, params=None)
        Execute; returns the driver's cursor with rows waiting (or the facts of a DML).
        ``plan.layout_for(cursor)`` is the `Layout` (``.keys``, ``.processors``, ``.index_of(obj)``).
        The caller fetches and closes it; use ``fetch_all(conn, cursor)``, which wraps errors and closes.

    rows = run_rows(conn, plan, binds, params=None)
        `run` and `fetch_all` in one: raw driver tuples, not processed.

    result = run_result(conn, plan, binds, params=None)
        `run`, wrapped as a CursorResult.

    For one prepared DML plan and many parameter rows.  *rows* are tuples in the order of ``plan.names``
    (the names of ``column_keys`` and of bindparams as they stand in the text), values as the program
    has them: bind processors are applied here.  ``plan.names`` never holds a name twice.

    rowcount = run_many(conn, plan, rows)             executemany, no rows back; -1 if the driver does not know
    ids = run_each(conn, plan, rows)                  one execute per row: list of cursor.lastrowid
    counts = run_counted(conn, plan, rows)            one execute per row: list of cursor.rowcount
    raw_rows = run_returning(conn, plan, rows)        INSERT .. RETURNING for many rows (batched where the dialect
                                                      can): one raw row per parameter row, in the same order when
                                                      the statement says sort_by_parameter_order
"""
