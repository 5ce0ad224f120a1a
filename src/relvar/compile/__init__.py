"""
Statements to SQL text.

A compiler is one class put together from families of rules; each module holds one family, and the
class of a family derives from those it needs.  Where to find a rule:

=====================================  ====================================================================
all together                           `compiler`; what every compiler is: `base`; what it keeps: `state`
SELECT                                 `select`, its `columns`, its other `clauses`; UNION: `compound`;
                                       WITH: `cte`; FROM: `relation`; FROM that nothing joins: `linter`
values                                 `expression`, operators: `operation`, LIKE and its kin: `pattern`,
                                       functions: `function`, given as text: `textual`
INSERT, UPDATE, DELETE                 `dml`; batches of rows: `insertmany`; conflicts: `upsert`,
                                       `onconflict`
which column gets which value          `crud`: `assignment`, `crud_wishes`, `crud_values`,
                                       `crud_defaults`, `crud_plan`; `crud_rows`, `crud_select`,
                                       `crud_tables`, `copied`
parameters                             `bind`, their names: `bindname`, values: `bindvalue`, order:
                                       `position`; in the text itself: `literal`; later: `marks`, `expand`
names of tables, columns, labels       `names`
CREATE, DROP, ALTER, COMMENT           `ddl`
names of types                         `typesql`
=====================================  ====================================================================
"""
