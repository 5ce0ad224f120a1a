"""
Write the changes of a session's objects to the database, as one unit.

`work.flush` goes through four stages: `unit` collects states and lets the rules of
`dependency` add to them, `order` makes steps, `emit` runs each step's batches from
`changes`, and at the end `work` tells the session what its objects are now.
"""
