"""One module for each library, with a class ``Library`` that derives from ``Contender``."""
