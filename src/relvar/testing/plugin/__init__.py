"""The part of the tests that runs them: for pytest."""
