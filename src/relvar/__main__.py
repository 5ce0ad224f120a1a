"""Run the commands: ``python -m relvar``."""

from relvar.cli.main import main

if __name__ == "__main__":
    main()
